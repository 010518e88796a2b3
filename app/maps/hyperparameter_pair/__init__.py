"""The map of a run's outcomes over two of its hyperparameters."""
