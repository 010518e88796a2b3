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

    of: str  # optimizer, lr (its schedule) or wrapper
    name: str
    limits: SearchRange

    @property
    def called(self) -> str:
        return "lr" if self.of == "lr" else self.name


def list_tuned_parameters(racer: OptimizerSpec) -> tuple[TunedParameter, ...]:
    """The tuned hyperparameters of optimizer and wrapper, and the height of a schedule of the learning rate."""
    found = []
    for name, value in racer.optimizer.hyper:
        if not isinstance(value, Call):
            found += (
                [TunedParameter("optimizer", name, find_search_range(racer, name))] if name in SEARCH_RANGES else []
            )
        elif name == "lr":
            level = next((level for level in TUNED_LEVELS if level in dict(value.hyper)), None)
            found += [TunedParameter("lr", level, SEARCH_RANGES["lr"])] if level else []
    for name, _ in racer.wrapper.hyper if racer.wrapper else ():
        found += [TunedParameter("wrapper", name, SEARCH_RANGES[name])] if name in SEARCH_RANGES else []
    return tuple(found)


def find_search_range(racer: OptimizerSpec, name: str) -> SearchRange:
    by_nature = name == "lr" and not can_share_lr(racer)
    return SearchRange(*UNIT_LR_RANGE, LOG) if by_nature else SEARCH_RANGES[name]


def can_share_lr(racer: OptimizerSpec) -> bool:
    """Whether its learning rate compares with those of others: whether it is not 1 by nature, as Newton's is."""
    lr = inspect_parameters(OPTIMIZERS[racer.optimizer.word]).get("lr")
    return lr is not None and lr.default != 1


def with_values(racer: OptimizerSpec, parts: tuple[TunedParameter, ...], values: Any) -> OptimizerSpec:
    """The run with these values of its parameters: numbers, or arrays with one number per lane."""
    one, around = racer
    for part, value in zip(parts, values, strict=True):
        given = int(value) if part.limits.scale == INTEGER else value if np.ndim(value) else float(value)
        if part.of == "optimizer":
            one = one.set(part.name, given)
        elif part.of == "lr":
            one = one.set("lr", one["lr"].set(part.name, given))
        elif around:
            around = around.set(part.name, given)
    return OptimizerSpec(one, around)


def get_value(racer: OptimizerSpec, part: TunedParameter) -> float:
    """The present value of a parameter."""
    holder = {"optimizer": racer.optimizer, "wrapper": racer.wrapper}.get(part.of) or racer.optimizer["lr"]
    return float(holder[part.name])


def with_defaults(racer: OptimizerSpec) -> OptimizerSpec:
    """The run with its tuned parameters at their defaults, so that runs that differ in nothing else are equal."""
    parts = list_tuned_parameters(racer)
    return with_values(racer, parts, list_defaults(racer, parts))


def list_defaults(racer: OptimizerSpec, parts: tuple[TunedParameter, ...]) -> list[float]:
    """The default of each parameter; for the height of a schedule, the default of the scheduled parameter."""
    makers = {"optimizer": OPTIMIZERS[racer.optimizer.word], "lr": OPTIMIZERS[racer.optimizer.word]}
    makers |= {"wrapper": WRAPPERS[racer.wrapper.word]} if racer.wrapper else {}
    return [float(inspect_parameters(makers[part.of])[part.called].default) for part in parts]


def with_shared_lr(racer: OptimizerSpec, rate: float) -> OptimizerSpec:
    """The run at a learning rate shared with others, its other tuned parameters at their defaults."""
    plain = with_defaults(racer)
    parts = tuple(part for part in list_tuned_parameters(plain) if part.called == "lr") if can_share_lr(plain) else ()
    return with_values(plain, parts, [rate] * len(parts))


def get_shared_lr(racer: OptimizerSpec) -> float | None:
    """The learning rate, or the height of its schedule, of a run that can share it with others; else None."""
    rates = (
        [get_value(racer, part) for part in list_tuned_parameters(racer) if part.called == "lr"]
        if can_share_lr(racer)
        else []
    )
    return rates[0] if rates else None


def has_uniform_cost(racer: OptimizerSpec) -> bool:
    """Whether every lane costs the same evaluations per step, as in all methods without curvature."""
    return any(map(is_hyper, inspect_parameters(OPTIMIZERS[racer.optimizer.word]).values()))


def can_batch_trials(racer: OptimizerSpec, parts: tuple[TunedParameter, ...]) -> bool:
    """Whether trials can be lanes of one batch: each tuned parameter must accept one value per lane."""
    takes = {
        name for name, parameter in inspect_parameters(OPTIMIZERS[racer.optimizer.word]).items() if is_hyper(parameter)
    }
    around = inspect_parameters(WRAPPERS[racer.wrapper.word]) if racer.wrapper else {}
    takes_around = {name for name, parameter in around.items() if is_hyper(parameter)}
    known = {"optimizer": takes, "wrapper": takes_around, "lr": set()}
    scheduled = any(isinstance(value, Call) for _, value in racer.optimizer.hyper)
    return has_uniform_cost(racer) and not scheduled and all(part.name in known[part.of] for part in parts)


def is_hyper(parameter: Any) -> bool:
    return bool(parameter.annotation == Hyperparameter)
