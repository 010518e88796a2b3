"""What each learning rate makes of each run."""
