"""The player: a landscape and curves under one clock. Python sends stage and runs once; time is the browser's."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from app.browser.binary_message import encode_binary_message
from app.browser.component_events import (
    accept_serial,
    get_component_value,
    get_last_serial,
    make_event_handler,
)
from app.browser.equation_messages import encode_equations
from app.browser.landscape_questions import name_surface
from app.browser.loader_script import make_loader
from app.browser.player_labels import LABELS
from app.browser.player_protocol import (
    MAX_LIST_LENGTH,
    StartMove,
    ViewChange,
    decode_choice,
    decode_history_steps,
    decode_requested_columns,
    decode_start,
    decode_view,
)
from app.browser.run_delivery import abandon_feed, deliver_runs, get_feed_token
from app.browser.surface_heading import make_surface_heading
from app.compute.cached_simulation import compute_landscape
from app.equations.equation import Equations
from app.figures.landscape_figure import describe_float32
from app.figures.palette import PALETTE
from app.model.plane_window import WINDOW_LIMITS
from app.model.scene import Call
from app.model.view_options import ARROW_NAMES, DEFAULT_VIEW, VIEW_CHOICES, VIEW_MODES, View
from app.server.session_existence_tokens import set_subject

Events = dict[str, tuple[Callable[[object], Any], Callable[[Any], None]]]  # how each is decoded, and what it does

# A lecturer turns lecture mode on or off, goes to another scene of the playlist, reveals one that waits, or shows the
# audience the link as a code to scan.
LECTURE_EVENTS = {
    "lecture": range(2),
    "place": range(MAX_LIST_LENGTH),
    "revealed": range(MAX_LIST_LENGTH),
    "scan": range(2),
}

NO_ADDRESS_UPDATE = {"query": "", "shown": ""}

_stage = st.components.v2.component(
    "descent_stage", js=make_loader("receiveStage", is_visible=False), isolate_styles=False
)
_equations = st.components.v2.component(
    "descent_rule", js=make_loader("receiveEquations", is_visible=False), isolate_styles=False
)
_view = st.components.v2.component(
    "descent_view", js=make_loader("receiveView", is_visible=False), isolate_styles=False
)
_scene_cards = st.components.v2.component(
    "descent_overview",
    js=make_loader("receiveScenes", "player/panels/scene_overview.js", is_visible=False),
    isolate_styles=False,
)
_player = st.components.v2.component("descent_player", js=make_loader("mountPlayer"), isolate_styles=False)


def make_lecture_events(actions: Mapping[str, Callable[[int], None]]) -> Events:
    """Make the decoder and the action of each event of a lecture. An event that is not in `actions` is ignored."""
    return {
        name: (partial(decode_choice, name=name, choices=choices), actions.get(name, lambda value: None))
        for name, choices in LECTURE_EVENTS.items()
    }


def mount_player(
    surface: Call,
    runs: bytes,
    *,
    key: str,
    on_start: Callable[[StartMove], None],
    on_toggle: Callable[[int], None],
    on_undo: Callable[[Sequence[int]], None],
    on_view: Callable[[View], None],
    view: View,
    on_lecture: Callable[[str, int], None] | None = None,
    get_playlist_index: Callable[[], int] = lambda: 0,
    get_opening: Callable[[], int] = lambda: 0,
    address: Mapping[str, str] = NO_ADDRESS_UPDATE,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Show `runs`, a message of `app.browser.race_messages`, on the landscape of `surface`.

    `on_start(move)` is called with a chosen start;
    `on_toggle(i)` when the i-th run of the scene is switched on or off; `on_undo(ways)` with -1 for each last change
    of the scene undone, 1 for each done again; `on_view(view)` after the visitor looks at it in another way than
    `view`; `on_lecture(wish, value)` with "lecture", 1 or 0, for the mode, "place" for another scene of the playlist,
    "revealed" for one that need not wait any longer, "scan", 1 or 0, for the code to scan; `get_playlist_index()` is
    where in the playlist the lecture is, and `get_opening()` how many scenes have been opened: a view of another scene
    comes too late.
    `address` has the `query` to be put into the address bar, or "" and the one `shown` there, as the app would write
    it; `labels` replaces words of `LABELS`. Runs on another stage than the last go the same way as the stage, so that
    none is seen on the old one. Mount it inside a fragment.
    """
    set_subject(get_feed_token(key), surface)
    static = encode_stage(key, surface, {**LABELS, **(labels or {})})
    drawn = sha256(static).hexdigest()

    def accept_view(change: ViewChange) -> None:
        if (change.playlist_index, change.opening) == (get_playlist_index(), get_opening()):
            on_view(change.view)

    events: Events = {
        "start": (decode_start, on_start),
        "turned": (partial(decode_choice, name="run", choices=range(MAX_LIST_LENGTH)), on_toggle),
        "view": (decode_view, accept_view),
    }
    events |= make_lecture_events({wish: partial(on_lecture, wish) for wish in LECTURE_EVENTS} if on_lecture else {})
    _player(
        key=key,
        data=deliver_runs(key, runs, use_feed=st.session_state.get(f"{key}-drawn") == drawn),
        on_undone_change=partial(pass_on_history_steps, key, on_undo),
        on_focus_change=lambda: None,
        on_wanted_change=lambda: None,
        on_missed_change=partial(abandon_feed, key),
        **{f"on_{name}_change": make_event_handler(key, name, *event) for name, event in events.items()},
    )
    _stage(key=f"{key}-stage", data=static)
    st.session_state[f"{key}-drawn"] = drawn
    message = {
        "id": key,
        "view": view._asdict(),
        "n": get_last_serial(f"{key}-view"),
        "place": get_playlist_index(),
        "opening": get_opening(),
        "address": dict(address),
    }
    _view(key=f"{key}-view", data=message)


def encode_stage(key: str, surface: Call, labels: Mapping[str, str], formula: Mapping[str, Any] | None = None) -> bytes:
    """Encode the landscape for the player `key`, with the labels, colours and choices of the view.

    The heights of its figure are the array of the message.
    `formula` has the operations that compute f and its gradient, for a player without a server.
    """
    choices = {"mode": VIEW_MODES, **VIEW_CHOICES, "arrows": ARROW_NAMES}
    view = {"defaults": DEFAULT_VIEW._asdict(), "choices": choices}
    stage = {"surface": name_surface(surface), **compute_landscape(surface), "window_limits": WINDOW_LIMITS}
    (contour,) = stage["figure"]["data"]
    heights, contour["z"] = contour["z"], describe_float32(contour["z"])
    message = {"id": key, "stage": stage, "labels": dict(labels), "palette": PALETTE, "view": view}
    message["heading"] = make_surface_heading(surface)
    if formula:
        message["formula"] = formula
    return encode_binary_message(message, {"heights": heights})


def mount_equations(key: str, rule: Equations, slot: int) -> None:
    """Show the rule of the run in `slot` under the player; mount it after `mount_player`."""
    _equations(key=f"{key}-rule", data=encode_equations(rule, id=key, slot=slot))


def mount_scene_cards(key: str, cards: Sequence[Mapping[str, Any]]) -> None:
    """Send the component `key`, the player or that of a check, the scenes of its playlist with their pictures."""
    _scene_cards(key=f"{key}-scenes", data={"id": key, "scenes": list(cards)})


def get_focused_slot(key: str) -> int | None:
    """The slot of the run whose rule the visitor wants to see."""
    slot = get_component_value(key, "focus")
    return slot if type(slot) is int else None


def get_requested_columns(key: str) -> tuple[str, ...]:
    """The columns that the visitor asked for besides those that are always shown."""
    return decode_requested_columns(get_component_value(key, "wanted"))


def pass_on_history_steps(key: str, on_undo: Callable[[Sequence[int]], None]) -> None:
    """Pass on the undone and redone changes that are new; each message repeats those before it."""
    last = get_last_serial(f"{key}-undone")
    fresh = [step for step in decode_history_steps(get_component_value(key, "undone")) if step.serial > last]
    if fresh:
        accept_serial(f"{key}-undone", fresh[-1].serial)
        on_undo([step.value for step in fresh])
