"""Counts are exact, belong to the step that asked, and cost next to nothing."""

import numpy as np
import pytest

from surfaces.catalogue import SURFACES
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.gradient_noise import noisy

P = np.array((0.3, -0.4))


def test_calls_are_counted_at_the_step_that_made_them() -> None:
    tally = CountedProblem(SURFACES["beale"]())
    for t, (values, grads, hesses) in enumerate([(0, 1, 0), (3, 2, 0), (0, 0, 0), (1, 1, 1)], start=1):
        f = tally.at(t)
        for _ in range(values):
            f.value(P)
        for _ in range(grads):
            f.grad(P)
        for _ in range(hesses):
            f.hess(P)
    np.testing.assert_array_equal(tally.cumulative_calls(4), [[0, 0, 3, 3, 4], [0, 1, 3, 3, 4], [0, 0, 0, 0, 1]])


def test_steps_that_were_never_taken_cost_nothing() -> None:
    """A run that stopped early is filled up to the steps it was asked for; a shorter count leaves the rest out."""
    tally = CountedProblem(SURFACES["beale"]())
    for t in (1, 2):
        tally.at(t).grad(P)
    np.testing.assert_array_equal(tally.cumulative_calls(5), [[0] * 6, [0, 1, 2, 2, 2, 2], [0] * 6])
    np.testing.assert_array_equal(tally.cumulative_calls(1), [[0, 0], [0, 1], [0, 0]])
    np.testing.assert_array_equal(CountedProblem(SURFACES["beale"]()).cumulative_calls(2), np.zeros((3, 3)))


def test_looking_ahead_to_the_next_step_does_not_move_counts() -> None:
    """The loop may ask for at(t + 1) to see whether anything changes, and again when it gets there."""
    tally = CountedProblem(SURFACES["beale"]())
    tally.at(1).grad(P)
    tally.at(2)
    tally.at(2).value(P)
    np.testing.assert_array_equal(tally.cumulative_calls(2), [[0, 0, 1], [0, 1, 1], [0, 0, 0]])


def test_plotting_is_free() -> None:
    tally = CountedProblem(SURFACES["beale"]())
    tally.value(P), tally.grad(P), tally.hess(P)
    tally.at(1).grad(P)
    tally.value(P), tally.grad(P), tally.hess(P)
    np.testing.assert_array_equal(tally.cumulative_calls(1)[:, -1], (0, 1, 0))


def test_a_batch_of_lanes_counts_once() -> None:
    tally = CountedProblem(SURFACES["beale"]())
    tally.at(1).grad(np.zeros((2, 1000)))
    assert tally.cumulative_calls(1)[1, 1] == 1


@pytest.mark.parametrize("steady", [True, False])
def test_the_view_is_the_same_object_exactly_when_the_problems_is(steady: bool) -> None:
    tally = CountedProblem(SURFACES["linear_svm"](batch_size=0 if steady else 10))
    views = [tally.at(t) for t in (1, 2, 3)]
    assert (views[0] is views[1] is views[2]) == steady
    assert (views[0] is not views[2]) != steady


def test_counting_changes_no_number() -> None:
    for problem in (SURFACES["ackley"](), SURFACES["tanh_neuron"](batch_size=2), noisy(SURFACES["beale"](), 0.1)):
        tally = CountedProblem(problem)
        for part in ("value", "grad", "hess"):
            np.testing.assert_array_equal(getattr(tally.at(3), part)(P), getattr(problem.at(3), part)(P))
            np.testing.assert_array_equal(getattr(tally, part)(P), getattr(problem, part)(P))


def test_everything_else_is_the_problems() -> None:
    surface = SURFACES["tanh_neuron"](batch_size=2)
    tally = CountedProblem(surface)
    assert (tally.box, tally.start, tally.minima, tally.sample_count) == (surface.box, surface.start, surface.minima, 8)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = tally.nonsense
    with pytest.raises(AttributeError, match="problem"):
        _ = object.__new__(CountedProblem).box
