"""Runs of many lanes by machine code: the results of `parallel_batch.run_batch` to the last bit, in less time."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.base import Optimizer, State
from optimizers.batch_run_outcomes import RunningStats, update_stats
from optimizers.compiler.llvm_codegen import BLOCK_LANES, append_reciprocals, get_kernel
from optimizers.compiler.step_tracing import list_leaves, trace_step
from optimizers.compiler.symbolic_values import Operation, SymbolicScalar, evaluate_scalars, next_indices
from optimizers.numerics.vector_products import Mask
from surfaces.base import Array, Problem, Surface

MIN_LANE_STEPS = 500_000  # lanes times steps, from which on compiling costs less than it saves


class Plan(NamedTuple):
    """The operations of a step and all their data but the starts. Plans can be pickled."""

    operations: tuple[Operation, ...]
    next_inputs: tuple[int, ...]  # for each row of the state of a lane, the operation that gives its next value
    alive: int  # the operation whose result says whether a lane is alive
    reciprocals: tuple[int, ...]  # indices of the numbers whose reciprocals are appended to the table
    table: NDArray[np.float64]  # (steps, n): numbers that are the same in all lanes
    columns: NDArray[np.float64]  # (n, lanes): hyperparameters that have a number for each lane

    def select_lanes(self, lanes: slice) -> "Plan":
        return self._replace(columns=self.columns[:, lanes])


def make_plan(
    optimizer: Optimizer, problem: Problem, d: int, lanes: int, steps: int, has_goal: bool = True
) -> Plan | None:
    """Plan `steps` steps of `lanes` lanes in d dimensions; None where NumPy has to do it.

    NumPy has to do steps that branch on the values of a lane, as line searches do, functions that no processor computes
    in one correctly rounded operation, such as exp, and problems other than a plain surface. Without a `has_goal` the
    plan compares no loss with it, which saves time.
    """
    if not isinstance(problem, Surface) or steps < 1 or lanes < 2:
        return None
    try:
        with np.errstate(all="ignore"):
            return _make_plan(optimizer, problem, d, lanes, steps, has_goal)
    except Exception:  # formulas may raise anything when given symbols; a true fault is raised again by NumPy's run
        return None


def _make_plan(optimizer: Optimizer, problem: Surface, d: int, lanes: int, steps: int, has_goal: bool) -> Plan:
    step = trace_step(optimizer, problem.at(1), d, lanes)
    tape, terms, t = step.tape, step.scalar_operations, step.t
    goal, alive = tape.new_inputs(()), tape.new_inputs((), mask=True)
    before: Any = RunningStats(*(tape.new_inputs(()) for _ in RunningStats._fields))  # type: ignore[arg-type]

    alive_next = alive & np.isfinite(step.x_next).all(axis=0)
    x_next = np.where(alive_next, step.x_next, step.x)
    after = update_stats(before, problem.value(x_next), alive_next, t, goal)  # type: ignore[arg-type]

    if not has_goal:
        after = after._replace(reached_step=before.reached_step, settled_step=before.settled_step)
    kept = [(step.x, x_next), *step.lane_state, (goal, goal), (alive, alive_next), *zip(before, after, strict=True)]
    becomes = tuple(index for old, new in kept for index in next_indices(old, new))
    numbers, carried = [], {index: begun for index, _, begun in step.scalar_state}
    for now in range(1, steps + 1):
        values = evaluate_scalars(terms, carried | {t.index: now})
        carried = {
            index: values[new.index] if isinstance(new, SymbolicScalar) else new for index, new, _ in step.scalar_state
        }
        numbers.append([values[n.index] if isinstance(n, SymbolicScalar) else n for n in tape.constants])
    operations, columns = tuple(tape.operations), np.array(tape.columns).reshape(-1, lanes)
    table, inverted = append_reciprocals(operations, np.array(numbers, dtype=np.float64).reshape(steps, -1))
    return Plan(operations, becomes, int(tape.indices_of(alive_next)), inverted, table, columns)


def run_plan(
    plan: Plan, state: State, x0: Array, goal: Array | float, initial_stats: RunningStats
) -> tuple[Array, Mask, RunningStats]:
    """Run the plan from x0 (d, n): the last points, which lanes are alive, and the statistics after `initial_stats`."""
    d, lanes = x0.shape
    width = -(-lanes // BLOCK_LANES) * BLOCK_LANES
    rows = np.zeros((len(plan.next_inputs), width))  # the lanes that pad the last block are dead
    leaves = (leaf for leaf in list_leaves(state) if isinstance(leaf, np.ndarray) and leaf.shape[-1:] == (lanes,))
    remembered = [lane for leaf in leaves for lane in leaf.reshape(-1, lanes)]
    known = [*x0, *remembered, goal, np.isfinite(x0).all(axis=0), *initial_stats]
    for row, values in zip(rows, known, strict=True):
        row[:lanes] = values
    columns = np.zeros((len(plan.columns), width))
    if len(columns):  # a plan without columns fits any number of lanes
        columns[:, :lanes] = plan.columns
    get_kernel(plan.operations, plan.next_inputs, plan.alive, plan.reciprocals)(rows, columns, plan.table)
    rows = rows[:, :lanes]
    return rows[:d].copy(), rows[-len(initial_stats) - 1] != 0, RunningStats(*rows[-len(initial_stats) :].copy())
