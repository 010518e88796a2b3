"""The race page without a browser: every choice can be made, nothing that is sent breaks it."""

import re
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.browser.landscape_questions import name_surface
from app.compute.cached_simulation import get_steps_per_epoch
from app.model.formula_source import formula_call
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import MAX_RUNS, MAX_STEPS, surface_call
from app.scene_text.writer import list_parts
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES
from tests.support.app_pages import (
    HOME,
    find_player_message,
    get_scene,
    open_popover,
    read_captions,
    read_player_header,
    report_player_state,
    unfold,
    visit,
)


def test_the_first_view_is_momentum_against_nesterov_with_equal_hyperparameters(page: AppTest) -> None:
    momentum, nesterov = get_scene(page).runs
    assert (momentum.optimizer.name, nesterov.optimizer.name) == ("momentum", "nesterov")
    assert momentum.optimizer.arguments == nesterov.optimizer.arguments
    assert get_scene(page).surface.name == "ravine"


@pytest.mark.parametrize("words", [list(SURFACES)[i::4] for i in range(4)])
def test_every_surface_can_be_chosen(page: AppTest, words: list[str]) -> None:
    for word in words:
        page.selectbox("surface").set_value(word).run()
        assert not page.exception, word
        assert get_scene(page).surface.name == word
        assert get_scene(page).start == tuple(map(float, SURFACES[word]().start))
        assert page.text_input("x").value == f"{get_scene(page).start[0]:.5g}"


@pytest.mark.parametrize("words", [list(OPTIMIZERS)[i::4] for i in range(4)])
def test_every_optimizer_can_be_chosen_and_explained(page: AppTest, words: list[str]) -> None:
    for word in words:
        page.selectbox("0.optimizer").set_value(word).run()
        assert not page.exception, word
        assert get_scene(page).find_run(0).optimizer.name == word
        page.button("0.formula").click().run()
        assert not page.exception, word
        assert any(f"def {word}(" in code.value for code in page.code), word


def test_every_schedule_can_be_chosen_for_any_hyperparameter(page: AppTest) -> None:
    for name in ("lr", "mu"):
        open_popover(page, "0.more").selectbox("0.scheduled").set_value(name).run()
        for word in (*SCHEDULES, "constant"):
            open_popover(page, "0.more").selectbox(f"0.schedule.{name}").set_value(word).run()
            assert not page.exception, word
            value = get_scene(page).find_run(0).optimizer[name]
            assert value == pytest.approx(0.9 if name == "mu" else 0.005) if word == "constant" else value.name == word


def test_every_wrapper_can_be_chosen(page: AppTest) -> None:
    for word in WRAPPERS:
        open_popover(page, "0.more").selectbox("0.wrapper").set_value(word).run()
        assert not page.exception, word
        assert get_scene(page).find_run(0).wrapper.name == word
    open_popover(page, "0.more").selectbox("0.wrapper").set_value("none").run()
    assert get_scene(page).find_run(0).wrapper is None


def test_a_slider_changes_its_own_run_alone(page: AppTest) -> None:
    before = find_player_message(page).SerializeToString()
    page.select_slider("0.lr").set_value(0.01).run()
    assert get_scene(page).find_run(0).optimizer["lr"] == 0.01
    assert get_scene(page).find_run(1) == DEFAULT_SCENE.find_run(1)
    assert find_player_message(page).SerializeToString() != before


def test_runs_are_added_duplicated_hidden_and_removed(page: AppTest) -> None:
    page.button("add").click().run()
    assert [run.slot for run in get_scene(page).runs] == [0, 1, 2]
    unfold(page, 0, 1)
    open_popover(page, "0.more").button("0.duplicate").click().run()
    assert get_scene(page).find_run(3).optimizer == get_scene(page).find_run(0).optimizer
    unfold(page, 0, 1)
    open_popover(page, "0.more").toggle("0.on").set_value(False).run()
    assert not get_scene(page).find_run(0).is_on
    open_popover(page, "1.more").button("1.remove").click().run()
    assert [run.slot for run in get_scene(page).runs] == [0, 2, 3]
    page.button("add").click().run()
    assert 1 in [run.slot for run in get_scene(page).runs]
    assert not page.exception


def test_a_seventeenth_run_is_refused_with_a_sentence(page: AppTest) -> None:
    for _ in range(MAX_RUNS):
        page.button("duplicate").click().run()
    assert len(get_scene(page).runs) == MAX_RUNS
    assert f"at most {MAX_RUNS} runs" in read_captions(page)
    assert not page.exception


def test_without_runs_there_is_a_sentence_and_the_landscape(page: AppTest) -> None:
    for slot in (0, 1):
        open_popover(page, f"{slot}.more").button(f"{slot}.remove").click().run()
    assert get_scene(page).runs == ()
    assert "Nothing to race yet" in read_player_header(page)["note"]
    assert len(page.get("bidi_component")) == 5, "player, stage, view, visit and typed values: no rule"
    assert not page.exception


@pytest.mark.parametrize(("start", "is_told"), [((-3.0, 2.0), True), ((3.0, 2.0), False)])
def test_a_start_where_the_function_has_no_value_is_told(start: tuple[float, float], is_told: bool) -> None:
    surface = formula_call("log(x)", (-5.0, 5.0), (-5.0, 5.0))
    page = visit(*list_parts(replace(DEFAULT_SCENE, surface=surface, start=start)))
    header = read_player_header(page)
    assert ("At this start f is not a finite number" in header["note"]) == is_told
    assert all(run["length"] == 0 for run in header["runs"]) == is_told
    assert not page.exception


@pytest.mark.parametrize(
    "field, text, sentence",
    [
        ("x", "abc", "is not a number"),
        ("y", "", "Type a number, like 0.5."),
        ("x", "  ", "Type a number, like 0.5."),
        ("steps", "", "Type a number, like 150."),
        ("x", "nan", "is not a number"),
        ("y", "1e300", "to 1,000,000"),
        ("x", "<b>[a](b)$x$", "is not a number"),
        ("steps", str(MAX_STEPS + 1), f"from 1 to {MAX_STEPS}."),
        ("steps", "0", f"from 1 to {MAX_STEPS}."),
        ("steps", "ten", "is not a number"),
        ("steps", "10.5", "a whole number"),
        ("steps", "1e9", "from 1 to 2000"),
    ],
)
def test_invalid_input_is_reported_and_the_last_valid_picture_stays(
    page: AppTest, field: str, text: str, sentence: str
) -> None:
    before = find_player_message(page).SerializeToString()
    page.text_input(field).set_value(text).run()
    assert not page.exception
    labels = {"x": "Start x", "y": "y", "steps": "Steps"}
    assert re.search(rf"{labels[field]}: .*{re.escape(sentence)}", read_captions(page).replace("\\", ""))
    assert get_scene(page) == DEFAULT_SCENE
    assert find_player_message(page).SerializeToString() == before
    assert page.text_input(field).value == text  # to be corrected, not retyped
    page.text_input(field).set_value("7").run()
    assert sentence not in read_captions(page)


def test_a_typed_start_outside_the_box_is_allowed(page: AppTest) -> None:
    page.text_input("x").set_value("-40").run()
    assert get_scene(page).start == (-40.0, 2.5)
    assert not page.exception


def test_a_click_moves_the_start_and_clears_what_was_wrong(page: AppTest) -> None:
    page.text_input("x").set_value("abc").run()
    report_player_state(page, {"start": {"x": 1.25, "y": -2.5, "n": 1, "held": False}})
    assert get_scene(page).start == (1.25, -2.5)
    assert page.text_input("x").value == "1.25"
    assert "not a number" not in read_captions(page)


GOOD = {"x": 1, "y": 2, "n": 7, "held": False}


INVALID_EVENTS: list[Any] = [
    [], 7, "text", None, {}, {"other": GOOD},
    *({"start": wrong} for wrong in (None, "here", [], [1, 2, 3])),
    *({"start": {name: value for name, value in GOOD.items() if name != missing}} for missing in GOOD),
    *({"start": GOOD | wrong} for wrong in (
        {"x": "1"}, {"x": float("nan")}, {"y": float("inf")}, {"x": 1e300}, {"x": 10**400}, {"y": False},
        {"x": [0] * 10_000}, {"y": {}}, {"n": "serial"}, {"n": -5}, {"held": "no"},
    )),
    *({state: wrong} for state in ("turned", "undone") for wrong in (None, [], "1", {}, {"n": 1})),
    *({"turned": {"run": run, "n": 1}} for run in (-1, 99, 10**400, True, 0.0, "0", None, [0])),
    *({"undone": [{"by": by, "n": 1}]} for by in (0, 2, True, 1.0, "1", None, [1])),
    {"turned": {"run": 0, "n": -1}}, {"undone": [{"by": -1, "n": "x"}]}, {"undone": {"by": -1, "n": 1}},
    {"undone": [{"by": -1, "n": 1}, 7]}, {"undone": [{"by": -1, "n": 1}] * 40},
]  # fmt: skip


def test_invalid_events_of_the_player_change_nothing(page: AppTest) -> None:
    for sent in INVALID_EVENTS:
        report_player_state(page, sent)
        assert not page.exception, sent
        assert get_scene(page) == DEFAULT_SCENE, sent
    report_player_state(page, {"start": GOOD})
    assert get_scene(page).start == (1.0, 2.0)  # the same message, but for what was wrong with each


@pytest.mark.parametrize("title", list(PRESETS))
def test_prepared_scenes_are_one_click_away(page: AppTest, title: str) -> None:
    page.button_group("prepared").set_value(title).run()
    assert not page.exception
    assert get_scene(page) == PRESETS[title]


def test_a_scene_that_is_opened_has_a_view_of_its_own_and_one_that_is_changed_keeps_it(page: AppTest) -> None:
    before = read_player_header(page)["opening"]
    page.select_slider("0.lr").set_value(0.01).run()
    assert read_player_header(page)["opening"] == before
    page.button_group("prepared").set_value("Newton or L-BFGS").run()
    assert read_player_header(page)["opening"] > before
    assert read_player_header(page)["landscape"] == name_surface(get_scene(page).surface)


def test_a_screen_reader_says_of_which_run_a_slider_is(page: AppTest) -> None:
    assert [page.select_slider(key).label for key in ("0.lr", "1.lr")] == [
        "lr (α)\n\nof Momentum",
        "lr (α)\n\nof Nesterov",
    ]
    page.selectbox("1.optimizer").set_value("momentum").run()
    labels = [page.select_slider(key).label for key in ("0.lr", "1.lr")]
    assert labels == ["lr (α)\n\nof Momentum, run 1", "lr (α)\n\nof Momentum, run 2"]
    assert page.selectbox("1.optimizer").label == "Optimizer\n\nof Momentum, run 2"


def test_noise_and_minibatches_are_seeded(page: AppTest) -> None:
    page.session_state["session"].unfolded = frozenset({"more"})
    page.selectbox("surface").set_value("linear_svm").run()
    page.slider("surface.batch_size").set_value(8).run()
    page.select_slider("noise").set_value(1.0).run()
    first = find_player_message(page).SerializeToString()
    page.slider("seed").set_value(3).run()
    other = find_player_message(page).SerializeToString()
    page.slider("seed").set_value(0).run()
    assert not page.exception
    assert dict(get_scene(page).surface.arguments)["batch_size"] == 8 and get_scene(page).noise == 1.0
    assert other != first == find_player_message(page).SerializeToString()


def test_changing_a_colour_swaps_it_with_the_run_that_had_it(page: AppTest) -> None:
    open_popover(page, "0.more").button("0.colour.1").click().run()
    assert not page.exception
    assert (
        get_scene(page).find_run(1).optimizer.name == "momentum"
        and get_scene(page).find_run(0).optimizer.name == "nesterov"
    )


def test_swatches_are_named_by_colour_dash_and_marker(page: AppTest) -> None:
    swatches = open_popover(page, "0.more")
    names = [swatches.button(f"0.colour.{slot}").label for slot in range(MAX_RUNS)]
    assert names[:2] == ["orange, solid line, circle", "blue, long dashes, square"]
    assert len(set(names)) == MAX_RUNS


def test_folded_cards_make_no_sliders(page: AppTest) -> None:
    page.session_state["session"].unfolded = frozenset({1})
    page.run()
    assert not [slider for slider in page.select_slider if slider.key.startswith("0.")]
    assert "0.005" in next(e.label for e in page.expander if "Momentum" in e.label)


def test_an_added_run_has_the_focus_and_the_others_fold(page: AppTest) -> None:
    for _ in range(5):
        page.button("add").click().run()
    assert page.session_state["session"].unfolded == {6}
    assert any(slider.key.startswith("6.") for slider in page.select_slider)


def test_an_epoch_is_as_many_steps_as_batches() -> None:
    """50 cars in batches of 32: the second batch has 18, and two steps make an epoch."""
    assert get_steps_per_epoch(surface_call("least_squares_line", batch_size=32)) == 2
    assert get_steps_per_epoch(surface_call("ravine")) is None


def sent_again(page: AppTest) -> bool:
    """Whether the last run sent the panel, and not the picture alone."""
    return bool(page.get("expander"))


def test_a_slider_has_the_picture_sent_again_and_not_the_panel() -> None:
    page = AppTest.from_file(HOME, default_timeout=60).run()
    page.select_slider("0.lr").set_value(0.004).run()
    assert sent_again(page), "the lit scene goes out"
    page.select_slider("0.mu").set_value(0.5).run()
    assert not sent_again(page) and find_player_message(page).id
    assert (get_scene(page).runs[0].optimizer["lr"], get_scene(page).runs[0].optimizer["mu"]) == (0.004, 0.5)


def test_two_sliders_of_a_schedule_keep_what_the_other_chose(page: AppTest) -> None:
    open_popover(page, "0.more")
    page.selectbox("0.schedule.lr").set_value("cosine").run()
    page.select_slider("0.lr.peak").set_value(0.01).run()
    page.slider("0.lr.steps").set_value(77).run()
    lr = get_scene(page).runs[0].optimizer["lr"]
    assert (lr["peak"], lr["steps"]) == (0.01, 77)
