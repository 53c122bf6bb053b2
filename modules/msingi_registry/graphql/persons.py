"""GraphQL operations on persons."""
