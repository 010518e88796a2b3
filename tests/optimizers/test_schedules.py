"""Schedules: their first and last values, their formulas, and any hyperparameter following one."""

from inspect import signature
from math import exp, inf, sqrt

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import SCHEDULES
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import (
    constant,
    cosine,
    cosine_restarts,
    exponential,
    inverse_sqrt,
    inverse_time,
    linear,
    one_cycle,
    polynomial,
    scheduled,
    step_decay,
    triangular,
    warmup,
)
from optimizers.simulate import trajectory
from surfaces.functions.valleys import rosenbrock

DEFAULTS = {
    constant: {"value": 0.1},
    linear: {"start": 0.1, "end": 0.0, "steps": 200},
    polynomial: {"start": 0.1, "end": 0.0, "steps": 200, "power": 2.0},
    step_decay: {"start": 0.1, "factor": 0.5, "every": 100},
    exponential: {"start": 0.1, "rate": 0.01},
    inverse_time: {"start": 0.1, "rate": 0.01},
    inverse_sqrt: {"peak": 0.1, "steps": 20},
    cosine: {"peak": 0.1, "steps": 200, "floor": 0.0},
    cosine_restarts: {"peak": 0.1, "steps": 50, "floor": 0.0, "stretch": 2.0},
    warmup: {"then": 0.1, "steps": 20},
    one_cycle: {"peak": 0.1, "steps": 200, "rise": 0.3, "divide": 25.0, "divide_end": 1e4},
    triangular: {"low": 0.01, "peak": 0.1, "steps": 50},
}

VALUES = [  # schedule, its arguments, its values at some t
    (constant, (0.3,), {1: 0.3, 1000: 0.3}),
    (linear, (0.5, 0.9, 100), {1: 0.5, 26: 0.6, 101: 0.9, 5000: 0.9}),
    (polynomial, (0.5, 0.1, 100, 2.0), {1: 0.5, 51: 0.2, 101: 0.1, 999: 0.1}),
    (polynomial, (0.5, 0.1, 100, 1.0), {1: 0.5, 51: 0.3, 101: 0.1}),
    (step_decay, (0.8, 0.5, 10), {1: 0.8, 10: 0.8, 11: 0.4, 31: 0.1}),
    (exponential, (0.8, 0.05), {1: 0.8, 21: 0.8 * exp(-1)}),
    (inverse_time, (0.8, 0.05), {1: 0.8, 21: 0.4, 61: 0.2}),
    (inverse_sqrt, (0.8, 16), {1: 0.05, 16: 0.8, 64: 0.4}),
    (inverse_sqrt, (0.8, 1), {1: 0.8, 2: 0.8 / sqrt(2)}),
    (cosine, (0.5, 100, 0.1), {1: 0.5, 51: 0.3, 101: 0.1, 151: 0.1}),
    (cosine_restarts, (0.5, 10, 0.1), {1: 0.5, 6: 0.3, 11: 0.5, 21: 0.3, 31: 0.5, 51: 0.3}),
    (cosine_restarts, (0.5, 10, 0.1, 1.0), {1: 0.5, 11: 0.5, 36: 0.3}),
    (warmup, (0.8, 8), {1: 0.1, 4: 0.4, 8: 0.8, 100: 0.8}),
    (warmup, (0.8, 1), {1: 0.8}),
    (warmup, (linear(0.8, 0.0, 4), 8), {1: 0.1, 7: 0.7, 8: 0.8, 9: 0.6, 12: 0.0}),
    (one_cycle, (1.0, 100, 0.4, 10.0, 100.0), {1: 0.1, 21: 0.55, 41: 1.0, 71: 0.5005, 101: 0.001, 999: 0.001}),
    (one_cycle, (1.0, 100, 1.0), {51: 0.52, 101: 1.0, 102: 1.0}),
    (one_cycle, (1.0, 100, 0.0), {1: 1.0, 51: 0.500002}),
    (triangular, (0.2, 1.0, 10), {1: 0.2, 6: 0.6, 11: 1.0, 16: 0.6, 21: 0.2, 31: 1.0}),
]


@pytest.mark.parametrize("make", DEFAULTS)
def test_defaults_are_as_documented(make):
    assert {name: p.default for name, p in signature(make).parameters.items()} == DEFAULTS[make]


def test_the_table_of_defaults_names_every_schedule():
    assert set(DEFAULTS) == set(SCHEDULES.values())


@pytest.mark.parametrize("make, arguments, values", VALUES)
def test_a_schedule_has_the_values_of_its_formula(make, arguments, values):
    schedule = make(*arguments)
    for t, value in values.items():
        assert schedule(t) == pytest.approx(value, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("make", DEFAULTS)
def test_left_out_arguments_are_the_defaults(make):
    left_out, given = make(), make(**DEFAULTS[make])
    assert [left_out(t) for t in range(1, 500)] == [given(t) for t in range(1, 500)]


@pytest.mark.parametrize("make", DEFAULTS)
def test_every_schedule_is_a_positive_finite_number_that_depends_on_t_alone(make):
    schedule = make()
    values = [schedule(t) for t in range(1, 1001)]
    assert all(0 <= value <= 0.1 + 1e-15 for value in values)
    assert values[0] > 0
    assert [schedule(t) for t in (1000, 1, 500)] == [values[999], values[0], values[499]]


@pytest.mark.parametrize("stretch", [0.5, 0.0, -1.0, 0.999])
def test_restarts_that_get_shorter_are_refused(stretch):
    with pytest.raises(ValueError, match="stretch must be at least 1"):
        cosine_restarts(stretch=stretch)


def test_restarts_are_quick_to_find_after_a_million_steps():
    assert cosine_restarts(0.5, 10, stretch=1.0)(1_000_006) == pytest.approx(0.25)


# Any hyperparameter may follow a schedule


def test_each_step_is_taken_with_the_values_in_force():
    f, lr, mu = rosenbrock(), cosine(1e-3, 50), linear(0.5, 0.99, 30)
    path = trajectory(scheduled(momentum, lr=lr, mu=mu), f, f.start, 60)
    x, v = np.array(f.start), np.zeros(2)
    for t in range(1, 61):
        v = mu(t) * v - lr(t) * f.grad(x)
        x = x + v
        np.testing.assert_allclose(path.x[:, t], x, rtol=1e-12)
        np.testing.assert_allclose(path.states[t].inner_state.v, v, rtol=1e-12)


def test_the_values_in_force_are_in_the_memory_with_the_defaults():
    path = trajectory(scheduled(adam, lr=step_decay(0.2, 0.5, 3)), rosenbrock(), (0.0, 0.0), 7)
    assert [state.hyper["lr"] for state in path.states] == [0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05]
    fixed = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "bias_correction": True}
    assert all(state.hyper == fixed | {"lr": state.hyper["lr"]} for state in path.states)


def test_numbers_beside_schedules_stay_as_they_are():
    f = rosenbrock()
    path = trajectory(scheduled(momentum, lr=constant(5e-4), mu=0.7), f, f.start, 40)
    np.testing.assert_array_equal(path.x, trajectory(momentum(lr=5e-4, mu=0.7), f, f.start, 40).x)
    assert path.states[-1].hyper == {"lr": 5e-4, "mu": 0.7}


def test_a_hyperparameter_that_there_is_not_is_named():
    with pytest.raises(TypeError, match="nu"):
        scheduled(momentum, nu=linear(0.5, 0.99, 300))


def test_an_optimizer_whose_memory_depends_on_its_hyperparameters_begins_with_the_first_values():
    def make(lr=0.1):
        return Optimizer(init=lambda x: (lr,), step=lambda f, x, state, t: (x, state))

    assert scheduled(make, lr=linear(0.4, 0.0, 10)).init(np.zeros(2)).inner_state == (0.4,)


def test_a_default_that_is_a_function_is_no_schedule():
    def make(lr=0.1, rule=inverse_time):
        assert rule is inverse_time
        return sgd(lr)

    path = trajectory(scheduled(make, lr=constant(1e-3)), rosenbrock(), (0.0, 0.0), 3)
    assert path.states[-1].hyper == {"lr": 1e-3, "rule": inverse_time}


def test_a_wrapped_optimizer_can_be_scheduled_as_well():
    f = rosenbrock()
    lr = exponential(1e-3, 0.1)
    path = trajectory(scheduled(lambda lr: momentum(lr, mu=0.0), lr=lr), f, f.start, 20)
    x = np.array(f.start)
    for t in range(1, 21):
        x = x - lr(t) * f.grad(x)
    np.testing.assert_allclose(path.x[:, -1], x, rtol=1e-12)


def test_lanes_share_a_schedule_and_stay_apart():
    f, starts = rosenbrock(), np.random.default_rng(2).uniform(-1, 1, (2, 4))
    optimizer = scheduled(adam, lr=one_cycle(0.1, 60), beta1=linear(0.95, 0.85, 60))
    together = trajectory(optimizer, f, starts, 60).x
    for i in range(4):
        # sums in another order, over 60 steps
        np.testing.assert_allclose(trajectory(optimizer, f, starts[:, i], 60).x, together[..., i], rtol=1e-10)


def test_a_learning_rate_that_comes_to_zero_ends_the_movement_but_not_before():
    f = rosenbrock()
    path = trajectory(scheduled(sgd, lr=linear(1e-3, 0.0, 30)), f, f.start, 200)
    assert (path.x[:, 30] == path.x[:, 200]).all()
    assert (path.x[:, 29] != path.x[:, 30]).any()


def test_a_learning_rate_without_bound_is_a_divergence_and_no_error():
    path = trajectory(scheduled(sgd, lr=lambda t: inf if t > 3 else 1e-3), rosenbrock(), (0.0, 0.0), 10)
    assert path.alive.tolist() == [True] * 4 + [False] * 7
