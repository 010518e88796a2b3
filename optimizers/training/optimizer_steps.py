"""The steps of a training's optimizer: by NumPy, which can take all of them, or by machine code, to the same bits.

Machine code takes the steps in which no coordinate depends on another, once so many were taken that compiling pays.
"""

from typing import Protocol

from optimizers.base import Optimizer, State
from optimizers.compiler.coordinate_steps import CoordinateProgram, CoordinateSteps, compile_counter
from optimizers.training.minibatch_objective import MinibatchObjective
from surfaces.base import Array
from surfaces.models.classification_losses import Classes
from surfaces.models.network import Network
from surfaces.models.network_training_pass import start_pass
from surfaces.models.seeded_bugs import Masks


class OptimizerSteps(Protocol):
    """A point that one step after another is taken from, and the optimizer's state."""

    x: Array  # (d,) after the last step
    before: Array  # (d,) before it
    gradient: Array | None  # (d,) the one that was computed last

    def plan(self, first: int, count: int) -> None:
        """Make ready to take steps `first`, `first` + 1, ..., so many."""

    def take(self, X: Array, y: Classes, masks: Masks, t: int) -> tuple[float, float]:
        """Take step t on some samples, X with a column of ones: data loss and regularization before it."""
        ...

    def undo(self) -> None:
        """Return to the point where the last step began. No other step follows."""

    def copy_point(self) -> Array:
        """The point, in an array that no later step writes into."""
        ...

    def copy_state(self) -> State:
        """The state, likewise."""
        ...


class NumpySteps:
    """The steps of any optimizer."""

    def __init__(self, optimizer: Optimizer, network: Network, x: Array, state: State) -> None:
        self._optimizer, self._state = optimizer, state
        self._pass = start_pass(network)
        self.x, self.before = x, x
        self.gradient: Array | None = None

    def plan(self, first: int, count: int) -> None:
        pass

    def take(self, X: Array, y: Classes, masks: Masks, t: int) -> tuple[float, float]:
        self.before = self.x
        objective = MinibatchObjective(self._pass, X, y, masks, self.before)
        self.x, self._state = self._optimizer.step(objective, self.before, self._state, t)
        self.gradient = objective.last
        return objective.start_loss()

    def undo(self) -> None:
        self.x = self.before

    def copy_point(self) -> Array:
        return self.x

    def copy_state(self) -> State:
        return self._state


class CompiledSteps:
    """The steps of an optimizer that has a program."""

    def __init__(self, program: CoordinateProgram, network: Network, x: Array, state: State) -> None:
        self._steps = CoordinateSteps(program, x, state)
        self.x, self.before = self._steps.x, self._steps.before
        self.gradient: Array | None = self._steps.gradient
        self._pass = start_pass(network, self.x, self._steps.gradient)
        self.plan, self.copy_state = self._steps.plan, self._steps.copy_state

    def take(self, X: Array, y: Classes, masks: Masks, t: int) -> tuple[float, float]:
        losses = self._pass.evaluate(X, y, masks)
        self._steps.take(t)
        return losses

    def undo(self) -> None:
        self.x[:] = self.before

    def copy_point(self) -> Array:
        return self.x.copy()


def choose_steps(
    steps: OptimizerSteps, program: CoordinateProgram | None, network: Network, count: int
) -> OptimizerSteps:
    """Choose what takes the next `count` steps: machine code, once compiling pays."""
    is_compiled = isinstance(steps, CompiledSteps)
    if is_compiled or program is None or not compile_counter.count(program, count * steps.x.size):
        return steps
    return CompiledSteps(program, network, steps.copy_point(), steps.copy_state())
