"""Select some lanes of a batch: from a state, and from the optimizer that makes it.

A lane is an element of the batch: one run among many that are computed together, along the last axes of every array.
"""

from collections.abc import Iterator
from types import BuiltinFunctionType, CellType, CodeType, FunctionType
from typing import Any

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array

LANE_INDEPENDENT_TYPES = (bool, int, float, str, np.generic, type, BuiltinFunctionType, type(None))


class InseparableLanes(ValueError):
    """A state or an optimizer holds what is neither equal in all lanes nor an array whose last axes are the lanes."""


def select_broadcast_lanes(array: Array, lanes: tuple[int, ...], mask: Mask) -> Array:
    """`array` (..., *lanes), or what broadcasts to that, in the lanes `mask`: (..., n)."""
    head = array.shape[: max(0, array.ndim - len(lanes))]
    try:
        return np.asarray(np.broadcast_to(array, head + lanes)[..., mask])
    except ValueError:
        raise InseparableLanes(f"an array of shape {array.shape} has no lanes {lanes}") from None


def select_lanes(state: State, lanes: tuple[int, ...], mask: Mask) -> State:
    """The state of the lanes `mask`. Raises `InseparableLanes` where an array does not end in `lanes`."""
    if isinstance(state, np.ndarray):
        if state.shape[state.ndim - len(lanes) :] != lanes:
            raise InseparableLanes(f"an array of shape {state.shape} does not end in {lanes}")
        return state[..., mask]
    return map_parts(lambda part: select_lanes(part, lanes, mask), state)


def scatter_lanes(state: State, mask: Mask, values: State) -> State:
    """The state `state` with `values` in the lanes `mask`."""
    if isinstance(state, np.ndarray):
        state = state.copy()
        state[..., mask] = values
        return state
    if isinstance(state, tuple):
        return rebuild_tuple(state, [scatter_lanes(old, mask, new) for old, new in zip(state, values, strict=True)])
    if isinstance(state, dict):
        return {key: scatter_lanes(old, mask, values[key]) for key, old in state.items()}
    return values


def restrict_to_lanes(optimizer: Optimizer, lanes: tuple[int, ...], mask: Mask) -> Optimizer:
    """The same optimizer, for the lanes `mask` of `lanes` only.

    Hyperparameters are in the closures and defaults of its functions. Where one has a number for each lane it is an
    array, and the function is made again with the numbers of those lanes. (Makers could be called again instead, but
    schedules with a number for each lane are closures as well, so that this walk would still be needed.) Raises
    `InseparableLanes` where an object could hide such numbers, where a function reads an array of its module, and where
    one contains itself.
    """
    return Optimizer(*(_restrict(function, lanes, mask) for function in optimizer))


def _restrict(value: Any, lanes: tuple[int, ...], mask: Mask, enclosing: frozenset[int] = frozenset()) -> Any:
    """`enclosing` has the identities of the functions, tuples and dicts that contain `value`."""
    if isinstance(value, LANE_INDEPENDENT_TYPES):
        return value
    if isinstance(value, np.ndarray):
        return select_broadcast_lanes(value, lanes, mask)
    if not isinstance(value, (FunctionType, tuple, dict)):
        raise InseparableLanes(f"a {type(value).__name__} may hide numbers for each lane")
    if id(value) in enclosing:
        raise InseparableLanes(f"a {type(value).__name__} holds itself")
    enclosing |= {id(value)}
    if not isinstance(value, FunctionType):
        return map_parts(lambda part: _restrict(part, lanes, mask, enclosing), value)
    if any(has_array(value.__globals__.get(name)) for name in global_names(value.__code__)):
        raise InseparableLanes(f"{value.__name__} uses an array of its module")
    before = closure_values(value), value.__defaults__, value.__kwdefaults__
    after = _restrict(before, lanes, mask, enclosing)
    if after is before:
        return value
    values, defaults, by_name = after
    made = FunctionType(value.__code__, value.__globals__, value.__name__, defaults, tuple(map(CellType, values)))
    made.__kwdefaults__ = by_name
    return made


def global_names(code: CodeType) -> Iterator[str]:
    """The global names that a function uses, also in functions that it defines."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from global_names(inner)


def has_array(value: Any) -> bool:
    """Is it an array, or a tuple that contains one?"""
    return isinstance(value, np.ndarray) or (isinstance(value, tuple) and any(map(has_array, value)))


def closure_values(function: FunctionType) -> tuple[Any, ...]:
    """The values in the closure of a function."""
    try:
        return tuple(cell.cell_contents for cell in function.__closure__ or ())
    except ValueError:
        raise InseparableLanes(f"{function.__name__} uses a name that has no value yet") from None


def map_parts(function: Any, parts: Any) -> Any:
    """A tuple or dict with `function` applied to each part; the same object if no part changes, or for another type."""
    if isinstance(parts, dict):
        changed = {key: function(part) for key, part in parts.items()}
        return parts if all(changed[key] is part for key, part in parts.items()) else changed
    if isinstance(parts, tuple):
        news = [function(part) for part in parts]
        return parts if all(new is old for new, old in zip(news, parts, strict=True)) else rebuild_tuple(parts, news)
    return parts


def rebuild_tuple(old: tuple[Any, ...], parts: list[Any]) -> tuple[Any, ...]:
    return type(old)(*parts) if hasattr(old, "_fields") else tuple(parts)


def is_unchanged(a: State, b: State, lanes: tuple[int, ...] = ()) -> Mask:
    """The lanes in which two states are the same to the last bit; NaN equals NaN."""
    if a is b:
        return np.full(lanes, True)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape:
        equal = (a == b) | (a != a) & (b != b)  # noqa: PLR0124 -- NaN, of any dtype
        each = equal.shape[equal.ndim - len(lanes) :] == lanes
        return np.asarray(equal.reshape(-1, *lanes).all(axis=0)) if each else np.full(lanes, equal.all())
    if type(a) is not type(b) or isinstance(a, np.ndarray):
        return np.full(lanes, False)
    if isinstance(a, dict):
        return is_unchanged((*a, *a.values()), (*b, *b.values()), lanes)
    if not isinstance(a, tuple):
        return np.full(lanes, bool(a == b))
    still = np.full(lanes, len(a) == len(b))
    for part, other in zip(a, b, strict=False):
        if still.any():
            still = still & is_unchanged(part, other, lanes)
    return still
