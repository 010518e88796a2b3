"""The gradient flow on the page: its option, which is the run that is compared with its flow, and its link."""

import ast
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from app.browser.player_protocol import StartMove, decode_start
from app.browser.value_digest import digest_values
from app.compute.background_jobs import JobStatus
from app.compute.cached_simulation import build_map_surface, get_steps_per_epoch
from app.maps.go_to_race import go_to_race
from app.maps.gradient_flow.flow_comparison import FlowComparison, clip_path, compare_with_flow, describe_comparison
from app.maps.gradient_flow.job import FLOW_LABELS, FlowRequest, get_flow_job, make_background, measure_view, thin_path
from app.maps.map_component import show_map
from app.maps.map_kind import MapType, get_options, read_run_number, set_options, show_selector
from app.model import display_names
from app.model.call_syntax import read_literal
from app.model.scene import Scene
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.polled_jobs import poll_job
from app.session.race_scene_and_undo import get_scene, move_start
from app.translation import get_punctuation, translate
from optimizers.analysis.continuous_flows import Flow, FlowEnd, FlowEquation, FlowKind
from optimizers.analysis.lowest_loss_of_surface import lowest_minimum_loss
from surfaces.base import Array
from surfaces.number_format import format_number
from surfaces.translatable import Translatable

COMPONENT_KEY = "flow"
FINAL_VERSION = 1 << 30  # newer than any status: the page waits for the end of the job
CURVE_SAMPLES = 400  # of the flow's loss
LOSS_ROUNDING = 1e-15  # of the initial loss: smaller differences are rounding errors
REST_TOLERANCE = 1e-7  # of the view: a smaller distance from the flow counts as none

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
    run: int | None = None  # the index of the run that is compared; None: the first with a flow of its own


# ---- on the page


def show_flow(scene: Scene) -> None:
    comparisons = [compare_with_flow(scene, index) for index, run in enumerate(scene.runs) if run.is_on]
    if not comparisons:
        st.info(translate("Nothing to compare: turn a run on in the panel."))
        return
    selected = select_comparison(comparisons)
    show_controls(scene, comparisons, selected)
    law = selected.counterpart.law if selected.counterpart else FlowEquation()
    is_ball = selected.counterpart and law.kind == FlowKind.HEAVY_BALL
    end_time = float(selected.counterpart.t[-1]) if selected.counterpart and is_ball else np.inf
    laws = dict.fromkeys(((FlowEquation(), np.inf), (law, end_time)))
    requests = [FlowRequest(scene.surface, scene.start, *each) for each in laws]
    for request in requests:
        poll_job(get_flow_job, request)  # all begin before the page waits for the first
    statuses = [poll_job(get_flow_job, request, FINAL_VERSION) for request in requests]
    header, arrays = make_map_data(scene, comparisons, selected, requests, statuses)
    show_map(MAP_TYPE, COMPONENT_KEY, merge_statuses(statuses), header, arrays, *requests)


def select_comparison(comparisons: list[FlowComparison]) -> FlowComparison:
    """The chosen comparison, else the first run with a flow of its own, else the first run."""
    chosen = [each for each in comparisons if each.run_index == get_options(MAP_TYPE).run]
    return next(iter([*chosen, *(each for each in comparisons if each.counterpart), *comparisons]))


def show_controls(scene: Scene, comparisons: list[FlowComparison], selected: FlowComparison) -> None:
    """The run that is compared, and the way to the race."""
    titles = {each.run_index: display_names.format_run(scene.runs[each.run_index], scene.runs) for each in comparisons}

    def apply_selection() -> None:
        if st.session_state["flow-run"] in titles:
            set_options(MAP_TYPE, FlowOptions(st.session_state["flow-run"]))
        rerun_fragments()

    with st.container(horizontal=True, vertical_alignment="bottom", key="flow-head"):
        show_selector("flow-run", translate("Steps of"), titles, selected.run_index, apply_selection)
        st.button(
            translate("Race from here"), type="tertiary", key="flow-race", icon=":material/flag:",
            on_click=lambda: go_to_race(get_scene()),
        )  # fmt: skip
    if scene.noise:
        st.caption(translate("The steps see noise; the flow is that of the slope without it."))
    if (get_steps_per_epoch(scene.surface) or 1) > 1:
        st.caption(translate("The steps see a batch at a time; the flow is that of the loss of all the data."))


def merge_statuses(statuses: list[JobStatus]) -> JobStatus:
    """The status of several jobs as if they were one."""
    states = [status.state for status in statuses]
    state = next((state for state in ("failed", "working", "forgotten", "stopped") if state in states), "done")
    return JobStatus(
        sum(status.version for status in statuses), min(status.fraction for status in statuses), None, state
    )


# ---- what is drawn


def make_map_data(
    scene: Scene,
    comparisons: list[FlowComparison],
    selected: FlowComparison,
    requests: list[FlowRequest],
    statuses: list[JobStatus],
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Header and arrays of the message. How a flow ends, and what its steps do, is said once all of it is computed."""
    background, law = make_background(scene.surface), requests[-1].law
    arrays: dict[str, Any] = {"heights": background.heights, "field": background.arrows.astype(np.float32)}
    flows: list[Flow | None] = [status.result for status in statuses]
    is_complete = [status.state != "working" for status in statuses]
    lines = []
    for n, (request, flow) in enumerate(zip(requests, flows, strict=True)):
        if flow is not None:
            arrays[f"flow{n}"] = thin_path(clip_path(flow.x), measure_view(scene.surface))
            words = describe_end(scene, request.law, flow) if is_complete[n] else f"{name_flow(request.law)}."
            lines.append({"name": f"flow{n}", "kind": request.law.kind, "words": words})
    curves, runs_with_curves = sample_curves(scene, comparisons, selected, law, flows[-1])
    arrays |= curves
    runs = []
    for each in comparisons:
        run, name = scene.runs[each.run_index], f"run{each.run_index}"
        flow = flows[-1] if each.counterpart and each.counterpart.law == law else None
        arrays[name] = each.x
        runs.append({
            "name": name, "slot": run.slot, "title": display_names.format_run(run, scene.runs),
            "words": describe_comparison(scene, each, flow) if flow is None or is_complete[-1]
            else translate("its flow is being computed."), "chosen": each is selected,
            "beside": each.run_index in runs_with_curves,
        })  # fmt: skip
        if each is selected and flow is not None and each.counterpart:
            arrays["there"] = clip_path(flow.interpolate(each.counterpart.t[: each.x.shape[1]]), keep_gaps=True)
    view = build_map_surface(scene.surface).box
    header = {
        "window": [[float(end) for end in side] for side in view], "start": scene.start, "flows": lines, "runs": runs,
        "ground": digest_values(scene.surface), "contour": background.contour, "colours": background.theme_colours,
        "minima": background.minima,
    }  # fmt: skip
    return header, arrays


def describe_end(scene: Scene, law: FlowEquation, flow: Flow) -> str:
    """The name of a flow, and how it ends."""
    digits = np.maximum(0, 3 - np.floor(np.log10(measure_view(scene.surface)))).astype(int)  # a thousandth of the view
    x, y = (format_number(round(float(v), int(n)) + 0.0) for v, n in zip(flow.x[:, -1], digits, strict=True))
    pattern = END_SENTENCES[flow.end]
    end = translate(pattern, place=f"({x}, {y})", t=format_number(float(flow.t[-1])))
    marks = get_punctuation()
    return f"{name_flow(law)}{marks.colon}{end}{marks.stop.rstrip()}"


def name_flow(law: FlowEquation) -> str:
    name = translate(LAW_NAMES[law.kind])
    is_ball = law.kind == FlowKind.HEAVY_BALL
    return translate("{name} with c = {c}", name=name, c=format_number(law.friction)) if is_ball else name


def sample_curves(
    scene: Scene, comparisons: list[FlowComparison], selected: FlowComparison, law: FlowEquation, flow: Flow | None
) -> tuple[dict[str, Array], set[int]]:
    """Loss and distance over time, of the flow and of the runs that approximate it; and the indices of these runs."""
    if flow is None:
        return {}, set()
    f = build_map_surface(scene.surface)
    end = float(selected.counterpart.t[selected.x.shape[1] - 1]) if selected.counterpart else float(flow.t[-1])
    t = np.linspace(0.0, end, CURVE_SAMPLES)
    followers = [each for each in comparisons if each.counterpart and each.counterpart.law == law]
    with np.errstate(all="ignore"):
        losses = {"flow": f.value(flow.interpolate(t))} | {f"run{each.run_index}": each.loss for each in followers}
    all_losses = np.concatenate([*losses.values(), [lowest_minimum_loss(f, f.minima)]])
    lowest = float(np.min(all_losses[np.isfinite(all_losses)], initial=np.inf))
    arrays = {"time_flow": t}
    for name, loss in losses.items():
        above = np.asarray(loss) - lowest
        rounding = LOSS_ROUNDING * float(np.nan_to_num(above[0]))
        arrays[f"loss_{name}"] = np.where(np.isfinite(above) & (above > rounding), above, np.nan)
    for each in followers:
        arrays[f"time_run{each.run_index}"] = each.counterpart.t[: each.x.shape[1]] if each.counterpart else t
        distances = each.measure_distances(flow)
        rest = REST_TOLERANCE * measure_view(scene.surface).max()
        arrays[f"apart_run{each.run_index}"] = np.where(distances > rest, distances, np.nan)
    return arrays, {each.run_index for each in followers}


# ---- what the browser sends


def show_moved_start(move: StartMove) -> None:
    """The visitor moved the start."""
    move_start(move.point, is_dragging=move.is_dragging, series=move.series)
    rerun_fragments(*(() if move.is_dragging else (PANEL,)))


# ---- in links


def write_options(scene: Scene, options: FlowOptions) -> list[str]:
    return [f"run={options.run + 1}"] if options.run is not None and options.run < len(scene.runs) else []


def read_options(arguments: Mapping[str, ast.expr]) -> FlowOptions:
    if "run" not in arguments:
        return FlowOptions()
    hint = Translatable("The run that is compared is given by its number, like run=1.")
    return FlowOptions(read_run_number(read_literal(arguments["run"]), hint))


MAP_TYPE = MapType(
    name="flow",
    arguments=("run",),
    title=Translatable("Gradient flow"),
    introduction=Translatable(
        "**What do the steps do to the flow?** In continuous time a start would flow down the slope, or roll like a "
        "ball with friction. An optimizer takes steps instead: each thin line leads from one of its points to where "
        "the flow is at the same time."
    ),
    labels=FLOW_LABELS,
    default=FlowOptions(),
    read_options=read_options,
    write_options=write_options,
    get_job=get_flow_job,
    show=show_flow,
    events={"moved": (decode_start, show_moved_start)},
)
