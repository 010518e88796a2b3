"""A step written down once and done by machine code for all lanes: what `sweeps.ends` finds, the same bits, sooner."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.base import Optimizer, State
from optimizers.compiler.llvm_codegen import BLOCK_LANES, append_reciprocals, get_kernel
from optimizers.compiler.step_tracing import list_leaves, trace_step
from optimizers.compiler.symbolic_values import Operation, SymbolicScalar, evaluate_scalars, next_indices
from optimizers.numerics.vector_products import Mask
from optimizers.run_outcomes import RunningStats, update_stats
from surfaces.base import Array, Problem, Surface

MIN_LANE_STEPS = 500_000  # steps of lanes, from which on machine code is made sooner than NumPy would be done


class Plan(NamedTuple):
    """The operations of a step, with everything that they need but the starts; it can be sent to other processes."""

    operations: tuple[Operation, ...]
    becomes: tuple[int, ...]  # for each row of what is remembered of a lane, the operation that it is next
    alive: int  # the operation that tells whether a lane is alive
    inverted: tuple[int, ...]  # the numbers of which the inverses stand behind all in the table
    table: NDArray[np.float64]  # (steps, n): what is the same in all lanes
    columns: NDArray[np.float64]  # (n, lanes): hyperparameters that have a number for each lane

    def of(self, lanes: slice) -> "Plan":
        return self._replace(columns=self.columns[:, lanes])


def make_plan(optimizer: Optimizer, problem: Problem, d: int, lanes: int, steps: int, goal: bool = True) -> Plan | None:
    """The plan for so many steps of so many lanes in d dimensions; None where it has to be left to NumPy.

    That is so for a step that decides by what a lane is, as line searches do, for functions that no processor computes
    in one correctly rounded operation, such as exp, and for problems that are more than a surface.
    Without a `goal` none is looked out for, which takes less time.
    """
    if not isinstance(problem, Surface) or steps < 1 or lanes < 2:
        return None
    try:
        with np.errstate(all="ignore"):
            return _make_plan(optimizer, problem, d, lanes, steps, goal)
    except Exception:  # whatever formulas do with what is no array; if it is a fault, NumPy will tell
        return None


def _make_plan(optimizer: Optimizer, problem: Surface, d: int, lanes: int, steps: int, wanted: bool) -> Plan:
    step = trace_step(optimizer, problem.at(1), d, lanes)
    sheet, terms, t = step.sheet, step.terms, step.t
    goal, alive = sheet.symbols(()), sheet.symbols((), mask=True)
    before: Any = RunningStats(*(sheet.symbols(()) for _ in RunningStats._fields))  # type: ignore[arg-type]

    alive_next = alive & np.isfinite(step.x_next).all(axis=0)
    x_next = np.where(alive_next, step.x_next, step.x)
    after = update_stats(before, problem.value(x_next), alive_next, t, goal)  # type: ignore[arg-type]

    if not wanted:
        after = after._replace(reached_step=before.reached_step, settled_step=before.settled_step)
    kept = [(step.x, x_next), *step.remembered, (goal, goal), (alive, alive_next), *zip(before, after, strict=True)]
    becomes = tuple(place for old, new in kept for place in next_indices(old, new))
    numbers, carried = [], {place: begun for place, _, begun in step.changing}
    for now in range(1, steps + 1):
        values = evaluate_scalars(terms, carried | {t.place: now})
        carried = {
            place: values[new.place] if isinstance(new, SymbolicScalar) else new for place, new, _ in step.changing
        }
        numbers.append([values[n.place] if isinstance(n, SymbolicScalar) else n for n in sheet.numbers])
    operations, columns = tuple(sheet.operations), np.array(sheet.columns).reshape(-1, lanes)
    table, inverted = append_reciprocals(operations, np.array(numbers, dtype=np.float64).reshape(steps, -1))
    return Plan(operations, becomes, int(sheet.places(alive_next)), inverted, table, columns)


def run_plan(
    plan: Plan, memory: State, x0: Array, goal: Array | float, first: RunningStats
) -> tuple[Array, Mask, RunningStats]:
    """All steps of the plan from x0 (d, n): the last points, who is alive there, and what was seen after `first`."""
    d, lanes = x0.shape
    width = -(-lanes // BLOCK_LANES) * BLOCK_LANES
    rows = np.zeros((len(plan.becomes), width))  # lanes that are only there to fill the last block are dead
    remembered = [lane for leaf in list_leaves(memory) if has_lanes(leaf, lanes) for lane in leaf.reshape(-1, lanes)]
    known = [*x0, *remembered, goal, np.isfinite(x0).all(axis=0), *first]
    for row, values in zip(rows, known, strict=True):
        row[:lanes] = values
    columns = np.zeros((len(plan.columns), width))
    if len(columns):  # without, the plan is for any lanes
        columns[:, :lanes] = plan.columns
    get_kernel(plan.operations, plan.becomes, plan.alive, plan.inverted)(rows, columns, plan.table)
    rows = rows[:, :lanes]
    return rows[:d].copy(), rows[-len(first) - 1] != 0, RunningStats(*rows[-len(first) :].copy())


def has_lanes(leaf: Any, lanes: int) -> bool:
    return isinstance(leaf, np.ndarray) and leaf.shape[-1:] == (lanes,)
