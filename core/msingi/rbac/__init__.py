"""Roles, grants and the jurisdiction tree: who may do what, where."""
