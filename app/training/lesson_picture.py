"""The picture of trainings in a lesson, with some of its parts, or in a lecture while its question is open.

Before the prediction it shows only the first epochs.
"""

from collections.abc import Sequence

from app.browser.value_digest import digest_values
from app.compute.training_job import TrainingSnapshot, list_requests
from app.lessons.catalogue import TRAINING_LESSONS
from app.training.training_component import (
    add_curves,
    add_details,
    describe_progress,
    describe_scene,
    mount_scene,
    mount_trainings,
    poll_jobs,
)
from app.training.training_state import LECTURE, get_scene
from app.training_scenes.training_scene import TrainingScene
from app.translation import translate


def show_fixed_trainings(
    key: str, scene: TrainingScene, trainings: Sequence[TrainingSnapshot], parts: Sequence[str],
    last_epoch: int | None = None,
) -> None:  # fmt: skip
    """Show these parts of the picture; before the visitor's prediction, no more than the epochs up to `last_epoch`."""
    header, arrays = describe_scene(scene, list_requests(scene))
    for k, snapshot in enumerate(trainings):
        shown = snapshot if last_epoch is None else cut_snapshot(snapshot, last_epoch)
        header["trainings"][k] |= add_curves(arrays, k, shown)
    if last_epoch is None:
        header |= add_details(arrays, trainings[scene.selected], is_done=True)
    header |= {
        "id": key, "fixed": True, "parts": list(parts), "readings": [], "state": "done", "number": 0, "fraction": 1.0,
        "job_id": f"{key} {digest_values(scene, last_epoch)}", "suspense": True, "lesson": key,
        "waits": "" if last_epoch is None else describe_waiting(),
    }  # fmt: skip
    mount_trainings(key, header, arrays, {})


def show_waiting_trainings() -> None:
    """Show the scene of a lecture whose question is open, with the epochs that its lesson shows before the prediction.

    The trainings go on meanwhile.
    """
    scene, last_epoch = get_scene(), find_last_epoch_before()
    requests = list_requests(scene)
    statuses = poll_jobs(requests)
    header, arrays = describe_scene(scene, requests)
    for k, status in enumerate(statuses):
        header["trainings"][k] |= add_curves(arrays, k, status.result and cut_snapshot(status.result, last_epoch))
    header |= {"readings": [], "landscape": None, "waits": describe_waiting()}
    mount_scene(requests, statuses, (header, arrays), (describe_progress(statuses), {}), {})


def find_last_epoch_before() -> int:
    """The last epoch that is shown before the question of the current entry is answered; -1 for none."""
    found = LECTURE.find_entry()
    lesson = TRAINING_LESSONS.get(found[0].lesson) if found else None
    return lesson.epochs_before if lesson else -1


def describe_waiting() -> str:
    return translate("The rest waits for your prediction.")


def cut_snapshot(snapshot: TrainingSnapshot, last_epoch: int) -> TrainingSnapshot:
    """The record up to the end of an epoch."""
    epochs = tuple(epoch for epoch in snapshot.epochs if epoch.epoch <= last_epoch)
    steps = tuple(steps for steps in snapshot.steps if steps.epoch <= last_epoch)
    last_step = sum(len(each.data_loss) for each in steps)
    ratios = tuple(ratio for ratio in snapshot.ratios if ratio.t <= last_step)
    return snapshot._replace(epochs=epochs, steps=steps, ratios=ratios, divergence=None, readings=())
