"""The picture of a gradient check in a lesson: some of its parts, a scene that stays as it is, and before the visitor's
prediction only what the lesson shows before its question."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from app.gradient_check.check_scene import CheckScene
from app.gradient_check.picture import Arrays, add_curves, mount_check
from app.gradient_check.step_scan_job import CURVES, STEP_SIZES, Row, StepScan
from app.lessons.lesson import KnownCurve
from app.translation import translate


def show_fixed_check(key: str, scene: CheckScene, parts: Sequence[str]) -> None:
    """Show these parts of the picture; h can be moved in it, and nothing else."""
    mount_check(key, scene, {}, {"fixed": True, "parts": list(parts)})


def show_waiting_check(key: str, scene: CheckScene, parts: Sequence[str], known: Sequence[KnownCurve]) -> None:
    """Show no more of the result than these curves; it is computed meanwhile."""
    fields = {"fixed": True, "waits": translate("The verdict waits for your prediction."), "parts": list(parts)}
    mount_check(key, scene, {}, fields, partial(add_known_curves, known))


def add_known_curves(
    known: Sequence[KnownCurve], header: dict[str, Any], arrays: Arrays, scene: CheckScene, scan: StepScan | None
) -> None:
    if scan is None:
        return
    rows: dict[Any, dict[int, Row]] = {curve: {} for curve in CURVES}
    for curve in known:
        found = scan.rows[curve.method, curve.precision]
        rows[curve.method, curve.precision] = {
            i: row for i, row in found.items() if curve.smallest_h <= STEP_SIZES[i] <= curve.largest_h
        }
    add_curves(header, arrays, scan._replace(rows=rows, theory={}), (scene.method, scene.precision))
    for shown in header["curves"]:
        shown |= {"best": None, "truncation": None, "round_off": None}  # what the picture says of a curve
