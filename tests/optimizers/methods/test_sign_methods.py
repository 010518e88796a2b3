"""Rprop and Lion, whose steps have the length of no gradient."""

import numpy as np

from optimizers.methods.sign_methods import lion, rprop
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl


def test_rprop_grows_while_the_slope_keeps_its_sign_and_waits_where_it_turns():
    f = bowl(condition=1)
    x = trajectory(rprop(lr=0.1, shrink=0.5, grow=2.0, largest=0.3), f, (0.65, 0.65), 7).x[0]
    # 0.1, then 0.2, then 0.4 cut to 0.3; that jumps over 0: halved and waited; then back by that half, and on
    np.testing.assert_allclose(x, [0.65, 0.55, 0.35, 0.05, -0.25, -0.25, -0.10, 0.20], atol=1e-12)


def test_rprop_does_not_shrink_below_its_smallest_step():
    f = bowl(condition=1)
    path = trajectory(rprop(lr=0.1, smallest=0.05, largest=0.1), f, (0.03, 0.03), 60)
    assert min(state.lengths.min() for state in path.states) == 0.05


def test_lion_circles_a_minimum_at_the_distance_of_its_step():
    f = bowl(condition=1)
    far = np.abs(trajectory(lion(lr=0.01), f, (1.0, -1.0), 1000).x[:, -300:])
    assert 0.005 < far.max() < 0.2
