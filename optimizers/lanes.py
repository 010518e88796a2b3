"""Some lanes of a batch: of what is remembered there, and of the optimizer that moves them."""

from types import BuiltinFunctionType, CellType, FunctionType
from typing import Any

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.products import Mask
from surfaces.base import Array

PLAIN = (bool, int, float, str, np.generic, type, BuiltinFunctionType, type(None))  # the same for all lanes


class Inseparable(ValueError):
    """It holds something that is neither the same for all lanes nor an array with them as its last axes."""


def of_lanes(array: Array, lanes: tuple[int, ...], who: Mask) -> Array:
    """`array` (..., *lanes), or what broadcasts to that, in the lanes `who`: (..., n)."""
    head = array.shape[: max(0, array.ndim - len(lanes))]
    try:
        return np.asarray(np.broadcast_to(array, head + lanes)[..., who])
    except ValueError:
        raise Inseparable(f"an array of shape {array.shape} has no lanes {lanes}") from None


def taken(memory: State, lanes: tuple[int, ...], who: Mask) -> State:
    """A memory with the lanes `who` only. Raises `Inseparable` where an array does not end in `lanes`."""
    if isinstance(memory, np.ndarray):
        if memory.shape[memory.ndim - len(lanes) :] != lanes:
            raise Inseparable(f"an array of shape {memory.shape} does not end in {lanes}")
        return memory[..., who]
    return mapped(lambda part: taken(part, lanes, who), memory)


def put(memory: State, who: Mask, news: State) -> State:
    """A memory with `news` in the lanes `who`, and as it was in the others."""
    if isinstance(memory, np.ndarray):
        memory = memory.copy()
        memory[..., who] = news
        return memory
    if isinstance(memory, tuple):
        return made_like(memory, [put(old, who, new) for old, new in zip(memory, news, strict=True)])
    if isinstance(memory, dict):
        return {key: put(old, who, news[key]) for key, old in memory.items()}
    return news


def restricted(optimizer: Optimizer, lanes: tuple[int, ...], who: Mask) -> Optimizer:
    """The same optimizer, for the lanes `who` of `lanes` only.

    Hyperparameters stand in the closures of its functions. One that has a number for each lane is an array there, and
    the function is made again around the numbers of those lanes. Raises `Inseparable` where a closure holds an object
    that could hide such numbers.
    """
    return Optimizer(*(_restricted(function, lanes, who) for function in optimizer))


def _restricted(held: Any, lanes: tuple[int, ...], who: Mask, around: tuple[FunctionType, ...] = ()) -> Any:
    """`around` are the functions in whose closures or defaults this was found."""
    if isinstance(held, PLAIN):
        return held
    if isinstance(held, np.ndarray):
        return of_lanes(held, lanes, who)
    if isinstance(held, (tuple, dict)):
        return mapped(lambda part: _restricted(part, lanes, who, around), held)
    if not isinstance(held, FunctionType):
        raise Inseparable(f"a {type(held).__name__} may hide numbers for each lane")
    if held in around:
        raise Inseparable(f"{held.__name__} holds itself")
    if any(isinstance(held.__globals__.get(name), np.ndarray) for name in held.__code__.co_names):
        raise Inseparable(f"{held.__name__} uses an array of its module")
    cells = tuple(cell.cell_contents for cell in held.__closure__ or ())
    before = cells, held.__defaults__, held.__kwdefaults__
    after = _restricted(before, lanes, who, (*around, held))
    if after is before:
        return held
    values, defaults, by_name = after
    made = FunctionType(held.__code__, held.__globals__, held.__name__, defaults, tuple(map(CellType, values)))
    made.__kwdefaults__ = by_name
    return made


def mapped(change: Any, parts: Any) -> Any:
    """A tuple or a dict with `change` applied to each part, itself where nothing became of it; or anything else."""
    if isinstance(parts, dict):
        changed = {key: change(part) for key, part in parts.items()}
        return parts if all(changed[key] is part for key, part in parts.items()) else changed
    if isinstance(parts, tuple):
        news = [change(part) for part in parts]
        return parts if all(new is old for new, old in zip(news, parts, strict=True)) else made_like(parts, news)
    return parts


def made_like(old: tuple[Any, ...], parts: list[Any]) -> tuple[Any, ...]:
    return type(old)(*parts) if hasattr(old, "_fields") else tuple(parts)


def unchanged(a: State, b: State, lanes: tuple[int, ...] = ()) -> Mask:
    """In which lanes two memories are bitwise the same: arrays, numbers, tuples and dicts of them; NaN equals NaN."""
    if a is b:
        return np.full(lanes, True)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape:
        equal = (a == b) | (a != a) & (b != b)  # noqa: PLR0124 -- NaN, of any dtype
        each = equal.shape[equal.ndim - len(lanes) :] == lanes
        return np.asarray(equal.reshape(-1, *lanes).all(axis=0)) if each else np.full(lanes, equal.all())
    if type(a) is not type(b) or isinstance(a, np.ndarray):
        return np.full(lanes, False)
    if isinstance(a, dict):
        return unchanged((*a, *a.values()), (*b, *b.values()), lanes)
    if not isinstance(a, tuple):
        return np.full(lanes, bool(a == b))
    still = np.full(lanes, len(a) == len(b))
    for part, other in zip(a, b, strict=False):
        if still.any():
            still = still & unchanged(part, other, lanes)
    return still
