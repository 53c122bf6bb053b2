"""Verbs of claims: enter, submit, review, process; one path for one claim and for many."""
