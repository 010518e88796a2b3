"""The loop: shapes, death of a lane, the end of costs, and that nothing is carried over."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from optimizers.lanes import taken, unchanged
from optimizers.momentum import momentum, sgd
from optimizers.schedules import scheduled, step_decay
from optimizers.simulate import PATIENCE, endpoint, trajectory
from optimizers.wrappers import clipped
from surfaces.bowls import bowl
from surfaces.multimodal import himmelblau
from surfaces.noise import noisy
from surfaces.tally import Tally
from surfaces.valleys import rosenbrock


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
    tally = Tally(rosenbrock())
    path = trajectory(sgd(lr=0.01), tally, (-1.5, 2.0), 400)
    dead = int(np.argmin(path.alive))
    assert tally.cumulative(400)[1, -1] == dead
    assert endpoint(sgd(lr=0.01), rosenbrock(), (-1.5, 2.0), 400).t == 400


def test_a_start_outside_the_finite_world_is_dead_at_once():
    path = trajectory(sgd(), bowl(), (np.nan, 1.0), 5)
    assert not path.alive.any()
    np.testing.assert_array_equal(path.x, np.broadcast_to([[np.nan], [1.0]], (2, 6)))


def test_a_settled_run_costs_nothing_more():
    """Once a step leaves point and memory as they were, so do all the others."""
    tally = Tally(bowl(condition=1.0, angle=0.0))
    path = trajectory(sgd(lr=1.0), tally, (0.5, 0.25), 10_000)
    spent = tally.cumulative(10_000)[1, -1]
    assert path.x.shape == (2, 10_001)
    assert spent < 200
    assert (path.x[:, spent:] == path.x[:, -1:]).all()
    assert len(path.states) == 10_001


# Rates at which a run from Himmelblau's own start comes to rest: memories that are sums of the past, each part of it
# fading by the same share, come to rest too, 350 steps after the last move where the share is 0.9.
RESTING = {"sgd": 0.0016, "momentum": 0.0003, "nesterov": 0.0005, "nesterov_lookahead": 0.0005, "adagrad": 0.25}
FITTED = ("newton", "bfgs", "lbfgs", "trust_region", "nonlinear_cg", "scipy_lbfgsb")
# These are not still even at the minimum itself: they decay x, count the product of their momenta, or add up their eps.
RESTLESS = {"adamw", "nadam", "adabelief"}


def made(word, **hyper):
    """An optimizer of the catalogue at a rate that it survives on Himmelblau, its steps counted."""
    lr = {"lr": RESTING.get(word, 0.0005)} if word in {*RESTING, "radam"} else {}
    optimizer, calls = OPTIMIZERS[word](**(lr | hyper)), []

    def step(f, x, state, t):
        calls.append(t)
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


@pytest.mark.parametrize("start", [(-0.5, -1.0), (3.0, 2.0)])  # its own, and a minimum
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_stopping_early_changes_no_bit(word, start):
    f, (optimizer, _) = himmelblau(), made(word)
    np.testing.assert_array_equal(trajectory(optimizer, f, start, 5000).x, without_stopping(optimizer, f, start, 5000))


@pytest.mark.parametrize("wrap", WRAPPERS.values())
@pytest.mark.parametrize("word", ["momentum", "adam", "lbfgs"])
def test_stopping_a_wrapped_run_early_changes_no_bit(word, wrap):
    f, optimizer = himmelblau(), wrap(made(word)[0])
    np.testing.assert_array_equal(
        trajectory(optimizer, f, f.start, 3000).x, without_stopping(optimizer, f, f.start, 3000)
    )


@pytest.mark.parametrize("word", [*RESTING, *FITTED])
def test_a_run_that_has_come_to_rest_is_not_computed_any_further(word):
    optimizer, calls = made(word)
    x = trajectory(optimizer, himmelblau(), himmelblau().start, 5000).x
    last = int(np.flatnonzero((np.diff(x) != 0).any(axis=0))[-1]) + 1
    assert len(calls) <= last + PATIENCE + (400 if word in RESTING else 2)


class LaneByLane:
    """A problem that counts every lane that it is asked about."""

    def __init__(self, f):
        self.f, self.asked = f, 0

    def value(self, p):
        self.asked += p[0].size
        return self.f.value(p)

    def grad(self, p):
        self.asked += p[0].size
        return self.f.grad(p)

    def hess(self, p):
        self.asked += p[0].size
        return self.f.hess(p)

    def at(self, t):
        return self


def spread(steps=2000, lanes=(4, 3)):
    """Starts all over Himmelblau's box, one lane in a minimum and two that fly away where the rate allows it."""
    starts = np.random.default_rng(3).uniform(-4, 4, (2, *lanes))
    starts[:, 0, 0], starts[:, 1, 1], starts[:, 2, 0] = (3, 2), (300, -300), (-1e3, 1e3)
    return starts, steps


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_a_lane_at_rest_or_dead_is_not_computed_while_others_go_on(word):
    """A batch asks for no more than its lanes asked for alone, but for the one or two looks it takes to find out."""
    optimizer, (starts, steps) = OPTIMIZERS[word](**({"lr": RESTING[word]} if word in RESTING else {})), spread()
    together = LaneByLane(himmelblau())
    path, asked = trajectory(optimizer, together, starts, steps), 0
    for lane in np.ndindex(starts.shape[1:]):
        alone = LaneByLane(himmelblau())
        x = trajectory(optimizer, alone, starts[:, *lane], steps).x
        # the multiplier of a trust region is iterated until the last lane has it, to 1e-10 of the radius
        tolerance = {"rtol": 1e-8, "atol": 1e-8} if word == "trust_region" else {"rtol": 0, "atol": 0}
        np.testing.assert_allclose(path.x[..., *lane], x, **tolerance)
        asked += alone.asked
    per_step = {"nelder_mead": 4}.get(word, 2 if word in FITTED else 1)
    assert together.asked <= asked + 2 * PATIENCE * per_step * starts[0].size
    assert word in RESTLESS or asked < 0.95 * steps * starts[0].size, "or nothing came to rest, and nothing is tested"


def test_a_batch_over_a_hyperparameter_leaves_out_the_lanes_at_rest():
    """`lr` and `mu` are arrays in the closure: the optimizer is made again for those that go on."""
    lr, mu = np.geomspace(3e-4, 3e-2, 6), np.array([0.0, 0.5, 0.9])
    problem, start = LaneByLane(himmelblau()), np.broadcast_to(np.array([0.5, 1.0])[:, None, None], (2, 6, 3))
    path, asked = trajectory(clipped(momentum(lr=lr[:, None], mu=mu), norm=50.0), problem, start, 3000), 0
    for i, j in np.ndindex(6, 3):
        alone = LaneByLane(himmelblau())
        optimizer = clipped(momentum(lr=lr[i], mu=mu[j]), norm=50.0)
        np.testing.assert_array_equal(path.x[..., i, j], trajectory(optimizer, alone, (0.5, 1.0), 3000).x)
        asked += alone.asked
    assert problem.asked <= asked + 2 * PATIENCE * 18 < 0.9 * 3000 * 18
    assert path.states[-1].v.shape == (2, 6, 3)


def test_a_memory_that_holds_hyperparameters_is_taken_apart_too():
    """`scheduled` remembers all that was in force, by name: a dict."""
    lr, starts = np.array([0.0016, 0.001, 0.0005]), np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    problem = LaneByLane(himmelblau())
    path = trajectory(scheduled(sgd, lr=lr), problem, starts, 1500)
    np.testing.assert_array_equal(path.x, trajectory(sgd(lr=lr), himmelblau(), starts, 1500).x)
    np.testing.assert_array_equal(path.states[-1].hyper["lr"], lr)
    assert problem.asked < 2 * 1500 + 2 * PATIENCE


def test_numbers_in_the_defaults_of_a_function_are_taken_apart_too():
    rates = np.array([0.0016, 0.001, 0.0005])

    def by_place(f, x, state, t, lr=rates):
        return sgd(lr=lr).step(f, x, state, t)

    def by_name(f, x, state, t, *, lr=rates):
        return sgd(lr=lr).step(f, x, state, t)

    starts = np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    expected = trajectory(sgd(lr=rates), himmelblau(), starts, 1500).x
    for step in (by_place, by_name):
        problem = LaneByLane(himmelblau())
        np.testing.assert_array_equal(trajectory(Optimizer(sgd().init, step), problem, starts, 1500).x, expected)
        assert problem.asked < 2 * 1500 + 2 * PATIENCE


RATES = np.full(3, 0.0016)  # of a step that finds them in its module


def test_what_cannot_be_taken_apart_runs_together_to_the_end():
    """An object that steps may hide a number for each lane; a memory may have none."""

    class Hidden:
        def step(self, f, x, state, t):
            return sgd(lr=np.full(3, 0.0016)).step(f, x, state, t)

    def noted(f, x, state, t):
        return sgd(lr=0.0016).step(f, x, (), t)[0], state

    table = np.array([0.0016, 0.0016])  # not a number for each lane

    def looked_up(f, x, state, t):
        return sgd(lr=table[t % 2]).step(f, x, state, t)

    def of_the_module(f, x, state, t):
        return sgd(lr=RATES).step(f, x, state, t)

    def of_itself(f, x, state, t):
        return of_itself and sgd(lr=0.0016).step(f, x, state, t)

    starts = np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    expected = trajectory(sgd(lr=0.0016), himmelblau(), starts, 1500).x
    optimizers = [Optimizer(sgd().init, step) for step in (Hidden().step, looked_up, of_the_module, of_itself)]
    for optimizer in (*optimizers, Optimizer(lambda x: np.ones(2), noted)):
        problem = LaneByLane(himmelblau())
        np.testing.assert_array_equal(trajectory(optimizer, problem, starts, 1500).x, expected)
        assert problem.asked % 3 == 0


def test_a_function_that_changes_with_the_step_is_asked_for_all_lanes():
    """What it says in one lane may then depend on the others, as noise drawn for all of them does."""

    class Jitter(LaneByLane):
        def at(self, t):
            rng = np.random.default_rng(t)
            return SimpleNamespace(grad=lambda p: self.grad(p) + rng.normal(size=p.shape))

    problem, starts = Jitter(bowl()), np.array([[0.0, np.nan, 1.0], [0.0, 0.0, 1.0]])
    trajectory(sgd(lr=0.01), problem, starts, 100)
    assert problem.asked == 300


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_memory_ends_in_the_lanes(word):
    """So that some of them can be taken out."""
    memory = OPTIMIZERS[word]().init(np.ones((2, 7, 5)))
    part = taken(memory, (7, 5), np.arange(35).reshape(7, 5) % 2 == 0)
    assert unchanged(part, OPTIMIZERS[word]().init(np.ones((2, 18)))).all()


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_at_a_minimum_nothing_is_computed(word):
    optimizer, calls = made(word)
    path = trajectory(optimizer, himmelblau(), (3.0, 2.0), 5000)
    assert (len(calls) < 5 * PATIENCE) == (word not in RESTLESS)
    assert word == "adamw" or np.abs(path.x[:, -1] - (3.0, 2.0)).max() <= 1e-4  # the simplex has to find out


def test_a_run_that_is_still_is_not_at_rest_while_its_memory_fades():
    """Adam stands still to the bit for hundreds of steps; v fades under the rounding that is left of g, and it jumps.

    So where the point is still the family of Adam is followed to the end: to stop there would be another path.
    """
    x = trajectory(made("adam", lr=0.056)[0], himmelblau(), himmelblau().start, 8000).x
    moves = np.flatnonzero((np.diff(x) != 0).any(axis=0))
    k = int(np.argmax(np.diff(moves)))
    assert np.diff(moves)[k] > 10 * PATIENCE
    assert np.abs(x[:, moves[k + 1] :] - x[:, moves[k] + 1, None]).max() > 1e-3


def test_a_run_is_not_taken_for_settled_while_its_schedule_or_its_noise_goes_on():
    class Counter(NamedTuple):
        n: int

    slow = Optimizer(lambda x: Counter(0), lambda f, x, s, t: (x, Counter(t // 7)))
    assert trajectory(slow, bowl(), (1.0, 1.0), 100).states[-1].n == 14
    jump = Optimizer(lambda x: (), lambda f, x, s, t: (x + f.grad(x) * (t == PATIENCE + 40), s))
    tally = Tally(noisy(bowl(), sigma=0.1, seed=1))
    assert trajectory(jump, tally, (1.0, 1.0), 100).x[0, -1] != 1, "noise: the problem differs at every step"
    assert trajectory(jump, bowl(), (1.0, 1.0), 100).x[0, -1] == 1, "a step that reads t must keep that in its memory"


def test_a_schedule_that_wakes_up_late_is_still_obeyed():
    late = scheduled(sgd, lr=lambda t: 0.0 if t < 3 * PATIENCE else 0.1)
    assert trajectory(late, bowl(), (1.0, 1.0), 4 * PATIENCE).x[0, -1] < 1
    assert trajectory(scheduled(sgd, lr=step_decay(0.1, factor=0.5, every=10)), bowl(), (1.0, 1.0), 60).alive.all()


def test_a_run_from_a_new_start_carries_nothing_over():
    optimizer, f = momentum(lr=1e-3, mu=0.9), rosenbrock()
    first = trajectory(optimizer, f, (-1.2, 1.0), 30).x
    trajectory(optimizer, f, (1.7, 2.0), 30)
    np.testing.assert_array_equal(trajectory(optimizer, f, (-1.2, 1.0), 30).x, first)


class Memory(NamedTuple):
    v: object


@pytest.mark.parametrize(
    "a, b, equal",
    [
        ((), (), True),
        (1.0, 1.0, True),
        (1.0, 2.0, False),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan]), True),
        (np.array([1.0, 2.0]), np.array([1.0, 3.0]), False),
        (np.array([True]), np.array([True]), True),
        (np.zeros(2), 0.0, False),
        (Memory(np.ones(2)), Memory(np.ones(2)), True),
        (Memory(np.ones(2)), Memory(np.zeros(2)), False),
        ((1, 2), (1,), False),
        ((1, 2), [1, 2], False),
        ({"lr": 0.1}, {"lr": 0.1}, True),
        ({"lr": 0.1}, {"lr": 0.2}, False),
        ({"lr": 0.1}, {"mu": 0.1}, False),
        ({"lr": 0.1}, (0.1,), False),
    ],
)
def test_memories_are_compared_by_their_content(a, b, equal):
    assert unchanged(a, b) == equal
