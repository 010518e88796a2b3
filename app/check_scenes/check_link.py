"""A scene of the gradient check as the parameters of a link, and back; what cannot be read becomes a `Fault`.

of=network(activation=relu,depth=3)   or rosenbrock(b=10), softmax(l2=0.1), formula
at=1.2,0.7                            the point of a surface or formula
f=x**2&dx=2*x&dy=0                    what was typed
table=...                             the visitor's own data, if they are short
how=centred(h=1e-06,precision=float32)
trap=single
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.check_scenes.check_scene import (
    DEFAULT_SCENE,
    HOW,
    MODEL_WORDS,
    NETWORK_ONLY,
    OWN_DATA,
    CheckScene,
    FormulaTarget,
    ModelTarget,
    SurfaceTarget,
    Target,
    check_choice,
    check_model_choice,
    make_model,
)
from app.check_scenes.checked_problem import build_problem, check_point, settle_method
from app.check_scenes.traps import TRAPS, set_trap
from app.model.call_reader import NOTHING, CallReader, ParsedScene
from app.model.call_syntax import MAX_LINKED_TABLE, get_name, read_literal, shorten, write_call, write_number
from app.model.scene import Call, UserError, make_call, reject_argument, reject_maker_name
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_reader import read_formula
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.catalogue import MODELS
from surfaces.models.classification_table import parse_classification_table
from surfaces.translatable import Translatable

PARAMETERS = ("of", "at", "f", "dx", "dy", "table", "how", "trap")
FORMULA = "formula"
FORMULA_PARTS = ("f", "dx", "dy")
MODEL_ARGUMENTS = tuple(name for name in ModelTarget._fields if name not in ("kind", "table"))
HOW_ARGUMENTS = ("h", "precision", "entries", "scale", "seed")
SURFACE_NAMES = tuple(name for name in SURFACES if name not in ("formula", "data"))


# ---- writing


def write_parameters(scene: CheckScene, max_table: int = MAX_LINKED_TABLE) -> list[tuple[str, str]]:
    """The parameters of a link to the scene: what is at its default is left out, and a table that is too long."""
    default, target = get_base(scene.trap), scene.target
    pairs: list[tuple[str, str]] = []
    match target:
        case default.target:
            pass
        case SurfaceTarget(surface, point):
            pairs += [("of", write_call(surface, SURFACES))]
            pairs += [("at", write_point(point))] if point != make_surface_target(surface).point else []
        case FormulaTarget():
            pairs += [("of", FORMULA)]
            pairs += [(name, getattr(target, name)) for name in FORMULA_PARTS]
            pairs += [("at", write_point(target.point))] if target.point != FormulaTarget().point else []
        case ModelTarget():
            changed = write_changed(target, ModelTarget(), MODEL_ARGUMENTS)
            pairs += [("of", f"{target.kind}({changed})")]
            pairs += [("table", target.table)] if 0 < len(target.table) <= max_table else []
    how = write_how(scene, default)
    pairs += [("how", how)] if how != write_how(default, default) else []
    return [*pairs, ("trap", scene.trap)] if scene.trap else pairs


def write_named_parameters(scene: CheckScene, max_table: int = MAX_LINKED_TABLE) -> list[tuple[str, str]]:
    """The parameters of a link to the scene, at least one: where they stand alone, they tell that it is a check."""
    return write_parameters(scene, max_table) or [("of", "network()")]


def get_base(trap: str) -> CheckScene:
    """The scene that a link starts from, naming only what differs: that of its trap, else the default."""
    return set_trap(trap) if trap else DEFAULT_SCENE


def write_changed(value: Any, default: Any, names: tuple[str, ...]) -> str:
    changed = ((name, getattr(value, name)) for name in names if getattr(value, name) != getattr(default, name))
    return ",".join(f"{name}={part if isinstance(part, str) else write_number(part)}" for name, part in changed)


def write_how(scene: CheckScene, default: CheckScene | None = None) -> str:
    return f"{scene.method}({write_changed(scene, default or DEFAULT_SCENE, HOW_ARGUMENTS)})"


def write_point(point: tuple[float, float]) -> str:
    return ",".join(map(write_number, point))


def is_linkable(scene: CheckScene) -> bool:
    """Whether a link can hold the scene, with the visitor's data."""
    return not isinstance(scene.target, ModelTarget) or len(scene.target.table) <= MAX_LINKED_TABLE


# ---- reading


def read_parameters(parameters: Mapping[str, Sequence[str]]) -> ParsedScene[CheckScene]:
    """The scene that a link's parameters describe. Every part that cannot be read is a fault, and is at its default."""
    reader = CallReader()
    values = {name: parameters[name][-1] for name in PARAMETERS if parameters.get(name)}
    trap = reader.try_read(f"trap={values.get('trap')}", lambda: read_trap(values.get("trap", "")), "", NOTHING)
    base = get_base(trap)
    scene = base
    if "how" in values:
        written = f"how={values['how']}"
        scene = reader.try_read(written, lambda: read_how(reader, values["how"], base), base, write_how(base, base))
    if "of" in values:
        target = reader.try_read(f"of={values['of']}", lambda: read_target(reader, values), base.target, "network()")
        scene = replace(scene, target=target)
    scene = reader.try_read(f"how={values.get('how')}", lambda: check_method(scene), replace_method(scene), "centred()")
    return ParsedScene(scene, tuple(reader.faults))


def replace_method(scene: CheckScene) -> CheckScene:
    return replace(scene, method=DEFAULT_SCENE.method)


def check_method(scene: CheckScene) -> CheckScene:
    if settle_method(scene).method != scene.method:
        raise UserError("The complex step needs an analytic function, and this one is not analytic.")
    return scene


def read_trap(value: str) -> str:
    if value and value not in TRAPS:
        reject_maker_name(Translatable("trap"), shorten(value), TRAPS)
    return value


def read_how(reader: CallReader, value: str, base: CheckScene) -> CheckScene:
    node = reader.parse_value(value)
    if get_name(node) not in tuple(Method):
        reject_maker_name(Translatable("method"), get_name(node), tuple(Method))

    def read(name: str, part: ast.expr) -> Any:
        if name not in HOW_ARGUMENTS:
            reject_argument(get_name(node), name, HOW_ARGUMENTS)
        return check_choice(name, get_name(part) if name in HOW else read_literal(part))

    defaults = {name: str(getattr(base, name)) for name in HOW_ARGUMENTS}
    return replace(base, method=Method(get_name(node)), **reader.read_keywords(node, read, defaults))


def read_target(reader: CallReader, values: Mapping[str, str]) -> Target:
    text = values.get("of", "network()")
    node = reader.parse_value(text)
    name = get_name(node)
    if name in MODELS:
        target = read_model(reader, node, values.get("table", ""))
    elif name == FORMULA:
        parts = {part: values.get(part, "0") for part in FORMULA_PARTS}
        target = make_formula_target(parts, FormulaTarget().point)
        target = read_point(reader, values, target, lambda point: make_formula_target(parts, point))
    elif name in SURFACE_NAMES:
        surface = reader.read_call(node, SURFACES, Translatable("surface"))
        target = make_surface_target(surface)
        target = read_point(reader, values, target, lambda point: make_surface_target(surface, point))
    else:
        reject_maker_name(Translatable("model or surface"), name, (*MODELS, FORMULA, *SURFACE_NAMES))
    build_problem(target, 0)
    return target


def read_model(reader: CallReader, node: ast.expr, table: str) -> ModelTarget:
    kind = get_name(node)
    known = tuple(name for name in MODEL_ARGUMENTS if kind == "network" or name not in NETWORK_ONLY)

    def read(name: str, part: ast.expr) -> Any:
        if name not in known:
            reject_argument(kind, name, known)
        value = check_model_choice(name, get_name(part) if name in MODEL_WORDS else read_literal(part))
        if value == OWN_DATA:
            parse_classification_table(table)  # a link without its data, or with bad ones
        return value

    defaults = {name: str(value) for name, value in ModelTarget()._asdict().items()}
    choices = reader.read_keywords(node, read, defaults)
    return make_model(ModelTarget(kind=kind, table=table), **choices)


def read_point(
    reader: CallReader, values: Mapping[str, str], target: Any, make: Callable[[tuple[float, float]], Any]
) -> Any:
    """The target at the point of the link, if that can be read, else as it is."""
    if "at" not in values:
        return target

    def read() -> Any:
        node = reader.parse_value(values["at"])
        if not isinstance(node, ast.Tuple) or len(node.elts) != 2:
            raise UserError("A point is two numbers, like 1.2,0.7.")
        x, y = (check_point(float(read_literal(part))) for part in node.elts)
        made = make((x, y))
        build_problem(made, 0)
        return made

    return reader.try_read(f"at={values['at']}", read, target, write_point(target.point))


# ---- targets from what a visitor chose


def make_surface_target(surface: Call, point: tuple[float, float] | None = None) -> SurfaceTarget:
    """A surface at a point, by default at its start."""
    return SurfaceTarget(surface, point or SURFACES[surface.name](**dict(surface.arguments)).start)


def choose_surface(name: str) -> SurfaceTarget:
    if name not in SURFACE_NAMES:
        raise UserError("There is no {word!r} here.", word=str(name)[:40])
    return make_surface_target(make_call(SURFACES, name, {}))


def make_formula_target(parts: Mapping[str, str], point: tuple[float, float]) -> FormulaTarget:
    """Read the formulas that were typed, and spell them canonically. Raises `UserError`."""
    return FormulaTarget(**{name: read_formula(parts[name]).text for name in FORMULA_PARTS}, point=point)
