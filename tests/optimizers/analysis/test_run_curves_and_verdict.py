"""The curves of a run belong to its iterates, and a solver's own message follows its verdict."""

from types import SimpleNamespace

import numpy as np
import pytest

from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.momentum import momentum, sgd
from optimizers.schedules import linear, scheduled
from optimizers.simulate import trajectory
from optimizers.wrappers import reduce_on_plateau
from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from tests.support.diagnosed_runs import diagnose_run


def test_curves_belong_to_their_own_iterate():
    f = SURFACES["beale"]()
    path = trajectory(momentum(lr=1e-3, mu=0.9), f, f.start, 40)
    d = diagnose(path, f, f.minima, hyper={"lr": 1e-3})
    for t in (0, 1, 17, 40):
        p = path.x[:, t]
        assert d.loss[t] == f.value(p)
        assert d.gradient_norm[t] == pytest.approx(np.linalg.norm(f.grad(p)), rel=1e-14)
    assert d.step_length[0] == d.update_ratio[0] == 0
    before, after = path.x[:, 16], path.x[:, 17]
    assert d.step_length[17] == pytest.approx(np.linalg.norm(after - before), rel=1e-14)
    assert d.update_ratio[17] == pytest.approx(np.linalg.norm(after - before) / np.linalg.norm(before), rel=1e-14)
    np.testing.assert_array_equal(d.lr, 1e-3)
    assert d.evaluations is None


def test_the_update_ratio_of_a_point_at_the_origin_is_zero_and_not_infinite():
    f = SURFACES["beale"]()
    d = diagnose(trajectory(sgd(lr=1e-3), f, (0.0, 0.0), 3), f)
    assert d.update_ratio[1] == 0
    assert np.isfinite(d.update_ratio).all()


def test_a_scheduled_lr_is_read_off_the_run():
    f = SURFACES["bowl"]()
    path = trajectory(scheduled(momentum, lr=linear(0.01, 0.001, 9), mu=0.5), f, f.start, 10)
    d = diagnose(path, f, f.minima, hyper={})
    expected = [linear(0.01, 0.001, 9)(t) for t in range(1, 11)]
    np.testing.assert_allclose(d.lr, [expected[0], *expected], rtol=1e-14)


def test_a_rate_cut_on_a_plateau_is_shown_as_cut():
    f = SURFACES["absolute"]()
    path = trajectory(reduce_on_plateau(sgd(lr=0.2), factor=0.5, patience=3), f, f.start, 60)
    lr = diagnose(path, f, f.minima, hyper={"lr": 0.2}).lr
    assert lr[0] == 0.2
    assert set(np.log2(lr / 0.2)) >= {0.0, -1.0, -2.0}
    assert (np.diff(lr) <= 0).all()


def test_a_method_without_lr_has_no_lr_curve():
    assert diagnose_run("bfgs", {}, "rosenbrock", steps=5).lr is None


def test_evaluations_are_the_tally_s_and_scipy_s_own():
    f = SURFACES["rosenbrock"]()
    tally = CountedProblem(f)
    path = trajectory(sgd(lr=1e-3), tally, f.start, 5)
    counts = diagnose(path, f, f.minima, tally.cumulative_calls(5)).evaluations
    np.testing.assert_array_equal(counts, [[0] * 6, range(6), [0] * 6])
    tally = CountedProblem(f)
    path = trajectory(OPTIMIZERS["scipy_lbfgsb"](), tally, f.start, 60)
    own = diagnose(path, f, f.minima, tally.cumulative_calls(60)).evaluations
    assert own.shape == (3, 61)
    assert own[0, 1] < own[0, -1] < 100
    np.testing.assert_array_equal(own[:, -1], path.states[-1].evaluations)


def test_a_run_of_a_solver_that_says_why_it_stopped_ends_with_that():
    f = SURFACES["bowl"]()
    path = trajectory(OPTIMIZERS["sgd"](lr=0.05), f, f.start, 5)
    told = path._replace(states=[*path.states[:-1], SimpleNamespace(message="A linear search failed.")])
    plain = diagnose(path, f, f.minima).verdict.sentence
    assert "SciPy" not in plain
    assert diagnose(told, f, f.minima).verdict.sentence == f"{plain} SciPy stopped: A linear search failed."
