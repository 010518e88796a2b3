"""Where a training that diverged first had a number that is not finite."""

from typing import Literal, NamedTuple

import numpy as np

from surfaces.base import Array
from surfaces.models.network import Network
from surfaces.models.network_loss import NetworkLoss
from surfaces.translatable import Translatable

Cause = Literal["loss", "gradient", "weights"]


class Divergence(NamedTuple):
    """The first non-finite number of a training; its weights stay as they were before that step."""

    t: int  # the step, from 1
    epoch: int  # in which it is, from 1
    cause: Cause
    block: str  # of the gradient or the weights; of the layer whose pre-activations overflowed, if it is the loss

    @property
    def sentence(self) -> Translatable:
        match self.cause:
            case "loss":
                return Translatable(
                    "Diverged in step {step:,} (epoch {epoch}): the loss is not finite. The weights were still finite, "
                    "but the outputs of the layer of {block} overflow.",
                    step=self.t, epoch=self.epoch, block=self.block,
                )  # fmt: skip
            case "gradient":
                return Translatable(
                    "Diverged in step {step:,} (epoch {epoch}): the loss was still finite, but the gradient of {block} "
                    "is not.", step=self.t, epoch=self.epoch, block=self.block,
                )  # fmt: skip
            case "weights":
                return Translatable(
                    "Diverged in step {step:,} (epoch {epoch}): loss and gradient were still finite, but the step took "
                    "{block} beyond the largest number.", step=self.t, epoch=self.epoch, block=self.block,
                )  # fmt: skip


def find_divergence(
    samples: NetworkLoss, gradient: Array | None, before: Array, after: Array, loss: float, t: int, epoch: int
) -> Divergence | None:
    """Find the first non-finite number of step t, in the order of computation; None if all are finite.

    `samples` are those of the step, and `gradient` is the last one that was computed in it.
    """
    network = samples.network
    if not np.isfinite(loss):
        Z = samples.preactivations(before)
        overflown = next((k for k, z in enumerate(Z, 1) if not np.isfinite(z).all()), network.depth)
        return Divergence(t, epoch, "loss", f"W{overflown}")
    if gradient is not None and (block := find_nonfinite_block(network, gradient)):
        return Divergence(t, epoch, "gradient", block)
    if block := find_nonfinite_block(network, after):
        return Divergence(t, epoch, "weights", block)
    return None


def find_nonfinite_block(network: Network, p: Array) -> str:
    """The first block of a point (d,) that is not finite; "" if all are."""
    finite = np.isfinite(p)
    return next((block.name for block in network.layout.blocks if not finite[block.start : block.stop].all()), "")
