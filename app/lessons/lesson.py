"""What a lesson is: scenes, a question with its choices, and the facts that are read off the runs."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from app.compute.cached_simulation import RunResult, simulate_run
from app.model.scene import Scene
from app.scene_text.reader import parse_scene


class SimulatedRace(NamedTuple):
    """A scene and what its runs did in it."""

    scene: Scene
    runs: tuple[RunResult, ...]


class Facts(NamedTuple):
    """What the runs of a lesson show."""

    shown: str  # the choice that is right, as the runs have it
    numbers: dict[str, Any]  # to be filled into the words
    claims: dict[str, bool]  # what the words say of the runs, and whether it is so


class Lesson(NamedTuple):
    """One lesson; its words are in `app/lessons/<language>/<word>.md`."""

    word: str  # in the link
    scenes: dict[str, str]  # as text, by a word; the question is about the first
    choices: tuple[str, ...]
    right: str
    facts: Callable[..., Facts]  # of one race for each scene

    def race(self, which: str) -> Scene:
        """One of the scenes, parsed."""
        return parse_indented_scene(self.scenes[which])


@lru_cache(maxsize=128)
def parse_indented_scene(said: str) -> Scene:
    return parse_scene("\n".join(line.strip() for line in said.splitlines()))


def measure_facts(lesson: Lesson) -> Facts:
    """The facts of a lesson, from its runs as they are now."""
    scenes = (lesson.race(which) for which in lesson.scenes)
    return lesson.facts(
        *(SimulatedRace(scene, tuple(simulate_run(scene, racer) for racer in scene.runs)) for scene in scenes)
    )
