"""From a scene to what is checked: the function, its gradient and the point, and the sentences that describe them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np

from app.check_scenes.check_scene import (
    OWN_DATA,
    CheckScene,
    FormulaTarget,
    GradientFault,
    ModelTarget,
    Precision,
    SurfaceTarget,
    Target,
)
from app.compute.cached_simulation import build_surface
from app.compute.fair_scheduling import checkpoint
from app.model.scene import MAX_COORDINATE, UserError
from optimizers.catalogue import OPTIMIZERS
from surfaces.formula.derivatives import differentiate
from surfaces.formula.evaluator import make_evaluator
from surfaces.formula.expression_tree import Apply, Tree
from surfaces.formula.formula_reader import parse_formula
from surfaces.formula.simplification import simplify
from surfaces.gradient_check.checked_function import CheckedFunction, Point
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.loss_scaling import scale_loss
from surfaces.gradient_check.relative_error import relative_error_of_norms
from surfaces.models.catalogue import build_classifier
from surfaces.models.classification_table import parse_classification_table
from surfaces.models.classifier import Classifier
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.parameter_blocks import ParameterBlock, ParameterLayout

KINKED_SURFACES = frozenset(("absolute", "hinge", "relu_valley", "bukin6", "ackley", "eggholder", "linear_svm"))
KINKED_FUNCTIONS = frozenset(("abs", "min", "max", "relu", "where", "sign", "floor", "mod"))  # of formulas
PLANE = ParameterLayout((ParameterBlock("x", (), 0, 1), ParameterBlock("y", (), 1, 2)))
COMPLEX_STEP_AGREEMENT = 1e-9  # of the complex step with a gradient that is exact: a program that is not analytic fails
TRAINING_RATE, TRAINING_BATCH = 0.003, 32  # of the warm-up with Adam
MASK_STEP = 1  # the step of training whose dropout mask is taken


@dataclass(frozen=True, eq=False)
class CheckedProblem:
    """The function to check, and a function that finds its point, by a training that may take a second."""

    function: CheckedFunction
    layout: ParameterLayout
    find_point: Callable[[], Point]  # (d,), float64
    classifier: Classifier | None = None
    is_repeatable: bool = True  # two evaluations at one point give one value

    @property
    def size(self) -> int:
        return self.layout.size


@lru_cache(maxsize=32)
def build_problem(target: Target, seed: int, scale: float = 1.0) -> CheckedProblem:
    """The problem of a scene. Raises `UserError` if the target cannot be checked."""
    match target:
        case SurfaceTarget():
            problem = build_surface_problem(target)
        case FormulaTarget():
            problem = build_formula_problem(target)
        case ModelTarget():
            problem = build_model_problem(target, seed)
    return problem if scale == 1.0 else replace(problem, function=scale_loss(problem.function, scale))


def get_problem(scene: CheckScene) -> CheckedProblem:
    return build_problem(scene.target, scene.seed, scene.scale)


def settle_method(scene: CheckScene) -> CheckScene:
    """The scene with centred differences, if the function is not analytic: the complex step would be wrong."""
    if scene.method is Method.COMPLEX_STEP and not get_problem(scene).function.is_analytic:
        return replace(scene, method=Method.CENTRED)
    return scene


def make_interruptible(function: CheckedFunction) -> CheckedFunction:
    """The function with a checkpoint before each evaluation, so that other visitors' work has its turn."""

    def value(p: Any) -> Any:
        checkpoint()
        return function.value(p)

    return replace(function, value=value)


# ---- surfaces


def build_surface_problem(target: SurfaceTarget) -> CheckedProblem:
    surface, x = build_surface(target.surface), np.array(target.point)
    if not np.isfinite(surface.value(x)) or not np.isfinite(surface.grad(x)).all():
        raise UserError("At ({x:g}, {y:g}) the function or its slope is not finite.", x=x[0], y=x[1])
    has_kinks = target.surface.name in KINKED_SURFACES
    is_analytic = not has_kinks and allows_complex_step(surface.value, surface.grad(x), x)
    function = CheckedFunction(surface.value, surface.grad, PLANE, has_kinks=has_kinks, is_analytic=is_analytic)
    return CheckedProblem(function, PLANE, lambda: x)


def allows_complex_step(value: Callable[[Any], Any], gradient: Point, x: Point) -> bool:
    """Whether the program of a function takes complex numbers, and the complex step agrees with an exact gradient."""
    slopes = np.empty(len(x))
    try:
        with np.errstate(all="ignore"):
            for i in range(len(x)):
                z = x.astype(np.complex128)
                z[i] += 1e-20j
                slopes[i] = complex(value(z)).imag / 1e-20
    except TypeError:  # a function of NumPy's that takes no complex numbers
        return False
    return bool(relative_error_of_norms(gradient, slopes) < COMPLEX_STEP_AGREEMENT)


# ---- formulas


def build_formula_problem(target: FormulaTarget) -> CheckedProblem:
    tree = simplify(parse_formula(target.f))
    run_value = make_evaluator(tree)
    run_gradient = make_evaluator(simplify(parse_formula(target.dx)), simplify(parse_formula(target.dy)))
    run_exact = make_evaluator(differentiate(tree, "x", {}), differentiate(tree, "y", {}))
    x = np.array(target.point)

    def value(p: Any) -> Any:
        return run_value(p)[0]

    def grad(p: Any) -> Any:
        return np.array(run_gradient(p), dtype=p.dtype)

    for words, found in (("f", value(x)), ("∂f/∂x", grad(x)[0]), ("∂f/∂y", grad(x)[1])):
        if not np.isfinite(found):
            raise UserError("At ({x:g}, {y:g}) {name} is not finite.", x=x[0], y=x[1], name=words)
    has_kinks = names_of(tree) & KINKED_FUNCTIONS != set()
    is_analytic = not has_kinks and allows_complex_step(value, np.array(run_exact(x), dtype=np.float64), x)
    function = CheckedFunction(value, grad, PLANE, has_kinks=has_kinks, is_analytic=is_analytic)
    return CheckedProblem(function, PLANE, lambda: x)


def names_of(tree: Tree) -> set[str]:
    """The operators and functions of a formula."""
    return {tree.name}.union(*map(names_of, tree.args)) if isinstance(tree, Apply) else set()


def check_point(value: float) -> float:
    if not abs(value) <= MAX_COORDINATE:
        raise UserError("A coordinate must be a number from -{limit:,.0f} to {limit:,.0f}.", limit=MAX_COORDINATE)
    return value


# ---- models


def make_classifier(target: ModelTarget, seed: int) -> Classifier:
    classifier = build_classifier(
        data=parse_classification_table(target.table) if target.data == OWN_DATA else target.data, model=target.kind,
        hidden=(target.width,) * (target.depth - 1), activation=target.activation, initialization=target.initialization,
        l2=target.l2, dropout=target.dropout, sample_count=target.samples, seed=seed,
    )  # fmt: skip
    return replace(classifier, network=replace(classifier.network, before_layer=checkpoint))  # one layer may take 10 ms


def build_model_problem(target: ModelTarget, seed: int) -> CheckedProblem:
    classifier = make_classifier(target, seed)
    network = classifier.network
    loss = classifier.full_loss if not target.dropout else classifier.step_loss(MASK_STEP)
    value = loss.value if target.fixed_mask else draw_mask_each_time(classifier)
    function = CheckedFunction(
        value,
        make_faulty(target.fault, classifier, loss),
        network.layout,
        has_kinks=not network.is_analytic,
        is_analytic=network.is_analytic and target.fixed_mask,
        depth=network.depth,
        count_kink_crossings=lambda p, q: loss.count_kink_crossings(p, q).total,
        find_crossed_units=loss.find_crossed_units,
        takes_lanes=target.fixed_mask,  # else each evaluation draws a mask of its own
    )
    return CheckedProblem(function, network.layout, lambda: train(target, seed), classifier, target.fixed_mask)


def draw_mask_each_time(classifier: Classifier) -> Callable[[Any], Any]:
    """The loss with another dropout mask in every evaluation: the trap of dropout without a seed."""
    steps = count(MASK_STEP + 1)
    return lambda p: classifier.step_loss(next(steps)).value(p)


def make_faulty(fault: GradientFault, classifier: Classifier, loss: NetworkLoss) -> Callable[[Any], Any]:
    """The gradient of the loss, with the fault."""
    layout, l2 = classifier.layout, classifier.network.l2

    def halve_data_gradient(p: Any) -> Any:
        weights, g = layout.unpack(p), layout.unpack(loss.grad(p))
        halved = {name: (g[name] + l2 * weights[name]) / 2 if name.startswith("W") else g[name] for name in g}
        return layout.pack(halved)

    def forget_last_biases(p: Any) -> Any:
        g, block = loss.grad(p).copy(), layout.blocks[-1]
        g[block.start : block.stop] = 0
        return g

    def count_every_margin(p: Any) -> Any:
        n, class_count = len(loss.classes), len(classifier.data.class_names)
        dS = np.ones((n, class_count), dtype=p.dtype) / n  # for all classes but the right one, whatever their margins
        dS[np.arange(n), loss.classes] = -(class_count - 1) / n
        W = layout.unpack(p)["W1"]
        return layout.pack({"W1": loss.inputs.astype(p.dtype).T @ dS + l2 * W, "b1": dS.sum(axis=0)})

    return {
        GradientFault.NONE: loss.grad, GradientFault.HALF: halve_data_gradient, GradientFault.BIAS: forget_last_biases,
        GradientFault.MARGIN: count_every_margin,
    }[fault]  # fmt: skip


@lru_cache(maxsize=16)
def train(target: ModelTarget, seed: int) -> Point:
    """The weights after `warmup` steps of Adam on minibatches of the samples; they are trained without the fault."""
    classifier = make_classifier(target, seed)
    classifier = replace(classifier, batch_size=min(TRAINING_BATCH, classifier.sample_count))
    optimizer, x = OPTIMIZERS["adam"](lr=TRAINING_RATE), classifier.start
    state = optimizer.init(x)
    for t in range(1, target.warmup + 1):
        checkpoint()
        x, state = optimizer.step(classifier.at(t), x, state, t)
    return x


def cast(x: Point, precision: Precision) -> Point:
    return x.astype(precision.dtype)
