"""Some lanes of a batch: left out at rest, taken out of memories and optimizers, or, where that cannot be, all kept."""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS
from optimizers.lane_selection import is_unchanged, select_lanes
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import scheduled
from optimizers.simulate import REST_STEPS, trajectory
from optimizers.wrappers import clipped
from surfaces.functions.bowls import bowl
from surfaces.functions.multimodal import himmelblau
from tests.support.resting_rates import FITTED, RESTING, RESTLESS
from tests.support.sampling import sample


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


@pytest.mark.no_cover
@pytest.mark.parametrize("word", sample(OPTIMIZERS))
def test_a_lane_at_rest_or_dead_is_not_computed_while_others_go_on(word):
    """A batch asks for no more than its lanes asked for alone, but for the one or two looks it takes to find out."""
    optimizer, (starts, steps) = OPTIMIZERS[word](**({"lr": RESTING[word]} if word in RESTING else {})), spread()
    together = LaneByLane(himmelblau())
    path, asked = trajectory(optimizer, together, starts, steps), 0
    for lane in np.ndindex(starts.shape[1:]):
        alone = LaneByLane(himmelblau())
        x = trajectory(optimizer, alone, starts[:, *lane], steps).x
        np.testing.assert_array_equal(path.x[..., *lane], x)
        asked += alone.asked
    per_step = {"nelder_mead": 4}.get(word, 2 if word in FITTED else 1)
    assert together.asked <= asked + 2 * REST_STEPS * per_step * starts[0].size
    assert (asked < 0.95 * steps * starts[0].size) == (word not in RESTLESS), "some lanes come to rest"


@pytest.mark.no_cover
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
    assert problem.asked <= asked + 2 * REST_STEPS * 18 < 0.9 * 3000 * 18
    assert path.states[-1].v.shape == (2, 6, 3)


def test_a_memory_that_holds_hyperparameters_is_taken_apart_too():
    """`scheduled` remembers all that was in force, by name: a dict."""
    lr, starts = np.array([0.0016, 0.001, 0.0005]), np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    problem = LaneByLane(himmelblau())
    path = trajectory(scheduled(sgd, lr=lr), problem, starts, 1500)
    np.testing.assert_array_equal(path.x, trajectory(sgd(lr=lr), himmelblau(), starts, 1500).x)
    np.testing.assert_array_equal(path.states[-1].hyper["lr"], lr)
    assert problem.asked < 2 * 1500 + 2 * REST_STEPS


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
        assert problem.asked < 2 * 1500 + 2 * REST_STEPS


RATES = np.full(3, 0.0016)  # of a step that finds them in its module
TABLE = (RATES, "by lane")


@pytest.mark.no_cover
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

    def of_the_module_inside(f, x, state, t):
        def inside():
            return sgd(lr=RATES).step(f, x, state, t)

        return inside()

    def of_a_tuple_of_the_module(f, x, state, t):
        return sgd(lr=TABLE[0]).step(f, x, state, t)

    def of_itself(f, x, state, t):
        return of_itself and sgd(lr=0.0016).step(f, x, state, t)

    def of_another_way_round(f, x, state, t):
        return round_again and sgd(lr=0.0016).step(f, x, state, t)

    def round_again():
        return of_another_way_round

    ring = {"lr": 0.0016}
    ring["ring"] = ring

    def of_a_ring(f, x, state, t):
        return sgd(lr=ring["lr"]).step(f, x, state, t)

    def of_nothing_yet(f, x, state, t):
        return sgd(lr=0.0016).step(f, x, state, t) if t else missing

    if not RATES.size:
        missing = None

    starts = np.array([[3.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    expected = trajectory(sgd(lr=0.0016), himmelblau(), starts, 1500).x
    steps = [Hidden().step, looked_up, of_the_module, of_the_module_inside, of_a_tuple_of_the_module]
    steps += [of_itself, of_another_way_round, of_a_ring, of_nothing_yet]
    optimizers = [Optimizer(sgd().init, step) for step in steps]
    for optimizer in (*optimizers, Optimizer(lambda x: np.ones(2), noted)):
        problem = LaneByLane(himmelblau())
        np.testing.assert_array_equal(trajectory(optimizer, problem, starts, 1500).x, expected)
        assert problem.asked % 3 == 0


def test_a_function_that_changes_with_the_step_is_asked_for_all_lanes():
    """Its value in one lane may depend on the other lanes, like noise that is drawn for all of them."""

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
    part = select_lanes(memory, (7, 5), np.arange(35).reshape(7, 5) % 2 == 0)
    assert is_unchanged(part, OPTIMIZERS[word]().init(np.ones((2, 18)))).all()


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
    assert is_unchanged(a, b) == equal
