"""Step after step of one long point in machine code, where no coordinate depends on another: NumPy's bits, in place.

NumPy goes through memory for every operation of a step; the machine code reads each coordinate once and writes it once.
Each coordinate is a lane of a `Kernel`.
"""

from collections import Counter
from collections.abc import Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from optimizers.base import Optimizer, State
from optimizers.compiler.llvm_codegen import BLOCK_LANES, append_reciprocals, get_kernel
from optimizers.compiler.step_tracing import StepTrace, is_scalar, list_leaves, map_leaves, trace_step
from optimizers.compiler.symbolic_values import (
    Operation,
    SymbolicArray,
    SymbolicScalar,
    Untraceable,
    evaluate_scalars,
    next_indices,
)
from surfaces.base import Array

MIN_COORDINATE_STEPS = 10_000_000  # of one kind of step, from which on compiling costs less than it saves
POINT, GRADIENT, BEFORE, STATE = range(4)  # rows of the kernel's inputs; the state has as many as it needs


class CoordinateProgram(NamedTuple):
    """The operations of a step on one coordinate, and the numbers that all coordinates share."""

    operations: tuple[Operation, ...]
    next_inputs: tuple[int, ...]  # for each row of the inputs, the operation that gives its next value
    alive: int
    trace: StepTrace  # has the numbers

    def tabulate(self, first: int, scalars: Sequence[Any], count: int) -> "NumberTable":
        """The numbers of steps `first`, `first` + 1, ..., if those of the state are `scalars` before."""
        terms, t, constants = self.trace.scalar_operations, self.trace.t, self.trace.tape.constants
        numbers, carried = np.empty((count, len(constants))), [tuple(scalars)]
        kept = self.trace.scalar_state
        if not kept and not any(isinstance(n, SymbolicScalar) for n in constants):
            numbers[:] = constants
            carried *= count + 1
        else:
            for t_now, row in enumerate(numbers, first):
                known = {index: value for (index, _, _), value in zip(kept, carried[-1], strict=True)}
                values = evaluate_scalars(terms, known | {t.index: t_now})
                row[:] = [values[n.index] if isinstance(n, SymbolicScalar) else n for n in constants]
                carried.append(tuple(values[n.index] if isinstance(n, SymbolicScalar) else n for _, n, _ in kept))
        table, reciprocals = append_reciprocals(self.operations, numbers)
        return NumberTable(first, np.ascontiguousarray(table), reciprocals, carried)


class NumberTable(NamedTuple):
    """Numbers that all coordinates share, in some steps."""

    first: int  # the first of the steps
    rows: Array  # (steps, n) for the `Kernel`
    reciprocals: tuple[int, ...]  # see `Kernel`
    scalars: list[tuple[Any, ...]]  # the numbers in the optimizer's state before each step, and after the last


class GradientSymbol:
    """An objective of which a step may ask the gradient at its first point, and nothing else."""

    def __init__(self) -> None:
        self.x: SymbolicArray | None = None
        self.gradient: SymbolicArray | None = None

    def grad(self, x: SymbolicArray) -> SymbolicArray:
        if self.gradient is None:
            self.x, self.gradient = x, x.tape.new_inputs(x.indices.shape)
        elif self.x is None or not np.array_equal(x.indices, self.x.indices):
            raise Untraceable("a gradient at another point")
        return self.gradient


def make_program(optimizer: Optimizer) -> CoordinateProgram | None:
    """The program of an optimizer's step; None where NumPy has to take it.

    NumPy has to take steps in which coordinates depend on one another, as by a norm, which ask for more than one
    gradient, or branch on values.
    """
    try:
        with np.errstate(all="ignore"):
            return _make_program(optimizer)
    except Exception:  # formulas may raise anything when given symbols; a true fault is raised again by NumPy's step
        return None


def _make_program(optimizer: Optimizer) -> CoordinateProgram:
    """Two coordinates are traced, and have to do the same, each by itself."""
    f = GradientSymbol()
    trace = trace_step(optimizer, f, d=2, lanes=3)  # type: ignore[arg-type]
    if f.x is None or not np.array_equal(f.x.indices, trace.x.indices):
        raise Untraceable("a step without its gradient")
    before = trace.tape.new_inputs((2,))
    rows: list[tuple[Any, Any]] = [(trace.x, trace.x_next), (f.gradient, f.gradient), (before, trace.x)]
    rows += trace.lane_state
    if any(old.indices.shape != (2,) for old, _ in rows):
        raise Untraceable("a state that is not a number for each coordinate")
    alive = trace.tape.new_inputs((2,), mask=True)
    one, other = (_follow_coordinate(trace, [*rows, (alive, alive)], k) for k in range(2))
    if one != other:
        raise Untraceable("coordinates that do not do the same")
    return CoordinateProgram(*one, trace)


def _follow_coordinate(
    trace: StepTrace, rows: list[tuple[Any, Any]], k: int
) -> tuple[tuple[Operation, ...], tuple[int, ...], int]:
    """The operations that the next values of coordinate k depend on, numbered anew; then `next_inputs` and `alive`."""
    operations = trace.tape.operations
    row_of = {int(old.indices[k]): row for row, (old, _) in enumerate(rows)}
    becomes = [next_indices(old, new)[k] for old, new in rows]
    needed, found = set(), [*becomes, *row_of]
    while found:
        index = found.pop()
        if index not in needed:
            needed.add(index)
            found += [] if is_operand(operations[index]) else operations[index][1:]
    new_indices: dict[int, int] = {}
    kept: list[Operation] = []
    for index in sorted(needed):
        word, *about = operations[index]
        if word == "column" or (word in ("input", "mask") and index not in row_of):
            raise Untraceable("coordinates that see one another")
        if word in ("input", "mask"):
            about = [row_of[index]]
        elif word != "number":
            about = [new_indices[one] for one in about]
        new_indices[index] = len(kept)
        kept.append((word, *about))
    alive = new_indices[becomes[-1]]
    return tuple(kept), tuple(new_indices[index] for index in becomes), alive


def is_operand(operation: Operation) -> bool:
    """It computes nothing: what follows its name is no operation."""
    return operation[0] in ("input", "mask", "number", "column")


class CoordinateSteps:
    """Point, gradient and state of one run, which its steps change in place.

    Write the gradient at `x` (d,) into `gradient` (d,), then `take` a step: `before` (d,) is where it began.
    """

    def __init__(self, program: CoordinateProgram, x: Array, state: State) -> None:
        self._program, self._template = program, state
        width = -(-x.size // BLOCK_LANES) * BLOCK_LANES
        self._rows = np.zeros((len(program.next_inputs), width))  # the lanes that pad the last block are dead
        leaves = [leaf for leaf in list_leaves(state) if isinstance(leaf, np.ndarray)]
        for row, values in zip(self._rows[STATE:-1], leaves, strict=True):
            row[: x.size] = values
        self._rows[-1, : x.size] = 1
        self.x, self.gradient, self.before, *self._state = self._rows[:-1, : x.size]
        self.x[:] = x
        self._columns = np.zeros((0, width))
        self._addresses = self._rows.ctypes.data, self._columns.ctypes.data  # asking for them takes as long as a step
        self._table = NumberTable(0, np.empty((0, 0)), (), [])
        self._scalars: Sequence[Any] = [leaf for leaf in list_leaves(state) if is_scalar(leaf)]

    def plan(self, first: int, count: int) -> None:
        """Make ready to take steps `first`, `first` + 1, ..., so many."""
        program = self._program
        self._table = program.tabulate(first, self._scalars, count)
        self._table_address, self._stride = self._table.rows.ctypes.data, self._table.rows.strides[0]
        self._kernel = get_kernel(program.operations, program.next_inputs, program.alive, self._table.reciprocals)

    def take(self, t: int) -> None:
        """Take step t, one of those that were planned."""
        k = t - self._table.first
        if not 0 <= k < len(self._table.rows):  # the machine code would read what is not there
            raise ValueError(f"step {t} was not planned")
        self._kernel.run(*self._addresses, self._table_address + k * self._stride, self._rows.shape[1], 1)
        self._scalars = self._table.scalars[k + 1]

    def copy_state(self) -> State:
        """The optimizer's state after the last step."""
        arrays, scalars = iter(self._state), iter(self._scalars)

        def copy(leaf: Any) -> Any:
            if isinstance(leaf, np.ndarray):
                return next(arrays).copy()
            return next(scalars) if is_scalar(leaf) else leaf

        return map_leaves(copy, self._template)


class CompileCounter:
    """Lets a step be compiled once so many coordinates have taken it that this pays."""

    def __init__(self, least: int = MIN_COORDINATE_STEPS) -> None:
        self.least, self.lock = least, Lock()
        self.counts: Counter[tuple[Operation, ...]] = Counter()

    def count(self, program: CoordinateProgram, coordinate_steps: int) -> bool:
        """Count the steps that are about to be taken; whether it shall be compiled for them."""
        with self.lock:
            self.counts[program.operations] += coordinate_steps
            return self.counts[program.operations] >= self.least


compile_counter = CompileCounter()
