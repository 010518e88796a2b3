"""The landscape around a training's end: the training is repeated to the bit, and its loss is the model's."""

from dataclasses import replace

import numpy as np
import pytest

from optimizers.training import training_path
from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_landscape import (
    FRAMES,
    MAX_LANDSCAPE_PRODUCTS,
    build_plane,
    choose_loss,
    network_loss,
    slice_around,
    train_path,
)
from optimizers.training.training_loop import TrainingLoop
from optimizers.training.training_path import MAX_PATH_PARAMETERS, MAX_PATH_POINTS, keep_path
from surfaces.models.network_loss import NetworkLoss
from surfaces.translatable import UserError

MOONS = Training(data="two_moons", hidden=(6,), activation="tanh", epochs=5, l2=0.01)


def finish(training: Training) -> TrainingLoop:
    loop = TrainingLoop(prepare_training(training))
    for _ in loop.train():
        pass
    return loop


@pytest.mark.parametrize("kind", list(FRAMES))
def test_at_the_origin_it_is_the_loss_at_the_end_of_the_recorded_training(kind: str) -> None:
    trainings = (MOONS, replace(MOONS, weights_seed=1))
    loop = finish(MOONS)
    split = loop.prepared.split.training
    expected = loop.prepared.network.value(loop.x, split.inputs, split.classes)
    surface = network_loss(trainings, kind, 3)  # type: ignore[arg-type]
    assert float(surface.value(np.zeros(2))) == pytest.approx(float(expected), rel=1e-12)
    assert surface.box == FRAMES[kind].box and surface.start == FRAMES[kind].start  # type: ignore[index]


def test_the_plane_through_the_ends_has_the_losses_of_the_other_ends_at_its_corners() -> None:
    trainings = tuple(replace(MOONS, weights_seed=seed) for seed in range(3))
    loops = [finish(training) for training in trainings]
    split = loops[0].prepared.split.training
    loss = NetworkLoss(loops[0].prepared.network, split.inputs, split.classes)
    three, two = network_loss(trainings, "ends"), network_loss(trainings[:2], "ends")
    assert float(three.value(np.array((1.0, 0.0)))) == pytest.approx(float(loss.value(loops[1].x)), rel=1e-9)
    assert float(three.value(np.array((0.0, 1.0)))) == pytest.approx(float(loss.value(loops[2].x)), rel=1e-9)
    assert float(two.value(np.array((0.0, 1.0)))) == pytest.approx(float(loss.value(loops[0].prepared.start)), rel=1e-9)


def test_the_path_has_the_checkpoints_and_the_regularization_of_the_end() -> None:
    changed = replace(MOONS, changes=(Change(2, "l2", 0.5),), dropout=0.5)
    path, loop = train_path(changed), finish(changed)
    assert path.epochs.tolist() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(path.weights[0], loop.prepared.start)
    np.testing.assert_array_equal(path.end, loop.x)
    assert (path.network.l2, path.network.dropout) == (0.5, 0.0)


def test_a_long_path_is_thinned_from_its_start_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = finish(replace(MOONS, epochs=150))
    path = keep_path(loop)
    assert len(path.epochs) == MAX_PATH_POINTS and (path.epochs[0], path.epochs[-1]) == (0, 150)
    monkeypatch.setattr(training_path, "MAX_PATH_NUMBERS", 10 * loop.x.size)
    assert keep_path(loop).weights.shape == (10, loop.x.size)


def test_the_loss_is_over_fewer_samples_for_a_larger_network() -> None:
    path = keep_path(finish(Training(epochs=1, hidden=(100,))))
    loss = choose_loss(path)
    assert len(loss.classes) == MAX_LANDSCAPE_PRODUCTS // path.network.layout.size < 300
    data = path.prepared.split.training
    assert (loss.inputs[0] == data.inputs[0]).all() and (loss.inputs[-1] == data.inputs[-1]).all()
    assert len(choose_loss(train_path(MOONS)).classes) == 160, "all of a small one"


def test_what_has_no_plane_is_refused_with_a_sentence() -> None:
    paths = [train_path(MOONS), train_path(replace(MOONS, hidden=(7,)))]
    with pytest.raises(UserError, match="two trainings"):
        build_plane("ends", 0, paths[:1])
    with pytest.raises(UserError, match="the same layers"):
        build_plane("ends", 0, paths)
    large = Training(hidden=(200, 200), epochs=1)
    assert prepare_training(large).network.layout.size > MAX_PATH_PARAMETERS
    with pytest.raises(UserError, match="at most 25,000"):
        train_path(large)


def test_a_training_that_diverged_has_a_landscape_around_its_last_complete_epoch() -> None:
    wild = replace(MOONS, activation="relu", l2=10.0, optimizer=Maker("sgd", (("lr", 10.0),)), epochs=60)
    path = train_path(wild)
    assert path.epochs[-1] < 60 and np.isfinite(path.end).all()
    surface = slice_around(path, build_plane("path", 0, [path]), "path")
    with np.errstate(all="ignore"):
        assert surface.value(np.zeros((2, 3))).shape == (3,)


def test_nothing_is_trained_before_the_loss_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizers.training.training_landscape.train_path", lambda training: 1 / 0)
    surface = network_loss((replace(MOONS, seed=77),))
    assert surface.start == (-1.0, 0.0)
    with pytest.raises(ZeroDivisionError):
        surface.value(np.zeros(2))
