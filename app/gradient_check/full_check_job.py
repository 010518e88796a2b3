"""The check of every entry at one h."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import numpy as np

from app.check_scenes.check_scene import CheckScene, Precision, Target
from app.check_scenes.checked_problem import build_problem, cast, make_interruptible
from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from surfaces.gradient_check.checked_function import CheckedFunction, Point
from surfaces.gradient_check.checked_function import Entries as EntryIndices
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import ENTRIES_PER_REPORT, EntryCheck, check_entries

ENTRIES_PER_TASK = ENTRIES_PER_REPORT  # whole batches of those that are evaluated at once
REPORT_EVERY = 4  # tasks: joining the parts takes time


class FullCheckRequest(NamedTuple):
    target: Target
    scale: float
    seed: int
    method: Method
    precision: Precision
    h: float


def make_full_request(scene: CheckScene) -> FullCheckRequest:
    return FullCheckRequest(scene.target, scene.scale, scene.seed, scene.method, scene.precision, scene.h)


def compute_full_check(request: FullCheckRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield the `EntryCheck` of the entries so far, in their order in the point."""
    problem = build_problem(request.target, request.seed, request.scale)
    function = make_interruptible(problem.function)
    x: Point = np.empty(0)
    for found in run_tasks(queue, iter([("point", problem.find_point)])):
        if found:
            x = cast(found[1], request.precision)
        yield Progress(0.0, None)
    chunks = [np.arange(i, min(i + ENTRIES_PER_TASK, problem.size)) for i in range(0, problem.size, ENTRIES_PER_TASK)]
    tasks = ((k, partial(check_chunk, function, x, chunk, request)) for k, chunk in enumerate(chunks))
    parts: dict[int, EntryCheck] = {}
    progress = Progress(0.0, None)
    for found in run_tasks(queue, tasks):
        if found:
            parts[found[0]] = found[1]
            if len(parts) % REPORT_EVERY == 0 or len(parts) == len(chunks):
                progress = Progress(len(parts) / len(chunks), join_parts(parts))
        yield progress


get_full_check_job = make_job_cache(compute_full_check, max_jobs=32)


def check_chunk(function: CheckedFunction, x: Point, entries: EntryIndices, request: FullCheckRequest) -> EntryCheck:
    *_, last = check_entries(function, x, entries, request.h, request.method)
    return last.check


def join_parts(parts: dict[int, EntryCheck]) -> EntryCheck:
    ordered = [parts[k] for k in sorted(parts)]
    arrays = {
        name: np.concatenate([getattr(part, name) for part in ordered])
        for name, value in ordered[0]._asdict().items()
        if np.ndim(value)
    }
    return ordered[0]._replace(**arrays)
