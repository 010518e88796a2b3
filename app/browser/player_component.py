"""The player: a landscape and curves under one clock. Python sends stage and runs once; time is the browser's."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from app.browser.equation_messages import EQUATION_LABELS, encode_equations
from app.browser.loader_script import make_loader
from app.browser.player_protocol import (
    MAX_LIST_LENGTH,
    RunPayload,
    decode_choice,
    decode_history_steps,
    decode_requested_columns,
    decode_start,
    decode_view,
    encode_runs,
)
from app.browser.run_delivery import abandon_feed, deliver_runs, get_feed_token
from app.browser.websocket_push import feed_path
from app.equations.equation import Equations
from app.figures.palette import DASHES, HUES, MARKERS, THEMES
from app.model.view_options import View

__all__ = [
    "LABELS",
    "RunPayload",
    "encode_message",
    "encode_stage",
    "get_focused_slot",
    "make_loader",
    "mount_equations",
    "mount_player",
    "push_runs",
]

LECTURE_EVENTS = ("lecture", "place", "revealed")  # of a lecturer
LABELS = {
    "landscape": "Landscape",
    "drag": "start: drag it, or click anywhere",
    "start_away": "start, {d} away",
    "start": "Start point; arrow keys move it",
    "minimum": "minimum",
    "levels_log": "contours on a log scale",
    "levels_linear": "contours at equal steps",
    "loss": "Loss",
    "gradient_norm": "Gradient norm",
    "lr": "Learning rate",
    "step_length": "Step length",
    "strip": "Second curve",
    "linear": "Linear",
    "log": "Log",
    "step": "step",
    "epoch": "epoch",
    "first": "To the start",
    "back": "One step back",
    "play": "Play",
    "pause": "Pause",
    "forward": "One step forward",
    "last": "To the end",
    "scrub": "Step",
    "speed": "Speed",
    "loop": "Loop",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Reset the view",
    "unknown": "outside the computed map",
    "wheel": "{key} + wheel zooms the map",
    "contour": "Contour",
    "space": "3-D",
    "no_space": "3-D needs WebGL, which this browser does not offer. The contours show the same race.",
    "lost_space": "The browser has stopped WebGL, which 3-D needs. The contours show the same race; "
    "you can try 3-D again.",
    "orbit": "3-D view: arrow keys turn it, plus and minus zoom",
    "height": "loss",
    "height_above": "loss − minimum",
    "run": "Run",
    "at": "Place",
    "at_step": "At step {k}",
    "norm": "‖g‖",
    "evaluations": "Evaluations",
    "verdict": "Verdict",
    "leads": "leads",
    "diverged": "diverged at step {k}",
    "diverged_on": "diverged from step {k} on",
    "outside": "left the domain at step {k}",
    "outside_on": "left the domain from step {k} on",
    "unbounded": "fell without end from step {k}",
    "unbounded_on": "fell without end from step {k} on",
    "cut": "no numbers after {k}",
    "drawn_on": "It is drawn on to step {k}.",
    "drawn_cut": "It is drawn on to step {k}, the last with finite numbers.",
    "ended": "ended at {k}",
    "away": "{d} away",
    "fit": "Runs that the axes have room for",
    "fit_all": "All runs",
    "fit_kept": "Not diverged",
    "leaves": "{names}: off the axis from step {k}",
    "not_positive": "{names}: 0 or below from step {k}, not on a log axis",
    "none": "{names}: none",
    "summary": "{surface}: step {k} of {n}; runs: {runs}.",
    "summary_empty": "{surface}; steps: {n}; no run.",
    "summary_leader": "{leader} ({detail}) leads with loss {loss}.",
    "summary_run": "{run}: loss {loss} at step {k}.",
    "summary_ended": "{run}: {verdict}",
    "twin": "The race in words and numbers",
    "twin_table": "Loss of each run, step by step",
    "table": "Runs at this step",
    "player": "Player: space plays, arrows step, ? lists the keys",
    "scale": "Scale of the loss",
    "view": "View",
    "over": "over",
    "over_steps": "step",
    "over_gradients": "gradient evaluations",
    "over_evaluations": "evaluations",
    "over_epochs": "epoch",
    "update_ratio": "Update : point ratio",
    "rate_x": "Effective rate in x",
    "rate_y": "Effective rate in y",
    "pointed": "where you point",
    "pace": "Race by",
    "pace_steps": "steps",
    "pace_evaluations": "evaluations",
    "projector": "Large type, for a projector",
    "full": "Full screen",
    "keys": "Keys",
    "close": "Close",
    "key_play": "Play or pause",
    "key_step": "One step back or forward",
    "key_ends": "To the start, to the end",
    "key_speed": "Faster, slower",
    "key_digit": "A run on or off",
    "key_undo": "Undo a change, redo it",
    "key_view": "Contours or 3-D",
    **EQUATION_LABELS,
    "focus": "The rule of",
    "focus_none": "choose a run",
    "focus_on": "Show its rule with the numbers of this step",
    "arrows": "Arrows",
    "arrow_slope": "Downhill, −∇f",
    "arrow_pull": "Velocity or momentum",
    "arrow_update": "The next update",
    "arrow_ahead": "Nesterov's other point",
    "arrow_model": "Newton's quadratic model",
    "arrow_radius": "Trust region",
    "arrow_factor": "velocity and update × {n}",
    "arrow_log": "−∇f by the logarithm of its size",
    "arrow_saddle": "no ellipse where the model has no minimum",
    "save": "Save",
    "save_png": "Picture (PNG)",
    "save_svg": "Picture (SVG)",
    "save_webm": "Film (WebM)",
    "save_gif": "Film (GIF)",
    "save_begun": "The file is being made.",
    "save_progress": "How far the file is",
    "save_cancel": "Cancel",
    "save_done": "Saved as {name}",
    "save_cancelled": "Cancelled: nothing was saved.",
    "save_failed": "This file could not be made here; nothing was saved.",
    "save_no_webm": "This browser cannot encode WebM on this page. The GIF shows the same film.",
    "picture_steps": "{surface}, step {k} of {n}",
    "picture_evaluations": "{surface}, {k} of {n} evaluations",
    "lecture": "Lecture mode: the race alone, in large type",
    "reveal": "Show what happens",
    "scene_next": "Next scene",
    "scene_back": "Previous scene",
    "scene_place": "Scene {place} of {places}",
    "blank": "Black screen",
    "key_lecture": "Lecture mode",
    "key_scenes": "Previous scene, next scene",
    "key_reveal": "Show what happens",
    "key_blank": "Black screen, and back",
    "key_leave": "Leave lecture mode",
}

_stage = st.components.v2.component(
    "descent_stage", js=make_loader("receiveStage", is_visible=False), isolate_styles=False
)
_equations = st.components.v2.component(
    "descent_rule", js=make_loader("receiveEquations", is_visible=False), isolate_styles=False
)
_view = st.components.v2.component(
    "descent_view", js=make_loader("receiveView", is_visible=False), isolate_styles=False
)
_player = st.components.v2.component("descent_player", js=make_loader("mountPlayer"), isolate_styles=False)


def encode_message(
    key: str,
    tracks: Sequence[RunPayload],
    *,
    start: Sequence[float],
    steps: int,
    epoch: float | None = None,
    note: str = "",
    hypers: Mapping[str, str] | None = None,
    **scene: Any,
) -> bytes:
    """What the player `key` is told of `tracks`, for `push_runs` and `mount_player`.

    `epoch` is the number of steps in an epoch, where there is data; `note` a sentence above the curves; `hypers` names
    the columns of hyperparameters that follow a schedule; `scene` is said of it in words.
    """
    place = [float(v) for v in start]
    return encode_runs(
        tracks,
        get_requested_columns(key),
        id=key,
        feed=feed_path(get_feed_token(key)),
        start=place,
        steps=steps,
        epoch=epoch,
        note=note,
        hypers=hypers,
        **scene,
    )


def push_runs(key: str, runs: bytes) -> None:
    """Send a `encode_message` to a player that is on the page, from a callback: before the fragments are run again.

    Only while the stage is the same.
    """
    deliver_runs(key, runs)


def mount_player(
    stage: dict[str, Any],
    runs: bytes,
    *,
    key: str,
    on_start: Callable[[tuple[float, float], bool], None],
    on_toggle: Callable[[int], None],
    on_undo: Callable[[Sequence[int]], None],
    on_view: Callable[[View], None],
    view: View,
    on_lecture: Callable[[str, int], None] | None = None,
    get_playlist_index: Callable[[], int] = lambda: 0,
    query: str = "",
    labels: Mapping[str, str] | None = None,
) -> None:
    """Show `runs`, a `encode_message` to `key`, on `stage` (see `app.figures.landscape_figure`).

    `on_start(get_playlist_index, held)` is called with a chosen start, `held` while the visitor is still dragging it;
    `on_toggle(i)` when the i-th of the `racers` is switched on or off; `on_undo(ways)` with -1 for each last change
    of the scene undone, 1 for each done again; `on_view(view)` after the visitor looks at it in another way than
    `view`; `on_lecture(wish, value)` with "lecture", 1 or 0, for the mode, "place" for another scene of the playlist,
    "revealed" for one that need not wait any longer; `get_playlist_index()` is where in the playlist the lecture is.
    `query` is put into the address bar; `labels` replaces words of `LABELS`. Runs on another stage than the last go the
    same way as the stage, so that none is seen on the old one. Mount it inside a fragment.
    """
    static = encode_stage(key, stage, {**LABELS, **(labels or {})})
    drawn = sha256(static).hexdigest()
    _player(
        key=key,
        data=deliver_runs(key, runs, use_feed=st.session_state.get(f"{key}-drawn") == drawn),
        on_start_change=lambda: _on_start(key, on_start),
        on_turned_change=lambda: _on_number(key, "turned", "run", range(MAX_LIST_LENGTH), on_toggle),
        on_undone_change=lambda: _on_history(key, on_undo),
        on_focus_change=lambda: None,
        on_wanted_change=lambda: None,
        on_missed_change=lambda: abandon_feed(key),
        on_view_change=lambda: _on_view(key, on_view, get_playlist_index),
        **{f"on_{wish}_change": partial(_on_lecture, key, wish, on_lecture) for wish in LECTURE_EVENTS},
    )
    _stage(key=f"{key}-stage", data=static)
    st.session_state[f"{key}-drawn"] = drawn
    said = {
        "id": key,
        "view": view._asdict(),
        "n": get_last_serial(key, "view"),
        "place": get_playlist_index(),
        "query": query,
    }
    _view(key=f"{key}-view", data=said)


def encode_stage(key: str, stage: dict[str, Any], labels: Mapping[str, str]) -> bytes:
    """The stage as the player `key` is told of it, with the words and colours that it draws with."""
    palette = {"themes": THEMES, "dashes": DASHES, "markers": MARKERS, "hues": HUES}
    told = {"id": key, "stage": stage, "labels": dict(labels), "palette": palette}
    return json.dumps(told, allow_nan=False, ensure_ascii=False).encode()


def mount_equations(key: str, rule: Equations, slot: int) -> None:
    """Show the rule of the run in `slot` under the player; mount it after `mount_player`."""
    _equations(key=f"{key}-rule", data=encode_equations(rule, id=key, slot=slot))


def get_focused_slot(key: str) -> int | None:
    """The slot of the run whose rule the visitor wants to see."""
    slot = get_component_value(key, "focus")
    return slot if type(slot) is int else None


def _on_start(key: str, on_start: Callable[[tuple[float, float], bool], None]) -> None:
    """Pass on what the browser sent, if it is a start and a new one."""
    chosen = decode_start(get_component_value(key, "start"))
    if chosen is not None and accept_serial(key, chosen.serial):
        on_start(chosen.point, chosen.is_dragging)


def _on_number(key: str, state: str, name: str, choices: Collection[int], act: Callable[[int], None]) -> None:
    """Pass on which of some numbers the visitor chose, the first time that it is heard."""
    choice = decode_choice(get_component_value(key, state), name, choices)
    if choice is not None and accept_serial(key, choice.serial):
        act(choice.value)


def _on_lecture(key: str, wish: str, on_lecture: Callable[[str, int], None] | None) -> None:
    """Pass on what the lecturer wants."""
    if on_lecture is not None:
        _on_number(
            key, wish, wish, range(2) if wish == "lecture" else range(MAX_LIST_LENGTH), partial(on_lecture, wish)
        )


def _on_history(key: str, on_undo: Callable[[Sequence[int]], None]) -> None:
    """Pass on which changes the visitor wants undone or done again, those that are heard for the first time."""
    last = get_last_serial(key, "undone")
    fresh = [move for move in decode_history_steps(get_component_value(key, "undone")) if move.serial > last]
    if fresh:
        st.session_state[f"{key}-undone-serial"] = fresh[-1].serial
        on_undo([move.value for move in fresh])


def _on_view(key: str, on_view: Callable[[View], None], get_playlist_index: Callable[[], int]) -> None:
    """Pass on how the visitor looks at the scene, the first time that it is heard; unless it was another scene."""
    found, said = decode_view(get_component_value(key, "view")), get_component_value(key, "view")
    if found is not None and found[1] != get_last_serial(key, "view"):
        st.session_state[f"{key}-view-serial"] = found[1]
        if isinstance(said, Mapping) and said.get("place", 0) == get_playlist_index():
            on_view(found[0])


def get_last_serial(key: str, kind: str) -> int:
    """The number of the last message of a kind that was heard; 0 if there was none."""
    return st.session_state.get(f"{key}-{kind}-serial", 0)


def get_requested_columns(key: str) -> tuple[str, ...]:
    """The columns that the visitor asked for besides those that are always shown."""
    return decode_requested_columns(get_component_value(key, "wanted"))


def get_component_value(key: str, name: str) -> object:
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else None


def accept_serial(key: str, serial: int) -> bool:
    """Whether this serial number is heard for the first time."""
    heard = st.session_state.get(f"{key}-serial") == serial
    st.session_state[f"{key}-serial"] = serial
    return not heard
