"""The picture of trainings in a lesson: some of its parts, of trainings that stay as they are."""

from collections.abc import Sequence

from app.training.picture import add_curves, add_details, describe_scene, mount_trainings
from app.training.training_job import TrainingRequest, TrainingSnapshot
from app.training.training_scene import TrainingScene, build_training
from app.translation import translate


def show_fixed_trainings(
    key: str, scene: TrainingScene, trainings: Sequence[TrainingSnapshot], parts: Sequence[str],
    last_epoch: int | None = None,
) -> None:  # fmt: skip
    """Show these parts of the picture; before the visitor's prediction, no more than the epochs up to `last_epoch`."""
    requests = [TrainingRequest(build_training(scene, chosen), scene.table) for chosen in scene.trainings]
    header, arrays = describe_scene(scene, requests)
    for k, snapshot in enumerate(trainings):
        shown = snapshot if last_epoch is None else cut_snapshot(snapshot, last_epoch)
        header["trainings"][k] |= add_curves(arrays, k, shown)
    if last_epoch is None:
        header |= add_details(arrays, trainings[scene.selected], is_done=True)
    header |= {
        "id": key, "fixed": True, "parts": list(parts), "readings": [], "state": "done", "number": 0, "share": 1.0,
        "mark": f"{key} {hash((scene, last_epoch)):x}", "suspense": True, "lesson": key,
        "waits": "" if last_epoch is None else translate("The rest waits for your prediction."),
    }  # fmt: skip
    mount_trainings(key, header, arrays, {})


def cut_snapshot(snapshot: TrainingSnapshot, last_epoch: int) -> TrainingSnapshot:
    """The record up to the end of an epoch."""
    epochs = tuple(epoch for epoch in snapshot.epochs if epoch.epoch <= last_epoch)
    steps = tuple(steps for steps in snapshot.steps if steps.epoch <= last_epoch)
    last_step = sum(len(each.data_loss) for each in steps)
    ratios = tuple(ratio for ratio in snapshot.ratios if ratio.t <= last_step)
    return snapshot._replace(epochs=epochs, steps=steps, ratios=ratios, divergence=None, readings=())
