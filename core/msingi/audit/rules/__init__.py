"""Pure rules of the trail: what is kept of a value, how lines are hashed, chained and checked."""
