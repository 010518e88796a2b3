"""A training log from elsewhere, drawn and read like the trainings of the laboratory."""
