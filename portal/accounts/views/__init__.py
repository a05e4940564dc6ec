"""Pages of the people's floor, by noun."""
