"""The landscape around a training as the surface of a race: its text, what is refused, its exports, and its race."""

from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest

from app.compute.cached_simulation import build_quick_surface, build_surface, get_suggested_lr, simulate_run
from app.compute.surface_source_registry import SURFACE_SOURCES
from app.export.race_report import report_race
from app.export.repository_script import make_script
from app.export.torch_or_scipy_script import make_standalone_script
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Call, UserError, optimizer_call
from app.scene_text.reader import parse_scene, read_scene
from app.scene_text.writer import write_query, write_scene
from app.training_scenes import network_loss_source
from app.training_scenes.network_loss_source import NETWORK_LOSS, build_trainings, network_loss_call
from app.training_scenes.training_scene import ChosenTraining, TrainingScene
from surfaces.observers.gradient_noise import noisy
from tests.support.app_pages import read_captions, visit
from tests.support.map_pages import open_maps

SMALL = "network_loss(plane=path,data=xor(epochs=5),train=network(width=6))"
TEXTS = [
    SMALL,
    "network_loss(plane=random,seed=7,data=two_moons(split=file,epochs=3),train=svm(l2=0.01))",
    "network_loss(plane=ends,data=spirals(epochs=4),train=network(width=4),train2=network(width=4,weights_seed=1),"
    "train3=network(width=4,weights_seed=2,optimizer=adam(lr=0.01),changes=((2,lr,0.001),)))",
]


def read(text: str) -> Call:
    return parse_scene(f"surface = {text}\nstart = 0.5,0.5\nrun = sgd(lr=0.01)").surface


@pytest.mark.parametrize("text", TEXTS)
def test_a_call_is_read_as_it_was_written_and_its_scene_too(text: str) -> None:
    call = read(text)
    assert SURFACE_SOURCES[NETWORK_LOSS].write(call) == text
    scene = parse_scene(f"surface = {text}\nrun = sgd(lr=0.01)")
    assert scene.start == build_surface(call).start
    assert parse_scene(write_scene(scene)) == scene
    assert read_scene(f"?{write_query(scene)}").scene == scene


@pytest.mark.parametrize(
    "text, why",
    [
        ("network_loss(data=digits(epochs=200),train=network(width=200,depth=10))", "at most 250,000"),
        ("network_loss(data=digits(epochs=200),train=network(width=200))", "too long"),
        ("network_loss(data=xor(epochs=200),train=network(width=20,batch_size=1))", "too long"),
        ("network_loss(data=xor(epochs=200),train=network(width=20,changes=((1,batch_size,1),)))", "too long"),
        ("network_loss(data=xor(epochs=200),train=network(width=70,optimizer=newton()))", "too long"),
        ("network_loss(train=network(width=200,depth=3))", "at most 25,000"),
        ("network_loss(plane=ends,train=network())", "two trainings"),
        ("network_loss(plane=ends,train=network(width=4),train2=network(width=5))", "the same layers"),
        ("network_loss(plane=spiral)", "A plane is one of"),
        ("network_loss(seed=1000)", "must be a number"),
        ("network_loss(data=own())", "no room for your own data"),
        ("network_loss(width=5)", "no “width”"),
        ("network_loss(data=planets())", "“planets”"),
        ("network_loss(train=nothing())", "“nothing”"),
    ],
)
def test_a_link_to_what_is_too_large_or_unknown_is_refused_before_anything_is_trained(
    text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizers.training.training_landscape.TrainingLoop", lambda *_, **__: 1 / 0)
    found = read_scene(f"surface = {text}\nstart = 0,0\nrun = sgd(lr=0.01)")
    assert found.scene.surface == DEFAULT_SCENE.surface
    assert any(why in str(fault.reason) for fault in found.faults), [str(fault.reason) for fault in found.faults]


def test_an_argument_of_a_training_that_cannot_be_read_is_told_and_the_rest_is_taken() -> None:
    found = read_scene("surface = network_loss(data=xor(epochs=5),train=network(width=6,l2=-1))\nrun = sgd(lr=0.01)")
    assert found.scene.surface["trained"].chosen.width == 6
    assert [fault.text for fault in found.faults] == ["l2=-1"]


def test_the_specification_is_that_of_the_training_page() -> None:
    scene = TrainingScene(data="xor", epochs=5, trainings=(ChosenTraining(width=6),), selected=0)
    assert network_loss_call(scene, "path") == read(SMALL)
    (training,) = build_trainings(read(SMALL))
    assert (training.data, training.hidden, training.epochs) == ("xor", (6,), 5)
    with pytest.raises(UserError, match="no room for your own data"):
        network_loss_call(TrainingScene(data="own", table="1,a\n2,b\n3,a\n4,b\n"), "path")


def test_runs_race_on_it_downhill_with_rates_that_suit_it() -> None:
    scene = parse_scene(f"surface = {SMALL}")  # the runs of the first scene, at rates for this surface
    surface = build_surface(scene.surface)
    for run in scene.runs:
        columns = simulate_run(scene, run).columns
        assert columns["loss"][-1] < columns["loss"][0]
        end = np.array((columns["x"][-1], columns["y"][-1]))
        assert columns["loss"][-1] == pytest.approx(float(surface.value(end)), rel=1e-12)


def test_rates_are_guessed_on_a_spline_and_not_far_from_those_of_the_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    call = read(SMALL)
    guessed = get_suggested_lr(call, optimizer_call("sgd"))
    assert build_quick_surface(call) is not build_surface(call)
    surface: Any = build_surface(call)
    from app.compute import cached_simulation  # noqa: PLC0415 -- its cache is passed by

    found = cached_simulation.LR_SELECTORS["suggest_lr"](
        cached_simulation.OPTIMIZERS["sgd"], noisy(surface, 0.0, 0), np.array(cached_simulation.LR_RANGE.stops)
    )
    assert found is not None and 1 / 4 <= guessed / found <= 4


def test_the_script_trains_the_network_and_has_the_same_surface_to_the_bit(tmp_path: Path) -> None:
    scene = parse_scene(f"surface = {SMALL}\nsteps = 20\nrun = sgd(lr=0.05)")
    script = make_script(scene)
    compile(script, "race.py", "exec")
    assert "from optimizers.training.specification import Change, Maker, Training" in script
    line = next(line for line in script.splitlines() if line.startswith("surface = "))
    imports = [text for text in script.splitlines() if text.startswith("from optimizers.training")]
    file = tmp_path / "surface.py"
    file.write_text("\n".join([*imports, line]), encoding="utf-8")
    names = run_path(str(file))
    p = np.array((0.3, -0.2))
    assert float(names["surface"].value(p)) == float(build_surface(scene.surface).value(p))
    assert report_race(scene).surface.startswith('network_loss(trainings=(Training(data="xor"')
    with pytest.raises(UserError, match="not written for other libraries"):
        make_standalone_script(scene, scene.runs[0])


def test_the_limits_let_the_trainings_of_the_prepared_scenes_of_points_through() -> None:
    assert network_loss_source.MAX_REPEATED_PRODUCTS >= 1e9
    for data in ("spirals", "digits"):
        assert network_loss_call(TrainingScene(data=data), "random", 5)["seed"] == 5


def test_the_page_of_the_race_says_of_which_training_it_is_and_leads_there() -> None:
    page = visit(("surface", SMALL), ("run", "sgd(lr=0.05)"))
    assert not page.exception and not page.session_state["session"].faults
    assert "at the end of a training on XOR" in read_captions(page)
    links = [link for link in page.get("page_link") if link.proto.label == "Watch the training"]
    assert len(links) == 1
    page.selectbox("surface").set_value("bowl").run()
    page.selectbox("surface").set_value(NETWORK_LOSS).run()
    assert not page.exception and page.session_state["session"].scene.surface["trained"].data == "spirals"


def test_a_link_to_a_huge_training_opens_the_first_surface_and_says_why() -> None:
    page = visit(("surface", "network_loss(data=digits(epochs=200),train=network(width=200))"), ("run", "sgd()"))
    assert page.session_state["session"].scene.surface == DEFAULT_SCENE.surface
    assert any("too long" in element.value for element in (*page.markdown, *page.caption, *page.warning))


def test_a_map_runs_on_a_spline_and_says_so() -> None:
    page = open_maps(surface=SMALL, run="sgd(lr=0.05)", map="rates()")
    assert not page.exception and "spline through 61 × 61" in read_captions(page)
    assert "spline" not in read_captions(open_maps(surface="bowl()", run="sgd(lr=0.05)", map="rates()"))
