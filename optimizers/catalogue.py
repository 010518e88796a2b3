"""The words of a scene: which optimizers, schedules and wrappers there are."""

from collections.abc import Callable

from optimizers.base import Optimizer
from optimizers.iterate_averaging import ema, lookahead, polyak
from optimizers.methods.adam_variants import adamw, nadam, radam
from optimizers.methods.adaptive import adadelta, adagrad, adam, rmsprop
from optimizers.methods.conjugate_gradient import nonlinear_cg
from optimizers.methods.momentum import momentum, momentum_subtracted, nesterov, nesterov_lookahead, sgd
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.scipy_minimizers import scipy_lbfgsb, scipy_newton_cg, scipy_trust_exact
from optimizers.methods.second_moment_variants import adabelief, adamax, amsgrad, yogi
from optimizers.methods.second_order import bfgs, lbfgs, newton, trust_region
from optimizers.methods.sign_methods import lion, rprop
from optimizers.schedules import (
    Schedule,
    constant,
    cosine,
    cosine_restarts,
    exponential,
    inverse_sqrt,
    inverse_time,
    linear,
    one_cycle,
    polynomial,
    step_decay,
    triangular,
    warmup,
)
from optimizers.wrappers import clipped, reduce_on_plateau, weight_decayed

Maker = Callable[..., Optimizer]

OPTIMIZERS: dict[str, Maker] = {
    make.__name__: make
    for make in (
        *(sgd, momentum, momentum_subtracted, nesterov, nesterov_lookahead),
        *(adagrad, rmsprop, adadelta, adam),
        *(adamw, adamax, nadam, amsgrad, radam, adabelief, yogi),
        *(lion, rprop),
        *(newton, bfgs, lbfgs, trust_region, nonlinear_cg, nelder_mead),
        *(scipy_lbfgsb, scipy_newton_cg, scipy_trust_exact),
    )
}

SCHEDULES: dict[str, Callable[..., Schedule]] = {
    make.__name__: make
    for make in (
        *(constant, linear, polynomial, step_decay, exponential, inverse_time, inverse_sqrt),
        *(cosine, cosine_restarts, warmup, one_cycle, triangular),
    )
}

WRAPPERS: dict[str, Maker] = {  # their first argument is an optimizer
    make.__name__: make for make in (polyak, ema, lookahead, clipped, weight_decayed, reduce_on_plateau)
}
