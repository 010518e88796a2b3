"""The cards of a playlist's scenes in the browser: title, content, question and picture of each."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from app.check_scenes.check_description import describe_check, name_check, without_fault
from app.check_scenes.check_scene import CheckScene
from app.check_scenes.check_thumbnail import make_check_thumbnail
from app.check_scenes.step_scan_job import StepScan, get_scan_job, make_scan_request
from app.compute.scene_thumbnails import make_thumbnail
from app.compute.training_thumbnail import make_training_thumbnail
from app.model import display_names
from app.model.scene import Scene
from app.scene_text.playlist import PlaylistEntry, PlaylistScene
from app.session.question_wording_and_choices import make_question
from app.training_scenes.training_names import describe_scene as describe_trainings
from app.training_scenes.training_names import name_data
from app.training_scenes.training_scene import TrainingScene
from app.translation import get_punctuation, translate

SCENE_LIST_LABELS = {
    "move_up": "Earlier: {scene}",
    "move_down": "Later: {scene}",
    "leave_out": "Leave out: {scene} (its line becomes a comment)",
    "drag_scene": "Drag into another place",
    "scene_moved": "Now scene {place} of {places}.",
    "scene_left_out": "Left out. Scenes in the list: {places}.",
}


def make_cards(
    entries: Sequence[PlaylistEntry], with_paths: Collection[int] = (), with_curves: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The cards of all entries.

    Pictures of races show the paths if their index is in `with_paths`, else the start. Pictures of checks and trainings
    show the curves known so far if their index is in `with_curves`, or if that is None.
    """
    shown = [with_paths if isinstance(entry.scene, Scene) else with_curves for entry in entries]
    is_shown = [those is None or index in those for index, those in enumerate(shown)]
    scenes = [entry.scene if known else hide_answer(entry) for entry, known in zip(entries, is_shown, strict=True)]
    titles = number_duplicates(list(map(make_title, scenes)))
    cards = []
    for index, (entry, title) in enumerate(zip(entries, titles, strict=True)):
        question = make_question(entry)
        cards.append({
            "title": title,
            "runs": describe_scene(scenes[index]),
            "question": question.text if question else "",
            "picture": make_picture(entry.scene, is_shown=is_shown[index]),
        })  # fmt: skip
    return cards


def hide_answer(entry: PlaylistEntry) -> PlaylistScene:
    """The scene without what would reveal the answer to its question in its title and description."""
    if isinstance(entry.scene, CheckScene) and entry.question is not None:
        return without_fault(entry.scene)
    return entry.scene


def make_title(scene: PlaylistScene) -> str:
    if isinstance(scene, CheckScene):
        return translate("Gradient check: {title}", title=name_check(scene))
    if isinstance(scene, TrainingScene):
        return translate("Training: {title}", title=name_data(scene))
    return display_names.get_display_name(scene.surface.name)


def describe_scene(scene: PlaylistScene) -> str:
    """The names of the runs or trainings, or what is checked and how."""
    if isinstance(scene, CheckScene):
        return describe_check(scene)
    if isinstance(scene, TrainingScene):
        return describe_trainings(scene)
    shown = [run for run in scene.runs if run.is_on]
    return get_punctuation().comma.join(display_names.format_name(run, shown) for run in shown)


def make_picture(scene: PlaylistScene, *, is_shown: bool) -> dict[str, Any]:
    if isinstance(scene, CheckScene):
        return make_check_thumbnail(scene, get_scan(scene) if is_shown else None)
    if isinstance(scene, TrainingScene):
        return make_training_thumbnail(scene, has_curves=is_shown)
    return make_thumbnail(scene, is_shown)


def get_scan(scene: CheckScene) -> StepScan | None:
    """The result so far of the job of a check."""
    scan: StepScan | None = get_scan_job(make_scan_request(scene)).status.result
    return scan


def number_duplicates(titles: Sequence[str]) -> list[str]:
    """The titles, with a number behind those that occur more than once."""
    counts, seen = Counter(titles), Counter[str]()
    numbered = []
    for title in titles:
        seen[title] += 1
        numbered.append(f"{title}{get_punctuation().brackets.format(seen[title])}" if counts[title] > 1 else title)
    return numbered
