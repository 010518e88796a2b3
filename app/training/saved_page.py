"""Trainings as one HTML file that plays without a server."""

import json
from typing import Any

from app.browser.binary_message import encode_binary_message
from app.compute.background_jobs import JobStatus
from app.compute.training_job import get_training_job, list_requests
from app.export.html_file import compress, fill_page, pack_modules, to_base64
from app.model.scene import UserError
from app.training.training_component import describe_trainings
from app.training.training_csv_and_json import format_link
from app.training_scenes.training_link import write_parameters
from app.training_scenes.training_names import describe_title
from app.training_scenes.training_scene import TrainingScene
from app.translation import translate

FILE_NAME = "training.html"
MAX_SAVED_BYTES = 4_500_000  # of what is sent to the picture; compressed and written as text it is up to a third more


def make_page(scene: TrainingScene) -> str:
    """The page of the trainings as far as they have come, in the visitor's language. Raises `UserError`."""
    messages = collect_messages(scene)
    is_partial = len(messages) < len(scene.trainings)
    notes = [translate("There was room for the details of the selected training alone.")] if is_partial else []
    content = {"selected": scene.selected, "messages": {k: to_base64(data) for k, data in messages.items()}}
    packs = {"modules": pack_modules("training"), "trainings": compress(json.dumps(content))}
    text = translate("The link of this scene, below the address of Descent"), format_link(write_parameters(scene))
    title = describe_title(scene, *range(len(scene.trainings)))
    return fill_page("training", "training_page.js", title, text, packs, notes)


def collect_messages(scene: TrainingScene) -> dict[int, bytes]:
    """Make a message for each training as the selected one; if they are too large, only for the one selected now.

    Raises `UserError` if that alone is too large.
    """
    selected = encode_message(scene)
    if len(selected) > MAX_SAVED_BYTES:
        raise UserError(
            "The trainings have too many numbers for one file: {size:.1f} MB, and at most {limit:g} MB fit. Use fewer "
            "trainings or epochs, or larger batches.", limit=MAX_SAVED_BYTES / 1e6, size=len(selected) / 1e6,
        )  # fmt: skip
    messages = {k: encode_message(scene.with_selected(k)) for k in range(len(scene.trainings))}
    has_room = sum(map(len, messages.values())) <= MAX_SAVED_BYTES
    return messages if has_room else {scene.selected: selected}


def encode_message(scene: TrainingScene) -> bytes:
    """Encode the message to the picture without anything that needs the server."""
    requests = list_requests(scene)
    statuses: list[JobStatus] = [get_training_job(request).status._replace(state="done") for request in requests]
    header, arrays = describe_trainings(scene, requests, statuses)
    readings: list[dict[str, Any]] = header["readings"]
    header["readings"] = [reading | {"can_mend": False} for reading in readings]
    return encode_binary_message(
        {**header, "record": True, "job_id": "saved", "number": 1, "fraction": 1, "state": "done"}, arrays
    )
