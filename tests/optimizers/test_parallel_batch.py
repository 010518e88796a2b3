"""Sweeps: the same bits however they are cut, told as they are finished, stopped in between."""

import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest

from optimizers.batch_run_outcomes import NEVER
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.momentum import momentum, sgd
from optimizers.parallel_batch import TILES_PER_WORKER, run_batch, run_tiles
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.multimodal import himmelblau
from surfaces.functions.valleys import rosenbrock
from tests.support.joined_tiles import join_tiles
from tests.support.sampling import sample

LANES = 37  # no multiple of a tile, nor of what a processor takes at a time


def spread(lanes=LANES):
    return np.random.default_rng(1).uniform(-5, 5, (2, lanes))


def swept(make, problem, x0, steps, lanes=LANES, **how):
    return join_tiles(run_tiles(make, problem, x0, steps, **how), lanes)


class Hands(Executor):
    """Begins nothing by itself: a test says which of the jobs that wait is done next."""

    def __init__(self, choose):
        self.choose, self.waiting, self.most, self.done = choose, [], 0, 0

    def submit(self, job):
        future = Future()
        self.waiting.append((future, job))
        self.most = max(self.most, len(self.waiting))
        threading.Timer(0.002, self.work).start()
        return future

    def work(self):
        future, job = self.waiting.pop(self.choose(len(self.waiting)))
        if future.set_running_or_notify_cancel():
            self.done += 1
            future.set_result(job())


@pytest.mark.no_cover
@pytest.mark.parametrize("word", sample(OPTIMIZERS))
def test_a_sweep_is_the_same_however_it_is_cut_and_by_how_many_hands(word):
    """To the bit: lanes never mix."""
    whole = swept(OPTIMIZERS[word], himmelblau(), spread(), 40, tile_lanes=LANES, workers=1, goal=1e-3)
    for tile, hands in ((1, 2), (7, 3), (8, 1)):
        parts = swept(OPTIMIZERS[word], himmelblau(), spread(), 40, tile_lanes=tile, workers=hands, goal=1e-3)
        for name in whole._fields:
            np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name), err_msg=f"{name}, {tile}")


@pytest.mark.parametrize("choose", [lambda n: 0, lambda n: n - 1, lambda n: n // 2])
def test_tiles_are_told_in_the_order_in_which_they_are_finished(choose):
    whole = swept(adam, rosenbrock(), spread(), 30, tile_lanes=LANES)
    hands = Hands(choose)
    parts = list(run_tiles(adam, rosenbrock(), spread(), 30, tile_lanes=4, workers=2, executor=hands))
    np.testing.assert_array_equal(join_tiles(iter(parts), LANES).x, whole.x)
    assert hands.most <= 2 * TILES_PER_WORKER, "more were under way than may be"


def test_each_lane_ends_as_its_own_run_does():
    """Points, losses and steps are those of the trajectory; some diverge, some arrive, some do neither."""
    lr, goal, steps = np.geomspace(1e-4, 1.0, LANES), 1e-3, 80
    found = swept(
        momentum, himmelblau(), np.array([0.5, 1.0]), steps, hyper={"lr": lr, "mu": 0.8}, goal=goal, tile_lanes=5
    )
    assert (found.nonfinite_step <= steps).any() and (found.reached_step <= steps).any()
    assert ((found.nonfinite_step == NEVER) & (found.reached_step == NEVER)).any()
    for i, rate in enumerate(lr):
        path = trajectory(momentum(lr=rate, mu=0.8), himmelblau(), np.array([0.5, 1.0]), steps)
        with np.errstate(over="ignore"):
            loss = himmelblau().value(path.x)
        np.testing.assert_array_equal(found.x[:, i], path.x[:, -1])
        assert found.final_loss[i] == loss[-1]
        assert found.best_loss[i] == loss.min()
        for step, true in ((found.reached_step[i], loss <= goal), (found.nonfinite_step[i], ~path.alive)):
            assert step == (np.flatnonzero(true)[0] if true.any() else NEVER)


def test_gradient_descent_on_a_quadratic_diverges_beyond_two_over_its_greatest_curvature():
    """Theory's line, between two rates of the sweep that are next to each other."""
    f = bowl()
    limit = 2 / np.linalg.eigvalsh(f.hess(np.zeros(2))).max()
    lr = limit * np.linspace(0.505, 1.495, 100)
    found = swept(sgd, f, np.array([1.0, 1.0]), 2000, lanes=100, hyper={"lr": lr})
    np.testing.assert_array_equal(found.final_loss > f.value(np.array([1.0, 1.0])), lr > limit)


def test_a_sweep_that_is_stopped_begins_no_other_tile():
    hands = Hands(lambda n: 0)
    parts = run_tiles(sgd, bowl(), spread(), 10, tile_lanes=1, workers=1, executor=hands, stop=lambda: hands.done >= 3)
    seen = list(parts)
    assert 1 <= len(seen) <= 3 + TILES_PER_WORKER
    assert hands.done <= 3 + TILES_PER_WORKER
    with pytest.raises(ValueError, match="stopped before its end"):
        join_tiles(iter(seen), LANES)


def test_a_sweep_that_nobody_reads_on_ends():
    hands = Hands(lambda n: 0)
    parts = run_tiles(sgd, bowl(), spread(), 10, tile_lanes=1, workers=1, executor=hands)
    next(parts)
    parts.close()
    assert hands.done <= 1 + TILES_PER_WORKER


def test_what_goes_wrong_in_a_tile_is_told():
    def broken(lr):
        raise ZeroDivisionError("no such optimizer")

    with pytest.raises(ZeroDivisionError, match="no such optimizer"):
        list(run_tiles(broken, bowl(), spread(), 10, hyper={"lr": 1.0}))


@pytest.mark.parametrize(
    ("x0", "hyper"),
    [
        (np.zeros((2, 3)), {"lr": np.ones(4)}),
        (np.zeros(2), {"lr": np.ones(3), "mu": np.ones(2)}),
        (np.zeros((2, 3, 4)), {}),
        (np.zeros(2), {"lr": np.ones((2, 2))}),
    ],
)
def test_starts_and_hyperparameters_must_be_of_as_many_lanes(x0, hyper):
    with pytest.raises(ValueError, match="lanes"):
        list(run_tiles(momentum, bowl(), x0, 10, hyper=hyper))


def test_one_start_and_plain_numbers_are_one_lane():
    (part,) = run_tiles(sgd, bowl(), np.array([1.0, 2.0]), 10, hyper={"lr": 0.1})
    np.testing.assert_array_equal(part.outcomes.x[:, 0], trajectory(sgd(lr=0.1), bowl(), [1.0, 2.0], 10).x[:, -1])


def test_threads_are_let_go_when_it_is_over_but_those_that_all_share():
    list(run_tiles(sgd, bowl(), spread(), 5, tile_lanes=1))
    before = threading.active_count()
    with ThreadPoolExecutor(2) as pool:
        for hands, executor in product((None, 1, 3), (None, pool)):
            list(run_tiles(sgd, bowl(), spread(), 5, tile_lanes=8, workers=hands, executor=executor))
    assert threading.active_count() == before


def test_a_start_that_is_not_finite_is_dead_from_the_first():
    found = run_batch(sgd(), bowl(), np.array([[np.nan, 1.0], [0.0, 1.0]]), 5)
    np.testing.assert_array_equal(found.nonfinite_step, [0, NEVER])
    assert found.best_loss[0] == np.inf
