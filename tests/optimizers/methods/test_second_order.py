"""Second-order methods against slow truths: dense matrices, closed forms, brute force."""

import numpy as np
import pytest

from optimizers.methods.conjugate_gradient import nonlinear_cg
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region, two_loop
from optimizers.numerics.quadratic_model_minimization import solve_trust_region
from optimizers.schedules import scheduled
from optimizers.simulate import trajectory
from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from tests.support.quadratic_methods import MAKERS, Quadratic, make_quadratic, run_steps, take_first_step

# Newton


@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("options", [{}, {"line_search": True}, {"avoid_saddles": True}])
def test_newton_needs_one_step_on_a_quadratic(d, options):
    f = make_quadratic(d)
    x, _ = take_first_step(newton(**options), f, np.full(d, 3.0))
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
    moved, _ = take_first_step(newton(lr, damping, avoid_saddles=avoid_saddles), f, x)
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
    f, start = make_quadratic(2), np.array([4.0, -1.0])
    moved, _ = take_first_step(newton(lr=0.25, line_search=True), f, start)
    np.testing.assert_allclose(moved, start + 0.25 * (f.c - start), rtol=1e-13)


def test_a_learning_rate_of_zero_is_no_rest():
    f, start = make_quadratic(2), np.array([4.0, -1.0])
    still, state = take_first_step(newton(lr=0.0), f, start)
    assert (still == start).all()
    moved, _ = newton().step(f, still, state, 2)
    np.testing.assert_allclose(moved, f.c, rtol=1e-12)


def test_a_step_below_the_rounding_of_the_point_is_not_taken():
    f = Quadratic(np.eye(2), [1.0, 1.0])
    near = np.array([1.0 + 4 * np.spacing(1.0), 1.0])
    stayed, state = take_first_step(newton(), f, near)
    assert (stayed == near).all()
    assert state.is_done
    farther = np.array([1.0 + 5 * np.spacing(1.0), 1.0])
    moved, state = take_first_step(newton(), f, farther)
    assert (moved == 1.0).all()
    assert not state.is_done


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
    points, states = run_steps(bfgs(), f, start, 9)
    for k in range(1, 10):
        expected = inverse_hessian(points[: k + 1], f, k, np.eye(2))
        np.testing.assert_allclose(states[k].H, expected, rtol=1e-6, atol=1e-12)  # rounding, amplified by s that shrink


@pytest.mark.parametrize("memory", [1, 2, 5, 6, 100])
def test_lbfgs_has_the_inverse_hessian_of_its_last_pairs(memory):
    """In six dimensions H0 is scaled, (7.20), where the memory holds fewer pairs than that, and I elsewhere."""
    f = make_quadratic(6, seed=4)
    points, states = run_steps(lbfgs(memory=memory), f, np.full(6, 2.0), 9)
    assert np.abs(states[9].last.g).max() > 1e-8  # still on the way
    g = np.random.default_rng(0).standard_normal(6)
    for k in range(1, 10):
        s, y = points[k] - points[k - 1], f.grad(points[k]) - f.grad(points[k - 1])
        gamma = s @ y / (y @ y) if memory < 6 else 1.0
        H = inverse_hessian(points[: k + 1], f, memory, gamma * np.eye(6))
        _, s_, y_, rho = states[k]
        np.testing.assert_allclose(two_loop(g, s_, y_, rho), H @ g, rtol=1e-8)


@pytest.mark.parametrize("make", [bfgs, lambda: lbfgs(memory=50), lambda: lbfgs(memory=3)])
def test_the_step_goes_along_minus_h_g(make):
    f = make_quadratic(5, seed=2)
    points, states = run_steps(make(), f, np.full(5, 2.0), 6)
    for x, moved, state in zip(points[1:], points[2:], states[1:], strict=False):
        g = f.grad(x)
        p = state.H @ g if hasattr(state, "H") else two_loop(g, state.s, state.y, state.rho)
        s = x - moved
        assert s @ p / np.sqrt((s @ s) * (p @ p)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("lr", [1.0, 0.3, 1.5])
@pytest.mark.parametrize("memory", [1, 3, 50])
def test_without_a_line_search_lbfgs_steps_lr_times_minus_h_g(lr, memory):
    """Against the inverse Hessian as a dense matrix; x - x' has few digits, and H y too once the steps are short."""
    f = make_quadratic(6, seed=4)
    points, _ = run_steps(lbfgs(lr, memory, line_search=False), f, np.full(6, 2.0), 8)
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
    np.testing.assert_allclose(first_trial, x - lr * f.grad(x), rtol=1e-14)


def test_a_step_without_line_search_may_go_up_and_rests_where_rounding_loses_it():
    f = SURFACES["rosenbrock"]()
    path = trajectory(lbfgs(line_search=False), f, f.start, 200)
    loss = f.value(path.x)
    assert (np.diff(loss) > 0).any()
    assert loss[-1] < 1e-25
    assert path.states[-1].last.is_done
    assert path.states[-1] is path.states[-2]  # it is not followed to the end


@pytest.mark.parametrize("line_search", [True, False])
def test_a_step_of_length_0_in_a_schedule_is_not_the_end_of_lbfgs(line_search):
    """At 0 in every third step, the first among them."""
    make = lambda lr: lbfgs(lr=lr, line_search=line_search)  # noqa: E731
    f = make_quadratic(2, seed=3)
    path = trajectory(scheduled(make, lr=lambda t: 0.0 if t % 3 == 1 else 1.0), f, np.array((1.5, -2.0)), 60)
    np.testing.assert_array_equal(path.x[:, 1], path.x[:, 0])
    np.testing.assert_array_equal(path.x[:, 4], path.x[:, 3])
    assert np.linalg.norm(f.grad(path.x[:, -1])) < 1e-9 * np.linalg.norm(f.grad(path.x[:, 0]))


def test_lbfgs_keeps_the_newest_pairs_last():
    f = SURFACES["rosenbrock"]()
    points, states = run_steps(lbfgs(memory=3), f, (-1.2, 1.0), 5)
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
    x, _ = take_first_step(MAKERS[name](), f, start)
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
        take_first_step(MAKERS[name](), Watched(np.eye(2), [0.0, 0.0]), (slope, 0.0))
        assert np.linalg.norm(asked[1] - asked[0]) == pytest.approx(length, rel=1e-12)


@pytest.mark.parametrize("make", [bfgs, lbfgs])
def test_a_pair_without_curvature_is_not_remembered(make):
    """On a plane y = 0: nothing is learned and nothing divided by zero."""
    plane = Surface(lambda p: p[0] + 0 * p[1], lambda p: np.array([1 + 0 * p[0], 0 * p[1]]), None, None, None, ())
    points, states = run_steps(make(), plane, (0.0, 0.0), 3)
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
    points, states = run_steps(nonlinear_cg(), f, (-1.2, 1.0), 12)
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
    p, promised = solve_trust_region(f.hess(x), f.grad(x), np.array(radius))
    ratio = (f.value(x) - f.value(x + p)) / promised
    length = np.hypot(*p)
    moved, state = take_first_step(trust_region(radius, max_radius), f, x)
    expected = radius
    if ratio < 0.25:
        expected = length / 4
    elif ratio > 0.75 and length > 0.99 * radius:
        expected = min(2 * radius, max_radius)
    assert state.radius == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(moved, x + p if ratio > 0.1 else x, rtol=1e-12)


def test_the_radius_is_kept_from_step_to_step():
    f = SURFACES["rosenbrock"]()
    points, states = run_steps(trust_region(radius=0.1), f, (-1.2, 1.0), 12)
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
        moved, _ = take_first_step(trust_region(accept=accept), f, x)
        assert (moved != x).any() == moves


def test_a_rejected_step_asks_for_nothing_but_a_value_and_no_hessian_twice():
    f, x = cubic(0.1), np.array([-2.0, 0.5])
    problem = CountedProblem(f)
    run_steps(trust_region(radius=4.0), problem, x, 2)
    rejected = trust_region(radius=4.0).step(f, x, trust_region(radius=4.0).init(x), 1)[0]
    assert (rejected == x).all()
    assert problem.cumulative_calls(2)[:, 1].tolist() == [2, 1, 1]
    assert problem.cumulative_calls(2)[0, 2] == 3
    assert problem.cumulative_calls(2)[2, 2] == 1


@pytest.mark.parametrize("make", [trust_region, lambda: newton(avoid_saddles=True, line_search=True)])
def test_a_saddle_is_left_from_right_beside_it(make):
    himmelblau = SURFACES["himmelblau"]()
    saddle = trajectory(newton(), himmelblau, (0.1, 3.0), 50).x[:, -1]
    assert np.linalg.eigvalsh(himmelblau.hess(saddle))[0] < 0
    end = trajectory(make(), himmelblau, saddle + 1e-6, 100).x[:, -1]
    assert himmelblau.value(end) < 1e-20


def test_the_trust_region_leaves_even_an_exact_saddle():
    saddle = SURFACES["saddle"]()
    x, _ = take_first_step(trust_region(), saddle, (0.0, 0.0))
    assert saddle.value(x) < 0
