"""The small picture of a lesson about gradient checks: the error over h, both axes logarithmic, in the notes' zones.

Before the visitor has seen the lesson it has only the part of the curves that the lesson shows before the question, and
a question mark at its h.
"""

from math import isfinite, log10

from PIL import Image, ImageDraw

from app.check_scenes.check_scene import CheckScene
from app.figures.palette import THEMES
from app.lessons.check_metrics import measure_error
from app.lessons.lesson import CheckLesson, ShownCurve
from app.lessons.thumbnail_marks import MARK_COLOUR, draw_question_mark
from surfaces.gradient_check.difference_quotients import Method

POWERS = range(-15, 1)  # h = 10^k
LOWEST, HIGHEST = -12.0, 1.0  # decades of the error
HUES = {Method.FORWARD: 0, Method.CENTRED: 1, Method.COMPLEX_STEP: 2}  # as `error_chart.js` has them
ZONES = ((-2.0, HIGHEST, (200, 104, 48, 70)), (-4.0, -2.0, (200, 104, 48, 36)),
         (-7.0, -4.0, (150, 140, 60, 36)), (LOWEST, -7.0, (40, 140, 100, 46)))  # fmt: skip
PADDING = 0.04  # of the width


def draw_check(lesson: CheckLesson, size: tuple[int, int], is_seen: bool) -> Image.Image:
    """The picture of the lesson's first scene."""
    scene = lesson.parse_check_of(lesson.first_scene)
    picture = Image.new("RGBA", size)
    pen = ImageDraw.Draw(picture)
    for low, high, colour in ZONES:
        pen.rectangle((0, to_pixel(0, high, size)[1], size[0], to_pixel(0, low, size)[1]), fill=colour)
    curves = lesson.curves if is_seen else lesson.curves_before
    x = to_pixel(log10(scene.h), 0, size)[0]
    pen.line((x, 0, x, size[1]), fill=MARK_COLOUR, width=3)
    for curve in curves:
        points = [to_pixel(k, log10(error), size) for k, error in measure_curve(scene, curve)]
        colour = THEMES["light"]["runs"][HUES[curve.method]]
        is_chosen = is_seen and (curve.method, curve.precision) == (scene.method, scene.precision)
        pen.line(points, fill=colour, width=6 if is_chosen else 4, joint="curve")
    if not is_seen:
        anchor = "rm" if x > size[0] / 2 else "lm"
        at = x + (-12 if anchor == "rm" else 12), size[1] / 2
        draw_question_mark(pen, at, anchor)
    return picture


def measure_curve(scene: CheckScene, curve: ShownCurve) -> list[tuple[int, float]]:
    """The exponent of h and the error at each power of ten that the curve has; an error of 0 is left out."""
    found = []
    for k in POWERS:
        h = float(f"1e{k}")
        if curve.has(h):
            error = measure_error(scene, h=h, method=curve.method, precision=curve.precision)
            found += [(k, error)] if isfinite(error) and error > 0 else []
    return found


def to_pixel(power: float, decade: float, size: tuple[int, int]) -> tuple[float, float]:
    """Where a step size and an error, both as exponents, are in the picture."""
    width, height = size
    inside = (power - POWERS[0]) / (POWERS[-1] - POWERS[0])
    x = width * (PADDING + (1 - 2 * PADDING) * inside)
    y = height * (HIGHEST - decade) / (HIGHEST - LOWEST)
    return x, min(max(y, -height), 2.0 * height)
