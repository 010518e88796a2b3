"""What the browser shows of the scenes of a playlist: title, runs, question and picture of each."""

from collections.abc import Collection, Sequence
from typing import Any

from app.compute.scene_thumbnails import make_thumbnail
from app.model import display_names
from app.scene_text.playlist import PlaylistEntry
from app.session.playlist_questions import make_question
from app.translation import get_punctuation

SCENE_LIST_LABELS = {
    "move_up": "Earlier: {scene}",
    "move_down": "Later: {scene}",
    "leave_out": "Leave out: {scene} (its line becomes a comment)",
    "drag_scene": "Drag into another place",
    "scene_moved": "Now scene {place} of {places}.",
    "scene_left_out": "Left out. Scenes in the list: {places}.",
}


def make_cards(entries: Sequence[PlaylistEntry], with_paths: Collection[int] = ()) -> list[dict[str, Any]]:
    """The cards of all entries; the pictures of those `with_paths` show what their runs do, the others the start."""
    return [make_card(entry, has_paths=index in with_paths) for index, entry in enumerate(entries)]


def make_card(entry: PlaylistEntry, has_paths: bool) -> dict[str, Any]:
    question = make_question(entry)
    runs = get_punctuation().comma.join(display_names.format_title(run) for run in entry.scene.runs if run.is_on)
    return {
        "title": display_names.get_display_name(entry.scene.surface.name),
        "runs": runs,
        "question": question.text if question else "",
        "picture": make_thumbnail(entry.scene, has_paths),
    }
