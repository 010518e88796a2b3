"""The loss of a network on a plane of its weights: a surface of two variables with exact derivatives."""

from collections.abc import Callable

import numpy as np

from surfaces.base import Array, Box, Point, Surface, symmetric, vector
from surfaces.lane_chunks import compute_in_chunks
from surfaces.models.hessian_vector_product import multiply_hessian
from surfaces.models.network_loss import MAX_NUMBERS, NetworkLoss
from surfaces.models.weight_plane import WeightPlane


def slice_loss(loss: NetworkLoss, plane: WeightPlane, box: Box, start: Point) -> Surface:
    r"""f(a, b) = loss(o + a u + b v), with directional derivatives by backpropagation:

    $$ \frac{\partial f}{\partial a} = g \cdot u, \qquad
    \frac{\partial^2 f}{\partial a\, \partial b} = u \cdot H v $$

    g is the gradient of the loss and H v its exact product with the Hessian, at the weights of the point.
    """
    u, v = plane.u, plane.v

    def value(p: Array) -> Array:
        return compute(lambda q: loss.value(plane.find_weights(q)), p)

    def grad(p: Array) -> Array:
        return compute(find_slopes, p)

    def hess(p: Array) -> Array:
        return compute(find_curvatures, p)

    def find_slopes(p: Array) -> Array:
        g = loss.grad(plane.find_weights(p))
        return vector(np.tensordot(u, g, 1), np.tensordot(v, g, 1))

    def find_curvatures(p: Array) -> Array:
        weights = plane.find_weights(p)
        Hu, Hv = (multiply(weights, w) for w in (u, v))
        return symmetric(np.tensordot(u, Hu, 1), np.tensordot(u, Hv, 1), np.tensordot(v, Hv, 1))

    def multiply(weights: Array, w: Array) -> Array:
        w = w.reshape(-1, *(1,) * (weights.ndim - 1))
        return multiply_hessian(loss.network, weights, w, loss.inputs, loss.classes, loss.masks)

    def compute(function: Callable[[Array], Array], p: Array) -> Array:
        p = np.asarray(p, dtype=np.float64)
        widest = len(loss.classes) * max(loss.network.layer_sizes)
        most = max(1, MAX_NUMBERS // max(loss.network.layout.size, widest))
        return function(p) if p.ndim == 1 else compute_in_chunks(function, p, most)

    return Surface(value, grad, hess, box, start, minima=())
