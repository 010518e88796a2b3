"""A watched problem answers as it does unwatched, and work on it ends at its next question, wherever that is asked."""

import numpy as np
import pytest

from optimizers.analysis.basins_of_attraction import classify_starts
from optimizers.catalogue import OPTIMIZERS
from optimizers.parallel_batch import run_batch
from surfaces.catalogue import SURFACES
from surfaces.observers.gradient_noise import noisy
from surfaces.observers.interruption import InterruptibleProblem

STARTS = np.random.default_rng(3).uniform(-4, 4, (2, 7))
WIDTHS = (8.0, 8.0)


class Ended(BaseException):
    """By whoever runs the work."""


class Asked:
    """A surface that counts what it is asked."""

    def __init__(self, f):
        self.f, self.count = f, 0

    def at(self, t):
        return self

    def __getattr__(self, name):
        question = getattr(self.f, name)

        def counted(p):
            self.count += 1
            return question(p)

        return counted if callable(question) else question


def nothing():
    pass


@pytest.mark.no_cover
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_what_is_watched_is_the_same_to_the_bit(word):
    for problem in (SURFACES["himmelblau"](), noisy(SURFACES["rastrigin"](), 0.5, 1)):
        plain, watched = (
            classify_starts(OPTIMIZERS[word](), f, STARTS, 40, WIDTHS)
            for f in (problem, InterruptibleProblem(problem, nothing))
        )
        for name, found in plain._asdict().items():
            np.testing.assert_array_equal(getattr(watched, name), found, err_msg=name)


@pytest.mark.no_cover
@pytest.mark.parametrize("word", OPTIMIZERS)
@pytest.mark.parametrize("answers", [0, 1, 25])
def test_work_ends_before_the_next_answer_whatever_the_optimizer(word, answers):
    """Also in the middle of a step: SciPy's racers run to their end within the first, a line search asks many times."""
    asked = Asked(SURFACES["rosenbrock"]())

    def pause():
        if asked.count == answers:
            raise Ended

    with pytest.raises(Ended):
        run_batch(OPTIMIZERS[word](), InterruptibleProblem(asked, pause), STARTS, 500)
    assert asked.count == answers


def test_a_problem_that_stays_as_it_is_is_seen_to_do_so():
    still, noise = SURFACES["bowl"](), noisy(SURFACES["bowl"](), 1.0)
    f, g = InterruptibleProblem(still, nothing), InterruptibleProblem(noise, nothing)
    assert f.at(1) is f.at(2)
    assert g.at(1) is not g.at(2)
    assert f.box == still.box and f.minima == still.minima
