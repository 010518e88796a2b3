"""Flows against their closed forms, and the order in which optimizers approach them."""

import numpy as np
import pytest

from optimizers.analysis.continuous_flows import (
    REST_DISTANCE,
    FlowEnd,
    FlowEquation,
    FlowKind,
    build_ode,
    integrate_flow,
    make_end_test,
)
from optimizers.analysis.matching_flow import distance_to_flow, find_matching_flow, largest_curvature
from optimizers.methods.momentum import momentum, nesterov, nesterov_lookahead, sgd
from optimizers.methods.second_order import newton
from optimizers.simulate import trajectory
from surfaces.base import Box, Surface, symmetric, vector
from surfaces.catalogue import SURFACES

H = np.array(((30.0, 4.0), (4.0, 2.0)))
X0 = np.array((1.5, -1.0))
UNIT = np.array((4.0, 4.0))


def quadratic(H=H):
    (a, b), (_, d) = H
    return Surface(
        lambda p: (a * p[0] ** 2 + 2 * b * p[0] * p[1] + d * p[1] ** 2) / 2,
        lambda p: vector(a * p[0] + b * p[1], b * p[0] + d * p[1]),
        lambda p: symmetric(a + 0 * p[0], b, d),
        Box((-2, 2), (-2, 2)), (1.5, -1.0), ((0.0, 0.0),),
    )  # fmt: skip


def last(*args, **hyper):
    *_, found = integrate_flow(*args, **hyper)
    return found


def on(word, law=FlowEquation(), until=np.inf, start=None, **hyper):
    surface = SURFACES[word](**hyper)
    widths = np.array([high - low for low, high in surface.box], dtype=float)
    return last(surface, law, np.array(start or surface.start, dtype=float), widths, until)


def modes(decay):
    """x(t) on the quadratic, where `decay(λ, t)` is what remains of a mode."""
    curvatures, V = np.linalg.eigh(H)
    return lambda t: V @ (decay(curvatures[:, None], t) * (V.T @ X0)[:, None])


def damped(c):
    """x'' + c x' + λ x = 0 from 1 at rest: e^{-ct/2} (cos wt + c/(2w) sin wt), w² = λ - c²/4."""

    def decay(curvature, t):
        w = np.sqrt(curvature - c * c / 4 + 0j)
        return (np.exp(-c * t / 2) * (np.cos(w * t) + c / (2 * w) * np.sin(w * t))).real

    return decay


def test_the_gradient_flow_of_a_quadratic_is_the_matrix_exponential():
    found = last(quadratic(), FlowEquation(), X0, UNIT)
    t = np.linspace(0, 8, 500)
    np.testing.assert_allclose(found.interpolate(t), modes(lambda a, t: np.exp(-a * t))(t), atol=2e-8)
    np.testing.assert_allclose(found.x, modes(lambda a, t: np.exp(-a * t))(found.t), atol=2e-8)
    assert found.end == FlowEnd.CAME_TO_REST
    np.testing.assert_array_equal(found.interpolate(np.array((1e9,))), found.x[:, -1:])


@pytest.mark.parametrize("c", [0.0, 0.5, 3.0, 40.0])
def test_the_heavy_ball_of_a_quadratic_is_a_damped_oscillator(c):
    found = last(quadratic(), FlowEquation(FlowKind.HEAVY_BALL, friction=c), X0, UNIT, until=10.0)
    t = np.linspace(0, found.t[-1], 500)
    np.testing.assert_allclose(found.interpolate(t), modes(damped(c))(t), atol=1e-6)
    assert found.end == (FlowEnd.CAME_TO_REST if found.t[-1] < 10 else FlowEnd.TIME_OVER)


@pytest.mark.parametrize("damping", [0.0, 3.0])
def test_newtons_flow_of_a_quadratic_goes_straight_to_its_minimum(damping):
    found = last(quadratic(), FlowEquation(FlowKind.NEWTON, damping=damping), X0, UNIT)
    t = np.linspace(0, 5, 100)
    np.testing.assert_allclose(found.interpolate(t), modes(lambda a, t: np.exp(-a / (a + damping) * t))(t), atol=2e-8)


def test_along_newtons_flow_the_slope_keeps_its_direction_and_fades():
    found = on("rosenbrock", FlowEquation(FlowKind.NEWTON))
    surface = SURFACES["rosenbrock"]()
    g0 = surface.grad(np.array(surface.start))
    t = np.linspace(0, 6, 50)
    np.testing.assert_allclose(surface.grad(found.interpolate(t)), np.exp(-t) * g0[:, None], rtol=1e-5, atol=1e-6)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("word", "hyper"),
    [("ravine", {}), ("rosenbrock", {"b": 1000}), ("powell_badly_scaled", {}), ("brown_badly_scaled", {}),
     ("himmelblau", {}), ("misra1a", {}), ("boxbod", {}), ("absolute", {}), ("saddle", {}),
     ("logistic_regression", {}), ("easom", {})],
)  # fmt: skip
def test_the_loss_of_a_gradient_flow_never_rises(word, hyper):
    found = on(word, **hyper)
    loss = SURFACES[word](**hyper).value(found.x)
    assert (np.diff(loss) <= 1e-8 * np.abs(loss[:-1]) + 1e-12 * np.ptp(loss)).all()
    assert (np.diff(found.t) >= 0).all()
    assert loss[-1] < loss[0]


@pytest.mark.parametrize(
    ("word", "start", "why", "end"),
    [
        ("himmelblau", (1.0, 1.0), FlowEnd.CAME_TO_REST, (3, 2)),
        ("himmelblau", (3.0, 2.0), FlowEnd.CAME_TO_REST, (3, 2)),
        ("double_well", (0.0, 0.5), FlowEnd.CAME_TO_REST, (0, 0)),  # on the ridge, to the saddle
        ("saddle", (0.5, 0.1), FlowEnd.LEFT_VIEW, None),
        ("absolute", (1.0, 0.25), FlowEnd.STUCK, (1 - 0.25 / 3, 0.0)),
    ],
)
def test_it_says_why_it_ends(word, start, why, end):
    found = on(word, start=start)
    assert found.end == why
    if end:
        np.testing.assert_allclose(found.x[:, -1], end, atol=1e-7)


def test_a_flow_ends_where_its_function_does_and_where_its_law_does():
    log = Surface(
        lambda p: np.log(p[0]) + p[1] ** 2, lambda p: vector(np.where(p[0] > 0, 1 / p[0], np.nan), 2 * p[1]),
        lambda p: symmetric(-1 / p[0] ** 2, 0, 2), Box((-2, 2), (-2, 2)), (1.0, 1.0), (),
    )  # fmt: skip
    found = last(log, FlowEquation(), np.array((1.0, 1.0)), UNIT)
    assert found.end in (FlowEnd.DOMAIN_EDGE, FlowEnd.STUCK)
    assert found.t[-1] == pytest.approx(0.5, abs=1e-6)  # x = sqrt(1 - 2t)
    assert last(log, FlowEquation(), np.array((-1.0, 1.0)), UNIT).end == FlowEnd.DOMAIN_EDGE
    assert on("levy13", FlowEquation(FlowKind.NEWTON)).end == FlowEnd.SINGULAR_HESSIAN


def test_a_flow_that_never_arrives_is_slow():
    quartic = Surface(
        lambda p: p[0] ** 4 + p[1] ** 4, lambda p: 4 * p**3, lambda p: symmetric(12 * p[0] ** 2, 0, 12 * p[1] ** 2),
        Box((-2, 2), (-2, 2)), (1.0, 1.0), (),
    )  # fmt: skip
    found = last(quartic, FlowEquation(), np.array((1.0, 0.5)), UNIT)
    assert found.end == FlowEnd.STILL_MOVING
    t = np.geomspace(1e-3, found.t[-1], 50)
    truth = np.array([1 / np.sqrt(1 / a**2 + 8 * t) for a in (1.0, 0.5)])  # x' = -4x³
    np.testing.assert_allclose(found.interpolate(t), truth, rtol=3e-5)
    assert np.isnan(found.interpolate(2 * found.t[-1:])).all()


def greatest(make, word, hyper, steps, surface, start, **more):
    """The greatest distance of a run from its flow."""
    hyper = hyper | more
    x = trajectory(make(**hyper), surface, start, steps).x
    found = find_matching_flow(word, hyper, np.full(steps + 1, hyper["lr"]))
    one = last(
        surface, found.law, start, UNIT, until=found.t[-1] * 1.001 if found.law.kind == FlowKind.HEAVY_BALL else np.inf
    )
    return np.nanmax(distance_to_flow(one, found.t, x))


@pytest.mark.no_cover
@pytest.mark.parametrize("place", ["quadratic", "rosenbrock", "himmelblau"])
def test_gradient_descent_is_eulers_method_of_first_order(place):
    surface = quadratic() if place == "quadratic" else SURFACES[place]()
    start, lr, steps = np.array((1.0, -0.5)), 5e-5, 1600
    coarse = greatest(sgd, "sgd", {"lr": lr}, steps, surface, start)
    fine = greatest(sgd, "sgd", {"lr": lr / 2}, 2 * steps, surface, start)
    assert coarse > 1e-6
    assert coarse / fine == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("make", [momentum, nesterov, nesterov_lookahead])
@pytest.mark.parametrize("place", ["quadratic", "himmelblau"])
def test_momentum_with_a_quarter_of_the_rate_is_twice_as_near_to_the_ball(make, place):
    """At the same friction c: μ = 1 - c √lr."""
    surface = quadratic() if place == "quadratic" else SURFACES[place]()
    start, c = np.array((1.0, -0.5)), 2.0
    far, near = (
        greatest(make, make.__name__, {"lr": h * h, "mu": 1 - c * h}, round(2 / h), surface, start)
        for h in (2e-3, 1e-3)
    )
    assert far > 1e-6
    assert far / near == pytest.approx(2, abs=0.1)


def test_newton_in_small_steps_follows_newtons_flow():
    surface, start = SURFACES["rosenbrock"](), np.array((-1.2, 1.0))
    given = {"damping": 0.0, "line_search": False, "avoid_saddles": False}
    far, near = (greatest(newton, "newton", given, round(2 / lr), surface, start, lr=lr) for lr in (0.02, 0.01))
    assert far / near == pytest.approx(2, abs=0.15)


def test_the_times_of_a_schedule_are_the_sums_of_its_rates():
    lr = np.array((0.1, 0.1, 0.2, 0.4))
    found = find_matching_flow("sgd", {}, lr)
    assert found.law == FlowEquation()
    np.testing.assert_allclose(found.t, (0, 0.1, 0.3, 0.7))
    assert find_matching_flow("momentum", {"mu": 0.9}, lr) is None


def test_what_has_no_flow_of_its_own():
    lr = np.full(5, 0.1)
    assert find_matching_flow("adam", {"lr": 0.1}, lr) is None
    assert find_matching_flow("lbfgs", {}, None) is None
    assert find_matching_flow("sgd", {"lr": 0.1}, lr, "clipped") is None
    assert find_matching_flow("momentum", {"lr": 0.1}, lr) is None  # its mu follows a schedule
    assert find_matching_flow("sgd", {"lr": 0.0}, 0 * lr) is None
    assert find_matching_flow("newton", {"line_search": True}, lr) is None


def test_the_fastest_time_is_that_of_the_largest_curvature():
    surface = quadratic()
    found = last(surface, FlowEquation(), X0, UNIT)
    assert largest_curvature(found, surface, 1.0) == pytest.approx(np.linalg.eigvalsh(H)[-1])
    valley = SURFACES["double_well"]()
    ridge = last(valley, FlowEquation(), np.array((0.1, 0.0)), UNIT)
    early, late = (largest_curvature(ridge, valley, t) for t in (1e-6, np.inf))
    assert early < late


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (0.6, -0.8)])
def test_a_flow_is_at_rest_as_far_from_the_minimum_as_newtons_step_is_long(direction):
    """In widths of the view, which differ."""
    f, widths, law = quadratic(), np.array((4.0, 8.0)), FlowEquation()
    find_end = make_end_test(f, law, build_ode(f, law, X0, widths), X0, widths)
    edge = REST_DISTANCE * widths * np.array(direction) / np.abs(direction).max()
    assert find_end(0.99 * edge) == FlowEnd.CAME_TO_REST
    assert find_end(1.01 * edge) is None
