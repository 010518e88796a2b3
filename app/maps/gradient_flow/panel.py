"""The flow's picture: which run is compared with the flow that it follows, and what its steps do to that."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.compute.background_jobs import News
from app.compute.cached_simulation import epoch, surface
from app.figures.landscape_figure import lowest
from app.maps import map_component, map_session
from app.maps.gradient_flow.compute import FLOW_LABELS, Question, flows, ground, thinned, widths
from app.maps.gradient_flow.run_comparison import Track, cut, said_of, track
from app.maps.map_component import Place
from app.maps.map_kind import Kind, choose, chosen, run_at
from app.model import display_names
from app.model.scene import Scene, nameless
from app.scene_text.call_syntax import literal
from app.session.scene_state import PANEL, become, refresh, scene
from app.translation import all_said, say
from optimizers.analysis.flow_equations import BALL, GRADIENT, NEWTON, Law
from optimizers.analysis.gradient_flow import EDGE, LEFT, OVER, REST, SINGULAR, SLOW, STUCK, Flow
from optimizers.analysis.number_format import figure
from surfaces.base import Array
from surfaces.translatable import Sentence

KEY = "flow"
HELD = "flow_held"  # the start is being dragged
ALL = 1 << 30  # news to wait for: whatever there is in the end
SAMPLES = 400  # of the flow's loss
SEEN = 1e-15  # of the loss at the start: what is less is rounding
AT_REST = 1e-7  # of the view: nearer to a flow that rests a run is there too

NAMES = {
    GRADIENT: Sentence("Gradient flow, ẋ = −∇f(x)"),
    BALL: Sentence("Heavy ball, ẍ + cẋ + ∇f(x) = 0"),
    NEWTON: Sentence("Newton's flow, ẋ = −H⁻¹∇f(x)"),
}
ENDS = {
    REST: Sentence("comes to rest at {place}, at time {t}"),
    LEFT: Sentence("leaves the view for good, at time {t}"),
    SLOW: Sentence("has got to {place} at time {t} and is still on its way"),
    OVER: Sentence("is at {place} at time {t}, when the steps are over"),
    STUCK: Sentence(
        "is followed to {place}, time {t}: there the slope jumps, or numbers are too coarse to follow it on"
    ),
    EDGE: Sentence("ends at {place}, time {t}, where the loss has no slope"),
    SINGULAR: Sentence("ends at {place}, time {t}, where the Hessian is singular"),
}


class Choice(NamedTuple):
    run: int | None = None  # the place of the run that is compared; None: the first with a flow of its own


# ---- on the page


def picture(now: Scene) -> None:
    tracks = [track(now, place) for place, racer in enumerate(now.runs) if racer.on]
    if not tracks:
        st.info(say("Nothing to compare: turn a run on in the panel."))
        return
    one = compared(tracks)
    head(now, tracks, one)
    law = one.own.law if one.own else Law()
    until = float(one.own.t[-1]) if one.own and law.kind == BALL else np.inf
    laws = dict.fromkeys(((Law(), np.inf), (law, until)))
    questions = [Question(now.surface, now.start, *each) for each in laws]
    for question in questions:
        map_session.news_of(flows, question)  # all are begun before the first is waited for
    news = [map_session.news_of(flows, question, ALL) for question in questions]
    header, arrays = drawn(now, tracks, one, questions, [each.found for each in news])
    map_component.show(
        KEY, "flow", f"{hash(tuple(questions)):x}", together(news), header, arrays,
        moved=(decode_move, moved),
        stopped=(map_component.decode_stop, lambda stopped: [map_session.turned(flows, q, stopped) for q in questions]),
    )  # fmt: skip


def compared(tracks: list[Track]) -> Track:
    """The run that is compared with its flow."""
    wanted = [one for one in tracks if one.place == chosen(FLOW).run]
    return next(iter([*wanted, *(one for one in tracks if one.own), *tracks]))


def head(now: Scene, tracks: list[Track], one: Track) -> None:
    """Which run, and the way to the race."""
    titles = {each.place: display_names.named(now.runs[each.place]) for each in tracks}
    st.session_state["flow-run"] = one.place

    def turned() -> None:
        if st.session_state["flow-run"] in titles:
            choose(FLOW, Choice(st.session_state["flow-run"]))
        refresh()

    with st.container(horizontal=True, vertical_alignment="bottom", key="flow-head"):
        st.selectbox(say("Steps of"), list(titles), key="flow-run", format_func=titles.get, on_change=turned)
        st.button(say("Race from here"), type="tertiary", key="flow-race", icon=":material/flag:", on_click=to_race)
    if now.noise:
        st.caption(say("The steps see noise; the flow is that of the slope without it."))
    if (epoch(now.surface) or 1) > 1:
        st.caption(say("The steps see a batch at a time; the flow is that of the loss of all the data."))


def to_race() -> None:
    map_session.race(scene())


def together(news: list[News]) -> News:
    """What there is to say of several pieces of work as of one."""
    states = [each.state for each in news]
    state = next((state for state in ("failed", "working", "forgotten", "stopped") if state in states), "done")
    return News(sum(each.number for each in news), min(each.share for each in news), None, state)


# ---- what is drawn


def drawn(
    now: Scene, tracks: list[Track], one: Track, questions: list[Question], found: list[Flow | None]
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and arrays of the message."""
    below = ground(now.surface)
    arrays: dict[str, Any] = {"heights": below.heights, "field": below.field.astype(np.float32)}
    lines = []
    for n, (question, flow) in enumerate(zip(questions, found, strict=True)):
        if flow is None:
            continue
        arrays[f"flow{n}"] = thinned(cut(flow.x), widths(now.surface))
        lines.append({"name": f"flow{n}", "kind": question.law.kind, "words": ending(now, question.law, flow)})
    own = found[-1]
    curves, beside = over_time(now, tracks, one, questions[-1].law, own)
    arrays |= curves
    runs = []
    for each in tracks:
        arrays[f"run{each.place}"] = each.x
        flow = own if each.own and each.own.law == questions[-1].law else None
        text = said_of(now, each, flow)
        runs.append({
            "name": f"run{each.place}", "slot": now.runs[each.place].slot, "title":
            display_names.named(now.runs[each.place]), "words": text, "chosen": each is one, "beside": each.place in
            beside,
        })  # fmt: skip
        if each is one and flow is not None and each.own:
            arrays["there"] = cut(flow.at(each.own.t[: each.x.shape[1]]), whole=True)
    view = surface(now.surface).box
    header = {
        "window": [[float(end) for end in side] for side in view], "start": now.start, "flows": lines, "runs": runs,
        "ground": f"{hash(now.surface):x}", "contour": below.contour, "colours": below.colours,
        "minima": below.minima, "labels": all_said(FLOW_LABELS),
    }  # fmt: skip
    return header, arrays


def ending(now: Scene, law: Law, flow: Flow) -> str:
    """What a flow is called, and how it ends."""
    name = say(NAMES[law.kind])
    if law.kind == BALL:
        name = say("{name} with c = {c}", name=name, c=figure(law.friction))
    digits = np.maximum(0, 3 - np.floor(np.log10(widths(now.surface)))).astype(int)  # a thousandth of the view
    x, y = (figure(round(float(v), int(n)) + 0.0) for v, n in zip(flow.x[:, -1], digits, strict=True))
    pattern = ENDS[flow.why]
    return f"{name}: {say(pattern, place=f'({x}, {y})', t=figure(float(flow.t[-1])))}."


def over_time(
    now: Scene, tracks: list[Track], one: Track, law: Law, flow: Flow | None
) -> tuple[dict[str, Array], set[int]]:
    """Loss and distance over time, of the flow and of the runs that follow it; and which runs these are."""
    if flow is None:
        return {}, set()
    truth = surface(now.surface)
    until = float(one.own.t[one.x.shape[1] - 1]) if one.own else float(flow.t[-1])
    t = np.linspace(0.0, until, SAMPLES)
    beside = [each for each in tracks if each.own and each.own.law == law]
    with np.errstate(all="ignore"):
        losses = {"flow": truth.value(flow.at(t))} | {f"run{each.place}": each.loss for each in beside}
    seen = np.concatenate([*losses.values(), [lowest(truth)]])
    bottom = float(np.min(seen[np.isfinite(seen)], initial=np.inf))
    arrays = {"time_flow": t}
    for name, loss in losses.items():
        above = np.asarray(loss) - bottom
        least = SEEN * float(np.nan_to_num(above[0]))
        arrays[f"loss_{name}"] = np.where(np.isfinite(above) & (above > least), above, np.nan)
    for each in beside:
        size = each.x.shape[1]
        arrays[f"time_run{each.place}"] = each.own.t[:size] if each.own else t
        away = each.apart(flow)
        arrays[f"apart_run{each.place}"] = np.where(away > AT_REST * widths(now.surface).max(), away, np.nan)
    return arrays, {each.place for each in beside}


# ---- what the visitor does


class Move(NamedTuple):
    place: Place
    held: bool  # and it is not let go yet


def decode_move(said: object) -> Move | None:
    place, (held,) = map_component.decode_place(said), map_component.parts(said, "held")
    return Move(place, held) if place and type(held) is bool else None


def moved(move: Move) -> None:
    """The visitor put the start elsewhere."""
    st.session_state.notes = {}
    start = (move.place.x, move.place.y)
    become(replace(scene(), start=start), going_on=st.session_state.get(HELD, False))  # a drag is undone as one
    st.session_state[HELD] = move.held
    refresh(*(() if move.held else (PANEL,)))


# ---- in the address


def said(now: Scene, choice: Choice) -> list[str]:
    return [] if choice.run is None else [f"run={choice.run + 1}"]


def read(given: Mapping[str, ast.expr]) -> Choice:
    for name in given.keys() - {"run"}:
        nameless(FLOW.word, name)
    if "run" not in given:
        return Choice()
    wanted = Sentence("The run that is compared is named by its place, like run=1.")
    return Choice(run_at(literal(given["run"]), wanted))


FLOW = Kind(
    "flow", Sentence("Gradient flow"),
    Sentence(
        "**What do the steps do to the flow?** In continuous time a start would flow down the slope, or roll like a "
        "ball with friction. An optimizer takes steps instead: each thin line leads from one of its points to where "
        "the flow is at the same time."
    ),
    Choice(), read, said, picture,
)  # fmt: skip
