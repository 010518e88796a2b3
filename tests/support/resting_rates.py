"""When each optimizer comes to rest on Himmelblau's function."""

from tests.optimizers.methods.optimizer_cases import CASES

# Rates at which a run from Himmelblau's own start comes to rest: memories that are sums of the past, each part of it
# fading by the same share, come to rest too, 350 steps after the last move where the share is 0.9.
RESTING = {word: case.lr for word, case in CASES.items() if case.rests and case.lr}
FITTED = [word for word, case in CASES.items() if case.rests and not case.lr]
RESTLESS = {word for word, case in CASES.items() if case.restless}  # they move even at the minimum itself
