"""How large a learning rate may be near a minimum, where theory knows it."""

from collections.abc import Callable
from typing import NamedTuple

from optimizers.catalogue import by_quadratic_theory


class StabilityLimit(NamedTuple):
    formula: str  # as it is shown, λ the largest curvature
    times_curvature: Callable[[float], float]  # mu -> largest stable lr x λ


# Each from the characteristic polynomial of the linear iteration on a quadratic of curvature λ: α = lr is
# too large when a root leaves the unit circle, which for α > 0 and 0 <= μ < 1 first happens at z = -1.
STABILITY_LIMITS = by_quadratic_theory(
    {
        "gradient descent": StabilityLimit("2/λ", lambda mu: 2.0),  # z - (1 - αλ)
        "heavy ball": StabilityLimit("2(1+μ)/λ", lambda mu: 2 * (1 + mu)),  # z² - (1 + μ - αλ)z + μ; Polyak (1964)
        "nesterov": StabilityLimit(  # z² - (1+μ)(1-αλ)z + μ(1-αλ)
            "2(1+μ)/((1+2μ)λ)", lambda mu: 2 * (1 + mu) / (1 + 2 * mu)
        ),
    }
)


def largest_stable_lr(word: str, curvature: float, mu: float = 0.0) -> float | None:
    """The lr beyond which the optimizer `word` diverges on a quadratic of largest curvature `curvature`.

    None where no limit is known or the curvature is not positive.
    """
    if word not in STABILITY_LIMITS or not curvature > 0:
        return None
    return STABILITY_LIMITS[word].times_curvature(mu) / curvature
