"""Links of a bug hunt: every setting is in them, they do not tell the answer, and hostile ones are refused."""

from typing import Any

import pytest

from app.bug_hunt.hunt_link import read_parameters, write_parameters
from app.bug_hunt.hunt_scene import FIELDS, HUNT_RANGES, NAIVE, HuntScene, check_choice, list_block_names, settle
from app.model.scene import UserError
from app.scene_text.url_parameters_by_name import group_parameters
from surfaces.gradient_check.buggy_network_check import EntryChoice
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.catalogue import DATA_SETS
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS
from tests.support.hostile_formulas import HOSTILE

ANALYTIC, KINKED, DROPOUT = 3, 7, 4  # numbers of hunts
SETTINGS: list[dict[str, Any]] = [
    {},
    {"weights": "too_small", "steps": 200, "seed": 99, "samples": 1, "l2": 10.0},
    {"precision": "float32", "h": 1e-16, "entries": "flat", "count": 500},
    {"entries": "all", "blocks": ("b2", "W1"), "dropout": True},
    {"blocks": ("W3",), "count": 1, "data": "xor"},
    *({"weights": word} for word in STANDARD_DEVIATIONS),
    *({"data": word} for word in DATA_SETS),
    *({"entries": word} for word in EntryChoice),
    *({name: stop} for name in ("steps", "samples", "l2", "count") for stop in HUNT_RANGES[name].stops),
]


def make_scene(number: int, choices: dict[str, Any]) -> HuntScene:
    scene = HuntScene().with_number(number)
    for name, value in choices.items():
        scene = scene.with_choice(name, value)
    return scene


@pytest.mark.parametrize("choices", SETTINGS, ids=str)
def test_a_link_has_every_setting(choices: dict[str, Any]) -> None:
    for number in (0, KINKED, 9999):
        scene = make_scene(number, choices)
        pairs = write_parameters(scene)
        reading = read_parameters(group_parameters(pairs))
        assert (reading.scene, reading.faults) == (scene, ())
        assert sum(len(value) for _, value in pairs) < 200


@pytest.mark.parametrize("method", Method)
def test_a_link_has_the_method(method: Method) -> None:
    scene = make_scene(ANALYTIC, {}).with_method(method)
    assert read_parameters(group_parameters(write_parameters(scene))).scene == scene


def test_a_link_is_the_number_alone_and_tells_no_answer() -> None:
    assert write_parameters(HuntScene().with_number(7)) == [("hunt", "7")]
    assert not {"bug", "layer"} & set(FIELDS)


REFUSED = [
    ({"hunt": "10000"}, "from 0 to 9999"),
    ({"hunt": "-1"}, "from 0 to 9999"),
    ({"hunt": "1.5"}, "whole number"),
    ({"hunt": "nan"}, "must be a number"),
    ({"hunt": "1e999"}, "must be a number"),
    ({"hunt": "True"}, "Number of the hunt"),
    ({"hunt": "__import__('os')"}, ""),
    ({"check": "backward()"}, "backward"),
    ({"hunt": "7", "check": "complex()"}, "analytic"),
    ({"check": "centred(bug=missing_mean)"}, "bug"),
    ({"check": "centred(h=2)"}, "from 1e-16 to 1"),
    ({"check": "centred(steps=201)"}, "from 0 to 200"),
    ({"check": "centred(steps=1e9)"}, "from 0 to 200"),
    ({"check": "centred(samples=0)"}, "from 1 to 50"),
    ({"check": "centred(samples=2.5)"}, "whole number"),
    ({"check": "centred(l2=-1)"}, "from 0 to 10"),
    ({"check": "centred(count=501)"}, "from 1 to 500"),
    ({"check": "centred(seed=100)"}, "from 0 to 99"),
    ({"check": "centred(precision=float16)"}, "float16"),
    ({"check": "centred(weights=huge)"}, "huge"),
    ({"check": "centred(data=own)"}, "own"),
    ({"check": "centred(entries=none)"}, "none"),
    ({"check": "centred(dropout=1)"}, "on or off"),
    ({"check": "centred(blocks=())"}, "at least one"),
    ({"check": "centred(blocks=(W1,W9))"}, "all of these blocks"),
    ({"check": "centred(blocks=(W1,x))"}, "W1, b1"),
    ({"check": f"centred(blocks=({'W1,' * 30}))"}, "at least one"),
    ({"check": "centred(blocks=3)"}, "at least one"),
]


@pytest.mark.parametrize("parameters, said", REFUSED, ids=str)
def test_what_cannot_be_is_refused_with_a_sentence(parameters: dict[str, str], said: str) -> None:
    reading = read_parameters({name: [value] for name, value in parameters.items()})
    assert len(reading.faults) == 1
    assert said in reading.faults[0].reason
    again = read_parameters(group_parameters(write_parameters(reading.scene)))
    assert (again.scene, again.faults) == (reading.scene, ())


@pytest.mark.parametrize("name", ["hunt", "check"])
def test_hostile_text_changes_nothing(name: str) -> None:
    for _, text in HOSTILE:
        assert read_parameters({name: [text]}).scene == HuntScene()


def test_any_step_size_of_a_link_is_put_on_the_grid() -> None:
    assert read_parameters({"check": ["centred(h=3e-6)"]}).scene.setting.h == 3.15e-6


def test_settings_go_with_the_visitor_to_another_hunt_as_far_as_they_apply() -> None:
    scene = make_scene(ANALYTIC, {"blocks": ("W1",), "l2": 0.1}).with_method("complex")
    other = scene.with_number(KINKED)
    assert (other.setting.method, other.setting.blocks, other.setting.l2) == (Method.CENTRED, (), 0.1)
    assert settle(NAIVE._replace(blocks=("W9", "b1")), other.code).blocks == ("b1",)
    assert settle(NAIVE._replace(blocks=tuple(list_block_names(other.code))), other.code).blocks == ()
    assert settle(NAIVE._replace(data=other.code.data), other.code).data == ""


@pytest.mark.parametrize("value", [None, "7", True, float("nan"), float("inf"), [], -1])
def test_a_number_of_another_kind_is_refused(value: Any) -> None:
    for name in ("steps", "samples", "l2", "count", "seed", "h"):
        with pytest.raises(UserError):
            check_choice(name, value)
    with pytest.raises(UserError):
        HuntScene().with_number(value)


def test_the_scene_does_not_know_the_bug() -> None:
    assert (HuntScene(DROPOUT).code.bug, HuntScene(DROPOUT).code.layer) == ("", 0)
    assert HuntScene(DROPOUT).code.dropout
