"""The optimizers: one family a file."""
