"""Which optimizers come to rest on Himmelblau's function, and at which learning rates."""

from tests.optimizers.methods.optimizer_cases import CASES

# Rates at which a run from Himmelblau's own start comes to rest. Exponential averages in the state come to rest too,
# 350 steps after the last move if the decay rate is 0.9.
RESTING = {word: case.lr for word, case in CASES.items() if case.rests and case.lr}
FITTED = [word for word, case in CASES.items() if case.rests and not case.lr]
RESTLESS = {word for word, case in CASES.items() if case.restless}  # they move even at the minimum itself
