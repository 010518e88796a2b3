"""Thousands of runs: their lanes in tiles that stay in cache, on all cores, told as they are finished."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer
from optimizers.simulate import iterates
from surfaces.base import Array, Problem

TILE = 8192  # lanes; below that threads wait for the lock of the interpreter, above it arrays leave a core's cache
AHEAD = 2  # tiles for each hand that are under way or wait to be read: what bounds the memory


T = TypeVar("T")


class Ends(NamedTuple):
    """What became of each lane; `steps + 1` stands for never."""

    x: Array  # (d, n): its last finite point
    loss: Array  # (n,): the loss there
    best: Array  # (n,): the least loss of all its iterates
    reached: Array  # (n,): the step after which its loss was at most the goal for the first time
    died: Array  # (n,): the step in which it left the finite world


class Part(NamedTuple):
    """A tile that is finished."""

    lanes: slice
    ends: Ends


def ends(optimizer: Optimizer, problem: Problem, x0: ArrayLike, steps: int, goal: float | Array = -np.inf) -> Ends:
    """Run `steps` steps from `x0` (d, n), and keep what `Ends` says of it; `goal` is a loss, or one for each lane."""
    x0 = np.array(x0, dtype=np.float64)
    best = np.full(x0.shape[1:], np.inf)
    reached = np.full(x0.shape[1:], steps + 1)
    died = np.full(x0.shape[1:], steps + 1)
    with np.errstate(all="ignore"):
        for x, t, alive, _ in iterates(optimizer, problem, x0, steps):
            loss = problem.value(x)
            best = np.fmin(best, loss)
            reached = np.where((loss <= goal) & (t < reached), t, reached)
            died = np.where(~alive & (t < died), t, died)
    return Ends(x, loss, best, reached, died)


def sweep(
    make: Callable[..., Optimizer],
    problem: Problem,
    x0: ArrayLike,
    steps: int,
    *,
    hyper: Mapping[str, Any] | None = None,
    goal: float = -np.inf,
    tile: int = TILE,
    hands: int | None = None,
    executor: Executor | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Part]:
    """Run `make(**hyper)` from each of the starts `x0` (d, n), or from one (d,) with the `hyper` of n lanes.

    A hyperparameter is a number, or an array (n,) with one for each lane. A tile is told as soon as it is finished, in
    any order: lanes never mix, so that it holds the same bits however large the tiles are and whoever computes them.

    `hands` tiles are computed at a time, by default as many as there are cores: NumPy lets other threads work while it
    computes. An `executor` does it instead of threads of our own: anything with `submit` as in `concurrent.futures`,
    such as the `client.get_executor()` of a Dask cluster. `stop` is asked whenever a tile is finished; once it is true,
    or the iterator is closed, no other is begun. At most `AHEAD` tiles for each hand are under way or unread.

    Raises `ValueError` where starts and hyperparameters are not of as many lanes.
    """
    starts, given = of_as_many_lanes(np.array(x0, dtype=np.float64), hyper or {})
    cuts = [slice(begun, begun + tile) for begun in range(0, starts.shape[1], tile)]
    jobs = ((cut, partial(one, make, taken(given, cut), problem, starts[:, cut], steps, goal)) for cut in cuts)
    hands = hands or os.cpu_count() or 1
    with ThreadPoolExecutor(hands) if executor is None else nullcontext(executor) as pool:
        for part in told(pool, jobs, AHEAD * hands, stop):
            yield Part(*part)


def told(
    pool: Executor, jobs: Iterator[tuple[slice, Callable[[], T]]], most: int, stop: Callable[[], bool]
) -> Iterator[tuple[slice, T]]:
    """What each job found, with its lanes, as it is finished, with at most so many begun."""
    under_way: dict[Future[T], slice] = {}
    try:
        while True:
            for cut, job in islice(jobs, most - len(under_way)):
                under_way[pool.submit(job)] = cut
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future.result()
                if stop():
                    return
    finally:
        for future in under_way:
            future.cancel()


def one(
    make: Callable[..., Optimizer], hyper: dict[str, Any], problem: Problem, x0: Array, steps: int, goal: float
) -> Ends:
    return ends(make(**hyper), problem, x0, steps, goal)


def of_as_many_lanes(starts: Array, hyper: Mapping[str, Any]) -> tuple[Array, dict[str, Any]]:
    """The starts (d, n), and the hyperparameters, each a number or an array (n,)."""
    given = {name: np.asarray(value) if np.ndim(value) else value for name, value in hyper.items()}
    sizes = {value.shape for value in given.values() if np.ndim(value)} | (
        {starts.shape[1:]} if starts.ndim > 1 else set()
    )
    if len(sizes) > 1 or any(len(size) != 1 for size in sizes):
        raise ValueError(f"starts and hyperparameters are of {sorted(sizes)} lanes")
    (count,) = sizes.pop() if sizes else (1,)
    return np.broadcast_to(starts.reshape(len(starts), -1), (len(starts), count)), given


def taken(hyper: dict[str, Any], cut: slice) -> dict[str, Any]:
    return {name: value[cut] if np.ndim(value) else value for name, value in hyper.items()}


def gathered(parts: Iterator[Part], lanes: int) -> Ends:
    """The parts of a sweep of so many lanes as one; raises `ValueError` if it was stopped before its end."""
    found = sorted(parts, key=lambda part: part.lanes.start)
    if sum(part.ends.loss.size for part in found) != lanes:
        raise ValueError("the sweep was stopped before its end")
    return Ends(*(np.concatenate(columns, axis=-1) for columns in zip(*(part.ends for part in found), strict=True)))
