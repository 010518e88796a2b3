"""The browser's copy of a visit: a new session continues from it, and a manipulated copy does no harm."""

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.browser.static_file_routes import player_folder
from app.compute.suited_learning_rates import move_to_surface
from app.lessons.catalogue import LESSONS
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import Scene, surface_call
from app.scene_text.writer import list_link_parts, list_parts
from app.server import session_existence_tokens
from app.session import visit_backup as visits
from tests.support.app_pages import HOME, get_scene, make_long_data_call, switch_page, visit
from tests.support.asgi_client import Client
from tests.support.visit_copies import give_copy_back, read_visit_message


def history(page: AppTest) -> tuple[Scene, tuple[Scene, ...], tuple[Scene, ...]]:
    return get_scene(page), page.session_state["session"].past, page.session_state["session"].future


def test_a_new_session_has_the_scenes_of_undo_and_redo_of_the_one_before() -> None:
    before = visit()
    for word in ("beale", "himmelblau", "rosenbrock", "bowl"):
        before.selectbox("surface").set_value(word).run()
    before.button(key="undo").click().run()
    now, past, future = history(before)
    assert (len(past), len(future)) == (3, 1)
    kept = json.loads(json.dumps(read_visit_message(before)["kept"]))
    after = visit(*list_parts(now))
    assert history(after) == (now, (), ()) and read_visit_message(after)["token"] != read_visit_message(before)["token"]
    give_copy_back(after, kept)
    assert history(after) == (now, past, future)
    assert read_visit_message(after)["kept"] == kept
    after.button(key="undo").click().run()
    assert history(after) == (past[-1], past[:-1], (*future, now))


def test_data_too_long_for_the_address_are_restored() -> None:
    before = visit()
    before.session_state["session"].scene = now = move_to_surface(DEFAULT_SCENE, make_long_data_call())
    before.run()
    assert get_scene(before) == now and list_link_parts(now) != list_parts(now)
    after = visit(*list_link_parts(now))
    assert get_scene(after) != now
    give_copy_back(after, read_visit_message(before)["kept"])
    assert get_scene(after) == now


def test_the_copy_of_all_pages_is_no_longer_than_the_browser_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = []

    def export(room: int) -> dict[str, Any]:
        rooms.append(room)
        return {"pieces": ["x" * max(0, room - 20)]}

    pages = dict.fromkeys(("one", "other"), visits.PageBackup(export, lambda copy: None))
    monkeypatch.setattr(visits, "page_backups", pages)
    page = visit()
    page.session_state["session"].playlist_text = "é" * 20_000
    page.run()
    copy = json.dumps(read_visit_message(page)["kept"], ensure_ascii=False)
    assert len(copy) < visits.MAX_COPY_CHARACTERS + 1000  # names of pages
    assert 300_000 < rooms[-2] < visits.MAX_COPY_CHARACTERS - 20_000 and rooms[-1] < 1000


def test_the_playlist_is_restored_on_whatever_page_and_never_over_another() -> None:
    before = visit()
    before.session_state["session"].playlist_text = text = "# first\n?surface=bowl()\n"
    before.run()
    after = visit()
    give_copy_back(after, read_visit_message(before)["kept"])
    assert after.session_state["session"].playlist_text == text
    switch_page(after, "playlist").run()
    assert after.text_area("playlist_field").value == text
    other = visit()
    other.session_state["session"].playlist_text = "?surface=beale()\n"
    give_copy_back(other, read_visit_message(before)["kept"])
    assert other.session_state["session"].playlist_text == "?surface=beale()\n"


@pytest.mark.parametrize(
    "text", [None, 5, ["?surface=bowl()"], "x" * 60_001, "\ud800"], ids=lambda text: repr(text)[:20]
)
def test_a_manipulated_playlist_does_no_harm(text: Any) -> None:
    page = visit()
    give_copy_back(page, {"playlist": text})
    switch_page(page, "playlist").run()
    assert not page.exception
    assert page.text_area("playlist_field").value in ("", "?")


def test_a_visit_is_restored_once() -> None:
    page = visit()
    give_copy_back(page, kept_of(PRESETS["Newton or L-BFGS"]))
    assert get_scene(page) == PRESETS["Newton or L-BFGS"]
    give_copy_back(page, kept_of(DEFAULT_SCENE))
    assert get_scene(page) == PRESETS["Newton or L-BFGS"]


def kept_of(scene: Scene, /, **more: Any) -> dict[str, Any]:
    said = [list(part) for part in list_parts(scene)]
    return {"pieces": said, "now": [list(range(len(said)))], "past": [], "future": []} | more


HOSTILE = [
    None,
    0,
    "kept",
    [],
    {},
    {"pieces": None},
    {"pieces": [[]], "now": [[0]]},
    {"pieces": [["scene", "x"]], "now": [[0]]},
    {"pieces": [["surface", 5]], "now": [[0]]},
    {"pieces": [[["surface"], "bowl()"]], "now": [[0]]},
    kept_of(DEFAULT_SCENE, now=[[-1]]),
    kept_of(DEFAULT_SCENE, now=[[99]]),
    kept_of(DEFAULT_SCENE, now=[[True]]),
    kept_of(DEFAULT_SCENE, now=[[0.0]]),
    kept_of(DEFAULT_SCENE, now=[[]]),
    kept_of(DEFAULT_SCENE, now=[["0"]]),
    kept_of(DEFAULT_SCENE, now=[[0] * 1000]),
    kept_of(DEFAULT_SCENE, now=5),
    kept_of(DEFAULT_SCENE, now=[[0], [0]]),
    kept_of(DEFAULT_SCENE, pieces=[["surface", "bowl()"]] * 3000),
    kept_of(DEFAULT_SCENE, pieces=[["surface", "b" * 300_000]]),
    kept_of(DEFAULT_SCENE, now=[[{}]]),
]


@pytest.mark.parametrize("kept", HOSTILE, ids=lambda kept: repr(kept)[:40])
def test_an_invalid_copy_changes_nothing(kept: Any) -> None:
    page = visit(*list_parts(PRESETS["Newton or L-BFGS"]))
    give_copy_back(page, kept)
    assert history(page) == (PRESETS["Newton or L-BFGS"], (), ())


@pytest.mark.parametrize(
    "more",
    [
        {"past": "all"}, {"past": [[0]] * 1000}, {"past": [[99]]}, {"future": [None, [0]]}, {"revealed": "x"},
        {"revealed": [-1, 99, True, "0", None]}, {"bugs": {"last_row": 1}}, {"bugs": ["last_row"] * 13},
        {"lessons": 5}, {"lessons": {"said": [], "shown": 3}},
        {"lessons": {"said": {"nonsense": "x", next(iter(LESSONS)): ["x"]}, "shown": {next(iter(LESSONS)): {}}}},
    ],
    ids=repr,
)  # fmt: skip
def test_the_valid_parts_of_a_copy_are_restored(more: dict[str, Any]) -> None:
    page = visit()
    give_copy_back(page, kept_of(PRESETS["Newton or L-BFGS"], **more))
    assert history(page) == (PRESETS["Newton or L-BFGS"], (), ())
    assert page.session_state["session"].revealed == page.session_state["session"].found_bugs == frozenset()


def test_scenes_that_are_damaged_are_read_as_links_are() -> None:
    page = visit()
    hostile = [["surface", "__import__('os')"], ["steps", "1e9"], ["run", "adam(lr=nan)"], ["view", "contour(step=x)"]]
    give_copy_back(page, {"pieces": hostile, "now": [[0, 1, 2, 3]], "past": [[0, 2]], "future": []})
    assert get_scene(page).surface == DEFAULT_SCENE.surface and get_scene(page).steps == DEFAULT_SCENE.steps


def test_the_copy_is_bounded_and_holds_the_nearest_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MAX_VISIT_CHARACTERS", 400)
    page = visit()
    page.session_state["session"].past = tuple(
        replace(DEFAULT_SCENE, surface=surface_call("bowl"), steps=100 + i) for i in range(50)
    )
    page.run()
    kept = read_visit_message(page)["kept"]
    assert len(kept["now"]) == 1 and 0 < len(kept["past"]) < 50
    nearest = [dict(map(tuple, (kept["pieces"][at] for at in places)))["steps"] for places in kept["past"]]
    assert nearest == [str(149 - i) for i in range(len(nearest))]


@pytest.mark.parametrize("place", ["about", "playlist", "maps", "lessons"])
def test_other_pages_also_export_the_scene_of_the_race(place: str) -> None:
    page = visit(*list_parts(PRESETS["Newton or L-BFGS"]))
    page.selectbox("surface").set_value("beale").run()
    switch_page(page, place).run()
    now, past, _ = history(page)
    assert past
    kept, token = read_visit_message(page)["kept"], read_visit_message(page)["token"]
    after = switch_page(AppTest.from_file(str(HOME), default_timeout=60), place).run()
    assert read_visit_message(after)["token"] != token
    give_copy_back(after, kept)
    assert history(after) == (now, past, ())


def test_predictions_are_restored_without_a_cookie() -> None:
    lesson = next(lesson for lesson in LESSONS.values() if len(lesson.scenes) > 1)
    said, shown = lesson.choices[0], list(lesson.scenes)[-1]
    page = AppTest.from_file(str(HOME), default_timeout=60)
    page.query_params["lesson"] = lesson.name
    switch_page(page, "lessons").run()
    give_copy_back(page, {"lessons": {"said": {lesson.name: said}, "shown": {lesson.name: shown}}})
    assert page.session_state["session"].predictions == {lesson.name: said}
    assert page.session_state[f"{lesson.name}.scene"] == shown


def test_the_bugs_that_were_found_are_restored_and_no_others() -> None:
    page = visit()
    page.session_state["session"].found_bugs = frozenset(("last_row", "cut_leak"))
    page.run()
    kept = read_visit_message(page)["kept"]["bugs"]
    assert kept == ["cut_leak", "last_row"]
    after = visit()
    give_copy_back(after, {"bugs": [*kept, "nonsense", 3, None, ["last_row"]]})
    assert after.session_state["session"].found_bugs == frozenset(kept)


# ---- the server's answer


@pytest.fixture
def client() -> Client:
    return Client()


def test_a_token_is_known_as_long_as_its_session_is_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"first", "second"}
    monkeypatch.setattr(session_existence_tokens, "session_by_token", {"a": "first", "b": "second"})
    monkeypatch.setattr(session_existence_tokens, "is_resumable", there.__contains__)

    def known(token: str) -> bool:
        answer = client.get("/" + session_existence_tokens.session_path(token))
        assert answer.headers["cache-control"] == "no-store"
        return json.loads(answer.body)["session"]

    assert known("a") and known("b") and not known("c")
    there.remove("first")
    assert not known("a") and known("b")
    assert [*session_existence_tokens.session_by_token] == ["b"], "what is gone takes no room"


def test_requests_with_invalid_tokens_store_nothing(client: Client) -> None:
    before = dict(session_existence_tokens.session_by_token)
    for i in range(200):
        assert not json.loads(client.get("/" + session_existence_tokens.session_path(f"junk{i}")).body)["session"]
    assert session_existence_tokens.session_by_token == before


def test_tokens_of_sessions_that_are_gone_are_forgotten_before_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        session_existence_tokens,
        "session_by_token",
        {str(i): "gone" for i in range(session_existence_tokens.PRUNE_FROM + 1)},
    )
    monkeypatch.setattr(session_existence_tokens, "prune_above", session_existence_tokens.PRUNE_FROM)
    monkeypatch.setattr(session_existence_tokens, "is_resumable", lambda session: session != "gone")
    token = session_existence_tokens.issue_token()
    assert [*session_existence_tokens.session_by_token] == [token]
    session_existence_tokens.revoke_token(token)


def test_every_file_is_there_under_other_addresses_for_another_try(client: Client) -> None:
    folder = f"/{player_folder()}"
    for name in ("race/mount.js", "maps/mount.js", "player/player.css"):
        first, again = client.get(f"{folder}/{name}"), client.get(f"{folder}/again-7/{name}")
        assert (first.status, first.body) == (again.status, again.body)
    for nothing in (
        "again-x/race/mount.js",
        "again-1/nothing.js",
        "again-1/../race/mount.js",
        "again--1/race/mount.js",
        f"again-{'9' * 5000}/race/mount.js",
    ):
        assert client.get(f"{folder}/{nothing}").status == 404
