"""What can be asked for: scenes, runs, hyperparameters and their names; no computing."""
