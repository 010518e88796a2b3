"""A visitor's formula: read as typed or refused with a sentence, and its derivatives are exact."""

import ast
import inspect
import re
import time
import tracemalloc
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.derivatives import centred
from surfaces.expression import CONSTANTS, FUNCTIONS, Apply, Name, Number, Tree
from surfaces.formula import formula
from surfaces.grammar import LONGEST, FormulaError, parse, tree_of
from surfaces.typeset import latex, text
from tests.hostile import HOSTILE
from tests.test_surfaces import distance, random_points, richardson, sides

# The catalogue's functions, written as a visitor would.
WRITTEN = {
    "ravine": "(x**2 + 50*y**2)/2",
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "beale": "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "booth": "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    "matyas": "0.26*(x**2 + y**2) - 0.48*x*y",
    "goldstein_price": "(1 + (x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))"
    "*(30 + (2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))",
    "three_hump_camel": "2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
    "six_hump_camel": "(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2",
    "monkey_saddle": "x**3 - 3*x*y**2",
    "rastrigin": "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
    "ackley": "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + e + 20",
    "styblinski_tang": "(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
    "mccormick": "sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
    "levy13": "sin(3*pi*x)**2 + (x-1)**2*(1 + sin(3*pi*y)**2) + (y-1)**2*(1 + sin(2*pi*y)**2)",
    "branin": "(y - 5.1/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10",
    "griewank": "1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))",
    "schaffer2": "0.5 + (sin(x**2 - y**2)**2 - 0.5)/(1 + 0.001*(x**2 + y**2))**2",
    "easom": "-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)",
    "absolute": "abs(x) + 3*abs(y)",
    "hinge": "max(0, 1 - x - 2*y) + 0.1/2*(x**2 + y**2)",
    "relu_valley": "0.5*(y*max(0, x) - 1)**2 + 0.05/2*(x**2 + y**2)",
    "bukin6": "100*sqrt(abs(y - 0.01*x**2)) + 0.01*abs(x + 10)",
    "eggholder": "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - (y + 47))))",
    "freudenstein_roth": "(-13 + x + ((5 - y)*y - 2)*y)**2 + (-29 + x + ((y + 1)*y - 14)*y)**2",
    "brown_badly_scaled": "(x - 10**6)**2 + (y - 2*10**(-6))**2 + (x*y - 2)**2",
}
# Formulas in which every function and rule occurs, finite and smooth in the view [-1.2, 1.3] x [0.2, 1.9].
OTHERS = [
    "x", "-y", "+x", "7", "pi", "x - x", "0*log(x)", "x**0", "x**1*y", "x**-1*0 + y", "--x*-y", "-(x*-2)*(-y)*3",
    "tan(x)", "log(y)", "log2(y) + x", "log10(y*3)*x", "sqrt(y)*x", "sinh(x)*cosh(y)", "tanh(3*x*y)",
    "arcsin(x/2)", "arccos(y/2)*x", "arctan(x*y)", "x**3", "(x + 2)**5*y**7", "y**-3", "(x + 3)**20", "y**-20.0",
    "(x**2 + y)**0.5", "y**1.5", "y**0.3*x", "2**x", "e**(x*y)", "y**x", "(y + x**2)**(x*y)", "exp(-x**2/2)/y",
    "x/y", "x/7/y", "1/(1 + exp(-x - y))", "max(x, 2)*y", "min(x + 9, y)", "max(x + 5, y**2)", "min(y, -3 - x)**2",
    "abs(x - 7)*y", "x - (y - (x - y))", "x - -y", "x*(2*y)*3", "y**(1/3)", "y**(x - x)", "min(x, 1/0)",
]  # fmt: skip
VIEW = {"x": (-1.2, 1.3), "y": (0.2, 1.9)}


def as_written(name: str) -> tuple[Surface, Surface]:
    known = SURFACES[name]()
    return known, formula(WRITTEN[name], *known.box, start=known.start)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_formula_is_the_surface_it_describes(name: str) -> None:
    """To 1e-12 of the largest value in the view: differently ordered sums differ by round-off of their largest term."""
    known, typed = as_written(name)
    p = random_points(known, (300,), seed=2)
    for mine, theirs in ((typed.value, known.value), (typed.grad, known.grad), (typed.hess, known.hess)):
        expected = theirs(p)
        np.testing.assert_allclose(mine(p), expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())
    assert (typed.box, typed.start, typed.minima) == (known.box, known.start, ())


@pytest.mark.parametrize("typed", OTHERS)
def test_gradient_and_hessian_are_those_of_the_value(typed: str) -> None:
    """As in test_surfaces: 1e-7 leaves room for round-off where a slope is small against the value."""
    surface = formula(typed, **VIEW)
    p = random_points(surface, (40,), seed=3)
    h = 1e-4 * sides(surface)
    grad, hess = surface.grad(p), surface.hess(p)
    assert grad.shape == (2, 40)
    assert hess.shape == (2, 2, 40)
    assert distance(grad, richardson(surface.value, p, h)).max() < 1e-7
    assert distance(hess, richardson(surface.grad, p, h)).max() < 1e-7


@pytest.mark.parametrize("typed", [*WRITTEN.values(), *OTHERS])
def test_lanes_are_independent_and_have_their_shape(typed: str) -> None:
    """A batch is the same as its points alone, constants included; points are left alone, and are not handed out."""
    surface = formula(typed, **VIEW)
    p = random_points(surface, (3, 4), seed=5)
    before = p.copy()
    for f, shape in ((surface.value, ()), (surface.grad, (2,)), (surface.hess, (2, 2))):
        together = f(p)
        assert together.shape == (*shape, 3, 4)
        alone = np.moveaxis(np.array([[f(p[:, i, j]) for j in range(4)] for i in range(3)]), (0, 1), (-2, -1))
        np.testing.assert_allclose(together, alone, rtol=1e-11, atol=1e-13 * np.abs(together).max())
        assert not np.shares_memory(together, p)
    np.testing.assert_array_equal(p, before)
    np.testing.assert_array_equal(surface.hess(p)[0, 1], surface.hess(p)[1, 0])


@pytest.mark.parametrize(
    "typed, point, slope",
    [
        ("abs(x) + y", (0, 0), (0, 1)),
        ("max(0, x) + y", (0, 0), (0, 1)),  # the floor's side, wherever it is written
        ("max(x, 0) + y", (0, 0), (0, 1)),
        ("min(x, 0) + y", (0, 0), (0, 1)),
        ("max(x, -x)", (0, 0), (0, 0)),  # |x|
        ("max(x, y)", (1, 1), (0.5, 0.5)),
        ("min(3*x, y)", (1, 3), (1.5, 0.5)),
        ("max(x, y)", (2, 1), (1, 0)),
        ("min(x, y)", (2, 1), (0, 1)),
        ("min(100, exp(x**2)) + y", (30, 0), (0, 1)),  # what is not chosen may overflow
        ("sqrt(x**2 + y**2)", (0, 0), (0, 0)),
        ("(x**2 + y**2)**0.5", (0, 0), (0, 0)),
        ("abs(x)**1.5 + y", (0, 0), (0, 1)),
        ("sqrt(x)", (0, 0), (0, 0)),
        ("arcsin(x) - arccos(y)", (1, 1), (0, 0)),
        ("x**2 + (-y)**3", (-3, 2), (-6, -12)),  # a negative base needs no logarithm
        ("x**y", (2, 3), (12, 8 * np.log(2))),
    ],
)
def test_the_slope_at_a_kink_is_the_documented_one(typed: str, point: tuple, slope: tuple) -> None:
    surface = formula(typed, start=(0.25, 0.5))
    for p in (np.array(point, dtype=float), np.array(point, dtype=float)[:, None]):
        np.testing.assert_allclose(surface.grad(p).ravel(), slope, rtol=1e-14, atol=1e-15)
        assert np.isfinite(surface.hess(p)).all()


@pytest.mark.parametrize("kinked", ["abs(x)", "max(x, -x)", "max(0, x)", "sqrt(abs(x))", "abs(x)**0.5"])
def test_at_a_kink_of_straight_lines_there_is_no_curvature(kinked: str) -> None:
    np.testing.assert_array_equal(formula(kinked).hess(np.zeros(2)), np.zeros((2, 2)))


@pytest.mark.parametrize("typed", ["log(x)", "log2(x)", "log10(x)", "sqrt(x)", "x**0.5", "x**y", "arcsin(x + 2)"])
def test_outside_its_domain_a_formula_is_nan_and_so_is_its_slope(typed: str) -> None:
    """A run that leaves the domain ends there instead of following a slope that means nothing."""
    surface = formula(typed, start=(0.5, 0.5) if "arc" not in typed else (-2, 0))
    p = np.array((-0.5, 0.5))
    p = p if "arc" not in typed else np.array((1.0, 0.0))
    assert np.isnan(surface.value(p))
    assert np.isnan(surface.grad(p)).any()


# Reading.


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
        seconds = min(timed(typed) for _ in range(3))
    assert seconds < 0.05
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


def timed(typed: str) -> float:
    start = time.thread_time()
    refused(typed)
    return time.thread_time() - start


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


def test_the_docstring_teaches_and_cites() -> None:
    doc = inspect.getdoc(formula) or ""
    assert doc.count("$$") == 2
    assert re.search(r"\((18|19|20)\d\d\)", doc)


# Writing.


@pytest.mark.parametrize(
    "typed, written",
    [
        ("(1-x)**2+100*(y-x**2)**2", r"\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2}"),
        ("x/(1+y)", r"\frac{x}{1 + y}"),
        ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
        ("sin(2*pi*x)**2", r"\sin^{2}\left(2 \pi x\right)"),
        ("sin(x)**-1", r"\left(\sin\left(x\right)\right)^{-1}"),
        ("exp(-x**2)*y", r"e^{-x^{2}} y"),
        ("exp(x)**2", r"\left(e^{x}\right)^{2}"),
        ("sqrt(abs(x-y))", r"\sqrt{\left|x - y\right|}"),
        ("2*3*(1/2)*x*5", r"2 \cdot 3 \cdot \frac{1}{2} x \cdot 5"),
        ("x*-y + -x", r"x \left(-y\right) + \left(-x\right)"),
        ("x - (y - 1) - -2", r"x - \left(y - 1\right) - \left(-2\right)"),
        ("-(x + y)", r"-\left(x + y\right)"),
        ("max(log(x), log2(y) + e)", r"\max\left(\ln\left(x\right), \log_{2}\left(y\right) + e\right)"),
        ("1e-7*x + 2.5e20", r"10^{-7} x + 2.5 \cdot 10^{20}"),
        ("2**x**y", r"2^{x^{y}}"),
        ("(x**2)**y", r"\left(x^{2}\right)^{y}"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
    ],
)
def test_latex_has_the_brackets_it_needs(typed: str, written: str) -> None:
    assert latex(parse(typed)) == written


numbers = st.one_of(
    st.integers(0, 12).map(float), st.floats(0, 1e300, allow_nan=False), st.floats(0.01, 9).map(lambda v: round(v, 2))
).map(lambda value: Number(abs(value)))  # no -0.0
names = st.sampled_from(["x", "y", "x", "y", *CONSTANTS]).map(Name)


def applied(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    ones = st.sampled_from(["neg", *(word for word in FUNCTIONS if word not in {"min", "max"})])
    twos = st.sampled_from(["+", "-", "*", "/", "**", "min", "max"])
    return st.one_of(
        st.builds(lambda word, u: Apply(word, (u,)), ones, inner),
        st.builds(lambda word, u, v: Apply(word, (u, v)), twos, inner, inner),
    )


trees = st.recursive(numbers | names, applied, max_leaves=16)
ordinary = st.recursive(st.integers(1, 4).map(lambda n: Number(float(n))) | names, applied, max_leaves=8)
often = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@often
@given(trees)
def test_what_is_written_reads_back_as_the_same_tree(tree: Tree) -> None:
    assume(len(text(tree)) <= LONGEST)
    assert parse(text(tree)) == tree


@often
@given(trees)
def test_latex_is_made_of_known_words_in_paired_braces(tree: Tree) -> None:
    written = latex(tree)
    assert re.fullmatch(r"(\\[a-z]+|[-0-9xye .,+(){}^_|])*", written)
    assert written.count("{") == written.count("}")
    assert written.count(r"\left") == written.count(r"\right")
    assert not re.search(r"[-+] -|\d \d", written)


@often
@given(ordinary, st.integers(0, 1000))
def test_derivatives_of_any_formula_are_those_of_its_value(tree: Tree, seed: int) -> None:
    """Where two step lengths of the differences agree to 1e-5, the derivative agrees with them to 1e-4.

    Elsewhere there is a kink, an edge of the domain or an overflow nearby, and differences know nothing.
    """
    try:
        surface = formula(text(tree), **VIEW)
    except FormulaError:
        assume(False)
    p = random_points(surface, (12,), seed=seed)
    with np.errstate(all="ignore"):
        for f, derivative in ((surface.value, surface.grad), (surface.grad, surface.hess)):
            exact, fine, coarse = derivative(p), centred(f, p, 1e-5), centred(f, p, 3e-5)
            noise = 1e-10 * np.abs(f(p)).max(axis=tuple(range(f(p).ndim - 1)))
            known = np.isfinite(exact) & np.isfinite(fine) & np.isfinite(coarse) & (np.abs(fine) < 1e6)
            known &= np.abs(fine - coarse) <= 1e-5 * np.abs(fine) + noise
            np.testing.assert_array_less(
                np.abs(exact - fine)[known], (1e-4 * np.abs(fine) + 10 * noise + 1e-8)[known], err_msg=text(tree)
            )


@often
@given(st.text(max_size=30) | st.text("xy()+-*/. 19ensi,^_=[]:'\"\\", max_size=60))
def test_any_text_is_a_formula_or_refused(typed: str) -> None:
    try:
        formula(typed)
    except FormulaError as refusal:
        assert str(refusal)


# Cost.

LARGEST = [
    "sin(" * 39 + "x*y" + ")" * 39,
    "x/(1+" * 24 + "y" + ")" * 24,
    "*".join(f"(x+{n}*y)" for n in range(1, 17)),
    "+".join(["x*y"] * 25),
    "exp(x)**" * 16 + "y",
    "-" * 59 + "x",
    "max(x*y," * 20 + "x" + ")" * 20,
    "tanh(" * 32 + "x*y" + ")" * 32,
    "sqrt(x*" * 24 + "y" + ")" * 24,
]


@pytest.mark.parametrize("typed", LARGEST)
def test_the_largest_formulas_need_little_room(typed: str) -> None:
    """Little memory on a grid, and far from the limit of recursion."""

    def below(frames: int) -> Surface:
        return below(frames - 1) if frames else formula(typed, (0.1, 1), (0.1, 1))

    surface = below(400)
    grid = np.full((2, 100, 100), 0.5)
    tracemalloc.start()
    surface.hess(grid)
    assert tracemalloc.get_traced_memory()[1] < 200 * grid.nbytes
    tracemalloc.stop()
