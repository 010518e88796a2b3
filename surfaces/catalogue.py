"""Every surface by the word that names it in a link, in the order a visitor should meet them."""

from collections.abc import Callable
from typing import Any

from surfaces.datasets.nist import boxbod, danwood, misra1a, misra1b, misra1c, misra1d
from surfaces.datasets.regression import least_squares_line, linear_svm, logistic_regression, tanh_neuron
from surfaces.functions.bowls import booth, bowl, matyas, ravine
from surfaces.functions.kinks import absolute, bukin6, eggholder, hinge, relu_valley
from surfaces.functions.more_garbow_hillstrom import (
    brown_badly_scaled,
    freudenstein_roth,
    jennrich_sampson,
    powell_badly_scaled,
)
from surfaces.functions.multimodal import (
    ackley,
    branin,
    griewank,
    himmelblau,
    levy13,
    mccormick,
    rastrigin,
    schaffer2,
    styblinski_tang,
)
from surfaces.functions.plateaus import cliff, easom, plateau, two_wells
from surfaces.functions.radford import beale_corner, long_valley, saddle_ridge
from surfaces.functions.saddles import double_well, monkey_saddle, saddle, six_hump_camel, three_hump_camel
from surfaces.functions.valleys import beale, goldstein_price, rosenbrock

_MAKERS: tuple[Callable[..., Any], ...] = (
    ravine, bowl, rosenbrock, beale, himmelblau, saddle,
    long_valley, beale_corner, saddle_ridge,
    double_well, monkey_saddle, three_hump_camel, six_hump_camel,
    plateau, cliff, two_wells, easom,
    absolute, hinge, relu_valley, bukin6,
    booth, matyas, goldstein_price,
    rastrigin, ackley, styblinski_tang, mccormick, levy13, branin, griewank, schaffer2, eggholder,
    least_squares_line, logistic_regression, tanh_neuron, linear_svm,
    misra1a, misra1b, misra1c, misra1d, boxbod, danwood,
    freudenstein_roth, powell_badly_scaled, brown_badly_scaled, jennrich_sampson,
)  # fmt: skip

SURFACES: dict[str, Callable[..., Any]] = {make.__name__: make for make in _MAKERS}
