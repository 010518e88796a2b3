"""A single run on Python floats: the step is traced once, and its operations are interpreted; the bits are NumPy's.

NumPy needs a third of a microsecond for any operation, however short the array. Python needs a quarter of that for an
operation on two numbers, and in two dimensions there are few of them.
"""

import math
import operator
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.compiler.step_tracing import StepTrace, is_scalar, list_leaves, trace_step
from optimizers.compiler.symbolic_values import LIBRARY_UFUNCS, SymbolicScalar, Untraceable, next_indices
from surfaces.base import Array, Problem, Surface
from surfaces.observers.evaluation_counter import CountedProblem
from surfaces.observers.interruption import InterruptibleProblem

MIN_SCALAR_STEPS = 100  # steps, from which on tracing costs less than it saves


Function = Callable[..., Any]
ScalarInstruction = tuple[Function, int, int, int, int, int]  # indices of 3 operands, how many count, index of result
SCALAR_FUNCTIONS: dict[str, Function] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "abs": abs, "sqrt": math.sqrt, "isfinite": math.isfinite, "float": float, "not": operator.not_,
    "and": operator.and_, "or": operator.or_, "lt": operator.lt, "le": operator.le, "gt": operator.gt,
    "ge": operator.ge, "eq": operator.eq, "ne": operator.ne, "where": lambda c, a, b: a if c else b,
    # Of 0 and -0 the second, as NumPy on x86-64; on arm64 that takes the one with the greater or the lesser sign.
    "maximum": lambda a, b: a if a > b or a != a else b,  # noqa: PLR0124 -- NaN
    "minimum": lambda a, b: a if a < b or a != a else b,  # noqa: PLR0124
    "floor": lambda a: float(math.floor(a)) or 0.0 * a,  # of -0 that is -0
    "sign": lambda a: 1.0 if a > 0 else -1.0 if a < 0 else a + 0.0,
    **{word: lambda *operands, call=call: float(call(*operands)) for call, word in LIBRARY_UFUNCS.items()},
}  # fmt: skip


class ScalarRun(NamedTuple):
    """The beginning of a run, as far as it stays finite."""

    x: Array  # (n + 1, d), the start first
    states: list[State]  # n + 1
    is_at_rest: bool  # nothing can change any more


class ScalarProgram(NamedTuple):
    """A step as a list of operations on a list of numbers."""

    registers: list[Any]  # the initial list: point and state, t, constants, and room for results
    instructions: list[ScalarInstruction]
    step_register: int  # the index of the step number
    next_registers: list[int]  # the indices of the next point and state


def run_scalar(optimizer: Optimizer, problem: Problem, x0: Array, steps: int, patience: int) -> ScalarRun | None:
    """Run from `x0` (d,) until a number is not finite or `patience` steps in a row changed nothing.

    None where NumPy has to do it: where a step needs more than the operations of `SCALAR_FUNCTIONS`, as line searches
    do, which branch on values, and where the problem is not a surface, possibly with its evaluations counted.
    """
    surface: Any = problem
    while isinstance(surface, (CountedProblem, InterruptibleProblem)):
        surface = surface.problem
    if steps < MIN_SCALAR_STEPS or not isinstance(surface, Surface) or not np.isfinite(x0).all():
        return None
    asked = CountedProblem(surface)
    state = optimizer.init(x0)
    try:
        step = compile_scalar(trace_step(optimizer, asked.at(1), x0.size, x0.size + 1, is_single=True))
    except Exception:  # formulas may raise anything when given symbols; a true fault is raised again by NumPy's run
        return None
    x1, state1 = optimizer.step(surface, x0, state, 1)
    begun = (*x0.tolist(), *flatten_state(state))
    if len(begun) != len(step.next_registers):
        return None
    rows = [begun]
    resting = False
    with suppress(ZeroDivisionError, OverflowError, ValueError):  # where NumPy gives infinity or NaN
        resting = execute(step, rows, steps, patience)
    if len(rows) == 1 or rows[1] != (*x1.tolist(), *flatten_state(state1)):
        return None
    if isinstance(problem, CountedProblem):
        problem.add_steps(range(1, len(rows)), asked.cumulative_calls(1)[:, 1])
    block = np.array(rows)
    d = x0.size
    return ScalarRun(block[:, :d], [state, *rebuild_states(state1, block[1:], iter(range(d, block.shape[1])))], resting)


def execute(step: ScalarProgram, rows: list[tuple[float, ...]], steps: int, patience: int) -> bool:
    """Take up to `steps` steps and append point and state after each to `rows`. Return whether the run is at rest."""
    registers, instructions, time, next_registers = step
    before, count, still = rows[-1], len(next_registers), 0
    remembered = operator.itemgetter(*next_registers)
    for t in range(1, steps + 1):
        registers[:count] = before
        registers[time] = t
        for function, a, b, c, operands, index in instructions:
            if operands == 2:
                registers[index] = function(registers[a], registers[b])
            elif operands == 1:
                registers[index] = function(registers[a])
            else:
                registers[index] = function(registers[a], registers[b], registers[c])
        now = remembered(registers)
        if not math.isfinite(sum(now)):
            return False
        rows.append(now)
        still = still + 1 if now == before and t > 1 else 0
        if still == patience:
            return True
        before = now
    return False


def compile_scalar(step: StepTrace) -> ScalarProgram:
    """Translate a traced step into operations on numbers."""
    tape = step.tape
    if tape.columns:
        raise Untraceable("a number for each lane")
    kept = [(step.x, step.x_next), *((old, new) for old, new, _ in step.state)]
    registers: list[Any] = [None] * sum(1 if isinstance(old, SymbolicScalar) else old.indices.size for old, _ in kept)
    terms: dict[int, int] = {}  # term -> index in `registers`
    operations: dict[int, int] = {}
    room = iter(range(len(registers)))
    for old, _ in kept:
        if isinstance(old, SymbolicScalar):
            terms[old.index] = next(room)
        else:
            operations |= {int(index): next(room) for index in old.indices.ravel()}

    def hold(value: Any = None) -> int:
        """The index of a number of the step, or of `value`, which is appended."""
        if isinstance(value, SymbolicScalar):
            return terms[value.index]
        registers.append(value)
        return len(registers) - 1

    terms[step.t.index] = hold()
    instructions: list[ScalarInstruction] = []

    def do(function: Function, *operands: int) -> int:
        a, b, c, *more = (*operands, 0, 0)
        if len(more) > 2:
            raise Untraceable("more than three operands")
        instructions.append((function, a, b, c, len(operands), index := hold()))
        return index

    for index, (function, operands) in enumerate(step.scalar_operations):
        if index not in terms:
            terms[index] = do(function, *map(hold, operands))
    for index, (word, *about) in enumerate(tape.operations):
        if word == "number":
            number = tape.constants[about[0]]
            operations[index] = do(float, hold(number)) if isinstance(number, SymbolicScalar) else hold(number)
        elif index not in operations:
            operations[index] = do(SCALAR_FUNCTIONS[word], *(operations[operand] for operand in about))
    next_registers = []
    for old, new in kept:
        if isinstance(old, SymbolicScalar):
            next_registers.append(hold(new))
        else:
            next_registers += [operations[index] for index in next_indices(old, new)]
    return ScalarProgram(registers, instructions, terms[step.t.index], next_registers)


def flatten_state(state: State) -> list[float]:
    """All numbers of a state in one list."""
    return [number for leaf in list_leaves(state) if is_numeric(leaf) for number in np.ravel(leaf).tolist()]


def is_numeric(leaf: Any) -> bool:
    return isinstance(leaf, np.ndarray) or is_scalar(leaf)


def rebuild_states(state: State, block: Array, columns: Iterator[int]) -> list[Any]:
    """For each row of the `block` (n, columns), a state structured as `state`, filled from the next columns."""
    if isinstance(state, dict):
        return [dict(zip(state, row, strict=True)) for row in rebuild_states(tuple(state.values()), block, columns)]
    if isinstance(state, tuple) and state:
        parts = zip(*(rebuild_states(part, block, columns) for part in state), strict=True)
        return [type(state)(*row) for row in parts] if hasattr(state, "_fields") else list(parts)
    if not is_numeric(state):
        return [state] * len(block)
    mine = list(islice(columns, np.size(state)))
    part = block[:, mine].astype(np.asarray(state).dtype, copy=False)
    if isinstance(state, np.ndarray):
        return (
            list(part.reshape(len(part), *state.shape)) if state.ndim else [np.asarray(number) for number in part[:, 0]]
        )
    return [type(state)(number) for number in part[:, 0].tolist()]
