"""The small picture of trainings: its points are the training losses, known once the trainings have ended."""

from dataclasses import replace
from math import inf, log10, nan
from types import SimpleNamespace
from typing import Any

import pytest

from app.compute.scene_thumbnails import UNITS
from app.compute.thumbnail_loss_curves import KeptLossCurves, kept_loss_curves, list_losses, place_losses
from app.compute.training_job import get_training_job, list_requests, train_at_once
from app.compute.training_thumbnail import list_missing_curves, make_training_thumbnail
from app.model.scene import optimizer_call
from app.training_scenes.training_scene import ChosenTraining, TrainingScene
from optimizers.training.specification import Training
from tests.support.finished_jobs import wait_for_job

SMALL = TrainingScene(
    data="xor", epochs=3, seed=41, trainings=(ChosenTraining(width=5), ChosenTraining(width=5, batch_size=8))
)


def record(*losses: float) -> list[Any]:
    return [SimpleNamespace(epoch=k, training=SimpleNamespace(loss=loss)) for k, loss in enumerate(losses)]


def test_losses_that_no_logarithmic_axis_has_are_left_out() -> None:
    assert list_losses(record(1.0, 0.0, 0.5, nan, inf, 1e-9)) == ((0, 1.0), (2, 0.5), (5, 1e-9))


def test_the_curves_fill_the_picture_from_edge_to_edge_over_all_epochs() -> None:
    first, second = place_losses([((0, 10.0), (2, 0.1)), ((0, 1.0), (1, 0.01))], epochs=4)
    assert first == [(0.0, pytest.approx(1.0)), (0.5, pytest.approx(1 / 3))]
    assert second == [(0.0, pytest.approx(2 / 3)), (0.25, pytest.approx(0.0))]


def test_noise_does_not_fill_the_picture_and_no_curve_is_no_fault() -> None:
    ((_, low), (_, high)) = place_losses([((0, 2.0), (1, 2.1))], epochs=1)[0]
    assert (low + high) / 2 == pytest.approx(0.5) and high - low == pytest.approx(log10(2.1 / 2.0))
    assert place_losses([(), ()], epochs=5) == [[], []]


def test_the_points_are_the_losses_of_the_trainings_once_they_have_ended() -> None:
    assert make_training_thumbnail(SMALL, has_curves=True) == {"losses": [[], []]}
    missing = list(list_missing_curves(SMALL))
    assert missing == list_requests(SMALL)
    wait_for_job(get_training_job(missing[0]))
    assert list(list_missing_curves(SMALL)) == missing[1:]
    assert [len(curve) for curve in make_training_thumbnail(SMALL, has_curves=True)["losses"]] == [4, 0]
    wait_for_job(get_training_job(missing[1]))
    picture = make_training_thumbnail(SMALL, has_curves=True)
    losses = [[e.training.loss for e in train_at_once(*request).epochs] for request in missing]
    every = [log10(loss) for curve in losses for loss in curve]
    middle, half = (min(every) + max(every)) / 2, max(0.5, (max(every) - min(every)) / 2)
    for curve, values in zip(picture["losses"], losses, strict=True):
        assert [x for x, _ in curve] == [0, 333, 667, 1000]
        for (_, y), loss in zip(curve, values, strict=True):
            assert y == pytest.approx(UNITS * (log10(loss) - middle + half) / (2 * half), abs=1)
    assert make_training_thumbnail(SMALL, has_curves=False) == {"losses": []}, "they would tell what happens"


def test_a_training_that_diverges_has_the_curve_up_to_there_and_is_not_trained_again() -> None:
    wild = ChosenTraining(width=8, l2=10.0, optimizer=optimizer_call("sgd", lr=10.0))
    scene = replace(SMALL, epochs=30, trainings=(wild,))
    (request,) = list_requests(scene)
    snapshot = wait_for_job(get_training_job(request)).result
    assert snapshot.divergence is not None
    assert len(make_training_thumbnail(scene, has_curves=True)["losses"][0]) == len(list_losses(snapshot.epochs)) > 0
    assert list(list_missing_curves(scene)) == []


def test_of_too_many_curves_the_one_that_was_asked_for_least_lately_is_forgotten() -> None:
    kept = KeptLossCurves(max_curves=2)
    one, two, three = (Training(seed=seed) for seed in (1, 2, 3))
    kept.keep(one, "", record(1.0))
    kept.keep(two, "", record(2.0))
    assert kept.find(one, "") == ((0, 1.0),) and kept.find(one, "another table") is None
    kept.keep(three, "", record())
    assert kept.find(two, "") is None and kept.find(one, "") is not None
    assert kept.find(three, "") == (), "it has ended, without any loss to be drawn"


def test_no_job_is_made_to_look_at_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.compute.training_thumbnail.get_training_job", None)
    make_training_thumbnail(replace(SMALL, seed=77), has_curves=True)
    assert not any(training.seed == 77 for training, _ in kept_loss_curves.curves)
