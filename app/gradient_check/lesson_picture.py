"""The picture of a gradient check in a lesson or before a lecture's question: some of its parts, a scene that stays as
it is, and before the prediction no more of the result than some curves."""

from collections.abc import Sequence
from typing import Any

from app.browser.binary_message import Arrays
from app.check_scenes.check_description import describe_target, without_fault
from app.check_scenes.check_scene import STEP_SIZES, CheckScene
from app.check_scenes.step_scan_job import CURVES, Curve, Row, StepScan
from app.gradient_check.check_component import AddScan, add_curves, add_scan, mount_check, show_check
from app.gradient_check.check_state import get_scene
from app.lessons.lesson import ShownCurve
from app.translation import translate


def show_fixed_check(key: str, scene: CheckScene, parts: Sequence[str], curves: Sequence[ShownCurve]) -> None:
    """Show these parts of the picture; h can be moved in it, and nothing else."""

    def add_result(header: dict[str, Any], arrays: Arrays, scene: CheckScene, scan: StepScan | None) -> None:
        add_scan(header, arrays, scene, scan and select_curves(scan, curves))

    mount_check(key, scene, {}, {"fixed": True, "parts": list(parts)}, add_result)


def show_waiting_check(key: str, scene: CheckScene, parts: Sequence[str], curves: Sequence[ShownCurve]) -> None:
    """Show no more of the result than these curves; it is computed meanwhile."""
    mount_check(key, scene, {}, {"fixed": True, **make_waiting_fields(parts)}, hide_result(curves))


def show_waiting_scene(curves: Sequence[ShownCurve]) -> None:
    """Show a scene of a lecture whose question is open, and no more of its result than these curves."""
    title = describe_target(without_fault(get_scene()))
    fields = {"title": title, **make_waiting_fields(("verdict", "chart", "tools"))}
    show_check(fields, hide_result(curves))


def make_waiting_fields(parts: Sequence[str]) -> dict[str, Any]:
    return {"waits": translate("The verdict waits for your prediction."), "parts": list(parts)}


def hide_result(curves: Sequence[ShownCurve]) -> AddScan:
    """Make a function that adds these curves to the message, and nothing else of the result."""

    def add_result(header: dict[str, Any], arrays: Arrays, scene: CheckScene, scan: StepScan | None) -> None:
        if scan:
            known = select_curves(scan, curves)._replace(theory={})
            add_curves(header, arrays, known, (scene.method, scene.precision))
        for curve in header["curves"]:
            curve |= {"best": None, "truncation": None, "round_off": None}  # what the picture says of it

    return add_result


def select_curves(scan: StepScan, curves: Sequence[ShownCurve]) -> StepScan:
    """The scan without its other curves, and without the step sizes that are not shown."""
    rows: dict[Curve, dict[int, Row]] = {curve: {} for curve in CURVES}
    for curve in curves:
        rows[curve.method, curve.precision] = {
            i: row for i, row in scan.rows[curve.method, curve.precision].items() if curve.has(STEP_SIZES[i])
        }
    return scan._replace(rows=rows)
