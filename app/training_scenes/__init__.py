"""Trainings without their page: what is asked of one, its names and link, and the landscape around its weights."""
