"""Exact products of a network's Hessian with vectors: the forward and the backward pass, differentiated along v.

Pearlmutter (1994), Fast exact multiplication by the Hessian, Neural Computation 6(1), 147-160. R{·} is the derivative
along v, so that R{W_k} = V_k and the product is H v = R{∇f}.
"""

from collections.abc import Sequence

import numpy as np

from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.models.network import Network


def multiply_hessian(network: Network, p: Array, v: Array, X: Array, y: Classes, masks: Sequence[Array] = ()) -> Array:
    r"""H v at p: (d, *lanes), (d, *lanes) -> (d, *lanes), for the loss of `Network.value`.

    $$ \begin{aligned}
    R\{Z_k\} &= R\{H_{k-1}\} W_k + H_{k-1} V_k + v_k, \qquad
    R\{H_k\} = M_k \odot \varphi'(Z_k) \odot R\{Z_k\} \\
    R\{dW_k\} &= R\{H_{k-1}\}^T dZ_k + H_{k-1}^T R\{dZ_k\} + \lambda V_k, \qquad R\{db_k\} = \sum_i R\{dZ_{k,i}\} \\
    R\{dH_{k-1}\} &= R\{dZ_k\} W_k^T + dZ_k V_k^T, \qquad
    R\{dZ_k\} = M_k \odot (\varphi'(Z_k) \odot R\{dH_k\} + \varphi''(Z_k) \odot R\{Z_k\} \odot dH_k)
    \end{aligned} $$
    """
    w, H, Z, A = network.forward(p, X, masks)
    V, phi, loss, L, n = network.layout.unpack(v), network.phi, network.sample_loss, network.depth, len(y)
    M: Sequence[Array | float] = (1.0, *masks) if masks else (1.0,) * L
    RH, RZ = [np.zeros_like(X)], [np.zeros_like(X)]
    for k in range(1, L + 1):
        RZ.append(RH[k - 1] @ w[f"W{k}"] + H[k - 1] @ V[f"W{k}"] + V[f"b{k}"][..., None, :])
        if k < L:
            RH.append(M[k] * phi.slope(Z[k], A[k]) * RZ[k])
    dZ = loss.slope(Z[L], y) / n
    RdZ = loss.curvature_product(Z[L], y, RZ[L]) / n
    product = {}
    for k in range(L, 0, -1):
        product[f"W{k}"] = _t(RH[k - 1]) @ dZ + _t(H[k - 1]) @ RdZ + network.l2 * V[f"W{k}"]
        product[f"b{k}"] = RdZ.sum(axis=-2)
        if k > 1:
            j = k - 1
            slope = phi.slope(Z[j], A[j])
            dH, RdH = dZ @ _t(w[f"W{k}"]), RdZ @ _t(w[f"W{k}"]) + dZ @ _t(V[f"W{k}"])
            RdZ = M[j] * (slope * RdH + phi.bend(Z[j], A[j]) * RZ[j] * dH)
            dZ = M[j] * slope * dH
    return network.layout.pack(product)


def _t(A: Array) -> Array:
    """The transposed matrices."""
    return A.swapaxes(-1, -2)
