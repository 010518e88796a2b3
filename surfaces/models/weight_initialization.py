"""First weights: normal draws whose variance depends on the width of the layers. Biases are 0."""

from collections.abc import Callable
from math import sqrt

import numpy as np

from surfaces.base import Array
from surfaces.models.parameter_blocks import ParameterLayout

INITIALIZATION_STREAM = 3  # keeps the draws apart from others with the same seed
TOO_SMALL = 1e-3
TOO_LARGE = 5.0

STANDARD_DEVIATIONS: dict[str, Callable[[int, int], float]] = {  # of a weight, by fan-in and fan-out
    "zero": lambda n_in, n_out: 0.0,
    "too_small": lambda n_in, n_out: TOO_SMALL,  # the scores of all classes are nearly equal
    "lecun": lambda n_in, n_out: sqrt(1 / n_in),  # LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, (16)
    "glorot": lambda n_in, n_out: sqrt(2 / (n_in + n_out)),  # Glorot & Bengio (2010), AISTATS, (12)
    "he": lambda n_in, n_out: sqrt(2 / n_in),  # He, Zhang, Ren & Sun (2015), arXiv:1502.01852, (10)
    "too_large": lambda n_in, n_out: TOO_LARGE * sqrt(1 / n_in),  # units saturate, losses are far above chance
}


def initialize_weights(layout: ParameterLayout, initialization: str, seed: int) -> Array:
    """A first point (d,): matrices (fan-in, fan-out) drawn with the standard deviation of that name, vectors 0.

    Each matrix has draws of its own, the same for every initialization up to their scale.
    """
    arrays = {}
    for k, (name, shape, _, _) in enumerate(layout.blocks):
        if len(shape) == 2:
            draws = np.random.default_rng((seed, k, INITIALIZATION_STREAM)).standard_normal(shape)
            arrays[name] = STANDARD_DEVIATIONS[initialization](*shape) * draws
        else:
            arrays[name] = np.zeros(shape)
    return layout.pack(arrays)
