"""Measurements of gradient checks for the lessons: errors at any step size, verdicts, kinks, margins."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from app.check_scenes.check_scene import CheckScene, ModelTarget
from app.check_scenes.checked_problem import cast, get_problem
from app.check_scenes.step_scan_job import Scanner, choose_entries, make_scan_request
from surfaces.base import Array
from surfaces.gradient_check.checked_function import Entries, Point
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import EntryCheck, check_entries
from surfaces.gradient_check.other_checkers import Opinion
from surfaces.gradient_check.relative_error import relative_error_of_norms
from surfaces.gradient_check.verdict import CheckVerdict, judge


def get_model(scene: CheckScene) -> ModelTarget:
    """The model that is checked. Raises TypeError if it is a surface or a formula."""
    if not isinstance(scene.target, ModelTarget):
        raise TypeError("This lesson's scene has no model.")
    return scene.target


def find_point(scene: CheckScene) -> Point:
    """Where the gradient is checked, in the precision of the scene."""
    return cast(get_problem(scene).find_point(), scene.precision)


def list_entries(scene: CheckScene) -> Entries:
    """The entries that the scene checks."""
    return choose_entries(get_problem(scene), make_scan_request(scene))


def run_check(scene: CheckScene, **changes: Any) -> EntryCheck:
    """The check of a scene, with another `h`, `method` or `precision` if these are given."""
    return run_cached_check(replace(scene, **changes))


@lru_cache(maxsize=512)
def run_cached_check(scene: CheckScene) -> EntryCheck:
    if scene.method is Method.FORWARD:  # a by-product of centred differences
        check = run_check(scene, method=Method.CENTRED)
        return check._replace(numeric=check.forward_slope, method=Method.FORWARD)
    f = get_problem(scene).function
    entries = list_entries(scene)
    *_, last = check_entries(f, find_point(scene), entries, scene.h, scene.method, counts_every_step=f.has_kinks)
    return last.check


def measure_error(scene: CheckScene, **changes: Any) -> float:
    """The relative error of all checked entries together, as the chart shows it."""
    check = run_check(scene, **changes)
    return float(relative_error_of_norms(check.analytic, check.numeric))


def find_largest_error(scene: CheckScene, **changes: Any) -> float:
    """The relative error of the worst entry."""
    return float(run_check(scene, **changes).relative_error.max())


def judge_scene(scene: CheckScene, **changes: Any) -> CheckVerdict:
    return judge(get_problem(scene).function, run_check(scene, **changes))


def find_least_error(scene: CheckScene, powers: range, **changes: Any) -> float:
    """The least error over the powers of ten h = 10^k."""
    return min(measure_error(scene, h=float(f"1e{k}"), **changes) for k in powers)


def measure_slope(scene: CheckScene, small_h: float, large_h: float, **changes: Any) -> float:
    """The slope of the error between two step sizes, on axes that are both logarithmic."""
    small, large = (measure_error(scene, h=h, **changes) for h in (small_h, large_h))
    return float(np.log(large / small) / np.log(large_h / small_h))


def predict_best_h(scene: CheckScene) -> float:
    """The step size with the least error, by the theory."""
    line = make_scanner(scene).predict_errors()[scene.method, scene.precision]
    return line.best_h or np.nan if line else np.nan


def ask_checkers(scene: CheckScene) -> dict[str, Opinion]:
    """Apply each checker's rule to the numbers of a scene."""
    row = make_scanner(scene).check_row(scene.precision, scene.h)[scene.method, scene.precision]
    return {opinion.checker: opinion for opinion in row.opinions}


def make_scanner(scene: CheckScene) -> Scanner:
    problem = get_problem(scene)
    return Scanner(problem.function, problem.find_point(), list_entries(scene), scene.seed)


def count_crossed(scene: CheckScene, **changes: Any) -> int:
    """How many of the checked entries' steps cross a kink."""
    return int((run_check(scene, **changes).kinks_crossed > 0).sum())


def find_violated_fraction(scene: CheckScene) -> float:
    """The fraction of a linear SVM's margins that are violated: s_j - s_y + 1 > 0, for classes j other than y."""
    problem = get_problem(scene)
    if problem.classifier is None:
        return np.nan
    loss, blocks = problem.classifier.full_loss, problem.layout.unpack(problem.find_point())
    scores: Array = loss.inputs @ blocks["W1"] + blocks["b1"]
    right = loss.classes[:, None]
    is_violated = scores - np.take_along_axis(scores, right, axis=1) + 1 > 0
    np.put_along_axis(is_violated, right, False, axis=1)
    return float(is_violated.sum() / (is_violated.size - len(right)))
