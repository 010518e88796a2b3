"""Units and meanings of the columns in exported data.

They are in English whatever the page's language is, like the names of the columns and the remarks around them: the same
race gives the same file whoever saves it, so that files can be compared byte by byte, shared in a course, and read by a
program that searches for a unit.
"""

from typing import NamedTuple

from app.model.hyperparameter_table import get_range

HYPER_PREFIX = "hyper_"  # of a scheduled hyperparameter's column


class Column(NamedTuple):
    """A column of `RunResult`, whose entry t belongs to the iterate after t steps."""

    unit: str
    meaning: str
    is_count: bool = False  # integers


COLUMNS = {
    "x": Column("x", "the iterate"),
    "y": Column("y", "the iterate"),
    "loss": Column("f", "f(x, y) without noise and over all samples, whatever the optimizer saw"),
    "gradient_norm": Column("f per unit of length", "length of the gradient of f"),
    "slope_x": Column("f per unit of x", "df/dx"),
    "slope_y": Column("f per unit of y", "df/dy"),
    "step_length": Column("units of length", "distance from the previous iterate; 0 at the start"),
    "update_ratio": Column("1", "step_length divided by the length of the previous iterate; 0 at the start"),
    "lr": Column("as in the optimizer's rule", "learning rate of this step; the start repeats step 1"),
    "rate_x": Column("x per df/dx", "effective rate: |change of x / df/dx before it|; the start repeats step 1"),
    "rate_y": Column("y per df/dy", "effective rate: |change of y / df/dy before it|; the start repeats step 1"),
    "evaluations": Column("calls", "of f, its gradient and its Hessian up to this step", True),
    "values": Column("calls", "of f up to this step", True),
    "gradients": Column("calls", "of its gradient up to this step", True),
    "hessians": Column("calls", "of its Hessian up to this step", True),
    "pull_x": Column("x, or df/dx", "velocity, as it is added to x; for a mean gradient m, -m"),
    "pull_y": Column("y, or df/dy", "velocity, as it is added to y; for a mean gradient m, -m"),
    "ahead_x": Column("x", "mu times the velocity: the shift to Nesterov's look-ahead point"),
    "ahead_y": Column("y", "mu times the velocity: the shift to Nesterov's look-ahead point"),
    "radius": Column("units of length", "radius of the trust region"),
    "hess_xx": Column("f per unit of x squared", "second derivative of f with respect to x"),
    "hess_xy": Column("f per unit of x and of y", "second derivative of f with respect to x and y"),
    "hess_yy": Column("f per unit of y squared", "second derivative of f with respect to y"),
}


def describe_column(name: str) -> Column:
    """Unit and meaning of a column."""
    if name.startswith(HYPER_PREFIX):
        label = get_range(name.removeprefix(HYPER_PREFIX)).label
        return Column("as in the optimizer's rule", f"{label} of this step; the start repeats step 1")
    return COLUMNS[name]


def sort_columns(names: set[str]) -> list[str]:
    """Sort columns as in the table, hyperparameters last."""
    return [name for name in COLUMNS if name in names] + sorted(name for name in names if name.startswith(HYPER_PREFIX))
