"""The scene of the training laboratory: what may be chosen, and how trainings are added and removed."""

from dataclasses import replace
from typing import Any

import pytest

from app.model.scene import UserError, optimizer_call
from app.training.mid_training_changes import change_from
from app.training_scenes.training_names import name_trainings
from app.training_scenes.training_preparation import check_scene, check_training
from app.training_scenes.training_scene import (
    DEFAULT_SCENE,
    TRAINING_RANGES,
    WHOLE,
    ChosenTraining,
    TrainingScene,
    build_training,
    check_change,
    check_choice,
)
from optimizers.catalogue import OPTIMIZERS
from optimizers.training.specification import MAX_TRAININGS, Change


@pytest.mark.parametrize("name", TRAINING_RANGES)
def test_numbers_are_held_to_their_range(name: str) -> None:
    limits = TRAINING_RANGES[name]
    for value in (limits.low, limits.high):
        assert check_choice(name, value) == value
    beyond: list[Any] = [limits.low - 1, limits.high + 1, float("nan"), float("inf"), "3", None, True]
    for value in (*beyond, *([limits.low + 0.5] if name in WHOLE else [])):
        with pytest.raises(UserError):
            check_choice(name, value)


@pytest.mark.parametrize("name, value", [("model", "forest"), ("data", ""), ("split", "sorted"), ("activation", 3)])
def test_unknown_words_are_refused(name: str, value: Any) -> None:
    with pytest.raises(UserError, match="is one of"):
        check_choice(name, value)


def test_trainings_are_added_selected_and_removed() -> None:
    scene = DEFAULT_SCENE
    for k in range(1, MAX_TRAININGS):
        scene = scene.with_added(replace(scene.chosen, weights_seed=k))
        assert scene.selected == k and scene.chosen.weights_seed == k
    with pytest.raises(UserError, match="At most 8"):
        scene.with_added(scene.chosen)
    scene = scene.with_selected(2).without(2)
    assert [t.weights_seed for t in scene.trainings] == [0, 1, 3, 4, 5, 6, 7] and scene.selected == 2
    assert scene.without(0).selected == 1 and scene.without(99) == scene
    assert DEFAULT_SCENE.without(0) == DEFAULT_SCENE, "the last one stays"
    assert scene.with_selected(99).selected == 6 and scene.with_selected(-3).selected == 0


def test_a_linear_model_has_no_choices_of_a_network() -> None:
    chosen = ChosenTraining(depth=4, activation="tanh", dropout=0.5, changes=(Change(2, "dropout", 0.1),))
    linear = chosen.with_choice("model", "softmax")
    assert (linear.depth, linear.activation, linear.dropout, linear.changes) == (2, "relu", 0.0, ())
    training = build_training(DEFAULT_SCENE, linear)
    assert training.hidden == () and training.model == "softmax"


def test_changes_go_with_what_they_change() -> None:
    chosen = ChosenTraining(changes=(Change(3, "mu", 0.5), Change(4, "l2", 0.1), Change(15, "lr", 0.001)))
    assert [c.name for c in chosen.with_optimizer(optimizer_call("sgd")).changes] == ["l2", "lr"]
    scene = replace(DEFAULT_SCENE, trainings=(chosen,)).with_shared("epochs", 10)
    assert [c.epoch for c in scene.chosen.changes] == [3, 4]


@pytest.mark.parametrize(
    "epoch, name, value, why",
    [
        (0, "lr", 0.1, "from 1 to 19"),
        (20, "lr", 0.1, "from 1 to 19"),
        (1.5, "lr", 0.1, "from 1 to 19"),
        (5, "lr", -1.0, "lr must be"),
        (5, "beta1", 0.5, "has no"),
        (5, "batch_size", 2.5, "whole number"),
        (5, "dropout", 1.0, "Dropout probability must be"),
    ],
)
def test_an_impossible_change_is_refused(epoch: Any, name: str, value: float, why: str) -> None:
    with pytest.raises(UserError, match=why):
        check_change(20, ChosenTraining(), epoch, name, value)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_trains_a_small_model_and_the_dense_ones_refuse_a_large_one(name: str) -> None:
    small = TrainingScene(data="xor", epochs=1, trainings=(ChosenTraining(width=4, optimizer=optimizer_call(name)),))
    check_scene(small)
    large = replace(small, trainings=(ChosenTraining(width=200, optimizer=optimizer_call(name)),), data="digits")
    if name in ("newton", "bfgs", "nelder_mead"):
        with pytest.raises(UserError, match="matrix of all pairs"):
            check_scene(large)
    if name in ("sgd", "adam", "lbfgs"):
        check_scene(large)


def test_what_would_train_for_minutes_is_refused() -> None:
    slow = TrainingScene(epochs=200, trainings=(ChosenTraining(depth=10, width=150),))
    with pytest.raises(UserError, match="more than a minute"):
        check_training(slow, slow.chosen)


def test_names_tell_trainings_apart() -> None:
    base = ChosenTraining()
    names = name_trainings((base, replace(base, batch_size=4), replace(base, changes=(Change(5, "lr", 0.001),))))
    assert len(set(names)) == 3
    assert "4" in names[1] and "after epoch 5" in names[2]
    assert "batch 4" in names[1]
    assert name_trainings((base, base))[1].endswith("the same as 1")
    assert "batch" not in name_trainings((base,))[0].lower(), "what all have is not said"
    whole = name_trainings((base, replace(base, batch_size=0)))[1]
    assert whole.endswith("batch of all"), "0 is no size that means anything to who looks at the curves"
    changed = (Change(5, "batch_size", 8), Change(7, "batch_size", 0), Change(8, "l2", 0.1))
    name = name_trainings((replace(base, changes=changed),))[0]
    assert name.endswith("batch 8 after epoch 5 · batch of all after epoch 7 · λ 0.1 after epoch 8")


def test_a_name_tells_of_a_model_only_what_it_has() -> None:
    softmax, small, large = (
        ChosenTraining(model="softmax"),
        ChosenTraining(width=10),
        ChosenTraining(width=50),
    )
    names = name_trainings((softmax, small, large, replace(small, activation="tanh")))
    assert [name.split(" · ")[-1] for name in names[:3]] == ["softmax", "ReLU", "ReLU"]
    assert "units" not in names[0] and "units 10" in names[1] and "units 50" in names[2] and "tanh" in names[3]
    alone = name_trainings((softmax, large, replace(softmax, model="svm")))
    assert [name.split(" · ")[-1] for name in alone] == ["softmax", "network", "linear SVM"]


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(UserError, match="whole number"):
        change_from(TrainingScene(), 5, "batch_size", "8.7", is_beside=False)
    assert change_from(TrainingScene(), 5, "batch_size", "8", is_beside=False).chosen.changes == (
        Change(5, "batch_size", 8),
    )
