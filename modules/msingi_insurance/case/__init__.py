"""Quote cases: files in which a product, a family and the expected quote stand, for people and for other programs."""
