"""One table of all hyperparameters by argument name: label, range, symbol in text and LaTeX, and tuned or not."""

from math import isfinite
from typing import NamedTuple, Self

from optimizers.analysis.random_search import INTEGER, LINEAR, LOG, NEAR_ONE


class ParameterRange(NamedTuple):
    """A range of numbers, the values that a slider stops at, and the scale on which they are evenly spread."""

    label: str
    low: float
    high: float
    stops: tuple[float, ...] = ()  # () if every whole number is a stop
    scale: str = INTEGER

    def contains(self, value: float) -> bool:
        return isfinite(value) and self.low <= value <= self.high

    def with_limits(self, low: float, high: float) -> Self:
        """The part of the range from `low` to `high`, with its stops there."""
        return self._replace(low=low, high=high, stops=tuple(stop for stop in self.stops if low <= stop <= high))

    def stops_including(self, *values: float) -> tuple[float, ...]:
        """The stops of the slider, with those of the `values` added that are none of them."""
        return self.stops if {*values} <= {*self.stops} else tuple(sorted({*self.stops, *values}))


# Renard's series R20: 20 round numbers per decade, evenly spaced on a log scale.
RENARD_R20 = (1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9)


def round_to_3_digits(value: float) -> float:
    return float(f"{value:.3g}")


def log_range(
    label: str, low: int, high: int, *, with_zero: bool = False, mantissas: tuple[float, ...] = RENARD_R20
) -> ParameterRange:
    """From 10**low to 10**high, evenly on a log scale, and optionally 0."""
    powers = (round_to_3_digits(mantissa * 10.0**power) for power in range(low, high) for mantissa in mantissas)
    stops = (*((0.0,) if with_zero else ()), *powers, round_to_3_digits(10.0**high))
    return ParameterRange(label, stops[0], stops[-1], stops, LOG)


def linear_range(label: str, low: float, high: float, step: float) -> ParameterRange:
    count = round((high - low) / step)
    stops = tuple(round(low + i * step, 10) for i in range(count + 1))
    return ParameterRange(label, low, high, stops, LINEAR)


def near_one_range(label: str) -> ParameterRange:
    """From 0 to just below 1, finer near 1, since the effect depends on the distance from 1."""
    twentieths = tuple(i / 20 for i in range(18))
    hundredths = tuple(i / 100 for i in range(90, 99))
    thousandths = tuple(i / 1000 for i in range(990, 1000))
    return ParameterRange(label, 0.0, 0.9999, (*twentieths, *hundredths, *thousandths, 0.9995, 0.9999), NEAR_ONE)


def integer_range(label: str, low: int, high: int) -> ParameterRange:
    return ParameterRange(label, low, high)


LR_RANGE = log_range("lr", -6, 1)
ONE_TWO_FIVE = (1.0, 2.0, 5.0)


class ParameterFacts(NamedTuple):
    """The facts about all hyperparameters of one name; their defaults are in the makers' signatures."""

    range: ParameterRange
    symbol: str = ""  # in plain text; "" if the formulas have none
    latex: tuple[str, str] | None = None  # symbol and subscript; None: written as a word
    is_tuned: bool = False  # eps, tolerances, bounds and patience are not: they are safeguards


HYPERPARAMETERS = {
    # optimizers
    "lr": ParameterFacts(LR_RANGE, "α", (r"\alpha", ""), is_tuned=True),
    "mu": ParameterFacts(near_one_range("μ"), "μ", (r"\mu", ""), is_tuned=True),
    "beta1": ParameterFacts(near_one_range("β₁"), "β₁", (r"\beta", "1"), is_tuned=True),
    "beta2": ParameterFacts(near_one_range("β₂"), "β₂", (r"\beta", "2"), is_tuned=True),
    "decay_rate": ParameterFacts(near_one_range("ρ"), "ρ", (r"\rho", ""), is_tuned=True),
    "rho": ParameterFacts(near_one_range("ρ"), "ρ", (r"\rho", ""), is_tuned=True),
    "eps": ParameterFacts(log_range("ε", -16, 0, mantissas=(1.0,)), "ε", (r"\epsilon", "")),
    "weight_decay": ParameterFacts(log_range("λ", -5, 0, with_zero=True), "λ", (r"\lambda", ""), is_tuned=True),
    "momentum_decay": ParameterFacts(log_range("ψ", -4, 0, with_zero=True), "ψ", (r"\psi", ""), is_tuned=True),
    "shrink": ParameterFacts(linear_range("shrink", 0.05, 0.95, 0.05), "", (r"\eta^{-}", ""), is_tuned=True),
    "grow": ParameterFacts(linear_range("grow", 1.05, 2.0, 0.05), "", (r"\eta^{+}", ""), is_tuned=True),
    "smallest": ParameterFacts(log_range("smallest", -9, 0, mantissas=ONE_TWO_FIVE), "", (r"\Delta", r"\min")),
    "largest": ParameterFacts(log_range("largest", -2, 3, mantissas=ONE_TWO_FIVE), "", (r"\Delta", r"\max")),
    "damping": ParameterFacts(log_range("damping", -6, 4, with_zero=True), "", (r"\delta", ""), is_tuned=True),
    "memory": ParameterFacts(integer_range("memory", 1, 30), is_tuned=True),
    "radius": ParameterFacts(log_range("radius", -3, 3), "", (r"\Delta", ""), is_tuned=True),
    "max_radius": ParameterFacts(log_range("largest radius", -2, 8, mantissas=ONE_TWO_FIVE), "", (r"\Delta", r"\max")),
    "accept": ParameterFacts(linear_range("accept", 0.0, 0.24, 0.01), is_tuned=True),
    "gtol": ParameterFacts(linear_range("c₂", 0.05, 0.45, 0.05), "c₂", ("c", "2"), is_tuned=True),
    "tolerance": ParameterFacts(log_range("tolerance", -14, -1, mantissas=(1.0,))),
    "size": ParameterFacts(log_range("size", -3, 0), is_tuned=True),
    # wrappers
    "decay": ParameterFacts(near_one_range("decay"), "", ("d", ""), is_tuned=True),
    "k": ParameterFacts(integer_range("k", 1, 50), is_tuned=True),
    "alpha": ParameterFacts(linear_range("α", 0.05, 1.0, 0.05), "", (r"\alpha", ""), is_tuned=True),
    "norm": ParameterFacts(log_range("norm", -3, 3), "", ("c", ""), is_tuned=True),
    "patience": ParameterFacts(integer_range("patience", 1, 200)),
    "threshold": ParameterFacts(
        log_range("threshold", -6, -1, with_zero=True, mantissas=ONE_TWO_FIVE), "", (r"\theta", "")
    ),
    # schedules
    "every": ParameterFacts(integer_range("every", 1, 1000)),
    "rate": ParameterFacts(log_range("rate", -5, 0, with_zero=True), "", (r"\lambda", "")),
    "factor": ParameterFacts(linear_range("factor", 0.05, 1.0, 0.05), "", (r"\gamma", ""), is_tuned=True),
    "power": ParameterFacts(linear_range("power", 0.5, 5.0, 0.25)),
    "stretch": ParameterFacts(linear_range("stretch", 1.0, 4.0, 0.25)),
    "rise": ParameterFacts(linear_range("rise", 0.05, 0.95, 0.05)),
    "divide": ParameterFacts(log_range("divide", 0, 3, mantissas=ONE_TWO_FIVE)),
    "divide_end": ParameterFacts(log_range("divide at the end", 0, 6, mantissas=ONE_TWO_FIVE)),
    "steps": ParameterFacts(integer_range("steps", 1, 2000)),
    "floor": ParameterFacts(log_range("floor", -6, 0, with_zero=True), "", ("s", r"\min")),
    # surfaces
    "condition": ParameterFacts(log_range("condition", 0, 4)),
    "angle": ParameterFacts(linear_range("angle", 0.0, 180.0, 5.0)),
    "a": ParameterFacts(linear_range("a", -2.0, 2.0, 0.1)),
    "b": ParameterFacts(log_range("b", 0, 3)),
    "steepness": ParameterFacts(linear_range("steepness", 0.5, 20.0, 0.5)),
    "depth": ParameterFacts(linear_range("depth", 0.25, 4.0, 0.25)),
    "amplitude": ParameterFacts(linear_range("amplitude", 0.0, 20.0, 0.5)),
    "l2": ParameterFacts(log_range("L₂", -4, 1, with_zero=True)),
    "batch_size": ParameterFacts(integer_range("batch size", 0, 200)),
    "seed": ParameterFacts(integer_range("seed", 0, 99)),
    "start": ParameterFacts(integer_range("published start", 1, 2)),
    # gradient noise
    "noise": ParameterFacts(log_range("noise σ", -3, 2, with_zero=True)),
}

LEVEL_LABELS = {
    "value": "level", "start": "start", "end": "end", "peak": "peak", "low": "lowest", "floor": "floor",
    "then": "level",
}  # fmt: skip


def make_switch_label(name: str) -> str:
    """The label of a boolean argument."""
    return name.replace("_", " ").capitalize()


def get_range(name: str) -> ParameterRange:
    """The range of an argument; a wide one if it is not in the table."""
    facts = HYPERPARAMETERS.get(name)
    return facts.range if facts else log_range(name.replace("_", " "), -6, 3, with_zero=True)


def get_level_range(name: str, scheduled: ParameterRange) -> ParameterRange:
    """The range of a schedule's level: that of the scheduled hyperparameter; 0 too if the schedule may end there."""
    zero = () if scheduled.stops[0] <= 0 or name not in {"end", "floor"} else (0.0,)
    return ParameterRange(
        LEVEL_LABELS[name], min((*zero, scheduled.low)), scheduled.high, (*zero, *scheduled.stops), scheduled.scale
    )
