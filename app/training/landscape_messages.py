"""Messages to and from the panel of the loss landscape, and the link of the race on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.browser.binary_message import Arrays
from app.compute.background_jobs import FINISHED_STATES, JobStatus
from app.compute.training_job import TrainingRequest
from app.model.call_syntax import write_number
from app.model.scene import UserError
from app.session.polled_jobs import poll_job
from app.training.landscape_job import DrawnLandscape, DrawnPath, LandscapeRequest, get_landscape_job
from app.training.training_view_options import Plane
from app.training_scenes.network_loss_source import (
    MAX_ENDS,
    NetworkLossSource,
    check_landscape,
    network_loss_call,
)
from app.training_scenes.training_scene import TrainingScene
from app.translation import translate
from optimizers.training.training_landscape import PlaneKind, network_loss
from surfaces.translatable import Translatable

SHOWN_DIGITS = 4  # of the start of a race


def order_trainings(scene: TrainingScene, kind: PlaneKind) -> TrainingScene:
    """The selected training first, and after it the others that the plane is laid through."""
    others = [t for k, t in enumerate(scene.trainings) if k != scene.selected] if kind == "ends" else []
    return replace(scene, trainings=(scene.chosen, *others[: MAX_ENDS - 1]), selected=0)


def find_refusal(scene: TrainingScene, plane: Plane, is_race: bool) -> str:
    """Explain why there is no landscape on this plane, or no race on it; "" if there is one."""
    chosen = order_trainings(scene, plane[0])
    try:
        if is_race:
            network_loss_call(chosen, *plane)
        else:
            check_landscape(chosen, plane[0])
    except UserError as error:
        return translate(error.message)
    return ""


def list_race_parameters(scene: TrainingScene, plane: Plane, drawn: DrawnLandscape | None) -> list[tuple[str, str]]:
    """The link of the race on a landscape: its surface, and where the training began if its path is the plane's."""
    call = network_loss_call(order_trainings(scene, plane[0]), *plane)
    pairs = [("surface", NetworkLossSource(call.name, network_loss).write(call))]
    if plane[0] == "path" and drawn and drawn.paths[0]:
        start = [float(f"{value:.{SHOWN_DIGITS}g}") for value in drawn.paths[0].points[:, 0]]
        pairs.append(("start", ",".join(map(write_number, start))))
    return pairs


def poll_landscape(
    scene: TrainingScene, requests: Sequence[TrainingRequest], statuses: Sequence[JobStatus], plane: Plane
) -> JobStatus | None:
    """The status of the landscape around the selected training; None while a training goes on, or if it is refused."""
    if any(status.state not in FINISHED_STATES for status in statuses) or find_refusal(scene, plane, False):
        return None
    selected = requests[scene.selected]
    ordered = (selected, *(request for k, request in enumerate(requests) if k != scene.selected))
    ends = len(order_trainings(scene, plane[0]).trainings)
    return poll_job(get_landscape_job, LandscapeRequest(ordered, *plane, ends))


def describe_landscape(
    arrays: Arrays, scene: TrainingScene, plane: Plane | None, status: JobStatus | None
) -> dict[str, Any]:
    """The header's part about the landscape."""
    if plane is None:
        return {"state": "off"}
    refusal = find_refusal(scene, plane, False)
    drawn: DrawnLandscape | None = status.result if status else None
    state = "refused" if refusal else "done" if drawn else "working"
    header = {
        "state": state, "kind": plane[0], "seed": plane[1], "refusal": refusal,
        "fraction": status.fraction if status else 0.0, "no_race": find_refusal(scene, plane, True), "paths": [],
    }  # fmt: skip
    return header | add_landscape(arrays, scene, drawn) if drawn else header


def add_landscape(arrays: Arrays, scene: TrainingScene, drawn: DrawnLandscape) -> dict[str, Any]:
    """Heights and paths; the path of training k of the scene has its number."""
    arrays["landscape"] = drawn.heights.astype(np.float32)
    numbers = [scene.selected, *(k for k in range(len(scene.trainings)) if k != scene.selected)]
    shown = [(k, path) for k, path in zip(numbers, drawn.paths, strict=False) if path]
    for k, path in shown:
        arrays[f"landscape_path{k}"] = path.points.astype(np.float32)
        arrays[f"landscape_epochs{k}"] = path.epochs.astype(np.float32)
    samples = translate("over {count:,} samples", count=drawn.sample_count)
    return {
        "side": drawn.surface.grid_size, "box": [list(side) for side in drawn.surface.box],
        "range": [finite_or_none(drawn.lowest), finite_or_none(drawn.highest)],
        "samples": samples, "scale": drawn.scale,
        "paths": [{"k": k, "explained": describe_explained(k, path)} for k, path in shown],
    }  # fmt: skip


def describe_explained(k: int, path: DrawnPath) -> str:
    """How much of a path the plane explains."""
    share = 100 * max(0.0, min(1.0, path.explained))
    text = f"{share:.1f}" if share < 99.95 else "100"
    return translate(
        Translatable(
            "The plane explains {share} % of the variance of training {number}'s path.", share=text, number=k + 1
        )
    )


def finite_or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None
