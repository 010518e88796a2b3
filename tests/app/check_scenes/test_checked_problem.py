"""The problems of gradient checks: surfaces, formulas and models as functions with gradients, and the faults."""

from dataclasses import replace

import numpy as np
import pytest

from app.check_scenes import checked_problem
from app.check_scenes.check_link import SURFACE_NAMES, choose_surface, make_formula_target
from app.check_scenes.check_scene import DEFAULT_SCENE, CheckScene, FormulaTarget, GradientFault, ModelTarget
from app.check_scenes.checked_problem import (
    KINKED_SURFACES,
    build_problem,
    get_problem,
    settle_method,
)
from app.model.scene import UserError
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.relative_error import relative_error_of_norms
from surfaces.models.classification_table import parse_classification_table
from tests.support.derivative_checks import KINKS
from tests.support.numeric_gradients import numeric_gradient

SMALL = ModelTarget(data="xor", samples=8, width=4)


def error_of(scene: CheckScene, method: Method = Method.CENTRED, h: float = 1e-5) -> float:
    problem = get_problem(scene)
    x = problem.find_point()
    entries = np.arange(problem.size)
    numeric = numeric_gradient(problem.function.value, x, entries, method, h)
    return float(relative_error_of_norms(problem.function.analytic_gradient(x), numeric))


def test_the_surfaces_with_kinks_are_those_of_the_tests() -> None:
    assert set(KINKS) == KINKED_SURFACES


@pytest.mark.parametrize("name", SURFACE_NAMES)
def test_the_complex_step_is_offered_only_where_it_is_exact(name: str) -> None:
    problem = build_problem(choose_surface(name), 0)
    if problem.function.is_analytic:  # 1e-12: a few roundings of the function, times its condition
        assert error_of(CheckScene(choose_surface(name)), Method.COMPLEX_STEP, 1e-20) < 1e-12


def test_a_method_that_does_not_apply_gives_way_to_centred_differences() -> None:
    relu = replace(DEFAULT_SCENE.with_model(activation="relu"), method=Method.COMPLEX_STEP)
    assert settle_method(relu).method is Method.CENTRED
    assert settle_method(replace(DEFAULT_SCENE, method=Method.COMPLEX_STEP)).method is Method.COMPLEX_STEP


@pytest.mark.parametrize(
    "parts, wrong",
    [
        ({"f": "x^2 y + sin y", "dx": "2 x y", "dy": "x^2 + cos y"}, ()),
        ({"f": "x^2 y + sin y", "dx": "2 x", "dy": "x^2 + cos y"}, (0,)),
        ({"f": "x^2 y + sin y", "dx": "2 x y", "dy": "x^2 - cos y"}, (1,)),
        ({"f": "7", "dx": "0", "dy": "1"}, (1,)),
    ],
)
def test_a_typed_gradient_is_taken_as_it_is(parts: dict[str, str], wrong: tuple[int, ...]) -> None:
    problem = build_problem(make_formula_target(parts, (1.2, 0.7)), 0)
    x = problem.find_point()
    numeric = numeric_gradient(problem.function.value, x, np.arange(2), Method.CENTRED, 1e-5)
    is_off = ~np.isclose(problem.function.analytic_gradient(x), numeric, rtol=1e-7, atol=1e-7)
    assert tuple(np.flatnonzero(is_off)) == wrong


@pytest.mark.parametrize("parts", [{"f": "log(x)", "dx": "1", "dy": "1"}, {"f": "x", "dx": "1/(x+1)", "dy": "0"}])
def test_a_formula_that_is_not_finite_at_the_point_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(UserError, match="is not finite"):
        build_problem(make_formula_target({"dy": "0", **parts}, (-1.0, 0.0)), 0)


@pytest.mark.parametrize("f, has_kinks", [("abs(x)", True), ("max(x, y)", True), ("exp(x) + y^3", False)])
def test_kinks_of_a_formula_are_known(f: str, has_kinks: bool) -> None:
    target = FormulaTarget(f, "0", "0")
    function = build_problem(target, 0).function
    assert (function.has_kinks, function.is_analytic) == (has_kinks, not has_kinks)


@pytest.mark.parametrize("kind", ["softmax", "svm", "network"])
@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_the_gradient_of_a_model_is_right_and_each_fault_is_one(kind: str, l2: float) -> None:
    for fault in GradientFault:
        model = ModelTarget(samples=8, width=4, kind=kind, l2=l2, warmup=20)
        scene = CheckScene(model).with_model(fault=fault)
        is_faulty = scene.target.fault is not GradientFault.NONE
        assert (error_of(scene) > 1e-3) == is_faulty, fault  # 1e-3 is far from both: right ones are below 1e-7


def test_the_warm_up_trains_and_is_repeatable() -> None:
    before, after = (get_problem(CheckScene(SMALL._replace(warmup=n))) for n in (0, 100))
    x, y = before.find_point(), after.find_point()
    assert after.function.value(y) < before.function.value(x)
    np.testing.assert_array_equal(y, after.find_point())


def test_a_seeded_mask_is_the_same_each_time_and_another_is_not() -> None:
    for fixed in (True, False):
        problem = get_problem(CheckScene(SMALL._replace(dropout=0.5, fixed_mask=fixed)))
        x = problem.find_point()
        assert (problem.function.value(x) == problem.function.value(x)) == fixed


BAD_TABLES = [
    "1,a\n2,a\n",
    "1,a\n,b\n",
    "one,a\ntwo,b\n",
    "nan,a\n1,b\n",
    "1,a\ninf,b\n",
    "",
    "1\n2\n",
    "x" * 10_000_000,
]


@pytest.mark.parametrize("text", BAD_TABLES, ids=lambda text: repr(text[:20]))
def test_a_bad_table_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_classification_table(text)
    assert refused.value.message


@pytest.mark.parametrize(
    "target",
    [
        SMALL,
        SMALL._replace(activation="relu"),
        SMALL._replace(dropout=0.5),
        ModelTarget(kind="svm", data="xor", samples=8),
    ],
    ids=["tanh", "relu", "seeded dropout", "svm"],
)
def test_the_job_evaluates_many_points_at_once_and_finds_what_one_point_does(target: ModelTarget) -> None:
    function = build_problem(target, 0).function
    points = build_problem(target, 0).find_point()[:, None] + np.array([0.0, 0.1, -0.3])
    assert function.takes_lanes
    alone = [function.value(p.copy()) for p in points.T]
    np.testing.assert_allclose(function.value(points), alone, rtol=1e-12)  # sums in another order
    crossings = function.count_kink_crossings
    assert crossings(points, points[:, ::-1]).tolist() == [
        int(crossings(p.copy(), q.copy())) for p, q in zip(points.T, points.T[::-1], strict=True)
    ]


def test_each_evaluation_without_a_seed_draws_a_mask_of_its_own() -> None:
    """Many points at once would share one."""
    function = build_problem(SMALL._replace(dropout=0.5, fixed_mask=False), 0).function
    x = build_problem(SMALL, 0).find_point()
    assert not function.takes_lanes and len({float(function.value(x)) for _ in range(8)}) > 1


def test_a_check_of_a_large_network_can_be_paused_before_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An evaluation over 2,000 samples takes tens of milliseconds, in which another visitor's slider would wait."""
    target = ModelTarget(data="xor", samples=8, width=4, depth=6)
    pauses: list[int] = []
    monkeypatch.setattr(checked_problem, "checkpoint", lambda: pauses.append(1))
    checked_problem.build_problem.cache_clear()
    problem = checked_problem.build_problem(target, 0)
    x = problem.find_point()
    pauses.clear()
    problem.function.value(x)
    assert len(pauses) == target.depth
    problem.function.grad(x)
    assert len(pauses) == 3 * target.depth  # forward once more, and back
    checked_problem.build_problem.cache_clear()
