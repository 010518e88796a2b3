"""The small pictures in the list of lessons: the landscape of the first scene with its start, and the paths; the
error over h for a lesson of the gradient check (`check_lesson_thumbnail.py`), losses for one of training
(`training_lesson_thumbnail.py`).

Before the visitor has seen a lesson only the first steps are drawn, since the lesson asks what will happen. The ground
is transparent and the colours are between those of the two themes, so that one picture suits both.
"""

from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from app.compute.cached_simulation import build_surface, simulate_run
from app.figures.palette import THEMES, choose_run_style
from app.lessons import check_lesson_thumbnail, thumbnail_marks, training_lesson_thumbnail
from app.lessons.catalogue import LESSONS
from app.lessons.check_lesson_thumbnail import draw_check
from app.lessons.lesson import CheckLesson, Lesson, RaceLesson, TrainingLesson
from app.lessons.training_lesson_thumbnail import draw_trainings
from app.model.scene import Scene
from surfaces.base import Array

SIZE = 336, 210  # pixels: twice as many as are shown
SCALE = 2
LEVELS = 12  # bands of equal area
BAND_COLOUR = (64, 124, 184)
LINE_COLOUR = (110, 140, 170, 150)
SHOWN_SHARE = 1 / 8  # of the steps, before the lesson was seen
TOLD_DISTANCE = 0.6  # of the start's distance to a minimum: points nearer, or as much farther, would tell the answer


def make_picture_name(lesson: Lesson, *, is_seen: bool) -> str:
    """The name of a lesson's picture in its address, which changes with the picture: browsers keep it for ever."""
    return f"{lesson.name}-{'seen' if is_seen else 'new'}-{hash_lesson(lesson.name)}.png"


@cache
def hash_lesson(name: str) -> str:
    lesson = LESSONS[name]
    drawn_by = {CheckLesson: check_lesson_thumbnail, TrainingLesson: training_lesson_thumbnail}.get(type(lesson))
    files = [Path(module.__file__ or "") for module in (drawn_by, thumbnail_marks) if module]
    files.insert(0, Path(__file__))
    scene = lesson.scenes[lesson.first_scene]
    return sha256(scene.encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def find_picture(name: str) -> bytes | None:
    """The PNG file of this name; None if there is no such picture."""
    lesson = LESSONS.get(name.partition("-")[0])
    for is_seen in (False, True):
        if lesson and name == make_picture_name(lesson, is_seen=is_seen):
            return draw_lesson(lesson.name, is_seen)
    return None


@cache
def draw_lesson(name: str, is_seen: bool) -> bytes:
    """The PNG file of a lesson's picture."""
    lesson = LESSONS[name]
    if isinstance(lesson, CheckLesson):
        picture = draw_check(lesson, SIZE, is_seen)
    elif isinstance(lesson, TrainingLesson):
        picture = draw_trainings(lesson, SIZE, is_seen)
    elif isinstance(lesson, RaceLesson):
        picture = draw_race(lesson.parse_scene_of(lesson.first_scene), is_seen)
    file = BytesIO()
    picture.quantize(64, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_race(scene: Scene, is_seen: bool) -> Image.Image:
    """The landscape with the start and the paths."""
    surface = build_surface(scene.surface)
    x = np.linspace(*surface.box.x, SIZE[0])
    y = np.linspace(surface.box.y[1], surface.box.y[0], SIZE[1])
    picture = draw_bands(np.asarray(surface.value(np.stack(np.meshgrid(x, y)))))
    pen = ImageDraw.Draw(picture)
    scale = np.array([(SIZE[0] - 1) / np.ptp(surface.box.x), -(SIZE[1] - 1) / np.ptp(surface.box.y)])
    origin = np.array([surface.box.x[0], surface.box.y[1]])
    for run in scene.runs:
        hue = choose_run_style(run.slot)[0]
        path = trace_run(scene, run.slot, is_seen)
        points = np.clip((path - origin) * scale, -9999, 9999)
        if len(points) > 1:
            pen.line(
                [tuple(point) for point in points], fill=THEMES["light"]["runs"][hue], width=2 * SCALE, joint="curve"
            )
    u, v = (np.array(scene.start) - origin) * scale
    pen.ellipse((u - 7, v - 7, u + 7, v + 7), outline=thumbnail_marks.MARK_COLOUR, width=3)
    return picture


def trace_run(scene: Scene, slot: int, is_seen: bool) -> Array:
    """The finite iterates of a run that are shown, (n, 2)."""
    columns = simulate_run(scene, scene.find_run(slot)).columns
    count = scene.steps + 1 if is_seen else 2 + int(scene.steps * SHOWN_SHARE)
    path = np.stack([columns["x"], columns["y"]], axis=1)[:count]
    path = path[np.isfinite(path).all(axis=1)]
    minima = np.array(build_surface(scene.surface).minima).reshape(-1, 2)
    if is_seen or not minima.size:
        return path
    distances = np.hypot(*(path[:, None] - minima).T).min(axis=0)
    is_told = (distances < distances[0] * TOLD_DISTANCE) | (distances > distances[0] / TOLD_DISTANCE)
    return path[: max(1, int(is_told.argmax()))] if is_told.any() else path


def draw_bands(heights: Array) -> Image.Image:
    """Bands of equal area, the lowest the darkest, with lines between them."""
    levels = np.quantile(heights[np.isfinite(heights)], np.linspace(0, 1, LEVELS + 1)[1:-1])
    band = np.searchsorted(levels, np.nan_to_num(heights, nan=np.inf))
    pixels = np.empty((*heights.shape, 4), np.uint8)
    pixels[..., :3] = BAND_COLOUR
    pixels[..., 3] = 130 - 9 * band
    is_edge = np.zeros(heights.shape, bool)
    is_edge[:-1] |= band[:-1] != band[1:]
    is_edge[:, :-1] |= band[:, :-1] != band[:, 1:]
    pixels[is_edge] = LINE_COLOUR
    return Image.fromarray(pixels)
