"""Descriptions and units of the columns of a race as data."""

from typing import NamedTuple

from app.model.hyperparameter_ranges import get_range

HYPER_PREFIX = "hyper_"  # before the name of a hyperparameter that follows a schedule


class Column(NamedTuple):
    """A column of `RunResult`; entry t belongs to the iterate after t steps, entry 0 to the start."""

    unit: str
    meaning: str
    is_count: bool = False  # integers


COLUMNS = {
    "x": Column("x", "the iterate"),
    "y": Column("y", "the iterate"),
    "loss": Column("f", "f(x, y): the true one, whatever noise or minibatch the optimizer saw"),
    "gradient_norm": Column("f per unit of length", "the length of the gradient of the true f"),
    "slope_x": Column("f per unit of x", "df/dx, of the true f"),
    "slope_y": Column("f per unit of y", "df/dy, of the true f"),
    "step_length": Column("units of length", "the distance from the iterate before; 0 at the start"),
    "update_ratio": Column("1", "step_length in parts of the length of the iterate before; 0 at the start"),
    "lr": Column("as in the optimizer's rule", "the learning rate in force in this step; the start repeats step 1"),
    "rate_x": Column("x per df/dx", "|move in x / df/dx before it|: the effective rate; the start repeats step 1"),
    "rate_y": Column("y per df/dy", "|move in y / df/dy before it|: the effective rate; the start repeats step 1"),
    "evaluations": Column("calls", "of f, of its gradient and of its Hessian up to this step, together", True),
    "values": Column("calls", "of f up to this step", True),
    "gradients": Column("calls", "of its gradient up to this step", True),
    "hessians": Column("calls", "of its Hessian up to this step", True),
    "pull_x": Column("x, or df/dx", "the velocity, as it is added to x; of a mean gradient m, -m"),
    "pull_y": Column("y, or df/dy", "the velocity, as it is added to y; of a mean gradient m, -m"),
    "ahead_x": Column("x", "mu times the velocity: the way to Nesterov's other point"),
    "ahead_y": Column("y", "mu times the velocity: the way to Nesterov's other point"),
    "radius": Column("units of length", "the radius of the trust region"),
    "hess_xx": Column("f per unit of x squared", "the second derivative of f by x"),
    "hess_xy": Column("f per unit of x and of y", "the second derivative of f by x and y"),
    "hess_yy": Column("f per unit of y squared", "the second derivative of f by y"),
}


def describe_column(name: str) -> Column:
    """The description of a column, also of a hyperparameter that follows a schedule."""
    if name.startswith(HYPER_PREFIX):
        label = get_range(name.removeprefix(HYPER_PREFIX)).label
        return Column("as in the optimizer's rule", f"{label} in force in this step; the start repeats step 1")
    return COLUMNS[name]


def sort_columns(names: set[str]) -> list[str]:
    """Names of columns in the order of the table, those of hyperparameters last."""
    return [name for name in COLUMNS if name in names] + sorted(name for name in names if name.startswith(HYPER_PREFIX))
