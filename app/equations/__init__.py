"""The rule of a run with its numbers: each line of the optimizer's step as an equation, and what it gave."""
