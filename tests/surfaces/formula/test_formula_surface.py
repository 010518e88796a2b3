"""A visitor's formula: its value and derivatives are exact, and it is written as mathematics."""

import inspect
import math
import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.formula.expression_tree import FUNCTIONS, Tree
from surfaces.formula.formula_reader import FormulaError, parse_formula
from surfaces.formula.formula_surface import formula
from surfaces.formula.text_and_latex_printer import OTHERWISE, to_latex, to_text
from tests.support.derivative_checks import box_sides, draw_points, relative_error, richardson
from tests.support.finite_differences import central_difference
from tests.support.formula_trees import ordinary_trees, trees
from tests.support.python_formulas import evaluate_as_python
from tests.support.typed_formulas import CATALOGUE_FORMULAS, LARGEST_FORMULAS, RULE_FORMULAS

VIEW = {"x": (-1.2, 1.3), "y": (0.2, 1.9)}


def as_written(name: str) -> tuple[Surface, Surface]:
    known = SURFACES[name]()
    return known, formula(CATALOGUE_FORMULAS[name], *known.box, start=known.start)


@pytest.mark.parametrize("name", CATALOGUE_FORMULAS)
def test_a_formula_is_the_surface_it_describes(name: str) -> None:
    """To 1e-12 of the largest value in the view: differently ordered sums differ by round-off of their largest term."""
    known, typed = as_written(name)
    p = draw_points(known, (300,), seed=2)
    for mine, theirs in ((typed.value, known.value), (typed.grad, known.grad), (typed.hess, known.hess)):
        expected = theirs(p)
        np.testing.assert_allclose(mine(p), expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())
    assert (typed.box, typed.start, typed.minima) == (known.box, known.start, ())


@pytest.mark.parametrize("typed", RULE_FORMULAS)
def test_gradient_and_hessian_are_those_of_the_value(typed: str) -> None:
    """As in test_surfaces: 1e-7 leaves room for round-off where a slope is small against the value."""
    surface = formula(typed, **VIEW)
    p = draw_points(surface, (40,), seed=3)
    h = 1e-4 * box_sides(surface)
    grad, hess = surface.grad(p), surface.hess(p)
    assert grad.shape == (2, 40)
    assert hess.shape == (2, 2, 40)
    assert relative_error(grad, richardson(surface.value, p, h)).max() < 1e-7
    assert relative_error(hess, richardson(surface.grad, p, h)).max() < 1e-7


@pytest.mark.parametrize("typed", [typed for typed in RULE_FORMULAS if "1/0" not in typed and typed != "0*log(x)"])
def test_the_value_is_that_of_python(typed: str) -> None:
    """To a few roundings; erf, sigmoid and others are compared with another formula for them."""
    surface = formula(typed, **VIEW)
    p = draw_points(surface, (60,), seed=4)
    right = [evaluate_as_python(typed, x, y) for x, y in p.T]
    np.testing.assert_allclose(surface.value(p), right, rtol=1e-11, atol=1e-13)


TRUTHS: dict[str, tuple] = {  # f, f', f'' at u: by the standard library or by hand
    "sigmoid(x)": (
        lambda u: 1 / (1 + math.exp(-u)),
        lambda u: 1 / (2 + 2 * math.cosh(u)),
        lambda u: -math.tanh(u / 2) / (2 + 2 * math.cosh(u)),
    ),
    "softplus(x)": (
        lambda u: math.log1p(math.exp(-abs(u))) + max(u, 0.0),
        lambda u: 1 / (1 + math.exp(-u)),
        lambda u: 1 / (2 + 2 * math.cosh(u)),
    ),
    "erf(x)": (
        math.erf,
        lambda u: 2 / math.sqrt(math.pi) * math.exp(-u * u),
        lambda u: -4 * u / math.sqrt(math.pi) * math.exp(-u * u),
    ),
    "cbrt(x)": (
        lambda u: math.copysign(abs(u) ** (1 / 3), u),
        lambda u: abs(u) ** (-2 / 3) / 3,
        lambda u: -2 / 9 * math.copysign(abs(u) ** (-5 / 3), u),
    ),
    "relu(x)": (lambda u: max(u, 0.0), lambda u: float(u > 0), lambda u: 0.0),
    "sign(x)": (lambda u: math.copysign(1, u), lambda u: 0.0, lambda u: 0.0),
    "floor(x)": (math.floor, lambda u: 0.0, lambda u: 0.0),
    "mod(x, 0.75)": (lambda u: u - 0.75 * math.floor(u / 0.75), lambda u: 1.0, lambda u: 0.0),
    "atan2(x, 2)": (lambda u: math.atan2(u, 2), lambda u: 2 / (u * u + 4), lambda u: -4 * u / (u * u + 4) ** 2),
    "atan2(x, -2)": (lambda u: math.atan2(u, -2), lambda u: -2 / (u * u + 4), lambda u: 4 * u / (u * u + 4) ** 2),
    "max(x, 1, -3)": (lambda u: max(u, 1, -3), lambda u: float(u > 1), lambda u: 0.0),
    "where(x > 1, x**3, x)": (
        lambda u: u**3 if u > 1 else u,
        lambda u: 3 * u * u if u > 1 else 1.0,
        lambda u: 6 * u if u > 1 else 0.0,
    ),
}


@pytest.mark.parametrize("typed", TRUTHS)
def test_a_function_has_its_value_slope_and_curvature(typed: str) -> None:
    """To a few roundings, also far out, where a careless form overflows or cancels."""
    surface = formula(typed, start=(0.6, 0.3))
    u = np.array([*np.linspace(-9.05, 9.1, 23), -1e-3, 1e-3, 0.9, 30.5, -30.5, 300.5, -300.5])
    p = np.array((u, np.zeros_like(u)))
    f, slope, bend = (np.array([of(float(one)) for one in u]) for of in TRUTHS[typed])
    np.testing.assert_allclose(surface.value(p), f, rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(surface.grad(p)[0], slope, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(surface.hess(p)[0, 0], bend, rtol=1e-11, atol=1e-300)
    assert not surface.grad(p)[1].any() and not surface.hess(p)[:, 1].any()


@pytest.mark.parametrize("typed", ["sigmoid(x)", "softplus(x)", "relu(x)", "erf(x)", "sigmoid(x)*softplus(-x)"])
def test_far_out_nothing_overflows(typed: str) -> None:
    p = np.array(((-1e300, -1000.0, 1000.0, 1e300), (0.0,) * 4))
    surface = formula(typed)
    for f in (surface.value, surface.grad, surface.hess):
        assert np.isfinite(f(p)).all()


@pytest.mark.parametrize("typed", [*CATALOGUE_FORMULAS.values(), *RULE_FORMULAS])
def test_lanes_are_independent_and_have_their_shape(typed: str) -> None:
    """A batch is the same as its points alone, constants included; points are left alone, and are not handed out."""
    surface = formula(typed, **VIEW)
    p = draw_points(surface, (3, 4), seed=5)
    before = p.copy()
    for f, shape in ((surface.value, ()), (surface.grad, (2,)), (surface.hess, (2, 2))):
        together = f(p)
        assert together.shape == (*shape, 3, 4)
        alone = np.moveaxis(np.array([[f(p[:, i, j]) for j in range(4)] for i in range(3)]), (0, 1), (-2, -1))
        np.testing.assert_allclose(together, alone, rtol=1e-11, atol=1e-13 * np.abs(together).max())
        assert not np.shares_memory(together, p)
    np.testing.assert_array_equal(p, before)
    np.testing.assert_array_equal(surface.hess(p)[0, 1], surface.hess(p)[1, 0])


@pytest.mark.parametrize("typed", ["log(x)", "log2(x)", "log10(x)", "sqrt(x)", "x**0.5", "x**y", "arcsin(x + 2)"])
def test_outside_its_domain_a_formula_is_nan_and_so_is_its_slope(typed: str) -> None:
    """A run that leaves the domain ends there instead of following a slope that means nothing."""
    surface = formula(typed, start=(0.5, 0.5) if "arc" not in typed else (-2, 0))
    p = np.array((-0.5, 0.5))
    p = p if "arc" not in typed else np.array((1.0, 0.0))
    assert np.isnan(surface.value(p))
    assert np.isnan(surface.grad(p)).any()


def test_the_docstring_teaches_and_cites() -> None:
    doc = inspect.getdoc(formula) or ""
    assert doc.count("$$") == 2
    assert re.search(r"\((18|19|20)\d\d\)", doc)


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
        ("cbrt(x) + floor(y)", r"\sqrt[3]{x} + \left\lfloor y \right\rfloor"),
        ("sigmoid(x)**2*relu(y)", r"\sigma^{2}\left(x\right) \operatorname{relu}\left(y\right)"),
        ("2*mod(x + 1, y)", r"2 \left(\left(x + 1\right) \bmod y\right)"),
        ("max(x, y, 1)", r"\max\left(x, y, 1\right)"),
        (
            "where(0 < x <= 1 and y != 2, x, -x)",
            r"\begin{cases} x & 0 < x \le 1 \land y \ne 2 \\ -x & \text{otherwise} \end{cases}",
        ),
    ],
)
def test_latex_has_the_brackets_it_needs(typed: str, written: str) -> None:
    assert to_latex(parse_formula(typed)) == written


often = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@often
@given(trees)
def test_latex_is_made_of_known_words_in_paired_braces(tree: Tree) -> None:
    written = to_latex(tree)
    apart = written.replace(OTHERWISE, "").replace(r"\\", "")
    for word in re.findall(r"\\operatorname\{([a-z0-9]+)\}", apart):
        assert word in FUNCTIONS
    apart = re.sub(r"\\operatorname\{\w+\}|\{cases\}", "", apart)
    assert re.fullmatch(r"(\\[a-z]+|[-0-9xye .,+(){}^_|<>=&\[\]])*", apart)
    assert written.count("{") == written.count("}")
    assert written.count(r"\left") == written.count(r"\right")
    assert not re.search(r"[-+] -|\d \d", written)


@often
@given(ordinary_trees, st.integers(0, 1000))
def test_derivatives_of_any_formula_are_those_of_its_value(tree: Tree, seed: int) -> None:
    """Where two step lengths of the differences agree to 1e-5, the derivative agrees with them to 1e-4.

    Elsewhere there is a kink, an edge of the domain or an overflow nearby, and differences know nothing.
    """
    try:
        surface = formula(to_text(tree), **VIEW)
    except FormulaError:
        assume(False)
    p = draw_points(surface, (12,), seed=seed)
    with np.errstate(all="ignore"):
        for f, derivative in ((surface.value, surface.grad), (surface.grad, surface.hess)):
            exact, fine, coarse = derivative(p), central_difference(f, p, 1e-5), central_difference(f, p, 3e-5)
            noise = 1e-10 * np.abs(f(p)).max(axis=tuple(range(f(p).ndim - 1)))
            known = np.isfinite(exact) & np.isfinite(fine) & np.isfinite(coarse) & (np.abs(fine) < 1e6)
            known &= np.abs(fine - coarse) <= 1e-5 * np.abs(fine) + noise
            np.testing.assert_array_less(
                np.abs(exact - fine)[known], (1e-4 * np.abs(fine) + 10 * noise + 1e-8)[known], err_msg=to_text(tree)
            )


@pytest.mark.parametrize("typed", LARGEST_FORMULAS)
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
