"""The sanity checks of one training's model, before it learns."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.fair_scheduling import checkpoint
from app.compute.training_job import TrainingRequest
from app.training_scenes.training_preparation import prepare
from optimizers.training.prepared_training import PreparedTraining
from optimizers.training.sanity_checks import (
    CheckResult,
    check_chance_loss,
    check_few_samples,
    check_gradient,
    check_random_inputs,
    check_regularization,
    check_shuffled_labels,
)

CHECKS: tuple[Callable[[PreparedTraining], CheckResult], ...] = (
    check_chance_loss, check_regularization, check_gradient, check_few_samples, check_random_inputs,
    check_shuffled_labels,
)  # fmt: skip


def compute_sanity_checks(request: TrainingRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Yield the results so far, as a tuple in the order of `CHECKS`."""
    prepared = prepare(*request)
    prepared = prepared.with_network(replace(prepared.network, before_layer=checkpoint))
    results: tuple[CheckResult, ...] = ()
    progress = Progress(0.0, results)
    for check in CHECKS:
        for found in run_tasks(queue, iter([("check", partial(check, prepared))])):
            if found:
                results = (*results, found[1])
                progress = Progress(len(results) / len(CHECKS), results)
            yield progress


get_sanity_check_job = make_job_cache(compute_sanity_checks)
