"""Gradient checks without their page: what is asked of one, its problem, its link, its scan over the step sizes."""
