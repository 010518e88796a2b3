"""Which minimum each start of a window leads to."""
