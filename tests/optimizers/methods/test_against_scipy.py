"""SciPy as the yardstick: our methods against its own of the same idea, and its own as racers."""

import numpy as np
import pytest
from scipy.optimize import minimize

from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.scipy_minimizers import (
    MAX_ITERATIONS,
    ReplayState,
    scipy_lbfgsb,
    scipy_newton_cg,
    scipy_trust_exact,
)
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from surfaces.observers.evaluation_counter import CountedProblem
from tests.tools.published_problems import (
    CLASSICS,
    OPTIMIZERS,
    count_values_until,
    measure_distance,
    run_ours,
    run_scipys,
)

RACERS = {
    "L-BFGS-B": (scipy_lbfgsb, {"gtol": 1e-10, "ftol": 0.0}, False),
    "Newton-CG": (scipy_newton_cg, {"xtol": 1e-10}, True),
    "trust-exact": (scipy_trust_exact, {"gtol": 1e-10}, True),
}


@pytest.mark.parametrize("name", CLASSICS)
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_scipys_minimum_is_reached_for_at_most_half_as_much_again(word, name):
    surface, start = SURFACES[name](), CLASSICS[name]
    run, yardstick = run_ours(word, surface, start), run_scipys(word, surface, start)
    assert measure_distance(run.x, (tuple(yardstick.x),)) < 1e-8
    assert count_values_until(run, surface.minima) <= 1.5 * count_values_until(yardstick, surface.minima)


@pytest.mark.parametrize("name", CLASSICS)
@pytest.mark.parametrize("method", RACERS)
def test_a_racer_shows_scipys_path_and_scipys_counts(method, name):
    make, options, needs_hess = RACERS[method]
    surface, start = SURFACES[name](), np.array(CLASSICS[name])
    path = [start]
    hess = {"hess": surface.hess} if needs_hess else {}
    run = minimize(
        surface.value,
        start,
        jac=surface.grad,
        method=method,
        callback=lambda p: path.append(p.copy()),
        options=options,
        **hess,
    )
    shown = trajectory(make(), surface, start, 200)
    n = len(path)
    assert np.array_equal(shown.x[:, :n], np.array(path).T)
    assert (shown.x[:, n:] == run.x[:, None]).all()
    counts = np.array([state.evaluations for state in shown.states])
    assert counts[0].tolist() == [0, 0, 0]
    assert counts[-1].tolist() == [run.nfev, run.njev, run.nhev if needs_hess else 0]
    assert (np.diff(counts, axis=0) >= 0).all()
    assert counts[1, 0] < counts[-1, 0]  # spread over the steps, not all in one


@pytest.mark.parametrize("method", RACERS)
def test_a_racer_asks_only_in_its_first_step(method):
    make, _, _ = RACERS[method]
    problem = CountedProblem(SURFACES["rosenbrock"]())
    trajectory(make(), problem, (-1.2, 1.0), 20)
    asked = problem.cumulative_calls(20)
    assert asked[0, 1] > 20
    assert (asked[:, 1:] == asked[:, 1:2]).all()


@pytest.mark.parametrize("method", RACERS)
def test_racers_run_lane_by_lane(method):
    make, _, _ = RACERS[method]
    surface = SURFACES["himmelblau"]()
    starts = np.random.default_rng(1).uniform(-4, 4, (2, 3, 2))
    together = trajectory(make(), surface, starts, 60)
    counts = np.zeros(3, dtype=int)
    for i, j in np.ndindex(3, 2):
        alone = trajectory(make(), surface, starts[:, i, j], 60)
        assert np.array_equal(alone.x, together.x[..., i, j])
        counts += alone.states[-1].evaluations
    assert together.states[-1].evaluations.tolist() == counts.tolist()


@pytest.mark.parametrize("method", RACERS)
def test_a_racer_at_its_end_stays_as_it_is(method):
    make, _, _ = RACERS[method]
    surface, racer = SURFACES["booth"](), make()
    x = np.array([1.0, 2.0])
    state = racer.init(x)
    for t in range(1, 80):
        x, state = racer.step(surface, x, state, t)
    x_next, state_next = racer.step(surface, x, state, 80)
    assert x_next is x
    assert state_next is state


class Cliff:
    """Not a number left of 0, and SciPy's subproblem refuses matrices that are not finite."""

    def value(self, p):
        return np.sqrt(p[0]) + p[1] ** 2

    def grad(self, p):
        return np.array([0.5 / np.sqrt(p[0]), 2 * p[1]])

    def hess(self, p):
        return np.array([[-0.25 * p[0] ** -1.5, 0 * p[0]], [0 * p[0], 2 + 0 * p[0]]])

    def at(self, t):
        return self


@pytest.mark.parametrize("method", RACERS)
def test_a_racer_that_leaves_the_finite_world_ends_there(method):
    make, _, _ = RACERS[method]
    run = trajectory(make(), Cliff(), (1.0, 1.0), 50)
    assert np.isfinite(run.x).all()
    assert run.alive.all()


def test_a_path_that_becomes_infinite_is_cut_before():
    run = trajectory(scipy_trust_exact(), SURFACES["saddle"](), (0.5, 0.3), 3000)
    assert np.isfinite(run.x).all()
    assert isinstance(run.states[-1], ReplayState)


@pytest.mark.parametrize("name", [*CLASSICS, "saddle", "absolute", "plateau"])
@pytest.mark.parametrize("method", RACERS)
def test_a_racer_says_why_scipy_ended_in_its_words_once_its_last_iterate_is_shown(method, name):
    make, options, needs_hess = RACERS[method]
    surface = SURFACES[name]()
    start = np.array(CLASSICS.get(name, surface.start))
    hess = {"hess": surface.hess} if needs_hess else {}
    path = [start]
    with np.errstate(all="ignore"):
        run = minimize(
            surface.value, start, jac=surface.grad, method=method, options=options | {"maxiter": MAX_ITERATIONS},
            callback=lambda p: path.append(p.copy()), **hess,
        )  # fmt: skip
    shown = trajectory(make(), surface, start, len(path) + 3)
    finite = bool(np.isfinite(path).all())
    told = [bool(state.message) for state in shown.states]
    assert told == [finite and k >= len(path) - 1 for k in range(len(path) + 4)]
    assert shown.states[-1].message == (run.message.strip() if finite else "")


@pytest.mark.parametrize(
    "typed, start, racer, words",
    [
        ("sqrt(x) + y**2", (0.3, 1), scipy_trust_exact, "an error: array must not contain infs or NaNs"),
        ("log(x) + y**2", (0.3, 1), scipy_trust_exact, "an error: array must not contain infs or NaNs"),
        ("arctan(y/x) + x**2 + y**2", (0, 1), scipy_trust_exact, "an error: array must not contain infs or NaNs"),
        ("x**2 + y**2", (0, 0), scipy_trust_exact, "Optimization terminated successfully."),
        ("x**2 + y**2", (0, 0), scipy_lbfgsb, "CONVERGENCE: NORM OF PROJECTED GRADIENT <= PGTOL"),
        ("5", (1, 1), scipy_newton_cg, "Optimization terminated successfully."),
    ],
)
def test_an_error_of_scipys_is_a_reason_too(typed, start, racer, words):
    shown = trajectory(racer(), formula(typed, start=(0.5, 0.5)), np.array(start, dtype=float), 60)
    assert shown.states[0].message == ""
    assert shown.states[-1].message == words


@pytest.mark.parametrize("error", [np.linalg.LinAlgError("Singular matrix"), ValueError(), OverflowError("too large")])
def test_whatever_scipy_stumbles_over_is_told_in_its_words(error):
    class Stumbling(Cliff):
        def hess(self, p):
            raise error

    shown = trajectory(scipy_trust_exact(), Stumbling(), (1.0, 1.0), 5)
    assert shown.states[-1].message == f"an error: {str(error) or type(error).__name__}"


def test_of_many_lanes_no_reason_is_told():
    shown = trajectory(scipy_lbfgsb(), SURFACES["bowl"](), np.ones((2, 3)), 60)
    assert {state.message for state in shown.states} == {""}


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "himmelblau", "ackley"])
def test_nelder_mead_walks_scipys_path(name):
    surface, ours_ = SURFACES[name](), nelder_mead()
    start = np.array(surface.start)
    path = [start]
    minimize(
        surface.value,
        start,
        method="Nelder-Mead",
        callback=lambda p: path.append(p.copy()),
        options={"initial_simplex": ours_.init(start).vertices, "xatol": 1e-10, "fatol": 1e-10},
    )
    run = trajectory(ours_, surface, start, len(path) - 1)
    # the trial points are sums in another order, and a path amplifies the last digit
    np.testing.assert_allclose(run.x, np.array(path).T, rtol=1e-7, atol=1e-9)


NEAR_0 = (1e-15, -1e-15, 5e-324, 1e-300, -1e-100, 1e-8, -1e-8, 2e-7, 1e-12)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "start",
    [
        *((c, c) for c in NEAR_0), *((c, 0.7) for c in NEAR_0), *((-1.2, c) for c in NEAR_0),
        (1e-300, 1e-8), (0.0, 1e-15), (0.0, 0.0), (1e-6, 1e-6),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["rosenbrock", "booth", "himmelblau", "beale"])
def test_nelder_mead_gets_away_from_wherever_it_starts_near_an_axis(name, start):
    """As from the axis itself, to a minimum; 1e-6 is far more than the last triangle's size, and than rounding."""
    surface = SURFACES[name]()
    run = trajectory(nelder_mead(), surface, start, 400)
    assert min(np.abs(run.x[:, -1] - m).max() for m in np.array(surface.minima)) < 1e-6


@pytest.mark.parametrize("size", [1e-9, 1e-3, 0.05, 1.0])
def test_the_first_simplex_is_one_that_numbers_tell_apart(size):
    """Its sides are no shorter than what a square shows beside 1, or than asked for; at ordinary places a fraction."""
    x = np.array((0.0, *NEAR_0, 1e-3, 1.0, -2.5, 1e6, 1e300))
    vertices = nelder_mead(size).init(np.array(np.meshgrid(x, x))).vertices
    for i in range(2):
        side = vertices[i + 1] - vertices[0]
        assert (side[1 - i] == 0).all()
        assert (np.abs(side[i]) > 0.9 * np.minimum(size, 1.4e-8)).all()
        ordinary = np.abs(vertices[0, i]) >= 1e-3 if size >= 1e-3 else np.abs(vertices[0, i]) > 1
        assert (vertices[i + 1, i] == (1 + size) * vertices[0, i])[ordinary].all()
        assert (vertices[i + 1, i] == size)[vertices[0, i] == 0].all()
