"""A gradient check in words: what is checked, and how."""

from dataclasses import replace

from app.check_scenes.check_scene import CheckScene, FormulaTarget, GradientFault, ModelTarget, SurfaceTarget
from app.check_scenes.checked_problem import CheckedProblem, get_problem
from app.check_scenes.choice_titles import METHOD_TITLES, PRECISION_TITLES, WORD_TITLES
from app.check_scenes.traps import TRAPS
from app.model.display_names import get_display_name
from app.translation import translate
from surfaces.number_format import format_number


def name_check(scene: CheckScene) -> str:
    """The check in a few words: its trap, else what is checked."""
    if scene.trap:
        return translate(TRAPS[scene.trap].title)
    match scene.target:
        case SurfaceTarget(surface, _):
            return get_display_name(surface.name)
        case ModelTarget():
            return translate(WORD_TITLES[scene.target.kind])
    return describe_target(scene)


def without_fault(scene: CheckScene) -> CheckScene:
    """The scene without its fault and its trap, as it is described to an audience that is to find the fault."""
    faultless = scene.with_model(fault=GradientFault.NONE) if isinstance(scene.target, ModelTarget) else scene
    return replace(faultless, trap="")


def describe_check(scene: CheckScene) -> str:
    """Describe in a line what is checked, and how."""
    how = (translate(METHOD_TITLES[scene.method]), PRECISION_TITLES[scene.precision], f"h = {format_number(scene.h)}")
    return " · ".join((describe_target(scene), *how))


def describe_target(scene: CheckScene) -> str:
    """Describe in a line what is checked."""
    target = scene.target
    match target:
        case SurfaceTarget(surface, (x, y)):
            return translate("{name} at ({x}, {y})", name=get_display_name(surface.name), x=f"{x:.5g}", y=f"{y:.5g}")
        case FormulaTarget():
            return f"f(x, y) = {target.f}"
        case ModelTarget():
            return " · ".join(describe_model(target, get_problem(scene)))


def describe_model(target: ModelTarget, problem: CheckedProblem) -> list[str]:
    count = problem.classifier.sample_count if problem.classifier else target.samples
    model = translate(WORD_TITLES[target.kind])
    if target.kind == "network":
        model = translate(
            "Network of {depth} layers, {width} hidden units, {activation}",
            depth=target.depth, width=target.width, activation=translate(WORD_TITLES[target.activation]),
        )  # fmt: skip
    parts = [model, translate("{data}, {samples} samples", data=translate(WORD_TITLES[target.data]), samples=count)]
    parts += [f"λ = {target.l2:g}"] if target.l2 else []
    parts += [translate("dropout {p}", p=f"{target.dropout:g}")] if target.dropout else []
    parts += [translate("after {steps} training steps", steps=target.warmup)] if target.warmup else []
    fault = translate(WORD_TITLES[target.fault])
    return [*parts, translate("fault: {fault}", fault=fault)] if target.fault is not GradientFault.NONE else parts
