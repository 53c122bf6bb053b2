"""Tables of persons: person."""
