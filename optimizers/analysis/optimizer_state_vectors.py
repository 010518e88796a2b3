"""Vectors of an optimizer's state at each iterate, to be drawn there: velocity, look-ahead, model, trust radius."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from optimizers.base import State, iterate_nested_states
from optimizers.methods.momentum import MomentumState, SubtractedMomentumState
from optimizers.simulate import Trajectory
from surfaces.base import Array, Problem


def momentum_columns(states: Sequence[State], mu: Array | None) -> dict[str, Array]:
    """The direction of the momentum: the velocity v, or −v where it is subtracted; −m of a mean gradient m.

    With a velocity, `ahead` is μv, with a μ for each iterate: that of the step from there, where x + μv is the point at
    which Nesterov's look-ahead form takes the gradient. Empty for a method without momentum.
    """
    first = find_momentum_state(states[0])
    if first is None:
        return {}
    name = "v" if isinstance(first, MomentumState | SubtractedMomentumState) else "m"
    sign = 1.0 if isinstance(first, MomentumState) else -1.0
    pull = sign * np.array([getattr(find_momentum_state(state), name) for state in states]).T
    found = {"pull_x": pull[0], "pull_y": pull[1]}
    if name == "v" and mu is not None:
        found |= {"ahead_x": mu * pull[0], "ahead_y": mu * pull[1]}
    return found


def hessian_columns(path: Trajectory, problem: Problem) -> dict[str, Array]:
    """The Hessian at each iterate; with the gradient it makes Newton's quadratic model there."""
    H = np.broadcast_to(np.asarray(problem.hess(path.x), dtype=np.float64), (2, 2, path.x.shape[1]))
    return {"hess_xx": H[0, 0], "hess_xy": H[0, 1], "hess_yy": H[1, 1]}


def radius_columns(states: Sequence[State]) -> dict[str, Array]:
    """The trust radius at each iterate; empty for a method without one."""
    parts = (part for state in states for part in iterate_nested_states(state))
    radii = [part.radius for part in parts if hasattr(part, "radius")]
    return {"radius": np.array(radii, dtype=np.float64)} if radii else {}


def find_momentum_state(state: State) -> Any:
    """The state with a velocity or a mean gradient, here or in an optimizer wrapped in it."""
    kinds = MomentumState | SubtractedMomentumState
    parts = iterate_nested_states(state)
    return next((part for part in parts if isinstance(part, kinds) or hasattr(part, "m")), None)
