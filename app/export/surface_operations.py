"""f and its gradient as a list of operations, for a page that has no Python.

The formulas are run once on symbols. A program that does nothing but these operations computes f and its gradient at
any point; the last bits are those of its own functions.
"""

from typing import Any

import numpy as np

from optimizers.compiler.symbolic_values import Tape
from surfaces.base import Surface

LANES = 1


def write_operations(surface: Surface) -> dict[str, Any] | None:
    """{operations, constants, results}, or None where the formulas need more than that, as sums over data do.

    Each operation is its name with the indices of earlier ones, of a constant or of x and y; the results are the
    indices of f, ∂f/∂x and ∂f/∂y.
    """
    tape = Tape(LANES, is_single=True, is_exact=False)
    place = tape.new_inputs((2,))
    try:
        loss = tape.indices_of(surface.value(place))  # type: ignore[arg-type]  # symbols take the place of numbers
        gradient = tape.indices_of(surface.grad(place))  # type: ignore[arg-type]
    except Exception:  # formulas may raise anything when given symbols
        return None
    results = [int(loss), *map(int, np.ravel(gradient))]
    if len(results) != 3 or not all(isinstance(constant, float) for constant in tape.constants):
        return None
    constants = [constant if np.isfinite(constant) else str(constant) for constant in tape.constants]
    return {
        "operations": [list(operation) for operation in tape.operations],
        "constants": constants,
        "results": results,
    }
