"""A fair race: the request, and the job that tunes every run, then ranks all from a hundred random starts."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Progress, make_job_cache, run_tasks
from app.compute.cached_simulation import build_optimizer, find_lowest_known_loss
from app.compute.tunable_run_parameters import (
    can_batch_trials,
    has_uniform_cost,
    list_defaults,
    list_tuned_parameters,
    with_values,
)
from app.maps.map_problem import build_problem
from app.model.scene import Call, Run
from app.server.visitor_presence import PRESENCE_CHECK_SECONDS
from optimizers.analysis.random_search import (
    DONE_FRACTION,
    WORST_FRACTION,
    TrialOutcomes,
    best_trial,
    count_affordable_trials,
    is_at_range_end,
    run_trials,
    sample_values,
    score_trials,
)
from optimizers.analysis.random_start_ranking import goal_losses, random_starts
from optimizers.batch_run_outcomes import join_lanes
from surfaces.base import Array, Problem

BUDGETS = (5_000, 20_000, 80_000, 320_000)  # evaluations for the tuning of each optimizer
TUNING_STARTS = 4  # starts of each trial
RANKING_STARTS = 100  # other starts, of the ranking
FIRST_RANKING_STARTS = 20  # of them, in the first ranking that is shown
MAX_TRIALS = 1000
# Rounds of the tuning; after the first, which has no trials, each run is at its defaults
BUDGET_FRACTIONS = (0.0, 1 / 8, 1 / 4, 1 / 2, 1.0)
TRIALS_PER_CHUNK = 16  # trials in a piece of work, if they run side by side
STARTS_PER_CHUNK = 5  # starts in a piece of work, if they do not
MAX_CONCURRENT_CHUNKS = 1  # with so few lanes two pieces would wait for each other at Python's lock
PARTIAL_PICTURE_SECONDS = 2.0  # between two pictures while a round is incomplete
REPORT_SECONDS = 0.4  # between two reports of the fraction that is done
TRIAL_STREAM, TRAINING_STREAM, TEST_STREAM = range(3)  # the streams of a seed

FAIR_LABELS = {
    "charts": "{name}: the loss above the lowest known value over the race; the table below has the numbers",
    "tuned": "Each tuned",
    "shared": "One learning rate for all: {rate}",
    "alone": "One learning rate for all: none of these has one",
    "risen": "Higher at the end than at the start: {names}.",
    "lower": "Lower from this start at the shared rate: {names}. The tuning saw other starts.",
    "ranking": "Until the loss has first fallen {share} % of the way, from {n} random starts; the table below has the "
    "numbers",
    "by": "Count by",
    "steps": "Steps",
    "evaluations": "Evaluations",
    "above": "above the lowest",
    "never": "never: {n}",
    "waiting": "The ranking follows once all are tuned.",
    "box": "Dots are starts; the bar holds the middle half of them, the line nine tenths, the tick is the median.",
    "run": "Run",
    "best": "Tuned to",
    "nothing": "nothing to tune",
    "median": "Median",
    "quartiles": "Quartiles",
    "arrived": "Arrived",
    "rank": "Mean rank",
    "none": "never",
    "table": "Ranking by steps and by evaluations",
    "none_arrive": "No run arrives from any start.",
    "first": "{name} arrives first: mean rank {rank} of {runs}, by {unit}.",
    "level": "Too near to call which arrives first, by {unit}: {names}. Their mean ranks of {runs} lie within the "
    "errors.",
    "criterion": "A run arrives when its loss has first fallen {share} % of the way to the lowest known; it may rise "
    "again.",
    "ends_lowest": "From the start of the scene, tuned, {name} ends lowest.",
}


class FairRequest(NamedTuple):
    surface: Call
    runs: tuple[Run, ...]  # with_defaults
    steps: int
    noise: float
    noise_seed: int
    seed: int
    budget: int


class TuningResult(NamedTuple):
    """The best trial of a run so far."""

    run: Run
    trial_count: int
    spent_evaluations: int
    at_range_end: tuple[str, ...] = ()  # the hyperparameters whose best value lies at an end of its range
    all_diverged: bool = False  # whether every trial diverged from every start


class FairResult(NamedTuple):
    """The results so far, by run; the costs of the ranking are None until all are tuned."""

    tuned: tuple[TuningResult, ...]
    step: NDArray[np.int64] | None  # (runs, starts): the step of the arrival, or NEVER
    evaluations: NDArray[np.int64] | None


class Benchmark(NamedTuple):
    """The problem on which all runs are tuned and ranked."""

    problem: Problem
    steps: int
    lowest_loss: float


class RandomSearch:
    """The trials of one run, in the order in which they were drawn."""

    def __init__(self, run: Run, benchmark: Benchmark, starts: Array, seed: int) -> None:
        self.run, self.benchmark, self.starts = run, benchmark, starts
        self.parameters = list_tuned_parameters(run)
        u = np.random.default_rng((seed, TRIAL_STREAM)).random((MAX_TRIALS, len(self.parameters)))
        columns = [sample_values(part.search_range, u[:, i]) for i, part in enumerate(self.parameters)]
        rows = np.array(columns).reshape(-1, MAX_TRIALS).T
        trials = [tuple(list_defaults(run, self.parameters)), *map(tuple, rows)]
        self.trial_values = np.array(list(dict.fromkeys(trials)) if self.parameters else [])  # without duplicates
        with np.errstate(all="ignore"):
            self.initial_loss = np.asarray(benchmark.problem.value(starts))
        self.goals = goal_losses(self.initial_loss, benchmark.lowest_loss)
        self.stop_losses = goal_losses(self.initial_loss, benchmark.lowest_loss, DONE_FRACTION)
        self.chunk_size = TRIALS_PER_CHUNK if can_batch_trials(run, self.parameters) else 1
        count = starts.shape[1]
        self.loss, self.step = np.empty((0, count)), np.empty((0, count), dtype=np.int64)
        self.cost = np.empty(0, dtype=np.int64)

    def has_trials_left(self, budget: float) -> bool:
        return self.cost.sum() < budget and len(self.cost) < len(self.trial_values)

    def run_next_trials(self) -> TrialOutcomes:
        """Run the next trials, each from all starts: (trials * starts,)."""
        trials = self.trial_values[len(self.cost) : len(self.cost) + self.chunk_size]
        _, count = self.starts.shape
        if self.chunk_size > 1:
            run = with_values(self.run, self.parameters, np.repeat(trials, count, axis=0).T)
            starts, goals, stops = (np.tile(part, len(trials)) for part in (self.starts, self.goals, self.stop_losses))
            problem, steps = self.benchmark.problem, self.benchmark.steps
            return run_trials(build_optimizer(run.optimizer, run.wrapper), problem, starts, steps, goals, stops)
        run = with_values(self.run, self.parameters, trials[0])
        return run_from_starts(run, self.benchmark, self.starts, self.goals, self.stop_losses)

    def record(self, outcomes: TrialOutcomes) -> None:
        loss, spent, step, _ = (part.reshape(-1, self.starts.shape[1]) for part in outcomes)
        self.loss, self.step = np.concatenate((self.loss, loss)), np.concatenate((self.step, step))
        self.cost = np.concatenate((self.cost, spent.sum(axis=1)))

    def choose_best(self, budget: float) -> TuningResult:
        """The best of the trials within the budget."""
        if not len(self.cost):
            return TuningResult(self.run, 0, 0)
        count = count_affordable_trials(self.cost, budget)
        score = score_trials(self.loss[:count], self.initial_loss, self.benchmark.lowest_loss)
        best = best_trial(score, self.step[:count], self.benchmark.steps)
        values, all_diverged = self.trial_values[best], bool(score[best] >= np.log10(WORST_FRACTION))
        ends = tuple(
            part.hyperparameter
            for part, value in zip(self.parameters, values, strict=True)
            if is_at_range_end(part.search_range, float(value))
        )
        run = with_values(self.run, self.parameters, values)
        return TuningResult(run, count, int(self.cost[:count].sum()), () if all_diverged else ends, all_diverged)


def run_from_starts(run: Run, benchmark: Benchmark, x0: Array, goal: Array, stop_loss: Array) -> TrialOutcomes:
    """Run all starts side by side if every lane costs the same; else one by one, so that the cost of each is known."""
    size = x0.shape[1] if has_uniform_cost(run) else 1
    optimizer, problem, steps = build_optimizer(run.optimizer, run.wrapper), benchmark.problem, benchmark.steps
    cuts = [slice(a, a + size) for a in range(0, x0.shape[1], size)]
    return join_lanes([run_trials(optimizer, problem, x0[:, c], steps, goal[c], stop_loss[c]) for c in cuts])


def compute_fair_race(request: FairRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Tune every run, round by round, then rank them."""
    problem = build_problem(request.surface, request.noise, request.noise_seed)
    f = problem.surface
    benchmark = Benchmark(problem.interruptible, request.steps, find_lowest_known_loss(request.surface))
    training = random_starts(f, f.box, TUNING_STARTS, (request.seed, TRAINING_STREAM))
    searches = [RandomSearch(run, benchmark, training, request.seed) for run in request.runs]
    published_at = perf_counter()

    def make_progress(budget: float) -> Progress:
        nonlocal published_at
        published_at = perf_counter()
        result = FairResult(tuple(search.choose_best(budget) for search in searches), None, None)
        return Progress(0.5 * measure_tuning_progress(searches, request.budget), result)

    progress = Progress(0.0, None)
    for budget in (fraction * request.budget for fraction in BUDGET_FRACTIONS):
        while unfinished := [search for search in searches if search.has_trials_left(budget)]:
            tasks = ((search, search.run_next_trials) for search in unfinished)
            for finished in run_tasks(queue, tasks, MAX_CONCURRENT_CHUNKS):
                if finished:
                    search, outcomes = finished
                    search.record(outcomes)
                    progress = Progress(0.5 * measure_tuning_progress(searches, request.budget), progress.result)
                    if perf_counter() - published_at > PARTIAL_PICTURE_SECONDS:
                        progress = make_progress(budget)
                yield progress
        progress = make_progress(budget)
        yield progress
    test_starts = random_starts(f, f.box, RANKING_STARTS, (request.seed, TEST_STREAM))
    yield from compute_ranking(progress.result, benchmark, test_starts, queue)


def measure_tuning_progress(searches: list[RandomSearch], budget: int) -> float:
    """The fraction of the tuning that is done."""
    spent = [min(1.0, search.cost.sum() / budget) if search.has_trials_left(budget) else 1.0 for search in searches]
    return float(np.mean(spent))


def compute_ranking(
    result: FairResult, benchmark: Benchmark, x0: Array, queue: Executor | None = None
) -> Iterator[Progress]:
    """Run every tuned run from each start: first from some of the starts, then from the others."""
    runs = [tuned.run for tuned in result.tuned]
    step, evaluations = (np.zeros((len(runs), RANKING_STARTS), dtype=np.int64) for _ in range(2))
    with np.errstate(all="ignore"):
        goal = goal_losses(np.asarray(benchmark.problem.value(x0)), benchmark.lowest_loss)

    done, progress = 0, Progress(0.5, result)
    for begin, end in ((0, FIRST_RANKING_STARTS), (FIRST_RANKING_STARTS, RANKING_STARTS)):
        cuts = []
        for i, run in enumerate(runs):
            size = end - begin if has_uniform_cost(run) else STARTS_PER_CHUNK
            cuts += [(i, slice(a, min(a + size, end))) for a in range(begin, end, size)]
        tasks = (
            ((i, cut), partial(run_from_starts, runs[i], benchmark, x0[:, cut], goal[cut], goal[cut]))
            for i, cut in cuts
        )
        for finished in run_tasks(queue, tasks, MAX_CONCURRENT_CHUNKS):
            if finished:
                (i, cut), outcomes = finished
                step[i, cut], evaluations[i, cut] = outcomes.reached_step, outcomes.reached_evaluations
                done += cut.stop - cut.start
                progress = Progress(0.5 + 0.5 * done / (RANKING_STARTS * len(runs)), result)
            yield progress
        result = result._replace(step=step[:, :end].copy(), evaluations=evaluations[:, :end].copy())
        progress = Progress(0.5 + 0.5 * done / (RANKING_STARTS * len(runs)), result)
        yield progress


def throttle(updates: Iterator[Progress]) -> Iterator[Progress]:
    """Yield every new result, and a new fraction only a few times a second, since a browser draws each one.

    In between the last progress is repeated, at which the job checks whether it still has visitors.
    """
    last, reported_at, checked_at = Progress(0.0, None), 0.0, 0.0
    for progress in updates:
        now = perf_counter()
        if progress.result is not last.result or now - reported_at > REPORT_SECONDS:
            last, reported_at, checked_at = progress, now, now
            yield progress
        elif now - checked_at > PRESENCE_CHECK_SECONDS:
            checked_at = now
            yield last


get_fair_job = make_job_cache(lambda request, queue: throttle(compute_fair_race(request, queue)), max_jobs=32)
