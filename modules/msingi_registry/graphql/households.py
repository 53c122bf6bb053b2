"""GraphQL operations on households."""
