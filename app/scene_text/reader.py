"""Read a scene from text or from the parameters of a link; no text is ever run."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from app.compute.cached_simulation import build_surface
from app.compute.suited_learning_rates import move_to_surface
from app.compute.surface_source_registry import SURFACE_SOURCES, find_source_of_text, get_source
from app.model.call_reader import NOTHING, CallReader, Fault, ParsedScene
from app.model.call_syntax import (
    MAX_VALUE_CHARACTERS,
    check_bool,
    get_name,
    get_wrapped,
    parse_value,
    read_choice,
    read_literal,
    shorten,
    write_number,
)
from app.model.presets import DEFAULT_SCENE
from app.model.scene import (
    MAX_RUNS,
    Call,
    Run,
    Scene,
    UserError,
    check_argument,
    parse_coordinate,
    parse_step_count,
    reject_argument,
)
from app.model.view_options import DEFAULT_VIEW, Presentation, View, find_view_fault, make_view
from app.scene_text.writer import LECTURE_MODE, NO_RUNS, PART_NAMES, STYLE_WRAPPER
from app.translation import LANGUAGES, is_offered
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from surfaces.translatable import Translatable

MAX_SCENE_CHARACTERS = 20_000  # of a text without data: room for 16 runs of the greatest length
MAX_TEXT_CHARACTERS = MAX_SCENE_CHARACTERS + max(source.max_characters for source in SURFACE_SOURCES.values())


def parse_scene(text: str) -> Scene:
    """Read a scene. Raises `UserError` if any part cannot be read."""
    scene, faults = read_scene(text)
    if faults:
        raise UserError("{text}: {reason}", text=faults[0].text, reason=faults[0].reason)
    return scene


def read_scene(text: str) -> ParsedScene[Scene]:
    """Read a scene from a text or link as far as possible. Raises `UserError` if there is nothing to read."""
    text = text.strip()
    if is_link(text):
        _check_length(text)
        return assemble_scene(parse_qsl(text.partition("?")[2].partition("#")[0]))
    _check_length(text, MAX_TEXT_CHARACTERS - MAX_SCENE_CHARACTERS)
    lines = (line.partition("#")[0].partition("=") for line in text.splitlines())
    pairs = [(name.strip(), value.strip()) for name, _, value in lines]
    _check_length(text, max((len(value) for _, value in pairs if _may_be_long(value)), default=0))
    scene, faults = assemble_scene(pairs)
    reason = Translatable("A scene has no part with this name. Its parts are {names}.", names=", ".join(PART_NAMES))
    unknown = (name for name, _ in pairs if name and name not in PART_NAMES)
    return ParsedScene(scene, (*faults, *(Fault(shorten(name), reason, NOTHING) for name in unknown)))


def is_link(text: str) -> bool:
    return text.lstrip().startswith(("http://", "https://", "?"))


def _check_length(text: str, extra: int = 0) -> None:
    if len(text) > MAX_SCENE_CHARACTERS + extra:
        raise UserError("A scene may have at most {limit} characters.", limit=MAX_SCENE_CHARACTERS)


def _may_be_long(value: str) -> bool:
    """Whether this value may be longer than others, because it contains data."""
    return find_source_of_text(value).max_characters > MAX_VALUE_CHARACTERS


def _cut_value(name: str, value: str) -> str:
    """Cut a value to one character more than it may have, which is enough to refuse it."""
    limit = find_source_of_text(value).max_characters if name == "surface" else MAX_VALUE_CHARACTERS
    return value[: limit + 1].strip()


def assemble_scene(pairs: Iterable[tuple[str, str]]) -> ParsedScene[Scene]:
    """Make a scene of its parts. Missing parts are those of the default scene, moved to the surface."""
    parts = [(name, _cut_value(name, value)) for name, value in pairs if name in PART_NAMES]
    if not parts:
        raise UserError("This is not a scene. A scene has parts like surface = rosenbrock() and run = adam(lr=0.1).")
    reader, first = SceneReader(), dict(reversed(parts))

    def read_part(name: str, read: Callable[[str], Any], default: Any, default_text: str) -> Any:
        if name not in first:
            return default
        return reader.try_read(f"{name}={first[name]}", lambda: read(first[name]), default, default_text)

    for name, value in parts:
        if name != "run" and value != first[name]:
            reason = Translatable("{name} is given more than once. Only the first one is used.", name=name)
            reader.faults.append(Fault(shorten(f"{name}={value}"), reason, shorten(f"{name}={first[name]}")))
    default = DEFAULT_SCENE
    surface = read_part(
        "surface", reader.read_surface, default.surface, get_source(default.surface).write(default.surface)
    )
    x, y = map(float, build_surface(surface).start)
    start = read_part("start", parse_start, (x, y), f"{write_number(x)},{write_number(y)}")
    steps = read_part("steps", parse_step_count, default.steps, str(default.steps))
    noise = read_part("noise", lambda text: check_argument("noise", read_literal(parse_value(text)), 0.0), 0.0, "0")
    seed = read_part("seed", lambda text: check_argument("seed", read_literal(parse_value(text)), 0), 0, "0")
    view = read_part("view", reader.read_view, DEFAULT_VIEW, "contour()")
    language = read_part("language", parse_language, "", Translatable("the browser's language"))
    is_lecture = read_part("mode", parse_mode, False, Translatable("the whole page"))
    scene = Scene(surface, start, steps, (), noise, seed, Presentation(view, language, is_lecture))
    if "run" not in first:
        is_default = (surface, noise, seed) == (default.surface, default.noise, default.seed)
        in_noise = replace(default, noise=noise, seed=seed)
        moved = default if is_default else move_to_surface(in_noise, surface, safe_only=False)
        return ParsedScene(replace(scene, runs=moved.runs), tuple(reader.faults))
    for value in (value for name, value in parts if name == "run" and value != NO_RUNS):
        scene = reader.try_read(
            f"run={value}",
            lambda scene=scene, value=value: reader.read_run_into(scene, reader.parse_value(value)),
            scene,
            Translatable(""),  # the run is left out
        )
    return ParsedScene(scene, tuple(reader.faults))


class SceneReader(CallReader):
    def read_surface(self, value: str) -> Call:
        return find_source_of_text(value).read(self, value)

    def read_run_into(self, scene: Scene, node: ast.expr) -> Scene:
        """Add a run to `scene`, in its own colour, else in that of its position, else in the first free one."""
        has_style = get_name(node) == STYLE_WRAPPER
        run = self.read_run(get_wrapped(node) if has_style else node)
        added = scene.add_run(run)  # in the first free colour
        used_slots = {other.slot for other in scene.runs}
        slot = len(scene.runs) if len(scene.runs) not in used_slots else added.runs[-1].slot

        def read_style(name: str, value: ast.expr) -> Any:
            if name == "colour":
                return parse_colour(read_literal(value), used_slots)
            if name == "on":
                return check_bool(read_literal(value))
            reject_argument(STYLE_WRAPPER, name)

        defaults = {"colour": str(slot + 1), "on": "True"}
        style = self.read_keywords(node, read_style, defaults) if has_style else {}
        run = run._replace(slot=style.get("colour", slot), is_on=style.get("on", True))
        return replace(scene, runs=(*scene.runs, run))

    def read_run(self, node: ast.expr) -> Run:
        """Read a run, without its colour."""
        if get_name(node) not in WRAPPERS:
            return Run(0, self.read_call(node, OPTIMIZERS, Translatable("optimizer")))
        optimizer = self.read_call(get_wrapped(node), OPTIMIZERS, Translatable("optimizer"))
        return Run(0, optimizer, self.read_call(node, WRAPPERS, Translatable("wrapper")))

    def read_view(self, value: str) -> View:
        """Read a view. A choice that is missing or cannot be read is at its default."""
        node = self.parse_value(value)
        mode = get_name(node)
        if reason := find_view_fault("mode", mode):
            raise UserError(reason)

        def read_option(name: str, value: ast.expr) -> Any:
            choice = read_choice(value)
            choice = (choice,) if name == "arrows" and isinstance(choice, str) else choice
            if reason := find_view_fault(name, choice):
                raise UserError(reason)
            return choice

        defaults = {name: text for name, text in View._field_defaults.items() if isinstance(text, str)}
        return make_view({"mode": mode, **self.read_keywords(node, read_option, defaults)})


def parse_colour(value: Any, used_slots: set[int]) -> int:
    """The slot of a colour, whose number counts from 1. Raises `UserError` if another run has it."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_RUNS:
        raise UserError("Colours are numbered from 1 to {runs}.", runs=MAX_RUNS)
    if value - 1 in used_slots:
        raise UserError("Another run has this colour.")
    return value - 1


def parse_language(value: str) -> str:
    if not is_offered(value):
        raise UserError("The language must be one of {languages}.", languages=", ".join(LANGUAGES))
    return value


def parse_mode(value: str) -> bool:
    if value != LECTURE_MODE:
        raise UserError("The only mode is {mode}.", mode=LECTURE_MODE)
    return True


def parse_start(value: str) -> tuple[float, float]:
    coordinates = value.strip("() ").split(",")
    if len(coordinates) != 2:
        raise UserError("A start must be two numbers, like -1.2,1.")
    return parse_coordinate(coordinates[0]), parse_coordinate(coordinates[1])
