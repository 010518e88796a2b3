"""Links of the gradient check: every choice is in them, they are short and canonical, and hostile ones are refused."""

from dataclasses import replace

import pytest

from app.check_scenes.check_link import (
    choose_surface,
    is_linkable,
    make_formula_target,
    make_surface_target,
    read_parameters,
    write_parameters,
)
from app.check_scenes.check_scene import (
    DEFAULT_SCENE,
    MODEL_WORDS,
    OWN_DATA,
    CheckScene,
    Entries,
    FormulaTarget,
    GradientFault,
    Precision,
)
from app.check_scenes.traps import TRAPS, mend_trap, set_trap
from app.model.scene import surface_call
from app.scene_text.url_parameters_by_name import group_parameters
from surfaces.gradient_check.difference_quotients import Method
from tests.support.hostile_formulas import HOSTILE

TABLE = "u,kind\n1,a\n2,b\n"
SCENES = [
    DEFAULT_SCENE,
    replace(DEFAULT_SCENE, method=Method.FORWARD, precision=Precision.SINGLE, h=1.25e-16, entries=Entries.FLAT, seed=7),
    replace(DEFAULT_SCENE, method=Method.COMPLEX_STEP, h=1.0, entries=Entries.ALL, scale=1e-12),
    DEFAULT_SCENE.with_model(kind="svm", fault=GradientFault.MARGIN, samples=7, l2=0.5, warmup=33),
    DEFAULT_SCENE.with_model(depth=10, width=7, activation="relu", dropout=0.5, fixed_mask=False),
    DEFAULT_SCENE.with_model(data=OWN_DATA, table=TABLE),
    CheckScene(choose_surface("rosenbrock")),
    CheckScene(make_surface_target(surface_call("rosenbrock", b=7.0), (0.25, -3.5))),
    CheckScene(FormulaTarget()),
    CheckScene(make_formula_target({"f": "x^2 y", "dx": "2xy", "dy": "3"}, (0.1, 1e-3))),
    *map(set_trap, TRAPS),
    *map(mend_trap, TRAPS),
    replace(set_trap("kink"), target=DEFAULT_SCENE.target, h=DEFAULT_SCENE.h),  # defaults that the trap has not
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: str(write_parameters(scene))[:70])
def test_a_link_has_every_choice(scene: CheckScene) -> None:
    reading = read_parameters(group_parameters(write_parameters(scene)))
    assert reading.scene == scene
    assert reading.faults == ()
    assert sum(len(value) for _, value in write_parameters(scene)) < 200


@pytest.mark.parametrize("kind, word", [(kind, word) for kind, words in MODEL_WORDS.items() for word in words])
def test_every_word_of_a_model_can_be_linked(kind: str, word: str) -> None:
    scene = DEFAULT_SCENE.with_model(**{kind: word, **({"table": TABLE} if word == OWN_DATA else {})})
    assert read_parameters(group_parameters(write_parameters(scene))).scene == scene


def test_links_are_short() -> None:
    assert write_parameters(DEFAULT_SCENE) == []
    assert [write_parameters(set_trap(name)) for name in TRAPS] == [[("trap", name)] for name in TRAPS]
    assert write_parameters(CheckScene(choose_surface("bowl"))) == [("of", "bowl()")]


def test_data_that_are_too_long_are_left_out() -> None:
    long = DEFAULT_SCENE.with_model(data=OWN_DATA, table=TABLE + "3,a\n" * 900)
    assert not is_linkable(long)
    assert "table" not in dict(write_parameters(long))
    reading = read_parameters(group_parameters(write_parameters(long)))
    assert reading.scene.target.data == "digits" and len(reading.faults) == 1  # without its data it has a sentence


REFUSED = [
    ({"of": "nothing()"}, "nothing"),
    ({"of": "network(depth=11)"}, "from 2 to 10"),
    ({"of": "network(depth=2.5)"}, "whole number"),
    ({"of": "network(width=True)"}, "Hidden units"),
    ({"of": "network(activation=swish)"}, "swish"),
    ({"of": "network(samples=1e9)"}, "Samples"),
    ({"of": "network(l2=nan)"}, "number"),
    ({"of": "network(table=a)"}, "table"),
    ({"of": "softmax(depth=3)"}, "depth"),
    ({"of": "network(data=own)"}, ""),
    ({"of": "network(data=own)", "table": "1,a\n2,a\n"}, ""),  # one class
    ({"of": "rosenbrock(b=1e99)"}, ""),
    ({"of": "rosenbrock()", "at": "1"}, "two numbers"),
    ({"of": "rosenbrock()", "at": "1,1e9"}, "coordinate"),
    ({"of": "formula", "f": "log(x)", "dx": "1/x", "dy": "0", "at": "-1,0"}, "not finite"),
    ({"of": "formula", "f": "import os", "dx": "0", "dy": "0"}, ""),
    ({"how": "backward()"}, "backward"),
    ({"how": "centred(h=2)"}, "from 1e-16 to 1"),
    ({"how": "centred(precision=float16)"}, "float16"),
    ({"how": "centred(speed=1)"}, "speed"),
    ({"of": "network(activation=relu)", "how": "complex()"}, "analytic"),
    ({"trap": "door"}, "door"),
]


@pytest.mark.parametrize("parameters, said", REFUSED, ids=str)
def test_what_cannot_be_is_refused_with_a_sentence(parameters: dict[str, str], said: str) -> None:
    reading = read_parameters({name: [value] for name, value in parameters.items()})
    assert len(reading.faults) == 1
    assert said in reading.faults[0].reason
    again = read_parameters(group_parameters(write_parameters(reading.scene)))
    assert again.scene == reading.scene and again.faults == ()


@pytest.mark.parametrize("name", ["of", "at", "how", "trap", "f"])
def test_hostile_text_changes_nothing(name: str) -> None:
    for _, text in HOSTILE:
        read_hostile(name, text)


def read_hostile(name: str, text: str) -> None:
    reading = read_parameters({"of": ["formula" if name == "f" else "bowl()"], name: [text]})
    assert read_parameters(group_parameters(write_parameters(reading.scene))).scene == reading.scene


def test_any_step_size_of_a_link_is_put_on_the_grid() -> None:
    assert read_parameters({"how": ["centred(h=3e-6)"]}).scene.h == 3.15e-6
