"""What the browser shows of the scenes of a playlist: title, runs, question and picture of each."""

from collections import Counter
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
    titles = number_duplicates([display_names.get_display_name(entry.scene.surface.name) for entry in entries])
    return [
        make_card(entry, title, has_paths=index in with_paths)
        for index, (entry, title) in enumerate(zip(entries, titles, strict=True))
    ]


def number_duplicates(titles: Sequence[str]) -> list[str]:
    """The titles, with a number behind those that occur more than once."""
    counts, seen = Counter(titles), Counter[str]()
    numbered = []
    for title in titles:
        seen[title] += 1
        numbered.append(f"{title}{get_punctuation().brackets.format(seen[title])}" if counts[title] > 1 else title)
    return numbered


def make_card(entry: PlaylistEntry, title: str, *, has_paths: bool) -> dict[str, Any]:
    question = make_question(entry)
    shown = [run for run in entry.scene.runs if run.is_on]
    runs = get_punctuation().comma.join(display_names.format_name(run, shown) for run in shown)
    return {
        "title": title,
        "runs": runs,
        "question": question.text if question else "",
        "picture": make_thumbnail(entry.scene, has_paths),
    }
