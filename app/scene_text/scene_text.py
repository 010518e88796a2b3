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

from app.compute.cached_simulation import surface as built
from app.compute.scene_presets import FIRST, moved
from app.model import data_scene
from app.model.data_scene import DATA, owned
from app.model.formula_scene import OWN, own, side
from app.model.hyperparameter_ranges import Knob, knob
from app.model.scene import (  # fmt: skip
    RUNS,
    Call,
    Catalogue,
    Rejected,
    Run,
    Scene,
    arguments,
    call,
    checked,
    coordinate,
    nameless,
    schedulable,
    step_count,
    wordless,
)
from app.model.view_options import AT_FIRST, View, fault, settled
from app.scene_text.call_syntax import LONG, choice, literal, named, only, switch, tree, word_of
from app.translation import LANGUAGES, offered
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES
from surfaces.translatable import Sentence

NAMES = ("surface", "start", "steps", "noise", "seed", "run", "view", "language", "mode")
LECTURE = "lecture"  # the only mode that is said
LOOK = "look"  # around a run that is off, or not in the colour of its place
NONE = "none"  # in the place of a run, where there is none
WHOLE = 20_000  # characters that a text may have: sixteen runs as long as may be, and what is around them
LINK = 2000  # that a link should have at most: data for which there is no room are left out of it
QUOTED = re.compile(rf"""{OWN} *\( *(?P<quote>["'])(?P<text>[^"'\\]*)(?P=quote) *(?:, *(?P<view>.*))?\)""", re.DOTALL)
SHOWN = 60  # characters of a part that are repeated to the visitor


class Fault(NamedTuple):
    """A part of a text that could not be read as it stands."""

    said: str  # name=value
    why: Sentence
    instead: str  # what is used; a `Sentence` where that is no part of a text


class Reading(NamedTuple):
    """What a text says, as far as it can be read."""

    scene: Scene
    faults: tuple[Fault, ...]


# ---- from a scene to its text


def text(scene: Scene) -> str:
    return "".join(f"{name} = {value}\n" for name, value in parts(scene))


def query(scene: Scene) -> str:
    """The part of a link behind the question mark."""
    return encoded(linked(scene))


def linked(scene: Scene) -> list[tuple[str, str]]:
    """The parts of a scene that its link has: all, or all but data for which there is no room."""
    found = parts(scene)
    if scene.surface.word != DATA or (len(scene.surface["rows"]) <= LINK and len(encoded(found)) <= LINK):
        return found
    return [("surface", data_scene.said(scene.surface, held=False)), *found[1:]]


def encoded(parts: list[tuple[str, str]]) -> str:
    return urlencode(parts, safe="(),=;")


def parts(scene: Scene) -> list[tuple[str, str]]:
    """Name and value of all that makes this scene; `run` once for each."""
    x, y = scene.start
    found = [("surface", landscape(scene.surface)), ("start", f"{number(x)},{number(y)}")]
    found += [("steps", number(scene.steps))]
    found += [(name, number(value)) for name, value in (("noise", scene.noise), ("seed", scene.seed)) if value]
    found += [("run", racing(run, place)) for place, run in enumerate(scene.runs)] or [("run", NONE)]
    found += [("view", looking(scene.view))] if scene.view != AT_FIRST else []
    found += [("language", scene.language)] if scene.language else []
    return found + ([("mode", LECTURE)] if scene.lecture else [])


def landscape(surface: Call) -> str:
    if surface.word == DATA:
        return data_scene.said(surface)
    if surface.word != OWN:
        return written(surface, SURFACES)
    ends = (f",{name}=({','.join(map(number, surface[name]))})" for name in ("x", "y"))
    return f'{OWN}("{surface["text"]}"{"".join(ends)})'


def looking(view: View) -> str:
    """A view with the choices that are not the first."""
    usual = View(view.mode)
    said = (f"{n}={chosen(v)}" for n, v, first in zip(View._fields, view, usual, strict=True) if v != first)
    return f"{view.mode}({','.join(said)})"


def chosen(value: Any) -> str:
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else f"({','.join(value)})"
    return value if isinstance(value, str) else number(value)


def racing(run: Run, place: int) -> str:
    said = written(run.optimizer, OPTIMIZERS)
    said = written(run.wrapper, WRAPPERS, said) if run.wrapper else said
    looks = [*([f"colour={run.slot + 1}"] if run.slot != place else []), *([] if run.on else ["on=False"])]
    return f"{LOOK}({','.join((said, *looks))})" if looks else said


def written(said: Call, catalogue: Catalogue, *inner: str) -> str:
    """A call with the arguments that are not at their defaults."""
    defaults = arguments(catalogue[said.word])
    given = (f"{name}={meant(value)}" for name, value in said.hyper if value != defaults[name].default)
    return f"{said.word}({','.join((*inner, *given))})"


def meant(value: Any) -> str:
    return written(value, SCHEDULES) if isinstance(value, Call) else number(value)


def number(value: float) -> str:
    """The shortest text that is read as this very number; a switch as True or False."""
    return repr(value).removesuffix(".0")


# ---- from a text to a scene


def parse(said: str) -> Scene:
    """The scene that a text says. Raises `Rejected` where a part of it cannot be read."""
    scene, faults = read(said)
    if faults:
        raise Rejected("{said}: {why}", said=faults[0].said, why=faults[0].why)
    return scene


def read(said: str) -> Reading:
    """What a text or a link says. What cannot be read is listed, and the rest stands; `Rejected` if nothing can."""
    said = said.strip()
    link = is_link(said)
    if len(said) > WHOLE + (0 if link else data_scene.ROOM):
        raise Rejected("A scene has at most {whole} characters.", whole=WHOLE)
    if link:
        return assembled(parse_qsl(said.partition("?")[2].partition("#")[0]))
    lines = (line.partition("#")[0].partition("=") for line in said.splitlines())
    pairs = [(name.strip(), value.strip()) for name, _, value in lines]
    if len(said) > WHOLE + max((len(value) for _, value in pairs if is_data(value)), default=0):
        raise Rejected("A scene has at most {whole} characters.", whole=WHOLE)
    scene, faults = assembled(pairs)
    unknown = [name for name, _ in pairs if name and name not in NAMES]
    why = [Sentence("A scene has no part of this name. It has {names}.", names=", ".join(NAMES))] * len(unknown)
    return Reading(scene, (*faults, *map(Fault, map(shown_part, unknown), why, [Sentence("nothing")] * len(unknown))))


def is_link(said: str) -> bool:
    return said.lstrip().startswith(("http://", "https://", "?"))


def is_data(value: str) -> bool:
    """May this value be longer than others, because it holds data?"""
    return bool(re.match(rf" *{DATA}\b", value))


def assembled(pairs: Iterable[tuple[str, str]]) -> Reading:
    """The scene with these parts. What is not said is the first scene's, on the surface that is."""
    found = [
        (name, value[: (data_scene.ROOM if name == "surface" and is_data(value) else LONG) + 1].strip())
        for name, value in pairs
        if name in NAMES
    ]
    if not found:
        raise Rejected("This is not a scene. A scene has parts like surface = rosenbrock() and run = adam(lr=0.1).")
    reader, once = Reader(), dict(reversed(found))

    def part(name: str, meaning: Callable[[str], Any], otherwise: Any, shown: str) -> Any:
        if name not in once:
            return otherwise
        return reader.attempt(f"{name}={once[name]}", lambda: meaning(once[name]), otherwise, shown)

    for name, value in found:
        if name != "run" and value != once[name]:
            why = Sentence("{name} is said more than once. The first one counts.", name=name)
            reader.faults.append(Fault(shown_part(f"{name}={value}"), why, shown_part(f"{name}={once[name]}")))
    usual = FIRST.surface
    said = written(usual, SURFACES)
    surface = part("surface", reader.surface, usual, said)
    x, y = built(surface).start
    start = part("start", point, (float(x), float(y)), f"{number(x)},{number(y)}")
    steps = part("steps", step_count, FIRST.steps, str(FIRST.steps))
    noise = part("noise", lambda v: checked("noise", literal(tree(v)), 0.0), 0.0, "0")
    seed = part("seed", lambda v: checked("seed", literal(tree(v)), 0), 0, "0")
    view = part("view", lambda v: reader.view(reader.tree(v)), AT_FIRST, "contour()")
    tongue = part("language", spoken, "", Sentence("the browser's own"))
    lecture = part("mode", lectured, False, Sentence("the whole page"))
    if "run" not in once:
        as_it_is = (surface, noise, seed) == (FIRST.surface, FIRST.noise, FIRST.seed)
        runs = FIRST.runs if as_it_is else moved(replace(FIRST, noise=noise, seed=seed), surface).runs
        return Reading(Scene(surface, start, steps, runs, noise, seed, view, tongue, lecture), tuple(reader.faults))
    scene = Scene(surface, start, steps, (), noise, seed, view, tongue, lecture)
    for value in (value for name, value in found if name == "run" and value != NONE):
        scene = reader.attempt(
            f"run={value}", lambda s=scene, v=value: reader.raced(s, reader.tree(v)), scene, Sentence("no such run")
        )
    return Reading(scene, tuple(reader.faults))


def shown_part(said: str) -> str:
    """As much of a part as is repeated to the visitor."""
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"


class Reader:
    """Reads the parts of one text and keeps account of what it could not."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.value = ""  # the one that is being read

    def tree(self, value: str) -> ast.expr:
        self.value = value
        return tree(value)

    def source(self, node: ast.expr) -> str:
        """What is written there."""
        return self.value[node.col_offset : node.end_col_offset]

    def attempt(self, said: str, meaning: Callable[[], Any], otherwise: Any, instead: str) -> Any:
        """What is meant; or, noted as a fault, something else."""
        try:
            return meaning()
        except Rejected as reason:
            self.faults.append(Fault(shown_part(said), reason.sentence, instead))
            return otherwise

    def raced(self, scene: Scene, node: ast.expr) -> Scene:
        """`scene` with one more run, in the colour that is said, in that of its place, or in the first one free."""
        inner, looks = node, {}
        if word_of(node) == LOOK:
            inner, looks = only(node), named(node)
        run = self.run(inner)
        added = scene.added(run)  # in the first colour that is free, if any is
        taken = {other.slot for other in scene.runs}
        slot = len(scene.runs) if len(scene.runs) not in taken else added.runs[-1].slot
        on = True
        for name, value in looks.items():
            said = f"{name}={self.source(value)}"
            if name == "colour":
                slot = self.attempt(said, lambda v=value: free(literal(v), taken), slot, f"colour={slot + 1}")
            elif name == "on":
                on = self.attempt(said, lambda v=value: switch(literal(v)), on, "on=True")
            else:
                self.attempt(said, lambda n=name: nameless(LOOK, n), None, Sentence("nothing"))
        return replace(scene, runs=(*scene.runs, run._replace(slot=slot, on=on)))

    def run(self, node: ast.expr) -> Run:
        if word_of(node) in WRAPPERS:
            return Run(
                0,
                self.call(only(node), OPTIMIZERS, Sentence("optimizer")),
                self.call(node, WRAPPERS, Sentence("wrapper")),
            )
        return Run(0, self.call(node, OPTIMIZERS, Sentence("optimizer")))

    def surface(self, value: str) -> Call:
        """A word of the catalogue, or a formula or data: these stand between quotes and have parsers of their own."""
        if is_data(value):
            return self.data(value)
        if not (found := QUOTED.fullmatch(value)):
            return self.call(self.tree(value), SURFACES, Sentence("surface"))
        node = self.tree(f"{OWN}({found['view'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise Rejected("After its text a {own} has only x and y, like x=(-2,2).", own=OWN)
        view: dict[str, Any] = {}
        for name, ends in named(node).items():

            def meaning(name: str = name, ends: ast.expr = ends) -> dict[str, Any]:
                if name not in ("x", "y"):
                    nameless(OWN, name)
                return {name: side(name, tuple(map(literal, ends.elts)) if isinstance(ends, ast.Tuple) else None)}

            instead = f"{name}=(-5,5)" if name in ("x", "y") else "nothing"
            view |= self.attempt(f"{name}={self.source(ends)}", meaning, {}, instead)
        return own(found["text"], **view)

    def data(self, value: str) -> Call:
        """A model and the rows of a table; of a link without room for them the model's example."""
        if not (found := data_scene.WRITTEN.fullmatch(value)):
            node = self.tree(re.sub("[\"'].*", ")", value, flags=re.DOTALL))
            word = word_of(node.args[0]) if isinstance(node, ast.Call) and node.args else ""
            return self.attempt(
                f"surface={value}", lambda: data_scene.left_out(word), data_scene.example(word), Sentence("an example")
            )
        node = self.tree(f"{DATA}({found['rest'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise Rejected("After its rows {word} has only named values, like batch_size=10.", word=DATA)
        given: dict[str, Any] = {}
        for name, said in named(node).items():

            def meaning(name: str = name, said: ast.expr = said) -> dict[str, Any]:
                if name not in data_scene.DEFAULTS:
                    nameless(DATA, name, data_scene.DEFAULTS)
                return {name: checked(name, literal(said), data_scene.DEFAULTS[name])}

            default = data_scene.DEFAULTS.get(name)
            instead = Sentence("nothing") if default is None else f"{name}={default}"
            given |= self.attempt(f"{name}={self.source(said)}", meaning, {}, instead)
        return owned(found["model"], found["rows"], **given)

    def view(self, node: ast.expr) -> View:
        """A view with every choice: as it is said where that can be, else the first."""
        mode = word_of(node)
        if why := fault("mode", mode):
            raise Rejected(why)
        given: dict[str, Any] = {}
        for name, value in named(node).items():

            def meaning(name: str = name, value: ast.expr = value) -> dict[str, Any]:
                said = choice(value)
                said = (said,) if name == "arrows" and isinstance(said, str) else said
                if why := fault(name, said):
                    raise Rejected(why)
                return {name: said}

            usual = View._field_defaults.get(name)
            instead = Sentence("nothing") if usual in (None, ()) else f"{name}={usual}"
            given |= self.attempt(f"{name}={self.source(value)}", meaning, {}, instead)
        return settled({"mode": mode, **given})

    def call(self, node: ast.expr, catalogue: Catalogue, kind: str, target: Knob | None = None) -> Call:
        """A call with every argument: as it is said where that can be, else at its default."""
        word = word_of(node)
        if word not in catalogue:
            wordless(kind, word, catalogue)
        known = arguments(catalogue[word])
        if catalogue is not WRAPPERS and isinstance(node, ast.Call) and node.args:
            raise Rejected(
                "The arguments of {word} want their names, like {first}=1.", word=word, first=next(iter(known), "lr")
            )
        given: dict[str, Any] = {}
        for name, value in named(node).items():

            def meaning(name: str = name, value: ast.expr = value) -> dict[str, Any]:
                if name not in known:
                    nameless(word, name, known)
                said = self.argument(catalogue, word, name, value)
                return {name: checked(name, said, known[name].default, target)}

            instead = f"{name}={number(known[name].default)}" if name in known else Sentence("nothing")
            given |= self.attempt(f"{name}={self.source(value)}", meaning, {}, instead)
        return call(catalogue, word, given, target)

    def argument(self, catalogue: Catalogue, word: str, name: str, node: ast.expr) -> Any:
        if not isinstance(node, ast.Call):
            return literal(node)
        if catalogue is not OPTIMIZERS or not schedulable(word, name):
            raise Rejected("{name} cannot follow a schedule.", name=name)
        return self.call(node, SCHEDULES, Sentence("schedule"), knob(name))


def free(value: Any, taken: set[int]) -> int:
    """The slot of a colour that no other run has; colours are counted from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= RUNS:
        raise Rejected("Colours are numbered from 1 to {runs}.", runs=RUNS)
    if value - 1 in taken:
        raise Rejected("Another run has this colour.")
    return value - 1


def spoken(value: str) -> str:
    if not offered(value):
        raise Rejected("A language is one of {languages}.", languages=", ".join(LANGUAGES))
    return value


def lectured(value: str) -> bool:
    if value != LECTURE:
        raise Rejected("The only mode is {mode}.", mode=LECTURE)
    return True


def point(value: str) -> tuple[float, float]:
    coordinates = value.strip("() ").split(",")
    if len(coordinates) != 2:
        raise Rejected("A start is two numbers, like -1.2,1.")
    return coordinate(coordinates[0]), coordinate(coordinates[1])
