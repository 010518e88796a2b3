"""A lecture of races and gradient checks without a browser: each page shows its scenes and leads on to the other."""

import json
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qs, parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.check_scenes.check_link import read_parameters
from app.check_scenes.check_scene import CheckScene
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.scene_text.playlist import PlaylistEntry, pack, read_playlist, unpack
from tests.support.app_pages import HOME, find_component, open_page, report_component_state, switch_page
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job

SMALL = "of=network(data=xor,samples=8,width=4)"
TEXT = (
    f"?surface=bowl()&steps=9&run=sgd()\n?{SMALL} Is it right? | Yes | No\n?trap=kink\n?surface=ravine()&run=adam()\n"
)
ENTRIES = read_playlist(TEXT).entries


def open_lecture(place: int, page: str = "gradient-check", text: str = TEXT, **more: str) -> AppTest:
    visit = AppTest.from_file(str(HOME), default_timeout=60)
    return open_page(visit, page, playlist=pack(text), place=str(place), mode="lecture", **more)


def is_check(page: AppTest) -> bool:
    return "descent_check" in {item.proto.component_name for item in page.get("bidi_component")}


def read_header(page: AppTest) -> dict[str, Any]:
    header: dict[str, Any] = decode_binary_message(find_component(page, "descent_check").bytes)[0]
    return header


def get_check(page: AppTest) -> CheckScene:
    scene: CheckScene = page.session_state["gradient_check"].scene
    return scene


def read_address(page: AppTest) -> dict[str, list[str]]:
    values = {name: page.query_params[name] for name in page.query_params}
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}


def send(page: AppTest, n: int = 1, **event: int) -> None:
    component = "descent_check" if is_check(page) else "descent_player"
    report_component_state(page, component, {name: {name: value, "n": n} for name, value in event.items()})
    assert not page.exception
    page._page_hash = page._finished_page_script_hash  # the page on the screen, as a browser has it


def test_a_check_of_a_playlist_is_shown_with_its_place_and_question_and_nothing_of_its_result() -> None:
    page = open_lecture(2)
    assert get_check(page) == ENTRIES[1].scene
    wait_for_job(get_scan_job(make_scan_request(get_check(page))))
    page.run()
    header = read_header(page)
    assert header["lecture"] == {
        "on": True, "place": 1, "places": 4, "question": "Is it right?", "shown": False,
        "asked": {"question": "Is it right?", "choices": ["Yes", "No"], "playlist": ANY},
    }  # fmt: skip
    assert header["waits"] and header["verdicts"] == header["checkers"] == header["curves"] == []
    assert read_address(page) == {"playlist": [pack(TEXT)], "place": ["2"], "mode": ["lecture"]}
    send(page, 1, revealed=1)
    header = read_header(page)
    assert header["verdicts"] and header["curves"] and "waits" not in header
    assert (header["lecture"]["question"], header["lecture"]["shown"]) == ("", True)


@pytest.mark.parametrize("name, value", [("trapped", "kink"), ("mended", 1), ("everything", 1), ("stepped", 1e-3)])
def test_nothing_changes_a_check_that_waits(name: str, value: Any) -> None:
    page = open_lecture(2)
    key = {"trapped": "name", "stepped": "h"}.get(name, name)
    report_component_state(page, "descent_check", {name: {key: value, "n": 1}})
    assert not page.exception and get_check(page) == ENTRIES[1].scene


def test_the_fault_that_the_audience_is_to_find_is_not_told() -> None:
    text = "?of=network(data=xor,samples=8,width=4,fault=half) Is it right?\n"
    page = open_lecture(1, text=text)
    assert "fault" not in read_header(page)["title"]
    outside = open_page(AppTest.from_file(str(HOME), default_timeout=60), "gradient-check", playlist=pack(text))
    assert "check.fault" not in {box.key for box in outside.selectbox}
    send(outside, 1, revealed=0)
    assert "check.fault" in {box.key for box in outside.selectbox}
    (card,) = read_overview(page)
    assert "fault" not in card["runs"] and card["picture"]["errors"] == []
    send(page, 1, revealed=0)
    assert "fault" in read_header(page)["title"]


def test_the_pages_lead_on_to_each_other_forwards_and_back() -> None:
    page = open_lecture(1, page="")
    assert not is_check(page)
    send(page, 1, place=1)
    assert is_check(page) and get_check(page) == ENTRIES[1].scene
    assert read_address(page) == {"playlist": [pack(TEXT)], "place": ["2"], "mode": ["lecture"]}
    send(page, 2, place=2)
    assert get_check(page).trap == "kink" and read_address(page)["place"] == ["3"]
    assert page.session_state["gradient_check"].past == ()
    send(page, 3, place=3)
    assert not is_check(page) and page.session_state["session"].scene.surface.name == "ravine"
    assert page.session_state["session"].scene.presentation.is_lecture
    send(page, 4, place=2)
    assert is_check(page) and get_check(page).trap == "kink"
    send(page, 5, place=0)
    assert not is_check(page) and page.session_state["session"].scene.surface.name == "bowl"
    send(page, 6, place=9)
    assert page.session_state["session"].lecture_index == 0


@pytest.mark.parametrize("place, opened, shows_check", [(2, "", True), (1, "gradient-check", False)])
def test_an_entry_that_is_opened_on_the_other_page_comes_to_its_own(place: int, opened: str, shows_check: bool) -> None:
    page = open_lecture(place, page=opened)
    assert is_check(page) == shows_check
    assert page.session_state["session"].lecture_index == place - 1
    page = open_lecture(place, page=opened, language="zh")
    assert is_check(page) == shows_check
    assert page.session_state["session"].scene.presentation.language == "zh"


def test_what_is_changed_is_in_the_address_beside_the_playlist_and_is_read_from_it() -> None:
    page = open_lecture(3)
    report_component_state(page, "descent_check", {"stepped": {"h": 1e-3, "n": 1}})
    address = read_address(page)
    assert address == {
        "playlist": [pack(TEXT)], "place": ["3"], "how": ["centred(h=0.001)"], "trap": ["kink"], "mode": ["lecture"],
    }  # fmt: skip
    again = open_page(AppTest.from_file(str(HOME), default_timeout=60), "gradient-check", **address)
    assert get_check(again) == get_check(page) and read_header(again)["lecture"]["place"] == 2
    default = open_lecture(3, of="network()")
    assert get_check(default) == CheckScene() and read_address(default)["of"] == ["network()"]


def test_leaving_the_lecture_shows_the_way_back_on_both_pages() -> None:
    page = open_lecture(3)
    page.button(key="leave_lecture").click().run()
    assert not read_header(page)["lecture"]["on"] and page.sidebar.selectbox
    assert any("Scene 3 of 4" in markdown.value for markdown in page.markdown)
    assert "mode" not in read_address(page)
    page.button(key="enter_lecture").click().run()
    assert read_header(page)["lecture"]["on"] and read_address(page)["place"] == ["3"]
    page.button(key="leave_lecture").click().run()
    page.query_params.clear()
    switch_page(page, "").run()  # by the menu: a race that is none of the lecture's
    assert not is_check(page) and not page.session_state["session"].scene.presentation.is_lecture
    page.run()
    page.button(key="enter_lecture").click().run()
    assert is_check(page) and read_header(page)["lecture"]["on"] and get_check(page).trap == "kink"


def test_the_audience_gets_the_check_or_its_question_alone() -> None:
    page = open_lecture(3)
    send(page, 1, scan=1)
    assert read_header(page)["lecture"]["scan"]["link"].endswith("?trap=kink")
    send(page, 2, place=1)
    link = read_header(page)["lecture"]["scan"]["link"]
    alone = unpack(parse_qs(link.partition("?")[2])["playlist"][0])
    assert read_playlist(alone).entries == (PlaylistEntry(ENTRIES[1].scene, "Is it right?", ("Yes", "No")),)
    waiting = open_page(
        AppTest.from_file(str(HOME), default_timeout=60), "gradient-check", **parse_qs(link.partition("?")[2])
    )
    assert read_header(waiting)["waits"] and read_header(waiting)["lecture"]["question"] == "Is it right?"
    assert not any(button.key == "enter_lecture" for button in waiting.button), "that is the lecturer's"


def read_overview(page: AppTest) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = json.loads(find_component(page, "descent_overview").json)["scenes"]
    return cards


def test_the_overview_shows_what_was_shown() -> None:
    page = open_lecture(2)
    scans = [entry.scene for entry in ENTRIES if isinstance(entry.scene, CheckScene)]
    for scene in scans:
        wait_for_job(get_scan_job(make_scan_request(scene)))
    page.run()
    assert [card["title"] for card in read_overview(page)] == [
        "Bowl", "Gradient check: Fully connected network", "Gradient check: A kink within h", "Ravine",
    ]  # fmt: skip
    assert [len(card["picture"].get("errors", [])) for card in read_overview(page)] == [0, 0, 0, 0]
    send(page, 1, revealed=1)
    assert [len(card["picture"].get("errors", [])) for card in read_overview(page)] == [0, 17, 0, 0]
    send(page, 2, place=2)  # it has no question, and is seen at once
    page.run()
    assert [len(card["picture"].get("errors", [])) for card in read_overview(page)] == [0, 17, 17, 0]


def test_a_lesson_asks_its_own_question_and_shows_what_it_shows_before() -> None:
    page = open_lecture(1, text="?lesson=smaller\n")
    wait_for_job(get_scan_job(make_scan_request(get_check(page))))
    page.run()
    header = read_header(page)
    assert header["lecture"]["question"] and len(header["lecture"]["asked"]["choices"]) >= 2
    assert [curve["method"] for curve in header["curves"]] == ["centred"] and header["verdicts"] == []
    send(page, 1, revealed=0)
    assert read_header(page)["lecture"]["asked"]["right"] in range(len(header["lecture"]["asked"]["choices"]))


def test_a_bad_playlist_or_place_is_said_and_a_check_is_shown() -> None:
    page = open_lecture(9)
    assert not is_check(page) and "scenes 1 to 4" in " ".join(
        str(fault.reason) for fault in page.session_state["session"].faults
    )
    page = open_page(AppTest.from_file(str(HOME), default_timeout=60), "gradient-check", playlist=pack(TEXT)[:-9])
    assert is_check(page) and get_check(page) == CheckScene()
    assert "cut off" in " ".join(markdown.value for markdown in page.markdown)


def test_old_links_of_a_check_leave_the_lecture() -> None:
    page = open_lecture(2)
    open_page(page, "gradient-check", trap="single")
    open_page(page, "")
    open_page(page, "gradient-check", **dict(parse_qsl("trap=data")))
    assert get_check(page) == read_parameters({"trap": ["data"]}).scene
    assert page.session_state["session"].lecture_entries == ()
