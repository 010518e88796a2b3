"""The small picture of a scene of trainings, which the browser draws: their training losses over the epochs."""

from collections.abc import Iterator
from typing import Any

from app.compute.background_jobs import FINISHED_STATES
from app.compute.scene_thumbnails import UNITS
from app.compute.thumbnail_loss_curves import LossCurve, kept_loss_curves, place_losses
from app.compute.training_job import TrainingRequest, get_training_job, list_requests
from app.training_scenes.training_scene import TrainingScene


def make_training_thumbnail(scene: TrainingScene, *, has_curves: bool) -> dict[str, Any]:
    """The picture as numbers: the curve of each training, in `UNITS` from the left and the lower edge.

    A training that has not ended has none, nor has any where the curves would tell what will happen.
    """
    known = [find_curve(request) or () for request in list_requests(scene)] if has_curves else []
    points = place_losses(known, scene.epochs)
    return {"losses": [[[round(UNITS * x), round(UNITS * y)] for x, y in curve] for curve in points]}


def find_curve(request: TrainingRequest) -> LossCurve | None:
    return kept_loss_curves.find(request.training, request.table)


def list_missing_curves(scene: TrainingScene) -> Iterator[TrainingRequest]:
    """The trainings of a scene that are to be trained before its picture is complete, one after another."""
    for request in list_requests(scene):
        if find_curve(request) is None and get_training_job(request).status.state not in FINISHED_STATES:
            yield request
