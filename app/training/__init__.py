"""Training: watch a network learn, know why it does not, and mend it with one click."""
