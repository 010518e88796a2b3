"""Lecture mode of the race, and playlists, without a browser: what is written, what the player is told, the address."""

import json
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.compute.cached_simulation import simulate_cached
from app.lessons.catalogue import LESSONS
from app.model.presets import DEFAULT_SCENE
from app.scene_text.playlist import pack
from app.scene_text.writer import list_parts, write_query
from app.session import race_lecture
from tests.support.app_pages import (
    Page,
    get_scene,
    read_address,
    read_player_header,
    report_player_state,
    visit,
)
from tests.support.lecture_pages import ADAM, NEWTON, TEXT, said, told


def lecturing(place: str = "1", text: str = TEXT, *more: tuple[str, str]) -> Page:
    return visit(("playlist", pack(text)), ("place", place), ("mode", "lecture"), *more)


def wish(page: AppTest, name: str, value: Any, serial: int = 1) -> None:
    report_player_state(page, {name: {name: value, "n": serial}})
    assert not page.exception


def panels(page: AppTest) -> bool:
    """Whether there is anything to choose beside the race."""
    return bool(page.get("expander") or page.selectbox or page.button_group)


def test_the_switch_sends_the_panels_away_and_is_in_the_address_and_in_undo() -> None:
    page = visit()
    assert panels(page) and not told(page)["on"] and not read_player_header(page)["suspense"]
    wish(page, "lecture", 1)
    assert not panels(page) and told(page)["on"] and read_player_header(page)["suspense"]
    assert get_scene(page).presentation.is_lecture
    assert read_address(page) == f"{write_query(DEFAULT_SCENE)}&mode=lecture"
    page.button(key="leave_lecture").click().run()
    assert panels(page) and not told(page)["on"]
    page.button(key="undo").click().run()
    assert get_scene(page).presentation.is_lecture
    wish(page, "lecture", 0, 2)
    assert panels(page)


def test_a_link_sets_the_mode_and_an_unknown_mode_is_a_fault() -> None:
    page = visit(*list_parts(ADAM), ("mode", "lecture"))
    assert told(page) == {"on": True, "place": 0, "places": 0, "question": "", "shown": False, "framed": False}
    assert not panels(page)
    page = visit(*list_parts(ADAM), ("mode", "theatre"))
    assert panels(page)
    assert "The only mode is lecture" in " ".join(markdown.value for markdown in page.markdown)


def test_leaving_lecture_mode_shows_the_panels_of_the_current_scene() -> None:
    page = visit()
    page.text_input(key="steps").set_value("77").run()
    wish(page, "lecture", 1, 1)
    report_player_state(page, {"start": {"x": -3.0, "y": 1.0, "n": 2, "held": False}})
    wish(page, "lecture", 0, 3)
    assert (page.text_input(key="steps").value, page.text_input(key="x").value) == ("77", "-3")
    page.text_input(key="steps").set_value("78").run()
    assert get_scene(page).steps == 78


def test_a_playlist_shows_its_scenes_one_after_the_other() -> None:
    page = lecturing()
    assert (get_scene(page).surface, told(page)["place"], told(page)["places"]) == (ADAM.surface, 0, 3)
    assert len(read_player_header(page)["runs"]) == len(ADAM.runs)
    wish(page, "place", 1, 1)
    assert (get_scene(page).surface, told(page)["place"]) == (NEWTON.surface, 1)
    assert dict(parse_qsl(read_address(page))) == {"playlist": pack(TEXT), "place": "2", "mode": "lecture"}
    wish(page, "place", 0, 2)
    assert get_scene(page).surface == ADAM.surface
    assert page.session_state["session"].past == ()


@pytest.mark.parametrize("hostile", [3, -1, 10**9, 1.5, "1", None, True, [], {"place": 1}])
def test_events_with_an_impossible_place_are_ignored(hostile: Any) -> None:
    page = lecturing("3")
    wish(page, "place", hostile)
    assert (get_scene(page).surface, told(page)["place"]) == (DEFAULT_SCENE.surface, 2)


def test_a_question_is_asked_before_the_race_and_what_happens_is_not_sent() -> None:
    page = lecturing("2")
    assert told(page)["question"] == "Which <b>first</b>?"
    assert (read_player_header(page)["steps"], {run["length"] for run in read_player_header(page)["runs"]}) == (0, {1})
    wish(page, "revealed", 0, 1)
    assert read_player_header(page)["steps"] == 0, "that was another one"
    wish(page, "revealed", 1, 2)
    assert (read_player_header(page)["steps"], told(page)["question"]) == (NEWTON.steps, "")
    wish(page, "place", 2, 3)
    assert (read_player_header(page)["steps"], told(page)["question"]) == (0, "What will happen?")
    wish(page, "place", 1, 4)
    assert read_player_header(page)["steps"] == NEWTON.steps, "it has been answered"
    wish(page, "place", 2, 5)
    wish(page, "lecture", 0, 6)
    assert (read_player_header(page)["steps"], told(page)["question"]) == (0, "What will happen?"), "Esc tells nothing"
    assert panels(page)
    wish(page, "revealed", 2, 7)
    assert read_player_header(page)["steps"] == DEFAULT_SCENE.steps
    assert read_player_header(page)["suspense"], "nothing is told ahead of a playlist's race outside of the mode"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ([("playlist", pack(TEXT)), ("place", "1"), ("mode", "lecture")], False),
        ([("playlist", pack(TEXT)), ("place", "1")], False),
        ([("surface", "bowl()"), ("mode", "lecture")], False),
        ([("surface", "bowl()")], True),
    ],
)
def test_a_race_that_nobody_has_seen_waits_in_a_lecture_and_in_a_playlist(
    address: list[tuple[str, str]], shown: bool
) -> None:
    page = visit(*address)
    assert (told(page)["shown"], told(page)["question"], read_player_header(page)["steps"] > 0) == (shown, "", True)
    wish(page, "revealed", 0)
    assert told(page)["shown"] is (shown or bool(told(page)["places"]))


def test_choices_are_sent_with_the_question_and_the_right_one_of_a_lesson_with_its_race() -> None:
    text = "?surface=bowl()&run=sgd() Which? | this | that\nhttp://there.example/lessons?lesson=ball\n"
    page = lecturing("1", text)
    first = told(page)["asked"]
    assert first == {"question": "Which?", "choices": ["this", "that"], "playlist": ANY}
    wish(page, "revealed", 0, 1)
    assert (told(page)["question"], told(page)["asked"]["question"]) == ("", "Which?"), "it can be read again"
    wish(page, "place", 1, 2)
    asked = told(page)["asked"]
    assert len(asked["choices"]) == len(LESSONS["ball"].choices) and "right" not in asked
    assert asked["playlist"] == first["playlist"] != told(lecturing("1", text + "\n?run=adam()"))["asked"]["playlist"]
    wish(page, "revealed", 1, 3)
    assert told(page)["asked"] == {**asked, "right": LESSONS["ball"].choices.index(LESSONS["ball"].right_choice)}


def test_a_link_opens_the_same_playlist_at_the_same_place() -> None:
    page = lecturing("2")
    assert read_address(page) == ""
    page = lecturing("3", TEXT, ("surface", "beale()"), ("run", "adam()"))
    assert (get_scene(page).surface.name, told(page)["place"]) == ("beale", 2), "changed there"


def test_what_is_changed_in_a_lecture_is_in_the_address_and_the_playlist_stays() -> None:
    page = lecturing("3")
    report_player_state(page, {"start": {"x": -3.0, "y": 1.0, "n": 1, "held": False}})
    said = parse_qsl(read_address(page))
    assert dict(said) | {"place": "3", "start": "-3,1", "mode": "lecture"} == dict(said)
    again = visit(*said)
    assert (get_scene(again), told(again)["places"]) == (get_scene(page), 3)


def test_a_changed_step_or_view_does_not_repeat_the_scene_in_the_address() -> None:
    page = lecturing("1")
    view = {**ADAM.view._asdict(), "arrows": [], "step": 40, "place": 0, "n": 1}
    view["opening"] = page.session_state["session"].opened_count
    report_player_state(page, {"view": view})
    said = dict(parse_qsl(read_address(page)))
    assert said == {"playlist": pack(TEXT), "place": "1", "mode": "lecture", "view": "contour(step=40)"}
    again = visit(*said.items())
    assert get_scene(again) == get_scene(page)
    report_player_state(page, {"view": {**view, "mode": "space", "place": 1, "n": 2}})
    assert get_scene(page).view.mode == "contour", "that was another scene's"


def test_the_beginning_is_in_the_address_where_the_scene_of_the_playlist_has_another_step() -> None:
    page = visit(("playlist", pack("?surface=bowl()&run=adam()&view=contour(step=50)\n")), ("place", "1"))
    scene = get_scene(page)
    assert scene.view.step == 50
    view = {**scene.view._asdict(), "arrows": [], "step": 0, "place": 0, "n": 1}
    view["opening"] = page.session_state["session"].opened_count
    report_player_state(page, {"view": view})
    assert dict(parse_qsl(read_address(page)))["view"] == "contour(step=0)"


@pytest.mark.parametrize("place", ["0", "4", "-1", "1.5", "x", "01", "٣", "9" * 5000])
def test_an_invalid_place_is_reported_and_the_first_is_shown(place: str) -> None:
    page = lecturing(place)
    assert told(page)["place"] == 0
    assert [fault.reason for fault in page.session_state["session"].faults] == ["The playlist has scenes 1 to 3."]
    wish(page, "lecture", 0)
    assert any("could not be read" in markdown.value for markdown in page.markdown) is False, "a change ends that"


def test_a_damaged_playlist_is_reported_and_its_valid_lines_are_shown() -> None:
    page = lecturing("2", "?surface=beale()\n?run=adam(lr=1e9)\nhello\n")
    assert told(page)["places"] == 2
    assert [fault.text for fault in page.session_state["session"].faults] == [
        "playlist, 2: lr=1e9",
        "playlist, 3: hello",
    ]
    page = visit(("playlist", pack(TEXT)[:-9]), ("place", "2"))
    assert get_scene(page) == DEFAULT_SCENE
    assert "damaged" in " ".join(markdown.value for markdown in page.markdown)


def test_going_back_in_the_browser_goes_back_in_the_playlist(monkeypatch: pytest.MonkeyPatch) -> None:
    page = lecturing("1")
    wish(page, "place", 1)
    monkeypatch.setattr("app.session.race_url_sync.is_history_navigation", lambda: True)
    page.query_params["place"] = "1"
    page.run()
    assert (get_scene(page).surface, told(page)["place"]) == (ADAM.surface, 0)


def test_the_code_for_the_audience_opens_the_scene_without_the_lecture_and_follows_it() -> None:
    page = lecturing("1")
    assert "scan" not in told(page)
    wish(page, "scan", 1, 1)
    scan = told(page)["scan"]
    assert scan["link"].endswith(f"?{write_query(ADAM)}&view=contour(future=hidden)")
    assert len(scan["rows"]) == len(scan["rows"][0]) > 20 and set("".join(scan["rows"])) == {"0", "1"}
    wish(page, "place", 1, 2)
    link = told(page)["scan"]["link"]
    waiting = visit(*parse_qsl(link.partition("?")[2]))
    assert get_scene(waiting) == NEWTON.without_step() and panels(waiting)
    assert (told(waiting)["question"], read_player_header(waiting)["steps"]) == ("Which <b>first</b>?", 0)
    assert not any(button.key == "enter_lecture" for button in waiting.button), "that is the lecturer's"
    wish(page, "revealed", 1, 3)
    assert told(page)["scan"]["link"] == link, "who comes late may predict, too"
    report_player_state(page, {"start": {"x": -1.0, "y": 1.0, "n": 4, "held": True}})
    assert told(page)["scan"] == {"link": "", "rows": []}, "drawing it anew would make the drag late"
    wish(page, "scan", 0, 5)
    assert "scan" not in told(page)


def overview(page: AppTest) -> list[dict[str, Any]]:
    messages = (item.proto for item in page.get("bidi_component"))
    found = next((m for m in messages if m.component_name.endswith("descent_overview")), None)
    return json.loads(found.json)["scenes"] if found else []


def test_all_scenes_are_sent_to_a_lecture_and_what_was_not_shown_stays_secret() -> None:
    page = lecturing("2")
    assert [card["title"] for card in overview(page)] == ["Himmelblau", "Rosenbrock", "Ravine"]
    assert [bool(card["picture"]["paths"]) for card in overview(page)] == [False, False, False]
    wish(page, "revealed", 1, 1)
    assert [bool(card["picture"]["paths"]) for card in overview(page)] == [False, True, False]
    wish(page, "lecture", 0, 2)
    assert overview(page) == []


def test_after_the_lecture_there_is_a_way_back_with_the_place() -> None:
    page = lecturing("2")
    assert not any(button.key == "enter_lecture" for button in page.button)
    wish(page, "lecture", 0)
    assert "Scene 2 of 3" in said(page)
    assert not page.button(key="scene_back").disabled and not page.button(key="scene_next").disabled
    page.button(key="scene_next").click().run()
    assert (get_scene(page).surface, told(page)["place"]) == (DEFAULT_SCENE.surface, 2)
    assert "Scene 3 of 3" in said(page) and page.button(key="scene_next").disabled
    page.button(key="enter_lecture").click().run()
    assert told(page) == {
        "on": True, "place": 2, "places": 3, "question": "What will happen?", "shown": False, "framed": False,
        "asked": {"question": "What will happen?", "choices": [], "playlist": ANY},
    }  # fmt: skip
    assert not any(button.key == "enter_lecture" for button in visit().button), "without a playlist there is none"


def test_in_the_frame_of_another_page_the_race_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race_lecture, "is_framed", lambda: True)
    page = visit(*list_parts(ADAM))
    assert not panels(page) and not any(button.key == "undo" for button in page.button)
    assert told(page) == {"on": False, "place": 0, "places": 0, "question": "", "shown": True, "framed": True}
    assert read_player_header(page)["steps"] == ADAM.steps
    page = lecturing("2")
    assert (told(page)["on"], told(page)["question"]) == (True, "Which <b>first</b>?"), "slides have their lecture"


def test_the_next_scene_is_computed_beforehand() -> None:
    simulate_cached.cache_clear()
    page = lecturing("1")
    starts: list[list[float]] = []
    compute = cached_simulation.trajectory
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached_simulation, "trajectory", lambda *given: starts.append(list(given[2])) or compute(*given))
        wish(page, "place", 1)
    assert get_scene(page).surface == NEWTON.surface
    assert list(NEWTON.start) not in starts
    assert list(DEFAULT_SCENE.start) in starts, "the one after it is next"
