"""A visitor's formula is read as people write it, asked about, or refused with sentences that say what to change."""

import re
import tracemalloc
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surfaces.formula import formula_reader
from surfaces.formula.expression_tree import FUNCTIONS, Tree
from surfaces.formula.formula_reader import (
    MAX_FORMULA_CHARACTERS,
    MAX_PROBLEMS,
    MAX_TYPED_CHARACTERS,
    FormulaError,
    read_formula,
)
from surfaces.formula.formula_surface import formula
from surfaces.formula.text_and_latex_printer import to_text
from tests.support.formula_trees import trees
from tests.support.hostile_formulas import HOSTILE, is_as_quick_as
from tests.support.python_formulas import read_as_python
from tests.support.typed_formulas import (
    AMBIGUOUS,
    CATALOGUE_FORMULAS,
    LARGE_AND_UNDERSTOOD,
    LARGEST_FORMULAS,
    RULE_FORMULAS,
    UNDERSTOOD,
)

often = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def refused(typed: str) -> FormulaError:
    formula_reader._read.cache_clear()
    with pytest.raises(FormulaError) as caught:
        formula(typed)
    return caught.value


@pytest.mark.parametrize("trick, typed", HOSTILE, ids=[f"{i}-{trick}" for i, (trick, _) in enumerate(HOSTILE)])
def test_what_is_hostile_is_refused_at_once(trick: str, typed: str) -> None:
    """By a FormulaError only, silently, in 2 MB beside the text and the time of 34 common formulas, which is 50 ms."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refusal = refused(typed)
        tracemalloc.start()
        refused(typed)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert is_as_quick_as(34, lambda: refused(typed))
    assert peak < 2_000_000
    for sentence, position in (*refusal.problems, (refusal.message, refusal.position)):
        assert sentence[-1] in ".)?…"
        assert len(sentence) < 700
        assert sentence.isprintable()
        assert position is None or 0 <= position <= min(len(typed), MAX_TYPED_CHARACTERS)
    assert len(refusal.problems) <= MAX_PROBLEMS


def test_the_table_of_hostile_texts_is_long_and_each_stands_once() -> None:
    assert len({typed for _, typed in HOSTILE}) == len(HOSTILE) >= 400


@pytest.mark.parametrize("typed", UNDERSTOOD)
def test_what_people_write_is_read_as_one_canonical_text(typed: str) -> None:
    """It is kept by links, read again as itself, and means to Python what it means here."""
    reading = read_formula(typed)
    again = read_formula(reading.text)
    assert reading.text == UNDERSTOOD[typed]
    assert again.text == reading.text
    assert again.tree == reading.tree == read_as_python(reading.text)
    assert is_as_quick_as(34, lambda: formula_reader._read_anew(typed))


@pytest.mark.parametrize("typed", LARGE_AND_UNDERSTOOD)
def test_what_is_large_is_ready_at_once(typed: str) -> None:
    """Read, differentiated twice and prepared as quickly as 34 common formulas; measured: at most 12."""

    def prepare() -> None:
        formula_reader._read.cache_clear()
        formula(typed, (0.1, 1), (0.1, 1))

    assert is_as_quick_as(34, prepare)


@pytest.mark.parametrize("typed", AMBIGUOUS)
def test_what_could_mean_several_things_is_asked(typed: str) -> None:
    refusal = refused(typed)
    assert [reading.text for reading in refusal.readings] == AMBIGUOUS[typed]
    assert all(f"{reading.text}" in str(refusal) for reading in refusal.readings)
    for reading in refusal.readings:
        assert read_formula(reading.text).tree == reading.tree == read_as_python(reading.text)
    assert len({reading.tree for reading in refusal.readings}) == len(refusal.readings)


@pytest.mark.parametrize(
    "typed",
    [
        *CATALOGUE_FORMULAS.values(), *RULE_FORMULAS, *LARGEST_FORMULAS, "  x*y  +  1E-3*exp(-x)  ", "max(0,5)*x",
        "abs(x) + .5*abs( y-0.3*x )", "1./x", "sin (x)**2", "+x", "x**-y**2", "2**-x", "where(0<x<y,1,2)",
    ],
)  # fmt: skip
def test_what_was_always_read_is_kept_as_it_was_typed(typed: str) -> None:
    """Old links keep their text, byte for byte, and Python's order of operations."""
    reading = read_formula(typed)
    assert reading.text == typed
    assert reading.tree == read_as_python(typed)


@pytest.mark.parametrize(
    "typed, remark",
    [
        ("x^2^3", "Powers are taken from the right: x^(2^3)."),
        ("x**2**3", "Powers are taken from the right: x^(2^3)."),
        ("0,5x", "0,5 is read as 0.5."),
        ("x_1 + x₂", "The variables are x and y: x1 → x, x2 → y."),
        ("f(u, v) = u v", "The variables are x and y: u → x, v → y."),
    ],
)
def test_what_might_have_been_expected_otherwise_is_said(typed: str, remark: str) -> None:
    assert read_formula(typed).remarks == (remark,)


@pytest.mark.parametrize("typed", ["x^2", "2xy", "x^2y", "x**2*y", "X + Y", "x^(2^3)", "(x^2)y", "e^(2x)", "x²y"])
def test_nothing_is_said_where_nothing_else_could_be_expected(typed: str) -> None:
    assert read_formula(typed).remarks == ()


@pytest.mark.parametrize(
    "typed, problems",
    [
        ("foo(x) + bar + (y", [(0, "There is no “foo” here."), (9, "“bar” is not known here."), (15, "This bracket")]),
        ("x + ? - sin(x, y)", [(4, "“?” has no meaning"), (8, "sin takes 1 number in its brackets, not 2.")]),
        ("1e999 + 1.2.3 + )", [(0, "This number is too large."), (8, "“1.2.3” is not a number"), (16, "Before “)”")]),
        ("a^2 + b^2", [(0, "There is no “a” here: the variables"), (6, "There is no “b” here: the variables")]),
        (r"\foo{x} + \bar y +", [(0, "“\\foo” is not known"), (10, "“\\bar” is not known here."), (18, "After “+”")]),
        ("max(x) + mod(x)", [(0, "max takes 2 numbers or more"), (9, "mod takes 2 numbers")]),
        ("2 3 + 4 5", [(2, "Between “2” and “3” an operator"), (8, "Between “4” and “5” an operator")]),
        ("x > foo", [(4, "There is no “foo” here.")]),
        ("x + foo + foo", [(4, "There is no “foo” here."), (10, "“foo” is not known here.")]),
    ],
)  # fmt: skip
def test_all_problems_are_told_at_once(typed: str, problems: list[tuple[int, str]]) -> None:
    found = refused(typed).problems
    assert [place for _, place in found] == [place for place, _ in problems]
    assert all(sentence.startswith(start) for (sentence, _), (_, start) in zip(found, problems, strict=True))


@pytest.mark.parametrize(
    "typed, sentence, position",
    [
        ("sqrrt(x)", "There is no “sqrrt” here. Did you mean “sqrt”?", 0),
        ("q + 1", "There is no “q” here: the variables are x and y.", 0),
        ("tehta + 1", "There is no “tehta” here. A formula has numbers", 0),
        ("(x + 1", "This bracket is never closed: a “)” is missing.", 0),
        ("((x)", "This bracket is never closed: a “)” is missing.", 0),
        ("x + 1)", "This bracket has no opening bracket before it.", 5),
        ("(x]", "“(” is closed by “]”.", 2),
        ("|x", "“|” is never closed.", 0),
        ("x +", "After “+” something is missing.", 3),
        ("x + )", "Before “)” something is missing.", 4),
        ("x * / y", "Before “/” something is missing.", 4),
        ("max x", "Write the argument of max in brackets: max(...).", 4),
        ("sin", "Write the argument of sin in brackets: sin(...).", 3),
        ("sin(x, y)", "sin takes 1 number in its brackets, not 2.", 0),
        ("1 + max(x)", "max takes 2 numbers or more in its brackets, not 1.", 4),
        ("where(x, 1, 2)", "“where” needs a comparison, such as x > 0.", 0),
        ("where(x > 0)", "where takes a comparison and 2 numbers", 0),
        ("x, y", "A comma separates the arguments of a function. Write 0.5 for 0,5.", 1),
        ("007", "A number does not begin with 0: write 7.", 0),
        ("x if y else 1", "“if” is a word of Python, not of a formula.", 2),
        ("x < 1", "A comparison is true or false, not a number: write where(x > 0, here, elsewhere).", 0),
        ("y = x", "“=” has no meaning here: write only what f(x, y) is.", 2),
        ("x % 2", "Write mod(a, b) for a remainder, and 0.5 for 50 %.", 2),
        ("x\ny", "There is an invisible character, U+000A: write a formula on one line.", 1),
        ("x + д", "The character “д” (U+0434) is not one of a plain keyboard.", 4),
        ("\u202ex", "There is an invisible character, U+202E: remove it.", 0),
        ("2½", "Write 2.5 for 2½.", 1),
        ("1e999", "This number is too large.", 0),
        ("x_3", "There is no “x_3” here: the variables are x and y. A power is written x^3.", 0),
        ("x_1 + x", "“x1” and “x” would both be x.", 6),
        ("inf*x", "“inf” is not a number here: a formula has finite numbers only.", 0),
        ("clip(x, 0, 1)", "There is no “clip” here. For clip(x, a, b) write min(max(x, a), b).", 0),
        (r"\begin{cases} x \end{cases}", "Environments of LaTeX are not read.", 0),
        (r"\sum x", "“\\sum” is not read: write every term.", 0),
        (r"\frca{1}{2}", "“\\frca” is not known here. Did you mean “frac”?", 0),
        (r"\frac1.5", "Write braces behind “\\frac”.", 6),
        (r"\sqrt2.", "Write braces behind “\\sqrt”.", 5),
        (r"\sqrt[x]{y}", "Write a whole number for the root.", 5),
        ("", "Write a formula in x and y, such as x^2 + 3y^2.", None),
        ("1/0", "At the start (-3, 2) the formula or its slope is not finite.", None),
        ("x" + " " * 239 + "+ y", "A formula has at most 200 characters; this has 243.", 200),
        ("x" * 601, "A formula has at most 600 characters; this has 601.", 200),
        ("x+" * 80 + "x", "The formula has more than 100 numbers, names and operators.", None),
        ("-" * 70 + "x", "The formula is nested too deeply.", None),
        ("(" * 70 + "x", "Too many brackets are nested.", 60),
    ],
)
def test_a_refusal_says_where_and_what_to_do(typed: str, sentence: str, position: int | None) -> None:
    refusal = refused(typed)
    assert str(refusal).startswith(sentence)
    assert refusal.position == position


# ---- any text


@often
@given(trees)
def test_what_is_written_is_read_back_as_the_same_tree(tree: Tree) -> None:
    """Also by Python: the canonical text has one meaning."""
    text = to_text(tree)
    assert read_as_python(text) == tree
    try:
        reading = read_formula(text)
    except FormulaError as refusal:
        assert len(text) > MAX_FORMULA_CHARACTERS, refusal
    else:
        assert (reading.tree, reading.text) == (tree, text)


@often
@given(
    st.text(max_size=30)
    | st.text("xy()+-*/. 19ensi,^_=[]:'\"\\|²√<>", max_size=60)
    | st.lists(
        st.sampled_from(["x", "y", "2", "0,5", " ", "sin", "(", ")", "^", "|", "/", "*", "-", "e", ",", r"\frac", "{",
                         "}",
                         r"\left", r"\right", "where", "max", "<", "√", "²", "x_1", "log", "_2", "mod", "="]),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_any_text_is_read_as_one_text_asked_or_refused(typed: str) -> None:
    """And what is read, or offered, reads again as itself."""
    try:
        readings: tuple = (read_formula(typed),)
    except FormulaError as refusal:
        assert str(refusal)
        readings = refusal.readings
        assert len(readings) != 1
    for reading in readings:
        again = read_formula(reading.text)
        assert (again.tree, again.text) == (reading.tree, reading.text)
        assert read_as_python(reading.text) == reading.tree


@pytest.mark.parametrize("page", ["formulas.md", "formulas.zh.md"])
def test_what_the_documentation_says_can_be_typed_is_read_like_that(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8").replace(r"\|", "¦")
    rows = [[re.findall("`([^`]+)`", cell.replace("¦", "|")) for cell in row] for row in
            re.findall(r"^\| (`[^|]*) \| ([^|]*) \|$", text, re.MULTILINE)]  # fmt: skip
    assert len(rows) > 25
    for typed, meant in rows:
        for one in typed:
            if len(meant) == 1:
                assert read_formula(one).text.replace(" ", "") == meant[0].replace(" ", "")
            else:
                assert [reading.text for reading in refused(one).readings] == meant


def test_the_documentation_and_the_help_name_every_function() -> None:
    for page in ("formulas.md", "formulas.zh.md"):
        text = (Path(__file__).parents[3] / "docs" / page).read_text(encoding="utf-8")
        named = set(re.findall(r"[a-z]\w*", " ".join(re.findall("`([^`]+)`", text))))
        assert FUNCTIONS.keys() <= named


def test_a_formula_may_be_as_long_as_is_said() -> None:
    longest = "2x".ljust(MAX_TYPED_CHARACTERS)
    assert read_formula(longest).text == "2*x"
    assert str(MAX_TYPED_CHARACTERS) in refused(longest + " ").message


@pytest.mark.parametrize("before", ["", "1 + " * 60, "(1) * " * 40])
def test_a_formula_is_as_deep_behind_others_as_alone(before: str) -> None:
    """Otherwise the parser would go down further than Python can."""
    assert refused(f"{before}{'-' * 160}x").message == "The formula is nested too deeply."
