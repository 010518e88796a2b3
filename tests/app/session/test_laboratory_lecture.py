"""A lecture of races, gradient checks and trainings without a browser: a training waits, is shown, and leads on."""

import json
from typing import Any
from unittest.mock import ANY
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from app.compute.training_job import get_training_job, list_requests
from app.lessons.catalogue import TRAINING_LESSONS
from app.scene_text.playlist import PlaylistEntry, pack, read_playlist, unpack
from app.session import lecture_playlist, question_wording_and_choices
from app.session.question_wording_and_choices import make_question
from app.training_scenes.training_scene import TrainingScene
from tests.support.app_pages import HOME, find_component, open_page, report_component_state, switch_page
from tests.support.finished_jobs import wait_for_job
from tests.support.training_pages import read_picture

TWO = "data=xor(epochs=4)&train=network(width=6,initialization=zero)&train=network(width=5)"
OTHER = "data=two_moons(epochs=3)&train=network(width=4)"
TEXT = (
    f"?surface=bowl()&steps=9&run=sgd()\n?{TWO} Which is better? | The first | The second\n?trap=kink\n?{OTHER}\n"
    "?surface=ravine()&run=adam()\n"
)
ENTRIES = read_playlist(TEXT).entries
KINDS = {"descent_check": "check", "descent_trainings": "training", "descent_player": "race"}


def visit(page: str, **address: Any) -> AppTest:
    return open_page(AppTest.from_file(str(HOME), default_timeout=60), page, **address)


def open_lecture(place: int, page: str = "training", text: str = TEXT, **more: str) -> AppTest:
    return visit(page, playlist=pack(text), place=str(place), mode="lecture", **more)


def get_kind(page: AppTest) -> str:
    """The kind of the scene on the screen."""
    (kind,) = {
        name for item in page.get("bidi_component") for part, name in KINDS.items()
        if item.proto.component_name.endswith(part)
    }  # fmt: skip
    return kind


def get_trainings(page: AppTest) -> TrainingScene:
    scene: TrainingScene = page.session_state["training"].scene
    return scene


def finish(page: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The message when all trainings have ended."""
    for request in list_requests(get_trainings(page)):
        wait_for_job(get_training_job(request))
    page.run()
    assert not page.exception
    return read_picture(page)


def read_header(page: AppTest) -> dict[str, Any]:
    return read_picture(page)[0]


def read_address(page: AppTest) -> dict[str, list[str]]:
    values = {name: page.query_params[name] for name in page.query_params}
    return {name: value if isinstance(value, list) else [value] for name, value in values.items()}


def send(page: AppTest, n: int, **event: Any) -> None:
    component = {kind: name for name, kind in KINDS.items()}[get_kind(page)]
    messages = {name: value if isinstance(value, dict) else {name: value} for name, value in event.items()}
    report_component_state(page, component, {name: {**message, "n": n} for name, message in messages.items()})
    assert not page.exception
    page._page_hash = page._finished_page_script_hash  # the page on the screen, as a browser has it


def test_a_training_waits_with_its_place_and_question_and_nothing_of_it_is_sent_before_it_is_answered() -> None:
    page = open_lecture(2)
    assert get_trainings(page) == ENTRIES[1].scene
    header, arrays = finish(page)
    assert header["lecture"] == {
        "on": True, "place": 1, "places": 5, "question": "Which is better?", "shown": False,
        "asked": {"question": "Which is better?", "choices": ["The first", "The second"], "playlist": ANY},
    }  # fmt: skip
    assert header["waits"] and header["readings"] == [] and arrays == {}
    assert [one["done"] for one in header["trainings"]] == [0, 0] and header["state"] == "done"
    assert read_address(page) == {"playlist": [pack(TEXT)], "place": ["2"], "mode": ["lecture"]}
    send(page, 1, revealed=1)
    header, arrays = finish(page)
    assert "waits" not in header and header["readings"]
    assert [len(arrays[f"training_loss{k}"]) for k in (0, 1)] == [5, 5]
    assert (header["lecture"]["question"], header["lecture"]["shown"]) == ("", True)


def test_a_training_without_a_question_stands_at_its_start_until_the_lecturer_lets_it_run() -> None:
    page = open_lecture(4)
    header, arrays = finish(page)
    assert (header["lecture"]["question"], header["lecture"]["shown"]) == ("", False)
    assert len(arrays["training_loss0"]) == 4, "the browser has it, and plays it when the lecturer says so"
    send(page, 1, revealed=3)
    assert read_header(page)["lecture"]["shown"]


@pytest.mark.parametrize(
    "event",
    [
        {"mended": {"index": 0}},
        {"checked": {}},
        {"planned": {"kind": "trajectory", "seed": 0}},
        {"changed": {"epoch": 2, "name": "lr", "text": "0.1", "beside": True}},
        {"raced": {}},
    ],
)
def test_nothing_changes_a_training_that_waits(event: dict[str, Any]) -> None:
    page = open_lecture(2)
    finish(page)
    send(page, 1, **event)
    assert get_trainings(page) == ENTRIES[1].scene
    state = page.session_state["training"]
    assert state.view.plane is None and not state.has_sanity_checks and page.session_state["training"].past == ()


def test_a_training_that_waits_outside_of_the_mode_tells_nothing_beside_the_picture() -> None:
    text = "?data=digits(epochs=2)&train=network(activation=tanh,initialization=zero,optimizer=sgd(lr=0.1)) predict\n"
    page = visit("training", playlist=pack(text))
    assert read_header(page)["lecture"]["question"] == "What will happen?" and not read_header(page)["lecture"]["on"]
    beside = {"training.prepared", "training.export"}
    assert not beside & {box.key for box in (*page.selectbox, *page.get("popover"))}
    assert page.sidebar.selectbox, "what it is can be read"
    send(page, 1, revealed=0)
    assert "training.prepared" in {box.key for box in page.selectbox}


def test_the_pages_of_all_kinds_lead_on_to_each_other_forwards_and_back() -> None:
    page = open_lecture(1, page="")
    for n, (place, kind) in enumerate([(1, "training"), (2, "check"), (3, "training"), (4, "race"), (3, "training"),
                                       (1, "training"), (2, "check"), (1, "training"), (0, "race")], 1):  # fmt: skip
        send(page, n, place=place)
        assert (get_kind(page), page.session_state["session"].lecture_index) == (kind, place)
        if kind == "training":
            assert get_trainings(page) == ENTRIES[place].scene and page.session_state["training"].past == ()
            assert read_address(page) == {"playlist": [pack(TEXT)], "place": [str(place + 1)], "mode": ["lecture"]}
    assert page.session_state["session"].scene.presentation.is_lecture
    send(page, 20, place=1)
    send(page, 21, place=9)
    assert page.session_state["session"].lecture_index == 1


@pytest.mark.parametrize("place, kind", [(1, "race"), (2, "training"), (3, "check"), (4, "training")])
@pytest.mark.parametrize("opened", ["", "gradient-check", "training"])
def test_an_entry_that_is_opened_on_another_page_comes_to_its_own(place: int, kind: str, opened: str) -> None:
    page = open_lecture(place, page=opened, language="zh")
    assert get_kind(page) == kind and page.session_state["session"].lecture_index == place - 1
    assert page.session_state["session"].faults == ()


def test_what_is_changed_is_in_the_address_beside_the_playlist_and_is_read_from_it() -> None:
    page = open_lecture(2)
    send(page, 1, revealed=1)
    send(page, 2, selected={"index": 1})
    address = read_address(page)
    assert address["show"] == ["2"] and address["place"] == ["2"] and address["mode"] == ["lecture"]
    again = visit("training", **address)
    assert get_trainings(again) == get_trainings(page) and read_header(again)["lecture"]["place"] == 1
    assert read_header(again)["waits"], "who opens the link has seen nothing yet"
    default = open_lecture(2, train="network()")
    assert get_trainings(default) == TrainingScene() and read_address(default)["train"] == ["network()"]


def test_another_scene_has_no_sanity_checks_or_landscape_of_the_one_before() -> None:
    page = open_lecture(4)
    send(page, 1, checked={})
    send(page, 2, planned={"kind": "trajectory", "seed": 0})
    assert page.session_state["training"].has_sanity_checks
    send(page, 3, place=1)
    assert not page.session_state["training"].has_sanity_checks and page.session_state["training"].view.plane is None


def test_leaving_the_lecture_shows_the_way_back_on_the_page_of_trainings() -> None:
    page = open_lecture(4)
    page.button(key="leave_lecture").click().run()
    assert not read_header(page)["lecture"]["on"] and page.sidebar.selectbox
    assert any("Scene 4 of 5" in markdown.value for markdown in page.markdown)
    assert "mode" not in read_address(page)
    page.button(key="enter_lecture").click().run()
    assert read_header(page)["lecture"]["on"]
    page.button(key="leave_lecture").click().run()
    page.button(key="scene_back").click().run()
    page._page_hash = page._finished_page_script_hash
    assert get_kind(page) == "check" and "enter_lecture" in {button.key for button in page.button}
    page.button(key="scene_next").click().run()
    page._page_hash = page._finished_page_script_hash
    assert get_kind(page) == "training" and get_trainings(page) == ENTRIES[3].scene


def test_the_audience_gets_the_training_or_its_question_alone() -> None:
    page = open_lecture(4)
    send(page, 1, scan=1)
    assert read_header(page)["lecture"]["scan"]["link"].endswith(f"?{OTHER}")
    send(page, 2, place=1)
    link = read_header(page)["lecture"]["scan"]["link"]
    alone = unpack(parse_qs(link.partition("?")[2])["playlist"][0])
    question = PlaylistEntry(ENTRIES[1].scene, "Which is better?", ("The first", "The second"))
    assert read_playlist(alone).entries == (question,)
    waiting = visit("training", **parse_qs(link.partition("?")[2]))
    assert read_header(waiting)["waits"] and read_header(waiting)["lecture"]["question"] == "Which is better?"
    assert not any(button.key == "enter_lecture" for button in waiting.button), "that is the lecturer's"


def read_overview(page: AppTest) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = json.loads(find_component(page, "descent_overview").json)["scenes"]
    return cards


def test_the_overview_shows_the_curves_of_what_was_shown() -> None:
    page = open_lecture(2)
    finish(page)
    cards = read_overview(page)
    assert [card["title"] for card in cards][1::2] == ["Training: XOR", "Training: Two moons"]
    assert cards[1]["runs"].endswith(" · 4 epochs") and cards[1]["picture"] == {"losses": []}
    send(page, 1, revealed=1)
    finish(page)
    assert [len(curve) for curve in read_overview(page)[1]["picture"]["losses"]] == [5, 5]
    assert read_overview(page)[3]["picture"] == {"losses": []}


def test_a_lesson_on_trainings_asks_its_question_and_shows_the_epochs_that_it_shows_before() -> None:
    page = open_lecture(1, text="?lesson=update\n")
    lesson = TRAINING_LESSONS["update"]
    header, arrays = finish(page)
    assert header["lecture"]["question"] and len(header["lecture"]["asked"]["choices"]) == len(lesson.choices)
    assert [list(arrays[f"epoch{k}"]) for k in (0, 1)] == [[0, 1], [0, 1]] and "predictions" not in arrays
    send(page, 1, revealed=0)
    header, arrays = finish(page)
    assert header["lecture"]["asked"]["right"] == lesson.choices.index(lesson.right_choice)
    assert len(arrays["epoch0"]) == 11


def test_a_lesson_is_trained_for_its_question_only_where_that_has_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    measure = question_wording_and_choices.measure_facts
    monkeypatch.setattr(
        question_wording_and_choices, "measure_facts", lambda lesson: (measured.append(lesson.name), measure(lesson))[1]
    )
    for name in ("zeros", "four"):
        (entry,) = read_playlist(f"?lesson={name}").entries
        question = make_question(entry)
        assert question and "{{" not in " ".join((question.text, *question.choices))
    assert measured == ["four"]


def test_the_next_training_is_begun_while_the_scene_before_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    polled: list[Any] = []
    monkeypatch.setattr(lecture_playlist, "poll_job", lambda get_job, request: polled.append(request))
    open_lecture(1, page="")
    assert isinstance(scene := ENTRIES[1].scene, TrainingScene)
    assert polled[:2] == list_requests(scene)


def test_a_training_is_added_to_the_playlist_where_it_is_shown() -> None:
    page = visit("training", data="xor(epochs=4)")
    page.button(key="to_playlist").click().run()
    assert any("1 of 30" in caption.value for caption in page.caption)
    page.query_params.clear()
    switch_page(page, "playlist").run()
    assert page.text_area("playlist_field").value == "?data=xor(epochs=4)\n"
    page.text_area("playlist_field").set_value("?surface=beale()\n" * 30).run()
    open_page(page, "training")
    page.button(key="to_playlist").click().run()
    assert any("at most 30 scenes" in caption.value for caption in page.caption)


def test_a_bad_playlist_or_place_is_said_and_a_training_is_shown() -> None:
    page = visit("training", playlist=pack(TEXT)[:-9])
    assert get_kind(page) == "training" and get_trainings(page) == TrainingScene()
    assert "cut off" in " ".join(markdown.value for markdown in page.markdown)
    page = open_lecture(77)
    assert get_kind(page) == "race" and page.session_state["session"].faults


def test_a_link_of_a_training_alone_leaves_the_lecture() -> None:
    page = open_lecture(2)
    open_page(page, "training", data="xor(epochs=2)")
    open_page(page, "")
    open_page(page, "training", data="digits(epochs=1)")
    assert get_trainings(page).epochs == 1 and page.session_state["session"].lecture_entries == ()
