"""Find out whether rounding errors grow in a training: if so, a library that rounds differently ends elsewhere."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.training_job import PieceTrainer, TrainingRequest
from app.training_scenes.training_preparation import prepare
from optimizers.training.training_loop import TrainingLoop

NUDGE = 1e-15  # of each first weight: a few units in its last place
MAX_DIFFERENCE = 1e-10  # of the last weights, above which another library's may differ by more than 1e-9


def compute_rounding_growth(request: TrainingRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Train twice, the second time from weights that are nudged; yield how far the ends are from one another."""
    prepared = prepare(*request)
    signs = np.random.default_rng(0).choice((-1.0, 1.0), prepared.start.size)
    loops = [
        TrainingLoop(start, is_recorded=False)
        for start in (prepared, replace(prepared, start=prepared.start * (1 + NUDGE * signs)))
    ]
    for k, loop in enumerate(loops):
        trainer = PieceTrainer(loop)
        while not loop.is_finished:
            for _ in run_tasks(queue, iter([("piece", trainer.train)])):
                yield Progress((k + loop.epoch / loop.training.epochs) / 2, None)
    yield Progress(1.0, measure_difference(*loops))


def measure_difference(one: TrainingLoop, other: TrainingLoop) -> float:
    """The largest difference of the last weights, relative to the largest of each block; inf if one went on longer."""
    if one.t != other.t:
        return np.inf
    blocks = [loop.prepared.network.layout.unpack(loop.x).values() for loop in (one, other)]
    return max(
        float(np.abs(a - b).max() / max(np.abs(a).max(), np.finfo(float).tiny)) for a, b in zip(*blocks, strict=True)
    )


get_rounding_growth_job = make_job_cache(compute_rounding_growth)
