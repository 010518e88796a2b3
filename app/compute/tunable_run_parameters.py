"""The numbers inside a run: where each stands, its range, how it is read and set, and whether it may differ by lane."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.cached_simulation import build_optimizer, build_schedule
from app.model.hyperparameter_table import HYPERPARAMETERS, ParameterRange, get_range
from app.model.scene import Call, Run, UserError, get_argument_range, inspect_parameters, schedule_call
from optimizers.analysis.hyperparameter_grid import combine_schedules
from optimizers.analysis.random_search import INTEGER, LOG, SearchRange
from optimizers.base import Hyperparameter, Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from optimizers.schedules import Schedule

ParameterPath = tuple[str, ...]  # ("lr",), ("lr", "peak") of its schedule, or ("clipped", "norm") of the wrapper


def make_search_range(limits: ParameterRange) -> SearchRange:
    """A slider's range; 0 has no place on a log scale, and is drawn apart."""
    low = next(stop for stop in limits.stops if stop > 0) if limits.scale == LOG else limits.low
    return SearchRange(low, limits.high, limits.scale, limits.scale == LOG and limits.low == 0)


SEARCH_RANGES = {name: make_search_range(known.range) for name, known in HYPERPARAMETERS.items() if known.is_tuned}
UNIT_LR_RANGE = SearchRange(0.1, 10.0, LOG)  # of a learning rate that is 1 by nature, as Newton's
MAIN_LEVELS = ("value", "start", "peak", "then")  # arguments of schedules: each schedule has one of them
NO_SCHEDULE = "constant"  # the schedule that is written as a number


class RunParameter(NamedTuple):
    """One number of a run: where it stands, and the values that it may have."""

    path: ParameterPath
    limits: ParameterRange
    search_range: SearchRange | None  # None: it is not tuned

    @property
    def belongs_to_wrapper(self) -> bool:
        return self.path[0] in WRAPPERS

    @property
    def belongs_to_schedule(self) -> bool:
        return len(self.path) > 1 and not self.belongs_to_wrapper

    @property
    def hyperparameter(self) -> str:
        """The argument of the optimizer or wrapper that it is, or that its schedule sets."""
        return self.path[1] if self.belongs_to_wrapper else self.path[0]

    def find_maker(self, run: Run) -> Callable[..., Any]:
        """The optimizer or wrapper that `hyperparameter` is an argument of."""
        return WRAPPERS[self.path[0]] if self.belongs_to_wrapper else OPTIMIZERS[run.optimizer.name]

    def get_value(self, run: Run) -> float:
        holder: Any = run.wrapper if self.belongs_to_wrapper else run.optimizer
        value = holder[self.hyperparameter]
        return float(value[self.path[1]] if self.belongs_to_schedule else value)

    def with_value(self, run: Run, value: Any) -> Run:
        """The run with this number in that place, or with an array that has one for each lane."""
        given = value if np.ndim(value) else int(value) if self.limits.scale == INTEGER else float(value)
        if self.belongs_to_wrapper:
            return run._replace(wrapper=run.wrapper and run.wrapper.with_argument(self.path[1], given))
        if self.belongs_to_schedule:
            given = run.optimizer[self.path[0]].with_argument(self.path[1], given)
        return run._replace(optimizer=run.optimizer.with_argument(self.path[0], given))


def list_parameters(run: Run) -> list[RunParameter]:
    """Every number of a run, in the order of its card."""
    found = []
    for name, value in run.optimizer.arguments:
        search_range = UNIT_LR_RANGE if name == "lr" and not can_share_lr(run) else SEARCH_RANGES.get(name)
        if isinstance(value, Call):
            tuned = find_main_level(value) if name == "lr" else None
            for inner, parameter in inspect_parameters(SCHEDULES[value.name]).items():
                limits = get_argument_range(inner, parameter.default, get_range(name))
                found.append(RunParameter((name, inner), limits, SEARCH_RANGES["lr"] if inner == tuned else None))
        elif not isinstance(value, bool):
            found.append(RunParameter((name,), get_range(name), search_range))
    for name, _ in run.wrapper.arguments if run.wrapper else ():
        found.append(RunParameter((run.wrapper.name, name), get_range(name), SEARCH_RANGES.get(name)))
    return found


def list_tuned_parameters(run: Run) -> list[RunParameter]:
    """The tuned hyperparameters of optimizer and wrapper, and the main level of a schedule of the learning rate."""
    return [parameter for parameter in list_parameters(run) if parameter.search_range]


def list_defaults(run: Run, parameters: Sequence[RunParameter]) -> list[float]:
    """The default of each parameter; for the main level of a schedule, the default of the scheduled parameter."""
    return [float(inspect_parameters(one.find_maker(run))[one.hyperparameter].default) for one in parameters]


def with_values(run: Run, parameters: Sequence[RunParameter], values: Any) -> Run:
    """The run with these values of its parameters: numbers, or arrays with one number per lane."""
    for parameter, value in zip(parameters, values, strict=True):
        run = parameter.with_value(run, value)
    return run


def with_defaults(run: Run) -> Run:
    """The run with its tuned parameters at their defaults, in slot 0: runs that differ in nothing else are equal."""
    parameters = list_tuned_parameters(run)
    return with_values(Run(0, run.optimizer, run.wrapper), parameters, list_defaults(run, parameters))


# ---- the learning rate


def find_main_level(schedule: Call) -> str:
    """The argument that stands for the schedule where one number is compared or replaced."""
    return next(name for name, _ in schedule.arguments if name in MAIN_LEVELS)


def put_on_schedule(optimizer: Call, name: str, schedule_name: str, steps: int) -> Call:
    """Put a hyperparameter on a schedule that starts (or peaks) at its level of now and lasts for all steps.

    Raises `UserError` if there is no such schedule.
    """
    level = get_main_level(optimizer[name])
    if schedule_name == NO_SCHEDULE:
        return optimizer.with_argument(name, level)
    if schedule_name not in SCHEDULES:
        raise UserError("There is no “{word}” here.", word=str(schedule_name)[:40])
    parameters = inspect_parameters(SCHEDULES[schedule_name])
    arguments: dict[str, Any] = {key: level for key in MAIN_LEVELS if key in parameters}
    if "steps" in parameters and parameters["steps"].default == 200:
        arguments["steps"] = min(steps, int(get_range("steps").high))
    if "low" in parameters:
        arguments["low"] = max(level / 10, get_range(name).low)
    if "end" in parameters:
        arguments["end"] = max(0.0, min(get_range(name).low, level))
    return optimizer.with_argument(name, schedule_call(schedule_name, get_range(name), **arguments))


def get_main_level(value: Call | float) -> float:
    """A hyperparameter as one number: of a schedule, the main level."""
    return float(value[find_main_level(value)] if isinstance(value, Call) else value)


def get_lr(optimizer: Call) -> float:
    return get_main_level(optimizer["lr"])


def can_share_lr(run: Run) -> bool:
    """Whether its learning rate compares with those of others: whether it is not 1 by nature, as Newton's is."""
    lr = inspect_parameters(OPTIMIZERS[run.optimizer.name]).get("lr")
    return lr is not None and lr.default != 1


def with_shared_lr(run: Run, rate: float) -> Run:
    """The run at a learning rate shared with others, its other tuned parameters at their defaults."""
    plain = with_defaults(run)._replace(slot=run.slot)
    rates = [one for one in list_tuned_parameters(plain) if one.hyperparameter == "lr" and can_share_lr(plain)]
    return with_values(plain, rates, [rate] * len(rates))


# ---- many runs as the lanes of one optimizer


def has_uniform_cost(run: Run) -> bool:
    """Whether every lane costs the same evaluations per step, as in all methods without curvature."""
    make = OPTIMIZERS[run.optimizer.name]
    return any(accepts_lanes(make, name) for name in inspect_parameters(make))


def can_batch_trials(run: Run, parameters: Sequence[RunParameter]) -> bool:
    """Whether trials can be lanes of one batch: each tuned parameter must accept one value per lane."""
    is_scheduled = any(isinstance(value, Call) for _, value in run.optimizer.arguments)
    lanes = all(accepts_lanes(one.find_maker(run), one.hyperparameter) for one in parameters)
    return lanes and has_uniform_cost(run) and not is_scheduled


def can_vary_by_lane(run: Run, parameter: RunParameter) -> bool:
    """May this number be an array, with one for each lane? A schedule's may: it is asked once for each."""
    name = parameter.hyperparameter
    in_arrays = not parameter.belongs_to_wrapper and name in TRAITS[run.optimizer.name].array_arguments
    return parameter.belongs_to_schedule or in_arrays or accepts_lanes(parameter.find_maker(run), name)


def accepts_lanes(make: Callable[..., Optimizer], name: str) -> bool:
    return bool(inspect_parameters(make)[name].annotation == Hyperparameter)


def build_varied_optimizer(run: Run, values: Mapping[RunParameter, Any]) -> Optimizer:
    """The optimizer of a run with these numbers, or arrays with one for each lane, in these places."""
    run = with_values(run, list(values), values.values())
    arguments = (
        (name, build_varied_schedule(value) if isinstance(value, Call) else value)
        for name, value in run.optimizer.arguments
    )
    return build_optimizer(Call(run.optimizer.name, tuple(arguments)), run.wrapper)


def build_varied_schedule(call: Call) -> Schedule:
    """The schedule of a call whose arguments may be arrays, with one number for each lane."""
    varied = {name: value for name, value in call.arguments if np.ndim(value)}
    if not varied:
        return build_schedule(call)
    each, lanes = np.unique(np.array(np.broadcast_arrays(*varied.values())), axis=1, return_inverse=True)
    known = inspect_parameters(SCHEDULES[call.name])
    schedules = []
    for numbers in each.T:
        own = dict(call.arguments) | {n: type(known[n].default)(v) for n, v in zip(varied, numbers, strict=True)}
        schedules.append(build_schedule(Call(call.name, tuple(own.items()))))
    which: NDArray[np.intp] = np.asarray(lanes).ravel()
    return combine_schedules(schedules, which)
