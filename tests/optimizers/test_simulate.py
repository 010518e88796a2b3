"""The loop: shapes, death of a lane, the end of costs, and that nothing is carried over."""

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import scheduled, step_decay
from optimizers.simulate import REST_STEPS, endpoint, trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.multimodal import himmelblau
from surfaces.functions.valleys import rosenbrock
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy
from tests.optimizers.methods.optimizer_cases import CASES
from tests.support.resting_rates import FITTED, RESTING, RESTLESS
from tests.support.sampling import sample


@pytest.mark.parametrize("lanes", [(), (1,), (5,), (2, 3)])
def test_shapes_are_coordinates_then_time_then_lanes(lanes):
    path = trajectory(sgd(lr=0.01), bowl(), np.ones((2, *lanes)), 7)
    assert path.x.shape == (2, 8, *lanes)
    assert path.alive.shape == (8, *lanes)
    assert len(path.states) == 8
    assert path.alive.all()


def test_index_t_is_the_iterate_after_t_steps():
    f = bowl()
    path = trajectory(sgd(lr=0.01), f, (1.0, 2.0), 3)
    x = np.array((1.0, 2.0))
    for t in range(4):
        np.testing.assert_array_equal(path.x[:, t], x)
        x = x - 0.01 * f.grad(x)


def test_the_start_is_copied_and_left_alone():
    start = np.ones(2)
    path = trajectory(sgd(lr=0.1), bowl(), start, 3)
    np.testing.assert_array_equal(start, 1)
    start[:] = 5
    np.testing.assert_array_equal(path.x[:, 0], 1)


def test_endpoint_is_the_last_point_of_the_trajectory():
    f, starts = rosenbrock(), np.random.default_rng(0).uniform(-1, 1, (2, 6))
    path, end = trajectory(momentum(lr=1e-3, mu=0.9), f, starts, 50), endpoint(momentum(lr=1e-3, mu=0.9), f, starts, 50)
    np.testing.assert_array_equal(end.x, path.x[:, -1])
    np.testing.assert_array_equal(end.alive, path.alive[-1])
    np.testing.assert_array_equal(end.state.v, path.states[-1].v)
    assert end.t == 50


def test_a_lane_that_leaves_the_finite_world_stays_at_its_last_finite_point():
    """Gradient descent on Rosenbrock at lr 0.01 from (-1.5, 2): every live demo meets this."""
    f, starts = rosenbrock(), np.array([[-1.5, -1.5], [2.0, 2.0]])
    path = trajectory(sgd(lr=np.array((0.01, 0.0005))), f, starts, 40)
    alone = trajectory(sgd(lr=0.0005), f, starts[:, 1], 40)
    assert np.abs(path.x[:, 5, 0]).max() > 1e6
    dead = int(np.argmin(path.alive[:, 0]))
    assert 1 < dead < 12
    assert not path.alive[dead:, 0].any()
    assert np.isfinite(path.x).all()
    assert (path.x[:, dead:, 0] == path.x[:, dead - 1, 0][:, None]).all()
    assert np.abs(path.x[:, dead - 1, 0]).max() > 1e50, "nothing is clipped on the way out"
    with np.errstate(all="ignore"):
        last = path.x[:, dead - 1, 0]
        assert not np.isfinite(last - 0.01 * f.grad(last)).all(), "it was cut at the last finite point, not before"
    assert path.alive[:, 1].all()
    np.testing.assert_array_equal(path.x[..., 1], alone.x)


def test_steps_after_the_death_of_all_lanes_cost_nothing():
    tally = CountedProblem(rosenbrock())
    path = trajectory(sgd(lr=0.01), tally, (-1.5, 2.0), 400)
    dead = int(np.argmin(path.alive))
    assert tally.cumulative_calls(400)[1, -1] == dead
    assert endpoint(sgd(lr=0.01), rosenbrock(), (-1.5, 2.0), 400).t == 400


def test_a_start_outside_the_finite_world_is_dead_at_once():
    path = trajectory(sgd(), bowl(), (np.nan, 1.0), 5)
    assert not path.alive.any()
    np.testing.assert_array_equal(path.x, np.broadcast_to([[np.nan], [1.0]], (2, 6)))


def test_a_settled_run_costs_nothing_more():
    """Once a step leaves point and memory as they were, so do all the others."""
    tally = CountedProblem(bowl(condition=1.0, angle=0.0))
    path = trajectory(sgd(lr=1.0), tally, (0.5, 0.25), 10_000)
    spent = tally.cumulative_calls(10_000)[1, -1]
    assert path.x.shape == (2, 10_001)
    assert spent < 200
    assert (path.x[:, spent:] == path.x[:, -1:]).all()
    assert len(path.states) == 10_001


def made(word, **hyper):
    """An optimizer of the catalogue at a rate that it survives on Himmelblau."""
    lr = {"lr": CASES[word].lr} if CASES[word].lr else {}
    return OPTIMIZERS[word](**(lr | hyper))


def counted(optimizer):
    """The same, left to NumPy since it asks for the number of its step."""
    calls = []

    def step(f, x, state, t):
        calls.append(int(t))
        return optimizer.step(f, x, state, t)

    return Optimizer(optimizer.init, step), calls


def without_stopping(optimizer, problem, start, steps):
    """The loop with nothing left out, one lane that stays finite."""
    x = np.array(start)
    state, path = optimizer.init(x), [x]
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            x, state = optimizer.step(problem.at(t), x, state, t)
            path.append(x)
    return np.array(path).T


@pytest.mark.no_cover
@pytest.mark.parametrize("start", [(-0.5, -1.0), (3.0, 2.0)])  # its own, and a minimum
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_stopping_early_changes_no_bit(word, start):
    f, optimizer = himmelblau(), made(word)
    np.testing.assert_array_equal(trajectory(optimizer, f, start, 5000).x, without_stopping(optimizer, f, start, 5000))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("word", "wrap"),
    sample(
        product(("momentum", "adam", "lbfgs"), WRAPPERS), lambda word, wrap: word == "momentum" or wrap == "lookahead"
    ),
)
def test_stopping_a_wrapped_run_early_changes_no_bit(word, wrap):
    f, optimizer = himmelblau(), WRAPPERS[wrap](made(word))
    np.testing.assert_array_equal(
        trajectory(optimizer, f, f.start, 3000).x, without_stopping(optimizer, f, f.start, 3000)
    )


@pytest.mark.parametrize("word", [*RESTING, *FITTED])
def test_a_run_that_has_come_to_rest_is_not_computed_any_further(word):
    optimizer, calls = counted(made(word))
    x = trajectory(optimizer, himmelblau(), himmelblau().start, 5000).x
    last = int(np.flatnonzero((np.diff(x) != 0).any(axis=0))[-1]) + 1
    assert len(calls) <= last + REST_STEPS + (400 if word in RESTING else 2)


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_at_a_minimum_nothing_is_computed(word):
    optimizer, calls = counted(made(word))
    path = trajectory(optimizer, himmelblau(), (3.0, 2.0), 5000)
    assert (len(calls) < 5 * REST_STEPS) == (word not in RESTLESS)
    distance = np.abs(path.x[:, -1] - (3.0, 2.0)).max()
    assert (distance <= 1e-4) == (word != "adamw"), "the simplex has to find out; decay leads away"


def test_a_run_that_is_still_is_not_at_rest_while_its_memory_fades():
    """Adam stands still to the bit for hundreds of steps; v fades under the rounding that is left of g, and it jumps.

    So where the point is still the family of Adam is followed to the end: to stop there would be another path.
    """
    x = trajectory(made("adam", lr=0.056), himmelblau(), himmelblau().start, 8000).x
    moves = np.flatnonzero((np.diff(x) != 0).any(axis=0))
    k = int(np.argmax(np.diff(moves)))
    assert np.diff(moves)[k] > 10 * REST_STEPS
    assert np.abs(x[:, moves[k + 1] :] - x[:, moves[k] + 1, None]).max() > 1e-3


def test_a_run_is_not_taken_for_settled_while_its_schedule_or_its_noise_goes_on():
    class Counter(NamedTuple):
        n: int

    slow = Optimizer(lambda x: Counter(0), lambda f, x, s, t: (x, Counter(t // 7)))
    assert trajectory(slow, bowl(), (1.0, 1.0), 100).states[-1].n == 14
    jump = Optimizer(lambda x: (), lambda f, x, s, t: (x + f.grad(x) * (t == REST_STEPS + 40), s))
    tally = CountedProblem(noisy(bowl(), sigma=0.1, seed=1))
    assert trajectory(jump, tally, (1.0, 1.0), 100).x[0, -1] != 1, "noise: the problem differs at every step"
    assert trajectory(jump, bowl(), (1.0, 1.0), 100).x[0, -1] == 1, "a step that reads t must keep that in its memory"


def test_a_schedule_that_wakes_up_late_is_still_obeyed():
    late = scheduled(sgd, lr=lambda t: 0.0 if t < 3 * REST_STEPS else 0.1)
    assert trajectory(late, bowl(), (1.0, 1.0), 4 * REST_STEPS).x[0, -1] < 1
    assert trajectory(scheduled(sgd, lr=step_decay(0.1, factor=0.5, every=10)), bowl(), (1.0, 1.0), 60).alive.all()


def test_a_run_from_a_new_start_carries_nothing_over():
    optimizer, f = momentum(lr=1e-3, mu=0.9), rosenbrock()
    first = trajectory(optimizer, f, (-1.2, 1.0), 30).x
    trajectory(optimizer, f, (1.7, 2.0), 30)
    np.testing.assert_array_equal(trajectory(optimizer, f, (-1.2, 1.0), 30).x, first)
