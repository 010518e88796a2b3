"""Arrows and outlines at the heads: what the optimizer's own memory holds, against what its steps did."""

from typing import Any

import numpy as np
import pytest

from app.compute import cached_simulation
from app.model.hyperparameter_table import get_range
from app.model.scene import Call, make_call, optimizer_call, schedule_call
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from surfaces.catalogue import SURFACES

STEPS = 40


def columns(
    word: str, surface: str = "rosenbrock", wrapped: Call | None = None, steps: int = STEPS, **hyper: Any
) -> dict[str, np.ndarray]:
    place = make_call(SURFACES, surface, {})
    start = tuple(map(float, cached_simulation.build_surface(place).start))
    key = cached_simulation.RunKey(place, optimizer_call(word, **hyper), wrapped, start, steps, 0.0, 0)
    return cached_simulation.simulate_cached.__wrapped__(key).columns


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_run_has_its_slope_and_every_column_an_entry_per_iterate(word: str) -> None:
    found = columns(word)
    assert {values.shape for values in found.values()} == {(STEPS + 1,)}
    slope = np.hypot(found["slope_x"], found["slope_y"])
    np.testing.assert_allclose(slope, found["gradient_norm"], rtol=1e-12)  # the same numbers but for hypot's rounding


@pytest.mark.parametrize("word", ["momentum", "momentum_subtracted", "nesterov_lookahead"])
@pytest.mark.parametrize("wrapped", [None, make_call(WRAPPERS, "clipped", {})])
def test_the_velocity_is_the_step_that_was_taken(word: str, wrapped: Call | None) -> None:
    found = columns(word, wrapped=wrapped, lr=1e-4)
    # x + v - x gives v but for the rounding of x, of size 1
    np.testing.assert_allclose(np.diff(found["x"]), found["pull_x"][1:], atol=4e-16)


def test_the_two_forms_of_nesterov_look_from_each_others_points() -> None:
    one, other = (columns(word, lr=1e-4) for word in ("nesterov_lookahead", "nesterov"))
    # forty steps of the same iteration in two roundings
    np.testing.assert_allclose(one["x"] + one["ahead_x"], other["x"], rtol=1e-12)


def test_a_scheduled_momentum_is_in_the_columns_and_in_the_look_ahead() -> None:
    found = columns("nesterov", lr=1e-4, mu=schedule_call("linear", get_range("mu"), start=0.5, end=0.9, steps=STEPS))
    np.testing.assert_allclose(found["ahead_x"], found["hyper_mu"] * found["pull_x"])
    assert found["hyper_mu"][0] < found["hyper_mu"][-1]


def test_the_look_ahead_point_is_where_the_next_gradient_is_taken_also_where_the_momentum_jumps() -> None:
    """A fifth of it after every ten steps: each change of the velocity has the gradient at that point."""
    lr = 1e-4
    mu = schedule_call("step_decay", get_range("mu"), start=0.9, factor=0.2, every=10)
    found = columns("nesterov_lookahead", lr=lr, mu=mu)
    ahead = np.array([found["x"] + found["ahead_x"], found["y"] + found["ahead_y"]])
    v = np.array([found["pull_x"], found["pull_y"]])
    gradient = (found["hyper_mu"][1:] * v[:, :-1] - v[:, 1:]) / lr
    scale = np.abs(gradient).max()  # rounding of a velocity of 1e-4 times the gradient, divided by 1e-4 again
    np.testing.assert_allclose(SURFACES["rosenbrock"]().grad(ahead[:, :-1]), gradient, atol=1e-9 * scale)
    later = columns("nesterov_lookahead", steps=STEPS + 1, lr=lr, mu=mu)  # STEPS is a multiple of ten: it jumps there
    assert found["ahead_x"][-1] == later["ahead_x"][STEPS]


@pytest.mark.parametrize("word", ["adam", "nadam", "adamax", "lion"])
def test_a_mean_gradient_pulls_downhill(word: str) -> None:
    found = columns(word)
    assert found["pull_x"][1] * found["slope_x"][0] < 0  # after one step the mean is that gradient's share


def test_the_models_of_newton_and_the_radius_of_a_trust_region() -> None:
    newton, region = columns("newton"), columns("trust_region")
    surface = SURFACES["rosenbrock"]()
    at = np.array([newton["x"], newton["y"]])
    np.testing.assert_array_equal(newton["hess_xy"], surface.hess(at)[0, 1])
    steps = np.hypot(np.diff(region["x"]), np.diff(region["y"]))
    # a step ends inside, or on the edge as exactly as its equation is solved, 1e-10
    assert (steps <= region["radius"][:-1] * (1 + 1e-9)).all()
    assert "radius" not in newton and "hess_xx" not in columns("sgd", lr=1e-4)
