"""Find the minimum of a mean loss for each model of two weights, or find that there is none."""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog, minimize

from surfaces.base import Array, Point
from surfaces.datasets.mean_loss import MeanLoss
from surfaces.minimum_refinement import refine_minimum

WEIGHT_PENALTY = 1e-3  # of |q|^2 / 2, where the loss itself has no minimum
ANGLE_TOLERANCE = 1e-9  # radians: an angle this near to half a turn counts as half a turn
MAX_PENALTY_SHIFT = 1.0  # of the scores: a minimum farther from the penalized one counts as one at infinity
MARGIN_TOLERANCE = 1e-6  # a margin this near to 1 counts as on its kink
GRID_STARTS = 6  # how many of the best grid points a non-convex loss is minimized from


class LossMinimum(NamedTuple):
    """The weights of the lowest loss; a point of low loss if the loss decreases to infinity."""

    weights: Point
    is_global: bool  # known to be the global minimum
    is_separable: bool  # the classes can be told apart without an error


def find_loss_minimum(model: str, full_loss: MeanLoss) -> LossMinimum:
    """The lowest point of the mean loss of a line, logistic regression, SVM or neuron."""
    features = full_loss.features
    if model == "line":
        fitted, *_ = np.linalg.lstsq(features.T, full_loss.y, rcond=None)
        return LossMinimum(_point(refine_minimum(full_loss.grad, full_loss.hess, _point(fitted))), True, False)
    whitening = whitening_matrix(full_loss.gram)
    if model == "neuron":
        softly = _minimize_penalized(full_loss, whitening, _find_grid_starts(full_loss, whitening), WEIGHT_PENALTY)
        freely = _minimize_penalized(full_loss, whitening, [softly], 0.0)
        is_near = np.hypot(*(freely - softly)) < MAX_PENALTY_SHIFT
        return LossMinimum(_point(whitening @ (freely if is_near else softly)), False, False)
    sides = np.where(full_loss.y > 0, 1.0, -1.0) * features  # (2, n): features times the sign of their class
    gap = _widest_angle(whitening.T @ sides)
    if model == "svm":
        is_separable = gap > np.pi + ANGLE_TOLERANCE
        return LossMinimum(_lowest_corner(full_loss, sides, whitening, is_separable), True, is_separable)
    is_separable = gap >= np.pi - ANGLE_TOLERANCE
    penalty = WEIGHT_PENALTY if is_separable else 0.0
    guess = _point(whitening @ _minimize_penalized(full_loss, whitening, [np.zeros(2)], penalty))
    weights = guess if is_separable else refine_minimum(full_loss.grad, full_loss.hess, guess)
    return LossMinimum(weights, not is_separable, is_separable)


def whitening_matrix(gram: Array) -> Array:
    """W such that the weights W q have scores of mean square |q|^2; its columns are the axes of the columns' spread."""
    spread, axes = np.linalg.eigh(gram)
    return axes / np.sqrt(spread)


def _minimize_penalized(full_loss: MeanLoss, whitening: Array, starts: list[Array], penalty: float) -> Array:
    """The lowest q of full(W q) + penalty |q|^2 / 2 that is reached from any of the starts."""

    def value(q: Array) -> float:
        return float(full_loss.value(whitening @ q) + penalty * q @ q / 2)

    def grad(q: Array) -> Array:
        return whitening.T @ full_loss.grad(whitening @ q) + penalty * q

    def hess(q: Array) -> Array:
        return whitening.T @ full_loss.hess(whitening @ q) @ whitening + penalty * np.eye(2)

    options: Any = {"gtol": 1e-10}
    ends: list[Array] = [
        minimize(value, start, jac=grad, hess=hess, method="trust-exact", options=options).x for start in starts
    ]
    return min(ends, key=value)


def _find_grid_starts(full_loss: MeanLoss, whitening: Array) -> list[Array]:
    """The lowest points of a polar grid around the origin."""
    angle, r = np.meshgrid(2 * np.pi * np.arange(24) / 24, (0.3, 1.0, 3.0, 9.0))
    q = (r * np.array((np.cos(angle), np.sin(angle)))).reshape(2, -1)
    best = np.argsort(full_loss.value(whitening @ q), kind="stable")[:GRID_STARTS]
    return list(q[:, best].T)


def _widest_angle(sides: Array) -> float:
    """The widest angle at the origin without a vector in it: if it exceeds half a turn, the classes are separable."""
    x, y = sides[:, np.hypot(*sides) > 0]
    angle = np.sort(np.arctan2(y, x))
    return float(np.diff(angle, append=angle[0] + 2 * np.pi).max())


def _lowest_corner(full_loss: MeanLoss, sides: Array, whitening: Array, is_separable: bool) -> Point:
    """The crossing of two kinks where the mean hinge loss max(0, 1 - s) is lowest, by linear programming.

    If the classes are separable, the loss is 0 in a whole region: then a corner of it near the origin.
    """
    s = (whitening.T @ sides).T  # (n, 2): the margins of q are s q
    n = len(s)
    if is_separable:  # the smallest |q1| + |q2| with all margins at least 1; q is a difference of two vectors >= 0
        found: Any = linprog(np.ones(4), A_ub=-np.hstack((s, -s)), b_ub=-np.ones(n), bounds=(0, None))
        q = found.x[:2] - found.x[2:]
    else:
        costs = np.concatenate((np.zeros(2), np.full(n, 1 / n)))
        bounds = [(None, None)] * 2 + [(0, None)] * n
        found = linprog(costs, A_ub=-np.hstack((s, np.eye(n))), b_ub=-np.ones(n), bounds=bounds)
        q = found.x[:2]
    kinks = np.unique(s[np.abs(s @ q - 1) < MARGIN_TOLERANCE], axis=0)[:40]
    crossing = [np.array(pair) for pair in combinations(kinks, 2) if abs(np.linalg.det(pair)) > MARGIN_TOLERANCE]
    places = whitening @ np.array([q, *(np.linalg.solve(pair, np.ones(2)) for pair in crossing)]).T
    return _point(places[:, int(np.argmin(full_loss.value(places)))])


def _point(p: Any) -> Point:
    return float(p[0]) + 0.0, float(p[1]) + 0.0  # turns -0.0 into 0.0
