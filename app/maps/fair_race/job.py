"""A fair race: the question, what of each run is tuned, and the work: trials first, then a hundred starts for all."""

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import lru_cache, partial
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.background_jobs import Job, Progress, make_job, run_tasks
from app.compute.cached_simulation import build_optimizer, build_surface, find_lowest_known_loss
from app.compute.run_parameters import (
    can_batch_trials,
    has_uniform_cost,
    list_defaults,
    list_tuned_parameters,
    with_values,
)
from app.compute.work_chunks import make_interruptible
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
from optimizers.run_statistics import join_lanes
from surfaces.base import Array
from surfaces.observers.gradient_noise import noisy

BUDGETS = (5_000, 20_000, 80_000, 320_000)  # evaluations for the tuning of each optimizer
TUNING_STARTS = 4  # from which each trial runs
RANKING_STARTS = 100  # of the ranking, others than those
FIRST_RANKING_STARTS = 20  # of them, that are told first
MAX_TRIALS = 1000  # at most
BUDGET_FRACTIONS = (1 / 8, 1 / 4, 1 / 2, 1.0)  # of the budget: after each the best so far is told
TRIALS_PER_CHUNK = 16  # trials in a piece of work, where they run side by side
STARTS_PER_CHUNK = 5  # starts in a piece of work, where they do not
MAX_CONCURRENT_CHUNKS = (
    1  # pieces at a time: so few lanes hold the interpreter's lock, and two would wait for each other
)
REPORT_SECONDS = 0.4  # seconds between what is told of how far the work is
TRIAL_STREAM, TRAINING_STREAM, TEST_STREAM = range(3)  # the streams of a seed

FAIR_LABELS = {
    "charts": "{name}: the loss above the lowest known value over the race; the table below has the numbers",
    "tuned": "Each tuned",
    "shared": "One learning rate for all: {rate}",
    "alone": "One learning rate for all: none of these has one",
    "risen": "Higher at the end than at the start: {names}.",
    "lower": "From this start lower than tuned: {names}. Tuning saw other starts; more trials may find better.",
    "ranking": "Until it arrives, from {n} random starts; the table below has the numbers",
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
    "first": "{name} is first: mean rank {rank} of {runs}, by {unit}.",
    "level": "Too near to call, by {unit}: {names}. Their mean ranks of {runs} lie within the errors.",
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
    all_diverged: bool = False  # did every trial diverge from every start?


class FairResult(NamedTuple):
    """What is known so far, by run; the costs of the ranking are None until all are tuned."""

    tuned: tuple[TuningResult, ...]
    step: NDArray[np.int64] | None  # (runs, starts): until it arrived, or NEVER
    evaluations: NDArray[np.int64] | None


@lru_cache(maxsize=32)  # what has been computed is there for the next visitor who asks
def get_fair_job(request: FairRequest) -> Job:
    return make_job(lambda asked, line: throttle(compute_fair_race(asked, line)), request)


def throttle(updates: Iterator[Progress]) -> Iterator[Progress]:
    """What is new, and the share of what is done a few times a second: a browser draws whatever it is told.

    In between the same again, so that it is seen whether anybody wants more of it.
    """
    last, told_at, looked = Progress(0.0, None), 0.0, 0.0
    for news in updates:
        now = perf_counter()
        if news.result is not last.result or now - told_at > REPORT_SECONDS:
            last, told_at, looked = news, now, now
            yield news
        elif now - looked > PRESENCE_CHECK_SECONDS:
            looked = now
            yield last


class Benchmark(NamedTuple):
    """What all are tuned and ranked on."""

    problem: Any
    steps: int
    lowest_loss: float


class RandomSearch:
    """The trials of one run, one after the other in the order in which they were drawn."""

    def __init__(self, run: Run, benchmark: Benchmark, starts: Array, seed: int) -> None:
        self.run, self.benchmark, self.starts = run, benchmark, starts
        self.parameters = list_tuned_parameters(run)
        u = np.random.default_rng((seed, TRIAL_STREAM)).random((MAX_TRIALS, len(self.parameters)))
        rows = (
            np.array([sample_values(part.search_range, u[:, i]) for i, part in enumerate(self.parameters)])
            .reshape(-1, MAX_TRIALS)
            .T
        )
        tried = [tuple(list_defaults(run, self.parameters)), *map(tuple, rows)]
        self.trial_values = np.array(list(dict.fromkeys(tried)) if self.parameters else [])  # none is tried twice
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
        """The next trials, from all starts each: (trials * starts,)."""
        trials = self.trial_values[len(self.cost) : len(self.cost) + self.chunk_size]
        _, count = self.starts.shape
        if self.chunk_size > 1:
            run = with_values(self.run, self.parameters, np.repeat(trials, count, axis=0).T)
            starts, goal, over = (np.tile(part, len(trials)) for part in (self.starts, self.goals, self.stop_losses))
            return run_trials(
                build_optimizer(run.optimizer, run.wrapper),
                self.benchmark.problem,
                starts,
                self.benchmark.steps,
                goal,
                over,
            )
        return run_from_starts(
            with_values(self.run, self.parameters, trials[0]),
            self.benchmark,
            self.starts,
            self.goals,
            self.stop_losses,
        )

    def record(self, found: TrialOutcomes) -> None:
        loss, spent, step, _ = (part.reshape(-1, self.starts.shape[1]) for part in found)
        self.loss, self.step = np.concatenate((self.loss, loss)), np.concatenate((self.step, step))
        self.cost = np.concatenate((self.cost, spent.sum(axis=1)))

    def choose_best(self, budget: float) -> TuningResult:
        """The best of the trials that the budget pays for."""
        if not len(self.cost):
            return TuningResult(self.run, 0, 0)
        count = count_affordable_trials(self.cost, budget)
        score = score_trials(self.loss[:count], self.initial_loss, self.benchmark.lowest_loss)
        chosen = best_trial(score, self.step[:count], self.benchmark.steps)
        values, lost = self.trial_values[chosen], bool(score[chosen] >= np.log10(WORST_FRACTION))
        ends = tuple(
            part.hyperparameter
            for part, value in zip(self.parameters, values, strict=True)
            if is_at_range_end(part.search_range, float(value))
        )
        run = with_values(self.run, self.parameters, values)
        return TuningResult(run, count, int(self.cost[:count].sum()), () if lost else ends, lost)


def run_from_starts(run: Run, benchmark: Benchmark, x0: Array, goal: Array, stop_loss: Array) -> TrialOutcomes:
    """All starts side by side where each asks as much; else one after the other, so that each is counted alone."""
    size = x0.shape[1] if has_uniform_cost(run) else 1
    cuts = [slice(a, a + size) for a in range(0, x0.shape[1], size)]
    found = [
        run_trials(
            build_optimizer(run.optimizer, run.wrapper),
            benchmark.problem,
            x0[:, c],
            benchmark.steps,
            goal[c],
            stop_loss[c],
        )
        for c in cuts
    ]
    return join_lanes(found)


def compute_fair_race(request: FairRequest, queue: Executor | None = None) -> Iterator[Progress]:
    """Every run is tuned, round by round, then all run from the same starts, some of them first."""
    truth = build_surface(request.surface)
    problem = noisy(truth, request.noise, request.noise_seed)
    field = Benchmark(make_interruptible(problem), request.steps, find_lowest_known_loss(request.surface))
    training = random_starts(truth, truth.box, TUNING_STARTS, (request.seed, TRAINING_STREAM))
    searches = [RandomSearch(run, field, training, request.seed) for run in request.runs]
    so_far = Progress(0.0, None)
    for share in BUDGET_FRACTIONS:
        budget = share * request.budget
        while wanting := [search for search in searches if search.has_trials_left(budget)]:
            for news in run_tasks(
                queue, ((search, search.run_next_trials) for search in wanting), MAX_CONCURRENT_CHUNKS
            ):
                if news:
                    search, outcome = news
                    search.record(outcome)
                    so_far = Progress(0.5 * measure_tuning_progress(searches, request.budget), so_far.result)
                yield so_far
        found = FairResult(tuple(search.choose_best(budget) for search in searches), None, None)
        so_far = Progress(0.5 * measure_tuning_progress(searches, request.budget), found)
        yield so_far
    yield from compute_ranking(
        found, field, random_starts(truth, truth.box, RANKING_STARTS, (request.seed, TEST_STREAM)), queue
    )


def measure_tuning_progress(searches: list[RandomSearch], budget: int) -> float:
    """How much of the tuning is done."""
    spent = [min(1.0, search.cost.sum() / budget) if search.has_trials_left(budget) else 1.0 for search in searches]
    return float(np.mean(spent))


def compute_ranking(
    found: FairResult, benchmark: Benchmark, x0: Array, queue: Executor | None = None
) -> Iterator[Progress]:
    """What each tuned run needs from each start."""
    runs = [one.run for one in found.tuned]
    step, evaluations = (np.zeros((len(runs), RANKING_STARTS), dtype=np.int64) for _ in range(2))
    with np.errstate(all="ignore"):
        goal = goal_losses(np.asarray(benchmark.problem.value(x0)), benchmark.lowest_loss)

    done, so_far = 0, Progress(0.5, found)
    for begin, end in ((0, FIRST_RANKING_STARTS), (FIRST_RANKING_STARTS, RANKING_STARTS)):
        cuts = []
        for i, run in enumerate(runs):
            size = end - begin if has_uniform_cost(run) else STARTS_PER_CHUNK
            cuts += [(i, slice(a, min(a + size, end))) for a in range(begin, end, size)]
        jobs = (
            ((i, cut), partial(run_from_starts, runs[i], benchmark, x0[:, cut], goal[cut], goal[cut]))
            for i, cut in cuts
        )
        for news in run_tasks(queue, jobs, MAX_CONCURRENT_CHUNKS):
            if news:
                (i, cut), outcome = news
                step[i, cut], evaluations[i, cut] = outcome.reached_step, outcome.reached_evaluations
                done += cut.stop - cut.start
                so_far = Progress(0.5 + 0.5 * done / (RANKING_STARTS * len(runs)), found)
            yield so_far
        found = found._replace(step=step[:, :end].copy(), evaluations=evaluations[:, :end].copy())
        so_far = Progress(0.5 + 0.5 * done / (RANKING_STARTS * len(runs)), found)
        yield so_far
