"""Lecture mode and playlists without a browser: what is written, what the player is told, what the address says."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.compute.cached_simulation import simulate_cached
from app.lessons.catalogue import LESSONS
from app.model.presets import DEFAULT_SCENE
from app.model.presets import PRESETS as PREPARED
from app.playlist import playlist_editor
from app.scene_text.playlist import pack, read_playlist, unpack
from app.scene_text.writer import list_parts, write_query
from app.session import lecture_state, playlist_questions
from tests.support.app_pages import (
    HOME,
    Page,
    find_page_links,
    get_scene,
    go_to_race,
    open_popover,
    read_address,
    read_player_header,
    read_view_message,
    report_component_state,
    report_player_state,
    switch_page,
    visit,
)

ADAM, NEWTON = PREPARED["The Adam family"], PREPARED["Newton or L-BFGS"]
TEXT = (
    f"# one\n?{write_query(ADAM)}\n?{write_query(NEWTON)} Which <b>first</b>?\n?{write_query(DEFAULT_SCENE)} predict\n"
)


def lecturing(place: str = "1", text: str = TEXT, *more: tuple[str, str]) -> Page:
    return visit(("playlist", pack(text)), ("place", place), ("mode", "lecture"), *more)


def wish(page: AppTest, name: str, value: Any, serial: int = 1) -> None:
    report_player_state(page, {name: {name: value, "n": serial}})
    assert not page.exception


def told(page: AppTest) -> dict[str, Any]:
    return read_player_header(page)["lecture"]


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
    assert told(page)["asked"] == {"question": "Which?", "choices": ["this", "that"]}
    wish(page, "revealed", 0, 1)
    assert (told(page)["question"], told(page)["asked"]["question"]) == ("", "Which?"), "it can be read again"
    wish(page, "place", 1, 2)
    asked = told(page)["asked"]
    assert len(asked["choices"]) == len(LESSONS["ball"].choices) and "right" not in asked
    wish(page, "revealed", 1, 3)
    assert told(page)["asked"] == {**asked, "right": LESSONS["ball"].choices.index(LESSONS["ball"].right_choice)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", LESSONS)
def test_the_question_of_every_lesson_is_plain_text(name: str, language: str) -> None:
    entry = read_playlist(f"?lesson={name}").entries[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playlist_questions, "get_language", lambda: language)
        question = playlist_questions.make_question(entry)
    assert question and question.right is not None and len(question.choices) == len(LESSONS[name].choices)
    for text in (question.text, *question.choices):
        assert text and not set(text) & set("*$\\`{}"), text


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
    report_player_state(page, {"view": view})
    said = dict(parse_qsl(read_address(page)))
    assert said == {"playlist": pack(TEXT), "place": "1", "mode": "lecture", "view": "contour(step=40)"}
    again = visit(*said.items())
    assert get_scene(again) == get_scene(page)
    report_player_state(page, {"view": {**view, "mode": "space", "place": 1, "n": 2}})
    assert get_scene(page).view.mode == "contour", "that was another scene's"


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
    monkeypatch.setattr("app.session.url_sync.is_history_navigation", lambda: True)
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
        "asked": {"question": "What will happen?", "choices": []},
    }  # fmt: skip
    assert not any(button.key == "enter_lecture" for button in visit().button), "without a playlist there is none"


def test_in_the_frame_of_another_page_the_race_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lecture_state, "is_framed", lambda: True)
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


def write(text: str) -> AppTest:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    switch_page(page, "playlist").run()
    page.text_area("playlist_field").set_value(text).run()
    assert not page.exception
    return page


def scene_list(page: AppTest) -> Any:
    """The message to the list of scenes."""
    return next(item.proto for item in page.get("bidi_component") if "descent_scenes" in item.proto.component_name)


def cards(page: AppTest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(scene_list(page).json)["scenes"]
    return found


def said(page: AppTest) -> str:
    return " ".join(markdown.value for markdown in page.markdown)


def test_a_playlist_is_written_and_started() -> None:
    page = write(TEXT)
    assert [card["title"] for card in cards(page)] == ["Himmelblau", "Rosenbrock", "Ravine"]
    assert [card["question"] for card in cards(page)] == ["", "Which <b>first</b>?", "What will happen?"]
    start = dict(parse_qsl(find_page_links(page)["Start the lecture"].query_string))
    assert read_playlist(unpack(start.pop("playlist"))) == read_playlist(TEXT)
    assert start == {"place": "1", "mode": "lecture"}
    assert page.code[0].value.endswith("&place=1&mode=lecture")
    assert unpack(page.query_params["playlist"]) == TEXT
    go_to_race(page, *parse_qsl(find_page_links(page)["Start the lecture"].query_string))
    assert told(page)["places"] == 3


def test_a_bad_line_is_reported_with_its_number_and_the_good_scenes_are_played() -> None:
    page = write("?surface=beale()\nhello `world`\n?surface=bowl() predict\n")
    assert ":red[Line 2:] `hello 'world'` – This is not a scene" in said(page)
    assert [card["title"] for card in cards(page)] == ["Beale", "Bowl"]
    assert page.text_area("playlist_field").value == "?surface=beale()\nhello `world`\n?surface=bowl() predict\n"
    go_to_race(page, *parse_qsl(find_page_links(page)["Start the lecture"].query_string))
    assert (told(page)["places"], page.session_state["session"].faults) == (2, ())
    page = write("hello\n")
    assert ":red[Line 1:]" in said(page) and "Start the lecture" not in find_page_links(page)


THREE = "# first\n?surface=beale()\n?surface=bowl() Why?\n?surface=ravine() predict\n"


def arrange(page: AppTest, n: int = 1, version: str = "", **event: Any) -> None:
    """Send an event of the list of scenes, as if it was counted in the text that the page has now."""
    component = scene_list(page)
    told = {"version": version or json.loads(component.json)["version"], "n": n}
    report_component_state(
        page, component.component_name, {name: {name: value, **told} for name, value in event.items()}
    )
    assert not page.exception


def test_scenes_are_moved_and_the_text_follows() -> None:
    page = write(THREE)
    before = json.loads(scene_list(page).json)["version"]
    arrange(page, order=[2, 0, 1])
    assert [card["title"] for card in cards(page)] == ["Ravine", "Beale", "Bowl"]
    moved = "?surface=ravine() predict\n# first\n?surface=beale()\n?surface=bowl() Why?\n"
    assert page.text_area("playlist_field").value == moved == unpack(page.query_params["playlist"])
    arrange(page, order=[2, 1, 0], version=before, n=2)  # it was moved on before the answer to the first had come
    assert [card["title"] for card in cards(page)] == ["Ravine", "Bowl", "Beale"]
    page.text_area("playlist_field").set_value("?surface=beale()\n").run()
    arrange(page, order=[0, 1, 2], version=before, n=3)
    assert page.text_area("playlist_field").value == "?surface=beale()\n", "typed since: that text is gone"


@pytest.mark.parametrize(
    "hostile", [[0, 1], [0, 1, 1], [0, 1, 9], [-1, 0, 1], [0.0, 1, 2], "012", None, [True, 0, 2], list(range(99))]
)
def test_an_impossible_order_is_ignored(hostile: Any) -> None:
    page = write(THREE)
    arrange(page, order=hostile)
    assert page.text_area("playlist_field").value == THREE


def test_a_scene_is_left_out_and_its_line_is_kept_as_a_comment() -> None:
    page = write(THREE)
    arrange(page, left_out=1)
    assert page.text_area("playlist_field").value == THREE.replace("?surface=bowl()", "# ?surface=bowl()")
    arrange(page, left_out=9, n=2)
    assert len(cards(page)) == 2


def test_what_was_left_out_or_moved_comes_back_by_undo_until_something_else_is_typed() -> None:
    page = write(THREE)
    assert "playlist_undo" not in {button.key for button in page.button}
    for n, event in enumerate(({"left_out": 0}, {"order": [2, 1, 0]}), 1):
        arrange(page, **event, n=n)
        assert page.text_area("playlist_field").value != THREE
        page.button("playlist_undo").click().run()
        assert page.text_area("playlist_field").value == THREE == unpack(page.query_params["playlist"])
        assert len(cards(page)) == 3
    arrange(page, left_out=0, n=3)
    page.text_area("playlist_field").set_value("?surface=beale()\n").run()
    assert "playlist_undo" not in {button.key for button in page.button}


def test_the_last_scene_that_was_left_out_comes_back_too() -> None:
    page = write("?surface=bowl()\n")
    arrange(page, left_out=0)
    page.button("playlist_undo").click().run()
    assert page.text_area("playlist_field").value == "?surface=bowl()\n"


def test_scenes_on_the_same_surface_are_told_apart_by_a_number() -> None:
    page = write("?surface=bowl()\n?surface=beale()\n?surface=bowl()&steps=9\n")
    assert [card["title"] for card in cards(page)] == ["Bowl (1)", "Beale", "Bowl (2)"]


def test_a_pressed_scene_starts_the_lecture_there(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(playlist_editor.st, "switch_page", lambda page, query_params: opened.append(dict(query_params)))
    page = write(THREE)
    arrange(page, opened=1)
    assert [(where["place"], where["mode"]) for where in opened] == [("2", "lecture")]
    arrange(page, opened=1, version="of another text", n=2)
    assert len(opened) == 1


def test_a_truncated_playlist_link_is_reported() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60)
    switch_page(page, "playlist")
    page.query_params["playlist"] = pack(TEXT)[:-9]
    page.run()
    assert any("The link may have been cut off" in caption.value for caption in page.caption)
    assert page.text_area("playlist_field").value == ""


def test_the_typed_playlist_survives_a_reload_and_a_visit_to_the_race() -> None:
    page = write("# half a thou")
    word = page.query_params["playlist"]
    go_to_race(page)
    switch_page(page, "playlist").run()
    assert page.text_area("playlist_field").value == "# half a thou"
    again = AppTest.from_file(str(HOME), default_timeout=60).run()
    switch_page(again, "playlist")
    again.query_params["playlist"] = word
    again.run()
    assert again.text_area("playlist_field").value == "# half a thou"


def test_the_scene_of_the_race_is_added_from_both_sides() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60)
    page.query_params.update({name: [v for n, v in list_parts(ADAM) if n == name] for name, _ in list_parts(ADAM)})
    open_popover(page, "share")
    page.session_state["share"] = True
    page.button(key="to_playlist").click().run()
    page.query_params.clear()  # as a link to another page does
    switch_page(page, "playlist").run()
    assert page.text_area("playlist_field").value == f"?{write_query(ADAM)}\n"
    page.button(key="playlist_add").click().run()
    assert page.text_area("playlist_field").value == f"?{write_query(ADAM)}\n" * 2


def test_a_playlist_that_is_full_says_so() -> None:
    page = write("?surface=beale()\n" * 30)
    page.button(key="playlist_add").click().run()
    assert any("at most 30 scenes" in caption.value for caption in page.caption)


def test_a_long_link_is_reported_and_a_file_is_offered() -> None:
    page = write("".join(f"?surface=beale()&run=adam() {k * 7919**40 % 10**150}\n" for k in range(1, 31)) * 1)
    assert "This link has" not in said(page)
    noise = "".join(f"# {pow(k, 977, 10**400 + 69)}\n" for k in range(2, 60))
    page = write(f"{noise}?surface=beale()\n")
    assert "This link has" in said(page) and page.get("download_button")


def test_a_file_is_opened() -> None:
    page = write("")
    page.file_uploader("playlist_file").upload("playlist.txt", TEXT.encode(), "text/plain").run()
    assert page.text_area("playlist_field").value == TEXT
    assert read_view_message(page) == {}


def test_the_address_has_what_the_page_knows() -> None:
    assert lecture_state.URL_PARAMETERS == ("playlist", "place")
