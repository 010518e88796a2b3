"""A visitor's formula is read as people write it, asked about, or refused with sentences that say what to change."""

import math
import re
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surfaces.formula import parser
from surfaces.formula.expression_tree import FUNCTIONS, Apply, Name, Number, Tree
from surfaces.formula.formula_surface import formula
from surfaces.formula.parser import (
    MAX_FORMULA_CHARACTERS,
    MAX_PROBLEMS,
    MAX_TYPED_CHARACTERS,
    FormulaError,
    parse_formula,
    read_formula,
)
from surfaces.formula.printer import to_text
from surfaces.formula.word_meanings import AMBIGUOUS_WORDS, KNOWN_WORDS, MACROS, SYNONYMS
from tests.support.formula_trees import trees
from tests.support.hostile_formulas import HOSTILE, is_done_within
from tests.support.python_formulas import evaluate_as_python, read_as_python
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
    parser._read.cache_clear()
    with pytest.raises(FormulaError) as caught:
        formula(typed)
    return caught.value


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
    assert is_done_within(0.05, lambda: parser._read_anew(typed))


@pytest.mark.parametrize("typed", LARGE_AND_UNDERSTOOD)
def test_what_is_large_is_ready_at_once(typed: str) -> None:
    """Read, differentiated twice and prepared in at most 50 ms."""

    def prepare() -> None:
        parser._read.cache_clear()
        formula(typed, (0.1, 1), (0.1, 1))

    assert is_done_within(0.05, prepare)


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


@pytest.mark.parametrize(
    "typed, near",
    [
        ("sni(x)", "sin"), ("sqrrt(x)", "sqrt"), ("tahn(x)", "tanh"), ("acrtan(x)", "arctan"), ("arcsim(x)", "arcsin"),
        ("abss(x)", "abs"), ("sigmiod(x)", "sigmoid"), ("sofplus(x)", "softplus"), ("flor(x)", "floor"),
        ("reluu(x)", "relu"), ("hypto(x, y)", "hypot"), ("np.sni(x)", "sin"),
    ],
)  # fmt: skip
def test_a_slip_of_the_finger_is_recognized(typed: str, near: str) -> None:
    assert str(refused(typed)).endswith(f"Did you mean “{near}”?")


@pytest.mark.parametrize(
    "word",
    [
        *("round", "gamma", "sinc", "sind", "cosd", "sqr", "arccot", "mean", "sum", "norm", "step", "rad", "w1"),
        "theta",
        *("exo", "abc", "ton", "con", "cost", "sinus", "logs", "maxi", "minor", "cosh2", "abs2", "log1", "log11p"),
        *("tan3", "np", "os.sin", "np.random", "arctan3", "sqrts", "nicht"),
    ],
)  # fmt: skip
def test_where_it_is_not_sure_nothing_is_suggested(word: str) -> None:
    """It is said not to exist, and what there is."""
    sentence = str(refused(f"{word}(x)"))
    assert sentence.startswith(f"There is no “{word}” here. A formula has numbers, x, y, pi, e") or "." in word
    assert "Did you mean" not in sentence


@pytest.mark.parametrize("word", SYNONYMS)
def test_another_name_is_of_something_that_is_here(word: str) -> None:
    assert SYNONYMS[word] in {*KNOWN_WORDS, "and", "or"} and word not in KNOWN_WORDS
    assert not {word} & (MACROS.keys() | AMBIGUOUS_WORDS)


MEANT = {
    "log1p": np.log1p, "expm1": np.expm1, "exp2": np.exp2, "exp10": lambda x: 10.0**x, "arcsinh": np.arcsinh,
    "arccosh": np.arccosh, "arctanh": np.arctanh, "sec": lambda x: 1 / np.cos(x), "csc": lambda x: 1 / np.sin(x),
    "cot": lambda x: 1 / np.tan(x), "sech": lambda x: 1 / np.cosh(x), "csch": lambda x: 1 / np.sinh(x),
    "coth": lambda x: 1 / np.tanh(x), "arcsec": lambda x: np.arccos(1 / x), "arccsc": lambda x: np.arcsin(1 / x),
    "square": np.square, "cube": lambda x: x * x * x, "reciprocal": np.reciprocal, "pow": np.power,
    "hypot": np.hypot, "logaddexp": np.logaddexp, "logit": lambda x: np.log(x) - np.log1p(-x),
    "silu": lambda x: x / (1 + np.exp(-x)), "radians": np.radians, "degrees": np.degrees, "ceil": np.ceil,
    "heaviside": lambda x: np.heaviside(x, 0.5), "erfc": np.vectorize(math.erfc), "tau": lambda: math.tau,
    "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
}  # fmt: skip
FIRST_NAMES = list({id(how): word for word, how in reversed(MACROS.items())}.values())


@pytest.mark.parametrize("word", FIRST_NAMES)
def test_what_is_written_with_other_functions_is_what_was_meant(word: str) -> None:
    """A number where that is one, and the same but for a few roundings of what is added, which may cancel."""
    of = MACROS[word][0]
    typed = f"{word}({of})*x**0" if of else "tau"
    p = np.random.default_rng(1).uniform(-3, 3, (2, 400))
    p[0, :200] /= 3
    with np.errstate(all="ignore"):
        theirs = np.broadcast_to(MEANT[word](*p[: len(of.split(", ")) if of else 0]), 400)
    needs_large = word in {"arccosh", "arcsec", "arccsc"}
    mine = formula(typed, start=(1.5 if needs_large else 0.5, 0.5)).value(p)
    np.testing.assert_array_equal(np.isfinite(mine), np.isfinite(theirs))
    known = np.isfinite(mine)
    assert known.sum() > 50
    np.testing.assert_allclose(mine[known], theirs[known], rtol=1e-9, atol=1e-12)


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


FACTORS = {
    "x": "x", "y": "y", "(x + 2)": "(x + 2)", "sin(y)": "sin(y)", "|x|": "abs(x)", "π": "pi", "x²": "x**2", "3": "3",
    "√(y + 9)": "sqrt(y + 9)", "(1 - y)²": "(1 - y)**2", "cos^2(x)": "cos(x)**2", "e^{x}": "e**x", "½": "(1/2)",
    r"\frac{y}{3}": "(y/3)", r"\left(x-1\right)": "(x - 1)", "X": "x",
}  # fmt: skip
terms = st.lists(st.sampled_from(list(FACTORS)), min_size=1, max_size=4)


@often
@given(
    st.lists(terms, min_size=1, max_size=3),
    st.sampled_from(["", " ", "*", "·", r"\cdot ", "×"]),
    st.sampled_from("+-−"),
)
def test_products_without_signs_are_those_with_them(sums: list[list[str]], mark: str, sign: str) -> None:
    """The same numbers as Python finds for the explicit text; a number stands at the front of a product only."""
    sums = [sorted(factors, key=lambda factor: factor != "3") for factors in sums]
    assume(mark.strip() or all(factors.count("3") < 2 and not {"3", "½"} <= {*factors} for factors in sums))
    typed = sign.join(mark.join(factors) for factors in sums)
    explicit = sign.replace("−", "-").join("*".join(FACTORS[factor] for factor in factors) for factors in sums)
    x, y = np.random.default_rng(2).uniform(-2, 2, (2, 20))
    found = evaluate_as_python(read_formula(typed).text, x, y)
    np.testing.assert_allclose(found, evaluate_as_python(explicit, x, y), rtol=1e-12, atol=1e-9, err_msg=typed)


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
    assert parse_formula(typed) == tree


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
    with pytest.raises(FormulaError, match="The same holds at 1681 points all over the view: change"):
        formula("log(-1 - x**2)")


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
