"""The player: a landscape and curves under one clock. Python sends stage and runs once; time is the browser's."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from plotly.offline import get_plotlyjs

from app.figures.palette import DASHES, HUES, MARKERS, THEMES
from app.player.assets import player_folder, plotly_path
from app.player.message import Track, decode_start, encode

__all__ = ["LABELS", "Track", "clicked", "play"]

LABELS = {
    "landscape": "Landscape",
    "drag": "start: click to move",
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
    "contour": "Contour",
    "space": "3-D",
    "no_space": "3-D needs WebGL, which this browser does not offer.",
    "orbit": "3-D view: arrow keys turn it, plus and minus zoom",
    "height": "loss",
    "height_above": "loss − minimum",
    "run": "Run",
    "at_step": "At step {k}",
    "norm": "‖g‖",
    "evaluations": "Evaluations",
    "verdict": "Verdict",
    "leads": "leads",
    "diverged": "diverged, last step {k}",
    "unbounded": "fell without end, last step {k}",
    "ended": "ended at {k}",
    "away": "{d} away",
    "not_positive": "{names}: 0 or below from step {k}, not on a log axis",
    "none": "{names}: none",
    "summary": "Step {k} of {n}. {leader} leads with loss {loss}.",
    "summary_empty": "Step {k} of {n}. No runs.",
    "table": "Runs at this step",
    "player": "Player: space plays, arrows step, Home and End jump",
}

# The page's own script is at <base>/static/js/; whatever prefix a proxy adds, the player's files are beside it.
LOADER = """
// Loads the player from the app's own server.
const page = [...document.scripts].find((script) => script.src.includes("/static/js/"));
const base = page ? page.src.slice(0, page.src.indexOf("/static/js/") + 1) : document.baseURI;
export default async (component) => {{
  const module = await import(base + "{folder}/player.js");
  return module.{entry}(component, {{ folder: base + "{folder}/", plotly: base + "{plotly}" }});
}};
"""


def loader(entry: str) -> str:
    return LOADER.format(entry=entry, folder=player_folder(), plotly=plotly_path(get_plotlyjs().encode()))


_stage = st.components.v2.component("descent_stage", js=loader("stage"), isolate_styles=False)
_player = st.components.v2.component("descent_player", js=loader("player"), isolate_styles=False)


def play(
    stage: dict[str, Any],
    tracks: Sequence[Track],
    *,
    start: tuple[float, float],
    steps: int,
    labels: Mapping[str, str] | None = None,
    key: str,
    epoch: float | None = None,
    note: str = "",
) -> tuple[float, float] | None:
    """Show `tracks` on `stage` (see `app.figures.stage`); return a newly clicked start, once per click.

    `epoch` is the number of steps in an epoch, where there is data; `note` a sentence above
    the curves; `labels` replaces words of `LABELS`. Mount it inside a fragment. A caller that
    needs the click before its widgets are made asks `clicked(key)` first.
    """
    moving = encode(tracks, id=key, start=[float(v) for v in start], steps=steps, epoch=epoch, note=note)
    _player(key=key, data=moving, on_start_change=lambda: None)
    static = {
        "id": key,
        "stage": stage,
        "labels": {**LABELS, **(labels or {})},
        "palette": {"themes": THEMES, "dashes": DASHES, "markers": MARKERS, "hues": HUES},
    }
    _stage(key=f"{key}-stage", data=json.dumps(static, allow_nan=False, ensure_ascii=False).encode())
    return clicked(key)


def clicked(key: str) -> tuple[float, float] | None:
    """The start that the visitor chose on the landscape, the first time it is asked for; else None."""
    state = st.session_state.get(key)
    sent = state.get("start") if isinstance(state, Mapping) else None
    if sent is None:
        return None
    decoded = decode_start(sent)
    if decoded is None:
        return None
    place, serial = decoded
    if st.session_state.get(f"{key}-serial") == serial:
        return None
    st.session_state[f"{key}-serial"] = serial
    return place
