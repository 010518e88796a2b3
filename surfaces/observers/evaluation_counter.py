"""Count how often a run evaluates value, gradient and Hessian, step by step."""

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Objective, Problem
from surfaces.observers.problem_wrapper import ObservedObjective, ProblemWrapper


class CountedProblem(ProblemWrapper):
    """A problem that counts the evaluations in the steps of one run; those by a plot, of the problem itself, are free.

    One call counts once, however many lanes it has.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self._counts = [0, 0, 0]  # of value, gradient, Hessian
        self._marks: list[tuple[int, ...]] = []  # t and the counts before it, at each call of at(t)

    def at(self, t: int) -> Objective:
        self._marks.append((t, *self._counts))
        return super().at(t)

    def wrap(self, f: Objective) -> Objective:
        return ObservedObjective(f, self._count)

    def _count(self, kind: int) -> None:
        self._counts[kind] += 1

    def add_steps(self, steps: range, calls: NDArray[np.int64]) -> None:
        """Add what steps that ran elsewhere evaluate: in each step so many values, gradients and Hessians, (3,)."""
        before = np.array(self._counts) + np.outer(np.arange(len(steps)), calls)
        self._marks += zip(steps, *before.T.tolist(), strict=True)
        self._counts[:] = (np.array(self._counts) + len(steps) * calls).tolist()

    def cumulative_calls(self, steps: int) -> NDArray[np.int64]:
        """Calls of value, grad and hess up to and including each step: (3, steps + 1), zeros at step 0."""
        marks = np.array([*self._marks, (0, *self._counts)], dtype=np.int64)
        spent = np.zeros((steps + 1, 3), dtype=np.int64)
        t, asked = marks[:-1, 0], np.diff(marks[:, 1:], axis=0)  # (n,), (n, 3)
        np.add.at(spent, t[t <= steps], asked[t <= steps])
        return spent.cumsum(axis=0).T
