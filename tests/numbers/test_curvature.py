"""Second-order methods against slow truths: dense matrices, closed forms, brute force."""

from inspect import signature

import numpy as np
import pytest

from optimizers.averaging import lookahead
from optimizers.conjugate import nonlinear_cg
from optimizers.curvature import bfgs, lbfgs, newton, trust_region, two_loop
from optimizers.derivative_free import nelder_mead
from optimizers.known import Known
from optimizers.lanes import unchanged
from optimizers.quadratic import eigen, solve, within
from optimizers.schedules import scheduled
from optimizers.simulate import trajectory
from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.noise import noisy
from surfaces.tally import Tally

MAKERS = {
    "newton": newton,
    "newton, searching": lambda: newton(line_search=True),
    "newton, off saddles": lambda: newton(avoid_saddles=True),
    "bfgs": bfgs,
    "lbfgs": lbfgs,
    "lbfgs, one pair": lambda: lbfgs(memory=1),
    "trust_region": trust_region,
    "nonlinear_cg": nonlinear_cg,
    "nelder_mead": nelder_mead,
}
KNOWING = ["bfgs", "lbfgs", "trust_region", "nonlinear_cg"]  # they remember what f said where they ended


class Quadratic:
    """½ (x - c)ᵀ A (x - c) in any number of dimensions."""

    def __init__(self, A, c):
        self.A, self.c = np.array(A), np.array(c)

    def _off(self, p):
        return p - self.c.reshape(-1, *(1,) * (p.ndim - 1))

    def value(self, p):
        return 0.5 * np.einsum("i...,ij,j...->...", self._off(p), self.A, self._off(p))

    def grad(self, p):
        return np.einsum("ij,j...->i...", self.A, self._off(p))

    def hess(self, p):
        d = len(self.A)
        return self.A.reshape(d, d, *(1,) * (p.ndim - 1)) + np.zeros((d, *p.shape))

    def at(self, t):
        return self


def quadratic(d, seed=0):
    rng = np.random.default_rng(seed)
    B = rng.standard_normal((d, d))
    return Quadratic(B @ B.T + 0.5 * np.eye(d), rng.standard_normal(d))


def first(optimizer, f, x):
    x = np.array(x, dtype=float)
    return optimizer.step(f, x, optimizer.init(x), 1)


def run(optimizer, f, x, steps):
    """Points and memories, step by step, without the loop."""
    x = np.array(x, dtype=float)
    state = optimizer.init(x)
    points, states = [x], [state]
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            x, state = optimizer.step(f.at(t), x, state, t)
            points.append(x)
            states.append(state)
    return points, states


# Defaults


@pytest.mark.parametrize(
    "make, defaults",
    [
        (newton, {"lr": 1.0, "damping": 0.0, "line_search": False, "avoid_saddles": False}),
        (bfgs, {}),
        (lbfgs, {"lr": 1.0, "memory": 10, "line_search": True}),
        (trust_region, {"radius": 1.0, "max_radius": 1e8, "accept": 0.1}),
        (nonlinear_cg, {"gtol": 0.1}),
        (nelder_mead, {"size": 0.05}),
    ],
)
def test_defaults_are_as_documented(make, defaults):
    assert {name: argument.default for name, argument in signature(make).parameters.items()} == defaults


# Newton


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("options", [{}, {"line_search": True}, {"avoid_saddles": True}])
def test_newton_needs_one_step_on_a_quadratic(d, options):
    f = quadratic(d)
    x, _ = first(newton(**options), f, np.full(d, 3.0))
    np.testing.assert_allclose(x, f.c, rtol=1e-12)  # the condition number, up to 1e2, times 1e-16


@pytest.mark.parametrize("lr", [0.25, 0.5, 1.5])
@pytest.mark.parametrize("damping", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("avoid_saddles", [False, True])
def test_newtons_step_is_the_damped_solution(lr, damping, avoid_saddles):
    A = np.array([[2.0, 0.5], [0.5, -1.0]])  # indefinite
    f, x = Quadratic(A, [0.3, -0.2]), np.array([1.0, 2.0])
    values, V = np.linalg.eigh(A)
    H = V @ np.diag(np.abs(values)) @ V.T if avoid_saddles else A
    expected = x - lr * np.linalg.solve(H + damping * np.eye(2), f.grad(x))
    moved, _ = first(newton(lr, damping, avoid_saddles=avoid_saddles), f, x)
    np.testing.assert_allclose(moved, expected, rtol=1e-13)


def test_newton_walks_to_a_saddle_unless_told_not_to():
    saddle = SURFACES["saddle"]()
    start = (0.5, 0.3)
    assert np.abs(trajectory(newton(), saddle, start, 5).x[:, -1]).max() < 1e-12
    away = trajectory(newton(avoid_saddles=True), saddle, start, 5).x
    values = saddle.value(away)
    assert (np.diff(values) < 0).all()
    searching = trajectory(newton(line_search=True), saddle, start[::-1], 5).x  # from where the saddle is uphill
    assert (np.diff(saddle.value(searching)) < 0).all()


@pytest.mark.parametrize("start", [(-0.2, -0.9), (0.1, 0.1), (2.0, -3.0), (-4.0, 1.0)])
@pytest.mark.parametrize("avoid_saddles", [False, True])
def test_newton_with_a_line_search_never_climbs(start, avoid_saddles):
    himmelblau = SURFACES["himmelblau"]()
    values = himmelblau.value(
        trajectory(newton(line_search=True, avoid_saddles=avoid_saddles), himmelblau, start, 40).x
    )
    # 1e-11: near the minimum, or a stationary value of 180, differences are rounding and are not judged
    assert (np.diff(values) <= 1e-11 * np.abs(values[:-1])).all()
    assert values[-1] < values[0]


def test_newtons_line_search_starts_from_the_learning_rate():
    f, start = quadratic(2), np.array([4.0, -1.0])
    moved, _ = first(newton(lr=0.25, line_search=True), f, start)
    np.testing.assert_allclose(moved, start + 0.25 * (f.c - start), rtol=1e-13)


def test_a_learning_rate_of_zero_is_no_rest():
    f, start = quadratic(2), np.array([4.0, -1.0])
    still, state = first(newton(lr=0.0), f, start)
    assert (still == start).all()
    moved, _ = newton().step(f, still, state, 2)
    np.testing.assert_allclose(moved, f.c, rtol=1e-12)


def test_a_step_below_the_rounding_of_the_point_is_not_taken():
    f = Quadratic(np.eye(2), [1.0, 1.0])
    near = np.array([1.0 + 4 * np.spacing(1.0), 1.0])
    stayed, state = first(newton(), f, near)
    assert (stayed == near).all()
    assert state.done
    farther = np.array([1.0 + 5 * np.spacing(1.0), 1.0])
    moved, state = first(newton(), f, farther)
    assert (moved == 1.0).all()
    assert not state.done


# Linear algebra lane by lane


@pytest.mark.parametrize("lanes", [(), (7,), (3, 4)])
@pytest.mark.parametrize("d", [1, 2, 6])
def test_solve_agrees_with_lapack(d, lanes):
    rng = np.random.default_rng(3)
    B = rng.standard_normal((d, d, *lanes))
    H, g = B + B.swapaxes(0, 1), rng.standard_normal((d, *lanes))
    p = solve(H, g, 0.1)
    for lane in np.ndindex(*lanes):
        at = (..., *lane)
        expected = np.linalg.solve(H[at] + 0.1 * np.eye(d), g[at])
        np.testing.assert_allclose(p[at], expected, rtol=1e-9)  # the worst condition number here is about 1e4


def test_a_singular_lane_and_one_that_is_not_a_number_leave_the_others_alone():
    H = np.zeros((2, 2, 4))
    H[..., 0] = [[2, 0], [0, 4]]
    H[..., 1] = [[1, 1], [1, 1]]  # singular: the pseudo-inverse
    H[..., 2] = np.nan
    g = np.ones((2, 4))  # and lane 3 is all zero
    for absolute in (False, True):
        p = solve(H, g, absolute=absolute)
        np.testing.assert_allclose(p[:, 0], [0.5, 0.25], rtol=1e-15)
        np.testing.assert_allclose(p[:, 1], [0.5, 0.5], rtol=1e-15)
        assert np.isnan(p[:, 2]).all()
        assert (p[:, 3] == 0).all()


def test_coordinates_a_million_times_apart_are_solved_to_full_precision():
    H = np.array([[3.0, 1e6], [1e6, 2e12]])
    g = np.array([1.0, 1e6])
    np.testing.assert_allclose(solve(H, g), [0.2, 4e-7], rtol=1e-14)


def test_eigenvectors_are_columns():
    H = np.array([[2.0, 0.5], [0.5, -1.0]])
    values, V = eigen(H)
    np.testing.assert_allclose(H @ V, V * values, atol=1e-15)
    assert values[0] < values[1]


@pytest.mark.parametrize("radius", [1e-3, 0.5, 1.0, 30.0])
@pytest.mark.parametrize(
    "H, g",
    [
        ([[2, 0.5], [0.5, 1]], [1, -2]),  # convex
        ([[2, 0.5], [0.5, -1]], [1, -2]),  # indefinite
        ([[-2, 0.5], [0.5, -1]], [1, 0.3]),  # concave
        ([[-1, 0], [0, 3]], [0, 1]),  # the hard case: nothing of g along the lowest eigenvalue
        ([[-1, 0], [0, 3]], [0, 0]),  # at a saddle
        ([[-1, 0], [0, 3]], [1e-14, 1]),  # nearly the hard case
        ([[2, 0], [0, 0]], [1, 0]),  # flat across
        ([[0, 0], [0, 0]], [3, 4]),  # a plane
        ([[1e12, 0], [0, 1]], [1e6, 1]),
    ],
)
def test_the_step_within_a_radius_is_the_lowest_of_all(H, g, radius):
    H, g = np.array(H, dtype=float), np.array(g, dtype=float)
    with np.errstate(all="raise", under="ignore"):
        p, promised = within(H, g, np.array(radius))
    length = np.hypot(*p)
    assert length <= radius * (1 + 1e-9)  # the multiplier is found to 1e-10
    angle = np.linspace(0, 2 * np.pi, 200_001)
    r = radius * np.concatenate(([np.ones_like(angle)], [np.full_like(angle, 0.5)]))
    disc = r[:, None] * np.array([np.cos(angle), np.sin(angle)])  # (2 radii, 2, n)
    model = np.einsum("rin,i->rn", disc, g) + 0.5 * np.einsum("rin,ij,rjn->rn", disc, H, disc)
    assert -promised <= model.min() + 1e-9 * np.abs(model).max()
    np.testing.assert_allclose(promised, -(g @ p + 0.5 * p @ H @ p), rtol=1e-12, atol=1e-300)
    if np.linalg.eigvalsh(H)[0] < 0:
        assert length == pytest.approx(radius, rel=1e-6)


# BFGS and L-BFGS against dense matrices


def inverse_hessian(points, f, memory, base):
    """Nocedal & Wright (6.17), dense, from the whole path: each s with its own y."""
    H = base
    for i in range(max(0, len(points) - 1 - memory), len(points) - 1):
        s, y = points[i + 1] - points[i], f.grad(points[i + 1]) - f.grad(points[i])
        rho = 1 / (s @ y)
        left = np.eye(len(s)) - rho * np.outer(s, y)
        H = left @ H @ left.T + rho * np.outer(s, s)
    return H


@pytest.mark.parametrize(
    "name, start", [("rosenbrock", (-1.2, 1.0)), ("beale", (1.0, 1.0)), ("himmelblau", (0.0, 0.0))]
)
def test_bfgs_has_the_inverse_hessian_of_its_path(name, start):
    f = SURFACES[name]()
    points, states = run(bfgs(), f, start, 9)
    for k in range(1, 10):
        expected = inverse_hessian(points[: k + 1], f, k, np.eye(2))
        np.testing.assert_allclose(states[k].H, expected, rtol=1e-6, atol=1e-12)  # rounding, amplified by s that shrink


@pytest.mark.parametrize("memory", [1, 2, 5, 6, 100])
def test_lbfgs_has_the_inverse_hessian_of_its_last_pairs(memory):
    """In six dimensions H0 is scaled, (7.20), where the memory holds fewer pairs than that, and I elsewhere."""
    f = quadratic(6, seed=4)
    points, states = run(lbfgs(memory=memory), f, np.full(6, 2.0), 9)
    assert np.abs(states[9].at.g).max() > 1e-8  # still on the way
    g = np.random.default_rng(0).standard_normal(6)
    for k in range(1, 10):
        s, y = points[k] - points[k - 1], f.grad(points[k]) - f.grad(points[k - 1])
        gamma = s @ y / (y @ y) if memory < 6 else 1.0
        H = inverse_hessian(points[: k + 1], f, memory, gamma * np.eye(6))
        _, s_, y_, rho = states[k]
        np.testing.assert_allclose(two_loop(g, s_, y_, rho), H @ g, rtol=1e-8)


@pytest.mark.parametrize("make", [bfgs, lambda: lbfgs(memory=50), lambda: lbfgs(memory=3)])
def test_the_step_goes_along_minus_h_g(make):
    f = quadratic(5, seed=2)
    points, states = run(make(), f, np.full(5, 2.0), 6)
    for x, moved, state in zip(points[1:], points[2:], states[1:], strict=False):
        g = f.grad(x)
        p = state.H @ g if hasattr(state, "H") else two_loop(g, state.s, state.y, state.rho)
        s = x - moved
        assert s @ p / np.sqrt((s @ s) * (p @ p)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("lr", [1.0, 0.3, 1.5])
@pytest.mark.parametrize("memory", [1, 3, 50])
def test_without_a_line_search_lbfgs_steps_lr_times_minus_h_g(lr, memory):
    """Against the inverse Hessian as a dense matrix; x - x' has few digits, and H y too once the steps are short."""
    f = quadratic(6, seed=4)
    points, _ = run(lbfgs(lr, memory, line_search=False), f, np.full(6, 2.0), 8)
    g = f.grad(points[0])
    np.testing.assert_allclose(points[1] - points[0], -lr * g / max(1.0, np.linalg.norm(g)), rtol=1e-13)
    for k in range(1, 8):
        s, y = points[k] - points[k - 1], f.grad(points[k]) - f.grad(points[k - 1])
        gamma = s @ y / (y @ y) if memory < 6 else 1.0
        H = inverse_hessian(points[: k + 1], f, memory, gamma * np.eye(6))
        np.testing.assert_allclose(points[k + 1] - points[k], -lr * H @ f.grad(points[k]), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("lr", [1.0, 0.01, 3.0])
def test_the_line_search_of_lbfgs_tries_lr_first(lr):
    asked = []

    class Watched(Quadratic):
        def value(self, p):
            asked.append(p.reshape(2))
            return super().value(p)

    f = Watched(np.diag([1.0, 7.0]), [0.0, 0.0])
    x = np.array((0.3, 0.05))
    trajectory(lbfgs(lr=lr), f, x, 1)
    first_trial = next(p for p in asked if (p != x).any())
    np.testing.assert_allclose(first_trial, x - lr * f.grad(x), rtol=1e-15)


def test_a_step_without_line_search_may_go_up_and_rests_where_rounding_loses_it():
    f = SURFACES["rosenbrock"]()
    path = trajectory(lbfgs(line_search=False), f, f.start, 200)
    loss = f.value(path.x)
    assert (np.diff(loss) > 0).any()
    assert loss[-1] < 1e-25
    assert path.states[-1].at.done
    assert path.states[-1] is path.states[-2]  # it is not followed to the end


@pytest.mark.parametrize("line_search", [True, False])
def test_a_step_of_length_0_in_a_schedule_is_not_the_end_of_lbfgs(line_search):
    """At 0 in every third step, the first among them."""
    make = lambda lr: lbfgs(lr=lr, line_search=line_search)  # noqa: E731
    f = quadratic(2, seed=3)
    path = trajectory(scheduled(make, lr=lambda t: 0.0 if t % 3 == 1 else 1.0), f, np.array((1.5, -2.0)), 60)
    np.testing.assert_array_equal(path.x[:, 1], path.x[:, 0])
    np.testing.assert_array_equal(path.x[:, 4], path.x[:, 3])
    assert np.linalg.norm(f.grad(path.x[:, -1])) < 1e-9 * np.linalg.norm(f.grad(path.x[:, 0]))


def test_lbfgs_keeps_the_newest_pairs_last():
    f = SURFACES["rosenbrock"]()
    points, states = run(lbfgs(memory=3), f, (-1.2, 1.0), 5)
    s = np.diff(np.array(points), axis=0)
    y = np.diff(np.array([f.grad(x) for x in points]), axis=0)
    assert states[0].rho.tolist() == [0, 0, 0]
    np.testing.assert_array_equal(states[2].rho[0], 0)
    np.testing.assert_array_equal(states[5].s, s[2:])
    np.testing.assert_array_equal(states[5].y, y[2:])
    np.testing.assert_allclose(states[5].rho, 1 / np.einsum("mi,mi->m", s[2:], y[2:]), rtol=1e-14)


@pytest.mark.parametrize("name", ["bfgs", "lbfgs", "nonlinear_cg"])
@pytest.mark.parametrize("start", [(-1.2, 1.0), (1.001, 1.002), (0.99, 0.98)])
def test_the_first_step_is_steepest_descent(name, start):
    f = SURFACES["rosenbrock"]()
    x, _ = first(MAKERS[name](), f, start)
    s, g = x - np.array(start), f.grad(np.array(start))
    assert s @ g == pytest.approx(-np.linalg.norm(s) * np.linalg.norm(g), rel=1e-12)


@pytest.mark.parametrize("name", ["bfgs", "lbfgs", "nonlinear_cg"])
def test_the_first_trial_is_no_longer_than_one_nor_than_the_gradient(name):
    asked = []

    class Watched(Quadratic):
        def value(self, p):
            asked.append(p.reshape(2, -1)[:, 0].copy())
            return super().value(p)

    for slope, length in ((40.0, 1.0), (0.25, 0.25)):
        asked.clear()
        first(MAKERS[name](), Watched(np.eye(2), [0.0, 0.0]), (slope, 0.0))
        assert np.linalg.norm(asked[1] - asked[0]) == pytest.approx(length, rel=1e-12)


@pytest.mark.parametrize("make", [bfgs, lbfgs])
def test_a_pair_without_curvature_is_not_remembered(make):
    """On a plane y = 0: nothing is learned and nothing divided by zero."""
    plane = Surface(lambda p: p[0] + 0 * p[1], lambda p: np.array([1 + 0 * p[0], 0 * p[1]]), None, None, None, ())
    points, states = run(make(), plane, (0.0, 0.0), 3)
    assert (np.diff([plane.value(x) for x in points]) < 0).all()
    learned = states[-1].H if make is bfgs else states[-1].rho
    assert (learned == 0).all()


def test_conjugate_gradients_need_two_steps_with_an_exact_line_search():
    f = Quadratic([[30.0, 4.0], [4.0, 2.0]], [0.7, -0.4])
    x = trajectory(nonlinear_cg(gtol=1e-10), f, (3.0, 2.0), 2).x
    assert np.abs(x[:, 1] - f.c).max() > 0.1
    np.testing.assert_allclose(x[:, 2], f.c, rtol=1e-8)  # the line search is exact to 1e-10


def test_conjugate_gradients_follow_polak_and_ribiere():
    f = SURFACES["rosenbrock"]()
    points, states = run(nonlinear_cg(), f, (-1.2, 1.0), 12)
    p, clipped = np.zeros(2), 0
    for k in range(1, 13):
        g, g_before = f.grad(points[k - 1]), f.grad(points[max(k - 2, 0)])
        beta = max(0.0, g @ (g - g_before) / (g_before @ g_before))
        clipped += k > 1 and beta == 0
        p = -g + beta * p
        p = p if p @ g < 0 else -g
        np.testing.assert_allclose(states[k].p, p, rtol=1e-9)
        s = points[k] - points[k - 1]
        assert s @ p == pytest.approx(np.linalg.norm(s) * np.linalg.norm(p), rel=1e-9)
        assert states[k].alpha == pytest.approx(np.linalg.norm(s) / np.linalg.norm(p), rel=1e-9)
    assert clipped < 12


# Trust region


def cubic(c):
    """x²/2 + y²/2 + c x³: the model errs by c x³, the more the longer the step."""
    return Surface(
        lambda p: 0.5 * p[0] ** 2 + 0.5 * p[1] ** 2 + c * p[0] ** 3,
        lambda p: np.array([p[0] + 3 * c * p[0] ** 2, p[1]]),
        lambda p: np.array([[1 + 6 * c * p[0], 0 * p[0]], [0 * p[0], 1 + 0 * p[0]]]),
        None,
        None,
        (),
    )


@pytest.mark.parametrize("c", [-0.3, -0.2, -0.12, -0.08, -0.02, 0.0, 0.03, 0.05, 0.055, 0.06, 0.1, 0.3, 0.6, 3.0])
@pytest.mark.parametrize("radius, max_radius", [(0.5, 1e8), (1.0, 1.5), (4.0, 1e8)])
def test_the_radius_follows_the_ratio(c, radius, max_radius):
    f, x = cubic(c), np.array([-2.0, 0.5])
    p, promised = within(f.hess(x), f.grad(x), np.array(radius))
    ratio = (f.value(x) - f.value(x + p)) / promised
    length = np.hypot(*p)
    moved, state = first(trust_region(radius, max_radius), f, x)
    expected = radius
    if ratio < 0.25:
        expected = length / 4
    elif ratio > 0.75 and length > 0.99 * radius:
        expected = min(2 * radius, max_radius)
    assert state.radius == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(moved, x + p if ratio > 0.1 else x, rtol=1e-12)


def test_the_radius_is_kept_from_step_to_step():
    f = SURFACES["rosenbrock"]()
    points, states = run(trust_region(radius=0.1), f, (-1.2, 1.0), 12)
    radii = np.array([state.radius for state in states])
    assert radii[0] == 0.1
    assert radii[1] == 0.2  # the model is good at such a length
    assert len(set(radii.tolist())) > 3
    for k in range(1, 13):
        s = points[k] - points[k - 1]
        assert np.hypot(*s) <= radii[k - 1] * (1 + 1e-9)


def test_what_is_accepted_can_be_chosen():
    f, x = cubic(0.0), np.array([-2.0, 0.5])  # here the ratio is 1
    for accept, moves in ((0.9, True), (1.1, False)):
        moved, _ = first(trust_region(accept=accept), f, x)
        assert (moved != x).any() == moves


def test_a_rejected_step_asks_for_nothing_but_a_value_and_no_hessian_twice():
    f, x = cubic(0.1), np.array([-2.0, 0.5])
    problem = Tally(f)
    run(trust_region(radius=4.0), problem, x, 2)
    rejected = trust_region(radius=4.0).step(f, x, trust_region(radius=4.0).init(x), 1)[0]
    assert (rejected == x).all()
    assert problem.cumulative(2)[:, 1].tolist() == [2, 1, 1]
    assert problem.cumulative(2)[0, 2] == 3
    assert problem.cumulative(2)[2, 2] == 1


@pytest.mark.parametrize("make", [trust_region, lambda: newton(avoid_saddles=True, line_search=True)])
def test_a_saddle_is_left_from_right_beside_it(make):
    himmelblau = SURFACES["himmelblau"]()
    saddle = trajectory(newton(), himmelblau, (0.1, 3.0), 50).x[:, -1]
    assert np.linalg.eigvalsh(himmelblau.hess(saddle))[0] < 0
    end = trajectory(make(), himmelblau, saddle + 1e-6, 100).x[:, -1]
    assert himmelblau.value(end) < 1e-20


def test_the_trust_region_leaves_even_an_exact_saddle():
    saddle = SURFACES["saddle"]()
    x, _ = first(trust_region(), saddle, (0.0, 0.0))
    assert saddle.value(x) < 0


# What every one of them keeps to


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
            one, other = (getattr(path.states[t], "at", path.states[t]).done for path in (together, alone))
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
        for field in [*state, *(getattr(state, "at", None) or ())]:
            if isinstance(field, np.ndarray):
                field.flags.writeable = False
        x, state = optimizer.step(f, x, state, t)
        x.flags.writeable = False


@pytest.mark.no_cover
@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "himmelblau", "bowl", "booth"])
@pytest.mark.parametrize("name", MAKERS)
def test_what_has_converged_asks_for_nothing_and_stays_bit_for_bit(name, surface):
    problem, optimizer = Tally(SURFACES[surface]()), MAKERS[name]()
    x = np.array(problem.start)
    steps = 2500  # Nelder-Mead on a bowl goes on until the squares underflow
    points, states = run(optimizer, problem, x, steps)
    asked = problem.cumulative(steps).sum(axis=0)
    assert asked[-1] == asked[-200]
    assert points[-1] is points[-2]
    assert unchanged(states[-1], states[-2])
    assert np.abs(problem.grad(points[-1])).max() < 1e-6 if name == "nelder_mead" else True


@pytest.mark.parametrize("name", MAKERS)
def test_a_converged_lane_waits_for_the_others_where_it_is(name):
    f = SURFACES["booth"]()
    start = np.array([[1.0, -9.0], [3.0, 9.0]])  # the first lane starts at the minimum
    if name != "nelder_mead":
        assert (trajectory(MAKERS[name](), f, start, 20).x[:, :, 0] == start[:, :1]).all()


@pytest.mark.parametrize("name", KNOWING)
def test_nothing_is_asked_twice(name):
    points = []

    class Watched(Quadratic):
        def value(self, p):
            points.append(tuple(p.ravel()))
            return super().value(p)

    run(MAKERS[name](), Watched([[30.0, 4.0], [4.0, 2.0]], [0.7, -0.4]), (3.0, 2.0), 40)
    assert len(points) == len(set(points))


class Alternating:
    """Another function at every second step, as minibatches are: its minimum is at +1 or at -1."""

    def __init__(self):
        self.one, self.other = Quadratic(np.eye(2), [1.0, 1.0]), Quadratic(np.eye(2), [-1.0, -1.0])

    def at(self, t):
        return self.one if t % 2 else self.other


@pytest.mark.parametrize("name", [*KNOWING, "newton", "nelder_mead"])
def test_every_step_asks_the_function_of_that_step(name):
    """From the minimum of the one function the other still pulls: what is known of the one says nothing of it."""
    problem, optimizer = Alternating(), MAKERS[name]()
    points, states = run(optimizer, problem, (1.0, 1.0), 2)
    if name == "nelder_mead":
        assert states[2].f[0] == problem.other.value(points[2])
    else:
        assert (points[1] == 1).all()
        assert (points[2] < 1).all()


@pytest.mark.parametrize("name", KNOWING)
def test_a_point_that_a_wrapper_moved_is_asked_for_anew(name):
    f, optimizer = SURFACES["rosenbrock"](), MAKERS[name]()
    points, states = run(optimizer, f, (-1.2, 1.0), 80)
    assert states[-1].at.done
    moved, state = optimizer.step(f, points[-1] + 0.5, states[-1], 81)
    assert f.value(moved) < f.value(points[-1] + 0.5)
    assert isinstance(state.at, Known)
    end = trajectory(lookahead(optimizer), f, (-1.2, 1.0), 300).x[:, -1]
    assert f.value(end) < 1e-6


def test_the_hessian_is_asked_for_anew_where_a_wrapper_moved_the_point():
    f, optimizer = SURFACES["rosenbrock"](), trust_region()
    points, states = run(optimizer, f, (-1.2, 1.0), 3)
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

    run(MAKERS[name](), Problem(), np.random.default_rng(0).uniform(-2, 2, (2, 3, 4)), 6)
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
    if name in KNOWING:
        assert (path.x[:, -1] == path.x[:, 0]).all()


@pytest.mark.parametrize("lanes", [(), (3,), (2, 3)])
def test_memories_begin_empty_in_every_lane(lanes):
    x = np.ones((2, *lanes))
    rest = newton().init(x)
    assert rest.seen is None
    assert rest.done.shape == lanes
    assert not rest.done.any()
    for name in KNOWING:
        at = MAKERS[name]().init(x).at
        assert at.seen is None
        assert at.f.shape == at.done.shape == at.promise.shape == lanes
        assert not at.done.any()
        assert (at.promise == np.inf).all()
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
    assert np.isnan(region.asked).all()
    assert region.radius.shape == lanes
    assert (region.radius == 2.5).all()


def test_bfgs_knows_what_it_learned_along_an_axis():
    """Off the diagonal H is still 0 then, which does not mean that it is empty."""
    points, states = run(bfgs(), Quadratic(np.diag([4.0, 1.0]), [0.0, 0.0]), (3.0, 0.0), 2)
    assert points[1].tolist() == [2, 0]  # a first step of length 1
    np.testing.assert_allclose(states[1].H, np.diag([0.25, 1.0]), rtol=1e-15)
    np.testing.assert_allclose(points[2], 0, atol=1e-15)


def test_the_trust_region_is_done_when_unseen_steps_promise_no_less():
    f, optimizer = Quadratic(np.eye(2), [0.0, 0.0]), trust_region()
    flat = Surface(lambda p: 1e13 + 0 * f.value(p), f.grad, f.hess, None, None, ())  # it shows nothing of what f does
    x = np.array([0.5, 0.0])
    moved, state = first(optimizer, flat, x)
    assert moved.tolist() == [0, 0]
    assert state.at.promise == 0.125
    begun = optimizer.step(flat, x, optimizer.init(x), 1)[1]
    looked = begun._replace(at=begun.at._replace(x=x, f=np.array(1e13), g=f.grad(x), done=np.array(False)), asked=x)
    for promise, done in ((0.124, True), (0.125, True), (0.126, False)):
        known = looked._replace(at=looked.at._replace(promise=np.array(promise)))
        moved, state = optimizer.step(flat, x, known, 2)
        assert state.at.done == done
        assert (moved == x).all() == done


def test_a_rotation_finds_the_eigenvalues_that_lapack_finds():
    """Sizes from 1e-150 to 1e150, diagonal and multiples of the identity among them: each to the largest's rounding."""
    rng = np.random.default_rng(1)
    powers = rng.integers(-8, 8, (3, 5000)) + rng.integers(-140, 140, 5000)
    a, b, c = rng.normal(size=(3, 5000)) * 10.0**powers
    b[:50], c[:20] = 0, a[:20]
    H = np.array(((a, b), (b, c)))
    values, V = eigen(H)
    size = np.abs(H).max(axis=(0, 1))
    lapack = np.linalg.eigvalsh(np.moveaxis(H, (0, 1), (-2, -1))).T
    assert (values[0] <= values[1]).all()
    np.testing.assert_allclose(values / size, lapack / size, rtol=0, atol=8 * np.finfo(float).eps)
    unit = np.broadcast_to(np.eye(2)[..., None], H.shape)
    np.testing.assert_allclose(np.einsum("ij...,ik...->jk...", V, V), unit, atol=8 * np.finfo(float).eps)
    np.testing.assert_allclose(np.einsum("ij...,jk...->ik...", H / size, V), values / size * V, rtol=0, atol=4e-15)


def test_eigenvalues_of_a_lane_that_is_not_finite_are_none():
    H = np.broadcast_to(np.diag((2.0, 3.0))[..., None], (2, 2, 4)).copy()
    H[0, 0, 1], H[0, 1, 2], H[1, 0, 2] = np.nan, np.inf, np.inf
    assert np.isnan(eigen(H)[0]).all(axis=0).tolist() == [False, True, True, False]
    np.testing.assert_array_equal(eigen(H)[0][:, 0], (2, 3))
