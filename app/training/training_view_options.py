"""How trainings are looked at: the plane of the loss landscape, and whether what the clock has not reached is shown.

landscape=random(seed=3)    the plane that is drawn: path(), random() or ends(); none is drawn without it
future=hidden               what is ahead of the clock: shown or hidden; without it hidden in a lecture

They are in the link beside the scene, and undo leaves them alone.
"""

import ast
from typing import Any, NamedTuple

from app.browser.component_events import get_fields
from app.browser.player_protocol import is_serial
from app.model.call_reader import NOTHING, CallReader, Fault
from app.model.call_syntax import get_name, read_literal
from app.model.scene import UserError, reject_argument, reject_maker_name
from app.model.view_options import VIEW_CHOICES
from app.scene_text.url_parameters_by_name import UrlParameters
from app.training_scenes.training_scene import TRAINING_RANGES, check_choice
from optimizers.training.training_landscape import FRAMES, PlaneKind
from surfaces.translatable import Translatable

VIEW_PARAMETERS = ("landscape", "future")
RANDOM: PlaneKind = "random"  # the kind of plane that has a seed
Plane = tuple[PlaneKind, int]  # with the seed of its directions; 0 unless they are random


class TrainingView(NamedTuple):
    plane: Plane | None = None  # of the landscape that is shown
    future: str = VIEW_CHOICES["future"][0]


DEFAULT_VIEW = TrainingView()


# ---- the link


def write_view(view: TrainingView) -> list[tuple[str, str]]:
    """The parameters of a link; what is at its default is left out."""
    pairs = []
    if view.plane:
        kind, seed = view.plane
        pairs.append(("landscape", f"{kind}(seed={seed})" if seed else f"{kind}()"))
    return [*pairs, ("future", view.future)] if view.future != DEFAULT_VIEW.future else pairs


def read_view(parameters: UrlParameters) -> tuple[TrainingView, tuple[Fault, ...]]:
    """The view that a link describes. What cannot be read is a fault, and is at its default."""
    reader = CallReader()
    values = {name: parameters[name][-1] for name in VIEW_PARAMETERS if parameters.get(name)}
    plane = future = None
    if "landscape" in values:
        written = f"landscape={values['landscape']}"
        plane = reader.try_read(written, lambda: read_plane(reader, values["landscape"]), None, NOTHING)
    if "future" in values:
        written = f"future={values['future']}"
        future = reader.try_read(written, lambda: check_future(values["future"]), None, DEFAULT_VIEW.future)
    return TrainingView(plane, future or DEFAULT_VIEW.future), tuple(reader.faults)


def read_plane(reader: CallReader, text: str) -> Plane:
    node = reader.parse_value(text)
    kind = get_name(node)
    if kind not in FRAMES:
        reject_maker_name(Translatable("plane"), kind, FRAMES)
    known = ("seed",) if kind == RANDOM else ()

    def read(name: str, part: ast.expr) -> Any:
        if name not in known:
            reject_argument(kind, name, known)
        return check_choice(name, read_literal(part))

    return kind, reader.read_keywords(node, read, {"seed": "0"}).get("seed", 0)  # type: ignore[return-value]


def check_future(word: str) -> str:
    if word not in VIEW_CHOICES["future"]:
        raise UserError("{name} is one of {words}, and not {word!r}.",
                        name="future", words=", ".join(VIEW_CHOICES["future"]), word=word[:40])  # fmt: skip
    return word


# ---- what the browser asks for


def decode_plane(payload: object) -> Plane | None:
    """The plane that is to be drawn."""
    kind, seed, n = get_fields(payload, "kind", "seed", "n")
    is_known = type(kind) is str and kind in FRAMES and type(seed) is int and TRAINING_RANGES["seed"].contains(seed)
    return (kind, seed if kind == RANDOM else 0) if is_known and is_serial(n) else None


def decode_future(payload: object) -> str | None:
    """Whether what is ahead of the clock is to be shown."""
    value, n = get_fields(payload, "value", "n")
    return value if type(value) is str and value in VIEW_CHOICES["future"] and is_serial(n) else None
