"""When each optimizer comes to rest on Himmelblau's function."""

# Rates at which a run from Himmelblau's own start comes to rest: memories that are sums of the past, each part of it
# fading by the same share, come to rest too, 350 steps after the last move where the share is 0.9.
RESTING = {"sgd": 0.0016, "momentum": 0.0003, "nesterov": 0.0005, "nesterov_lookahead": 0.0005, "adagrad": 0.25}

FITTED = ("newton", "bfgs", "lbfgs", "trust_region", "nonlinear_cg", "scipy_lbfgsb")

# These are not still even at the minimum itself: they decay x, count the product of their momenta, or add up their eps.
RESTLESS = {"adamw", "nadam", "adabelief"}
