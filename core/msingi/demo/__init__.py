"""The demonstration: a country in a minute, and a story told through its real API."""
