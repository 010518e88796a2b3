"""A visitor's formula is read as typed or refused with a sentence: hostile texts, mistakes, any text at all."""

import ast
import tracemalloc
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import special

from surfaces.formula.expression_tree import Apply, Name, Number, Tree
from surfaces.formula.formula_surface import formula
from surfaces.formula.parser import MAX_FORMULA_CHARACTERS, FormulaError, convert_ast, parse_formula
from surfaces.formula.printer import to_text
from surfaces.formula.syntax_hints import (
    _EQUIVALENTS,
    _PARTIAL_EQUIVALENTS,
    AMBIGUOUS_WORDS,
    EQUIVALENTS,
    KNOWN_WORDS,
    PARTIAL_EQUIVALENTS,
    SYNONYMS,
)
from tests.support.hostile_formulas import HOSTILE, is_done_within


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
    assert refusal.position is None or 0 <= refusal.position <= min(len(typed), MAX_FORMULA_CHARACTERS)


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
        tree = convert_ast(body)
        assert parse_formula(to_text(tree)) == tree
    else:
        with pytest.raises(FormulaError):
            convert_ast(body)


@pytest.mark.parametrize("error", [SyntaxError, ValueError, MemoryError, RecursionError])
def test_whatever_pythons_parser_raises_is_a_refusal(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(ast, "parse", fail)
    assert "cannot be read" in str(refused("x"))


def test_a_number_too_long_for_a_float_is_refused_by_the_second_stage_too() -> None:
    with pytest.raises(FormulaError, match="too large"):
        convert_ast(ast.parse("9" * 400, mode="eval").body)


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
        ("x + 1)", "This bracket has no opening bracket before it.", 5),
        ("x +", "After “+” something is missing.", 3),
        ("x + )", "Before “)” something is missing.", 4),
        ("x * / y", "Before “/” something is missing.", 4),
        ("sin x", "Write the argument of sin in brackets: sin(...).", 4),
        ("sin(x, y)", "sin takes 1 number in its brackets, not 2.", 0),
        ("1 + max(x)", "max takes 2 numbers in its brackets, not 1.", 4),
        ("  0,5*x", "A comma separates what max and min compare. Write 0.5 for 0,5.", 2),
        ("007", "A number does not begin with 0: write 7.", 0),
        ("00", "A number does not begin with 0: write 0.", 0),
        ("x.real", "A point belongs to a number, such as 0.5.", 1),
        ("x if y else 1", "“if” is a word of Python, not of a formula.", 2),
        ("x < 1", "“<” has no meaning in a formula.", 2),
        ("x\ty", "Write an ordinary space for the character U+0009.", 1),
        ("x\ny", "There is an invisible character, U+000A: write a formula on one line.", 1),
        ("x + д", "The character “д” (U+0434) is not one of a plain keyboard.", 4),
        ("\u202ex", "There is an invisible character, U+202E: remove it.", 0),
        ("1e999", "This number is too large.", 0),
        ("", "Write a formula in x and y, such as x**2 + 3*y**2.", None),
        ("1/0", "At the start (-3, 2) the formula or its slope is not finite.", None),
        ("x" * 201, "A formula has at most 200 characters; this has 201.", 200),
        ("x+" * 80 + "x", "The formula has more than 100 numbers, names and operators.", None),
        ("-" * 70 + "x", "The formula is nested too deeply.", 60),
        ("(" * 70 + "x", "Too many brackets are nested.", 60),
    ],
)
def test_a_refusal_says_where_and_what_to_do(typed: str, sentence: str, position: int | None) -> None:
    refusal = refused(typed)
    assert str(refusal).startswith(sentence)
    assert refusal.position == position


@pytest.mark.parametrize(
    "typed, sentence",
    [
        # the variables of papers and of programs
        ("x1**2 + x2**2", "The variables are x and y: write x for x1, y for x2."),
        ("sin(x_2)", "The variables are x and y: write x for x_1, y for x_2. A power is written x**2."),
        ("x0**2 + x1**2", "The variables are x and y: write x for x0, y for x1."),
        ("x1**2 + x0**2", "The variables are x and y: write x for x0, y for x1."),
        ("x[0]**2 + x[1]**2", "The variables are x and y: write x for x[0], y for x[1]."),
        ("x[1]*x[2]", "The variables are x and y: write x for x[1], y for x[2]."),
        ("x₁² + x₂²", "The variables are x and y: write x for x1, y for x2."),
        ("X1 + X2", "The variables are x and y: write x for X1, y for X2."),
        ("x1 + x10", "The variables are x and y: write x for x1, y for x2."),
        ("x3 + 1", "There is no “x3” here: the variables are x and y. A power is written x**3."),
        # what can be written with what is here
        ("log1p(x)", "There is no “log1p” here. For log1p(x) write log(1 + x)."),
        ("arcsinh(x)", "There is no “arcsinh” here. For arcsinh(x) write log(x + sqrt(x**2 + 1))."),
        ("acosh(x)", "There is no “acosh” here. For acosh(x) write log(x + sqrt(x**2 - 1))."),
        ("expm1(x)", "There is no “expm1” here. For expm1(x) write exp(x) - 1."),
        ("pow(x, 2)", "There is no “pow” here. For pow(x, y) write x**y."),
        ("hypot(x, y)", "There is no “hypot” here. For hypot(x, y) write sqrt(x**2 + y**2)."),
        ("sec(x)", "There is no “sec” here. For sec(x) write 1/cos(x)."),
        ("log3(x)", "There is no “log3” here. For log3(x) write log(x)/log(3)."),
        ("sign(x)", "There is no “sign” here. For sign(x) write x/abs(x): it is the same except at 0,"),
        ("cbrt(x)", "There is no “cbrt” here. For cbrt(x) write x**(1/3): it is the same where x is not negative."),
        ("atan2(y, x)", "There is no “atan2” here. For atan2(y, x) write 2*arctan("),
        ("sqrt2*x", "Write sqrt(2) for “sqrt2”."),
        ("tau", "Write 2*pi for “tau”."),
        # other names of what is here
        ("LN(x)", "There is no “LN” here. Did you mean “log”?"),
        ("tg(x)", "There is no “tg” here. Did you mean “tan”?"),
        ("fabs(x)", "There is no “fabs” here. Did you mean “abs”?"),
        ("asin(x)", "There is no “asin” here. Did you mean “arcsin”?"),
        ("fmax(x, y)", "There is no “fmax” here. Did you mean “max”?"),
        ("log_2(x)", "There is no “log_2” here. Did you mean “log2”?"),
        ("PI*x", "There is no “PI” here. Did you mean “pi”?"),
        ("np.sin(x)", "Write sin for “np.sin”."),
        ("Math.PI*x", "Write pi for “Math.PI”."),
        ("jax.numpy.exp(x)", "Write exp for “jax.numpy.exp”."),
        ("np.arctan2(y, x)", "There is no “arctan2” here. For arctan2(y, x) write 2*arctan("),
        (r"\sin(x)", "Write sin for “\\sin”."),
        (r"x\cdot y", "Write * for “\\cdot”."),
        # slips of the finger
        ("sni(x)", "There is no “sni” here. Did you mean “sin”?"),
        ("sqrrt(x)", "There is no “sqrrt” here. Did you mean “sqrt”?"),
        ("tahn(x)", "There is no “tahn” here. Did you mean “tanh”?"),
        ("acrtan(x)", "There is no “acrtan” here. Did you mean “arctan”?"),
        ("arcsim(x)", "There is no “arcsim” here. Did you mean “arcsin”?"),
        ("abss(x)", "There is no “abss” here. Did you mean “abs”?"),
        # run together
        ("sinx", "Write sin(x) for “sinx”."),
        ("xsin(x)", "There is no “xsin” here. Write x*sin for a product."),
        ("2*pix", "There is no “pix” here. Write pi*x for a product."),
        ("sin**2(x)", "A power of sin is written sin(...)**2."),
        # numbers
        ("inf*x", "“inf” is not a number here: a formula has finite numbers only."),
        ("NaN", "“NaN” is not a number here: a formula has finite numbers only."),
        ("1 000*x", "A number is written without gaps: 1000 for “1 000”."),
        ("12 345 678.5*x", "A number is written without gaps: 12345678.5 for “12 345 678.5”."),
        ("1_000*x", "A number is written without gaps: 1000 for “1_000”."),
        ("1'000*x", "A number is written without gaps: 1000 for “1'000”."),
        ("1\u202f000*x", "A number is written without gaps: 1000 for"),
        ("1.2.3", "“1.2.3” is not a number: it has more than one point."),
        ("1..5*x", "“1..5” is not a number: it has more than one point."),
        ("x**2 300", "Between “2” and “300” an operator is missing: write 2*300."),
        # characters
        ("x∗y", "Write * for “∗”."),
        ("x × y", "Write * for “×”."),
        ("x ÷ y", "Write / for “÷”."),
        ("x ⁄ y", "Write / for “⁄”."),
        ("x – y", "Write - for “–”."),
        ("x⁴", "Write **4 for “⁴”."),
        ("½*x", "Write 0.5 for “½”."),
        ("√(x)", "Write sqrt for “√”."),
        ("ｘ + 1", "Write x for “ｘ”."),
        ("ｓｉｎ（x）", "Write sin( for “ｓｉｎ（”."),
        ("ｘ＊＊２", "Write x**2 for “ｘ＊＊２”."),
        ("x＾2", "Write ** for “＾”."),
        ("𝑥 + 1", "Write x for “𝑥”."),
        ("х + 1", "“х” (U+0445) is a letter of another alphabet. Write x for it."),
        ("x\u00a0+ y", "Write an ordinary space for the character U+00A0."),
        ("x\u200b + y", "There is an invisible character, U+200B: remove it."),
        ("|x|", "Write abs(...) for |...|."),
    ],
)  # fmt: skip
def test_a_hint_says_what_is_surely_meant(typed: str, sentence: str) -> None:
    assert str(refused(typed)).startswith(sentence)


@pytest.mark.parametrize(
    "word",
    [
        *("floor", "ceil", "round", "mod", "erf", "gamma", "sinc", "sind", "cosd", "sqr", "arccot", "mean"),
        *("sum", "norm", "step", "rad", "z", "w1", "theta", "a", "exo", "abc", "ton", "con", "cost", "sinus", "logs"),
        *("maxi", "minor", "cosh2", "abs2", "log1", "log11p", "tan3", "sin2x", "ex", "np", "os.sin", "np.random"),
        *("arctan3", "sqrts", "nicht"),
    ],
)  # fmt: skip
def test_where_it_is_not_sure_there_is_no_hint(word: str) -> None:
    """It is said not to exist, and what there is."""
    sentence = str(refused(f"{word}(x)"))
    assert sentence.startswith(f"There is no “{word.partition('.')[0]}” here. A formula has numbers, x, y, pi, e")


MEANT: dict[str, Any] = {
    "log1p": np.log1p, "expm1": np.expm1, "exp2": np.exp2, "exp10": lambda x: 10.0**x, "arcsinh": np.arcsinh,
    "arccosh": np.arccosh, "arctanh": np.arctanh, "sec": lambda x: 1 / np.cos(x), "csc": lambda x: 1 / np.sin(x),
    "cot": lambda x: 1 / np.tan(x), "sech": lambda x: 1 / np.cosh(x), "csch": lambda x: 1 / np.sinh(x),
    "coth": lambda x: 1 / np.tanh(x), "arcsec": lambda x: np.arccos(1 / x), "arccsc": lambda x: np.arcsin(1 / x),
    "square": np.square, "cube": lambda x: x * x * x, "reciprocal": np.reciprocal, "pow": np.power,
    "hypot": np.hypot, "logaddexp": np.logaddexp, "sigmoid": special.expit, "logit": special.logit,
    "softplus": lambda x: np.logaddexp(0, x), "relu": lambda x: np.maximum(x, 0),
    "silu": lambda x: x * special.expit(x), "radians": np.radians, "degrees": np.degrees,
    "clip": lambda x: np.clip(x, -1, 1), "sign": np.sign,
    "heaviside": lambda x: np.heaviside(x, 0.5), "cbrt": np.cbrt, "atan2": lambda x, y: np.arctan2(y, x),
}  # fmt: skip


@pytest.mark.parametrize("word", list(dict.fromkeys((*_EQUIVALENTS, *_PARTIAL_EQUIVALENTS))))
def test_what_a_hint_writes_is_what_was_meant(word: str) -> None:
    """A number where that is one, and the same but for a few roundings of what is added, which may cancel."""
    meant = next(MEANT[name] for name in word.split() if name in MEANT)
    of, instead = (EQUIVALENTS | PARTIAL_EQUIVALENTS)[word.split(maxsplit=1)[0]][:2]
    p = np.random.default_rng(1).uniform(-3, 3, (2, 400))
    p[0, :200] /= 3
    with np.errstate(all="ignore"):
        theirs = meant(*p) if "y" in of else meant(p[0])
    mine = formula(
        instead, start=(1.5, 0.5) if "acosh" in word or "asec" in word or "acsc" in word else (0.5, 0.5)
    ).value(p)
    where = p[0] > 0 if word == "cbrt" else np.full(400, True)
    np.testing.assert_array_equal(np.isfinite(mine)[where], np.isfinite(theirs)[where])
    known = where & np.isfinite(mine)
    assert known.sum() > 50
    np.testing.assert_allclose(mine[known], theirs[known], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("word", SYNONYMS)
def test_another_name_is_of_something_that_is_here(word: str) -> None:
    assert SYNONYMS[word] in KNOWN_WORDS and word not in KNOWN_WORDS
    assert not {word} & (EQUIVALENTS.keys() | PARTIAL_EQUIVALENTS.keys() | AMBIGUOUS_WORDS)


def test_every_hint_can_be_typed() -> None:
    for of, instead, *_ in (*EQUIVALENTS.values(), *PARTIAL_EQUIVALENTS.values()):
        parse_formula(instead)
        assert {"x", "y"} & set(of.split(", "))


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


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=30) | st.text("xy()+-*/. 19ensi,^_=[]:'\"\\", max_size=60))
def test_any_text_is_a_formula_or_refused(typed: str) -> None:
    try:
        formula(typed)
    except FormulaError as refusal:
        assert str(refusal)
