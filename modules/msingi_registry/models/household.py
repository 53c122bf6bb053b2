"""Tables of persons: household."""
