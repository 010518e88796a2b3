"""No run rests on a slope that rounding does not excuse: the methods fitted to curvature on every surface."""

import numpy as np
import pytest

from optimizers.analysis.ending_criteria import LOST_DISTANCE
from optimizers.catalogue import OPTIMIZERS
from optimizers.numerics.quadratic_model_minimization import solve, solve_trust_region
from optimizers.simulate import Iterate, endpoint
from surfaces.base import Array
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula

METHODS = ("trust_region", "nonlinear_cg", "newton", "bfgs", "lbfgs")
BITS = 4  # last bits of a point within which its gradient and value are asked again: their differences are rounding
SURE = 10  # times as large as these a slope is no rounding; the greatest of 24 differences is short of it by some
GAIN = 1e-8  # of f's size: what can be gained by less is beyond what its sixteen digits tell along a valley
LEVEL = 1e-13  # of the largest |f| in the view: a slope that changes f by less across it is lost in f's last bits


def resting_on_a_slope(surface, end: Iterate) -> Array:
    """Which lanes are at rest, in the finite world, where the slope is no rounding and there is a way down along it."""
    x, state = end.x, end.state
    rests = getattr(state, "last", state).is_done & end.alive
    g, f = surface.grad(x), surface.value(x)
    rng = np.random.default_rng(0)
    beside = [x + rng.integers(-BITS, BITS + 1, (2, 1)) * np.spacing(np.abs(x)) for _ in range(24)]
    g_error = np.max([np.abs(surface.grad(p) - g) for p in beside], axis=0)
    f_error = np.max([np.abs(surface.value(p) - f) for p in beside], axis=0)

    widths, middle = (
        np.array(part)[:, None] for part in zip(*((b - a, (a + b) / 2) for a, b in surface.box), strict=True)
    )
    grid = np.array(np.meshgrid(*(np.linspace(*side, 41) for side in surface.box)))
    across = np.abs(g) * widths > LEVEL * np.nanmax(np.abs(surface.value(grid)))
    sloping = ((np.abs(g) > SURE * g_error) & across).any(axis=0)
    near = (np.abs(x - middle) <= LOST_DISTANCE * widths).all(
        axis=0
    )  # farther away a run has diverged, or fallen without end
    gained = gain(surface, x, g, f, f_error)
    return rests & near & np.isfinite(f) & sloping & (gained > 100 * f_error + GAIN * np.abs(f))


def gain(surface, x: Array, g: Array, f: Array, f_error: Array) -> Array:
    """How far f falls along -g or |H|⁻¹ g before it first rises, in steps of 2^-50 to 8 of the point's size."""
    size, gains = np.maximum(np.hypot(*x), 1e-3), []
    for way in (-g, -solve(np.nan_to_num(surface.hess(x)), g, absolute=True)):
        p = way / np.maximum(np.hypot(*way), 1e-300)
        low, falling = f.copy(), np.full(f.shape, True)
        for power in range(-50, 4):
            f_new = surface.value(x + 2.0**power * size * p)
            falling &= f_new <= low + 4 * f_error + 1e-15 * np.abs(f)
            low = np.where(falling, np.minimum(low, f_new), low)
        gains.append(f - low)
    return np.max(gains, axis=0)


def starts(surface, count: int, seed: int) -> Array:
    low, high = np.array(surface.box).T[..., None]
    return low + (high - low) * np.random.default_rng(seed).random((2, count))


def faults(method: str, name: str, count: int, steps: int) -> str:
    surface = SURFACES[name]()
    x0 = starts(surface, count, seed=1)
    with np.errstate(all="ignore"):
        end = endpoint(OPTIMIZERS[method](), surface, x0, steps)
        bad = resting_on_a_slope(surface, end)
        lines = [f"{x0[:, i].tolist()} ends at {end.x[:, i].tolist()}" for i in np.flatnonzero(bad)]
    return f"{method} on {name}: {len(lines)} of {count}, {lines[:3]}" if lines else ""


@pytest.mark.no_cover
@pytest.mark.parametrize("method", METHODS)
def test_no_run_rests_on_a_slope(method):
    """Some starts on every second surface; `make test-all` tries 200 on each."""
    names = list(SURFACES)[METHODS.index(method) % 2 :: 2]
    assert not [fault for name in names if (fault := faults(method, name, 6, 150))]


@pytest.mark.all_cases
@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("method", METHODS)
def test_no_run_of_many_rests_on_a_slope(method, name):
    assert not faults(method, name, 200, 600)


@pytest.mark.parametrize(
    "method, surface, start, steps",
    [
        ("trust_region", formula("sqrt(x**2+y**2)"), (1.0, 1.0), 60),
        ("trust_region", formula("sqrt(x**2+y**2)"), (-3.0, 0.4), 60),
        ("trust_region", formula("abs(x+y)+0.1*(x-y)**2"), (2.0, 1.0), 200),
        ("trust_region", formula("sqrt((x-1)**2+4*(y+2)**2)"), (4.0, 1.0), 80),
        ("trust_region", formula("(x+y)**2+0.001*(x-y)"), (1.0, 1.0), 60),
        ("trust_region", formula("log(1+x**2+y**2)"), (3.0, 4.0), 60),
        ("newton", formula("sqrt(x**2+y**2)"), (1.0, 1.0), 60),
        ("newton", formula("abs(x)+3*abs(y)"), (4.0, 3.0), 60),
        ("newton", formula("(x+y)**2+0.001*(x-y)"), (1.0, 1.0), 60),
        ("newton", formula("(x+1000*y)**2/2-x"), (0.0, 0.0), 1),
        ("newton", formula("(1000*x-y)**2/2+y"), (0.0, 0.0), 1),
    ],
)
def test_the_slope_along_a_flat_direction_is_not_lost(method, surface, start, steps):
    """The Hessian is singular up to rounding, and all or part of the slope lies where it has no curvature."""
    x0 = np.array(start)
    with np.errstate(all="ignore"):
        end = endpoint(OPTIMIZERS[method](), surface, x0, steps)
        assert surface.value(end.x) < surface.value(x0) - 0.01


@pytest.mark.parametrize("start", [(-4.0, 3.0), (-4.0, -3.0), (4.0, 3.0), (-3.0, 2.0)])
def test_an_equal_value_across_a_plateau_is_no_rounding(start):
    """From (-4, 3) the first step of the trust region goes to the mirror image of its start."""
    surface = SURFACES["plateau"]()
    end = endpoint(OPTIMIZERS["trust_region"](), surface, np.array(start), 150)
    assert np.hypot(*surface.grad(end.x)) < 1e-6  # SciPy's trust-exact: 10 steps to 1e-10


@pytest.mark.parametrize("radius, max_radius", [(1000.0, 0.01), (1.0, 0.5), (0.1, 3.0), (1e8, 1e-3)])
def test_no_step_is_longer_than_the_largest_radius(radius, max_radius):
    f = SURFACES["bowl"]()
    x, optimizer = np.array((-4.0, -1.0)), OPTIMIZERS["trust_region"](radius=radius, max_radius=max_radius)
    state = optimizer.init(x)
    for t in range(1, 20):
        before = x
        x, state = optimizer.step(f, x, state, t)
        assert np.hypot(*(x - before)) <= max_radius * (1 + 1e-9)  # to which the multiplier is found


def test_each_lane_keeps_to_a_largest_radius_of_its_own():
    f, largest = SURFACES["bowl"](), np.array((0.01, 0.5, 1e8))
    x = np.repeat(np.array(((-4.0,), (-1.0,))), 3, axis=1)
    optimizer = OPTIMIZERS["trust_region"](radius=1.0, max_radius=largest)
    moved, _ = optimizer.step(f, x, optimizer.init(x), 1)
    assert np.hypot(*(moved - x)) == pytest.approx(np.minimum(largest, 1.0), rel=1e-9)


@pytest.mark.parametrize("start", [(3.0, -1.0), (6.0, 3.5), (0.6, 2.5), (5.9, 3.5), (2.0, 4.5)])
def test_conjugate_gradients_begin_anew_where_the_direction_is_across_the_slope(start):
    """On the plain around Easom's hole the gradient grows a millionfold in a step, and so does β."""
    surface = SURFACES["easom"]()
    end = endpoint(OPTIMIZERS["nonlinear_cg"](), surface, np.array(start), 300)
    assert np.hypot(*surface.grad(end.x)) < 1e-6


@pytest.mark.parametrize("method", ["bfgs", "lbfgs", "nonlinear_cg"])
def test_a_lane_of_a_batch_rests_where_it_does_alone(method):
    """Sums of other lengths round otherwise: the paths part in their last bits, and no rest may hang on these."""
    surface, start = SURFACES["tanh_neuron"](), np.array((-4.0, -1.0))
    batch = starts(surface, 100, seed=3)
    batch[:, 17] = start
    together = endpoint(OPTIMIZERS[method](), surface, batch, 300).x[:, 17]
    alone = endpoint(OPTIMIZERS[method](), surface, start, 300).x
    np.testing.assert_allclose(together, alone, rtol=1e-6)
    assert np.hypot(*surface.grad(together)) < 1e-9


def test_random_singular_hessians_cost_no_descent():
    """For a rank-one Hessian the flat direction alone promises its slope times the radius, less rounding."""
    rng = np.random.default_rng(0)
    n = 20_000
    v = rng.normal(size=(2, n)) * 10.0 ** rng.integers(-3, 4, (2, n))
    g = rng.normal(size=(2, n)) * 10.0 ** rng.integers(-3, 4, n)
    H = v[:, None] * v[None] * 10.0 ** rng.integers(-6, 7, n)
    radius = 10.0 ** rng.uniform(-3, 2, n)
    p, promised = solve_trust_region(H, g, radius)
    u = np.array((-v[1], v[0])) / np.hypot(*v)
    flat = np.abs((u * g).sum(axis=0)) * radius
    rounding = 4 * np.finfo(float).eps * np.abs(H).max(axis=(0, 1)) * radius**2  # of the model itself
    assert (promised >= 0.99 * flat - rounding).all()
    assert (np.hypot(*p) <= radius * (1 + 1e-9)).all()


PHI = (
    "3.042968312396456-832.4270136930788*x-132807.15591801773*x**2+7915421.661743959*x**3-157028484.0840962*x**4"
    "+1422170874.7294645*x**5-5970065591.205604*x**6+9405512899.903618*x**7+y**2"
)


@pytest.mark.parametrize("method", ["trust_region", "nonlinear_cg", "bfgs", "lbfgs"])
@pytest.mark.parametrize(
    "text, start, slope",
    [
        (PHI, (0.0, 1.0), 1e-6),  # LineSearches.jl 175: a test of flatness ended conjugate gradients at a slope of 832
        ("x**2+y**2-cos(18*x)-cos(18*y)", (0.64, 0.27), 1e-9),  # Optim.jl 240: the line search did not end
        ("x-log(x)+y**2", (3.0, 1.0), 1e-9),  # SciPy 12503: no progress where a trial left the domain
        ("x-log(x)+y**2", (1e-6, 1.0), 1e-9),
        ("100*(y-x**2)**2+(1-x)**2", (-1.2, 1.0), 1e-9),  # TensorFlow Probability 341: the last search failed
    ],
)
def test_what_others_reported_of_such_methods_comes_to_rest_at_no_slope(method, text, start, slope):
    """Public reports of other libraries, by their repository and number."""
    surface = formula(text)
    with np.errstate(all="ignore"):
        end = endpoint(OPTIMIZERS[method](), surface, np.array(start), 400)
    assert np.hypot(*surface.grad(end.x)) < slope
    assert surface.value(end.x) < surface.value(np.array(start))


def test_the_hard_case_of_three_variables():
    """Optim.jl 540: g = (1, 0, -1), H = diag(0, -20, 0) within 1: (H + 20 I) p = -g."""
    g, H = np.array((1.0, 0.0, -1.0)), np.diag((0.0, -20.0, 0.0))
    p, _ = solve_trust_region(H, g, np.array(1.0))
    np.testing.assert_allclose((H + 20 * np.eye(3)) @ p, -g, atol=1e-12)
    assert np.linalg.norm(p) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("method", ["trust_region", "nonlinear_cg", "bfgs", "lbfgs"])
def test_a_cone_is_gone_down_to_its_tip(method):
    """mlverse/torch 516: from (20, 20) on |x|, L-BFGS left for (-1950, -1774)."""
    surface = formula("sqrt(x**2+y**2)")
    with np.errstate(all="ignore"):
        end = endpoint(OPTIMIZERS[method](), surface, np.array((20.0, 20.0)), 300)
    assert surface.value(end.x) < 1e-9
