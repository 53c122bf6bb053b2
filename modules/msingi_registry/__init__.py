"""The registry: persons, households and identity, places, facilities and practitioners, one of each for all modules."""
