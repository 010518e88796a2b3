"""The maps page without a browser: what it asks, what its address says, and nothing that is sent breaks it."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute.cached_simulation import build_surface
from app.maps import catalogue, map_component, map_url
from app.maps.basins import panel as starts
from app.maps.basins.job import BASIN_LABELS, UNKNOWN_CODE, BasinMap
from app.maps.map_component import JOB_LABELS, decode_point, decode_window
from app.maps.map_kind import MAP_TYPE_KEY
from app.model.plane_window import WINDOW_LIMITS
from app.model.presets import DEFAULT_SCENE, MAP_SCENE
from app.model.scene import UserError
from app.scene_text.reader import parse_scene
from app.scene_text.writer import list_link_parts
from app.session import polled_jobs
from app.session.page_url_parameters import RACE_PAGE
from app.translation import translate_table
from tests.support.app_pages import HOME, get_scene, go_to_race, open_page, switch_page
from tests.support.hostile_formulas import HOSTILE
from tests.support.map_pages import NONSENSE, open_maps, read_map_headers, read_texts


def test_the_page_maps_the_first_two_runs_of_the_scene_on_its_surface() -> None:
    page = open_maps(surface="himmelblau()", steps="20", run=["newton()", "adam()", "sgd()"])
    first, second = read_map_headers(page)
    assert (first["title"], second["title"]) == ("Newton", "Adam")
    assert first["window"] == second["window"] == first["box"] == [[-5, 5], [-5, 5]]
    assert first["window_limits"] == list(WINDOW_LIMITS)
    assert first["labels"] == translate_table(JOB_LABELS | BASIN_LABELS)
    assert page.query_params["map"] == "basins()"
    assert page.query_params["surface"] == "himmelblau()"


def test_a_minimum_that_is_not_listed_has_the_same_number_in_both_maps() -> None:
    """Each run meets the minima in its own order; himmelblau's view is 10 wide."""
    scene = parse_scene("surface = himmelblau()\n")
    step = np.zeros(4, dtype=np.uint16)
    one = BasinMap(np.array([0, 1, 254, 0], np.uint8), step, np.array([[-1.0, 2.4], [9.9, 4.9]]), 1)
    other = BasinMap(
        np.array([0, 1, 2, UNKNOWN_CODE], np.uint8), step, np.array([[2.401, 4.0, -1.0], [4.9, 0.0, 9.9]]), 1
    )
    first, second = starts.share_numbers([one, other], scene)
    assert first is not None and second is not None
    assert first.code.tolist() == [0, 1, 254, 0]
    assert second.code.tolist() == [1, 2, 0, UNKNOWN_CODE]
    for shown in (first, second):
        np.testing.assert_array_equal(shown.minima, [[-1, 2.4, 4], [9.9, 4.9, 0]])
    waiting, alone = starts.share_numbers([None, other], scene)
    assert waiting is None and alone is not None
    np.testing.assert_array_equal(alone.code, other.code)


def test_other_runs_are_chosen_and_named_in_the_address() -> None:
    page = open_maps(surface="booth()", steps="5", run=["newton()", "adam()", "sgd()"])
    page.selectbox(key="map-first").select_index(2).run()
    assert [board["title"] for board in read_map_headers(page)] == ["SGD", "Adam"]
    page.selectbox(key="map-second").select_index(0).run()
    assert [board["title"] for board in read_map_headers(page)] == ["SGD"]
    assert page.query_params["map"] == "basins(runs=(3,))"
    again = open_maps(map="basins(runs=(3,))", surface="booth()", steps="5", run=["newton()", "adam()", "sgd()"])
    assert [board["title"] for board in read_map_headers(again)] == ["SGD"]
    again.session_state["session"].scene = replace(get_scene(again), runs=get_scene(again).runs[:2])
    again.run()
    assert again.query_params["map"] == "basins()", "a run that was removed cannot be linked"


def test_the_address_of_before_does_not_take_a_change_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser sends it with what is done before it has heard of the new one; by back or forward it is meant."""
    page = open_maps(map="basins(runs=(1,))", surface="booth()", steps="5", run=["newton()", "adam()", "sgd()"])
    before = {name: page.query_params[name] for name in page.query_params}
    page.text_input(key="steps").set_value("7").run()
    page.selectbox(key="map-first").select_index(2).run()
    now = {name: page.query_params[name] for name in page.query_params}
    assert (now["steps"], now["map"]) == ("7", "basins(runs=(3,))")

    def run_with(address: dict[str, Any]) -> None:
        page.query_params.clear()
        for name, values in address.items():
            page.query_params[name] = values
        page.run()

    run_with(before)
    assert get_scene(page).steps == 7 and [board["title"] for board in read_map_headers(page)] == ["SGD"]
    monkeypatch.setattr(map_url, "is_history_navigation", lambda: True)
    for address, steps, title in ((before, 5, "Newton"), (now, 7, "SGD")):
        run_with(address)
        assert get_scene(page).steps == steps and [board["title"] for board in read_map_headers(page)] == [title]


def test_a_title_that_a_run_no_longer_has_chooses_no_other() -> None:
    """A browser that is late sends the one from before the hyperparameter was changed."""
    page = open_maps(surface="booth()", steps="5", run="adam()")
    names = page.selectbox(key="map-first")
    names.options.append("Adam, lr 0.3")
    names.set_value("Adam, lr 0.3").run()
    assert not page.exception
    assert [board["title"] for board in read_map_headers(page)] == ["Adam"]
    assert page.query_params["map"] == "basins()"


def test_who_comes_from_the_first_race_finds_a_map_with_several_minima_and_may_go_back() -> None:
    page = go_to_race(AppTest.from_file(str(HOME), default_timeout=60))
    open_page(page, "maps")
    assert get_scene(page) == MAP_SCENE and len(build_surface(MAP_SCENE.surface).minima) > 2
    first, second = read_map_headers(page)
    assert (first["title"], second["title"]) == ("Nesterov", "Newton")
    page.button(key="undo").click().run()
    assert get_scene(page) == DEFAULT_SCENE


def test_a_scene_that_was_changed_or_linked_is_mapped_as_it_is() -> None:
    changed = replace(DEFAULT_SCENE, steps=20)
    page = go_to_race(AppTest.from_file(str(HOME), default_timeout=60), ("steps", "20"))
    open_page(page, "maps")
    assert get_scene(page) == changed
    assert get_scene(open_maps(map="basins()")) == DEFAULT_SCENE, "a link opens what it says"
    assert get_scene(open_page(AppTest.from_file(str(HOME), default_timeout=60), "maps")) == DEFAULT_SCENE


def test_without_a_run_the_page_says_what_to_do() -> None:
    page = open_maps(surface="booth()", run="none")
    assert not read_map_headers(page)
    assert "add a run" in read_texts(page)


def test_a_window_is_in_the_address_and_belongs_to_its_surface() -> None:
    page = open_maps(map="basins(x=(-1,1),y=(0,2))", surface="himmelblau()", steps="5", run="newton()")
    (board,) = read_map_headers(page)
    assert board["window"] == [[-1, 1], [0, 2]]
    assert board["box"] == [[-5, 5], [-5, 5]]
    page.session_state["map-one"] = {"window": {"x": [0, 1], "y": [0, 1], "n": 7}}
    page.run()
    page.selectbox(key="surface").select("booth").run()
    (board,) = read_map_headers(page)
    assert board["window"] == board["box"]


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ("nowhere()", "There is no map"),
        ("basins(x=(1,0),y=(0,1))", "two numbers, the lower one first"),
        ("basins(x=(0,1))", "A window is x and y"),
        ("basins(z=1)", "has no"),
        ("basins(runs=(1,2,3))", "A map shows one run or two"),
        ("basins(runs=(9,))", "There is no run 9 in this race of 1"),
        ("basins(runs=0)", "A map shows one run or two"),
        ("basins(x=(0,1e9),y=(0,1))", "two numbers"),
        ("__import__('os')", "not allowed here"),
    ],
)
def test_what_of_an_address_cannot_be_read_is_said_and_the_rest_is_shown(damaged: str, why: str) -> None:
    page = open_maps(map=damaged, surface="booth()", steps="5", run="newton()")
    assert why in read_texts(page)
    (board,) = read_map_headers(page)
    assert board["window"] == board["box"]
    assert get_scene(page) == parse_scene("surface = booth()\nsteps = 5\nrun = newton()\n")


def test_a_slider_that_is_moved_after_the_race_was_asked_for_does_not_keep_it_away() -> None:
    page = open_maps(map="flow()", surface="ravine()", run="sgd(lr=0.03)")
    page.session_state["session"].requested_page = RACE_PAGE, lambda: list_link_parts(get_scene(page))
    page.select_slider("0.lr").set_value(0.01).run()
    assert not page.exception
    assert "descent_player" in {element.proto.component_name for element in page.get("bidi_component")}
    assert get_scene(page).runs[0].optimizer.arguments == (("lr", 0.01),)


@pytest.mark.parametrize("sent", [*NONSENSE, {"x": 1e9, "y": 0, "n": 1}, {"x": True, "y": 0, "n": 1}])
def test_a_place_is_two_numbers(sent: Any) -> None:
    assert decode_point(sent) is None


@pytest.mark.parametrize("sent", [*NONSENSE, {"x": [1, 0], "y": [0, 1], "n": 1}, {"x": [0, 0], "y": [0, 1], "n": 1}])
def test_a_window_is_two_sides(sent: Any) -> None:
    assert decode_window(sent) is None


def test_what_is_meant_is_read() -> None:
    assert decode_point({"x": 1, "y": 2.5, "n": 3}) == (1.0, 2.5, 3)
    assert decode_window({"x": [0, 1], "y": [2, 3.5], "n": 3}) == ((0.0, 1.0), (2.0, 3.5))


def test_a_window_that_numbers_cannot_resolve_is_left() -> None:
    now = parse_scene("surface = booth()\nrun = newton()\n")
    whole = starts.get_full_window(now)
    tiny = tuple((low, low + 1e-9) for low, _ in whole)
    huge = tuple((1e5 * low, 1e5 * high) for low, high in whole)
    before = starts.get_window(now)
    for window in (tiny, huge):
        starts.zoom_to(now, window)
        assert starts.get_window(now) == before


def test_a_path_is_told_as_far_as_it_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(map_component, "_path_component", lambda key, data: sent.append(json.loads(data)))
    map_component.show_path(
        "m", map_component.MapPoint(0, 0, 4), np.array((1.0, 2.0, np.inf, 3.0)), np.array((1.0, 2.0, 3.0, np.nan))
    )
    map_component.show_path("m", map_component.MapPoint(0, 0, 5), np.array((1.0,)), np.array((2.0,)))
    assert sent == [{"id": "m", "n": 4, "x": [1, 2], "y": [1, 2]}, {"id": "m", "n": 5, "x": [1], "y": [2]}]


PLACES = (
    "{}",
    "basins(x={0},y=(0,1))",
    "basins(runs={})",
    "rates(low={})",
    "pairs(x={})",
    "fair(seed={})",
    "flow(run={})",
)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hostile_in_the_address_of_a_map_does_anything(place: str) -> None:
    for _, text in HOSTILE:
        try:
            kind, choice = map_url.read_map(place.format(text))
        except UserError:
            continue
        assert kind.name in catalogue.MAP_TYPES
        hash(choice)


HEAVY = {"surface": "rastrigin()", "steps": "2000", "noise": "0.5", "run": ["bfgs()", "lbfgs()"]}


def wanted(page: AppTest) -> set[Any]:
    return set(page.session_state[polled_jobs.POLLED_JOBS_KEY])


def test_what_was_asked_before_is_left_once_something_else_is_asked() -> None:
    """A changed setting, another map, a map less, one that is stopped: nobody may go on computing what nobody sees."""
    page = open_maps(map="basins()", **HEAVY)
    before = wanted(page)
    assert len(before) == 2 and all(job.last_polled for job in before)
    page.text_input(key="steps").set_value("1999").run()
    now = wanted(page)
    assert len(now) == 2 and not now & before
    assert not any(job.last_polled for job in before) and all(job.last_polled for job in now)
    page.selectbox(key="map-second").select_index(0).run()
    assert len(wanted(page)) == 1
    assert [bool(job.last_polled) for job in now] == [job in wanted(page) for job in now]
    page.session_state[MAP_TYPE_KEY] = "rates"
    page.run()
    assert not any(job.last_polled for job in now)
    assert all(job.queue.is_suspended for job in (*before, *now) if job.queue)


def test_maps_are_left_with_their_page() -> None:
    page = open_maps(map="basins()", **HEAVY)
    before = wanted(page)
    assert before and all(job.last_polled for job in before)
    switch_page(page, "about").run()
    assert not any(job.last_polled for job in before)
    assert not wanted(page)
