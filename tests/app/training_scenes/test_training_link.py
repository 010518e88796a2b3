"""The link of the training laboratory: every scene comes back from its link, and what is wrong is told and left out."""

from dataclasses import replace

import pytest

from app.model.call_syntax import MAX_LINKED_TABLE
from app.model.scene import optimizer_call, schedule_call, wrapper_call
from app.scene_text.url_parameters_by_name import group_parameters
from app.training.prepared_scenes import PREPARED_SCENES
from app.training.training_view_options import DEFAULT_VIEW, TrainingView, read_view, write_view
from app.training_scenes.training_link import is_linkable, read_parameters, write_parameters
from app.training_scenes.training_scene import DEFAULT_SCENE, ChosenTraining, TrainingScene
from optimizers.training.specification import Change

TABLE = "u,v,kind\n" + "1,2,a\n3,4,b\n" * 6
SCENES = {
    "default": DEFAULT_SCENE,
    "data": TrainingScene(data="spirals", split="file", validation_fraction=0.4, sample_count=50, epochs=3, seed=5),
    "own": TrainingScene(data="own", table=TABLE, split_seed=2),
    "models": TrainingScene(
        trainings=(
            ChosenTraining(),
            ChosenTraining(model="svm", l2=0.5),
            ChosenTraining(depth=3, width=7, dropout=0.3),
        ),
        selected=2,
    ),
    "changes": TrainingScene(
        trainings=(ChosenTraining(changes=(Change(2, "lr", 1e-3), Change(2, "batch_size", 64), Change(7, "mu", 0.5))),)
    ),
    "schedule": TrainingScene(
        trainings=(ChosenTraining(optimizer=optimizer_call("adam", lr=schedule_call("cosine", peak=0.01))),)
    ),
    "averages": TrainingScene(
        trainings=tuple(
            ChosenTraining(wrapper=wrapper) for wrapper in (wrapper_call("ema", decay=0.5), wrapper_call("polyak"))
        )
    ),
    **{name: prepared.scene for name, prepared in PREPARED_SCENES.items()},
}


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_comes_back_from_its_link(name: str) -> None:
    reading = read_parameters(group_parameters(write_parameters(SCENES[name])))
    assert reading.faults == ()
    assert reading.scene == SCENES[name]


def test_what_is_at_its_default_is_left_out() -> None:
    assert write_parameters(DEFAULT_SCENE) == []
    assert write_parameters(replace(DEFAULT_SCENE, epochs=5)) == [("data", "digits(epochs=5)")]


@pytest.mark.parametrize(
    "address, why",
    [
        ({"data": ["mnist()"]}, "no data set “mnist”"),
        ({"data": ["digits(epoch=3)"]}, "has no “epoch”"),
        ({"data": ["digits(epochs=1e9)"]}, "Epochs must be a number"),
        ({"data": ["own()"]}, ""),
        ({"train": ["transformer()"]}, "no model “transformer”"),
        ({"train": ["network(width=-3)"]}, "Hidden units"),
        ({"train": ["network(optimizer=sgd(lr=99))"]}, "lr must be"),
        ({"train": ["network(optimizer=newton())"]}, "matrix of all pairs"),
        ({"train": ["network(changes=((99,lr,0.1),))"]}, "from 1 to 19"),
        ({"train": ["network(changes=lr)"]}, "Changes are written"),
        ({"train": ["network(wrapper=ema(decay=7))"]}, "must be a number"),
        ({"train": ["network(wrapper=sgd())"]}, "no wrapper"),
        ({"train": ["softmax(depth=3)"]}, "has no “depth”"),
        ({"train": ["__import__('os')"]}, "not allowed"),
        ({"train": ["network()"] * 12}, "At most 8 trainings"),
        ({"show": ["7"]}, "no training with this number"),
        ({"show": ["²"]}, "no training with this number"),
        ({"show": ["0001" + "9" * 5000]}, "no training with this number"),  # more digits than Python's int reads
    ],
)
def test_what_cannot_be_read_is_told_and_left_out(address: dict[str, list[str]], why: str) -> None:
    reading = read_parameters(address)
    assert len(reading.faults) == 1
    assert why in str(reading.faults[0].reason)
    assert reading.scene.trainings[0].depth == 2 and reading.scene.selected == 0


@pytest.mark.parametrize(
    "view, written",
    [
        (DEFAULT_VIEW, []),
        (TrainingView(("path", 0)), [("landscape", "path()")]),
        (TrainingView(("ends", 0), "shown"), [("landscape", "ends()"), ("future", "shown")]),
        (TrainingView(("random", 0)), [("landscape", "random()")]),
        (TrainingView(("random", 3), "hidden"), [("landscape", "random(seed=3)"), ("future", "hidden")]),
    ],
)
def test_every_view_comes_back_from_its_link(view: TrainingView, written: list[tuple[str, str]]) -> None:
    assert write_view(view) == written
    assert read_view(group_parameters(written)) == (view, ())


@pytest.mark.parametrize(
    "address, why",
    [
        ({"landscape": ["round()"]}, "no plane “round”"),
        ({"landscape": ["random(seed=1000)"]}, "Seed"),
        ({"landscape": ["path(seed=3)"]}, "has no “seed”"),
        ({"landscape": ["random(length=3)"]}, "has no “length”"),
        ({"landscape": ["__import__('os')"]}, "not allowed"),
        ({"future": ["later"]}, "shown, hidden"),
    ],
)
def test_what_cannot_be_read_of_a_view_is_told_and_at_its_default(address: dict[str, list[str]], why: str) -> None:
    view, faults = read_view(address)
    assert len(faults) == 1 and why in str(faults[0].reason)
    assert view in (DEFAULT_VIEW, TrainingView(("random", 0)), TrainingView(("path", 0)))


def test_at_most_eight_trainings_are_read() -> None:
    assert len(read_parameters({"train": ["network()"] * 40}).scene.trainings) == 8


def test_a_long_table_is_left_out_of_the_link() -> None:
    long = TrainingScene(data="own", table="u,v,kind\n" + "1.25,2.5,a\n3.5,4.75,b\n" * 100)
    assert len(long.table) > MAX_LINKED_TABLE and not is_linkable(long)
    assert "table" not in dict(write_parameters(long))
