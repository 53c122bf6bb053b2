"""What the registry does: services that take a unit of work."""
