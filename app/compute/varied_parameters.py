"""The numbers of a run that a map can vary, its optimizer's, its schedules', its wrapper's; and their scales."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.compute.cached_simulation import build_schedule
from app.model.hyperparameter_ranges import ParameterRange, get_range
from app.model.scene import Call, Run, get_argument_range, inspect_parameters
from optimizers.analysis.hyperparameter_grid import combine_schedules
from optimizers.base import Hyperparameter, Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from optimizers.number_format import format_number
from optimizers.schedules import Schedule, scheduled
from surfaces.base import Array

MAX_AXIS_VALUES = 64  # values along an axis, but for whole numbers of which there are fewer
TICK_COUNT = 8

ParameterPath = tuple[str, ...]  # ("lr",), ("lr", "peak") of its schedule, or ("clipped", "norm") of the wrapper


class RunParameter(NamedTuple):
    """One number of a run that can be varied."""

    path: ParameterPath
    limits: ParameterRange
    value: float  # as it is in the run


class Tick(NamedTuple):
    position: float  # in columns (or rows)
    text: str


def list_parameters(run: Run) -> list[RunParameter]:
    """Every number of a run, in the order of its card."""
    found = []
    for name, value in run.optimizer.arguments:
        if isinstance(value, Call):
            known = inspect_parameters(SCHEDULES[value.name])
            for inner, number in value.arguments:
                found.append(
                    RunParameter(
                        (name, inner), get_argument_range(inner, known[inner].default, get_range(name)), number
                    )
                )
        elif not isinstance(value, bool):
            found.append(RunParameter((name,), get_range(name), value))
    if run.wrapper:
        found += [
            RunParameter((run.wrapper.name, name), get_range(name), value) for name, value in run.wrapper.arguments
        ]
    return found


def with_value(run: Run, path: ParameterPath, value: float) -> Run:
    """The run with this number in that place."""
    *outer, name = path
    if not outer:
        return run._replace(optimizer=run.optimizer.with_argument(name, cast_like(run.optimizer[name], value)))
    if run.wrapper and outer[0] == run.wrapper.name:
        return run._replace(wrapper=run.wrapper.with_argument(name, cast_like(run.wrapper[name], value)))
    inner = run.optimizer[outer[0]]
    return run._replace(
        optimizer=run.optimizer.with_argument(outer[0], inner.with_argument(name, cast_like(inner[name], value)))
    )


def cast_like(old: float, value: float) -> float:
    """A number of the same kind: whole where the old one is."""
    return int(value) if isinstance(old, int) else float(value)


# ---- scales


def make_axis_values(limits: ParameterRange) -> Array:
    """The values along an axis: the slider's own scale, evenly divided; many whole numbers by factors."""
    if not limits.stops:
        whole = np.arange(int(limits.low), int(limits.high) + 1)
        many = np.unique(np.round(np.geomspace(max(limits.low, 1), limits.high, MAX_AXIS_VALUES)))
        return (whole if whole.size <= MAX_AXIS_VALUES else many).astype(np.float64)
    stops = np.array(limits.stops)
    at = np.linspace(0, stops.size - 1, MAX_AXIS_VALUES)
    i = np.minimum(at.astype(np.intp), stops.size - 2)
    low, high, share = stops[i], stops[i + 1], at - i
    with np.errstate(all="ignore"):
        between = np.where(low > 0, low * (high / low) ** share, low + share * (high - low))
    return np.array([float(f"{value:.4g}") for value in between])


def find_axis_position(values: Array, value: float) -> float:
    """Where a value is along an axis, in columns."""
    return float(np.interp(value, values, np.arange(values.size)))


def choose_ticks(limits: ParameterRange, values: Array) -> list[Tick]:
    """The roundest of the slider's stops, evenly spread."""
    stops = np.array(limits.stops or values)
    at = np.linspace(0, values.size - 1, stops.size)
    reach = (values.size - 1) / (TICK_COUNT - 1) / 2
    chosen = set()
    for centre in np.linspace(0, values.size - 1, TICK_COUNT):
        near = np.flatnonzero(np.abs(at - centre) <= reach)
        if near.size:
            chosen.add(min(near, key=lambda i: (*roundness(stops[i], stops[-1] < 1), abs(at[i] - centre))))
    return [Tick(float(at[i]), format_number(stops[i], 4)) for i in sorted(chosen)]


def roundness(value: float, below_one: bool) -> tuple[int, bool]:
    """How many digits a number has, and whether it is no power of ten; near a limit of 1 that of what is missing."""
    mantissa = f"{1 - value if below_one and value >= 0.9 else value:.4e}".partition("e")[0]
    digits = mantissa.replace(".", "").rstrip("0")
    return len(digits), digits not in ("1", "")


# ---- many runs as the lanes of one optimizer


def can_vary_by_lane(run: Run, path: ParameterPath) -> bool:
    """May this number be an array, with one for each lane? A schedule's may: it is asked once for each."""
    *outer, name = path
    if outer and not (run.wrapper and outer[0] == run.wrapper.name):
        return True
    racer = run.optimizer.name
    if not outer or not run.wrapper:
        return name in TRAITS[racer].array_arguments or accepts_lanes(OPTIMIZERS[racer], name)
    return accepts_lanes(WRAPPERS[run.wrapper.name], name)


def accepts_lanes(make: Callable[..., Optimizer], name: str) -> bool:
    known = inspect_parameters(make)
    return name in known and known[name].annotation == Hyperparameter


def build_varied_optimizer(run: Run, values: Mapping[ParameterPath, Any]) -> Optimizer:
    """The optimizer of a run with these numbers, or arrays with one for each lane, in these places."""
    racer, wrapper = run.optimizer, run.wrapper
    hyper: dict[str, Any] = {}
    for name, value in racer.arguments:
        if isinstance(value, Call):
            inner = {path[1]: number for path, number in values.items() if path[0] == name and len(path) > 1}
            hyper[name] = build_varied_schedule(value, inner) if inner else build_schedule(value)
        else:
            hyper[name] = values.get((name,), value)
    make = OPTIMIZERS[racer.name]
    plain = scheduled(make, **hyper) if any(map(callable, hyper.values())) else make(**hyper)
    if not wrapper:
        return plain
    return WRAPPERS[wrapper.name](plain, **{n: values.get((wrapper.name, n), value) for n, value in wrapper.arguments})


def build_varied_schedule(call: Call, values: Mapping[str, Any]) -> Schedule:
    """The schedule of a call with these arguments; where they are arrays, one for each lane."""
    table = np.array(np.broadcast_arrays(*map(np.atleast_1d, values.values())), dtype=np.float64)
    each, which = np.unique(table, axis=1, return_inverse=True)
    schedules = []
    for numbers in each.T:
        own = call
        for name, number in zip(values, numbers, strict=True):
            own = own.with_argument(name, cast_like(call[name], number))
        schedules.append(build_schedule(own))
    lanes: NDArray[np.intp] = np.asarray(which).ravel()
    return combine_schedules(schedules, lanes) if any(map(np.ndim, values.values())) else schedules[0]
