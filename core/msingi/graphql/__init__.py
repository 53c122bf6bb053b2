"""The GraphQL door: limits, request bodies, scalars and execution."""
