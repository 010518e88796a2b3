"""The label and the range of every hyperparameter, by argument name."""

from math import isfinite
from typing import NamedTuple


class ParameterRange(NamedTuple):
    """A range of numbers and the values that a slider stops at."""

    label: str
    low: float
    high: float
    stops: tuple[float, ...] = ()  # () for whole numbers: every one is a stop

    def admits(self, value: float) -> bool:
        return isfinite(value) and self.low <= value <= self.high

    def stops_with(self, value: float) -> tuple[float, ...]:
        """The stops of the slider, and `value` among them."""
        return self.stops if value in self.stops else tuple(sorted((*self.stops, value)))


# Renard's series R20: even on a log scale, 20 to a decade, and round.
RENARD_R20 = (1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9)


def round_to_3_digits(value: float) -> float:
    return float(f"{value:.3g}")


def log_range(
    label: str, low: int, high: int, *, zero: bool = False, marks: tuple[float, ...] = RENARD_R20
) -> ParameterRange:
    """From 10**low to 10**high, evenly on a log scale; and 0, where that means none."""
    powers = (round_to_3_digits(mark * 10.0**power) for power in range(low, high) for mark in marks)
    stops = (*((0.0,) if zero else ()), *powers, round_to_3_digits(10.0**high))
    return ParameterRange(label, stops[0], stops[-1], stops)


def linear_range(label: str, low: float, high: float, stop: float) -> ParameterRange:
    count = round((high - low) / stop)
    stops = tuple(round(low + i * stop, 10) for i in range(count + 1))
    return ParameterRange(label, low, high, stops)


def near_one_range(label: str) -> ParameterRange:
    """From 0 to just below 1, finer the nearer to 1: what is forgotten in a step matters there, not what is kept."""
    tenths = tuple(i / 20 for i in range(18))
    hundredths = tuple(i / 100 for i in range(90, 99))
    thousandths = tuple(i / 1000 for i in range(990, 1000))
    return ParameterRange(label, 0.0, 0.9999, (*tenths, *hundredths, *thousandths, 0.9995, 0.9999))


def integer_range(label: str, low: int, high: int) -> ParameterRange:
    return ParameterRange(label, low, high)


LR_RANGE = log_range("lr", -6, 1)
ONE_TWO_FIVE = (1.0, 2.0, 5.0)

PARAMETER_RANGES = {
    # optimizers
    "lr": LR_RANGE,
    "mu": near_one_range("μ"),
    "beta1": near_one_range("β₁"),
    "beta2": near_one_range("β₂"),
    "decay_rate": near_one_range("ρ"),
    "rho": near_one_range("ρ"),
    "eps": log_range("ε", -16, 0, marks=(1.0,)),
    "weight_decay": log_range("λ", -5, 0, zero=True),
    "momentum_decay": log_range("ψ", -4, 0, zero=True),
    "shrink": linear_range("shrink", 0.05, 0.95, 0.05),
    "grow": linear_range("grow", 1.05, 2.0, 0.05),
    "smallest": log_range("smallest", -9, 0, marks=ONE_TWO_FIVE),
    "largest": log_range("largest", -2, 3, marks=ONE_TWO_FIVE),
    "damping": log_range("damping", -6, 4, zero=True),
    "memory": integer_range("memory", 1, 30),
    "radius": log_range("radius", -3, 3),
    "max_radius": log_range("largest radius", -2, 8, marks=ONE_TWO_FIVE),
    "accept": linear_range("accept", 0.0, 0.24, 0.01),
    "gtol": linear_range("c₂", 0.05, 0.45, 0.05),
    "tolerance": log_range("tolerance", -14, -1, marks=(1.0,)),
    "size": log_range("size", -3, 0),
    # wrappers
    "decay": near_one_range("decay"),
    "k": integer_range("k", 1, 50),
    "alpha": linear_range("α", 0.05, 1.0, 0.05),
    "norm": log_range("norm", -3, 3),
    "patience": integer_range("patience", 1, 200),
    "threshold": log_range("threshold", -6, -1, zero=True, marks=ONE_TWO_FIVE),
    # schedules
    "every": integer_range("every", 1, 1000),
    "rate": log_range("rate", -5, 0, zero=True),
    "factor": linear_range("factor", 0.05, 1.0, 0.05),
    "power": linear_range("power", 0.5, 5.0, 0.25),
    "stretch": linear_range("stretch", 1.0, 4.0, 0.25),
    "rise": linear_range("rise", 0.05, 0.95, 0.05),
    "divide": log_range("divide", 0, 3, marks=ONE_TWO_FIVE),
    "divide_end": log_range("divide at the end", 0, 6, marks=ONE_TWO_FIVE),
    "steps": integer_range("steps", 1, 2000),
    "floor": log_range("floor", -6, 0, zero=True),
    # surfaces
    "condition": log_range("condition", 0, 4),
    "angle": linear_range("angle", 0.0, 180.0, 5.0),
    "a": linear_range("a", -2.0, 2.0, 0.1),
    "b": log_range("b", 0, 3),
    "steepness": linear_range("steepness", 0.5, 20.0, 0.5),
    "depth": linear_range("depth", 0.25, 4.0, 0.25),
    "amplitude": linear_range("amplitude", 0.0, 20.0, 0.5),
    "l2": log_range("L₂", -4, 1, zero=True),
    "batch_size": integer_range("batch size", 0, 200),
    "seed": integer_range("seed", 0, 99),
    "start": integer_range("published start", 1, 2),
    # what is around a run
    "noise": log_range("noise σ", -3, 2, zero=True),
}

LEVEL_LABELS = {
    "value": "level",
    "start": "start",
    "end": "end",
    "peak": "peak",
    "low": "lowest",
    "floor": "floor",
    "then": "level",
}


def make_switch_label(name: str) -> str:
    """The label of an argument that is on or off."""
    return name.replace("_", " ").capitalize()


def get_range(name: str) -> ParameterRange:
    return PARAMETER_RANGES.get(name) or log_range(name.replace("_", " "), -6, 3, zero=True)


def get_level_range(name: str, target: ParameterRange) -> ParameterRange:
    """The range of a schedule's level: that of the scheduled hyperparameter, and 0 if the schedule may end there."""
    zero = () if target.stops[0] <= 0 or name not in {"end", "floor"} else (0.0,)
    return ParameterRange(LEVEL_LABELS[name], min((*zero, target.low)), target.high, (*zero, *target.stops))
