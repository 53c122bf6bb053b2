"""What can be done with the catalogue: look up, write, import, export."""
