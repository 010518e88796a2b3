"""The equations of a run: each line of the optimizer's step in LaTeX, with its values at every step."""
