"""The small picture of a gradient check, which the browser draws: its error at the powers of ten of h."""

from math import isfinite, log10
from typing import Any

from app.check_scenes.check_scene import STEP_SIZES, CheckScene, Precision
from app.check_scenes.step_scan_job import EFFORTS, StepScan
from app.compute.scene_thumbnails import UNITS
from surfaces.gradient_check.relative_error import relative_error_of_norms

POWERS_OF_TEN = tuple(range(0, len(STEP_SIZES), EFFORTS[0][-1][0]))  # indices of step sizes, which a scan has first
ERROR_DECADES = (-16, 1)  # powers of ten at the lower and the upper edge
STEP_DECADES = (-16, 0)  # at the left and the right edge


def make_check_thumbnail(scene: CheckScene, scan: StepScan | None) -> dict[str, Any]:
    """The picture as numbers, in `UNITS` from the left and the lower edge: what the scan knows of the curve, and h.

    A point is None where the error is not a number.
    """
    return {
        "errors": list_points(scene, scan) if scan else [],
        "h": to_units(scene.h, STEP_DECADES),
        "method": scene.method,
        "single": scene.precision is Precision.SINGLE,
    }


def list_points(scene: CheckScene, scan: StepScan) -> list[list[int] | None]:
    rows = scan.rows[scene.method, scene.precision]
    checks = {i: rows[i].check for i in POWERS_OF_TEN if i in rows}
    errors = {i: relative_error_of_norms(check.analytic, check.numeric) for i, check in checks.items()}
    return [
        [to_units(STEP_SIZES[i], STEP_DECADES), to_units(error, ERROR_DECADES)] if isfinite(error) else None
        for i, error in errors.items()
    ]


def to_units(value: float, decades: tuple[int, int]) -> int:
    """Where a number lies between two powers of ten; one that lies beyond them is at the edge."""
    low, high = decades
    power = log10(value) if value > 0 else low
    return round(UNITS * (min(max(power, low), high) - low) / (high - low))


def is_curve_known(scene: CheckScene, scan: StepScan | None) -> bool:
    return scan is not None and all(i in scan.rows[scene.method, scene.precision] for i in POWERS_OF_TEN)
