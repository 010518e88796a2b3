"""Surfaces and optimizers that can be compiled, and numbers at the edges of arithmetic."""

import numpy as np

from optimizers.compiler.llvm_codegen import (
    MAX_NUMERATOR,
    MIN_NUMERATOR,
)

COMPILABLE_SURFACES = [  # surfaces of sums, products, quotients, roots, absolute values and choices alone
    "ravine", "bowl", "rosenbrock", "beale", "himmelblau", "saddle", "long_valley", "beale_corner", "saddle_ridge",
    "double_well", "monkey_saddle", "three_hump_camel", "six_hump_camel", "plateau", "absolute", "hinge", "relu_valley",
    "bukin6", "booth", "matyas", "goldstein_price", "styblinski_tang", "freudenstein_roth", "brown_badly_scaled",
]  # fmt: skip

EDGE_VALUES = np.array(
    [
        0.0,
        1.0,
        3.0,
        5e-324,
        2.2e-308,
        1e-300,
        MIN_NUMERATOR,
        np.nextafter(MIN_NUMERATOR, 0),
        MAX_NUMERATOR,
        np.nextafter(MAX_NUMERATOR, np.inf),
        1e300,
        1.7e308,
        np.inf,
        np.nan,
    ]
)
