"""The message with the decision regions: the grid of each shown epoch, and the samples on it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.browser.binary_message import Arrays
from app.compute.background_jobs import FINISHED_STATES, JobStatus
from app.compute.training_job import TrainingSnapshot
from app.translation import translate
from optimizers.training.decision_regions import GRID_SIDE, ClassifiedPlane, EpochRegions, spread_rows

MAX_REGION_BYTES = 600_000  # of all trainings and epochs together


def add_decision_regions(arrays: Arrays, statuses: Sequence[JobStatus]) -> dict[str, Any]:
    """Add the decision regions of every training on two features; while it goes on, of its last epoch alone."""
    found: list[TrainingSnapshot | None] = [status.result for status in statuses]
    first = next((snapshot for snapshot in found if snapshot and snapshot.regions), None)
    if first is None or first.plane is None:
        return {}
    plane = first.plane
    each = max(2, MAX_REGION_BYTES // len(statuses) // (GRID_SIDE**2 + len(plane.points)))
    for k, snapshot in enumerate(found):
        if snapshot and snapshot.regions:
            is_done = statuses[k].state in FINISHED_STATES
            add_epochs(arrays, k, choose_epochs(snapshot.regions, each) if is_done else snapshot.regions[-1:])
    arrays["region_points"] = ((plane.points - plane.low) / (plane.high - plane.low)).astype(np.float32)
    arrays["region_classes"] = plane.classes
    return {"plane": describe_plane(plane, first)}


def choose_epochs(regions: Sequence[EpochRegions], most: int) -> list[EpochRegions]:
    """Choose at most `most` epochs, evenly spaced, including the first and the last."""
    return [regions[row] for row in spread_rows(len(regions), most)]


def add_epochs(arrays: Arrays, k: int, shown: Sequence[EpochRegions]) -> None:
    arrays[f"region_epochs{k}"] = np.array([regions.epoch for regions in shown], dtype=np.float32)
    arrays[f"region_cells{k}"] = np.concatenate([regions.cells for regions in shown])
    arrays[f"region_taken{k}"] = np.concatenate([regions.point_classes for regions in shown])


def describe_plane(plane: ClassifiedPlane, snapshot: TrainingSnapshot) -> dict[str, Any]:
    data = snapshot.prepared.split.training
    return {
        "side": GRID_SIDE, "levels": plane.levels, "training": plane.training_count, "axes": list(data.feature_names),
        "classes": [translate(name) for name in data.class_names],
    }  # fmt: skip
