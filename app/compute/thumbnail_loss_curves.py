"""The training losses of the last trainings that have ended, by epoch: small pictures are drawn from them."""

from collections import OrderedDict
from collections.abc import Iterable
from math import isfinite, log10
from threading import Lock

from optimizers.training.recorder import EpochRecord
from optimizers.training.specification import Training

MAX_KEPT_CURVES = 2000  # of at most 200 epochs each: those of eight playlists of thirty scenes with eight trainings

LossCurve = tuple[tuple[int, float], ...]  # epochs and losses, of those that a logarithmic axis can show
Point = tuple[float, float]


class KeptLossCurves:
    """The loss curve of each training and table; of too many the one that was asked for least lately is forgotten."""

    def __init__(self, max_curves: int = MAX_KEPT_CURVES) -> None:
        self.curves: OrderedDict[tuple[Training, str], LossCurve] = OrderedDict()
        self.max_curves, self.lock = max_curves, Lock()

    def keep(self, training: Training, table: str, epochs: Iterable[EpochRecord]) -> None:
        with self.lock:
            self.curves[training, table] = list_losses(epochs)
            self.curves.move_to_end((training, table))
            while len(self.curves) > self.max_curves:
                self.curves.popitem(last=False)

    def find(self, training: Training, table: str) -> LossCurve | None:
        """The curve of a training that has ended; it may be empty."""
        with self.lock:
            curve = self.curves.get((training, table))
            if curve is not None:
                self.curves.move_to_end((training, table))
            return curve


kept_loss_curves = KeptLossCurves()


def list_losses(epochs: Iterable[EpochRecord]) -> LossCurve:
    """The epochs with a finite training loss above zero, and that loss."""
    losses = ((epoch.epoch, epoch.training.loss) for epoch in epochs)
    return tuple((epoch, float(loss)) for epoch, loss in losses if isfinite(loss) and loss > 0)


def place_losses(curves: Iterable[LossCurve], epochs: int) -> list[list[Point]]:
    """The points of each curve in a picture, as parts of its width from the left and of its height from below.

    The loss is on a logarithmic axis, which has at least one decade, so that noise does not fill the picture.
    """
    curves = list(curves)
    decades = [log10(loss) for curve in curves for _, loss in curve] or [0.0]
    middle = (min(decades) + max(decades)) / 2
    half = max(0.5, (max(decades) - min(decades)) / 2)
    return [
        [(epoch / epochs, (log10(loss) - (middle - half)) / (2 * half)) for epoch, loss in curve] for curve in curves
    ]
