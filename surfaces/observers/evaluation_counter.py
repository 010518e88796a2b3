"""How often a run asked for value, gradient and Hessian, step by step."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array, Objective, Problem


class CountedObjective:
    """An objective that counts, in a list it shares with its tally, what it is asked."""

    def __init__(self, f: Objective, counts: list[int]) -> None:
        self._value, self._grad, self._hess = f.value, f.grad, f.hess
        self._counts = counts  # value, grad, hess

    def value(self, p: Array) -> Array:
        self._counts[0] += 1
        return self._value(p)

    def grad(self, p: Array) -> Array:
        self._counts[1] += 1
        return self._grad(p)

    def hess(self, p: Array) -> Array:
        self._counts[2] += 1
        return self._hess(p)


class CountedProblem:
    """A problem that counts what the steps of one run ask; what a plot asks of the problem itself is free.

    One call counts once, however many lanes it has. `at(t)` hands out the same object as long as the
    problem does, so that whoever looks for a fixed point still sees that nothing changes with t.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.value, self.grad, self.hess = problem.value, problem.grad, problem.hess
        self._counts = [0, 0, 0]
        self._marks: list[tuple[int, int, int, int]] = []  # t and the counts before it, at each call of at(t)
        self._seen: Objective | None = None
        self._counted: CountedObjective | None = None

    def at(self, t: int) -> Objective:
        values, grads, hesses = self._counts
        self._marks.append((t, values, grads, hesses))
        f = self.problem.at(t)
        if f is not self._seen or self._counted is None:
            self._seen, self._counted = f, CountedObjective(f, self._counts)
        return self._counted

    def count(self, steps: range, calls: NDArray[np.int64]) -> None:
        """Count what steps have asked elsewhere, the same in each: so many values, gradients and Hessians, (3,)."""
        before = np.array(self._counts) + np.outer(np.arange(len(steps)), calls)
        self._marks += zip(steps, *before.T.tolist(), strict=True)
        self._counts[:] = (np.array(self._counts) + len(steps) * calls).tolist()

    def cumulative(self, steps: int) -> NDArray[np.int64]:
        """Calls of value, grad and hess up to and including each step: (3, steps + 1), zeros at step 0."""
        marks = np.array([*self._marks, (0, *self._counts)], dtype=np.int64)
        spent = np.zeros((steps + 1, 3), dtype=np.int64)
        t, asked = marks[:-1, 0], np.diff(marks[:, 1:], axis=0)  # (n,), (n, 3)
        np.add.at(spent, t[t <= steps], asked[t <= steps])
        return spent.cumsum(axis=0).T

    def __getattr__(self, name: str) -> Any:  # box, start, minima, batch_size, ... of the problem
        if name == "problem":  # not there yet, as while unpickling
            raise AttributeError(name)
        return getattr(self.problem, name)
