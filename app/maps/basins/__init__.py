"""The map of basins of attraction: the minimum that each start of a window leads to."""
