"""The rules of claims: pure functions over values, without database, clock or files."""
