"""Fully connected networks of 1 to 10 layers of weights, with exact gradients by backpropagation.

X (n, m) are the inputs of n samples and y (n,) their classes. With the inputs of a layer as rows,

    Z_k = H_{k-1} W_k + b_k,    A_k = φ(Z_k),    H_k = A_k ⊙ M_k,    H_0 = X,    S = Z_L

where M_k, the dropout mask, is 1 without dropout. The loss is the mean over the samples plus a penalty:

    f = 1/n Σ_i ℓ(S_i, y_i) + λ/2 Σ_k ‖W_k‖²

One layer is a linear classifier: softmax regression, or a support vector machine. Lanes come before samples: W_k is
(*lanes, n_in, n_out). A point of float32 is computed in float32 throughout, a complex one in complex numbers; with
these, kinked functions take the piece of the real part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from surfaces.base import Array
from surfaces.models.activations import ACTIVATIONS, Activation
from surfaces.models.classification_losses import LOSSES, Classes, ClassificationLoss
from surfaces.models.parameter_blocks import ParameterLayout
from surfaces.translatable import UserError

MAX_LAYERS = 10  # of weights
DROPOUT_STREAM = 2  # keeps the masks apart from the order of minibatches with the same seed

Gradient = dict[str, Array]  # W1, b1, W2, ...: (*lanes, *shape)


class ForwardPass(NamedTuple):
    """The values in the layers for some samples, by number of the layer; the last pre-activations are the scores."""

    weights: dict[str, Array]  # W1, b1, W2, ...
    H: list[Array]  # 0 .. L-1: the input of the layer above, (*lanes, n, width)
    Z: list[Array]  # 1 .. L: pre-activations; Z[0] is the input
    A: list[Array]  # 1 .. L-1: activations before dropout; A[0] is the input

    @property
    def scores(self) -> Array:
        return self.Z[-1]


class LossAndGradient(NamedTuple):
    """The two parts of the loss f, and its gradient."""

    data_loss: Array  # (*lanes)
    regularization: Array | float  # (*lanes); 0 where λ is 0
    gradient: Array  # (d, *lanes)

    @property
    def loss(self) -> Array:
        return self.data_loss + self.regularization


def do_nothing() -> None:
    """Do nothing: the default of what is called before each layer. A function with a name can be pickled."""


@dataclass(frozen=True)
class Network:
    """`layer_sizes`: inputs, hidden units of each layer, classes. `activation` and `loss` are names of the catalogues.

    `l2` is λ. `dropout` is the probability with which a hidden unit is left out in a step of training; the others are
    scaled by 1 / (1 - dropout) there, so that nothing is scaled at prediction (inverted dropout: Srivastava et al.
    2014, JMLR 15, section 10).
    """

    layer_sizes: tuple[int, ...]
    activation: str = "relu"
    loss: str = "softmax"
    l2: float = 0.0
    dropout: float = 0.0
    before_layer: Callable[[], None] = field(default=do_nothing, compare=False, repr=False)  # lets work be paused

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= MAX_LAYERS:
            raise UserError("A network has 1 to {most} layers of weights, not {depth}.",
                            most=MAX_LAYERS, depth=self.depth)  # fmt: skip
        if min(self.layer_sizes) < 1:
            raise UserError("Every layer of a network has at least one unit.")
        if self.activation not in ACTIVATIONS:
            raise UserError("An activation function is one of {names}.", names=", ".join(ACTIVATIONS))
        if self.loss not in LOSSES:
            raise UserError("A loss is one of {names}.", names=", ".join(LOSSES))
        if not 0 <= self.l2 < np.inf:
            raise UserError("The strength of the regularization is a finite number, not below 0.")
        if not 0 <= self.dropout < 1:
            raise UserError("The dropout probability is at least 0 and less than 1.")

    @property
    def depth(self) -> int:
        """L, the number of layers of weights."""
        return len(self.layer_sizes) - 1

    @cached_property
    def layout(self) -> ParameterLayout:
        """W1 (n_in, n_out), b1 (n_out,), W2, ..."""
        shapes: dict[str, tuple[int, ...]] = {}
        for k, (n_in, n_out) in enumerate(zip(self.layer_sizes, self.layer_sizes[1:], strict=False), 1):
            shapes |= {f"W{k}": (n_in, n_out), f"b{k}": (n_out,)}
        return ParameterLayout.from_shapes(shapes)

    @property
    def phi(self) -> Activation:
        return ACTIVATIONS[self.activation]

    @property
    def sample_loss(self) -> ClassificationLoss:
        return LOSSES[self.loss]

    @property
    def is_analytic(self) -> bool:
        """The loss has no kinks, so that the complex step applies."""
        return self.sample_loss.find_pieces is None and (self.depth == 1 or self.phi.is_analytic)

    def forward(self, p: Array, X: Array, masks: Sequence[Array] = ()) -> ForwardPass:
        """All layers at the point p (d, *lanes), for the samples X (n, m)."""
        w, phi = self.layout.unpack(p), self.phi
        H, Z, A = [X], [X], [X]
        for k in range(1, self.depth + 1):
            self.before_layer()
            z = H[-1] @ w[f"W{k}"]
            z += w[f"b{k}"][..., None, :]
            Z.append(z)
            if k < self.depth:
                A.append(phi.value(Z[k]))
                H.append(A[k] * masks[k - 1] if masks else A[k])
        return ForwardPass(w, H, Z, A)

    def backward(self, layers: ForwardPass, y: Classes, masks: Sequence[Array] = ()) -> Gradient:
        r"""The gradient with respect to every block. It starts at the scores:

        $$ dS_i = \tfrac1n \partial \ell / \partial S_i $$
        """
        dS = self.sample_loss.slope(layers.scores, y) / len(y)
        return self.backpropagate(layers, dS, masks)

    def backpropagate(
        self, layers: ForwardPass, dS: Array, masks: Sequence[Array] = (), out: Gradient | None = None
    ) -> Gradient:
        r"""The gradient with respect to every block, from that of the scores. With dZ for $\partial f / \partial Z$,

        $$ dZ_L = dS, \quad dW_k = H_{k-1}^T dZ_k + \lambda W_k, \quad db_k = \sum_i dZ_{k,i}, \quad
        dH_{k-1} = dZ_k W_k^T, \quad dZ_k = dH_k \odot M_k \odot \varphi'(Z_k) $$

        It is written into the arrays `out`, if there are any.
        """
        w, H, Z, A = layers
        gradient: Gradient = {}
        dZ = dS
        for k in range(self.depth, 0, -1):
            self.before_layer()
            W, b = f"W{k}", f"b{k}"
            gradient[W] = np.matmul(H[k - 1].swapaxes(-1, -2), dZ, out=out[W] if out else None)
            if self.l2:
                gradient[W] += self.l2 * w[W]
            gradient[b] = np.add.reduce(dZ, axis=-2, out=out[b] if out else None)
            if k > 1:
                dH = dZ @ w[f"W{k}"].swapaxes(-1, -2)
                dZ = dH * masks[k - 2] if masks else dH
                dZ *= self.phi.slope(Z[k - 1], A[k - 1])
        return gradient

    def data_loss(self, layers: ForwardPass, y: Classes) -> Array:
        """1/n Σ_i ℓ(S_i, y_i): (*lanes)."""
        return self.sample_loss.value(layers.scores, y).sum(axis=-1) / len(y)

    def regularization(self, weights: dict[str, Array]) -> Array:
        """λ/2 Σ_k ‖W_k‖²: (*lanes). Biases are not regularized."""
        squares = [(W * W).sum(axis=(-2, -1)) for name, W in weights.items() if name.startswith("W")]
        return self.l2 / 2 * sum(squares[1:], squares[0])

    def value(self, p: Array, X: Array, y: Classes, masks: Sequence[Array] = ()) -> Array:
        """f at p: (d, *lanes) -> (*lanes)."""
        layers = self.forward(p, X, masks)
        loss = self.data_loss(layers, y)
        return loss + self.regularization(layers.weights) if self.l2 else loss

    def loss_and_gradient(self, p: Array, X: Array, y: Classes, masks: Sequence[Array] = ()) -> tuple[Array, Array]:
        """f and its gradient at p: (d, *lanes) -> (*lanes), (d, *lanes)."""
        found = self.evaluate(p, X, y, masks)
        return found.loss, found.gradient

    def evaluate(self, p: Array, X: Array, y: Classes, masks: Sequence[Array] = ()) -> LossAndGradient:
        """f in its two parts and its gradient at p (d, *lanes), in one pass."""
        layers = self.forward(p, X, masks)
        losses, dS = self.sample_loss.value_and_slope(layers.scores, y)
        dS /= len(y)
        if p.ndim == 1:
            gradient = np.empty(p.size, dtype=dS.dtype)
            self.backpropagate(layers, dS, masks, out=self.layout.unpack(gradient))
        else:
            gradient = self.layout.pack(self.backpropagate(layers, dS, masks))
        penalty = self.regularization(layers.weights) if self.l2 else 0.0
        return LossAndGradient(losses.sum(axis=-1) / len(y), penalty, gradient)

    def draw_masks(self, sample_count: int, seed: int, t: int) -> tuple[Array, ...]:
        """The dropout masks M_k (n, width) of step t, one for each hidden layer; () without dropout.

        They depend on (seed, t) alone, and all lanes have the same.
        """
        if not self.dropout:
            return ()
        keep = 1 - self.dropout
        rng = np.random.default_rng((seed, t, DROPOUT_STREAM))
        return tuple((rng.random((sample_count, width)) < keep) / keep for width in self.layer_sizes[1:-1])
