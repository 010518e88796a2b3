"""The component that shows the trainings: the message to the browser, and the messages from it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from app.browser.binary_message import Arrays, encode_binary_message, narrow_floats
from app.browser.component_events import get_component_value, get_fields, make_event_handler
from app.browser.job_progress_labels import PROGRESS_LABELS
from app.browser.loader_script import make_loader
from app.browser.player_component import Events
from app.browser.player_labels import LECTURE_LABELS
from app.browser.player_protocol import is_serial
from app.compute.background_jobs import JobStatus
from app.compute.training_job import TrainingRequest, TrainingSnapshot, get_training_job, list_requests
from app.figures.palette import PALETTE
from app.panels.undo_redo_buttons import make_history_handler
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.polled_jobs import count_others, decode_stop, make_job_id, poll_job, set_stopped
from app.session.session_state import get_session
from app.training.decision_messages import add_decision_regions
from app.training.labels import BLAME_TITLES, CHECK_TITLES, LABELS
from app.training.landscape_messages import describe_landscape, poll_landscape
from app.training.landscape_race import request_race, show_landscape
from app.training.layer_arrays import (
    MAX_IMAGES,
    add_first_weights,
    add_histograms,
    add_predictions,
    make_finite,
)
from app.training.mid_training_changes import change_from, describe_changeable, describe_changes, list_changeable_values
from app.training.sanity_check_job import get_sanity_check_job
from app.training.training_state import (
    LECTURE,
    get_scene,
    get_state,
    get_view,
    redo,
    try_edit,
    undo,
    update_scene,
    update_view,
)
from app.training.training_view_options import decode_future, decode_plane
from app.training.training_with_remedy import add_mended
from app.training_scenes.training_names import describe_data, describe_model, name_trainings
from app.training_scenes.training_preparation import prepare
from app.training_scenes.training_scene import TrainingScene
from app.translation import translate, translate_table
from optimizers.training.reading import Reading, ReadingKind
from optimizers.training.recorder import find_epochs_of_steps
from optimizers.training.specification import Training

COMPONENT_KEY = "trainings"
MENDED_KEY = "training.mended"  # of the note why a remedy was not taken
CHANGE_KEY = "training.change"  # of the note why a change in the middle was not made
MAX_TYPED_CHARACTERS = 24  # of the value of a change
IMAGE_SIDE = 8  # pixels of a handwritten digit

_component = st.components.v2.component(
    "descent_trainings", js=make_loader("mountTrainings", "training/mount.js"), isolate_styles=False
)
_news = st.components.v2.component(
    "descent_training_news",
    js=make_loader("receiveTrainingNews", "training/mount.js", is_visible=False),
    isolate_styles=False,
)


def show_trainings() -> None:
    """Show what is recorded so far of all trainings; they go on while the browser asks for more."""
    scene = get_scene()
    requests = list_requests(scene)
    statuses = poll_jobs(requests)
    selected = statuses[scene.selected]
    header, arrays = describe_trainings(scene, requests, statuses)
    news, news_arrays = describe_news(scene, requests, statuses)
    readings = selected.result.readings if selected.result is not None else ()
    events: Events = {
        "checked": (decode_press, lambda _: show_sanity_checks()),
        "planned": (decode_plane, show_landscape),
        "raced": (decode_press, lambda _: request_race()),
        "mended": (partial(decode_reading, readings), mend),
        "changed": (decode_change, make_change),
    }
    mount_scene(requests, statuses, (header, arrays), (news, news_arrays), events)


def mount_scene(
    requests: list[TrainingRequest],
    statuses: list[JobStatus],
    curves: tuple[dict[str, Any], Arrays],
    news: tuple[dict[str, Any], Arrays],
    events: Events,
) -> None:
    """Mount the picture of the present scene: its curves and, as a message of its own, its news."""
    edition = make_job_id(curves[0].get("waits"), *((status.version, status.state) for status in statuses))
    parts = {"id": COMPONENT_KEY, "job_id": make_job_id(*requests), "edition": edition}

    def stop(is_stopped: bool) -> None:
        for request in requests:
            if not is_stopped or get_training_job(request).status.state != "done":  # another visitor may have ended it
                set_stopped(get_training_job, request, is_stopped)
        rerun_fragments()

    events = {
        **LECTURE.list_events(), "stopped": (decode_stop, stop), "selected": (decode_index, select_training),
        "ahead": (decode_future, show_future), **events,
    }  # fmt: skip
    mount_trainings(
        COMPONENT_KEY,
        curves[0] | parts,
        curves[1],
        events,
        on_undone_change=make_history_handler(COMPONENT_KEY, undo, redo),
    )
    _news(key=f"{COMPONENT_KEY}_news", data=encode_binary_message(parts | news[0], news[1]))


def mount_trainings(
    key: str, header: dict[str, Any], arrays: Arrays, events: Events, **handlers: Callable[[], None]
) -> None:
    """Mount the picture `key`; `events` has the decoder and the action of each message from it."""
    handlers |= {f"on_{name}_change": make_event_handler(key, name, *event) for name, event in events.items()}
    _component(key=key, data=encode_binary_message(header, arrays), on_asked_change=lambda: None, **handlers)


def poll_jobs(requests: list[TrainingRequest]) -> list[JobStatus]:
    """The status of each training. Waits a moment for news of one that goes on."""
    job_id, seen = get_fields(get_component_value(COMPONENT_KEY, "asked"), "job_id", "seen")
    is_shown = job_id == make_job_id(*requests) and is_serial(seen)
    statuses = [poll_job(get_training_job, request) for request in requests]
    number = sum(status.version for status in statuses)
    for k, request in enumerate(requests):
        if statuses[k].state == "working" and (not is_shown or number <= seen):
            statuses[k] = poll_job(get_training_job, request, statuses[k].version if is_shown else 0)
            break
    return statuses


def decode_index(payload: object) -> int | None:
    index, n = get_fields(payload, "index", "n")
    return index if type(index) is int and 0 <= index < len(get_scene().trainings) and is_serial(n) else None


def decode_press(payload: object) -> bool | None:
    (n,) = get_fields(payload, "n")
    return True if is_serial(n) else None


def decode_reading(readings: Sequence[Reading], payload: object) -> Training | None:
    """The mended training of the reading whose remedy was pressed."""
    index, n = get_fields(payload, "index", "n")
    is_known = type(index) is int and 0 <= index < len(readings) and is_serial(n)
    remedy = readings[index].remedy if is_known else None
    return remedy.mended if remedy else None


def mend(mended: Training) -> None:
    """Train the mended training beside the old one."""
    try_edit(MENDED_KEY, lambda scene, _: add_mended(scene, scene.selected, mended), value="")
    rerun_fragments(PANEL)


def decode_change(payload: object) -> tuple[int, str, str, bool] | None:
    """Epoch, name and typed value of a change in the middle, and whether it is made beside the selected training."""
    epoch, name, text, beside, n = get_fields(payload, "epoch", "name", "text", "beside", "n")
    is_known = name in (known for known, _ in list_changeable_values(get_scene().chosen))
    if type(epoch) is not int or not is_known or type(text) is not str or type(beside) is not bool or not is_serial(n):
        return None
    return epoch, name, text[:MAX_TYPED_CHARACTERS], beside


def make_change(change: tuple[int, str, str, bool]) -> None:
    """Go on from an epoch with another value."""
    epoch, name, text, is_beside = change
    try_edit(CHANGE_KEY, lambda scene, _: change_from(scene, epoch, name, text, is_beside=is_beside), value="")
    rerun_fragments(PANEL)


def show_sanity_checks() -> None:
    get_state().has_sanity_checks = True
    rerun_fragments()


def show_future(future: str) -> None:
    update_view(future=future)
    rerun_fragments()


def select_training(index: int) -> None:
    update_scene(get_scene().with_selected(index))
    rerun_fragments(PANEL)


# ---- what the browser is sent


def describe_trainings(
    scene: TrainingScene, requests: list[TrainingRequest], statuses: list[JobStatus]
) -> tuple[dict[str, Any], Arrays]:
    """Describe all trainings, and the selected one in more detail."""
    header, arrays = describe_scene(scene, requests)
    for k, status in enumerate(statuses):
        header["trainings"][k] |= add_curves(arrays, k, status.result)
    header |= add_decision_regions(arrays, statuses)
    selected = statuses[scene.selected]
    header["readings"] = describe_readings(selected.result.readings if selected.result else ())
    if selected.result is not None and selected.result.epochs:
        is_done = all(status.state not in ("working", "idle") for status in statuses)
        header |= add_details(arrays, selected.result, is_done)
    return header, arrays


def describe_news(
    scene: TrainingScene, requests: list[TrainingRequest], statuses: list[JobStatus]
) -> tuple[dict[str, Any], Arrays]:
    """How far the work is, and what is computed beside the trainings: a message of its own, because the curves are
    many numbers, and are not sent again with each piece of this."""
    news: dict[str, Any] = {}
    arrays: Arrays = {}
    everything = [*statuses]
    if get_state().has_sanity_checks:
        sanity = poll_job(get_sanity_check_job, requests[scene.selected])
        news["sanity"] = describe_sanity_checks(sanity)
        everything.append(sanity)
    plane = get_view().plane
    landscape = poll_landscape(scene, requests, statuses, plane) if plane else None
    news["landscape"] = describe_landscape(arrays, scene, plane, landscape)
    everything += [landscape] if landscape else []
    return news | describe_progress(everything), arrays


def describe_progress(statuses: Sequence[JobStatus]) -> dict[str, Any]:
    """Describe the progress of the jobs, and the state of the lecture."""
    active = next((status for status in statuses if status.state not in ("done", "failed")), statuses[-1])
    return {
        "number": sum(status.version for status in statuses),
        "fraction": sum(status.fraction for status in statuses) / len(statuses), "state": active.state,
        "others": count_others(active.state), "future": get_view().future,
        "suspense": LECTURE.is_on() or LECTURE.find_entry() is not None, **LECTURE.make_fields(),
    }  # fmt: skip


def describe_readings(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Describe the readings of a training's curves, with their remedies."""
    return [
        {
            "fault": reading.is_fault, "thin": reading.kind is ReadingKind.THIN_EVIDENCE,
            "sentence": translate(reading.sentence),
            "remedy": translate(reading.remedy.sentence) if reading.remedy else "",
            "can_mend": bool(reading.remedy and reading.remedy.mended),
            "evidence": [[e.curve, make_finite(e.first_epoch), make_finite(e.last_epoch)] for e in reading.evidence],
        }
        for reading in readings
    ]  # fmt: skip


def describe_sanity_checks(status: JobStatus) -> list[dict[str, Any]]:
    """The sanity checks that are done."""
    return [
        {
            "title": translate(CHECK_TITLES[result.check]), "passed": result.has_passed,
            "sentence": translate(result.sentence), "derivation": translate(result.derivation),
            "blame": translate(BLAME_TITLES[result.blame]) if result.blame else "",
        }
        for result in status.result or ()
    ]  # fmt: skip


def describe_scene(scene: TrainingScene, requests: list[TrainingRequest]) -> tuple[dict[str, Any], Arrays]:
    """Describe the scene, as far as it is known before anything is trained."""
    split = prepare(*requests[0]).split
    names = name_trainings(scene.trainings)
    header = {
        "id": COMPONENT_KEY, **PALETTE, "labels": translate_table(PROGRESS_LABELS | LECTURE_LABELS | LABELS),
        "title": describe_data(scene, len(split.training.classes), len(split.validation.classes)),
        "model": describe_model(scene.chosen, prepare(*requests[scene.selected]).network.layer_sizes),
        "epochs": scene.epochs, "selected": scene.selected,
        "trainings": [
            {"name": name, "changes": describe_changes(chosen)}
            for name, chosen in zip(names, scene.trainings, strict=True)
        ],
        "changeable": describe_changeable(scene.chosen),
        "change_note": translate(get_session().notes.get(CHANGE_KEY, "")),
    }  # fmt: skip
    return header, {}


def add_curves(arrays: Arrays, k: int, snapshot: TrainingSnapshot | None) -> dict[str, Any]:
    """Loss and accuracy of one training."""
    if snapshot is None or not snapshot.epochs:
        return {"done": 0, "diverged": None}
    arrays[f"epoch{k}"] = np.array([e.epoch for e in snapshot.epochs], dtype=np.float32)
    for part in ("training", "validation"):
        records = [getattr(e, part) for e in snapshot.epochs]
        for name in ("loss", "accuracy", "accuracy_error"):
            values = np.array([getattr(record, name) for record in records])
            arrays[f"{part}_{name}{k}"] = narrow_floats(100 * values if name.startswith("accuracy") else values)
    arrays[f"steps{k}"] = np.array([e.t for e in snapshot.epochs], dtype=np.float32)
    arrays[f"seconds{k}"] = np.array([snapshot.seconds.get(e.epoch, 0.0) for e in snapshot.epochs], dtype=np.float32)
    penalties = np.array([e.regularization for e in snapshot.epochs])
    if penalties.any():
        arrays[f"regularization{k}"] = narrow_floats(penalties)
    if snapshot.steps:
        arrays[f"step_loss{k}"] = np.concatenate([steps.data_loss for steps in snapshot.steps])
        arrays[f"step_epoch{k}"] = np.concatenate(
            [s.epoch - 1 + np.arange(len(s.data_loss)) / max(1, len(s.data_loss)) for s in snapshot.steps]
        ).astype(np.float32)
    divergence = snapshot.divergence
    return {
        "done": snapshot.epochs[-1].epoch,
        "diverged": {"epoch": divergence.epoch, "words": translate(divergence.sentence)} if divergence else None,
    }


def add_details(arrays: Arrays, snapshot: TrainingSnapshot, is_done: bool) -> dict[str, Any]:
    """Add what is shown of the selected training alone.

    Its predictions and first-layer weights are many numbers, and wait until `is_done`: they are sent once.
    """
    network, validation = snapshot.prepared.network, snapshot.prepared.split.validation
    blocks = [block.name for block in network.layout.blocks]
    is_of_images = snapshot.prepared.training.data == "digits"
    if snapshot.ratios:
        arrays["ratios"] = np.array([record.ratios for record in snapshot.ratios], dtype=np.float32)
        epochs_of_ratios = find_epochs_of_steps([record.t for record in snapshot.ratios], snapshot.steps)
        arrays["ratio_epochs"] = epochs_of_ratios.astype(np.float32)
    epochs = snapshot.epochs
    details: dict[str, Any] = {
        "blocks": blocks, "class_names": [translate(name) for name in validation.class_names],
        "shown_validation": min(MAX_IMAGES, len(validation.classes)),
        "layers": [
            {
                "units": width,
                "saturated": [float(e.saturated[j]) for e in epochs],
                "dead": [int(e.dead[j]) for e in epochs],
            }
            for j, width in enumerate(network.layer_sizes[1:-1])
        ],
        "matrices": network.depth,
        "image_side": IMAGE_SIDE if is_of_images else 0,
    }  # fmt: skip
    add_histograms(arrays, "activations", [e.activations for e in epochs])
    add_histograms(arrays, "gradients", [e.gradients for e in epochs])
    if is_done:
        add_predictions(arrays, snapshot)
    if is_done and is_of_images:
        arrays["images"] = np.rint(255 * validation.inputs[:MAX_IMAGES]).astype(np.uint8)
        details |= add_first_weights(arrays, epochs)
    return details
