"""Thousands of runs: their lanes in tiles that stay in cache, on all cores, yielded as they are finished."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from optimizers.base import Optimizer
from optimizers.batch_run_outcomes import RunOutcomes, empty_stats, finalize_stats, update_stats
from optimizers.compiler.compiled_batch import MIN_LANE_STEPS, Plan, make_plan, run_plan
from optimizers.compiler.llvm_codegen import BLOCK_LANES
from optimizers.simulate import iterates
from surfaces.base import Array, Problem

TILE_LANES = 8192  # with fewer, threads wait for the lock of the interpreter; with more, arrays leave a core's cache
COMPILED_TILE_LANES = 2048  # lanes of machine code, which needs no lock: few, so that all cores have work until the end
MAX_TILE_OPERATIONS = 200_000_000  # of machine code: some hundredths of a second, for nothing can interrupt it
CORES = os.cpu_count() or 1
ANY_LANE_COUNT = 509  # where the number of lanes makes no difference: no other array is likely to be as long
TILES_PER_WORKER = 2  # tiles that are under way or wait to be read: this bounds the memory


P = TypeVar("P")
T = TypeVar("T")


class TileResult(NamedTuple):
    """A tile that is finished."""

    lanes: slice
    outcomes: RunOutcomes


def run_batch(
    optimizer: Optimizer,
    problem: Problem,
    x0: ArrayLike,
    steps: int,
    goal: float | Array = np.nan,
    plan: Plan | None = None,
    record: Callable[[int, Array, Array], object] | None = None,
) -> RunOutcomes:
    """Run `steps` steps from `x0` (d, n).

    `goal` is a loss, or one for each lane; NaN is never reached.

    With a `plan` for them (see `make_plan`) the same is found, to the last bit, by machine code. Without one
    `record(t, x, loss)` is called after each step t.
    """
    start = np.array(x0, dtype=np.float64)
    stats = empty_stats(start.shape[1])
    with np.errstate(all="ignore"):
        if plan:
            stats = update_stats(stats, problem.value(start), np.asarray(np.isfinite(start).all(axis=0)), 0, goal)
            x, alive, stats = run_plan(plan, optimizer.init(start), start, goal, stats)
        else:
            for x, t, alive, _ in iterates(optimizer, problem, start, steps):
                loss = problem.value(x)
                stats = update_stats(stats, loss, alive, t, goal)
                if record:
                    record(t, x, loss)
            if record:
                for later in range(t + 1, steps + 1):  # nothing changes any more
                    record(later, x, loss)
        return finalize_stats(x, problem.value(x), alive, stats, goal)


def record_losses(losses: Array) -> Callable[[int, Array, Array], None]:
    """A `record` for `run_batch` that keeps the loss of every step in `losses` (steps + 1, n)."""

    def record(t: int, _: Array, loss: Array) -> None:
        losses[t] = loss

    return record


def run_tiles(
    make: Callable[..., Optimizer],
    problem: Problem,
    x0: ArrayLike,
    steps: int,
    *,
    hyper: Mapping[str, Any] | None = None,
    goal: float = np.nan,
    tile_lanes: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[TileResult]:
    """Run `make(**hyper)` from each of the starts `x0` (d, n), or from one (d,) with the `hyper` of n lanes.

    A hyperparameter is a number, or an array (n,) with one for each lane. A tile is yielded as soon as it is
    finished, in any order. Lanes never mix, so that the bits are the same for any size of the tiles and any executor.

    `workers` tiles are computed at a time, by default as many as there are cores: NumPy lets other threads work while
    it computes. An `executor` does it instead of threads of our own: anything with `submit` as in `concurrent.futures`,
    such as a `DaskExecutor`. `stop` is asked whenever a tile is finished; once it is true, or the iterator is closed,
    no other is begun. At most `TILES_PER_WORKER` tiles for each worker are pending or unread.

    Raises `ValueError` where starts and hyperparameters are not of as many lanes.
    """
    starts, given = broadcast_lanes(np.array(x0, dtype=np.float64), hyper or {})
    d, count = starts.shape
    is_long = count * steps >= MIN_LANE_STEPS
    plan = get_plan(make, given, problem, d, count, steps, bool(np.isfinite(goal))) if is_long else None
    tile_lanes = tile_lanes or (TILE_LANES if plan is None else lanes_per_tile(plan, steps))
    cuts = [slice(begun, begun + tile_lanes) for begun in range(0, count, tile_lanes)]

    def job(cut: slice) -> Callable[[], RunOutcomes]:
        hyper = {name: value[cut] if np.ndim(value) else value for name, value in given.items()}
        return partial(run_tile, make, hyper, problem, starts[:, cut], steps, goal, plan and plan.select_lanes(cut))

    jobs = ((cut, job(cut)) for cut in cuts)
    own = ThreadPoolExecutor(workers) if workers and executor is None else nullcontext(executor or thread_pool())
    with own as pool:
        for part in iterate_completed(pool, jobs, TILES_PER_WORKER * (workers or CORES), stop):
            if part:
                yield TileResult(*part)


def lanes_per_tile(plan: Plan, steps: int) -> int:
    """How many lanes a plan of machine code runs at a time.

    Their number is `MAX_TILE_OPERATIONS` operations, in whole blocks, or `COMPILED_TILE_LANES`.
    """
    few = MAX_TILE_OPERATIONS // (len(plan.operations) * steps)
    return min(COMPILED_TILE_LANES, max(1, few // BLOCK_LANES) * BLOCK_LANES)


@cache
def thread_pool() -> ThreadPoolExecutor:
    """The threads that compute, for all who ask: as many as there are cores."""
    return ThreadPoolExecutor(CORES, "tile")


def get_plan(
    make: Callable[..., Optimizer], hyper: dict[str, Any], problem: Problem, d: int, lanes: int, steps: int, goal: bool
) -> Plan | None:
    """The plan for a sweep; without numbers for each lane it is the same for any lanes, and kept."""
    try:
        if not any(map(np.ndim, hyper.values())):
            kept = cached_plan(make, tuple(sorted(hyper.items())), problem, d, steps, goal)  # type: ignore[arg-type]
            if kept is None or not len(kept.columns):
                return kept
    except TypeError:  # something that has no hash
        pass
    return make_plan(make(**hyper), problem, d, lanes, steps, goal)


@lru_cache(maxsize=64)
def cached_plan(
    make: Callable[..., Optimizer], hyper: tuple[tuple[str, Any], ...], problem: Problem, d: int, steps: int, goal: bool
) -> Plan | None:
    return make_plan(make(**dict(hyper)), problem, d, ANY_LANE_COUNT, steps, goal)


def iterate_completed(
    pool: Executor,
    jobs: Iterator[tuple[P, Callable[[], T]]],
    max_pending: int,
    stop: Callable[[], bool] = lambda: False,
    poll_seconds: float | None = None,
) -> Iterator[tuple[P, T] | None]:
    """Run the jobs in the pool, at most `max_pending` at a time; yield index and result of each once finished.

    Where no job is finished for `poll_seconds` seconds, None is yielded, so that the caller can do other work. When the
    iterator is closed, jobs that have not begun are cancelled.
    """
    under_way: dict[Future[T], P] = {}
    try:
        while True:
            for cut, job in islice(jobs, max_pending - len(under_way)):
                under_way[pool.submit(job)] = cut
            if not under_way:
                return
            done = wait(under_way, poll_seconds, return_when=FIRST_COMPLETED).done
            if not done:
                yield None
            for future in done:
                yield under_way.pop(future), future.result()
                if stop():
                    return
    finally:
        for future in reversed(under_way):  # the waiting ones first: else a worker that becomes free begins them
            future.cancel()


def run_tile(
    make: Callable[..., Optimizer],
    hyper: dict[str, Any],
    problem: Problem,
    x0: Array,
    steps: int,
    goal: float,
    plan: Plan | None,
) -> RunOutcomes:
    return run_batch(make(**hyper), problem, x0, steps, goal, plan)


def broadcast_lanes(starts: Array, hyper: Mapping[str, Any]) -> tuple[Array, dict[str, Any]]:
    """The starts (d, n), and the hyperparameters, each a number or an array (n,)."""
    given = {name: np.asarray(value) if np.ndim(value) else value for name, value in hyper.items()}
    sizes = {value.shape for value in given.values() if np.ndim(value)}
    if starts.ndim > 1:
        sizes.add(starts.shape[1:])
    if len(sizes) > 1 or any(len(size) != 1 for size in sizes):
        raise ValueError(f"starts and hyperparameters are of {sorted(sizes)} lanes")
    (count,) = sizes.pop() if sizes else (1,)
    return np.broadcast_to(starts.reshape(len(starts), -1), (len(starts), count)), given
