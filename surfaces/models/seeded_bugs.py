"""Twelve mistakes that people make in a backward pass: each a wrong gradient of a right loss.

A bug changes one thing on the way through the right backward pass: what it is given, or what it returns. Most can be in
one layer k or another, as in code that is written out layer by layer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from surfaces.base import Array
from surfaces.models.classification_losses import Classes, margins
from surfaces.models.network import ForwardPass, Gradient, LossAndGradient, Network
from surfaces.translatable import Translatable

Masks = Sequence[Array]
NO_STEP = 0  # steps count from 1: the masks that are drawn again are those of none


class CodeLine(NamedTuple):
    """A line of a backward pass in NumPy with the mistake, and without; {k} is the layer, {j} the one before it.

    X = H0 are the inputs, Z{k} = H{j} W{k} + b{k}, A{k} = φ(Z{k}), H{k} = A{k} M{k} with the dropout mask M{k}, S the
    scores, and `slope` the derivative of a sample's loss by them.
    """

    wrong: str
    right: str


class SeededBug(NamedTuple):
    """A mistake: what it is, who sees it and who does not, the backward pass that has it, where it can be, its line."""

    title: Translatable
    fault: Translatable
    detection: Translatable
    backward: Callable[[Network, ForwardPass, Classes, Masks, int], Gradient]  # the last argument is the layer k
    list_layers: Callable[[Network], list[int]]  # in which it can be, and changes the gradient at some point; or none
    line: CodeLine

    def write_line(self, k: int) -> CodeLine:
        """The line in layer k."""
        return CodeLine(*(part.format(k=k, j=k - 1) for part in self.line))


@dataclass(frozen=True)
class FaultyNetwork(Network):
    """A network with a right loss, and a bug in layer `layer` of its backward pass."""

    bug: str = ""
    layer: int = 0

    @cached_property
    def right(self) -> Network:
        """The same without the bug."""
        return Network(**read_fields(self))

    def backward(self, layers: ForwardPass, y: Classes, masks: Masks = ()) -> Gradient:
        return SEEDED_BUGS[self.bug].backward(self.right, layers, y, masks, self.layer)

    def evaluate(self, p: Array, X: Array, y: Classes, masks: Masks = ()) -> LossAndGradient:
        right = self.right.evaluate(p, X, y, masks)
        wrong = self.layout.pack(self.backward(self.forward(p, X, masks), y, masks))
        return right._replace(gradient=wrong)


def insert_bug(network: Network, bug: str, layer: int | None = None) -> FaultyNetwork:
    """The network with a bug, in the first layer that can have it if none is given.

    Raises `ValueError` if the bug cannot be there.
    """
    possible = SEEDED_BUGS[bug].list_layers(network)
    if layer is None and possible:
        layer = possible[0]
    if layer not in possible:
        raise ValueError(f"{bug} cannot be in layer {layer} of {network}")
    return FaultyNetwork(**read_fields(network), bug=bug, layer=layer)


def read_fields(network: Network) -> dict[str, Any]:
    """The arguments of a network, without those of a bug."""
    return {field.name: getattr(network, field.name) for field in fields(Network)}


# ---- where a bug can be


def list_all_layers(network: Network) -> list[int]:
    return list(range(1, network.depth + 1))


def list_hidden_layers(network: Network) -> list[int]:
    return list(range(1, network.depth))


def list_square_layers(network: Network) -> list[int]:
    """The layers with as many outputs as inputs, but for the first, through which no gradient passes on."""
    n = network.layer_sizes
    return [k for k in range(2, network.depth + 1) if n[k - 1] == n[k]]


def list_scores(network: Network) -> list[int]:
    """The last layer, where the gradient starts."""
    return [network.depth]


# ---- at the scores


def sum_instead_of_mean(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    r"""$dS_i = \partial \ell / \partial S_i$, without 1/n."""
    dS = network.sample_loss.slope(layers.scores, y)
    return network.backpropagate(layers, dS, masks)


def take_the_next_class(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """The class of sample i + 1 for sample i."""
    return network.backward(layers, np.roll(y, -1), masks)


def leave_out_the_last_row(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """`for i in range(n - 1): P[i, y[i]] -= 1`: the last sample keeps its P."""
    dS = network.sample_loss.slope(layers.scores, y) / len(y)
    dS[..., -1, y[-1]] += 1 / len(y)
    return network.backpropagate(layers, dS, masks)


def share_one_pull(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    r"""$\partial \ell / \partial s_y = -1$ if any margin is violated, and not $-1$ for each of them."""
    dS = (margins(layers.scores, y) > 0).astype(layers.scores.dtype)
    dS[..., np.arange(len(y)), y] = -dS.max(axis=-1)
    return network.backpropagate(layers, dS / len(y), masks)


# ---- between the layers


def forget_a_transpose(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """dH = dZ W for dZ W^T."""
    W = f"W{k}"
    turned = layers.weights | {W: layers.weights[W].swapaxes(-1, -2)}
    wrong = network.backward(layers._replace(weights=turned), y, masks)
    return wrong | {W: network.backward(layers, y, masks)[W]}


def take_the_slope_at_z(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """tanh' = 1 - z² for 1 - h²; sigmoid' = z (1 - z) for h (1 - h)."""
    A = [*layers.A]
    A[k] = layers.Z[k]
    return network.backward(layers._replace(A=A), y, masks)


def cut_the_leak(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """The slope of ReLU for that of leaky ReLU, in all layers."""
    return replace(network, activation="relu").backward(layers, y, masks)


def draw_the_mask_again(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """Another M_k on the way back than on the way there."""
    if not masks:
        return network.backward(layers, y)
    redrawn = [*masks]
    redrawn[k - 1] = network.draw_masks(len(y), seed=0, t=NO_STEP)[k - 1].astype(masks[k - 1].dtype)
    return network.backward(layers, y, redrawn)


# ---- in one block


def take_the_first_sample(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """db = dZ[0] for dZ.sum(axis=0)."""
    first = ForwardPass(layers.weights, *([rows[..., :1, :] for rows in part] for part in layers[1:]))
    db = network.backward(first, y[:1], [mask[:1] for mask in masks])[f"b{k}"] / len(y)
    return network.backward(layers, y, masks) | {f"b{k}": db}


def forget_the_penalty(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """dW without λ W."""
    data = replace(network, l2=0.0).backward(layers, y, masks)
    return network.backward(layers, y, masks) | {f"W{k}": data[f"W{k}"]}


def penalize_the_biases(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """db with λ b, which the loss does not have."""
    gradient = network.backward(layers, y, masks)
    return gradient | {f"b{k}": gradient[f"b{k}"] + network.l2 * layers.weights[f"b{k}"]}


def round_to_single_precision(network: Network, layers: ForwardPass, y: Classes, masks: Masks, k: int) -> Gradient:
    """dW from numbers of 32 bits, stored as numbers of 64."""
    weights = {name: to_single(part) for name, part in layers.weights.items()}
    single = ForwardPass(weights, *([to_single(rows) for rows in part] for part in layers[1:]))
    dW = network.backward(single, y, [to_single(mask) for mask in masks])[f"W{k}"]
    gradient = network.backward(layers, y, masks)
    return gradient | {f"W{k}": dW.astype(gradient[f"W{k}"].dtype)}


def to_single(array: Array) -> Any:
    return array.astype(np.float32)


SEEDED_BUGS = {
    "missing_mean": SeededBug(
        Translatable("The mean's 1/n is missing"),
        Translatable("The loss is the mean over the samples, and the gradient is that of their sum: n times too long."),
        Translatable("With one sample it is right. With two or more, every check sees it in every block."),
        sum_instead_of_mean,
        list_scores,
        CodeLine("dS = slope(S, y)", "dS = slope(S, y) / n"),
    ),
    "next_class": SeededBug(
        Translatable("The classes are off by one"),
        Translatable("Row i of the scores is compared with the class of row i + 1, as after a batch cut at the wrong "
                     "place."),
        Translatable("Where all samples are of one class it is right, as in a file that is sorted by class. A check "
                     "with samples of several classes sees it in all blocks, but with softmax not in the last bias."),
        take_the_next_class,
        list_scores,
        CodeLine("dS = slope(S, np.roll(y, -1)) / n", "dS = slope(S, y) / n"),
    ),
    "last_row": SeededBug(
        Translatable("The last sample is left out of a loop"),
        Translatable("The gradient of softmax is P minus 1 at the right class. A loop that ends one row too early does "
                     "not subtract it for the last sample."),
        Translatable("With few samples every check sees it. With thousands the error is that of one in thousands, and "
                     "in the last matrix only the column of that sample's class is wrong: few entries may miss it."),
        leave_out_the_last_row,
        lambda network: list_scores(network) if network.loss == "softmax" else [],
        CodeLine("for i in range(n - 1): P[i, y[i]] -= 1", "for i in range(n): P[i, y[i]] -= 1"),
    ),
    "shared_pull": SeededBug(
        Translatable("Several violated margins count as one"),
        Translatable("Each violated margin pushes the score of the right class up. Here it is pushed once, "
                     "however many are violated."),
        Translatable("With two classes there is one margin, and it is right. With three or more every check sees it."),
        share_one_pull,
        lambda network: list_scores(network) if network.loss == "svm" else [],
        CodeLine("dS[i, y[i]] = -np.max(violated[i]) / n", "dS[i, y[i]] = -np.sum(violated[i]) / n"),
    ),
    "forgotten_transpose": SeededBug(
        Translatable("A forgotten transpose"),
        Translatable("The gradient passes through W instead of its transpose. The matrix is square, so that the shapes "
                     "fit and nothing fails."),
        Translatable("The layers above are right, and with zero weights all are. At any other point a check of the "
                     "blocks below sees it."),
        forget_a_transpose,
        list_square_layers,
        CodeLine("dH{j} = dZ{k} @ W{k}", "dH{j} = dZ{k} @ W{k}.T"),
    ),
    "slope_at_z": SeededBug(
        Translatable("The slope is taken at z"),
        Translatable("The slope of tanh is 1 − h², with h the unit's output; here it is computed from its input z."),
        Translatable("With small weights h and z are nearly the same, and checks with an absolute tolerance pass. At "
                     "weights of ordinary size, or after some training, every check sees it."),
        take_the_slope_at_z,
        lambda network: list_hidden_layers(network) if network.activation == "tanh" else [],
        CodeLine("dZ{k} = dA{k} * (1 - Z{k}**2)", "dZ{k} = dA{k} * (1 - A{k}**2)"),
    ),
    "cut_leak": SeededBug(
        Translatable("The slope of another activation function"),
        Translatable("The units are leaky ReLUs, and the backward pass uses the slope of ReLU: below 0 it is 0 "
                     "instead of 0.01."),
        Translatable("Most entries are off by less than a hundredth, so that a limit of 10⁻² lets them pass. Those of "
                     "units that are below 0 for all samples show it clearly."),
        cut_the_leak,
        lambda network: list_hidden_layers(network)[-1:] if network.activation == "leaky_relu" else [],
        CodeLine("dZ{k} = dA{k} * (Z{k} > 0)", "dZ{k} = dA{k} * np.where(Z{k} > 0, 1, 0.01)"),
    ),
    "redrawn_mask": SeededBug(
        Translatable("The dropout mask is drawn again"),
        Translatable("The backward pass drops other units than the forward pass did."),
        Translatable("If dropout is switched off for the check, it is right. With the mask of a step kept the same, a "
                     "check of the blocks below, entry by entry, sees it."),
        draw_the_mask_again,
        lambda network: list_hidden_layers(network) if network.dropout else [],
        CodeLine("dA{k} = dH{k} * draw_mask({k})", "dA{k} = dH{k} * M{k}"),
    ),
    "first_sample_bias": SeededBug(
        Translatable("A bias learns from the first sample alone"),
        Translatable("The gradient of a bias is the sum over the samples; here it is that of the first one, as if "
                     "broadcasting had done the rest."),
        Translatable("With one sample it is right. A sample drawn from the whole vector may have no bias in it; one "
                     "with entries of every block sees it."),
        take_the_first_sample,
        list_all_layers,
        CodeLine("db{k} = dZ{k}[0]", "db{k} = dZ{k}.sum(axis=0)"),
    ),
    "unregularized_block": SeededBug(
        Translatable("One matrix is not regularized"),
        Translatable("The loss has the penalty of all weight matrices, and the gradient lacks that of one."),
        Translatable("Without regularization it is right, and where λ times a weight is below an absolute tolerance it "
                     "passes. A check with an ordinary λ sees it in that block."),
        forget_the_penalty,
        list_all_layers,
        CodeLine("dW{k} = H{j}.T @ dZ{k}", "dW{k} = H{j}.T @ dZ{k} + l2 * W{k}"),
    ),
    "regularized_bias": SeededBug(
        Translatable("A bias is regularized"),
        Translatable("The gradient of a bias has a term λ b, and the loss does not."),
        Translatable("At initialization the biases are 0, and every check passes. After some training they are not, "
                     "and a check of the biases sees it."),
        penalize_the_biases,
        list_all_layers,
        CodeLine("db{k} = dZ{k}.sum(axis=0) + l2 * b{k}", "db{k} = dZ{k}.sum(axis=0)"),
    ),
    "single_precision": SeededBug(
        Translatable("The first matrix is computed in single precision"),
        Translatable("The data came as numbers of 32 bits, and with them the gradient of the first matrix is right to "
                     "seven digits only, and to fewer where terms cancel."),
        Translatable("The tolerances of most checkers are wider than that. A check in double precision of a function "
                     "without kinks sees it, if it asks for 10⁻⁷."),
        round_to_single_precision,
        # With sigmoid units its error is so near the limit of 10⁻⁷ that the check may pass.
        lambda network: [1] if network.is_analytic and network.activation == "tanh" else [],
        CodeLine("dW{k} = np.float32(H{j}).T @ np.float32(dZ{k}) + l2 * W{k}", "dW{k} = H{j}.T @ dZ{k} + l2 * W{k}"),
    ),
}  # fmt: skip
