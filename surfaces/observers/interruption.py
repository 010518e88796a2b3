"""A problem whose answers can be held up: long work on it can be made to wait, or be ended, wherever it is."""

from collections.abc import Callable
from typing import Any

from surfaces.base import Array, Objective, Problem

Checkpoint = Callable[[], None]  # called before each answer: it returns at once, later, or not at all, by an exception


class InterruptibleObjective:
    """An objective that calls `pause` before each of its answers."""

    def __init__(self, f: Objective, pause: Checkpoint) -> None:
        self._value, self._grad, self._hess, self._pause = f.value, f.grad, f.hess, pause

    def value(self, p: Array) -> Array:
        self._pause()
        return self._value(p)

    def grad(self, p: Array) -> Array:
        self._pause()
        return self._grad(p)

    def hess(self, p: Array) -> Array:
        self._pause()
        return self._hess(p)


class InterruptibleProblem:
    """A problem that calls `pause` before each of its answers, which are what they are without.

    A step of any method asks at least once, a line search or a run of SciPy's that is done within one step many times:
    so work can be interrupted in the middle of a step. As in a `Tally`, `at(t)` hands out the same object as long as
    the problem does.
    """

    def __init__(self, problem: Problem, pause: Checkpoint) -> None:
        self.problem, self.pause = problem, pause
        whole = InterruptibleObjective(problem, pause)
        self.value, self.grad, self.hess = whole.value, whole.grad, whole.hess
        self._last: tuple[Objective, InterruptibleObjective] | None = (
            None  # replaced as a whole: threads share a problem
        )

    def at(self, t: int) -> Objective:
        f, last = self.problem.at(t), self._last
        if last is None or last[0] is not f:
            self._last = last = f, InterruptibleObjective(f, self.pause)
        return last[1]

    def __getattr__(self, name: str) -> Any:  # box, start, minima, batch_size, ... of the problem
        if name == "problem":  # not there yet, as while unpickling
            raise AttributeError(name)
        return getattr(self.problem, name)
