"""Compile straight-line operations with LLVM: a loop over the steps that keeps the numbers of all lanes in registers.

NumPy goes through memory for every operation. The machine code reads a block of lanes once, takes all its steps in the
processor's registers, and writes it once. Each operation is the same IEEE 754 operation as NumPy's, rounded in the same
way and never fused with another, so that the results are the same to the last bit.
"""

import ctypes
from collections.abc import Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from optimizers.compiler.symbolic_values import Operation, is_mask

BLOCK_LANES = 32  # lanes in a block: several of the widest registers, so that one division need not wait for another
MAX_KERNELS = 64  # compiled kernels that are kept
F64, I1, I64 = f"<{BLOCK_LANES} x double>", f"<{BLOCK_LANES} x i1>", f"<{BLOCK_LANES} x i64>"

Floats = NDArray[np.float64]

ARITHMETIC_INSTRUCTIONS = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
COMPARISON_PREDICATES = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
INTRINSICS = {"sqrt": "sqrt", "abs": "fabs", "floor": "floor"}
# The operands that no instruction computes, and the first letters of their names.
OPERAND_PREFIXES = {"input": "i", "mask": "i", "column": "c", "number": "n"}

EXPONENT_BITS = 0x7FF0000000000000  # of a double, and infinity
MIN_NUMERATOR, MAX_NUMERATOR = 2.0**-400, 2.0**400  # between these a numerator is divided without a division,
MAX_DIVISOR = 2.0**100  # and by a number that is not so far from 1


class Kernel:
    """Machine code for many steps of all lanes."""

    def __init__(
        self, operations: Sequence[Operation], next_inputs: Sequence[int], alive: int, reciprocals: Sequence[int]
    ) -> None:
        """`next_inputs[i]`: the operation that becomes input i of the next step. The loop ends when no lane is `alive`.

        `reciprocals` are the indices of the numbers whose reciprocals are in the table, see `append_reciprocals`.
        """
        module = llvm.parse_assembly(emit_llvm(operations, next_inputs, alive, reciprocals))
        module.verify()
        machine = create_target_machine()
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
        builder.getModulePassManager().run(module, builder)
        self.engine = llvm.create_mcjit_compiler(module, machine)
        self.engine.finalize_object()
        pointer, count = ctypes.c_void_p, ctypes.c_int64
        address = self.engine.get_function_address("run")
        self.run = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, count, count)(address)

    def __call__(self, inputs: Floats, columns: Floats, table: Floats) -> None:
        """Advance `inputs` (n inputs, lanes) in place, one step for each row of the `table` (steps, n).

        A mask is 1 or 0. `lanes` is a multiple of `BLOCK_LANES`. The interpreter lock is released meanwhile.
        """
        lanes = inputs.shape[1]
        if lanes % BLOCK_LANES or not all(
            a.flags.c_contiguous and a.dtype == np.float64 for a in (inputs, columns, table)
        ):
            raise ValueError(f"the arrays must be contiguous doubles with a multiple of {BLOCK_LANES} lanes")
        self.run(inputs.ctypes.data, columns.ctypes.data, table.ctypes.data, lanes, len(table))


def get_kernel(
    operations: tuple[Operation, ...], next_inputs: tuple[int, ...], alive: int, reciprocals: tuple[int, ...]
) -> Kernel:
    """Compile a kernel once, even where several threads ask for it at the same time."""
    with compile_lock:
        return _cached_kernel(operations, next_inputs, alive, reciprocals)


compile_lock = Lock()
_cached_kernel = lru_cache(maxsize=MAX_KERNELS)(Kernel)


def append_reciprocals(operations: Sequence[Operation], numbers: Floats) -> tuple[Floats, tuple[int, ...]]:
    """Append the reciprocals of all divisors to the numbers (steps, n); return the table and the divisors' indices.

    No reciprocals are added unless the size of every divisor is in [1 / `MAX_DIVISOR`, `MAX_DIVISOR`].
    """
    divisions = (operation for operation in operations if operation[0] == "div")
    by = tuple(sorted({operations[number][1] for _, _, number in divisions if operations[number][0] == "number"}))
    size = np.abs(numbers[:, by])
    inverted = by if ((size >= 1 / MAX_DIVISOR) & (size <= MAX_DIVISOR)).all() else ()
    return np.concatenate((numbers, 1 / numbers[:, inverted]), axis=1), inverted


def create_target_machine() -> Any:
    """A description of this processor for one compiler, which becomes its owner."""
    initialize_llvm()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
    )


@cache
def initialize_llvm() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def emit_llvm(
    operations: Sequence[Operation], next_inputs: Sequence[int], alive: int, reciprocals: Sequence[int]
) -> str:
    """The kernel as LLVM assembly."""
    masks, numbers, columns = (
        {operation[1] for operation in operations if operation[0] == word} for word in ("mask", "number", "column")
    )
    count = 1 + max(numbers, default=-1)
    text = [
        *(f"declare {F64} @llvm.{name}.v{BLOCK_LANES}f64({F64})" for name in INTRINSICS.values()),
        f"declare {F64} @llvm.fma.v{BLOCK_LANES}f64({F64}, {F64}, {F64})",
        "define void @run(ptr noalias %inputs, ptr noalias %columns, ptr %numbers, i64 %lanes, i64 %steps) #0 {",
        "entry:",
        "%some = icmp sgt i64 %lanes, 0",
        "br i1 %some, label %block, label %end",
        "block:",
        "%lane = phi i64 [0, %entry], [%lane.next, %out]",
        *(line for i in range(len(next_inputs)) for line in emit_load(f"i{i}.first", "inputs", i)),
        *(f"%i{i}.mask = fcmp une {F64} %i{i}.first, zeroinitializer" for i in sorted(masks)),
        *(line for c in sorted(columns) for line in emit_load(f"c{c}", "columns", c)),
        "br label %step",
        "step:",
        "%t = phi i64 [0, %block], [%t.next, %latch]",
    ]  # fmt: skip
    kinds = [I1 if i in masks else F64 for i in range(len(next_inputs))]
    for i, kind in enumerate(kinds):
        first = f"%i{i}.mask" if i in masks else f"%i{i}.first"
        text.append(f"%i{i} = phi {kind} [{first}, %block], [%i{i}.next, %latch]")
    text.append(f"%t.row = mul i64 %t, {count + len(reciprocals)}")
    for n in sorted(numbers):
        text += emit_broadcast(f"n{n}", n)
    for i, n in enumerate(reciprocals):
        text += emit_broadcast(f"r{n}", count + i)

    text += emit_operations(operations, "v", reciprocals)
    careful = emit_careful_operations(operations, reciprocals)
    text += [*careful, "br label %latch", "latch:"]
    results = [(f"%i{i}.next", kind, next_inputs[i]) for i, kind in enumerate(kinds)] + [("%alive", I1, alive)]
    for name, kind, index in results:
        usual, other = (value_name(operations, index, letter) for letter in "vw")
        text.append(f"{name} = phi {kind} [{usual}, %step]" + (f", [{other}, %careful]" if careful else ""))
    text += [
        "%t.next = add i64 %t, 1",
        "%more = icmp slt i64 %t.next, %steps",
        *emit_any("living", "%alive"),
        "%go = and i1 %more, %living.any",
        "br i1 %go, label %step, label %out",
        "out:",
    ]
    changed = [i for i, index in enumerate(next_inputs) if operations[index] not in (("input", i), ("mask", i))]
    text += emit_stores(changed, masks)
    text += [
        f"%lane.next = add i64 %lane, {BLOCK_LANES}",
        "%left = icmp slt i64 %lane.next, %lanes",
        "br i1 %left, label %block, label %end",
        "end:", "ret void", "}",
        'attributes #0 = { nounwind "prefer-vector-width"="512" "min-legal-vector-width"="512" }',
    ]  # fmt: skip
    return "\n".join(text)


def emit_stores(changed: Sequence[int], masks: set[int]) -> list[str]:
    """Write the inputs of the next step to where those of the first were read."""
    text = []
    for i in changed:
        last = f"%i{i}.next"
        if i in masks:
            text.append(f"%i{i}.last = uitofp {I1} {last} to {F64}")
            last = f"%i{i}.last"
        text.append(f"store {F64} {last}, ptr %i{i}.first.at, align 8")
    return text


def emit_careful_operations(operations: Sequence[Operation], reciprocals: Sequence[int]) -> list[str]:
    """The operations again without reciprocals, for where a division by one may be wrong in a living lane; or none."""
    text, unsafe = [], "zeroinitializer"  # the lanes in which it may be
    for index in find_reciprocal_divisions(operations, reciprocals):
        text.append(f"%unsafe.{index} = or {I1} {unsafe}, %v{index}.unsafe")
        unsafe = f"%unsafe.{index}"
    if not text:
        return []
    living = next(operation[1] for operation in operations if operation[0] == "mask")
    text.append(f"%unsafe.alive = and {I1} {unsafe}, %i{living}")
    text += [*emit_any("careful", "%unsafe.alive"), "br i1 %careful.any, label %careful, label %latch", "careful:"]
    return text + emit_operations(operations, "w", ())


def emit_load(name: str, base: str, row: int) -> list[str]:
    """Load a block of lanes from a row of a matrix."""
    return [
        f"%{name}.row = mul i64 %lanes, {row}",
        f"%{name}.place = add i64 %{name}.row, %lane",
        f"%{name}.at = getelementptr double, ptr %{base}, i64 %{name}.place",
        f"%{name} = load {F64}, ptr %{name}.at, align 8",
    ]


def emit_broadcast(name: str, column: int) -> list[str]:
    """Load a number of the step into all lanes of a block."""
    return [
        f"%{name}.place = add i64 %t.row, {column}",
        f"%{name}.at = getelementptr double, ptr %numbers, i64 %{name}.place",
        f"%{name}.one = load double, ptr %{name}.at, align 8",
        f"%{name}.head = insertelement {F64} poison, double %{name}.one, i64 0",
        f"%{name} = shufflevector {F64} %{name}.head, {F64} poison, <{BLOCK_LANES} x i32> zeroinitializer",
    ]


def emit_any(name: str, mask: str) -> list[str]:
    return [
        f"%{name}.bits = bitcast {I1} {mask} to i{BLOCK_LANES}",
        f"%{name}.any = icmp ne i{BLOCK_LANES} %{name}.bits, 0",
    ]


def find_reciprocal_divisions(operations: Sequence[Operation], reciprocals: Sequence[int]) -> list[int]:
    """The divisions by a number whose reciprocal is in the table."""
    return [
        index
        for index, (word, *about) in enumerate(operations)
        if word == "div" and operations[about[1]][0] == "number" and operations[about[1]][1] in reciprocals
    ]


def emit_operations(operations: Sequence[Operation], letter: str, reciprocals: Sequence[int]) -> list[str]:
    """Emit all operations of a step; each result is named by `letter` and its index."""
    quick = set(find_reciprocal_divisions(operations, reciprocals))
    text = []
    for index, (word, *about) in enumerate(operations):
        if word in OPERAND_PREFIXES:
            continue
        operands = [value_name(operations, one, letter) for one in about]
        kinds = [I1 if is_mask(operations, one) else F64 for one in about]
        if index in quick:
            text += emit_quotient(f"%{letter}{index}", *operands)
        else:
            text += emit_instruction(f"%{letter}{index}", word, operands, kinds)
    return text


def value_name(operations: Sequence[Operation], index: int, letter: str) -> str:
    word, *about = operations[index]
    return f"%{OPERAND_PREFIXES[word]}{about[0]}" if word in OPERAND_PREFIXES else f"%{letter}{index}"


def splat(kind: str, value: str) -> str:
    return f"<{', '.join([f'{kind} {value}'] * BLOCK_LANES)}>"


def emit_quotient(v: str, a: str, b: str) -> list[str]:
    r"""$a / b$ as a division rounds it, from $r$, the rounded $1 / b$.

    $$ q_0 = a r, \qquad q_{i+1} = q_i + (a - q_i b)\, r $$

    each by one rounding: $q_1$ is off by less than a unit in the last place, and so $q_2$ is the rounded quotient.
    Markstein (1990), *IBM J. Res. Dev.* 34(1), theorem 8.3; Muller et al. (2018), *Handbook of Floating-Point
    Arithmetic*, section 4.7. Only as long as nothing overflows or underflows, which `unsafe` says of $a$. Of $a = +0$
    all terms are exact, and the sign is that of $b$; a gradient has many zeros.
    """
    r, fma = "%r" + b.removeprefix("%n"), f"call {F64} @llvm.fma.v{BLOCK_LANES}f64"
    low, high = (np.float64(end).view(np.int64) for end in (MIN_NUMERATOR, MAX_NUMERATOR))
    text = [f"{v}.0 = fmul {F64} {a}, {r}", f"{v}.b = fneg {F64} {b}"]
    for q, into in ((f"{v}.0", f"{v}.1"), (f"{v}.1", v)):
        text += [
            f"{into}.rest = {fma}({F64} {q}, {F64} {v}.b, {F64} {a})",
            f"{into} = {fma}({F64} {into}.rest, {F64} {r}, {F64} {q})",
        ]
    return [
        *text,
        f"{v}.i = bitcast {F64} {a} to {I64}",
        f"{v}.e = and {I64} {v}.i, {splat('i64', str(EXPONENT_BITS))}",
        f"{v}.d = sub {I64} {v}.e, {splat('i64', str(low))}",
        f"{v}.far = icmp ugt {I64} {v}.d, {splat('i64', str(high - low))}",
        f"{v}.some = icmp ne {I64} {v}.i, zeroinitializer",
        f"{v}.unsafe = and {I1} {v}.far, {v}.some",
    ]


def emit_instruction(v: str, word: str, operands: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Emit one operation."""
    a, b, c = (*operands, *operands, *operands)[:3]
    if word in ARITHMETIC_INSTRUCTIONS:
        return [f"{v} = {ARITHMETIC_INSTRUCTIONS[word]} {F64} {a}, {b}"]
    if word in COMPARISON_PREDICATES:
        return [f"{v} = fcmp {COMPARISON_PREDICATES[word]} {F64} {a}, {b}"]
    if word in INTRINSICS:
        return [f"{v} = call {F64} @llvm.{INTRINSICS[word]}.v{BLOCK_LANES}f64({F64} {a})"]
    if word in ("and", "or"):
        return [f"{v} = {word} {I1} {a}, {b}"]
    if word in ("maximum", "minimum"):  # NaN where one of the two is
        return [
            f"{v}.c = fcmp {'ogt' if word == 'maximum' else 'olt'} {F64} {a}, {b}",
            f"{v}.n = fcmp uno {F64} {a}, {a}",
            f"{v}.f = or {I1} {v}.c, {v}.n",
            f"{v} = select {I1} {v}.f, {F64} {a}, {F64} {b}",
        ]
    sequences = {
        "neg": [f"{v} = fneg {F64} {a}"],
        "float": [f"{v} = uitofp {I1} {a} to {F64}"],
        "not": [f"{v} = xor {I1} {a}, {splat('i1', 'true')}"],
        "where": [f"{v} = select {I1} {a}, {kinds[-1]} {b}, {kinds[-1]} {c}"],
        "sign": [  # 1, -1, or, where it is neither greater nor less than 0, the number itself: 0 or NaN
            f"{v}.p = fcmp ogt {F64} {a}, zeroinitializer",
            f"{v}.m = fcmp olt {F64} {a}, zeroinitializer",
            f"{v}.l = select {I1} {v}.m, {F64} {splat('double', '-1.0')}, {F64} {a}",
            f"{v} = select {I1} {v}.p, {F64} {splat('double', '1.0')}, {F64} {v}.l",
        ],
        "isfinite": [
            f"{v}.a = call {F64} @llvm.fabs.v{BLOCK_LANES}f64({F64} {a})",
            f"{v} = fcmp olt {F64} {v}.a, {splat('double', hex(EXPONENT_BITS))}",
        ],
    }
    return sequences[word]
