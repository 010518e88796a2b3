"""The flow's page without a browser: what it compares, what its address says, and nothing that is sent breaks it."""

import json
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute.background_jobs import JobStatus
from app.maps.gradient_flow.flow_comparison import compare_with_flow
from app.maps.gradient_flow.job import (
    FLOW_LABELS,
    FlowRequest,
    compute_flow,
    make_background,
    sample_slope_arrows,
    thin_path,
)
from app.maps.gradient_flow.panel import MAP_TYPE, make_map_data
from app.maps.map_component import JOB_LABELS
from app.model.scene import surface_call
from app.scene_text.reader import parse_scene
from app.translation import translate_table
from optimizers.analysis.continuous_flows import FlowEquation
from surfaces.catalogue import SURFACES
from tests.support.app_pages import get_scene
from tests.support.binary_messages import decode_binary_message
from tests.support.map_pages import NONSENSE, open_maps, read_map_headers, read_texts
from tests.support.sampling import sample

SGD, BALL, ADAM = "sgd(lr=0.01)", "momentum(lr=0.01,mu=0.8)", "adam()"


def flow(runs: list[str] | str, arguments: str = "", **address: Any) -> AppTest:
    return open_maps(**({"map": f"flow({arguments})", "surface": "ravine()", "steps": "40", "run": runs} | address))


def decode_move(payload: object) -> Any:
    """The start in an event "moved" of the browser."""
    event = MAP_TYPE.events["moved"]
    assert event
    return event[0](payload)


def board(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and arrays, once the work is done."""
    for _ in range(50):
        if read_map_headers(page)[0]["state"] == "done":
            break
        page.run()
    (message,) = (e.proto for e in page.get("bidi_component") if e.proto.component_name == "descent_map")
    return decode_binary_message(message.bytes)


def sends(page: AppTest, state: Any) -> None:
    """The browser reports the picture's state, as JSON, beside that of every other widget."""
    (message,) = (e.proto for e in page.get("bidi_component") if e.proto.component_name == "descent_map")
    widgets = page._tree.get_widget_states()
    widgets.widgets.add(id=message.id, json_value=json.dumps(state))
    page._run(widgets)


def test_gradient_descent_is_drawn_beside_the_gradient_flow() -> None:
    header, arrays = board(flow([SGD, ADAM]))
    assert header["labels"] == translate_table(JOB_LABELS | FLOW_LABELS)
    (one,) = header["flows"]
    assert one["words"].startswith("Gradient flow, ẋ = −∇f(x): comes to rest at (0, 0)")
    sgd, adam = header["runs"]
    assert (sgd["chosen"], adam["chosen"]) == (True, False)
    assert "greatest distance" in sgd["words"]
    assert "Its learning rate is 0.5 times 1/λmax = 0.02, the shortest time of the flow" in sgd["words"]
    assert "no flow of its own" in adam["words"]
    x = arrays[sgd["name"]].reshape(2, -1)
    there = arrays["there"].reshape(2, -1)
    t = 0.01 * np.arange(41)
    truth = np.array((-9 * np.exp(-t), 2.5 * np.exp(-50 * t)))  # the ravine's curvatures are 1 and 50
    np.testing.assert_allclose(there, truth, atol=1e-6)
    np.testing.assert_allclose(arrays["time_run0"], t)
    away = np.hypot(*(x - truth))
    np.testing.assert_allclose(arrays["apart_run0"][1:], away[1:], atol=1e-6)


def test_nothing_is_said_of_a_flow_before_all_of_it_is_computed() -> None:
    """The largest curvature on its way, and with it the sentence, may still change."""
    scene = parse_scene(f"surface = rosenbrock()\nsteps = 40\nrun = {SGD}\n")
    comparison = compare_with_flow(scene, 0)
    request = FlowRequest(scene.surface, scene.start, FlowEquation(), np.inf)
    first, *_, last = (progress.result for progress in compute_flow(request) if progress.result)
    words = []
    for flow, state in ((first, "working"), (last, "done")):
        status = JobStatus(1, 0.5, flow, state)
        header, _ = make_map_data(scene, [comparison], comparison, [request], [status])
        words.append((header["flows"][0]["words"], header["runs"][0]["words"]))
    assert words[0] == ("Gradient flow, ẋ = −∇f(x).", "its flow is being computed.")
    assert "1/λmax" in words[1][1]


def test_momentum_rolls_beside_the_heavy_ball_and_has_a_gradient_flow_too() -> None:
    page = flow([ADAM, BALL, SGD])
    header, arrays = board(page)
    assert [one["kind"] for one in header["flows"]] == ["gradient", "ball"]
    assert "with c = 2: is at" in header["flows"][1]["words"]
    assert [run["chosen"] for run in header["runs"]] == [False, True, False]
    assert "follows a flow of its own" in header["runs"][2]["words"]
    np.testing.assert_allclose(arrays["time_run1"], 0.1 * np.arange(41))
    page.selectbox(key="flow-run").set_value(2).run()
    header, _ = board(page)
    assert [run["chosen"] for run in header["runs"]] == [False, False, True]
    assert page.query_params["map"] == "flow(run=3)"
    again, _ = board(flow([ADAM, BALL, SGD], "run=3"))
    assert [run["chosen"] for run in again["runs"]] == [False, False, True]


@pytest.mark.parametrize(
    ("lr", "fate"), [("0.001", "closely"), ("0.01", "roughly"), ("0.03", "overshoots"), ("0.05", "farther off")]
)
def test_what_a_step_does_is_said(lr: str, fate: str) -> None:
    header, _ = board(flow(f"sgd(lr={lr})"))
    assert fate in header["runs"][0]["words"]


def test_a_run_that_diverges_is_drawn_as_far_as_it_can_be() -> None:
    header, arrays = board(flow("sgd(lr=1)", steps="200"))
    x = arrays[header["runs"][0]["name"]].reshape(2, -1)
    assert np.isfinite(x).all()
    assert 2 < x.shape[1] < 20
    assert "greatest distance" in header["runs"][0]["words"]


def test_the_steps_before_a_run_diverges_have_their_losses_too() -> None:
    """They are no rounding beside the last one, however high that is."""
    header, arrays = board(flow("momentum(lr=0.01)", surface="rosenbrock()", start="-1.5,2", steps="100"))
    loss = arrays[f"loss_{header['runs'][0]['name']}"]
    assert np.nanmax(loss) > 1e15 * np.nanmin(loss)
    assert np.isfinite(loss).all()


RUNS = ["newton()", "sgd(lr=linear(start=0.02,end=0.001))", "nesterov(lr=0)", "nelder_mead()"]
PLACES = ["rosenbrock()", "absolute()", "misra1a()", "logistic_regression(batch_size=10)"]


@pytest.mark.parametrize(  # each run and each surface once
    ("run", "place"), sample(product(RUNS, PLACES), lambda run, place: RUNS.index(run) == PLACES.index(place))
)
def test_any_run_on_any_surface_has_a_picture(run: str, place: str) -> None:
    page = flow(run, surface=place, noise="0.1")
    header, _ = board(page)
    assert header["runs"][0]["words"]
    captions = " ".join(caption.value for caption in page.caption)
    assert "without it" in captions
    assert ("of all the data" in captions) == ("batch" in place)


def test_a_start_that_was_dragged_is_the_scenes_and_the_page_stays() -> None:
    page = flow(SGD)
    sends(page, {"moved": {"x": -3.0, "y": 1.5, "held": False, "series": 0, "n": 7}})
    assert get_scene(page).start == (-3.0, 1.5)
    header, _ = board(page)
    assert header["start"] == [-3.0, 1.5]
    assert page.text_input("x").value == "-3"


def test_the_way_to_the_race() -> None:
    page = flow(SGD)
    page.button(key="flow-race").click().run()
    assert not page.exception
    assert any(e.proto.component_name == "descent_player" for e in page.get("bidi_component"))


def test_with_no_run_turned_on_the_page_says_what_to_do() -> None:
    page = flow(f"look({SGD},on=False)")
    assert not read_map_headers(page)
    assert "turn a run on" in read_texts(page)


@pytest.mark.parametrize(
    ("damaged", "why"),
    [("run=0", "given by its number"), ("run=17", "There is no run 17 in this race of 1"), ("x=1", "has no"),
     ("run=(1,2)", "This must be a number"), ("run=True", "given by its number")],
)  # fmt: skip
def test_what_of_an_address_cannot_be_read_is_said(damaged: str, why: str) -> None:
    page = flow(SGD, damaged)
    assert why in read_texts(page)
    assert not page.exception


def test_a_run_that_was_removed_is_not_linked() -> None:
    page = flow([SGD, ADAM], "run=2")
    assert page.query_params["map"] == "flow(run=2)"
    page.session_state["session"].scene = replace(get_scene(page), runs=get_scene(page).runs[:1])
    page.run()
    assert page.query_params["map"] == "flow()"


def test_a_place_that_no_run_has_is_left() -> None:
    header, _ = board(flow(SGD, "run=5"))
    assert [run["chosen"] for run in header["runs"]] == [True]


@pytest.mark.parametrize(
    "sent", [*NONSENSE, {"x": 1, "y": 2, "n": 3}, {"x": 1, "y": 2, "held": 1, "n": 3, "series": 0}]
)
def test_a_move_is_a_place_that_is_held_or_not(sent: Any) -> None:
    assert decode_move(sent) is None


def test_a_move_is_read() -> None:
    move = decode_move({"x": 1, "y": 2.5, "held": True, "n": 3, "series": 5})
    assert move
    assert move == ((1.0, 2.5), True, 5)


@pytest.mark.parametrize("word", SURFACES)
def test_the_arrows_point_downhill(word: str) -> None:
    p, way, long = np.split(sample_slope_arrows(surface_call(word)), (2, 4))
    problem = SURFACES[word]()
    assert np.isfinite(way).all()
    np.testing.assert_allclose(np.hypot(*way), 1)
    assert ((long >= 0) & (long <= 1)).all()
    assert (np.einsum("in,in->n", way, problem.grad(p)) <= 0).all()
    assert np.isfinite(make_background(surface_call(word)).heights).any()


def test_a_thinned_line_keeps_its_ends_and_its_course() -> None:
    t = np.linspace(0, 1, 5000)
    line = np.array((np.cos(3 * t), np.sin(3 * t)))
    thin = thin_path(line, np.array((2.0, 2.0)))
    assert thin.shape[1] < 1600
    np.testing.assert_array_equal(thin[:, [0, -1]], line[:, [0, -1]])
    assert np.hypot(*np.diff(thin)).max() < 5e-3
    np.testing.assert_array_equal(thin_path(line[:, :1], np.array((2.0, 2.0)))[:, 0], line[:, 0])
