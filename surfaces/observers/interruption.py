"""A problem that long work on it can be paused or ended at, even in the middle of a step."""

from collections.abc import Callable

from surfaces.base import Objective, Problem
from surfaces.observers.problem_wrapper import ObservedObjective, ProblemWrapper

Checkpoint = Callable[[], None]  # called before each evaluation: returns at once, later, or raises an exception


class InterruptibleProblem(ProblemWrapper):
    """A problem that calls `checkpoint` before each evaluation; the results are those of the problem inside.

    A step of any method evaluates at least once, and a line search or a run of SciPy's within one step many times. So
    work can be interrupted in the middle of a step.
    """

    def __init__(self, problem: Problem, checkpoint: Checkpoint) -> None:
        super().__init__(problem)
        self.checkpoint = checkpoint
        whole = self.wrap(problem)
        self.value, self.grad, self.hess = whole.value, whole.grad, whole.hess

    def wrap(self, f: Objective) -> Objective:
        return ObservedObjective(f, lambda _: self.checkpoint())
