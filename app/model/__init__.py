"""Scenes, runs, hyperparameters and their names: everything that can be requested; nothing is computed here."""
