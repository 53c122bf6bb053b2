"""What insurance shows and does over GraphQL."""
