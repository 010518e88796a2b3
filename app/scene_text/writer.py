"""Write a scene as text, and as the parameters of a link."""

from typing import Any
from urllib.parse import urlencode

from app.compute.surface_source_registry import get_source
from app.model.call_syntax import write_call, write_number
from app.model.scene import Run, Scene
from app.model.view_options import DEFAULT_VIEW, View
from optimizers.catalogue import OPTIMIZERS, WRAPPERS

PART_NAMES = ("surface", "start", "steps", "noise", "seed", "run", "view", "language", "mode")
LECTURE_MODE = "lecture"
STYLE_WRAPPER = "look"  # around a run that is off, or whose colour is not that of its position
NO_RUNS = "none"  # the value of `run` in a scene without runs
MAX_LINK_CHARACTERS = 2000  # data that would make a link longer are left out of it


def write_scene(scene: Scene) -> str:
    return "".join(f"{name} = {value}\n" for name, value in list_parts(scene))


def write_query(scene: Scene) -> str:
    """The part of a link after the question mark."""
    return encode_query(list_link_parts(scene))


def encode_query(parts: list[tuple[str, str]]) -> str:
    return urlencode(parts, safe="(),=;")


def list_link_parts(scene: Scene) -> list[tuple[str, str]]:
    """The parts of a scene for a link, without data that do not fit into it."""
    parts = list_parts(scene)
    if len(encode_query(parts)) <= MAX_LINK_CHARACTERS:
        return parts
    return [("surface", get_source(scene.surface).write_short(scene.surface)), *parts[1:]]


def list_parts(scene: Scene) -> list[tuple[str, str]]:
    """Name and value of every part of a scene; `run` once for each run."""
    x, y = scene.start
    parts = [("surface", get_source(scene.surface).write(scene.surface))]
    parts += [("start", f"{write_number(x)},{write_number(y)}"), ("steps", write_number(scene.steps))]
    parts += [(name, write_number(value)) for name, value in (("noise", scene.noise), ("seed", scene.seed)) if value]
    parts += [("run", write_run(run, index)) for index, run in enumerate(scene.runs)] or [("run", NO_RUNS)]
    parts += [("view", write_view(scene.view))] if scene.view != DEFAULT_VIEW else []
    parts += [("language", scene.presentation.language)] if scene.presentation.language else []
    return parts + ([("mode", LECTURE_MODE)] if scene.presentation.is_lecture else [])


def write_view(view: View) -> str:
    """Write a view with the choices that are not at their defaults."""
    defaults = View(view.mode)
    changed = (f"{n}={write_choice(v)}" for n, v, d in zip(View._fields, view, defaults, strict=True) if v != d)
    return f"{view.mode}({','.join(changed)})"


def write_choice(value: Any) -> str:
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else f"({','.join(map(write_choice, value))})"
    return value if isinstance(value, str) else write_number(value)


def write_run(run: Run, index: int) -> str:
    """Write a run; `index` is its position in the scene."""
    call = write_call(run.optimizer, OPTIMIZERS)
    call = write_call(run.wrapper, WRAPPERS, call) if run.wrapper else call
    style = [*([f"colour={run.slot + 1}"] if run.slot != index else []), *([] if run.is_on else ["on=False"])]
    return f"{STYLE_WRAPPER}({','.join((call, *style))})" if style else call
