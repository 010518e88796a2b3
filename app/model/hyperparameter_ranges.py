"""What a hyperparameter is called and which values it may take, by argument name."""

from math import isfinite
from typing import NamedTuple


class Knob(NamedTuple):
    """A range of numbers and the values that a slider stops at."""

    label: str
    low: float
    high: float
    stops: tuple[float, ...] = ()  # () for whole numbers: every one is a stop

    def admits(self, value: float) -> bool:
        return isfinite(value) and self.low <= value <= self.high

    def stops_with(self, value: float) -> tuple[float, ...]:
        """The stops, and `value` among them."""
        return self.stops if value in self.stops else tuple(sorted((*self.stops, value)))


# Renard's series R20: even on a log scale, 20 to a decade, and round.
R20 = (1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9)


def rounded(value: float) -> float:
    return float(f"{value:.3g}")


def decades(label: str, low: int, high: int, *, zero: bool = False, marks: tuple[float, ...] = R20) -> Knob:
    """From 10**low to 10**high, evenly on a log scale; and 0, where that means none."""
    powers = (rounded(mark * 10.0**power) for power in range(low, high) for mark in marks)
    stops = (*((0.0,) if zero else ()), *powers, rounded(10.0**high))
    return Knob(label, stops[0], stops[-1], stops)


def even(label: str, low: float, high: float, stop: float) -> Knob:
    count = round((high - low) / stop)
    stops = tuple(round(low + i * stop, 10) for i in range(count + 1))
    return Knob(label, low, high, stops)


def near_one(label: str) -> Knob:
    """From 0 to just below 1, finer the nearer to 1: what is forgotten in a step matters there, not what is kept."""
    tenths = tuple(i / 20 for i in range(18))
    hundredths = tuple(i / 100 for i in range(90, 99))
    thousandths = tuple(i / 1000 for i in range(990, 1000))
    return Knob(label, 0.0, 0.9999, (*tenths, *hundredths, *thousandths, 0.9995, 0.9999))


def whole(label: str, low: int, high: int) -> Knob:
    return Knob(label, low, high)


RATE = decades("lr", -6, 1)
TENTHS = (1.0, 2.0, 5.0)

KNOBS = {
    # optimizers
    "lr": RATE,
    "mu": near_one("μ"),
    "beta1": near_one("β₁"),
    "beta2": near_one("β₂"),
    "decay_rate": near_one("ρ"),
    "rho": near_one("ρ"),
    "eps": decades("ε", -16, 0, marks=(1.0,)),
    "weight_decay": decades("λ", -5, 0, zero=True),
    "momentum_decay": decades("ψ", -4, 0, zero=True),
    "shrink": even("shrink", 0.05, 0.95, 0.05),
    "grow": even("grow", 1.05, 2.0, 0.05),
    "smallest": decades("smallest", -9, 0, marks=TENTHS),
    "largest": decades("largest", -2, 3, marks=TENTHS),
    "damping": decades("damping", -6, 4, zero=True),
    "memory": whole("memory", 1, 30),
    "radius": decades("radius", -3, 3),
    "max_radius": decades("largest radius", -2, 8, marks=TENTHS),
    "accept": even("accept", 0.0, 0.24, 0.01),
    "gtol": even("c₂", 0.05, 0.45, 0.05),
    "tolerance": decades("tolerance", -14, -1, marks=(1.0,)),
    "size": decades("size", -3, 0),
    # wrappers
    "decay": near_one("decay"),
    "k": whole("k", 1, 50),
    "alpha": even("α", 0.05, 1.0, 0.05),
    "norm": decades("norm", -3, 3),
    "patience": whole("patience", 1, 200),
    "threshold": decades("threshold", -6, -1, zero=True, marks=TENTHS),
    # schedules
    "every": whole("every", 1, 1000),
    "rate": decades("rate", -5, 0, zero=True),
    "factor": even("factor", 0.05, 1.0, 0.05),
    "power": even("power", 0.5, 5.0, 0.25),
    "stretch": even("stretch", 1.0, 4.0, 0.25),
    "rise": even("rise", 0.05, 0.95, 0.05),
    "divide": decades("divide", 0, 3, marks=TENTHS),
    "divide_end": decades("divide at the end", 0, 6, marks=TENTHS),
    "steps": whole("steps", 1, 2000),
    "floor": decades("floor", -6, 0, zero=True),
    # surfaces
    "condition": decades("condition", 0, 4),
    "angle": even("angle", 0.0, 180.0, 5.0),
    "a": even("a", -2.0, 2.0, 0.1),
    "b": decades("b", 0, 3),
    "steepness": even("steepness", 0.5, 20.0, 0.5),
    "depth": even("depth", 0.25, 4.0, 0.25),
    "amplitude": even("amplitude", 0.0, 20.0, 0.5),
    "l2": decades("L₂", -4, 1, zero=True),
    "batch_size": whole("batch size", 0, 200),
    "seed": whole("seed", 0, 99),
    "start": whole("published start", 1, 2),
    # what is around a run
    "noise": decades("noise σ", -3, 2, zero=True),
}

LEVELS = {
    "value": "level",
    "start": "start",
    "end": "end",
    "peak": "peak",
    "low": "lowest",
    "floor": "floor",
    "then": "level",
}


def switch(name: str) -> str:
    """What an argument is called that is on or off."""
    return name.replace("_", " ").capitalize()


def knob(name: str) -> Knob:
    return KNOBS.get(name) or decades(name.replace("_", " "), -6, 3, zero=True)


def level(name: str, target: Knob) -> Knob:
    """A schedule's argument that is a value of what it schedules: the target's range, and 0 where it may end there."""
    zero = () if target.stops[0] <= 0 or name not in {"end", "floor"} else (0.0,)
    return Knob(LEVELS[name], min((*zero, target.low)), target.high, (*zero, *target.stops))
