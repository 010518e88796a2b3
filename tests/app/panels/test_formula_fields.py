"""A visitor's own function on the page, without a browser."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.compute.suited_learning_rates import move_to_surface
from app.figures.landscape_figure import make_landscape
from app.model.formula_source import (
    FORMULA,
    FORMULA_EXAMPLES,
    build_formula_surface,
    check_view_interval,
    formula_call,
    mark_positions,
    typeset_formula,
)
from app.model.presets import DEFAULT_SCENE
from app.model.scene import Run, UserError, optimizer_call, surface_call
from app.panels.formula_fields import EXAMPLE_KEY, TEXT_KEY
from app.scene_text.reader import assemble_scene, parse_scene
from app.scene_text.writer import write_query, write_scene
from optimizers.catalogue import OPTIMIZERS
from surfaces.formula.formula_reader import FormulaError
from tests.support.app_pages import get_scene, read_captions, read_player_header, unfold
from tests.support.sampling import sample
from tests.support.typed_formulas import AMBIGUOUS, UNDERSTOOD


@pytest.fixture
def own_page(page: AppTest) -> AppTest:
    page.selectbox("surface").set_value(FORMULA).run()
    assert not page.exception
    return page


def types(page: AppTest, key: str, value: str) -> None:
    page.text_input(key).set_value(value).run()
    assert not page.exception


def formulas(page: AppTest) -> list[str]:
    return [latex.value for latex in page.latex]


def test_it_begins_with_an_example_typeset(own_page: AppTest) -> None:
    example = FORMULA_EXAMPLES[0]
    assert get_scene(own_page).surface == formula_call(example.text, example.x, example.y)
    assert own_page.text_input(TEXT_KEY).value == example.text
    assert any(r"\sin" in latex for latex in formulas(own_page))
    assert read_player_header(own_page)["surface"] == "Your own function"


@pytest.mark.parametrize("which", range(len(FORMULA_EXAMPLES)))
def test_every_example_runs_and_is_what_its_text_says(own_page: AppTest, which: int) -> None:
    own_page.selectbox(EXAMPLE_KEY).set_value(which).run()
    assert not own_page.exception
    now = get_scene(own_page)
    assert now.surface["text"] == FORMULA_EXAMPLES[which].text == own_page.text_input(TEXT_KEY).value
    assert own_page.selectbox(EXAMPLE_KEY).value is None, "it can be taken again"
    assert all(run["length"] > 10 for run in read_player_header(own_page)["runs"])
    assert parse_scene(write_scene(now)) == now


def test_what_is_typed_is_the_surface_and_its_start_and_rates_suit_it(own_page: AppTest) -> None:
    types(own_page, TEXT_KEY, "1000*x**2 + y**2")
    now = get_scene(own_page)
    assert now.surface["text"] == "1000*x**2 + y**2"
    assert own_page.text_input(TEXT_KEY).value == "1000*x**2 + y**2", "as it was typed"
    assert all(run.optimizer["lr"] < 2 / 2000 * 4 for run in now.runs)
    assert any("1000" in latex for latex in formulas(own_page))


def test_the_start_stays_while_a_run_can_start_there_and_rates_suit_it(own_page: AppTest) -> None:
    types(own_page, TEXT_KEY, "x**4 + y**2")
    tame = [run.optimizer["lr"] for run in get_scene(own_page).runs]
    for key, value in (("x", "4.5"), ("y", "-1.5")):
        types(own_page, key, value)
    assert get_scene(own_page).start == (4.5, -1.5)
    types(own_page, TEXT_KEY, "x**4 + 2*y**2")
    assert get_scene(own_page).start == (4.5, -1.5)
    assert all(run.optimizer["lr"] < rate for run, rate in zip(get_scene(own_page).runs, tame, strict=True)), "steeper"
    assert "start" not in dict(get_scene(own_page).surface.arguments), "it is the scene's"
    types(own_page, TEXT_KEY, "log(-x) + y**2")
    assert get_scene(own_page).start == (-3, 2), "the first place where there is a value"
    types(own_page, "x", "-50")
    types(own_page, TEXT_KEY, "log(-x) + 2*y**2")
    assert get_scene(own_page).start == (-3, 2), "back into the view"


@pytest.mark.parametrize(
    ("typed", "sentence", "under"),
    [
        ("x + foo(y)", "There is no “foo” here", "    ▲"),
        ("(x + y", "", None),
        ("x +", "", None),
        ("", "", None),
        ("log(-1 - x**2)", "not finite", None),
        ("x + " * 160 + "y", "600 characters", None),
        ("x_1 + x", "would both be x", "      ▲"),
        ("__import__('os').system('id')", "", None),
    ],
)
def test_an_invalid_formula_is_marked_and_nothing_is_lost(
    own_page: AppTest, typed: str, sentence: str, under: str | None
) -> None:
    before = get_scene(own_page)
    types(own_page, TEXT_KEY, typed)
    assert get_scene(own_page) == before
    assert own_page.text_input(TEXT_KEY).value == typed
    assert sentence in read_captions(own_page) and ":red[" in read_captions(own_page)
    assert not formulas(own_page)
    if under:
        assert any(code.value == f"{typed}\n{under}" for code in own_page.code)
    types(own_page, TEXT_KEY, "x**2 + y**2")
    assert get_scene(own_page).surface["text"] == "x**2 + y**2"
    assert ":red[" not in read_captions(own_page)


@pytest.mark.parametrize("typed", ["x**2 +", "1/2x"])
def test_while_a_text_is_refused_or_asked_about_the_picture_is_marked_as_that_of_the_last_formula(
    own_page: AppTest, typed: str
) -> None:
    own_page.text_input("own.text").set_value("x**2 + 3*y**2").run()
    assert read_player_header(own_page)["note"] == ""
    own_page.text_input("own.text").set_value(typed).run()
    sentence = "The picture still shows f(x, y) = x**2 + 3*y**2."
    assert read_player_header(own_page)["note"] == sentence
    assert sentence in read_captions(own_page).replace("\\", "")
    own_page.text_input("own.text").set_value("x**2 + y**2").run()
    assert read_player_header(own_page)["note"] == ""
    assert "still shows" not in read_captions(own_page)


def test_an_own_function_begins_without_the_noise_of_the_scene_before(page: AppTest) -> None:
    page.button_group("prepared").set_value("Noise and averages").run()
    assert get_scene(page).noise == 10
    page.selectbox("surface").set_value("himmelblau").run()
    assert get_scene(page).noise == 10
    page.selectbox("surface").set_value("formula").run()
    assert (get_scene(page).noise, get_scene(page).seed) == (0.0, 0)
    unfold(page, "more")
    page.select_slider("noise").set_value(1.0).run()
    page.text_input("own.text").set_value("x**2 + 3*y**2").run()
    assert get_scene(page).noise == 1.0  # chosen for it


def test_the_view_can_be_changed_and_keeps_start_and_rates(own_page: AppTest) -> None:
    before = get_scene(own_page)
    types(own_page, "own.x0", "-8")
    assert get_scene(own_page) == replace(
        before, surface=formula_call(before.surface["text"], (-8, 5), before.surface["y"])
    )
    for wrong, sentence in (("9", "from a smaller number"), ("far", "is not a number"), ("1e9", "to 1,000,000")):
        types(own_page, "own.x0", wrong)
        assert get_scene(own_page).surface["x"] == (-8, 5)
        assert sentence in read_captions(own_page)


def test_typing_on_is_one_change(own_page: AppTest) -> None:
    before = get_scene(own_page)
    for typed in ("x", "x*x", "x*x + ", "x*x + y*y"):
        types(own_page, TEXT_KEY, typed)
    assert get_scene(own_page).surface["text"] == "x*x + y*y"
    own_page.button("undo").click().run()
    assert get_scene(own_page) == before
    types(own_page, TEXT_KEY, "sin(")  # refused, and the first of what is typed now
    types(own_page, TEXT_KEY, "sin(x)")
    own_page.button("undo").click().run()
    assert get_scene(own_page) == before
    types(own_page, TEXT_KEY, "x*y")
    own_page.text_input("steps").set_value("60").run()
    types(own_page, TEXT_KEY, "x*y + 1")
    own_page.button("undo").click().run()
    assert (get_scene(own_page).surface["text"], get_scene(own_page).steps) == ("x*y", 60)


@pytest.mark.parametrize("word", sample(OPTIMIZERS))
def test_every_optimizer_runs_on_it_as_on_the_surface_that_it_spells(word: str) -> None:
    spelt = move_to_surface(DEFAULT_SCENE, formula_call("(1 - x)**2 + 100*(y - x**2)**2", (-2, 2), (-1, 3)))
    racer = Run(0, optimizer_call(word))
    ours, theirs = (
        cached_simulation.simulate_run(
            replace(DEFAULT_SCENE, surface=surface, start=(-1.2, 1.0), steps=3), racer
        ).columns["loss"]
        for surface in (spelt.surface, surface_call("rosenbrock"))
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)  # three steps of a method that may amplify rounding


@pytest.mark.parametrize(
    "spelt",
    [
        "x - x",
        "5",
        "1e300*x",
        "-1e300*(x**2 + y**2)",
        "1/x",
        "exp(exp(x))",
        "log(x)",
        "abs(x)",
        "-1e300",
        "1e38",
        "1e20 + x",
        "1e20 + max(0, x)*1e5",
        "1e17 + x",
        "1e-320*x",
    ],
)
def test_a_landscape_is_drawn_of_whatever_has_values(spelt: str) -> None:
    stage = make_landscape(build_formula_surface(formula_call(spelt)))
    contour = stage["figure"]["data"][0]
    heights = contour["z"]
    assert heights.dtype == np.float32
    assert not np.isinf(heights).any() and np.isfinite(heights).any()
    assert np.isfinite([contour["zmin"], contour["zmax"], contour["contours"]["size"]]).all()
    levels = contour["contours"]
    low, high = sorted((levels["start"], levels["end"]))
    assert low < low + levels["size"] and low < high, "Plotly counts up from the first level: it must get on"
    assert (high - low) / levels["size"] < 100


@pytest.mark.parametrize("high", ["1e6", "1e9", "1e12"])
def test_a_relief_far_above_nothing_is_not_lost_in_rounding(high: str) -> None:
    """float32 has one number in sixty-four near 1e9: there the differences from the lowest are drawn."""
    stage = make_landscape(build_formula_surface(formula_call(f"{high} + x")))
    assert np.unique(stage["figure"]["data"][0]["z"]).size > 100


@pytest.mark.parametrize("word", sample(OPTIMIZERS))
def test_every_optimizer_ends_beside_the_edge_of_the_domain(word: str) -> None:
    there = replace(
        DEFAULT_SCENE,
        surface=formula_call("x - log(x) + 0.5*(y - 1)**2", (-1, 5), (-2, 4)),
        start=(0.2, 2.2),
        noise=0.3,
    )
    racer = Run(0, optimizer_call(word))
    ran = cached_simulation.simulate_run(there, racer)
    assert ran.verdict.sentence and np.isfinite(ran.columns["x"][: ran.last_step]).all()
    assert cached_simulation.get_run_equations(there, racer)


def test_no_verdict_claims_to_know_the_lowest_point() -> None:
    there = move_to_surface(DEFAULT_SCENE, formula_call("x**2 + 3*y**2"))
    ran = cached_simulation.simulate_run(there, Run(0, optimizer_call("newton")))
    assert ran.verdict.kind == "local" and "lower" not in ran.verdict.sentence


def test_a_start_without_a_value_is_no_error(page: AppTest) -> None:
    where = replace(DEFAULT_SCENE, surface=formula_call("x - log(x) + y**2", (-1, 5), (-2, 2)), start=(-0.5, 0.0))
    assert parse_scene(write_scene(where)) == where
    assert cached_simulation.simulate_run(where, where.runs[0]).last_step == 0


def test_sides_are_two_numbers_in_order() -> None:
    assert check_view_interval("x", (-1, 2)) == (-1.0, 2.0)
    for ends in ((2, 1), (1, 1), (9e5, 9e5 + 1e-6), (float("nan"), 1), (0, float("inf")), (0, 1e9), (1,), "12", None):
        with pytest.raises(UserError):
            check_view_interval("x", ends)


def test_the_place_of_a_fault_is_marked_in_long_texts_too() -> None:
    assert mark_positions("x + foo", [4]) == "x + foo\n    ▲"
    line, mark = mark_positions("x + " * 30 + "foo", [120]).split("\n")
    assert line[mark.index("▲") :].startswith("foo") and len(line) < 30
    with pytest.raises(FormulaError) as caught:
        formula_call("x ? y")
    assert caught.value.position == 2


def test_several_places_are_numbered() -> None:
    assert mark_positions("foo + bar + 1", [0, 6]) == "foo + bar + 1\n1     2"
    lines = mark_positions("foo + " + "x + " * 12 + "bar + baz", [0, 54, 60]).split("\n")
    assert lines[0].startswith("foo") and lines[1] == "1"
    assert all(lines[2][lines[3].index(mark) :].startswith(word) for mark, word in (("2", "bar"), ("3", "baz")))
    assert max(map(len, lines)) < 30


@pytest.mark.parametrize(
    "typed", ["x^2", "2xy", "f(x, y) = x^2", r"\frac12 x^{2}", "(x > 0)*x", "max(0,5; x)", "max(x,1,2)"]
)
def test_what_people_write_is_typeset_and_stays_in_the_field(own_page: AppTest, typed: str) -> None:
    types(own_page, TEXT_KEY, typed)
    text = get_scene(own_page).surface["text"]
    assert text == UNDERSTOOD[typed]
    assert own_page.text_input(TEXT_KEY).value == typed
    assert any(typeset_formula(text) in latex for latex in formulas(own_page))
    assert (f"Read as `{text}`" in read_captions(own_page)) == (typed != text)


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_links_and_texts_keep_the_canonical_text(typed: str) -> None:
    surface = formula_call(typed)
    assert surface["text"] == UNDERSTOOD[typed]
    scene = replace(DEFAULT_SCENE, surface=surface, start=build_formula_surface(surface).start)
    assert parse_scene(write_scene(scene)) == scene
    opened, faults = assemble_scene(parse_qsl(write_query(scene)))
    assert opened.surface == surface and not faults


def test_what_was_typed_stays_in_the_field_until_the_scene_has_another_formula(own_page: AppTest) -> None:
    types(own_page, TEXT_KEY, "2xy")
    types(own_page, "x", "1.5")
    assert own_page.text_input(TEXT_KEY).value == "2xy"
    own_page.selectbox(EXAMPLE_KEY).set_value(1).run()
    assert own_page.text_input(TEXT_KEY).value == FORMULA_EXAMPLES[1].text
    own_page.button("undo").click().run()
    assert get_scene(own_page).surface["text"] == "2*x*y"


def test_remarks_are_made_quietly(own_page: AppTest) -> None:
    types(own_page, TEXT_KEY, "x_2^2^3 + 0,5x_1")
    said = read_captions(own_page)
    for part in ("Powers are taken from the right", "0,5 is read as 0", "variables are x and y"):
        assert part in said.replace("\\", "")
    assert ":red[" not in said


@pytest.mark.parametrize("which", [0, 1])
def test_what_could_mean_two_things_is_asked_with_a_button_for_each(own_page: AppTest, which: int) -> None:
    before = get_scene(own_page)
    types(own_page, TEXT_KEY, "1/2x")
    assert get_scene(own_page) == before and not formulas(own_page)
    assert "in more than one way" in read_captions(own_page) and ":red[" not in read_captions(own_page)
    texts = AMBIGUOUS["1/2x"]
    buttons = [button for button in own_page.button if (button.key or "").startswith("own.reading")]
    assert [button.label for button in buttons] == [f"${typeset_formula(text)}$ `{text}`" for text in texts]
    buttons[which].click().run()
    assert get_scene(own_page).surface["text"] == texts[which] == own_page.text_input(TEXT_KEY).value
    assert "in more than one way" not in read_captions(own_page)
    own_page.button("undo").click().run()
    assert get_scene(own_page) == before


def test_all_problems_are_shown_with_their_places(own_page: AppTest) -> None:
    types(own_page, TEXT_KEY, "foo(x) + ? + (y")
    assert any(code.value == "foo(x) + ? + (y\n1        2   3" for code in own_page.code)
    said = read_captions(own_page)
    assert ":red[1: There is no “foo” here" in said and ":red[2: " in said and ":red[3: This bracket" in said


def test_a_function_in_pieces_is_typeset_in_the_visitors_language() -> None:
    assert r"\text{otherwise}" in typeset_formula("where(x > 0, x, 1)")
    assert r"\text{否则}" in typeset_formula("where(x > 0, x, 1)", "否则")


def test_a_link_may_be_written_as_people_write(page: AppTest) -> None:
    scene, faults = assemble_scene([("surface", 'formula("2xy + |x|²")')])
    assert not faults and scene.surface["text"] == "2*x*y + abs(x)**2"
    _, faults = assemble_scene([("surface", 'formula("1/2x")')])
    assert "1/2*x, 1/(2*x)" in faults[0].reason


@pytest.mark.parametrize(
    ("value", "fault", "spelt"),
    [
        ('formula("x*y",x=(2,1))', "x=(2,1)", "x*y"),
        ('formula("x*y",z=3)', "z=3", "x*y"),
        ('formula("foo")', 'surface=formula("foo")', None),
        ('formula("x",3)', 'surface=formula("x",3)', None),
        ("formula()", "surface=formula()", None),
        ("formula", "surface=formula", None),
    ],
)
def test_a_damaged_formula_is_reported_and_a_default_is_shown(value: str, fault: str, spelt: Any) -> None:
    now, faults = assemble_scene([("surface", value)])
    assert [f.text for f in faults] == [fault]
    assert now.surface == (formula_call(spelt) if spelt else DEFAULT_SCENE.surface)
