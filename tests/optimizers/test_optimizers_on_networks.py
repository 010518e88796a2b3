"""Every optimizer, schedule and wrapper works on a problem of many dimensions as on a surface."""

import numpy as np
import pytest

from optimizers.batch_run_outcomes import NEVER
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.parallel_batch import run_tiles
from optimizers.schedules import scheduled
from optimizers.simulate import endpoint, trajectory
from surfaces.models.catalogue import build_classifier
from surfaces.models.classifier import Classifier
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy
from surfaces.translatable import UserError
from tests.support.joined_tiles import join_tiles

STEPS = 12
NEEDS_HESSIAN = {"newton", "trust_region", "scipy_newton_cg", "scipy_trust_exact"}


def make_xor(batch_size: int = 0, dropout: float = 0.0) -> Classifier:
    """A network 2-4-2 for XOR: 22 weights."""
    return build_classifier(
        "xor", hidden=(4,), activation="tanh", initialization="glorot",
        sample_count=40, batch_size=batch_size, dropout=dropout,
    )  # fmt: skip


@pytest.mark.parametrize("batch_size, dropout", [(0, 0.0), (8, 0.2)])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_runs_on_a_network(name: str, batch_size: int, dropout: float) -> None:
    """Two lanes are two runs: to 1e-9, for products of matrices are not rounded alike in a batch as in a run alone."""
    f = make_xor(batch_size, dropout)
    run = trajectory(OPTIMIZERS[name](), f, f.start, STEPS)
    assert run.x.shape == (22, STEPS + 1)
    assert run.alive.all()
    assert np.isfinite(f.value(run.x)).all()
    assert (run.x[:, 1] != f.start).any()
    if not batch_size and name != "newton":  # which goes to the nearest point without a slope, up or down
        assert f.value(run.x[:, -1]) < f.value(f.start)
    other = 1.1 * f.start
    both = trajectory(OPTIMIZERS[name](), f, np.stack((f.start, other), axis=1), 3)
    np.testing.assert_allclose(both.x[..., 0], run.x[:, :4], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(both.x[..., 1], trajectory(OPTIMIZERS[name](), f, other, 3).x, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", WRAPPERS)
def test_every_wrapper_runs_on_a_network(name: str) -> None:
    f = make_xor(batch_size=8)
    for inner in ("adam", "newton"):
        run = trajectory(WRAPPERS[name](OPTIMIZERS[inner]()), f, f.start, STEPS)
        assert run.alive.all()
        assert (run.x[:, 1] != f.start).any()


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_runs_on_a_network(name: str) -> None:
    f = make_xor(batch_size=8)
    run = trajectory(scheduled(OPTIMIZERS["sgd"], lr=SCHEDULES[name](0.5)), f, f.start, STEPS)
    assert run.alive.all()
    assert (run.x[:, -1] != f.start).any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_network_of_thousands_of_weights_runs_or_says_why_not(name: str) -> None:
    """1,510 weights: their Hessian is not computed, and methods that ask for it say so."""
    f = build_classifier("digits", hidden=(20,), sample_count=20)
    make = OPTIMIZERS[name]
    if name in NEEDS_HESSIAN:
        with pytest.raises(UserError, match="The Hessian of 1,510 coordinates"):
            endpoint(make(), f, f.start, 1)
    else:
        assert np.isfinite(endpoint(make(), f, f.start, 2).x).all()


def test_gradient_descent_takes_the_steps_of_its_formula() -> None:
    f = make_xor(batch_size=8, dropout=0.3)
    run, x = trajectory(OPTIMIZERS["sgd"](lr=0.3), f, f.start, STEPS), f.start
    for t in range(1, STEPS + 1):
        x = x - 0.3 * f.step_loss(t).grad(x)
        np.testing.assert_allclose(run.x[:, t], x, rtol=1e-13)


def test_a_network_learns_the_digits() -> None:
    """Twenty epochs in minibatches of 32; 98 to 99 % of the training images were right when measured."""
    f = build_classifier("digits", batch_size=32)
    x = endpoint(OPTIMIZERS["sgd"](lr=0.1), f, f.start, 20 * f.batches.batches_per_epoch).x
    assert f.accuracy(x, f.data.inputs, f.data.classes) > 0.96
    assert f.value(x) < 0.15


def test_a_run_that_becomes_non_finite_is_dead() -> None:
    """Weights of 1e200 in both layers of a ReLU network have infinite scores, and no gradient."""
    f = build_classifier("xor", hidden=(4,), sample_count=40)
    run = trajectory(OPTIMIZERS["sgd"](lr=1e201), f, f.start, STEPS)
    assert run.alive[:2].all()
    assert not run.alive[3:].any()
    assert np.isfinite(run.x).all()


def test_evaluations_are_counted_and_gradients_may_be_noisy() -> None:
    counted = CountedProblem(make_xor(batch_size=8))
    trajectory(OPTIMIZERS["adam"](), counted, counted.start, STEPS)
    assert counted.cumulative_calls(STEPS)[:, -1].tolist() == [0, STEPS, 0]
    noise = noisy(make_xor(), 0.1, seed=1)
    assert np.isfinite(endpoint(OPTIMIZERS["sgd"](), noise, make_xor().start, STEPS).x).all()


def test_a_sweep_of_learning_rates_is_its_runs() -> None:
    f, rates = make_xor(batch_size=8), np.geomspace(1e-3, 1, 6)
    found = join_tiles(run_tiles(OPTIMIZERS["adam"], f, f.start, STEPS, hyper={"lr": rates}, tile_lanes=4), 6)
    for k, lr in enumerate(rates):
        alone = endpoint(OPTIMIZERS["adam"](lr=float(lr)), f, f.start, STEPS).x
        np.testing.assert_allclose(found.final_loss[k], f.value(alone), rtol=1e-9)
    assert (found.nonfinite_step == NEVER).all()
