"""Directions and projections against direct loops, NumPy's own decomposition, and closed forms."""

import numpy as np
import pytest

from surfaces.models.network import Network
from surfaces.models.weight_plane import (
    DIRECTION_STREAM,
    WeightPlane,
    draw_random_plane,
    find_principal_plane,
    normalize_filters,
    span_plane,
)

LAYOUT = Network((5, 4, 3)).layout
RNG = np.random.default_rng(0)
WEIGHTS = RNG.standard_normal(LAYOUT.size)


def test_each_filter_of_a_direction_has_the_norm_of_that_of_the_weights() -> None:
    """Against a loop over PyTorch's rows: the weights that lead into one unit; the biases' part is zero."""
    drawn = RNG.standard_normal(LAYOUT.size)
    found = LAYOUT.unpack(normalize_filters(LAYOUT, drawn, WEIGHTS))
    w, d = LAYOUT.unpack(WEIGHTS), LAYOUT.unpack(drawn)
    for name in ("W1", "W2"):
        rows_d, rows_w = d[name].T, w[name].T  # (units, inputs)
        for unit in range(len(rows_w)):
            norm_w = sum(value**2 for value in rows_w[unit].tolist()) ** 0.5
            norm_d = sum(value**2 for value in rows_d[unit].tolist()) ** 0.5
            expected = [value * norm_w / (norm_d + 1e-10) for value in rows_d[unit].tolist()]
            np.testing.assert_allclose(found[name].T[unit], expected, rtol=1e-12)
            assert np.linalg.norm(found[name].T[unit]) == pytest.approx(norm_w, rel=1e-9)
    assert not found["b1"].any() and not found["b2"].any()


def test_a_unit_with_zero_weights_does_not_move() -> None:
    weights = LAYOUT.pack({name: np.zeros(shape) for name, shape, _, _ in LAYOUT.blocks})
    plane = draw_random_plane(LAYOUT, weights, 3)
    assert not plane.u.any() and not plane.v.any()


def test_random_directions_are_drawn_by_the_seed_alone_and_differ() -> None:
    plane, again, other = (draw_random_plane(LAYOUT, WEIGHTS, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(plane.u, again.u)
    assert np.abs(plane.u - other.u).max() > 0.1 and np.abs(plane.u - plane.v).max() > 0.1
    drawn = np.random.default_rng((1, 0, DIRECTION_STREAM)).standard_normal(LAYOUT.size)
    np.testing.assert_array_equal(plane.u, normalize_filters(LAYOUT, drawn, WEIGHTS))
    np.testing.assert_array_equal(plane.origin, WEIGHTS)


@pytest.mark.parametrize("count", [3, 8, 40])
def test_the_principal_plane_is_that_of_the_singular_value_decomposition(count: int) -> None:
    path = np.cumsum(RNG.standard_normal((count, LAYOUT.size)) * np.linspace(3, 0.1, LAYOUT.size), axis=0)
    plane = find_principal_plane(path)
    _, values, rows = np.linalg.svd(path - path[-1], full_matrices=False)
    found = np.stack((plane.u, plane.v))
    lengths = np.linalg.norm(found, axis=1)
    cosines = np.abs((found / lengths[:, None] * rows[:2]).sum(axis=1))
    np.testing.assert_allclose(cosines, 1, rtol=1e-9)  # squares of singular values that are apart
    explained = (values[:2] ** 2).sum() / (values**2).sum()
    assert plane.find_explained_fraction(path) == pytest.approx(explained, rel=1e-9)
    points = plane.project(path)
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-9), "lengths are true in all directions"
    assert np.abs(points).max() == pytest.approx(1, rel=1e-9) and points[0, 0] < 0 < points[1, 0]
    np.testing.assert_allclose(points[:, -1], 0, atol=1e-9)


def test_a_path_in_a_plane_is_explained_wholly_and_one_across_it_by_a_closed_form() -> None:
    e = np.eye(6)
    origin = RNG.standard_normal(6)
    inside = origin + np.array([[a, b, 0, 0, 0, 0] for a, b in ((3, 1), (1, 2), (-1, 0.5), (0, 0))])
    plane = find_principal_plane(inside)
    assert plane.find_explained_fraction(inside) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(plane.find_weights(plane.project(inside)).T, inside, atol=1e-12)
    across = WeightPlane(origin, 2 * e[0], e[0] + e[1])  # not orthogonal
    path = origin + np.array([[3, 4, 0, 0, 0, 5], [0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]])
    assert across.find_explained_fraction(path) == pytest.approx(26 / 52)  # squares in the plane, of all
    np.testing.assert_allclose(across.project(path)[:, 0], (-0.5, 4), atol=1e-12)
    assert across.find_explained_fraction(path + 7 * e[3]) == pytest.approx(26 / 52), "wherever the path is"


def test_a_path_along_a_line_has_no_second_direction_and_one_that_rests_none() -> None:
    line = np.outer(np.arange(4.0)[::-1], RNG.standard_normal(6))
    plane = find_principal_plane(line)
    assert not plane.v.any() and plane.find_explained_fraction(line) == pytest.approx(1)
    rest = np.ones((3, 6))
    plane = find_principal_plane(rest)
    assert not plane.u.any() and plane.find_explained_fraction(rest) == 1 and not plane.project(rest).any()


def test_three_points_lie_at_the_corners_of_their_plane() -> None:
    a, b, c = RNG.standard_normal((3, 7))
    plane = span_plane(a, b, c)
    for point, corner in ((a, (0, 0)), (b, (1, 0)), (c, (0, 1))):
        np.testing.assert_allclose(plane.find_weights(np.array(corner, dtype=float)), point, atol=1e-15)
        np.testing.assert_allclose(plane.project(point[None])[:, 0], corner, atol=1e-12)


def test_weights_of_lanes_are_those_of_each_point() -> None:
    plane = draw_random_plane(LAYOUT, WEIGHTS, 0)
    p = RNG.uniform(-1, 1, (2, 3, 4))
    lanes = plane.find_weights(p)
    assert lanes.shape == (LAYOUT.size, 3, 4)
    np.testing.assert_array_equal(lanes[:, 1, 2], plane.find_weights(p[:, 1, 2]))
