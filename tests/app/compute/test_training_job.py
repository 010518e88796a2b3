"""The job of a training: when it has news, that none is changed afterwards, and that it asks for its visitors."""

from threading import Event
from typing import Any

import pytest

from app.compute import training_job
from app.compute.training_job import TrainingRequest, compute_training, kept_trainings
from app.training_scenes.training_scene import ChosenTraining, TrainingScene, build_training


def test_a_slow_training_is_shown_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("START_SECONDS", "NEWS_SECONDS"):
        monkeypatch.setattr(training_job, name, 0.0)
    kept_trainings.trainings.clear()  # it begins at the start
    scene = TrainingScene(data="xor", epochs=9)
    request = TrainingRequest(build_training(scene, scene.chosen), "")
    found = [p.result.epochs[-1].epoch for p in compute_training(request) if p.result]
    assert list(dict.fromkeys(found)) == list(range(10))


def test_a_published_snapshot_does_not_change() -> None:
    scene = TrainingScene(data="xor", epochs=6)
    published = [
        p.result for p in compute_training(TrainingRequest(build_training(scene, scene.chosen), "")) if p.result
    ]
    lengths = [len(snapshot.epochs) for snapshot in published]
    assert lengths == sorted(lengths) and lengths[-1] == 7
    assert [len(s.steps) for s in published] == [n - 1 for n in lengths]


def test_a_training_whose_readings_wait_goes_on_to_ask_for_its_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the thread of one that was left just then would wait for ever."""
    has_begun, may_end = Event(), Event()

    def wait_and_read(_: object) -> list[Any]:
        has_begun.set()
        may_end.wait(10)
        return []

    monkeypatch.setattr(training_job, "read_training", wait_and_read)
    scene = TrainingScene(data="xor", epochs=2, trainings=(ChosenTraining(width=5),))
    progress = compute_training(TrainingRequest(build_training(scene, scene.chosen), ""))
    while not has_begun.is_set():
        next(progress)
    waiting = [next(progress, None) for _ in range(3)]
    assert None not in waiting, "it waited for the readings, and asked nobody"
    may_end.set()
    *_, last = progress
    assert last.fraction == 1.0 and last.result.readings == ()
