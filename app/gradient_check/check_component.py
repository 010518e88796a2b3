"""The component that shows a gradient check: the message to the browser, and the messages from it."""

from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.browser.binary_message import Arrays, encode_binary_message
from app.browser.component_events import get_component_value, get_fields, get_last_serial, make_event_handler
from app.browser.job_progress_labels import PROGRESS_LABELS
from app.browser.loader_script import make_loader
from app.browser.player_component import Events
from app.browser.player_labels import LECTURE_LABELS
from app.browser.player_protocol import is_serial
from app.check_scenes.check_description import describe_target
from app.check_scenes.check_scene import STEP_SIZES, CheckScene, Entries, Precision
from app.check_scenes.checked_problem import CheckedProblem, cast, get_problem
from app.check_scenes.choice_titles import METHOD_TITLES, PRECISION_TITLES
from app.check_scenes.step_scan_job import CURVES, Curve, Row, StepScan, get_scan_job, make_scan_request
from app.check_scenes.traps import TRAPS
from app.compute.background_jobs import JobStatus
from app.figures.palette import THEMES
from app.gradient_check import check_lecture
from app.gradient_check.check_state import LECTURE, get_scene, redo, toggle_remedy, toggle_trap, undo, update_scene
from app.gradient_check.full_check_job import get_full_check_job, make_full_request
from app.gradient_check.labels import LABELS
from app.panels.undo_redo_buttons import make_history_handler
from app.session.fragment_reruns import PANEL, rerun_fragments
from app.session.polled_jobs import GetJob, count_others, decode_stop, make_job_id, poll_job, set_stopped
from app.session.session_state import get_session
from app.session.widget_notes import PASSING_NOTE
from app.translation import translate, translate_table
from surfaces.gradient_check.entry_check import EntryCheck
from surfaces.gradient_check.error_over_step_size import MeasuredSlope, measure_slopes
from surfaces.gradient_check.relative_error import relative_error_of_norms
from surfaces.gradient_check.step_size_theory import ErrorLine
from surfaces.gradient_check.verdict import CheckVerdict, judge
from surfaces.number_format import format_number

COMPONENT_KEY = "check"
PANEL_KEYS = "check."  # with which the keys of the panel's widgets begin
THEORY_MARGIN = 100  # times the theory's least error: a correct gradient comes down to that
KINK_FREE = 1e-6  # a step that hardly crosses a kink
LEAST_ERROR = 1e-12  # no lower error is expected: even a correct gradient may stay above a lower one of the theory

_component = st.components.v2.component(
    "descent_check", js=make_loader("mountCheck", "gradient_check/mount.js"), isolate_styles=False
)

AddScan = Callable[[dict[str, Any], Arrays, CheckScene, StepScan | None], None]


def show_check(fields: Mapping[str, Any] | None = None, add_result: AddScan | None = None) -> None:
    """Show the present scene; the visitor may change it in the picture. Other arguments are those of `mount_check`."""
    mount_check(COMPONENT_KEY, get_scene(), {
        "stepped": (decode_step, change_step),
        "trapped": (decode_word, lambda name: change(toggle_trap, name)),
        "mended": (decode_press, lambda _: change(toggle_remedy)),
        "everything": (decode_press, lambda _: change(toggle_all_entries)),
        **LECTURE.list_events(),
    }, {**check_lecture.make_fields(), "outdated": describe_outdated(), **(fields or {})}, add_result,
        on_undone_change=make_history_handler(COMPONENT_KEY, undo, redo))  # fmt: skip


def mount_check(
    key: str, scene: CheckScene, events: Events, fields: Mapping[str, Any] | None = None,
    add_result: AddScan | None = None, **handlers: Callable[[], None],
) -> None:  # fmt: skip
    """Show what is known so far of a scene; the jobs go on while the browser asks for more.

    `fields` are added to the message; `add_result` adds to it what is shown of the scan, by default everything;
    `handlers` are further callbacks of the component.
    """
    problem = get_problem(scene)
    jobs: list[tuple[GetJob, Any]] = [(get_scan_job, make_scan_request(scene))]
    if scene.entries is Entries.ALL and problem.classifier:
        jobs.append((get_full_check_job, make_full_request(scene)))
    requests = [request for _, request in jobs]
    statuses = poll_jobs(key, jobs)
    header, arrays = describe_scene(scene, problem)
    (add_result or add_scan)(header, arrays, scene, statuses[0].result)
    if len(statuses) > 1:
        add_full_check(header, arrays, problem, scene, statuses[1])
    active = next((status for status in statuses if status.state != "done"), statuses[-1])
    header |= {
        "id": key, "job_id": make_job_id(*requests), "number": sum(status.version for status in statuses),
        "fraction": active.fraction, "state": active.state, "others": count_others(active.state),
        "serial": get_last_serial(f"{key}-stepped"), **(fields or {}),
    }  # fmt: skip

    def stop(is_stopped: bool) -> None:
        for get_job, request in jobs:
            if not is_stopped or get_job(request).status.state != "done":  # another visitor may have ended it
                set_stopped(get_job, request, is_stopped)
        rerun_fragments()

    handlers |= {
        f"on_{name}_change": make_event_handler(key, name, *event)
        for name, event in {"stopped": (decode_stop, stop), **events}.items()
    }
    _component(key=key, data=encode_binary_message(header, arrays), on_asked_change=lambda: None, **handlers)


def poll_jobs(key: str, jobs: list[tuple[GetJob, Any]]) -> list[JobStatus]:
    """The status of each job. Waits a moment for one that is newer than what the browser has shown."""
    job_id, seen = get_fields(get_component_value(key, "asked"), "job_id", "seen")
    is_shown = job_id == make_job_id(*(request for _, request in jobs)) and is_serial(seen)
    others = [poll_job(get_job, request) for get_job, request in jobs[1:]]
    first = poll_job(*jobs[0], None if others else seen if is_shown else 0)
    if others and first.state == "done":
        others = [poll_job(*jobs[1], seen - first.version if is_shown else 0)]
    return [first, *others]


# ---- what the browser sends


def decode_step(payload: object) -> float | None:
    """The h to which the handle was dragged: one of the grid's."""
    h, n = get_fields(payload, "h", "n")
    return float(h) if type(h) in (int, float) and h in STEP_SIZES and is_serial(n) else None


def decode_word(payload: object) -> str | None:
    name, n = get_fields(payload, "name", "n")
    return name if isinstance(name, str) and name in TRAPS and is_serial(n) else None


def decode_press(payload: object) -> bool | None:
    (n,) = get_fields(payload, "n")
    return True if is_serial(n) else None


def change(edit: Callable[..., None], *arguments: Any) -> None:
    """Change the scene, unless the audience of a lecture is to predict what this one shows."""
    if not LECTURE.is_waiting():
        edit(*arguments)
        rerun_fragments(PANEL)


def change_step(h: float) -> None:
    change(update_scene, get_scene().with_choice("h", h))


def toggle_all_entries() -> None:
    scene = get_scene()
    update_scene(scene.with_choice("entries", Entries.SAMPLE if scene.entries is Entries.ALL else Entries.ALL))


# ---- what the browser is sent


def describe_outdated() -> str:
    """Why the picture is not of what the visitor typed last; empty if it is."""
    if not any(key.startswith(PANEL_KEYS) and not key.endswith(PASSING_NOTE) for key in get_session().notes):
        return ""
    return translate(
        "What you typed last cannot be checked; the reason stands beside it. This picture is of the last valid input."
    )


def describe_scene(scene: CheckScene, problem: CheckedProblem) -> tuple[dict[str, Any], Arrays]:
    """Describe the scene, as far as it is known before anything is computed."""
    blocks = [[block.name, list(block.shape), block.start, block.stop] for block in problem.layout.blocks]
    trap = TRAPS.get(scene.trap)
    labels = translate_table(PROGRESS_LABELS | LECTURE_LABELS | LABELS)
    header = {
        "themes": THEMES, "labels": labels,
        "title": describe_target(scene), "where": describe_point(problem), "h": scene.h,
        "blocks": blocks, "size": problem.size,
        "method": scene.method, "precision": scene.precision, "all": scene.entries is Entries.ALL,
        "model": problem.classifier is not None, "kinked": problem.function.has_kinks,
        "traps": [[name, translate(one.title)] for name, one in TRAPS.items()], "trap": scene.trap,
        "trap_text": translate(trap.text) if trap else "",
        "remedy": translate(trap.remedy) if trap else "",
        "mended": trap is not None and scene.trap != "" and is_mended(scene),
        "curves": [], "verdicts": [], "checkers": [], "full": None, "taylor": None,
    }  # fmt: skip
    return header, {}


def is_mended(scene: CheckScene) -> bool:
    mended = TRAPS[scene.trap].mended
    return (scene.target, scene.method, scene.precision, scene.entries, scene.scale) == (
        mended.target, mended.method, mended.precision, mended.entries, mended.scale
    ) and scene.h == mended.h  # fmt: skip


def describe_point(problem: CheckedProblem) -> str:
    """Describe the point of which a verdict speaks, besides the entries and h."""
    if problem.classifier is None:
        return translate("at this point")
    return translate("on {samples} samples at these weights", samples=problem.classifier.sample_count)


def add_scan(header: dict[str, Any], arrays: Arrays, scene: CheckScene, scan: StepScan | None) -> None:
    chosen: Curve = (scene.method, scene.precision)
    if scan is None or not scan.rows[chosen]:
        return
    rows = scan.rows[chosen]
    indices = sorted(rows)
    checks = [rows[i].check for i in indices]
    arrays["h"] = np.array([STEP_SIZES[i] for i in indices])
    arrays["entries"] = scan.entries.astype(np.float64)
    arrays["analytic"] = checks[0].analytic
    arrays["numeric"] = np.concatenate([check.numeric for check in checks])
    arrays["kinks"] = np.concatenate([np.maximum(check.kinks_crossed, 0) for check in checks]).astype(np.float32)
    arrays["suspected"] = np.concatenate([check.has_kink for check in checks]).astype(np.uint8)
    arrays["parabola"] = np.array([rows[i].parabola for i in indices])
    header["verdicts"] = [write_verdict(rows[i].verdict) for i in indices]
    add_curves(header, arrays, scan, chosen)
    add_checkers(header, arrays, [rows[i] for i in indices], scan)
    if scan.taylor:
        taylor = scan.taylor
        arrays["taylor_t"], arrays["taylor_r"] = taylor.t, taylor.remainder
        header["taylor"] = {
            "slope": taylor.slope, "right": taylor.is_right, "low": taylor.smallest_t, "high": taylor.largest_t
        }  # fmt: skip


def add_curves(header: dict[str, Any], arrays: Arrays, scan: StepScan, chosen: Curve) -> None:
    """The error of all entries together over h, of every method in both precisions."""
    for method, precision in CURVES:
        rows = scan.rows[method, precision]
        if not rows:
            continue
        indices = sorted(rows)
        h = np.array([STEP_SIZES[i] for i in indices])
        error = np.array([relative_error_of_norms(rows[i].check.analytic, rows[i].check.numeric) for i in indices])
        k = len(header["curves"])
        arrays[f"h{k}"], arrays[f"error{k}"] = h, error
        slopes, line = measure_slopes(h, error), scan.theory.get((method, precision))
        misfit = describe_misfit(line, h, slopes.least_error if slopes else inf) if line else ""
        line = None if misfit is None or misfit else line
        header["curves"].append({
            "name": f"{translate(METHOD_TITLES[method])}, {translate(PRECISION_TITLES[precision])}",
            "method": method, "single": precision is Precision.SINGLE, "chosen": (method, precision) == chosen,
            "best": [slopes.best_h, slopes.least_error] if slopes else None,
            "truncation": write_slope(slopes.truncation if slopes else None),
            "round_off": write_slope(slopes.round_off if slopes else None),
            "optimum": [line.best_h, float(line.error(line.best_h))] if line and line.best_h else None,
            "misfit": misfit or "",
            "theory": [line.order, line.truncation, line.round_off] if line and isfinite(line.truncation) else None,
        })  # fmt: skip


def describe_misfit(line: ErrorLine, h: NDArray[np.float64], least_error: float) -> str | None:
    """Explain why the theory of a correct gradient does not fit a curve; "" if it does, None if that is not known yet.

    `h` are the step sizes so far, of which the largest come first.
    """
    predicted = line.error(STEP_SIZES)
    expected = max(float(predicted.min()), LEAST_ERROR)
    if least_error <= THEORY_MARGIN * expected:
        return ""
    if h.min() > min(KINK_FREE, STEP_SIZES[int(predicted.argmin())]):
        return None
    return translate(
        "The theory is for a correct gradient, whose error comes down to about {expected}. Here the error stays at "
        "{least} or above, so the theory's lines are left out.",
        expected=format_number(expected),
        least=format_number(least_error),
    )


def write_slope(measured: MeasuredSlope | None) -> list[float] | None:
    return [measured.slope, measured.smallest_h, measured.largest_h] if measured else None


def write_verdict(verdict: CheckVerdict) -> list[Any]:
    """Kind, passed or not, the sentence, and the remarks."""
    return [verdict.kind, verdict.passed, translate(verdict.sentence), [translate(r) for r in verdict.remarks]]


def add_checkers(header: dict[str, Any], arrays: Arrays, rows: list[Row], scan: StepScan) -> None:
    opinions = [row.opinions for row in rows]
    arrays["numbers"] = np.array([[opinion.number for opinion in row] for row in opinions]).ravel()
    arrays["passed"] = np.array([[opinion.passed for opinion in row] for row in opinions], dtype=np.uint8).ravel()
    for k, opinion in enumerate(opinions[-1]):
        own = scan.opinions[k] if scan.opinions else None
        header["checkers"].append({
            "name": opinion.checker, "version": opinion.version, "limit": to_finite(opinion.limit),
            "own": [to_finite(own.number), own.passed] if own else None,
            "overlooks": translate((own or opinion).overlooks),
        })  # fmt: skip


def to_finite(number: float) -> float | None:
    """The number, or None if it is not finite, which JSON cannot express."""
    return float(number) if isfinite(number) else None


def add_full_check(
    header: dict[str, Any], arrays: Arrays, problem: CheckedProblem, scene: CheckScene, status: JobStatus
) -> None:
    check: EntryCheck | None = status.result
    if check is None:
        return
    arrays["full_entries"] = check.entries.astype(np.float64)
    arrays["full_analytic"], arrays["full_numeric"] = check.analytic, check.numeric
    arrays["full_suspected"] = check.has_kink.astype(np.uint8)
    header["full"] = {
        "h": scene.h, "done": status.state == "done", "count": len(check.entries),
        "verdict": write_verdict(judge(problem.function, check, cast(problem.find_point(), scene.precision))),
    }  # fmt: skip
