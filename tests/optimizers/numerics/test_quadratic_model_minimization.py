"""Linear algebra lane by lane, against LAPACK and brute force."""

import numpy as np
import pytest

from optimizers.numerics.quadratic_model_minimization import eigen, solve, solve_trust_region, solve_with_flat_slope


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
        np.testing.assert_allclose(p[:, 0], [0.5, 0.25], rtol=1e-14)
        np.testing.assert_allclose(p[:, 1], [0.5, 0.5], rtol=1e-14)
        assert np.isnan(p[:, 2]).all()
        assert (p[:, 3] == 0).all()


def test_the_slope_that_is_left_out_lies_where_there_is_no_curvature_and_goes_up():
    """For rank-one Hessians whose coordinates have units up to a million apart; the angle to v is a few roundings."""
    rng = np.random.default_rng(0)
    v = rng.normal(size=(2, 2000)) * 10.0 ** rng.integers(-3, 4, (2, 2000))
    g = rng.normal(size=(2, 2000))
    _, rest = solve_with_flat_slope(v[:, None] * v[None], g)
    found = (rest != 0).any(axis=0)
    assert found.sum() > 1000  # of the others rounding is taken for curvature
    v, g, rest = v[:, found], g[:, found], rest[:, found]
    assert (np.abs((v * rest).sum(axis=0)) <= 1e-13 * np.abs(v * rest).sum(axis=0)).all()
    assert ((g * rest).sum(axis=0) >= 0).all()


def test_coordinates_a_million_times_apart_are_solved_to_full_precision():
    H = np.array([[3.0, 1e6], [1e6, 2e12]])
    g = np.array([1.0, 1e6])
    np.testing.assert_allclose(solve(H, g), [0.2, 4e-7], rtol=1e-14)


def test_eigenvectors_are_columns():
    H = np.array([[2.0, 0.5], [0.5, -1.0]])
    values, V = eigen(H)
    np.testing.assert_allclose(H @ V, V * values, atol=1e-14)
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
        p, promised = solve_trust_region(H, g, np.array(radius))
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
