"""What sets the variants of Adam apart from it."""

import numpy as np
import pytest

from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.adam_variants import adamax, adamw, amsgrad, radam, yogi
from optimizers.simulate import trajectory
from surfaces.functions.bowls import bowl
from surfaces.functions.valleys import rosenbrock
from tests.support.even_slope import slope


@pytest.mark.parametrize("make", [adam, amsgrad, adamax, yogi])
def test_on_an_even_slope_a_corrected_adam_takes_equal_steps_from_the_first_one(make):
    """Both means of a constant are the constant, once corrected: any wrong power of beta shows, at every t."""
    path = trajectory(make(lr=0.25, eps=0), slope(4.0, -0.5), (0.0, 0.0), 40)
    if make is yogi:  # its v forgets too slowly to be a mean; corrected it exceeds g² for a while
        path = path._replace(x=path.x[:, :2])
    np.testing.assert_allclose(np.diff(path.x), np.broadcast_to([[-0.25], [0.25]], np.diff(path.x).shape), rtol=1e-12)


def test_radam_is_rectified_from_the_sixth_step_on():
    """For beta2 = 0.999; before, its steps on an even slope are the gradient's."""
    lengths = np.diff(trajectory(radam(lr=0.01, eps=0), slope(4.0, -0.5), (0.0, 0.0), 6).x)
    np.testing.assert_allclose(lengths[:, :5], np.repeat([[-0.04], [0.005]], 5, axis=1), rtol=1e-12)
    rho_inf = 1999.0
    rho = rho_inf - 12 * 0.999**6 / (1 - 0.999**6)
    r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
    np.testing.assert_allclose(lengths[:, 5], [-0.01 * r, 0.01 * r], rtol=1e-9)  # rho is 6 of 1999: 3 digits cancel


def test_radam_stays_momentum_where_the_average_is_too_short_to_trust():
    """beta2 = 0.6 averages over 4 gradients, never more than 5."""
    lengths = np.diff(trajectory(radam(lr=0.01, beta2=0.6), slope(4.0, -0.5), (0.0, 0.0), 30).x)
    np.testing.assert_allclose(lengths, np.repeat([[-0.04], [0.005]], 30, axis=1), rtol=1e-9)


def test_amsgrad_remembers_the_steepest_place_and_adam_forgets_it():
    f = bowl(condition=1)
    hyper = {"lr": 0.05, "beta2": 0.5}
    last = {make: trajectory(make(**hyper), f, (5.0, -5.0), 300).states[-1] for make in (adam, amsgrad)}
    assert (last[amsgrad].v_max > 100 * last[amsgrad].v).all()
    assert (last[adam].v < 0.1).all()


def test_yogi_moves_its_mean_square_by_a_share_of_the_new_square_only():
    optimizer = yogi(lr=0.0, beta2=0.9)
    x, state = np.zeros(2), optimizer.init(np.zeros(2))
    v = []
    for t, g in enumerate((2.0, 1.0, 0.25, 3.0), start=1):
        x, state = optimizer.step(slope(g, g), x, state, t)
        v.append(state.v[0])
    np.testing.assert_allclose(v, [0.4, 0.5, 0.49375, 1.39375], rtol=1e-12)  # +0.4, +0.1, -0.00625, +0.9


def test_yogi_leaves_its_mean_square_alone_where_it_is_right():
    x, memory = np.zeros(2), yogi().init(np.zeros(2))._replace(v=np.array((4.0, 4.0)))
    _, memory = yogi(beta2=0.5).step(slope(2.0, 2.0), x, memory, 1)
    np.testing.assert_array_equal(memory.v, 4.0)


def test_adamw_without_decay_is_adam():
    f = rosenbrock()
    decayed, plain = (trajectory(o, f, f.start, 100).x for o in (adamw(weight_decay=0.0), adam()))
    np.testing.assert_allclose(decayed, plain, rtol=1e-12)
