"""Training a classifier: the loop, what is recorded of it, checks before it and readings of its curves."""
