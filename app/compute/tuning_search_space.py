"""The tuned hyperparameters of a run, their ranges, and the run with other values of them."""

from typing import Any, NamedTuple

import numpy as np

from app.model.hyperparameter_ranges import HYPERPARAMETERS, ParameterRange
from app.model.scene import Call, inspect_parameters
from optimizers.analysis.random_search import INTEGER, LOG, SearchRange
from optimizers.base import Hyperparameter
from optimizers.catalogue import OPTIMIZERS, WRAPPERS

UNIT_LR_RANGE = (0.1, 10.0)  # the range of a learning rate that is 1 by nature, as Newton's


def make_search_range(limits: ParameterRange) -> SearchRange:
    """A slider's range; 0 has no place on a log scale, and is drawn apart."""
    low = next(stop for stop in limits.stops if stop > 0) if limits.scale == LOG else limits.low
    return SearchRange(low, limits.high, limits.scale, limits.scale == LOG and limits.low == 0)


SEARCH_RANGES = {name: make_search_range(known.range) for name, known in HYPERPARAMETERS.items() if known.is_tuned}
TUNED_LEVELS = ("value", "peak", "start", "then")  # of the schedule of a learning rate, the one that is tuned


class OptimizerSpec(NamedTuple):
    """An optimizer and its wrapper; their tuned hyperparameters are at their defaults."""

    optimizer: Call
    wrapper: Call | None


class TunedParameter(NamedTuple):
    """A tuned hyperparameter of a run."""

    owner: str  # optimizer, lr (its schedule) or wrapper
    name: str
    limits: SearchRange

    @property
    def hyperparameter(self) -> str:
        return "lr" if self.owner == "lr" else self.name


def list_tuned_parameters(spec: OptimizerSpec) -> tuple[TunedParameter, ...]:
    """The tuned hyperparameters of optimizer and wrapper, and the height of a schedule of the learning rate."""
    found = []
    for name, value in spec.optimizer.arguments:
        if not isinstance(value, Call):
            found += [TunedParameter("optimizer", name, find_search_range(spec, name))] if name in SEARCH_RANGES else []
        elif name == "lr":
            level = next((level for level in TUNED_LEVELS if level in dict(value.arguments)), None)
            found += [TunedParameter("lr", level, SEARCH_RANGES["lr"])] if level else []
    for name, _ in spec.wrapper.arguments if spec.wrapper else ():
        found += [TunedParameter("wrapper", name, SEARCH_RANGES[name])] if name in SEARCH_RANGES else []
    return tuple(found)


def find_search_range(spec: OptimizerSpec, name: str) -> SearchRange:
    by_nature = name == "lr" and not can_share_lr(spec)
    return SearchRange(*UNIT_LR_RANGE, LOG) if by_nature else SEARCH_RANGES[name]


def can_share_lr(spec: OptimizerSpec) -> bool:
    """Whether its learning rate compares with those of others: whether it is not 1 by nature, as Newton's is."""
    lr = inspect_parameters(OPTIMIZERS[spec.optimizer.name]).get("lr")
    return lr is not None and lr.default != 1


def with_values(spec: OptimizerSpec, parameters: tuple[TunedParameter, ...], values: Any) -> OptimizerSpec:
    """The run with these values of its parameters: numbers, or arrays with one number per lane."""
    one, around = spec
    for part, value in zip(parameters, values, strict=True):
        given = int(value) if part.limits.scale == INTEGER else value if np.ndim(value) else float(value)
        if part.owner == "optimizer":
            one = one.with_argument(part.name, given)
        elif part.owner == "lr":
            one = one.with_argument("lr", one["lr"].with_argument(part.name, given))
        elif around:
            around = around.with_argument(part.name, given)
    return OptimizerSpec(one, around)


def get_value(spec: OptimizerSpec, parameter: TunedParameter) -> float:
    """The present value of a parameter."""
    holder = {"optimizer": spec.optimizer, "wrapper": spec.wrapper}.get(parameter.owner) or spec.optimizer["lr"]
    return float(holder[parameter.name])


def with_defaults(spec: OptimizerSpec) -> OptimizerSpec:
    """The run with its tuned parameters at their defaults, so that runs that differ in nothing else are equal."""
    parts = list_tuned_parameters(spec)
    return with_values(spec, parts, list_defaults(spec, parts))


def list_defaults(spec: OptimizerSpec, parameters: tuple[TunedParameter, ...]) -> list[float]:
    """The default of each parameter; for the height of a schedule, the default of the scheduled parameter."""
    makers = {"optimizer": OPTIMIZERS[spec.optimizer.name], "lr": OPTIMIZERS[spec.optimizer.name]}
    makers |= {"wrapper": WRAPPERS[spec.wrapper.name]} if spec.wrapper else {}
    return [float(inspect_parameters(makers[part.owner])[part.hyperparameter].default) for part in parameters]


def with_shared_lr(spec: OptimizerSpec, rate: float) -> OptimizerSpec:
    """The run at a learning rate shared with others, its other tuned parameters at their defaults."""
    plain = with_defaults(spec)
    parts = (
        tuple(part for part in list_tuned_parameters(plain) if part.hyperparameter == "lr")
        if can_share_lr(plain)
        else ()
    )
    return with_values(plain, parts, [rate] * len(parts))


def get_shared_lr(spec: OptimizerSpec) -> float | None:
    """The learning rate, or the height of its schedule, of a run that can share it with others; else None."""
    rates = (
        [get_value(spec, part) for part in list_tuned_parameters(spec) if part.hyperparameter == "lr"]
        if can_share_lr(spec)
        else []
    )
    return rates[0] if rates else None


def has_uniform_cost(spec: OptimizerSpec) -> bool:
    """Whether every lane costs the same evaluations per step, as in all methods without curvature."""
    return any(map(is_hyper, inspect_parameters(OPTIMIZERS[spec.optimizer.name]).values()))


def can_batch_trials(spec: OptimizerSpec, parameters: tuple[TunedParameter, ...]) -> bool:
    """Whether trials can be lanes of one batch: each tuned parameter must accept one value per lane."""
    takes = {
        name for name, parameter in inspect_parameters(OPTIMIZERS[spec.optimizer.name]).items() if is_hyper(parameter)
    }
    around = inspect_parameters(WRAPPERS[spec.wrapper.name]) if spec.wrapper else {}
    takes_around = {name for name, parameter in around.items() if is_hyper(parameter)}
    known = {"optimizer": takes, "wrapper": takes_around, "lr": set()}
    scheduled = any(isinstance(value, Call) for _, value in spec.optimizer.arguments)
    return has_uniform_cost(spec) and not scheduled and all(part.name in known[part.owner] for part in parameters)


def is_hyper(parameter: Any) -> bool:
    return bool(parameter.annotation == Hyperparameter)
