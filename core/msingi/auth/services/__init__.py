"""Verbs of the auth plugin."""
