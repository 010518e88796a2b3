"""A visitor's own measurements as a surface: two weights of a model, fitted to the columns of a table."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from surfaces.base import Array, Box, Point
from surfaces.datasets.loss_minimum import LossMinimum, find_loss_minimum, whitening_matrix
from surfaces.datasets.mean_loss import MeanLoss
from surfaces.datasets.regression import Regression, least_squares_line, linear_svm, logistic_regression, tanh_neuron
from surfaces.datasets.table_parser import DataError, Table, parse_table, rows_to_lines

MODELS: dict[str, Callable[..., Regression]] = {
    "line": least_squares_line, "logistic": logistic_regression, "svm": linear_svm, "neuron": tanh_neuron,
}  # fmt: skip
CLASSIFIERS = {"logistic", "svm"}  # the last column is the class of a row, one of two
MAX_WEIGHT = 1e6  # in the view
MAX_CONDITION = 1e10  # of the columns as they are: beyond it rounding errors decide
RAY_COUNT = 64  # directions in which the edge of the view is searched; a multiple of 8
VIEW_MARGIN = 1.2  # the view is wider than that edge by this factor
CONSTANT_TOLERANCE = 1e-12  # relative: a column that varies by less is constant


class DatasetFit(NamedTuple):
    """A table, its loss under a model, and the best weights."""

    table: Table
    full_loss: MeanLoss
    offset: Array  # of each column, subtracted from it
    scale: Array  # of each column, which it is divided by
    minimum: LossMinimum
    condition: float  # of the Hessian at the lowest point; of the columns where that has none
    box: Box
    start: Point


def data(model: str, rows: str, standardized: bool = False, batch_size: int = 0, seed: int = 0) -> Regression:
    r"""Measurements of your own: a straight line, or another model of two weights, fitted to the rows of a table.

    $$ f(w, b) = \frac1n \sum_i \ell(w x_i + b,\; y_i) \quad\text{or}\quad
    f(w_1, w_2) = \frac1n \sum_i \ell(w_1 u_i + w_2 v_i,\; y_i) $$

    `model` is line, logistic, svm or neuron, with the loss $\ell$ of the surface of that kind; `rows` is the table as
    `surfaces.datasets.table_parser.serialize_table` writes it. A logistic regression and an SVM want classes in the
    last column, and take one input or two. Two inputs are measured from their means, for there is no third weight for a
    threshold.
    `standardized` columns are those less their mean, over their standard deviation; classes stay as they are, and so do
    a neuron's targets.

    The view is as wide as the losses that are no higher than with both weights 0, and the start is in it, off the axes
    of the bowl. No minimum is declared where there is none (classes that can be told apart without an error, under
    the logistic loss), nor of a neuron, whose loss is not convex.
    What is no such table, or has no slope to be told from its offset, is a `DataError`. A batch size of 0 means all
    samples.
    """
    fit = fit_dataset(model, rows, standardized)
    minima = (fit.minimum.weights,) if fit.minimum.is_global else ()
    return Regression(fit.full_loss, fit.box, fit.start, minima, batch_size, seed)


@lru_cache(maxsize=16)
def fit_dataset(model: str, rows: str, standardized: bool = False) -> DatasetFit:
    """The fit of `data` with these arguments. Raises `DataError`."""
    table = parse_dataset(model, rows_to_lines(rows))
    columns = np.array(table.rows).T
    inputs, y = columns[:-1], columns[-1]
    check_inputs_vary(table, inputs)
    full, middle, scale = build_loss(model, inputs, y, standardized)
    if not standardized and np.linalg.cond(full.gram) > MAX_CONDITION:
        raise DataError("The scales of the columns differ too much for a picture. Standardize them.")
    minimum = find_loss_minimum(model, full)
    with np.errstate(all="ignore"):
        bend = full.hess(np.array(minimum.weights))
    condition = float(np.linalg.cond(bend if minimum.is_global and np.linalg.det(bend) > 0 else full.gram))
    return DatasetFit(table, full, middle, scale, minimum, condition, *choose_view(full, minimum.weights))


def parse_dataset(model: str, text: str) -> Table:
    """Parse a table with the columns that a model needs. Raises `DataError`."""
    if model not in MODELS:
        raise DataError("A model is one of {models}.", models=", ".join(MODELS))
    table = parse_table(text, (2, 3) if model in CLASSIFIERS else (2,), model in CLASSIFIERS)
    if model == "neuron":
        for k, (_, y) in enumerate(table.rows, 1):
            if abs(y) > 1:
                raise DataError("Row {row}: “{y:g}” is not between -1 and 1, where the values of tanh lie.", row=k, y=y)
    return table


def check_inputs_vary(table: Table, inputs: Array) -> None:
    """Refuse inputs that do not determine two weights."""
    for k, x in enumerate(inputs):
        if np.ptp(x) <= CONSTANT_TOLERANCE * np.abs(x).max():
            raise DataError(
                "All rows have the same {name}, {x:g}: its weight cannot be distinguished from an offset. At least "
                "two different values are needed.",
                name=table.names[k] or ("x" if len(inputs) == 1 else f"x{k + 1}"), x=x[0],
            )  # fmt: skip
    if len(inputs) == 2 and abs(_correlation(*inputs)) > 1 - 1e-10:
        raise DataError("The two inputs lie on one straight line: their weights cannot be distinguished.")


def _correlation(u: Array, v: Array) -> float:
    return float(((u - u.mean()) * (v - v.mean())).mean() / (u.std() * v.std()))


def build_loss(model: str, inputs: Iterable[Array], y: Array, standardized: bool) -> tuple[MeanLoss, Array, Array]:
    """The mean loss of a model, and the middle and scale of each column including the target."""
    columns = np.array((*inputs, y))
    middle, scale = np.zeros(len(columns)), np.ones(len(columns))
    kept = slice(None) if model == "line" and standardized else slice(-1)  # the columns that are standardized
    if standardized or len(columns) == 3:
        middle[kept] = columns[kept].mean(axis=1)
    if standardized:
        scale[kept] = columns[kept].std(axis=1)
    scale[scale == 0] = 1.0  # a constant target
    *inputs, target = (columns - middle[:, None]) / scale[:, None]
    if model == "svm":
        target = 2 * target - 1
    loss = MODELS[model]().full_loss.loss
    return MeanLoss(loss, inputs[0], target, *inputs[1:]), middle, scale


def choose_view(full: MeanLoss, low: Point) -> tuple[Box, Point]:
    """The box around all points with a loss no higher than at the origin, and a start in it; both in short numbers.

    Distances are measured by the change of the scores, so that neither depends on the units of the columns.
    """
    middle = np.array(low)
    out = whitening_matrix(full.gram)
    angle = 2 * np.pi * np.arange(RAY_COUNT) / RAY_COUNT
    rays = out @ np.array((np.cos(angle), np.sin(angle)))  # (2, rays)
    unit = float(np.std(full.y)) or 1.0
    away = float(np.hypot(*np.linalg.solve(out, middle)))
    shortest, longest = 0.5 * max(away, unit), max(2 * away, 3 * unit)
    r = np.linspace(shortest, longest, 61)
    level = full.value(np.zeros(2))
    inside = full.value(middle[:, None, None] + r * rays[..., None]) <= level  # (rays, 61)
    reach = r[np.argmin(inside[:, 1:], axis=1)]
    reach[inside[:, 1:].all(axis=1)] = longest
    edge = middle[:, None] + VIEW_MARGIN * reach * rays
    if np.abs(edge).max() > MAX_WEIGHT:
        raise DataError("Without scaling, these columns need weights beyond {far:g}. Standardize them.", far=MAX_WEIGHT)
    (left, right), (bottom, top) = (round_outward(float(side.min()), float(side.max())) for side in edge)
    starts = middle[:, None] + 0.9 * (reach * rays)[:, RAY_COUNT // 8 :: RAY_COUNT // 4]
    nearest = int(np.argmin(np.hypot(*np.linalg.solve(out, starts))))
    x, y = starts[:, nearest]
    start = round_to_width(float(x), right - left), round_to_width(float(y), top - bottom)
    return Box((left, right), (bottom, top)), start


def fitted_curve(model: str, fit: DatasetFit) -> Array:
    """The curve of the fit at its lowest point, in the columns' own units: (2, m).

    Of one input the output over it; an SVM's score is drawn from 0 to 1 as it goes from -1 to 1, as the classes are.
    Of two inputs the straight line between the classes.
    """
    w, b = fit.minimum.weights
    columns = np.array(fit.table.rows).T
    if fit.full_loss.v is not None:
        along = np.array((-b, w)) / np.hypot(w, b) * np.linspace(-1, 1, 2)[:, None]  # (2, 2): ends, inputs
        far = 10 * np.abs((columns[:2] - fit.offset[:2, None]) / fit.scale[:2, None]).max()
        return (fit.offset[:2] + fit.scale[:2] * far * along).T
    x = np.linspace(columns[0].min(), columns[0].max(), 101)
    z = w * (x - fit.offset[0]) / fit.scale[0] + b
    if model == "line":
        z = fit.offset[1] + fit.scale[1] * z
    elif model == "logistic":
        z = 0.5 + 0.5 * np.tanh(0.5 * z)
    else:
        z = np.tanh(z) if model == "neuron" else (z + 1) / 2
    return np.array((x, z))


def thin_samples(problem: Regression, max_samples: int = 250) -> Regression:
    """The same problem with at most so many samples, evenly chosen, for estimates that need not be exact."""
    every = -(-problem.sample_count // max_samples)
    if every == 1:
        return problem
    return replace(problem, full_loss=problem.full_loss.subset(np.arange(0, problem.sample_count, every)))


def round_outward(low: float, high: float) -> Point:
    """An interval a little longer, in short numbers."""
    step = 10.0 ** np.floor(np.log10(high - low) - 0.7)
    return float(f"{np.floor(low / step) * step:.12g}"), float(f"{np.ceil(high / step) * step:.12g}")


def round_to_width(value: float, width: float) -> float:
    """A number to a hundredth of a width, or nearly."""
    step = 10.0 ** np.floor(np.log10(width) - 2)
    return float(f"{round(value / step) * step:.12g}")
