"""The loss landscape around the weights of trainings: a plane of weights, and the loss on it as a surface."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Literal, NamedTuple

from optimizers.training.decision_regions import spread_rows
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Training
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.training_path import TrainingPath, check_size, keep_path
from surfaces.base import Box, Point, Surface
from surfaces.models.loss_slice import slice_loss
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.weight_plane import WeightPlane, draw_random_plane, find_principal_plane, span_plane
from surfaces.translatable import UserError

PlaneKind = Literal["path", "random", "ends"]
MAX_SAMPLES = 300  # over which the loss is taken, evenly over the training part
MAX_LANDSCAPE_PRODUCTS = 1_000_000  # of a weight and a sample in one evaluation; fewer samples for a larger network
WEIGHT_PLANE_GRID_SIZE = 61  # points along each side where it is drawn
MAX_ENDS = 3


class PlaneFrame(NamedTuple):
    """The facts about a plane that are known before anything is trained."""

    box: Box
    start: Point  # where a race begins unless it is told


FRAMES: dict[PlaneKind, PlaneFrame] = {
    "path": PlaneFrame(Box((-1.25, 1.25), (-1.25, 1.25)), (-1.0, 0.0)),  # the training begins near a = -1
    "random": PlaneFrame(Box((-1.0, 1.0), (-1.0, 1.0)), (0.7, 0.7)),  # the view of the paper's pictures
    "ends": PlaneFrame(Box((-0.5, 1.5), (-0.5, 1.5)), (1.2, 1.2)),
}

_training_lock = Lock()


def network_loss(trainings: tuple[Training, ...], plane: PlaneKind = "path", seed: int = 0) -> Surface:
    r"""The loss of a network on a plane through the weights at the end of its training.

    $$ f(x, y) = L(w^* + x\, u + y\, v) $$

    L is the training loss with its penalty, over at most 300 of the samples, and $w^*$ are the weights at the end of
    the first training. The directions u and v are the two along which its path explains most (`path`), random ones
    with the norms of the network's filters (`random`, drawn by `seed`), or lead to the ends of two other trainings
    (`ends`): the second one's at (1, 0), the third one's at (0, 1), or where the first one began if there are two.
    It is trained when f is first asked for, and repeats the training to the bit.

    Li, Xu, Taylor, Studer & Goldstein (2018), Visualizing the loss landscape of neural nets, NeurIPS,
    [arXiv:1712.09913](https://arxiv.org/abs/1712.09913).
    """

    def surface() -> Surface:
        with _training_lock:  # one at a time, and each once
            return slice_trained(trainings, plane, seed)

    box, start = FRAMES[plane]
    return Surface(
        lambda p: surface().value(p), lambda p: surface().grad(p), lambda p: surface().hess(p), box, start, (),
        WEIGHT_PLANE_GRID_SIZE,
    )  # fmt: skip


@lru_cache(maxsize=8)
def slice_trained(trainings: tuple[Training, ...], kind: PlaneKind, seed: int) -> Surface:
    paths = [train_path(training) for training in trainings]
    return slice_around(paths[0], build_plane(kind, seed, paths), kind)


@lru_cache(maxsize=8)
def train_path(training: Training) -> TrainingPath:
    """Train, and keep the path. Raises `UserError` for data of a visitor and for a large network."""
    prepared = prepare_training(training)
    check_size(prepared.network.layout.size)
    loop = TrainingLoop(prepared, is_recorded=False)
    for _ in loop.train():
        pass
    return keep_path(loop)


def build_plane(kind: PlaneKind, seed: int, paths: Sequence[TrainingPath]) -> WeightPlane:
    """The plane through the end of the first path; `ends` goes through those of the others. Raises `UserError`."""
    first = paths[0]
    if kind == "random":
        return draw_random_plane(first.network.layout, first.end, seed)
    if kind == "path":
        return find_principal_plane(first.weights)
    if len(paths) < 2:
        raise UserError("The plane through the ends needs two trainings or three: add another one.")
    if len({path.network.layout for path in paths}) > 1:
        raise UserError("The plane through the ends needs trainings of networks with the same layers.")
    third = paths[2].end if len(paths) > 2 else first.weights[0]
    return span_plane(first.end, paths[1].end, third)


def slice_around(path: TrainingPath, plane: WeightPlane, kind: PlaneKind) -> Surface:
    """The loss of a training on a plane, over some of its samples and without dropout."""
    box, start = FRAMES[kind]
    return replace(slice_loss(choose_loss(path), plane, box, start), grid_size=WEIGHT_PLANE_GRID_SIZE)


def choose_loss(path: TrainingPath) -> NetworkLoss:
    """The training loss over as many samples as can be evaluated at thousands of points, evenly over the part."""
    data = path.prepared.split.training
    most = min(MAX_SAMPLES, MAX_LANDSCAPE_PRODUCTS // path.network.layout.size)
    if most < len(data.classes):
        data = data.subset(spread_rows(len(data.classes), most))
    return NetworkLoss(path.network, data.inputs, data.classes)
