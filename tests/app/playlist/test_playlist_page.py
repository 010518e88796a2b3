"""The page of a playlist without a browser: what is written, moved, opened and kept."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from app.check_scenes.check_scene import CheckScene
from app.check_scenes.step_scan_job import get_scan_job, make_scan_request
from app.compute.background_jobs import JobStatus
from app.compute.training_job import get_training_job, list_requests
from app.model.scene import Scene
from app.playlist import playlist_text_editor
from app.playlist import scene_list as scene_list_module
from app.scene_text.playlist import pack, read_playlist, unpack
from app.scene_text.writer import list_parts, write_query
from app.session import lecture_playlist
from app.training_scenes.training_scene import TrainingScene
from tests.support.app_pages import (
    HOME,
    find_page_links,
    go_to_race,
    open_page,
    open_popover,
    read_view_message,
    report_component_state,
    switch_page,
)
from tests.support.finished_jobs import wait_for_job
from tests.support.lecture_pages import ADAM, TEXT, said, told


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
    monkeypatch.setattr(
        playlist_text_editor.st, "switch_page", lambda page, query_params: opened.append(dict(query_params))
    )
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
    page.file_uploader("playlist_file").upload("playlist.txt", TEXT.encode(), "text/plain").run()
    assert not any("The link may have been cut off" in caption.value for caption in page.caption)


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


CHECK = "?of=network(data=xor,samples=8,width=4) Is it right?"


def test_races_and_checks_are_listed_with_their_pictures_moved_left_out_and_started() -> None:
    text = f"{CHECK}\nhello\n?surface=bowl()\n?of=nothing()\n?trap=kink\n"
    page = write(text)
    assert [card["title"] for card in cards(page)] == [
        "Gradient check: Fully connected network", "Bowl", "Gradient check: A kink within h",
    ]  # fmt: skip
    assert "ReLU" in cards(page)[2]["runs"] and cards(page)[2]["runs"].endswith("centred · float64 · h = 0.01")
    assert ":red[Line 2:]" in said(page) and ":red[Line 4:]" in said(page)
    assert page.text_area("playlist_field").value == text
    link = find_page_links(page)["Start the lecture"]
    assert link.page == "gradient-check" and page.code[0].value.startswith("gradient-check?playlist=")
    arrange(page, order=[2, 0, 1])
    assert page.text_area("playlist_field").value.splitlines()[:2] == [
        "?of=nothing()", "?trap=kink",
    ], "what precedes a scene moves with it"  # fmt: skip
    arrange(page, left_out=0, n=2)
    assert "# ?trap=kink" in page.text_area("playlist_field").value and len(cards(page)) == 2
    page.button("playlist_undo").click().run()
    assert len(cards(page)) == 3
    arrange(page, order=[2, 1, 0], n=3)
    assert find_page_links(page)["Start the lecture"].page == ""


def test_the_error_of_a_check_is_computed_for_its_picture_and_then_is_there() -> None:
    page = write("?of=network(data=xor,samples=9,width=3)\n?surface=bowl()\n")
    scene = read_playlist(page.text_area("playlist_field").value).entries[0].scene
    assert isinstance(scene, CheckScene)
    wait_for_job(get_scan_job(make_scan_request(scene)))
    page.run()
    assert len(cards(page)[0]["picture"]["errors"]) == 17
    assert json.loads(scene_list(page).json)["state"] == "done"


def test_a_few_checks_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    polled: list[Any] = []

    def poll(get_job: Any, request: Any) -> JobStatus:
        polled.append(request)
        return JobStatus(0, 0.0, None, "working")

    monkeypatch.setattr(scene_list_module, "poll_job", poll)
    page = write("".join(f"?of=network(data=spirals,samples={k},width=3)\n" for k in range(10, 16)))
    assert len(set(polled)) == scene_list_module.JOBS_AT_ONCE == 2
    assert json.loads(scene_list(page).json)["state"] == "working"


TRAININGS = "data=two_moons(epochs=2)&train=network(width=3)&train=network(width=4)&train=svm()"


def test_trainings_are_listed_with_their_pictures_moved_and_started() -> None:
    text = f"{CHECK}\ntraining?{TRAININGS} Why?\n?train=nothing()\n?surface=bowl()\n"
    page = write(text)
    assert [card["title"] for card in cards(page)][1] == "Training: Two moons"
    assert cards(page)[1]["runs"].endswith("· 2 epochs") and cards(page)[1]["question"] == "Why?"
    assert ":red[Line 3:]" in said(page) and page.text_area("playlist_field").value == text
    scene = read_playlist(text).entries[1].scene
    assert isinstance(scene, TrainingScene)
    for request in list_requests(scene):
        wait_for_job(get_training_job(request))
    page.run()
    assert [len(curve) for curve in cards(page)[1]["picture"]["losses"]] == [3, 3, 3]
    arrange(page, order=[1, 0, 2])
    link = find_page_links(page)["Start the lecture"]
    assert link.page == "training" and page.code[0].value.startswith("training?playlist=")


def test_the_example_of_the_empty_field_is_a_playlist_of_all_kinds() -> None:
    example = write("").text_area("playlist_field").placeholder
    playlist = read_playlist(example)
    assert playlist.faults == () and {type(entry.scene) for entry in playlist.entries} == {
        Scene, CheckScene, TrainingScene,
    }  # fmt: skip


def test_a_few_jobs_are_run_at_once_and_a_page_does_not_wait_for_what_its_visitor_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    polled: list[Any] = []

    def poll(get_job: Any, request: Any) -> JobStatus:
        polled.append(request)
        return JobStatus(0, 0.0, None, state)

    monkeypatch.setattr(scene_list_module, "poll_job", poll)
    text = f"?of=network(data=spirals,samples=17,width=3)\n?{TRAININGS.replace('epochs=2', 'epochs=2,seed=9')}\n"
    check, trainings = (entry.scene for entry in read_playlist(text).entries)
    assert isinstance(check, CheckScene) and isinstance(trainings, TrainingScene)
    state = "working"
    page = write(text)
    requests = [make_scan_request(check), *list_requests(trainings)]
    assert set(polled) == set(requests[: scene_list_module.JOBS_AT_ONCE])
    assert json.loads(scene_list(page).json)["state"] == "working"
    polled.clear()
    state = "stopped"
    page.run()
    assert polled == requests and json.loads(scene_list(page).json)["state"] == "done"


def test_a_check_is_added_to_the_playlist_where_it_is_shown() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60).run()
    open_page(page, "gradient-check", trap="kink")
    page.button(key="to_playlist").click().run()
    assert any("1 of 30" in caption.value for caption in page.caption)
    page.query_params.clear()
    switch_page(page, "playlist").run()
    assert page.text_area("playlist_field").value == "?trap=kink\n"
    page.text_area("playlist_field").set_value("?surface=beale()\n" * 30).run()
    open_page(page, "gradient-check", trap="kink")
    page.button(key="to_playlist").click().run()
    assert any("at most 30 scenes" in caption.value for caption in page.caption)


def test_a_playlist_that_is_full_says_so() -> None:
    page = write("?surface=beale()\n" * 30)
    page.button(key="playlist_add").click().run()
    assert any("at most 30 scenes" in caption.value for caption in page.caption)


def test_a_playlist_that_is_too_long_says_so_on_every_page() -> None:
    page = write("#" + "ü" * 50_000)  # the field counts characters, and the playlist bytes
    for name in ("gradient-check", "training"):
        open_page(page, name)
        assert not page.exception
        assert any("at most 60000 characters" in caption.value for caption in page.caption)


def test_a_long_link_is_reported_and_a_file_is_offered() -> None:
    page = write("".join(f"?surface=beale()&run=adam() {k * 7919**40 % 10**150}\n" for k in range(1, 31)) * 1)
    assert "This link has" not in said(page)
    noise = "".join(f"# {pow(k, 977, 10**400 + 69)}\n" for k in range(2, 60))
    page = write(f"{noise}?surface=beale()\n")
    assert "This link has" in said(page) and page.get("download_button")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])  # Windows' Notepad writes all three
def test_a_file_is_opened(encoding: str) -> None:
    page = write("")
    page.file_uploader("playlist_file").upload("playlist.txt", TEXT.encode(encoding), "text/plain").run()
    assert page.text_area("playlist_field").value == TEXT
    assert read_view_message(page) == {}


def test_the_address_has_what_the_page_knows() -> None:
    assert lecture_playlist.URL_PARAMETERS == ("playlist", "place")
