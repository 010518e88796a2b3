"""The scene in the address, as text and file, and undo, without a browser."""

from urllib.parse import parse_qsl

import numpy as np
import pytest

import app.session.race_url_sync
from app.model.presets import DEFAULT_SCENE, MAP_SCENE, PRESETS
from app.model.view_options import View
from app.scene_text.reader import parse_scene, read_scene
from app.scene_text.writer import list_parts, write_query, write_scene
from app.session import scene_history
from tests.support.app_pages import (
    Page,
    get_scene,
    go_to_race,
    open_page,
    open_popover,
    read_address,
    read_view_message,
    report_player_state,
    visit,
)


def test_a_visit_without_a_scene_keeps_its_plain_address_until_something_changes():
    page = visit()
    assert get_scene(page) == DEFAULT_SCENE
    assert read_address(page) == ""
    page.text_input(key="steps").set_value("77").run()
    assert read_address(page) == "surface=ravine()&start=-9,2.5&steps=77&run=momentum(lr=0.005)&run=nesterov(lr=0.005)"
    page.text_input(key="steps").set_value("150").run()
    assert get_scene(page) == DEFAULT_SCENE
    assert "&steps=150&" in read_address(page), "it is not left at the scene before"


@pytest.mark.parametrize("word", PRESETS)
def test_a_link_opens_the_scene_that_it_was_copied_from(word):
    page = visit(*list_parts(PRESETS[word]))
    assert get_scene(page) == PRESETS[word]
    assert read_address(page) == ""
    assert page.button(key="undo").disabled


def test_a_damaged_link_opens_its_valid_parts_and_reports_the_rest():
    page = visit(
        ("surface", "beale()"), ("start", "1,2"), ("run", "adam(lr=1e9)"), ("run", "foo()<script>"), ("run", "sgd()")
    )
    assert get_scene(page).surface.name == "beale"
    assert [run.optimizer.name for run in get_scene(page).runs] == ["adam", "sgd"]
    told = " ".join(markdown.value for markdown in page.markdown)
    for words in ("`lr=1e9`", "from 1e\\-06 to 10", "`lr=0.1`", "`run=foo()<script>`", "This run is left out."):
        assert words in told
    page.button(key="faults_read").click().run()
    assert "lr=1e9" not in " ".join(markdown.value for markdown in page.markdown)


def test_the_address_of_another_app_is_ignored():
    assert get_scene(visit(("utm_source", "mail"), ("embed", "true"))) == DEFAULT_SCENE


def test_an_address_not_yet_written_by_the_player_is_not_a_step_back():
    page = visit()
    page.text_input(key="steps").set_value("77").run()
    page.query_params.clear()
    page.run()
    assert get_scene(page).steps == 77


def test_going_back_shows_the_scene_of_the_address_again(monkeypatch):
    page = visit()
    page.text_input(key="steps").set_value("77").run()
    page.text_input(key="steps").set_value("88").run()
    monkeypatch.setattr(app.session.race_url_sync, "is_history_navigation", lambda: True)
    page.query_params.clear()
    for name, value in parse_qsl("surface=ravine()&start=-9,2.5&steps=77&run=sgd()"):
        page.query_params[name] = value
    page.run()
    assert (get_scene(page).steps, read_address(page)) == (77, "")
    page.query_params.clear()
    page.run()
    assert (get_scene(page), read_address(page)) == (DEFAULT_SCENE, "")


def test_going_back_from_another_page_shows_the_scene_of_the_address_in_the_language_chosen_there(monkeypatch):
    page = visit()
    open_page(page, "maps")
    assert get_scene(page).surface == MAP_SCENE.surface
    page.session_state["session"].scene = get_scene(page).with_presentation(language="zh")
    monkeypatch.setattr(app.session.race_url_sync, "is_history_navigation", lambda: True)
    go_to_race(page)
    assert get_scene(page) == DEFAULT_SCENE.with_presentation(language="zh")
    assert read_address(page) == write_query(get_scene(page)), "a reload would forget the language"
    assert [scene.surface for scene in page.session_state["session"].past][-1] == MAP_SCENE.surface


def test_random_edits_all_undone_give_the_first_scene_and_all_redone_the_last():
    rng, page = np.random.default_rng(4), visit()
    edits = [
        lambda: page.text_input(key="steps").set_value(str(rng.integers(1, 300))),
        lambda: page.text_input(key="x").set_value(f"{rng.uniform(-3, 3):.3f}"),
        lambda: page.selectbox(key="surface").set_value(str(rng.choice(["beale", "himmelblau", "bowl"]))),
        lambda: page.button(key="add").click(),
        lambda: page.button(key="duplicate").click(),
        lambda: page.text_input(key="y").set_value("nonsense"),
    ]  # fmt: skip
    texts = [write_scene(get_scene(page))]
    for _ in range(14):
        edits[rng.integers(len(edits))]().run()
        assert not page.exception
        if write_scene(get_scene(page)) != texts[-1]:
            texts.append(write_scene(get_scene(page)))
    assert len(texts) > 5
    for expected in reversed(texts[:-1]):
        page.button(key="undo").click().run()
        assert write_scene(get_scene(page)) == expected
    assert page.button(key="undo").disabled
    assert parse_scene(write_scene(get_scene(page))) == DEFAULT_SCENE
    for expected in texts[1:]:
        page.button(key="redo").click().run()
        assert write_scene(get_scene(page)) == expected
    assert page.button(key="redo").disabled
    assert read_address(page) == write_query(get_scene(page))


def test_undo_goes_as_deep_as_scenes_are_kept_and_a_new_change_forgets_what_was_undone(monkeypatch):
    assert scene_history.MAX_UNDO == 50
    monkeypatch.setattr(scene_history, "MAX_UNDO", 5)  # each change is a run of the script
    page = visit()
    for steps in range(100, 108):
        page.text_input(key="steps").set_value(str(steps)).run()
    for _ in range(5):
        page.button(key="undo").click().run()
    assert get_scene(page).steps == 102
    assert page.button(key="undo").disabled
    page.text_input(key="steps").set_value("9").run()
    assert page.button(key="redo").disabled


def test_a_drag_is_undone_as_one():
    page = visit()
    for serial, held in enumerate((True, True, True, False), 1):
        report_player_state(page, {"start": {"x": -8.0 + serial, "y": 1.0, "n": serial, "held": held}})
    assert get_scene(page).start == (-4.0, 1.0)
    page.button(key="undo").click().run()
    assert get_scene(page).start == DEFAULT_SCENE.start


def press_arrow(page, serial, x, series):
    report_player_state(page, {"start": {"x": x, "y": 1.0, "n": serial, "held": False, "series": series}})


def test_key_presses_of_one_series_are_undone_as_one():
    page = visit()
    for serial, series in enumerate((7, 7, 7, 8, 8), 1):
        press_arrow(page, serial, float(serial), series)
    assert get_scene(page).start == (5.0, 1.0)
    page.button(key="undo").click().run()
    assert get_scene(page).start == (3.0, 1.0)
    page.button(key="undo").click().run()
    assert get_scene(page).start == DEFAULT_SCENE.start


def test_a_change_between_key_presses_of_one_series_is_undone_by_itself():
    page = visit()
    press_arrow(page, 1, 1.0, 7)
    page.text_input(key="steps").set_value("77").run()
    press_arrow(page, 2, 2.0, 7)
    page.button(key="undo").click().run()
    assert (get_scene(page).start, get_scene(page).steps) == ((1.0, 1.0), 77)
    page.button(key="undo").click().run()
    assert (get_scene(page).start, get_scene(page).steps) == ((1.0, 1.0), DEFAULT_SCENE.steps)


def test_a_pasted_scene_is_shown_and_an_invalid_one_is_reported():
    page = visit()
    open_popover(page, "share")
    assert page.text_area(key="scene_text").value == write_scene(DEFAULT_SCENE)
    page.session_state["share"] = True
    page.text_area(key="scene_text").set_value("surface = beale()\nrun = adam(lr=7e9)").run()
    page.session_state["share"] = True
    page.button(key="scene_read").click().run()
    assert get_scene(page) == read_scene("surface = beale()\nrun = adam(lr=7e9)").scene
    assert any("lr=7e9" in markdown.value for markdown in page.markdown)
    before = get_scene(page)
    open_popover(page, "share")
    page.session_state["share"] = True
    page.text_area(key="scene_text").set_value("hello").run()
    page.session_state["share"] = True
    page.button(key="scene_read").click().run()
    assert get_scene(page) == before
    assert page.session_state["session"].notes["scene_text"].startswith("This is not a scene")


DAMAGED = "surface = beale()\nrun = adam(lr=7e9)"


def blamed(page: Page) -> str:
    """The sentence on what could not be read."""
    (told,) = (markdown.value for markdown in page.markdown if "could not be read" in markdown.value)
    return told


def test_the_fault_list_names_its_origin():
    """A link in the address or in the field, a text, a file."""
    link = write_query(parse_scene("surface = beale()\nrun = adam()")).replace("adam()", "adam(lr=7e9)")
    page = visit(*parse_qsl(link))
    assert "Parts of this link could" in blamed(page)
    for said, kind in ((DAMAGED, "text"), (f"?{link}", "link"), (f" https://there.example/?{link}", "link")):
        open_popover(page, "share")
        page.session_state["share"] = True
        page.text_area(key="scene_text").set_value(said).run()
        page.session_state["share"] = True
        page.button(key="scene_read").click().run()
        assert f"Parts of this {kind} could" in blamed(page)
    open_popover(page, "share")
    page.session_state["share"] = True
    page.file_uploader(key="scene_file").upload("scene.txt", DAMAGED.encode(), "text/plain").run()
    assert "Parts of this file could" in blamed(page)
    page.text_input(key="steps").set_value("77").run()
    assert not any("could not be read" in markdown.value for markdown in page.markdown)


def test_a_file_without_a_scene_is_reported_and_changes_nothing():
    page = visit()
    open_popover(page, "share")
    page.session_state["share"] = True
    page.file_uploader(key="scene_file").upload("scene.txt", b"\xff\x00 hello", "text/plain").run()
    assert get_scene(page) == DEFAULT_SCENE
    assert page.session_state["session"].notes["scene_file"].startswith("This is not a scene")
    assert page.session_state["session"].faults == ()


SPACE = View("space", loss="log", arrows=("slope",), step=12.5)


def looks(page: Page, view: View, serial: int, opening: int | None = None) -> None:
    """The visitor looks at the scene in this way."""
    opening = read_view_message(page)["opening"] if opening is None else opening
    report_player_state(page, {"view": {**view._asdict(), "n": serial, "opening": opening}})
    assert not page.exception


def test_the_view_is_in_the_link_and_can_be_undone():
    page = visit()
    looks(page, SPACE, 1)
    assert get_scene(page) == DEFAULT_SCENE.with_presentation(view=SPACE)
    assert read_view_message(page) == {
        "id": "race",
        "view": {**SPACE._asdict(), "arrows": ["slope"]},
        "n": 1,
        "place": 0,
        "opening": page.session_state["session"].opened_count,
        "address": {"query": read_address(page), "shown": ""},
    }
    assert read_address(page).endswith("&view=space(loss=log,arrows=slope,step=12.5)")
    assert get_scene(visit(*parse_qsl(read_address(page)))) == DEFAULT_SCENE.with_presentation(view=SPACE)
    page.button(key="undo").click().run()
    assert get_scene(page).view == View(step=12.5)


def test_of_an_address_as_it_was_opened_the_player_is_told_how_it_would_be_written():
    """So that another step, which is no entry of the browser's history, is told from another scene."""
    page = visit(("surface", "ravine"), ("steps", "1e2"), ("run", "sgd"))
    assert read_view_message(page)["address"] == {
        "query": "",
        "shown": "surface=ravine()&start=-9,2.5&steps=100&run=sgd()",
    }


def test_playing_is_not_an_undoable_change():
    page = visit()
    page.text_input(key="steps").set_value("77").run()
    page.button(key="undo").click().run()
    for serial, step in enumerate((3.0, 20.0, None), 1):
        looks(page, View(step=step), serial)
        assert get_scene(page).view.step == step
    assert page.button(key="undo").disabled and not page.button(key="redo").disabled
    looks(page, View(step=7.0), 4)
    page.button(key="redo").click().run()
    assert (get_scene(page).steps, get_scene(page).view.step) == (77, 7.0)


def test_a_preset_keeps_the_view_and_begins_at_its_start():
    page = visit()
    looks(page, SPACE, 1)
    assert page.button_group("prepared").value == "Momentum or Nesterov"
    page.button_group("prepared").set_value("The Adam family").run()
    assert get_scene(page) == PRESETS["The Adam family"].with_presentation(view=SPACE._replace(step=None))
    assert page.button_group("prepared").value == "The Adam family"


ZOOMED = View(x=(-1.25, 2.0), y=(0.0, 0.001))


def test_a_zoom_is_in_the_link_goes_with_the_scene_and_is_no_change_to_be_undone():
    page = visit()
    looks(page, ZOOMED, 1)
    assert read_address(page).endswith("&view=contour(x=(-1.25,2),y=(0,0.001))")
    assert get_scene(visit(*parse_qsl(read_address(page)))).view == ZOOMED
    assert page.button(key="undo").disabled
    page.text_input(key="steps").set_value("77").run()
    page.button(key="undo").click().run()
    assert get_scene(page) == DEFAULT_SCENE.with_presentation(view=ZOOMED)
    page.button_group("prepared").set_value("The Adam family").run()
    assert get_scene(page) == PRESETS["The Adam family"]
    page.button(key="undo").click().run()
    assert get_scene(page) == DEFAULT_SCENE, "on another surface nothing is known of where to look"


@pytest.mark.parametrize("view", ["contour(x=(2,1))", "contour(x=3)", "contour(y=(0,nan))", "contour(x=(a,b))"])
def test_a_part_that_is_none_is_reported(view):
    page = visit(("surface", "bowl()"), ("view", view))
    assert get_scene(page).view == View()
    assert page.session_state["session"].faults


def test_the_clock_belongs_to_its_scene():
    """A message about the last scene's view may arrive when another scene is open already."""
    page = visit()
    before = read_view_message(page)["opening"]
    looks(page, View(step=40.0), 1)
    page.button_group("prepared").set_value("Too long a step").run()
    assert read_view_message(page)["view"]["step"] is None
    looks(page, View(step=41.0), 2, opening=before)
    assert get_scene(page).view.step is None
    looks(page, View(step=3.0), 3)
    assert get_scene(page).view.step == 3.0


def test_a_repeated_view_event_is_applied_once():
    page = visit()
    looks(page, SPACE, 1)
    page.button(key="undo").click().run()
    looks(page, SPACE, 1)
    assert get_scene(page).view.mode == "contour"


def test_a_link_too_long_for_a_qr_code_is_reported():
    rate = "cosine(peak=0.0333333333333333,steps=1234,floor=0.00123456789012)"
    rest = "beta1=0.87654321098765,beta2=0.98765432109876,eps=0.00000012345678,weight_decay=0.0123456789012345"
    long = f"run = look(polyak(adamw(lr={rate},{rest})),on=False)\n"
    page = visit(*list_parts(parse_scene(long * 16)))
    open_popover(page, "share")
    assert any("too long for a QR code" in caption.value for caption in page.caption)
    assert not page.exception
    few = visit()
    open_popover(few, "share")
    assert not any("too long" in caption.value for caption in few.caption)


def test_undo_presses_that_arrive_together_are_each_applied_once():
    page = visit()
    for steps in (60, 70, 80, 90):
        page.text_input(key="steps").set_value(str(steps)).run()
    moves = [{"by": by, "n": n} for n, by in enumerate((-1, -1, -1, 1), 1)]
    report_player_state(page, {"undone": moves[:3]})
    assert get_scene(page).steps == 60
    report_player_state(page, {"undone": moves})
    assert get_scene(page).steps == 70
    report_player_state(page, {"undone": moves[1:]})
    assert get_scene(page).steps == 70
