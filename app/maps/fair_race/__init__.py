"""The map that tunes all runs with the same budget and ranks them from a hundred starts."""
