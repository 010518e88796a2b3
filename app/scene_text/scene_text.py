"""A scene as text: its parts as `name = value`, each value in Python call syntax over the catalogues; read, never run.

    surface = rosenbrock(b=10)
    start = -1.2, 1
    steps = 400
    noise = 0.5
    run = adam(lr=cosine(peak=0.1, steps=400))
    run = look(polyak(sgd(lr=0.02)), colour=5, on=False)
    surface = formula("x**2 + 3*y**2", x=(-2,2), y=(-2,2))
    surface = data("line", "1,2;2,3.5;4,4")
    view = space(strip=lr, arrows=(slope,update), step=137)
    language = zh
    mode = lecture

A link has the same parts as its parameters. What is at its default is left out.
"""

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from app.compute.cached_simulation import build_surface as built
from app.compute.scene_presets import DEFAULT_SCENE, move_to_surface
from app.model import data_scene
from app.model.data_scene import DATA, data_call
from app.model.formula_scene import FORMULA, check_view_interval, formula_call
from app.model.hyperparameter_ranges import ParameterRange, get_range
from app.model.scene import (  # fmt: skip
    MAX_RUNS,
    Call,
    Catalogue,
    Run,
    Scene,
    UserError,
    check_argument,
    inspect_parameters,
    is_schedulable,
    make_call,
    parse_coordinate,
    parse_step_count,
    reject_argument,
    reject_maker_name,
)
from app.model.view_options import DEFAULT_VIEW, View, find_view_fault, make_view
from app.scene_text.call_syntax import (
    MAX_VALUE_CHARACTERS,
    check_bool,
    get_keywords,
    get_name,
    get_wrapped,
    parse_value,
    read_choice,
    read_literal,
)
from app.translation import LANGUAGES, is_offered
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES
from surfaces.translatable import Translatable

PART_NAMES = ("surface", "start", "steps", "noise", "seed", "run", "view", "language", "mode")
LECTURE_MODE = "lecture"  # the only mode that is said
STYLE_WRAPPER = "look"  # around a run that is off, or not in the colour of its place
NO_RUNS = "none"  # in the place of a run, where there is none
MAX_SCENE_CHARACTERS = (
    20_000  # characters that a text may have: sixteen runs as long as may be, and what is around them
)
MAX_LINK_CHARACTERS = 2000  # that a link should have at most: data for which there is no room are left out of it
FORMULA_PATTERN = re.compile(
    rf"""{FORMULA} *\( *(?P<quote>["'])(?P<text>[^"'\\]*)(?P=quote) *(?:, *(?P<view>.*))?\)""", re.DOTALL
)
MAX_SHOWN_CHARACTERS = 60  # characters of a part that are repeated to the visitor


class Fault(NamedTuple):
    """A part of a text that could not be read as it stands."""

    said: str  # name=value
    why: Translatable
    instead: str  # what is used; a `Translatable` where that is no part of a text


class ParsedScene(NamedTuple):
    """What a text says, as far as it can be read."""

    scene: Scene
    faults: tuple[Fault, ...]


# ---- from a scene to its text


def write_scene(scene: Scene) -> str:
    return "".join(f"{name} = {value}\n" for name, value in list_parts(scene))


def write_query(scene: Scene) -> str:
    """The part of a link behind the question mark."""
    return encode_query(list_link_parts(scene))


def list_link_parts(scene: Scene) -> list[tuple[str, str]]:
    """The parts of a scene that its link has: all, or all but data for which there is no room."""
    found = list_parts(scene)
    if scene.surface.word != DATA or (
        len(scene.surface["rows"]) <= MAX_LINK_CHARACTERS and len(encode_query(found)) <= MAX_LINK_CHARACTERS
    ):
        return found
    return [("surface", data_scene.write_data_call(scene.surface, held=False)), *found[1:]]


def encode_query(parts: list[tuple[str, str]]) -> str:
    return urlencode(parts, safe="(),=;")


def list_parts(scene: Scene) -> list[tuple[str, str]]:
    """Name and value of all that makes this scene; `run` once for each."""
    x, y = scene.start
    found = [("surface", write_surface(scene.surface)), ("start", f"{write_number(x)},{write_number(y)}")]
    found += [("steps", write_number(scene.steps))]
    found += [(name, write_number(value)) for name, value in (("noise", scene.noise), ("seed", scene.seed)) if value]
    found += [("run", write_run(run, place)) for place, run in enumerate(scene.runs)] or [("run", NO_RUNS)]
    found += [("view", write_view(scene.view))] if scene.view != DEFAULT_VIEW else []
    found += [("language", scene.language)] if scene.language else []
    return found + ([("mode", LECTURE_MODE)] if scene.lecture else [])


def write_surface(surface: Call) -> str:
    if surface.word == DATA:
        return data_scene.write_data_call(surface)
    if surface.word != FORMULA:
        return write_call(surface, SURFACES)
    ends = (f",{name}=({','.join(map(write_number, surface[name]))})" for name in ("x", "y"))
    return f'{FORMULA}("{surface["text"]}"{"".join(ends)})'


def write_view(view: View) -> str:
    """A view with the choices that are not the first."""
    usual = View(view.mode)
    said = (f"{n}={write_choice(v)}" for n, v, first in zip(View._fields, view, usual, strict=True) if v != first)
    return f"{view.mode}({','.join(said)})"


def write_choice(value: Any) -> str:
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else f"({','.join(value)})"
    return value if isinstance(value, str) else write_number(value)


def write_run(run: Run, place: int) -> str:
    said = write_call(run.optimizer, OPTIMIZERS)
    said = write_call(run.wrapper, WRAPPERS, said) if run.wrapper else said
    looks = [*([f"colour={run.slot + 1}"] if run.slot != place else []), *([] if run.on else ["on=False"])]
    return f"{STYLE_WRAPPER}({','.join((said, *looks))})" if looks else said


def write_call(said: Call, catalogue: Catalogue, *inner: str) -> str:
    """A call with the arguments that are not at their defaults."""
    defaults = inspect_parameters(catalogue[said.word])
    given = (f"{name}={write_argument(value)}" for name, value in said.hyper if value != defaults[name].default)
    return f"{said.word}({','.join((*inner, *given))})"


def write_argument(value: Any) -> str:
    return write_call(value, SCHEDULES) if isinstance(value, Call) else write_number(value)


def write_number(value: float) -> str:
    """The shortest text that is read as this very number; a switch as True or False."""
    return repr(value).removesuffix(".0")


# ---- from a text to a scene


def parse_scene(said: str) -> Scene:
    """The scene that a text says. Raises `UserError` where a part of it cannot be read."""
    scene, faults = read_scene(said)
    if faults:
        raise UserError("{said}: {why}", said=faults[0].said, why=faults[0].why)
    return scene


def read_scene(said: str) -> ParsedScene:
    """What a text or a link says. What cannot be read is listed, and the rest stands; `UserError` if nothing can."""
    said = said.strip()
    link = is_link(said)
    if len(said) > MAX_SCENE_CHARACTERS + (0 if link else data_scene.MAX_DATA_CHARACTERS):
        raise UserError("A scene has at most {whole} characters.", whole=MAX_SCENE_CHARACTERS)
    if link:
        return assemble_scene(parse_qsl(said.partition("?")[2].partition("#")[0]))
    lines = (line.partition("#")[0].partition("=") for line in said.splitlines())
    pairs = [(name.strip(), value.strip()) for name, _, value in lines]
    if len(said) > MAX_SCENE_CHARACTERS + max((len(value) for _, value in pairs if is_data_call(value)), default=0):
        raise UserError("A scene has at most {whole} characters.", whole=MAX_SCENE_CHARACTERS)
    scene, faults = assemble_scene(pairs)
    unknown = [name for name, _ in pairs if name and name not in PART_NAMES]
    why = [Translatable("A scene has no part of this name. It has {names}.", names=", ".join(PART_NAMES))] * len(
        unknown
    )
    return ParsedScene(
        scene, (*faults, *map(Fault, map(shorten_part, unknown), why, [Translatable("nothing")] * len(unknown)))
    )


def is_link(said: str) -> bool:
    return said.lstrip().startswith(("http://", "https://", "?"))


def is_data_call(value: str) -> bool:
    """May this value be longer than others, because it holds data?"""
    return bool(re.match(rf" *{DATA}\b", value))


def assemble_scene(pairs: Iterable[tuple[str, str]]) -> ParsedScene:
    """The scene with these parts. What is not said is the first scene's, on the surface that is."""
    found = [
        (
            name,
            value[
                : (
                    data_scene.MAX_DATA_CHARACTERS
                    if name == "surface" and is_data_call(value)
                    else MAX_VALUE_CHARACTERS
                )
                + 1
            ].strip(),
        )
        for name, value in pairs
        if name in PART_NAMES
    ]
    if not found:
        raise UserError("This is not a scene. A scene has parts like surface = rosenbrock() and run = adam(lr=0.1).")
    reader, once = SceneReader(), dict(reversed(found))

    def part(name: str, meaning: Callable[[str], Any], otherwise: Any, shown: str) -> Any:
        if name not in once:
            return otherwise
        return reader.attempt(f"{name}={once[name]}", lambda: meaning(once[name]), otherwise, shown)

    for name, value in found:
        if name != "run" and value != once[name]:
            why = Translatable("{name} is said more than once. The first one counts.", name=name)
            reader.faults.append(Fault(shorten_part(f"{name}={value}"), why, shorten_part(f"{name}={once[name]}")))
    usual = DEFAULT_SCENE.surface
    said = write_call(usual, SURFACES)
    surface = part("surface", reader.surface, usual, said)
    x, y = built(surface).start
    start = part("start", parse_start, (float(x), float(y)), f"{write_number(x)},{write_number(y)}")
    steps = part("steps", parse_step_count, DEFAULT_SCENE.steps, str(DEFAULT_SCENE.steps))
    noise = part("noise", lambda v: check_argument("noise", read_literal(parse_value(v)), 0.0), 0.0, "0")
    seed = part("seed", lambda v: check_argument("seed", read_literal(parse_value(v)), 0), 0, "0")
    view = part("view", lambda v: reader.view(reader.tree(v)), DEFAULT_VIEW, "contour()")
    tongue = part("language", parse_language, "", Translatable("the browser's own"))
    lecture = part("mode", parse_mode, False, Translatable("the whole page"))
    if "run" not in once:
        as_it_is = (surface, noise, seed) == (DEFAULT_SCENE.surface, DEFAULT_SCENE.noise, DEFAULT_SCENE.seed)
        runs = (
            DEFAULT_SCENE.runs
            if as_it_is
            else move_to_surface(replace(DEFAULT_SCENE, noise=noise, seed=seed), surface).runs
        )
        return ParsedScene(Scene(surface, start, steps, runs, noise, seed, view, tongue, lecture), tuple(reader.faults))
    scene = Scene(surface, start, steps, (), noise, seed, view, tongue, lecture)
    for value in (value for name, value in found if name == "run" and value != NO_RUNS):
        scene = reader.attempt(
            f"run={value}", lambda s=scene, v=value: reader.raced(s, reader.tree(v)), scene, Translatable("no such run")
        )
    return ParsedScene(scene, tuple(reader.faults))


def shorten_part(said: str) -> str:
    """As much of a part as is repeated to the visitor."""
    return said if len(said) <= MAX_SHOWN_CHARACTERS else f"{said[: MAX_SHOWN_CHARACTERS - 1]}…"


class SceneReader:
    """Reads the parts of one text and keeps account of what it could not."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.value = ""  # the one that is being read

    def tree(self, value: str) -> ast.expr:
        self.value = value
        return parse_value(value)

    def source(self, node: ast.expr) -> str:
        """What is written there."""
        return self.value[node.col_offset : node.end_col_offset]

    def attempt(self, said: str, meaning: Callable[[], Any], otherwise: Any, instead: str) -> Any:
        """What is meant; or, noted as a fault, something else."""
        try:
            return meaning()
        except UserError as reason:
            self.faults.append(Fault(shorten_part(said), reason.sentence, instead))
            return otherwise

    def raced(self, scene: Scene, node: ast.expr) -> Scene:
        """`scene` with one more run, in the colour that is said, in that of its place, or in the first one free."""
        inner, looks = node, {}
        if get_name(node) == STYLE_WRAPPER:
            inner, looks = get_wrapped(node), get_keywords(node)
        run = self.run(inner)
        added = scene.added(run)  # in the first colour that is free, if any is
        taken = {other.slot for other in scene.runs}
        slot = len(scene.runs) if len(scene.runs) not in taken else added.runs[-1].slot
        on = True
        for name, value in looks.items():
            said = f"{name}={self.source(value)}"
            if name == "colour":
                slot = self.attempt(
                    said, lambda v=value: parse_colour(read_literal(v), taken), slot, f"colour={slot + 1}"
                )
            elif name == "on":
                on = self.attempt(said, lambda v=value: check_bool(read_literal(v)), on, "on=True")
            else:
                self.attempt(said, lambda n=name: reject_argument(STYLE_WRAPPER, n), None, Translatable("nothing"))
        return replace(scene, runs=(*scene.runs, run._replace(slot=slot, on=on)))

    def run(self, node: ast.expr) -> Run:
        if get_name(node) in WRAPPERS:
            return Run(
                0,
                self.call(get_wrapped(node), OPTIMIZERS, Translatable("optimizer")),
                self.call(node, WRAPPERS, Translatable("wrapper")),
            )
        return Run(0, self.call(node, OPTIMIZERS, Translatable("optimizer")))

    def surface(self, value: str) -> Call:
        """A word of the catalogue, or a formula or data: these stand between quotes and have parsers of their own."""
        if is_data_call(value):
            return self.data(value)
        if not (found := FORMULA_PATTERN.fullmatch(value)):
            return self.call(self.tree(value), SURFACES, Translatable("surface"))
        node = self.tree(f"{FORMULA}({found['view'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise UserError("After its text a {own} has only x and y, like x=(-2,2).", own=FORMULA)
        view: dict[str, Any] = {}
        for name, ends in get_keywords(node).items():

            def meaning(name: str = name, ends: ast.expr = ends) -> dict[str, Any]:
                if name not in ("x", "y"):
                    reject_argument(FORMULA, name)
                return {
                    name: check_view_interval(
                        name, tuple(map(read_literal, ends.elts)) if isinstance(ends, ast.Tuple) else None
                    )
                }

            instead = f"{name}=(-5,5)" if name in ("x", "y") else "nothing"
            view |= self.attempt(f"{name}={self.source(ends)}", meaning, {}, instead)
        return formula_call(found["text"], **view)

    def data(self, value: str) -> Call:
        """A model and the rows of a table; of a link without room for them the model's example."""
        if not (found := data_scene.DATA_PATTERN.fullmatch(value)):
            node = self.tree(re.sub("[\"'].*", ")", value, flags=re.DOTALL))
            word = get_name(node.args[0]) if isinstance(node, ast.Call) and node.args else ""
            return self.attempt(
                f"surface={value}",
                lambda: data_scene.reject_missing_data(word),
                data_scene.get_example_call(word),
                Translatable("an example"),
            )
        node = self.tree(f"{DATA}({found['rest'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise UserError("After its rows {word} has only named values, like batch_size=10.", word=DATA)
        given: dict[str, Any] = {}
        for name, said in get_keywords(node).items():

            def meaning(name: str = name, said: ast.expr = said) -> dict[str, Any]:
                if name not in data_scene.DATA_DEFAULTS:
                    reject_argument(DATA, name, data_scene.DATA_DEFAULTS)
                return {name: check_argument(name, read_literal(said), data_scene.DATA_DEFAULTS[name])}

            default = data_scene.DATA_DEFAULTS.get(name)
            instead = Translatable("nothing") if default is None else f"{name}={default}"
            given |= self.attempt(f"{name}={self.source(said)}", meaning, {}, instead)
        return data_call(found["model"], found["rows"], **given)

    def view(self, node: ast.expr) -> View:
        """A view with every choice: as it is said where that can be, else the first."""
        mode = get_name(node)
        if why := find_view_fault("mode", mode):
            raise UserError(why)
        given: dict[str, Any] = {}
        for name, value in get_keywords(node).items():

            def meaning(name: str = name, value: ast.expr = value) -> dict[str, Any]:
                said = read_choice(value)
                said = (said,) if name == "arrows" and isinstance(said, str) else said
                if why := find_view_fault(name, said):
                    raise UserError(why)
                return {name: said}

            usual = View._field_defaults.get(name)
            instead = Translatable("nothing") if usual in (None, ()) else f"{name}={usual}"
            given |= self.attempt(f"{name}={self.source(value)}", meaning, {}, instead)
        return make_view({"mode": mode, **given})

    def call(self, node: ast.expr, catalogue: Catalogue, kind: str, target: ParameterRange | None = None) -> Call:
        """A call with every argument: as it is said where that can be, else at its default."""
        word = get_name(node)
        if word not in catalogue:
            reject_maker_name(kind, word, catalogue)
        known = inspect_parameters(catalogue[word])
        if catalogue is not WRAPPERS and isinstance(node, ast.Call) and node.args:
            raise UserError(
                "The arguments of {word} want their names, like {first}=1.", word=word, first=next(iter(known), "lr")
            )
        given: dict[str, Any] = {}
        for name, value in get_keywords(node).items():

            def meaning(name: str = name, value: ast.expr = value) -> dict[str, Any]:
                if name not in known:
                    reject_argument(word, name, known)
                said = self.argument(catalogue, word, name, value)
                return {name: check_argument(name, said, known[name].default, target)}

            instead = f"{name}={write_number(known[name].default)}" if name in known else Translatable("nothing")
            given |= self.attempt(f"{name}={self.source(value)}", meaning, {}, instead)
        return make_call(catalogue, word, given, target)

    def argument(self, catalogue: Catalogue, word: str, name: str, node: ast.expr) -> Any:
        if not isinstance(node, ast.Call):
            return read_literal(node)
        if catalogue is not OPTIMIZERS or not is_schedulable(word, name):
            raise UserError("{name} cannot follow a schedule.", name=name)
        return self.call(node, SCHEDULES, Translatable("schedule"), get_range(name))


def parse_colour(value: Any, taken: set[int]) -> int:
    """The slot of a colour that no other run has; colours are counted from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_RUNS:
        raise UserError("Colours are numbered from 1 to {runs}.", runs=MAX_RUNS)
    if value - 1 in taken:
        raise UserError("Another run has this colour.")
    return value - 1


def parse_language(value: str) -> str:
    if not is_offered(value):
        raise UserError("A language is one of {languages}.", languages=", ".join(LANGUAGES))
    return value


def parse_mode(value: str) -> bool:
    if value != LECTURE_MODE:
        raise UserError("The only mode is {mode}.", mode=LECTURE_MODE)
    return True


def parse_start(value: str) -> tuple[float, float]:
    coordinates = value.strip("() ").split(",")
    if len(coordinates) != 2:
        raise UserError("A start is two numbers, like -1.2,1.")
    return parse_coordinate(coordinates[0]), parse_coordinate(coordinates[1])
