"""GraphQL operations on cards."""
