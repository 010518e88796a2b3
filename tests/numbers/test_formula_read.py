"""A visitor's formula is read as typed or refused with a sentence: hostile texts, mistakes, any text at all."""

import ast
import tracemalloc
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surfaces.expression import Apply, Name, Number, Tree
from surfaces.formula import formula
from surfaces.grammar import LONGEST, FormulaError, parse, tree_of
from surfaces.typeset import text
from tests.hostile import HOSTILE, is_done_within


@pytest.mark.parametrize("trick, typed", HOSTILE, ids=[f"{i}-{trick}" for i, (trick, _) in enumerate(HOSTILE)])
def test_what_is_hostile_is_refused_at_once(trick: str, typed: str) -> None:
    """By a FormulaError only, silently, in at most 50 ms and 2 MB beside the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refusal = refused(typed)
        tracemalloc.start()
        refused(typed)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert is_done_within(0.05, lambda: refused(typed))
    assert peak < 2_000_000
    sentence = str(refusal)
    assert sentence[-1] in ".)?…"
    assert len(sentence) < 700
    assert sentence.isprintable()
    assert refusal.position is None or 0 <= refusal.position <= min(len(typed), LONGEST)


def refused(typed: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        formula(typed)
    return caught.value


def test_the_table_of_hostile_texts_is_long_and_each_stands_once() -> None:
    assert len({typed for _, typed in HOSTILE}) == len(HOSTILE) >= 200


def python_reads(typed: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(typed.strip(), mode="eval")
        except (SyntaxError, ValueError):
            return False
    return True


SECOND = [typed for trick, typed in HOSTILE if len(typed) < 5_000 and python_reads(typed) and trick != "infinite"]
# To Python these are plain formulas, oddly spelt; Python's parser makes x of a fullwidth x (NFKC).
ONLY_SPELT_ODDLY = {
    "(sin)(x)", "max(x, y, )", "x\n", "\nx", "x \\\n + y", "x # comment", "0x10", "0b101", "0o17", "0X_F", "1_000",
    "(" * 99 + "x" + ")" * 99, "(" * 61 + "x" + ")" * 61, "x\x0c+y", "x\t+y", "\tx", "\x1cx", "x\x85", "\u00a0x",
    "\uff58", "\uff58**2 + \uff59**2", "\uff53\uff49\uff4e(x)", "\U0001d465", "\U0001d431 + y", "\u212f", "\u2147",
    "\u02e3",
}  # fmt: skip


@pytest.mark.parametrize("typed", SECOND)
def test_the_second_stage_refuses_alone(typed: str) -> None:
    """Without the first it refuses too, or makes a tree of known words where nothing is wrong but the spelling."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(typed.strip(), mode="eval").body
    if typed in ONLY_SPELT_ODDLY:
        tree = tree_of(body)
        assert parse(text(tree)) == tree
    else:
        with pytest.raises(FormulaError):
            tree_of(body)


@pytest.mark.parametrize("error", [SyntaxError, ValueError, MemoryError, RecursionError])
def test_whatever_pythons_parser_raises_is_a_refusal(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(ast, "parse", fail)
    assert "cannot be read" in str(refused("x"))


def test_a_number_too_long_for_a_float_is_refused_by_the_second_stage_too() -> None:
    with pytest.raises(FormulaError, match="too large"):
        tree_of(ast.parse("9" * 400, mode="eval").body)


@pytest.mark.parametrize(
    "typed, sentence, position",
    [
        ("sine(x)", "There is no “sine” here. Did you mean “sin”?", 0),
        ("1 + ln(x)", "There is no “ln” here. Did you mean “log”?", 4),
        ("Y + 1", "There is no “Y” here. Did you mean “y”?", 0),
        ("xy", "There is no “xy” here. Write x*y for a product.", 0),
        ("y2", "There is no “y2” here. Write y**2 or y*2.", 0),
        ("q + 1", "There is no “q” here. A formula has numbers", 0),
        ("2x", "Between “2” and “x” an operator is missing: write 2*x.", 1),
        (" 3 + 2sin(x)", "Between “2” and “sin” an operator is missing: write 2*sin.", 6),
        ("(x + 1)(y)", "Between “)” and “(” an operator is missing: write )*(.", 7),
        ("x^2", "Write ** for “^”.", 1),
        ("x²", "Write **2 for “²”.", 1),
        ("x − y", "Write - for “−”.", 2),
        ("[x]", "Write ( for “[”.", 0),
        ("(x + 1", "This bracket is never closed: a “)” is missing.", 0),
        ("((x)", "This bracket is never closed: a “)” is missing.", 0),
        ("x + 1)", "This bracket closes none that was opened.", 5),
        ("x +", "After “+” something is missing.", 3),
        ("x + )", "Before “)” something is missing.", 4),
        ("x * / y", "Before “/” something is missing.", 4),
        ("sin x", "Write what sin is taken of in brackets: sin(...).", 4),
        ("sin(x, y)", "sin takes 1 number in its brackets, not 2.", 0),
        ("1 + max(x)", "max takes 2 numbers in its brackets, not 1.", 4),
        ("  0,5*x", "A comma separates what max and min compare. Write 0.5 for 0,5.", 2),
        ("007", "A number does not begin with 0: write 7.", 0),
        ("00", "A number does not begin with 0: write 0.", 0),
        ("x.real", "A point belongs to a number, such as 0.5.", 1),
        ("x if y else 1", "“if” is a word of Python, not of a formula.", 2),
        ("x < 1", "“<” has no meaning in a formula.", 2),
        ("x\ty", "There is an invisible character, U+0009: write a formula on one line.", 1),
        ("x + д", "The character “д” (U+0434) is not one of a plain keyboard.", 4),
        ("\u202ex", "The character U+202E is not one of a plain keyboard.", 0),
        ("1e999", "This number is too large.", 0),
        ("", "Write a formula in x and y, such as x**2 + 3*y**2.", None),
        ("1/0", "At the start (-3, 2) the formula or its slope is not finite.", None),
        ("x" * 201, "A formula has at most 200 characters; this has 201.", 200),
        ("x+" * 80 + "x", "The formula has more than 100 numbers, names and operators.", None),
        ("-" * 70 + "x", "The formula has too much inside one another.", 60),
        ("(" * 70 + "x", "There are too many brackets inside one another.", 60),
    ],
)
def test_a_refusal_says_where_and_what_to_do(typed: str, sentence: str, position: int | None) -> None:
    refusal = refused(typed)
    assert str(refusal).startswith(sentence)
    assert refusal.position == position


@pytest.mark.parametrize(
    "typed, tree",
    [
        ("-x**2", Apply("neg", (Apply("**", (Name("x"), Number(2.0))),))),
        ("x**-y**2", Apply("**", (Name("x"), Apply("neg", (Apply("**", (Name("y"), Number(2.0))),))))),
        ("+1 - x - y", Apply("-", (Apply("-", (Number(1.0), Name("x"))), Name("y")))),
        (" .5e1*pi ", Apply("*", (Number(5.0), Name("pi")))),
    ],
)
def test_precedence_is_pythons(typed: str, tree: Tree) -> None:
    assert parse(typed) == tree


def test_the_view_and_the_start_are_checked() -> None:
    for view in ((1.0, 1.0), (2.0, -2.0), (0.0, np.inf), (np.nan, 1.0), (-1e308, 1e308)):
        with pytest.raises(FormulaError, match="view in x"):
            formula("x", x=view)
        with pytest.raises(FormulaError, match="view in y"):
            formula("x", y=view)
    for start in ((0.0, 1.0), (np.nan, 0.0), (np.inf, 0.0)):
        with pytest.raises(FormulaError, match="not finite"):
            formula("log(x)", start=start)
    with pytest.raises(FormulaError, match="slope is not finite"):
        formula("x**x", start=(0.0, 0.0))  # its value is 1, its slope that of the logarithm
    assert formula("log(x) + y").start == (3.0, 2.0)  # the first place where it is finite
    assert formula("x", start=(0, 0)).start == (0, 0)


@pytest.mark.parametrize(
    "small", ["log(1 - x**2 - y**2)", "sqrt(0.01 - x**2 - y**2)", "log(arccos(x + 4.5)*arccos(y))"]
)
def test_what_is_finite_in_a_small_part_of_the_view_can_be_started_on(small: str) -> None:
    surface = formula(small)
    p = np.array(surface.start)
    assert np.isfinite(surface.value(p)) and np.isfinite(surface.grad(p)).all()
    assert (np.abs(p) < 5).all()
    with pytest.raises(FormulaError, match=r"\(4, 4\) .* not finite\. Start elsewhere\."):
        formula(small, start=(4.0, 4.0))  # a start that is said is never another one


def test_what_is_finite_nowhere_is_said_to_be_so() -> None:
    with pytest.raises(FormulaError, match="Nor is it at 1681 places all over the view: change"):
        formula("log(-1 - x**2)")


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=30) | st.text("xy()+-*/. 19ensi,^_=[]:'\"\\", max_size=60))
def test_any_text_is_a_formula_or_refused(typed: str) -> None:
    try:
        formula(typed)
    except FormulaError as refusal:
        assert str(refusal)
