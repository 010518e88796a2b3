"""Wrap a problem, and watch the evaluations of its objectives."""

from collections.abc import Callable
from typing import Any

from surfaces.base import Array, Objective, Problem


class ObservedObjective:
    """An objective that calls `before(i)` before it evaluates: the value (0), the gradient (1) or the Hessian (2)."""

    def __init__(self, f: Objective, before: Callable[[int], object]) -> None:
        self._value, self._grad, self._hess, self._before = f.value, f.grad, f.hess, before

    def value(self, p: Array) -> Array:
        self._before(0)
        return self._value(p)

    def grad(self, p: Array) -> Array:
        self._before(1)
        return self._grad(p)

    def hess(self, p: Array) -> Array:
        self._before(2)
        return self._hess(p)


class ProblemWrapper:
    """A problem in front of another one. Everything that a subclass does not change is the inner problem's own."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.value, self.grad, self.hess = problem.value, problem.grad, problem.hess
        self._last: tuple[Objective, Objective] | None = None  # replaced as a whole: threads share a problem

    def at(self, t: int) -> Objective:
        """The wrapped objective of step t: the same object for as long as the inner problem returns the same one.

        So code that looks for a fixed point still sees that nothing changes with t.
        """
        f, last = self.problem.at(t), self._last
        if last is None or last[0] is not f:
            self._last = last = f, self.wrap(f)
        return last[1]

    def wrap(self, f: Objective) -> Objective:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:  # box, start, minima, batch_size, ... of the inner problem
        if name == "problem":  # not there yet, as while unpickling
            raise AttributeError(name)
        return getattr(self.problem, name)
