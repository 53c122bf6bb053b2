"""Tables of persons: identifier."""
