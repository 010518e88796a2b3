"""A lesson: scenes, a question with its choices, and facts measured from the runs."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from app.compute.cached_simulation import RunResult, simulate_run
from app.model.scene import Scene
from app.scene_text.reader import parse_scene


class SimulatedRace(NamedTuple):
    """A scene and the results of its runs."""

    scene: Scene
    runs: tuple[RunResult, ...]


class Facts(NamedTuple):
    """Measurements of the runs of a lesson."""

    measured_choice: str  # the choice that is right according to the runs
    numbers: dict[str, Any]  # for the placeholders of the text
    claims: dict[str, bool]  # statements of the text about the runs, and whether they are true


class Lesson(NamedTuple):
    """One lesson; its text is in `app/lessons/texts/<language>/<name>.md`."""

    name: str  # in links
    scenes: dict[str, str]  # scene texts by name; the question is about the first
    choices: tuple[str, ...]
    right_choice: str
    measure: Callable[..., Facts]  # called with one race for each scene

    def parse_scene_of(self, scene_name: str) -> Scene:
        return parse_indented_scene(self.scenes[scene_name])


@lru_cache(maxsize=128)
def parse_indented_scene(text: str) -> Scene:
    return parse_scene("\n".join(line.strip() for line in text.splitlines()))


def measure_facts(lesson: Lesson) -> Facts:
    """Run the races of a lesson and measure its facts."""
    scenes = (lesson.parse_scene_of(scene_name) for scene_name in lesson.scenes)
    return lesson.measure(
        *(SimulatedRace(scene, tuple(simulate_run(scene, run) for run in scene.runs)) for scene in scenes)
    )
