"""The flow's picture: which run is compared with the flow that it follows, and what its steps do to that."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.compute.background_jobs import JobStatus
from app.compute.cached_simulation import build_surface, get_steps_per_epoch
from app.maps import map_component, map_jobs
from app.maps.gradient_flow.flow_comparison import FlowComparison, clip_path, compare_with_flow, describe_comparison
from app.maps.gradient_flow.job import FLOW_LABELS, FlowRequest, get_flow_job, make_background, measure_view, thin_path
from app.maps.map_component import MapPoint
from app.maps.map_kind import MapType, get_options, read_run_number, set_options
from app.model import display_names
from app.model.call_syntax import read_literal
from app.model.scene import Scene, reject_argument
from app.session.scene_state import PANEL, get_scene, rerun_fragments, update_scene
from app.session.session import get_session
from app.translation import translate, translate_table
from optimizers.analysis.gradient_flow import (
    Flow,
    FlowEnd,
    FlowEquation,
    FlowKind,
)
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from optimizers.number_format import format_number
from surfaces.base import Array
from surfaces.translatable import Translatable

COMPONENT_KEY = "flow"
DRAGGING_KEY = "flow_held"  # the start is being dragged
FINAL_VERSION = 1 << 30  # news to wait for: whatever there is in the end
CURVE_SAMPLES = 400  # of the flow's loss
LOSS_ROUNDING = 1e-15  # of the loss at the start: what is less is rounding
REST_TOLERANCE = 1e-7  # of the view: nearer to a flow that rests a run is there too

LAW_NAMES = {
    FlowKind.GRADIENT: Translatable("Gradient flow, ẋ = −∇f(x)"),
    FlowKind.HEAVY_BALL: Translatable("Heavy ball, ẍ + cẋ + ∇f(x) = 0"),
    FlowKind.NEWTON: Translatable("Newton's flow, ẋ = −H⁻¹∇f(x)"),
}
END_SENTENCES = {
    FlowEnd.CAME_TO_REST: Translatable("comes to rest at {place}, at time {t}"),
    FlowEnd.LEFT_VIEW: Translatable("leaves the view for good, at time {t}"),
    FlowEnd.STILL_MOVING: Translatable("has got to {place} at time {t} and is still on its way"),
    FlowEnd.TIME_OVER: Translatable("is at {place} at time {t}, when the steps are over"),
    FlowEnd.STUCK: Translatable(
        "is followed to {place}, time {t}: there the slope jumps, or numbers are too coarse to follow it on"
    ),
    FlowEnd.DOMAIN_EDGE: Translatable("ends at {place}, time {t}, where the loss has no slope"),
    FlowEnd.SINGULAR_HESSIAN: Translatable("ends at {place}, time {t}, where the Hessian is singular"),
}


class FlowOptions(NamedTuple):
    run: int | None = None  # the place of the run that is compared; None: the first with a flow of its own


# ---- on the page


def show_flow(scene: Scene) -> None:
    tracks = [compare_with_flow(scene, place) for place, racer in enumerate(scene.runs) if racer.is_on]
    if not tracks:
        st.info(translate("Nothing to compare: turn a run on in the panel."))
        return
    one = select_comparison(tracks)
    show_controls(scene, tracks, one)
    law = one.counterpart.law if one.counterpart else FlowEquation()
    until = float(one.counterpart.t[-1]) if one.counterpart and law.kind == FlowKind.HEAVY_BALL else np.inf
    laws = dict.fromkeys(((FlowEquation(), np.inf), (law, until)))
    questions = [FlowRequest(scene.surface, scene.start, *each) for each in laws]
    for question in questions:
        map_jobs.poll_job(get_flow_job, question)  # all are begun before the first is waited for
    news = [map_jobs.poll_job(get_flow_job, question, FINAL_VERSION) for question in questions]
    header, arrays = make_map_data(scene, tracks, one, questions, [each.result for each in news])
    map_component.show_map(
        COMPONENT_KEY,
        "flow",
        f"{hash(tuple(questions)):x}",
        merge_statuses(news),
        header,
        arrays,
        moved=(decode_move, move_start),
        stopped=(
            map_component.decode_stop,
            lambda stopped: [map_jobs.set_stopped(get_flow_job, q, stopped) for q in questions],
        ),
    )


def select_comparison(tracks: list[FlowComparison]) -> FlowComparison:
    """The run that is compared with its flow."""
    wanted = [one for one in tracks if one.run_index == get_options(FLOW_MAP).run]
    return next(iter([*wanted, *(one for one in tracks if one.counterpart), *tracks]))


def show_controls(scene: Scene, tracks: list[FlowComparison], comparison: FlowComparison) -> None:
    """Which run, and the way to the race."""
    titles = {each.run_index: display_names.format_run(scene.runs[each.run_index]) for each in tracks}
    st.session_state["flow-run"] = comparison.run_index

    def turned() -> None:
        if st.session_state["flow-run"] in titles:
            set_options(FLOW_MAP, FlowOptions(st.session_state["flow-run"]))
        rerun_fragments()

    with st.container(horizontal=True, vertical_alignment="bottom", key="flow-head"):
        st.selectbox(translate("Steps of"), list(titles), key="flow-run", format_func=titles.get, on_change=turned)
        st.button(
            translate("Race from here"), type="tertiary", key="flow-race", icon=":material/flag:", on_click=start_race
        )
    if scene.noise:
        st.caption(translate("The steps see noise; the flow is that of the slope without it."))
    if (get_steps_per_epoch(scene.surface) or 1) > 1:
        st.caption(translate("The steps see a batch at a time; the flow is that of the loss of all the data."))


def start_race() -> None:
    map_jobs.go_to_race(get_scene())


def merge_statuses(news: list[JobStatus]) -> JobStatus:
    """What there is to say of several pieces of work as of one."""
    states = [each.state for each in news]
    state = next((state for state in ("failed", "working", "forgotten", "stopped") if state in states), "done")
    return JobStatus(sum(each.version for each in news), min(each.fraction for each in news), None, state)


# ---- what is drawn


def make_map_data(
    scene: Scene,
    tracks: list[FlowComparison],
    comparison: FlowComparison,
    questions: list[FlowRequest],
    found: list[Flow | None],
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and arrays of the message."""
    below = make_background(scene.surface)
    arrays: dict[str, Any] = {"heights": below.heights, "field": below.arrows.astype(np.float32)}
    lines = []
    for n, (question, flow) in enumerate(zip(questions, found, strict=True)):
        if flow is None:
            continue
        arrays[f"flow{n}"] = thin_path(clip_path(flow.x), measure_view(scene.surface))
        lines.append({"name": f"flow{n}", "kind": question.law.kind, "words": describe_end(scene, question.law, flow)})
    own = found[-1]
    curves, beside = sample_curves(scene, tracks, comparison, questions[-1].law, own)
    arrays |= curves
    runs = []
    for each in tracks:
        arrays[f"run{each.run_index}"] = each.x
        flow = own if each.counterpart and each.counterpart.law == questions[-1].law else None
        text = describe_comparison(scene, each, flow)
        runs.append(
            {
                "name": f"run{each.run_index}",
                "slot": scene.runs[each.run_index].slot,
                "title": display_names.format_run(scene.runs[each.run_index]),
                "words": text,
                "chosen": each is comparison,
                "beside": each.run_index in beside,
            }
        )
        if each is comparison and flow is not None and each.counterpart:
            arrays["there"] = clip_path(flow.interpolate(each.counterpart.t[: each.x.shape[1]]), keep_gaps=True)
    view = build_surface(scene.surface).box
    header = {
        "window": [[float(end) for end in side] for side in view], "start": scene.start, "flows": lines, "runs": runs,
        "ground": f"{hash(scene.surface):x}", "contour": below.contour, "colours": below.theme_colours,
        "minima": below.minima, "labels": translate_table(FLOW_LABELS),
    }  # fmt: skip
    return header, arrays


def describe_end(scene: Scene, law: FlowEquation, flow: Flow) -> str:
    """What a flow is called, and how it ends."""
    name = translate(LAW_NAMES[law.kind])
    if law.kind == FlowKind.HEAVY_BALL:
        name = translate("{name} with c = {c}", name=name, c=format_number(law.friction))
    digits = np.maximum(0, 3 - np.floor(np.log10(measure_view(scene.surface)))).astype(int)  # a thousandth of the view
    x, y = (format_number(round(float(v), int(n)) + 0.0) for v, n in zip(flow.x[:, -1], digits, strict=True))
    pattern = END_SENTENCES[flow.end]
    return f"{name}: {translate(pattern, place=f'({x}, {y})', t=format_number(float(flow.t[-1])))}."


def sample_curves(
    scene: Scene, tracks: list[FlowComparison], comparison: FlowComparison, law: FlowEquation, flow: Flow | None
) -> tuple[dict[str, Array], set[int]]:
    """Loss and distance over time, of the flow and of the runs that follow it; and which runs these are."""
    if flow is None:
        return {}, set()
    truth = build_surface(scene.surface)
    until = float(comparison.counterpart.t[comparison.x.shape[1] - 1]) if comparison.counterpart else float(flow.t[-1])
    t = np.linspace(0.0, until, CURVE_SAMPLES)
    beside = [each for each in tracks if each.counterpart and each.counterpart.law == law]
    with np.errstate(all="ignore"):
        losses = {"flow": truth.value(flow.interpolate(t))} | {f"run{each.run_index}": each.loss for each in beside}
    seen = np.concatenate([*losses.values(), [lowest_minimum_loss(truth, truth.minima)]])
    bottom = float(np.min(seen[np.isfinite(seen)], initial=np.inf))
    arrays = {"time_flow": t}
    for name, loss in losses.items():
        above = np.asarray(loss) - bottom
        least = LOSS_ROUNDING * float(np.nan_to_num(above[0]))
        arrays[f"loss_{name}"] = np.where(np.isfinite(above) & (above > least), above, np.nan)
    for each in beside:
        size = each.x.shape[1]
        arrays[f"time_run{each.run_index}"] = each.counterpart.t[:size] if each.counterpart else t
        away = each.measure_distances(flow)
        arrays[f"apart_run{each.run_index}"] = np.where(
            away > REST_TOLERANCE * measure_view(scene.surface).max(), away, np.nan
        )
    return arrays, {each.run_index for each in beside}


# ---- what the visitor does


class StartMove(NamedTuple):
    point: MapPoint
    is_dragging: bool  # and it is not let go yet


def decode_move(payload: object) -> StartMove | None:
    place, (held,) = map_component.decode_point(payload), map_component.get_fields(payload, "held")
    return StartMove(place, held) if place and type(held) is bool else None


def move_start(move: StartMove) -> None:
    """The visitor put the start elsewhere."""
    get_session().notes = {}
    start = (move.point.x, move.point.y)
    update_scene(
        replace(get_scene(), start=start), continues_last=st.session_state.get(DRAGGING_KEY, False)
    )  # a drag is undone as one
    st.session_state[DRAGGING_KEY] = move.is_dragging
    rerun_fragments(*(() if move.is_dragging else (PANEL,)))


# ---- in the address


def write_options(scene: Scene, options: FlowOptions) -> list[str]:
    return [] if options.run is None else [f"run={options.run + 1}"]


def read_options(given: Mapping[str, ast.expr]) -> FlowOptions:
    for name in given.keys() - {"run"}:
        reject_argument(FLOW_MAP.name, name)
    if "run" not in given:
        return FlowOptions()
    wanted = Translatable("The run that is compared is given by its number, like run=1.")
    return FlowOptions(read_run_number(read_literal(given["run"]), wanted))


FLOW_MAP = MapType(
    "flow", Translatable("Gradient flow"),
    Translatable(
        "**What do the steps do to the flow?** In continuous time a start would flow down the slope, or roll like a "
        "ball with friction. An optimizer takes steps instead: each thin line leads from one of its points to where "
        "the flow is at the same time."
    ),
    FlowOptions(), read_options, write_options, show_flow,
)  # fmt: skip
