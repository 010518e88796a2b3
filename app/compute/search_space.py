"""What of a run is tuned, and in which ranges; the run with other values for it."""

from typing import Any, NamedTuple

import numpy as np

from app.model.hyperparameter_ranges import KNOBS
from app.model.scene import Call, arguments
from optimizers.analysis.random_search import EVEN, LOG, NEAR_ONE, WHOLE, Range
from optimizers.base import Hyper
from optimizers.catalogue import OPTIMIZERS, WRAPPERS

FITTED = (0.1, 10.0)  # the range of a learning rate that is 1 by nature, as Newton's

SCALES = {
    LOG: ("lr", "weight_decay", "momentum_decay", "damping", "radius", "size", "norm"),
    NEAR_ONE: ("mu", "beta1", "beta2", "decay_rate", "rho", "decay"),
    EVEN: ("shrink", "grow", "accept", "gtol", "alpha", "factor"),
    WHOLE: ("memory", "k"),
}  # what else there is (eps, tolerances, bounds, patience) guards against accidents, and stays as it is


def tunable(name: str, scale: str) -> Range:
    """The range of the argument's slider."""
    limits = KNOBS[name]
    positive = [stop for stop in limits.stops if stop > 0]
    return Range(positive[0], limits.high, scale, limits.low == 0) if scale == LOG else Range(*limits[1:3], scale)


RANGES = {name: tunable(name, scale) for scale, names in SCALES.items() for name in names}
LEVEL = ("value", "peak", "start", "then")  # of the schedule of a learning rate, the one that is tuned


class Racer(NamedTuple):
    """An optimizer and what is around it; what is tuned of them is at its default."""

    optimizer: Call
    wrapper: Call | None


class Part(NamedTuple):
    """A number of a racer that is tuned."""

    of: str  # optimizer, lr (its schedule) or wrapper
    name: str
    limits: Range

    @property
    def called(self) -> str:
        return "lr" if self.of == "lr" else self.name


def tuned_parts(racer: Racer) -> tuple[Part, ...]:
    """What of a racer is tuned: its numbers, the height of the schedule of its rate, its wrapper's numbers."""
    found = []
    for name, value in racer.optimizer.hyper:
        if not isinstance(value, Call):
            found += [Part("optimizer", name, limits(racer, name))] if name in RANGES else []
        elif name == "lr":
            level = next((level for level in LEVEL if level in dict(value.hyper)), None)
            found += [Part("lr", level, RANGES["lr"])] if level else []
    for name, _ in racer.wrapper.hyper if racer.wrapper else ():
        found += [Part("wrapper", name, RANGES[name])] if name in RANGES else []
    return tuple(found)


def limits(racer: Racer, name: str) -> Range:
    by_nature = name == "lr" and not shares(racer)
    return Range(*FITTED, LOG) if by_nature else RANGES[name]


def shares(racer: Racer) -> bool:
    """Has it a learning rate like that of others: one that is not 1 by nature?"""
    lr = arguments(OPTIMIZERS[racer.optimizer.word]).get("lr")
    return lr is not None and lr.default != 1


def with_values(racer: Racer, parts: tuple[Part, ...], values: Any) -> Racer:
    """The racer with these values for its parts: numbers, or arrays with one for each lane."""
    one, around = racer
    for part, value in zip(parts, values, strict=True):
        given = int(value) if part.limits.scale == WHOLE else value if np.ndim(value) else float(value)
        if part.of == "optimizer":
            one = one.set(part.name, given)
        elif part.of == "lr":
            one = one.set("lr", one["lr"].set(part.name, given))
        elif around:
            around = around.set(part.name, given)
    return Racer(one, around)


def value_of(racer: Racer, part: Part) -> float:
    """What it is set to."""
    holder = {"optimizer": racer.optimizer, "wrapper": racer.wrapper}.get(part.of) or racer.optimizer["lr"]
    return float(holder[part.name])


def at_defaults(racer: Racer) -> Racer:
    """The racer with what is tuned of it at its defaults: so runs that differ in nothing else are one."""
    parts = tuned_parts(racer)
    return with_values(racer, parts, defaults(racer, parts))


def defaults(racer: Racer, parts: tuple[Part, ...]) -> list[float]:
    """The default of each part; of the height of a schedule, that of what it schedules."""
    makers = {"optimizer": OPTIMIZERS[racer.optimizer.word], "lr": OPTIMIZERS[racer.optimizer.word]}
    makers |= {"wrapper": WRAPPERS[racer.wrapper.word]} if racer.wrapper else {}
    return [float(arguments(makers[part.of])[part.called].default) for part in parts]


def at_rate(racer: Racer, rate: float) -> Racer:
    """The racer at a learning rate that others have too, all else at its defaults."""
    plain = at_defaults(racer)
    parts = tuple(part for part in tuned_parts(plain) if part.called == "lr") if shares(plain) else ()
    return with_values(plain, parts, [rate] * len(parts))


def rate_of(racer: Racer) -> float | None:
    """The learning rate, or the height of its schedule, of a racer that shares it with others."""
    rates = [value_of(racer, part) for part in tuned_parts(racer) if part.called == "lr"] if shares(racer) else []
    return rates[0] if rates else None


def even(racer: Racer) -> bool:
    """Does every lane ask as much as another in a step? So do all that take no curvature into account."""
    return any(map(is_hyper, arguments(OPTIMIZERS[racer.optimizer.word]).values()))


def side_by_side(racer: Racer, parts: tuple[Part, ...]) -> bool:
    """May trials be lanes of one batch? Where each number that is tuned may be another in each lane."""
    takes = {name for name, parameter in arguments(OPTIMIZERS[racer.optimizer.word]).items() if is_hyper(parameter)}
    around = arguments(WRAPPERS[racer.wrapper.word]) if racer.wrapper else {}
    takes_around = {name for name, parameter in around.items() if is_hyper(parameter)}
    known = {"optimizer": takes, "wrapper": takes_around, "lr": set()}
    scheduled = any(isinstance(value, Call) for _, value in racer.optimizer.hyper)
    return even(racer) and not scheduled and all(part.name in known[part.of] for part in parts)


def is_hyper(parameter: Any) -> bool:
    return bool(parameter.annotation == Hyper)
