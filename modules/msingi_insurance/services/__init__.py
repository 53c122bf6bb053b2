"""The verbs of insurance."""
