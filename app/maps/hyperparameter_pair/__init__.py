"""What two hyperparameters make of a run."""
