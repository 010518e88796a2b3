"""Optimizers around optimizers: averages of the path, other gradients, shorter steps."""

from inspect import signature

import numpy as np
import pytest

from optimizers.catalogue import WRAPPERS
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.adam_variants import adamw
from optimizers.methods.momentum import momentum, sgd
from optimizers.methods.second_order import lbfgs
from optimizers.schedules import scheduled, step_decay
from optimizers.simulate import REST_STEPS, trajectory
from optimizers.wrappers import (
    ClippedObjective,
    RegularizedObjective,
    clipped,
    ema,
    lookahead,
    polyak,
    reduce_on_plateau,
    weight_decayed,
)
from surfaces.base import Box, Surface
from surfaces.functions.bowls import bowl
from surfaces.functions.multimodal import himmelblau
from surfaces.functions.valleys import rosenbrock

DEFAULTS = {
    polyak: {},
    ema: {"decay": 0.9},
    lookahead: {"k": 5, "alpha": 0.5},
    clipped: {"norm": 1.0},
    weight_decayed: {"rate": 0.01},
    reduce_on_plateau: {"factor": 0.5, "patience": 10, "threshold": 1e-4, "floor": 1e-3},
}


def lowered(f, by):
    """The same landscape at another height: losses may be negative."""

    def value(p):
        return f.value(p) - by

    return Surface(value, f.grad, f.hess, f.box, f.start, f.minima)


@pytest.mark.parametrize("wrap", DEFAULTS)
def test_defaults_are_as_documented(wrap):
    first, *rest = signature(wrap).parameters.items()
    assert first[0] == "optimizer"
    assert {name: p.default for name, p in rest} == DEFAULTS[wrap]


def test_the_table_of_defaults_names_every_wrapper():
    assert set(DEFAULTS) == set(WRAPPERS.values())


@pytest.mark.parametrize("wrap", DEFAULTS)
def test_left_out_arguments_are_the_defaults(wrap):
    """On a swinging run, so that a plateau is met and every number matters."""
    f = bowl(condition=50)
    left_out, given = (trajectory(wrap(sgd(lr=0.04), **hyper), f, f.start, 300) for hyper in ({}, DEFAULTS[wrap]))
    np.testing.assert_array_equal(left_out.x, given.x)


@pytest.mark.parametrize("lanes", [(), (3,), (2, 3)])
def test_memories_have_a_number_for_every_lane(lanes):
    x = np.zeros((2, *lanes))
    plateau, slow = reduce_on_plateau(momentum()).init(x), lookahead(momentum()).init(x)
    for field in (plateau.scale, plateau.best, plateau.waited, slow.since):
        assert field.shape == lanes
    assert plateau.waited.dtype == slow.since.dtype == np.int64


@pytest.mark.parametrize("wrap", DEFAULTS)
@pytest.mark.parametrize("inner", [momentum(lr=1e-3), adam(lr=0.05)], ids=["momentum", "adam"])
def test_a_batch_equals_its_lanes_run_alone(wrap, inner):
    f, starts = rosenbrock(), np.random.default_rng(3).uniform(-1.5, 1.5, (2, 2, 3))
    together = trajectory(wrap(inner), f, starts, 40).x
    for i in np.ndindex(2, 3):
        # sums in another order, over 40 steps
        np.testing.assert_allclose(trajectory(wrap(inner), f, starts[:, *i], 40).x, together[:, :, *i], rtol=1e-10)


@pytest.mark.parametrize(
    "wrap, name", [(wrap, name) for wrap in DEFAULTS for name in DEFAULTS[wrap] if name not in ("k", "patience")]
)
def test_a_number_of_a_wrapper_may_differ_from_lane_to_lane(wrap, name):
    f, values = rosenbrock(), np.array((0.05, 0.3, 0.8))
    starts = np.repeat(np.array([[-1.2], [1.0]]), 3, axis=1)
    together = trajectory(wrap(momentum(), **{name: values}), f, starts, 40).x
    for i, value in enumerate(values):
        alone = trajectory(wrap(momentum(), **{name: float(value)}), f, starts[:, i], 40).x
        np.testing.assert_allclose(alone, together[..., i], rtol=1e-10)


@pytest.mark.parametrize("wrap", DEFAULTS)
def test_a_run_from_a_new_start_carries_nothing_over(wrap):
    f, optimizer = rosenbrock(), wrap(momentum())
    trajectory(optimizer, f, (2.0, -1.0), 30)
    again, fresh = trajectory(optimizer, f, f.start, 30), trajectory(wrap(momentum()), f, f.start, 30)
    np.testing.assert_array_equal(again.x, fresh.x)


@pytest.mark.parametrize("wrap", [polyak, ema, lookahead, reduce_on_plateau])
def test_a_lane_that_diverges_is_dead_inside_a_wrapper_too(wrap):
    path = trajectory(wrap(sgd(lr=0.01)), rosenbrock(), np.array([[-1.5, 1.0], [2.0, 1.0]]), 40)
    assert path.alive[-1].tolist() == [False, True]
    assert np.isfinite(path.x).all()


@pytest.mark.parametrize("wrap", DEFAULTS)
def test_a_step_changes_no_array_it_was_given(wrap):
    f, optimizer, x = rosenbrock(), wrap(momentum()), np.array((-1.2, 1.0))
    state = optimizer.init(x)

    def freeze(part):
        if isinstance(part, np.ndarray):
            part.flags.writeable = False
        elif isinstance(part, tuple):
            for each in part:
                freeze(each)

    for t in range(1, 13):
        freeze((x, state))
        x, state = optimizer.step(f, x, state, t)
    assert np.isfinite(x).all()


# Averages


def test_polyak_is_the_mean_of_all_iterates_after_the_start():
    f = rosenbrock()
    inner = trajectory(momentum(), f, f.start, 80).x
    outer = trajectory(polyak(momentum()), f, f.start, 80)
    expected = np.cumsum(inner[:, 1:], axis=1) / np.arange(1, 81)
    np.testing.assert_allclose(outer.x[:, 1:], expected, rtol=1e-11)  # two orders of summation
    np.testing.assert_array_equal(np.array([state.x for state in outer.states]).T, inner)


def test_ema_is_the_mean_with_fading_weights():
    f, decay = rosenbrock(), 0.8
    inner = trajectory(momentum(), f, f.start, 30).x
    outer = trajectory(ema(momentum(), decay), f, f.start, 30)
    for t in range(31):
        weights = np.array([decay**t, *((1 - decay) * decay ** (t - i) for i in range(1, t + 1))])
        assert weights.sum() == pytest.approx(1)
        np.testing.assert_allclose(outer.x[:, t], inner[:, : t + 1] @ weights, rtol=1e-11)
    np.testing.assert_array_equal(np.array([state.x for state in outer.states]).T, inner)


def test_averages_lie_calmer_than_the_path_where_it_zigzags():
    f = bowl(condition=50)
    plain, *means = (
        f.value(trajectory(o, f, f.start, 50).x[:, -1])
        for o in (sgd(lr=0.0399), polyak(sgd(lr=0.0399)), ema(sgd(lr=0.0399)))
    )
    assert all(mean < plain / 5 for mean in means)


def test_lookahead_is_algorithm_1_of_its_paper():
    f, k, alpha = rosenbrock(), 4, 0.3
    path = trajectory(lookahead(momentum(), k, alpha), f, f.start, 30)
    fast, slow, v = np.array(f.start), np.array(f.start), np.zeros(2)
    for t in range(1, 31):
        v = 0.9 * v - 0.001 * f.grad(fast)
        fast = fast + v
        if t in (4, 8, 12, 16, 20, 24, 28):
            slow = slow + alpha * (fast - slow)
            fast = slow
        np.testing.assert_allclose(path.x[:, t], fast, rtol=1e-12)
        np.testing.assert_allclose(path.states[t].slow, slow, rtol=1e-12)
        assert path.states[t].since == t % 4


def test_lookahead_goes_back_however_long_the_fast_weights_have_stood_still():
    """They reach the minimum in one step and stay there, longer than the loop waits for a change."""
    f, k = bowl(condition=1, angle=0), REST_STEPS + 10
    path = trajectory(lookahead(sgd(lr=1.0), k), f, (1.0, -1.0), k + 1)
    np.testing.assert_array_equal(path.x[:, 1], 0)
    np.testing.assert_array_equal(path.x[:, k - 1], 0)
    np.testing.assert_allclose(path.x[:, k], (0.5, -0.5))


def test_lookahead_counts_lane_by_lane_and_only_where_fast_and_slow_differ():
    optimizer = lookahead(sgd(lr=0.1), k=3)
    path = trajectory(optimizer, bowl(), np.array([[0.0, 1.0], [0.0, 1.0]]), 4)
    assert [state.since.tolist() for state in path.states] == [[0, 0], [0, 1], [0, 2], [0, 0], [0, 1]]
    assert all(state.since.dtype == np.int64 for state in path.states)


def test_lookahead_that_has_arrived_costs_nothing_more():
    path = trajectory(lookahead(sgd(lr=1.0)), bowl(condition=1, angle=0), (0.0, 0.0), 500)
    assert path.states[-1] is path.states[2 * REST_STEPS]


# Other functions


@pytest.mark.parametrize("lanes", [(), (4,), (2, 3)])
def test_a_clipped_gradient_keeps_its_direction_and_at_most_the_norm(lanes):
    f = rosenbrock()
    p = np.random.default_rng(4).uniform(-1.5, 1.5, (2, *lanes))
    g, cut = f.grad(p), ClippedObjective(f, 5.0).grad(p)
    length = np.sqrt((g**2).sum(axis=0))
    np.testing.assert_allclose(np.sqrt((cut**2).sum(axis=0)), np.minimum(length, 5.0), rtol=1e-12)
    np.testing.assert_allclose(cut * np.maximum(length / 5.0, 1), g, rtol=1e-12)


def test_a_short_gradient_a_value_and_a_hessian_are_not_clipped():
    f, p = rosenbrock(), np.array((0.9, 0.81))
    cut = ClippedObjective(f, 100.0)
    np.testing.assert_array_equal(cut.grad(p), f.grad(p))
    np.testing.assert_array_equal(ClippedObjective(f, 1e-3).value(p), f.value(p))
    np.testing.assert_array_equal(ClippedObjective(f, 1e-3).hess(p), f.hess(p))
    np.testing.assert_array_equal(cut.grad(np.ones(2)), 0)


def test_a_huge_gradient_is_clipped_and_not_lost():
    """Its square would overflow, and a clipped gradient of 0 would look like a minimum."""
    f = bowl(condition=1, angle=0)
    np.testing.assert_allclose(ClippedObjective(f, 1.0).grad(np.array((3e200, -4e200))), (0.6, -0.8))


def test_clipping_rescues_a_run_that_diverges():
    f = rosenbrock()
    lost, kept = (trajectory(o, f, (-1.5, 2.0), 300) for o in (sgd(lr=0.01), clipped(sgd(lr=0.01), norm=3.0)))
    assert not lost.alive[-1]
    assert kept.alive[-1]
    assert (np.linalg.norm(np.diff(kept.x), axis=0) <= 0.03 + 1e-12).all()
    assert f.value(kept.x[:, -1]) < f.value(kept.x[:, 0]) / 2


@pytest.mark.parametrize("lanes", [(), (4,), (2, 3)])
def test_weight_decay_is_a_bowl_added_to_the_loss(lanes):
    f, rate = rosenbrock(), 0.3
    p = np.random.default_rng(5).uniform(-1.5, 1.5, (2, *lanes))
    x, y = p
    decayed = RegularizedObjective(f, rate)
    np.testing.assert_allclose(decayed.value(p), f.value(p) + 0.15 * (x**2 + y**2), rtol=1e-12)
    np.testing.assert_allclose(decayed.grad(p), f.grad(p) + 0.3 * p, rtol=1e-12)
    expected = f.hess(p)
    expected[0, 0] += 0.3
    expected[1, 1] += 0.3
    np.testing.assert_allclose(decayed.hess(p), expected, rtol=1e-12)


def test_weight_decay_moves_the_minimum_of_a_bowl():
    """(H + λI) x = H c for a bowl around c."""
    H, c, rate = np.array(((3.0, 1.0), (1.0, 2.0))), np.array((1.0, -2.0)), 0.5

    def value(p):
        return 0.5 * (p - c) @ H @ (p - c)

    def grad(p):
        return H @ (p - c)

    f = Surface(value, grad, lambda p: H, Box((-3, 3), (-3, 3)), (0.0, 0.0), ())
    end = trajectory(weight_decayed(sgd(lr=0.2), rate), f, (0.0, 0.0), 500).x[:, -1]
    np.testing.assert_allclose(end, np.linalg.solve(H + rate * np.eye(2), H @ c), rtol=1e-12)


def test_coupled_decay_is_decoupled_decay_for_sgd_and_not_for_adam():
    f, start = rosenbrock(), (-1.2, 1.0)
    x = np.array(start)
    for _ in range(20):
        x = x - 1e-3 * f.grad(x) - 1e-3 * 0.1 * x
    np.testing.assert_allclose(trajectory(weight_decayed(sgd(1e-3), 0.1), f, start, 20).x[:, -1], x, rtol=1e-12)
    coupled, decoupled = (
        trajectory(o, f, start, 20).x[:, -1] for o in (weight_decayed(adam(), 0.1), adamw(weight_decay=0.1))
    )
    assert np.abs(coupled - decoupled).max() > 1e-3


# Shorter steps on a plateau


def cut_by_hand(f, x, steps, lr, factor, patience, threshold, floor):
    scale, best, waited, path = 1.0, np.inf, 0, [x]
    for _ in range(steps):
        loss = f.value(x)
        if best - loss > threshold * abs(loss):
            best, waited = loss, 0
        elif scale > floor:
            waited += 1
            if waited > patience:
                scale, waited = max(scale * factor, floor), 0
        x = x - scale * lr * f.grad(x)
        path.append(x)
    return np.array(path).T, scale


@pytest.mark.parametrize("height", [0.0, 50.0])  # losses above zero, and below it
@pytest.mark.parametrize(
    "factor, patience, threshold, floor", [(0.5, 3, 1e-4, 1e-3), (0.3, 0, 0.01, 0.2), (0.7, 5, 0.0, 0.0)]
)
def test_steps_are_cut_after_more_than_patience_steps_without_improvement(height, factor, patience, threshold, floor):
    f, start, lr = lowered(bowl(condition=10), height), np.array((-4.0, -1.0)), 0.2  # at its limit: it swings
    numbers = {"factor": factor, "patience": patience, "threshold": threshold, "floor": floor}
    path = trajectory(reduce_on_plateau(sgd(lr), **numbers), f, start, 120)
    expected, scale = cut_by_hand(f, start, 120, lr, **numbers)
    # x + s((x - d) - x) against x - s d: the inner difference rounds at the size of x
    np.testing.assert_allclose(path.x, expected, rtol=1e-9, atol=1e-9)
    assert path.states[-1].scale == pytest.approx(scale)
    assert scale < 1


def test_a_step_that_is_exactly_the_threshold_better_is_no_improvement():
    def value(p):
        return p[0]

    f = Surface(value, np.zeros_like, bowl().hess, Box((-3, 3), (-3, 3)), (0.0, 0.0), ())
    optimizer = reduce_on_plateau(sgd(), threshold=1.0, patience=100)
    memory = optimizer.init(np.array((4.0, 0.0)))
    for t, (loss, best, waited) in enumerate([(4, 4, 0), (2, 4, 1), (1.9, 1.9, 0)], start=1):
        _, memory = optimizer.step(f, np.array((float(loss), 0.0)), memory, t)
        assert (memory.best, memory.waited) == (best, waited)


def test_while_the_loss_improves_nothing_is_changed():
    f = bowl()
    path = trajectory(reduce_on_plateau(momentum(lr=0.01, mu=0.5)), f, f.start, 60)
    np.testing.assert_allclose(path.x, trajectory(momentum(lr=0.01, mu=0.5), f, f.start, 60).x, rtol=1e-9, atol=1e-12)
    assert {float(state.scale) for state in path.states} == {1.0}


def test_each_lane_has_its_own_plateau():
    starts = np.array([[0.0, 1.0], [0.0, 1.0]])  # one at the minimum, where nothing can improve
    path = trajectory(reduce_on_plateau(sgd(lr=0.01), patience=2), bowl(), starts, 20)
    assert path.states[-1].scale[0] < path.states[-1].scale[1] == 1


def test_at_the_floor_a_run_that_stands_still_costs_nothing_more():
    path = trajectory(reduce_on_plateau(sgd(), patience=1, floor=0.5), bowl(), (0.0, 0.0), 500)
    assert path.states[-1] is path.states[2 * REST_STEPS]
    assert path.states[-1].scale == 0.5


def test_wrappers_and_schedules_nest():
    f = rosenbrock()
    optimizer = polyak(clipped(lookahead(scheduled(momentum, lr=step_decay(1e-3, 0.5, 50))), norm=10.0))
    path = trajectory(optimizer, f, f.start, 200)
    assert path.alive.all()
    assert path.states[-1].inner_state.inner_state.hyper == {"lr": 1e-3 / 8, "mu": 0.9}
    assert f.value(path.x[:, -1]) < f.value(path.x[:, 0])


@pytest.mark.parametrize("wrap", [clipped, weight_decayed])
def test_optimizers_that_remember_their_function_take_a_number_for_each_lane(wrap):
    """They compare the function that they saw with the one of this step, when some lanes are at rest."""
    numbers, f = np.geomspace(1e-3, 1e3, 12), himmelblau()
    start = np.repeat([[-0.5], [-1.0]], numbers.size, axis=1)
    together = trajectory(wrap(lbfgs(), numbers), f, start, 150)
    for lane, number in enumerate(numbers):
        alone = trajectory(wrap(lbfgs(), number), f, (-0.5, -1.0), 150)
        np.testing.assert_allclose(together.x[..., lane], alone.x, rtol=1e-9, atol=1e-12)
