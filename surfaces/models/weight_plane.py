"""Planes through the weights of a network: two directions from a point, as random filters, as a path or three points.

Li, Xu, Taylor, Studer & Goldstein (2018), Visualizing the loss landscape of neural nets, NeurIPS,
[arXiv:1712.09913](https://arxiv.org/abs/1712.09913).
"""

from dataclasses import dataclass

import numpy as np

from surfaces.base import Array
from surfaces.models.parameter_blocks import ParameterLayout

DIRECTION_STREAM = 6  # keeps the draws apart from others with the same seed
NO_FILTER = 1e-10  # added to the norm of a drawn filter, as in the paper's code


@dataclass(frozen=True, eq=False)
class WeightPlane:
    """The weights origin + a u + b v at the point p = (a, b); u and v need not be orthogonal."""

    origin: Array  # (d,)
    u: Array  # (d,)
    v: Array  # (d,)

    def find_weights(self, p: Array) -> Array:
        """p (2, *lanes) -> (d, *lanes), the numbers of a lane side by side in memory."""
        a, b = p[..., None]
        return np.moveaxis(self.origin + a * self.u + b * self.v, -1, 0)

    def project(self, weights: Array) -> Array:
        """The points of the plane that are nearest to weights (k, d), by least squares: (2, k)."""
        return self._find_coordinates(weights - self.origin)

    def find_explained_fraction(self, path: Array) -> float:
        r"""How much of the variance of a path w_1, ..., w_k (k, d) about its end lies along u and v.

        With P, which projects on their span,

        $$ 1 - \frac{\sum_i \lVert (I - P)(w_i - w_k) \rVert^2}{\sum_i \lVert w_i - w_k \rVert^2} $$

        1 for a path that does not move.
        """
        away = path - path[-1]
        total = float((away * away).sum())
        rest = away - (self._directions @ self._find_coordinates(away)).T
        return 1.0 - float((rest * rest).sum()) / total if total else 1.0

    def _find_coordinates(self, moves: Array) -> Array:
        """The coordinates (a, b) of the nearest a u + b v to each of `moves` (k, d): (2, k)."""
        coordinates, *_ = np.linalg.lstsq(self._directions, moves.T, rcond=None)
        return np.asarray(coordinates, dtype=np.float64)

    @property
    def _directions(self) -> Array:
        return np.stack((self.u, self.v), axis=1)  # (d, 2)


def draw_random_plane(layout: ParameterLayout, weights: Array, seed: int) -> WeightPlane:
    """The plane through the weights (d,) along two random directions, filter-normalized."""
    u, v = (
        normalize_filters(
            layout, np.random.default_rng((seed, k, DIRECTION_STREAM)).standard_normal(layout.size), weights
        )
        for k in range(2)
    )
    return WeightPlane(weights, u, v)


def normalize_filters(layout: ParameterLayout, direction: Array, weights: Array) -> Array:
    r"""Each filter of a direction with the norm of the same filter of the weights: (d,) -> (d,).

    $$ d_{k,j} \leftarrow \frac{d_{k,j}}{\lVert d_{k,j} \rVert}\, \lVert w_{k,j} \rVert $$

    A filter is what leads into one unit: a column j of the matrix $W_k$ (inputs, units) here, a row of PyTorch's
    `Linear.weight`. Biases do not move, as with `ignore="biasbn"` in the paper's code, which all of its examples have;
    without that option its code would take the bias itself for the direction.
    """
    drawn, blocks = layout.unpack(direction), layout.unpack(weights)
    normalized = {
        name: d * np.linalg.norm(blocks[name], axis=0) / (np.linalg.norm(d, axis=0) + NO_FILTER)
        if d.ndim == 2
        else np.zeros_like(d)
        for name, d in drawn.items()
    }
    return layout.pack(normalized)


def find_principal_plane(path: Array) -> WeightPlane:
    r"""The plane through the end of a path (k, d) that explains most of it.

    u and v are the first right singular vectors of the rows $w_i - w_k$, so that no plane through the end leaves less
    of their squares; both are as long as the largest coordinate of the path in them, and the start has a < 0 (or b > 0
    where a = 0). The paper's code takes the same rows from their mean (scikit-learn's PCA), but puts the plane through
    the end.
    """
    away = path - path[-1]
    values, vectors = np.linalg.eigh(away @ away.T)  # (k, k): k is far below d
    directions = np.zeros((2, path.shape[1]))
    for row, (value, vector) in enumerate(zip(values[::-1][:2], vectors.T[::-1][:2], strict=True)):
        if value > NO_FILTER * values[-1]:
            directions[row] = vector @ away / np.sqrt(value)
    coordinates = directions @ away.T  # (2, k)
    signs = np.where(coordinates[:, 0] * np.array((-1, 1)) < 0, -1.0, 1.0)
    scale = float(np.abs(coordinates).max()) or 1.0
    u, v = scale * signs[:, None] * directions
    return WeightPlane(path[-1], u, v)


def span_plane(origin: Array, first: Array, second: Array) -> WeightPlane:
    """The plane in which three points of weights (d,) lie at (0, 0), (1, 0) and (0, 1)."""
    return WeightPlane(origin, first - origin, second - origin)
