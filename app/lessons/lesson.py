"""A lesson: scenes, a question with its choices, and facts measured from what the scenes show."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from app.check_scenes.check_link import read_parameters
from app.check_scenes.check_scene import CheckScene, Precision
from app.compute.cached_simulation import RunResult, simulate_run
from app.compute.training_job import TrainingSnapshot, train_at_once
from app.model.scene import Scene
from app.scene_text.reader import parse_scene
from app.scene_text.url_parameters_by_name import group_parameters
from app.training_scenes import training_link
from app.training_scenes.training_scene import TrainingScene, build_training
from surfaces.gradient_check.difference_quotients import Method


class SimulatedRace(NamedTuple):
    """A scene and the results of its runs."""

    scene: Scene
    runs: tuple[RunResult, ...]


class Facts(NamedTuple):
    """Measurements of what the scenes of a lesson show."""

    measured_choice: str  # the choice that is right according to them
    numbers: dict[str, Any]  # for the placeholders of the text
    claims: dict[str, bool]  # statements of the text about the scenes, and whether they are true


@dataclass(frozen=True)
class Lesson:
    """The parts that all kinds of lessons share; a lesson's text is in `app/lessons/texts/<language>/<name>.md`."""

    name: str  # in links
    scenes: dict[str, str]  # scenes as text, by name; the question is about the first
    choices: tuple[str, ...]
    right_choice: str
    measure: Callable[..., Facts]  # called with what is measured of each scene

    @property
    def first_scene(self) -> str:
        return next(iter(self.scenes))


class RaceLesson(Lesson):
    """A lesson about races."""

    def parse_scene_of(self, scene_name: str) -> Scene:
        return parse_indented_scene(self.scenes[scene_name])


class ShownCurve(NamedTuple):
    """An error curve, or the part of it that may be seen."""

    method: Method
    precision: Precision = Precision.DOUBLE
    smallest_h: float = 0.0

    def has(self, h: float) -> bool:
        return h >= self.smallest_h


@dataclass(frozen=True)
class CheckLesson(Lesson):
    """A lesson about gradient checks; a scene is written as the part of its link after the question mark."""

    parts: tuple[str, ...] = ("verdict", "chart")  # of the picture, those that the text speaks of
    parts_before: tuple[str, ...] = ("verdict", "chart")  # before the prediction
    curves: tuple[ShownCurve, ...] = (ShownCurve(Method.CENTRED),)  # that of every scene among them
    curves_before: tuple[ShownCurve, ...] = ()  # before the prediction

    def parse_check_of(self, scene_name: str) -> CheckScene:
        return parse_check(self.scenes[scene_name])


class TrainedScene(NamedTuple):
    """A scene of trainings, and what each of them recorded."""

    scene: TrainingScene
    trainings: tuple[TrainingSnapshot, ...]


@dataclass(frozen=True)
class TrainingLesson(Lesson):
    """A lesson about trainings; a scene is written as the part of its link after the question mark."""

    parts: tuple[str, ...] = ("loss",)  # of the picture, those that the text speaks of
    epochs_before: int = -1  # that are seen before the prediction; -1: not even the first weights'

    def parse_trainings_of(self, scene_name: str) -> TrainingScene:
        return parse_trainings(self.scenes[scene_name])


@lru_cache(maxsize=128)
def parse_indented_scene(text: str) -> Scene:
    return parse_scene("\n".join(line.strip() for line in text.splitlines()))


@cache
def parse_check(text: str) -> CheckScene:
    return read_parameters({name: [value] for name, value in parse_qsl(text)}).scene


@cache
def parse_trainings(text: str) -> TrainingScene:
    return training_link.read_parameters(group_parameters(parse_qsl(text))).scene


@lru_cache(maxsize=32)
def train_scene(scene: TrainingScene) -> TrainedScene:
    """Train the trainings of a scene, once for all visitors."""
    return TrainedScene(
        scene, tuple(train_at_once(build_training(scene, chosen), scene.table) for chosen in scene.trainings)
    )


def measure_facts(lesson: Lesson) -> Facts:
    """Run the scenes of a lesson and measure its facts."""
    if isinstance(lesson, RaceLesson):
        scenes = (lesson.parse_scene_of(scene_name) for scene_name in lesson.scenes)
        return lesson.measure(
            *(SimulatedRace(scene, tuple(simulate_run(scene, run) for run in scene.runs)) for scene in scenes)
        )
    if isinstance(lesson, TrainingLesson):
        return lesson.measure(*(train_scene(lesson.parse_trainings_of(scene_name)) for scene_name in lesson.scenes))
    return measure_checks(lesson.measure, tuple(lesson.scenes.values()))


@lru_cache(maxsize=64)
def measure_checks(measure: Callable[..., Facts], scenes: tuple[str, ...]) -> Facts:
    """The facts of a lesson about gradient checks, measured once for all visitors."""
    return measure(*map(parse_check, scenes))
