"""Invariants of every method fitted to curvature: independent lanes, nothing carried over, no evaluation repeated."""

import numpy as np
import pytest

from optimizers.lane_selection import is_unchanged
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region
from optimizers.numerics.evaluation_cache import Evaluation
from optimizers.simulate import trajectory
from optimizers.wrappers import lookahead
from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy
from tests.support.quadratic_methods import EVALUATION_CACHING, MAKERS, Quadratic, run_steps, take_first_step


@pytest.mark.no_cover
@pytest.mark.parametrize("lanes", [(6,), (2, 3)])
@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "saddle"])
@pytest.mark.parametrize("name", MAKERS)
def test_a_batch_is_its_lanes_run_alone(name, surface, lanes):
    f, make = SURFACES[surface](), MAKERS[name]
    starts = np.random.default_rng(7).uniform(-2, 2, (2, *lanes))
    together = trajectory(make(), f, starts, 25)
    for lane in np.ndindex(*lanes):
        at = (..., *lane)
        # sums of other lengths are added in another order, and an unbounded run grows by it
        np.testing.assert_allclose(trajectory(make(), f, starts[at], 25).x, together.x[at], rtol=1e-6, atol=1e-9)


class Holed:
    """A surface without a gradient right where the first step of some optimizer would end."""

    def __init__(self, f, make, start):
        self.f, self.value, self.hess = f, f.value, f.hess
        self.hole = trajectory(make(), f, start, 1).x[:, 1]

    def grad(self, p):
        off = np.abs(p - self.hole.reshape(-1, *(1,) * (p.ndim - 1))).max(axis=0)
        return np.where(off < 1e-6, np.nan, self.f.grad(p))

    def at(self, t):
        return self


@pytest.mark.parametrize(
    "surface, starts",
    [
        ("rosenbrock", [(1.0, 1.0), (1.001, 1.002), (-1.2, 1.0), (-1.5, 2.0)]),  # a slope of exactly 0
        (
            "styblinski_tang",
            [(-2.903534027771177,) * 2, (-2.91, -2.9), (-1.5, -4.5), (-2.0, -4.5)],
        ),  # or one lost in rounding
    ],
)
@pytest.mark.parametrize("name", [name for name in MAKERS if name != "nelder_mead"])
def test_lanes_end_each_in_their_own_time(name, surface, starts):
    """At the minimum, beside it, far from it, into a hole, and where nothing is finite: in a batch as alone."""
    make = MAKERS[name]
    f = Holed(SURFACES[surface](), make, starts[3])
    x0 = np.array([*starts, (1e155, -1e155)]).T
    together = trajectory(make(), f, x0, 60)
    moves = []
    for lane in range(5):
        alone = trajectory(make(), f, x0[:, lane], 60)
        if name == "trust_region":  # its multiplier is sought until it is right to 1e-10 in every lane
            np.testing.assert_allclose(together.x[..., lane], alone.x, rtol=1e-8)
        else:
            np.testing.assert_array_equal(together.x[..., lane], alone.x)
        np.testing.assert_array_equal(together.alive[:, lane], alone.alive)
        for t in np.flatnonzero(alone.alive):
            one, other = (getattr(path.states[t], "last", path.states[t]).is_done for path in (together, alone))
            assert one[lane] == other
        moves.append((np.diff(alone.x) != 0).any(axis=0).sum())
    assert moves[0] == moves[4] == 0 < moves[1] < moves[2]


@pytest.mark.parametrize("name", MAKERS)
def test_a_run_from_a_new_start_carries_nothing_over(name):
    f, optimizer = SURFACES["rosenbrock"](), MAKERS[name]()
    once = trajectory(optimizer, f, (-1.2, 1.0), 15).x
    trajectory(optimizer, f, (2.0, -1.0), 15)
    assert np.array_equal(trajectory(optimizer, f, (-1.2, 1.0), 15).x, once)


@pytest.mark.parametrize("name", MAKERS)
def test_steps_change_nothing_they_are_given(name):
    f, optimizer = SURFACES["beale"](), MAKERS[name]()
    x = np.array([[1.0, 0.5, 3.0], [1.0, -1.0, 0.5]])
    x.flags.writeable = False
    state = optimizer.init(x)
    for t in range(1, 12):
        for field in [*state, *(getattr(state, "last", None) or ())]:
            if isinstance(field, np.ndarray):
                field.flags.writeable = False
        x, state = optimizer.step(f, x, state, t)
        x.flags.writeable = False


@pytest.mark.no_cover
@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "himmelblau", "bowl", "booth"])
@pytest.mark.parametrize("name", MAKERS)
def test_what_has_converged_asks_for_nothing_and_stays_bit_for_bit(name, surface):
    problem, optimizer = CountedProblem(SURFACES[surface]()), MAKERS[name]()
    x = np.array(problem.start)
    steps = 2500  # Nelder-Mead on a bowl goes on until the squares underflow
    points, states = run_steps(optimizer, problem, x, steps)
    asked = problem.cumulative_calls(steps).sum(axis=0)
    assert asked[-1] == asked[-200]
    assert points[-1] is points[-2]
    assert is_unchanged(states[-1], states[-2])
    assert np.abs(problem.grad(points[-1])).max() < 1e-6


@pytest.mark.parametrize("name", MAKERS)
def test_a_converged_lane_waits_for_the_others_where_it_is(name):
    f = SURFACES["booth"]()
    start = np.array([[1.0, -9.0], [3.0, 9.0]])  # the first lane starts at the minimum
    if name != "nelder_mead":
        assert (trajectory(MAKERS[name](), f, start, 20).x[:, :, 0] == start[:, :1]).all()


@pytest.mark.parametrize("name", EVALUATION_CACHING)
def test_nothing_is_asked_twice(name):
    points = []

    class Watched(Quadratic):
        def value(self, p):
            points.append(tuple(p.ravel()))
            return super().value(p)

    run_steps(MAKERS[name](), Watched([[30.0, 4.0], [4.0, 2.0]], [0.7, -0.4]), (3.0, 2.0), 40)
    assert len(points) == len(set(points))


class Alternating:
    """Another function at every second step, as minibatches are: its minimum is at +1 or at -1."""

    def __init__(self):
        self.one, self.other = Quadratic(np.eye(2), [1.0, 1.0]), Quadratic(np.eye(2), [-1.0, -1.0])

    def at(self, t):
        return self.one if t % 2 else self.other


@pytest.mark.parametrize("name", [*EVALUATION_CACHING, "newton", "nelder_mead"])
def test_every_step_asks_the_function_of_that_step(name):
    """From the minimum of the one function the other still pulls: what is known of the one says nothing of it."""
    problem, optimizer = Alternating(), MAKERS[name]()
    points, states = run_steps(optimizer, problem, (1.0, 1.0), 2)
    if name == "nelder_mead":
        assert states[2].f[0] == problem.other.value(points[2])
    else:
        assert (points[1] == 1).all()
        assert (points[2] < 1).all()


@pytest.mark.parametrize("name", EVALUATION_CACHING)
def test_a_point_that_a_wrapper_moved_is_asked_for_anew(name):
    f, optimizer = SURFACES["rosenbrock"](), MAKERS[name]()
    points, states = run_steps(optimizer, f, (-1.2, 1.0), 80)
    assert states[-1].last.is_done
    moved, state = optimizer.step(f, points[-1] + 0.5, states[-1], 81)
    assert f.value(moved) < f.value(points[-1] + 0.5)
    assert isinstance(state.last, Evaluation)
    end = trajectory(lookahead(optimizer), f, (-1.2, 1.0), 300).x[:, -1]
    assert f.value(end) < 1e-6


def test_the_hessian_is_asked_for_anew_where_a_wrapper_moved_the_point():
    f, optimizer = SURFACES["rosenbrock"](), trust_region()
    points, states = run_steps(optimizer, f, (-1.2, 1.0), 3)
    elsewhere = points[-1] + 0.25
    _, state = optimizer.step(f, elsewhere, states[-1], 4)
    np.testing.assert_array_equal(state.H, f.hess(elsewhere))


@pytest.mark.parametrize("name", ["bfgs", "lbfgs", "trust_region", "nonlinear_cg"])
def test_noise_is_the_same_throughout_a_step_in_every_lane(name):
    """Noise is drawn for all lanes at once, so a function of one step is asked in all lanes or in none."""
    shapes = []

    class Shapes:
        def __init__(self, f):
            self.value, self.hess, self._grad = f.value, f.hess, f.grad

        def grad(self, p):
            shapes.append(p.shape)
            return self._grad(p)

    class Problem:
        f = noisy(SURFACES["rosenbrock"](), 0.5, seed=3)

        def at(self, t):
            return Shapes(self.f.at(t))

    run_steps(MAKERS[name](), Problem(), np.random.default_rng(0).uniform(-2, 2, (2, 3, 4)), 6)
    assert set(shapes) == {(2, 3, 4)}


@pytest.mark.parametrize("name", MAKERS)
def test_a_start_without_a_finite_value_is_left_where_it_is(name):
    hole = Surface(
        lambda p: np.log(p[0]) + p[1] ** 2,
        lambda p: np.array([1 / p[0] + np.log(p[0]) * 0, 2 * p[1]]),
        lambda p: np.array([[-1 / p[0] ** 2 + np.log(p[0]) * 0, 0 * p[0]], [0 * p[0], 2 + 0 * p[0]]]),
        None,
        None,
        (),
    )
    path = trajectory(MAKERS[name](), hole, np.array([[-1.0, -1.0], [1.0, 2.0]]), 5)
    assert np.isfinite(path.x).all()
    if name in EVALUATION_CACHING:
        assert (path.x[:, -1] == path.x[:, 0]).all()


@pytest.mark.parametrize("lanes", [(), (3,), (2, 3)])
def test_memories_begin_empty_in_every_lane(lanes):
    x = np.ones((2, *lanes))
    rest = newton().init(x)
    assert rest.objective is None
    assert rest.is_done.shape == lanes
    assert not rest.is_done.any()
    for name in EVALUATION_CACHING:
        at = MAKERS[name]().init(x).last
        assert at.objective is None
        assert at.f.shape == at.is_done.shape == at.expected_decrease.shape == lanes
        assert not at.is_done.any()
        assert (at.expected_decrease == np.inf).all()
    H = bfgs().init(x).H
    assert H.shape == (2, 2, *lanes)
    assert (H == 0).all()
    pairs = lbfgs(memory=4).init(x)
    assert pairs.s.shape == pairs.y.shape == (4, 2, *lanes)
    assert pairs.rho.shape == (4, *lanes)
    assert not (pairs.s.any() or pairs.y.any() or pairs.rho.any())
    region = trust_region(radius=2.5).init(x)
    assert region.H.shape == (2, 2, *lanes)
    assert (region.H == 0).all()
    assert np.isnan(region.hessian_x).all()
    assert region.radius.shape == lanes
    assert (region.radius == 2.5).all()


def test_bfgs_knows_what_it_learned_along_an_axis():
    """Off the diagonal H is still 0 then, which does not mean that it is empty."""
    points, states = run_steps(bfgs(), Quadratic(np.diag([4.0, 1.0]), [0.0, 0.0]), (3.0, 0.0), 2)
    assert points[1].tolist() == [2, 0]  # a first step of length 1
    np.testing.assert_allclose(states[1].H, np.diag([0.25, 1.0]), rtol=1e-14)
    np.testing.assert_allclose(points[2], 0, atol=1e-14)


def test_the_trust_region_is_done_when_unseen_steps_promise_no_less():
    f, optimizer = Quadratic(np.eye(2), [0.0, 0.0]), trust_region()
    flat = Surface(lambda p: 1e13 + 0 * f.value(p), f.grad, f.hess, None, None, ())  # it shows nothing of what f does
    x = np.array([0.5, 0.0])
    moved, state = take_first_step(optimizer, flat, x)
    assert moved.tolist() == [0, 0]
    assert state.last.expected_decrease == 0.125
    begun = optimizer.step(flat, x, optimizer.init(x), 1)[1]
    looked = begun._replace(
        last=begun.last._replace(x=x, f=np.array(1e13), g=f.grad(x), is_done=np.array(False)), hessian_x=x
    )
    for promise, done in ((0.124, True), (0.125, True), (0.126, False)):
        known = looked._replace(last=looked.last._replace(expected_decrease=np.array(promise)))
        moved, state = optimizer.step(flat, x, known, 2)
        assert state.last.is_done == done
        assert (moved == x).all() == done


def test_the_trust_region_refuses_a_step_that_its_gradients_call_uphill_where_the_values_agree():
    f = Quadratic(np.eye(2), [0.0, 0.0])
    # The model's curvature is a tenth of the true one, so that its step goes ten times too far; the values hide it.
    flat = Surface(lambda p: 1e13 + 0 * f.value(p), f.grad, lambda p: 0.1 * f.hess(p), None, None, ())
    x = np.array([0.5, 0.0])
    moved, state = take_first_step(trust_region(radius=100.0), flat, x)
    assert (moved == x).all()
    np.testing.assert_allclose(state.radius, 5 / 4, rtol=1e-12)  # a quarter of the step from 0.5 to -4.5
