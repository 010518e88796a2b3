"""The mean of a loss over samples, as a function of the two weights of a linear score."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array
from surfaces.lane_chunks import compute_in_chunks

MAX_SCORES = 2**17  # held at once


def chunked(method: Callable[[Any, Array], Array]) -> Callable[[Any, Array], Array]:
    """Compute `method`, a mean over the samples `y` of its object, for a few lanes at a time."""

    @wraps(method)
    def compute(self: Any, p: Array) -> Array:
        return compute_in_chunks(lambda q: method(self, q), p, MAX_SCORES // len(self.y))

    return compute


class Loss(NamedTuple):
    """The loss of one sample as a function of its score z and its target y."""

    value: Callable[[Array, Array], Array]
    slope: Callable[[Array, Array], Array]  # d/dz
    bend: Callable[[Array, Array], Array]  # d2/dz2


@dataclass(frozen=True, eq=False)
class MeanLoss:
    """The mean of a loss over samples of one or two inputs, at weights p = (w1, w2).

    The score of a sample is z = w1 u + w2 v. With one input, u, the second weight is an offset: z = w1 u + w2.
    """

    loss: Loss
    u: Array  # (n,)
    y: Array  # (n,)
    v: Array | None = None  # (n,)

    def subset(self, rows: NDArray[np.int64]) -> "MeanLoss":
        """The mean over some of the samples."""
        return MeanLoss(self.loss, self.u[rows], self.y[rows], None if self.v is None else self.v[rows])

    @property
    def features(self) -> Array:
        """The factors of the two weights, (2, n)."""
        return np.array((self.u, np.ones_like(self.u) if self.v is None else self.v))

    @property
    def gram(self) -> Array:
        """The mean products of the features, (2, 2)."""
        u, v = self.features
        uv = (u * v).mean()
        return np.array((((u * u).mean(), uv), (uv, (v * v).mean())))

    @chunked
    def value(self, p: Array) -> Array:
        return self.loss.value(self._scores(p), self.y).mean(axis=-1)

    @chunked
    def grad(self, p: Array) -> Array:
        s = self.loss.slope(self._scores(p), self.y)
        return np.array((s @ self.u, s.sum(axis=-1) if self.v is None else s @ self.v)) / len(self.y)

    @chunked
    def hess(self, p: Array) -> Array:
        c = self.loss.bend(self._scores(p), self.y)
        uv, vv = (c @ self.u, c.sum(axis=-1)) if self.v is None else (c @ (self.u * self.v), c @ (self.v * self.v))
        return np.array(((c @ (self.u * self.u), uv), (uv, vv))) / len(self.y)

    def _scores(self, p: Array) -> Array:
        w1, w2 = p[..., None]
        return w1 * self.u + (w2 if self.v is None else w2 * self.v)  # (..., n)
