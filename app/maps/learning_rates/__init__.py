"""The map of the outcomes of each run over its learning rate."""
