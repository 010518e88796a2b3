"""Straight-line operations as machine code: a loop over steps with all lanes' numbers in registers, made by LLVM.

NumPy goes through memory for every operation; here a block of lanes is read once, goes through all its steps in the
processor's registers, and is written once. Each operation is the IEEE 754 operation that NumPy's is, rounded in the
same way and never joined with another, so that the results are the same to the last bit.
"""

import ctypes
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from optimizers.compiler.symbolic_values import Operation, is_mask

WIDTH = 32  # lanes in a block: several of the widest registers, so that one division need not wait for another
KEPT = 64  # pieces of machine code
V, M, BITS = f"<{WIDTH} x double>", f"<{WIDTH} x i1>", f"<{WIDTH} x i64>"

Floats = NDArray[np.float64]

ARITHMETIC = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
COMPARISONS = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
LIBRARY = {"sqrt": "sqrt", "abs": "fabs"}
GIVEN = {"input": "i", "mask": "i", "column": "c", "number": "n"}  # what is computed elsewhere, and how it is named

EXPONENT = 0x7FF0000000000000  # of a double, and infinity
LEAST, MOST = 2.0**-400, 2.0**400  # between these a numerator is divided without a division,
MILD = 2.0**100  # and by a number that is not so far from 1


class Kernel:
    """Machine code for many steps of all lanes."""

    def __init__(
        self, operations: Sequence[Operation], inputs: Sequence[int], alive: int, inverted: Sequence[int]
    ) -> None:
        """`inputs[i]` is the operation that becomes input i in the next step; `alive` a mask: without any it ends.

        Of the numbers `inverted` the inverses are given, see `tabled`.
        """
        module = llvm.parse_assembly(written(operations, inputs, alive, inverted))
        module.verify()
        machine = target()
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
        builder.getModulePassManager().run(module, builder)
        self.engine = llvm.create_mcjit_compiler(module, machine)
        self.engine.finalize_object()
        pointer, count = ctypes.c_void_p, ctypes.c_int64
        address = self.engine.get_function_address("run")
        self.run = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, count, count)(address)

    def __call__(self, inputs: Floats, columns: Floats, table: Floats) -> None:
        """Change `inputs` (n inputs, lanes) by as many steps as the `table` of numbers (steps, n) has rows.

        A mask is 1 or 0. `lanes` is a multiple of `WIDTH`. Other threads of Python go on meanwhile.
        """
        lanes = inputs.shape[1]
        if lanes % WIDTH or not all(a.flags.c_contiguous and a.dtype == np.float64 for a in (inputs, columns, table)):
            raise ValueError(f"blocks of {WIDTH} lanes are wanted, of doubles that lie row by row")
        self.run(inputs.ctypes.data, columns.ctypes.data, table.ctypes.data, lanes, len(table))


def kernel(operations: tuple[Operation, ...], inputs: tuple[int, ...], alive: int, inverted: tuple[int, ...]) -> Kernel:
    """The same one for whoever asks again, and for those who ask at once."""
    with one_at_a_time:
        return _kernel(operations, inputs, alive, inverted)


one_at_a_time = Lock()
_kernel = lru_cache(maxsize=KEPT)(Kernel)


def tabled(operations: Sequence[Operation], numbers: Floats) -> tuple[Floats, tuple[int, ...]]:
    """The numbers (steps, n) with the inverses of those that lanes are divided by behind them; and which these are.

    None, if one of them is not between 1 / `MILD` and `MILD`.
    """
    divisions = (operation for operation in operations if operation[0] == "div")
    by = tuple(sorted({operations[number][1] for _, _, number in divisions if operations[number][0] == "number"}))
    size = np.abs(numbers[:, by])
    inverted = by if ((size >= 1 / MILD) & (size <= MILD)).all() else ()
    return np.concatenate((numbers, 1 / numbers[:, inverted]), axis=1), inverted


def target() -> Any:
    """This processor, for one compiler, which takes it into its possession."""
    initialize()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
    )


@cache
def initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def written(operations: Sequence[Operation], inputs: Sequence[int], alive: int, inverted: Sequence[int]) -> str:
    """The kernel in LLVM's language."""
    masks = {operation[1] for operation in operations if operation[0] == "mask"}
    numbers = {operation[1] for operation in operations if operation[0] == "number"}
    columns = {operation[1] for operation in operations if operation[0] == "column"}
    count = 1 + max(numbers, default=-1)
    text = [
        *(f"declare {V} @llvm.{name}.v{WIDTH}f64({V})" for name in LIBRARY.values()),
        f"declare {V} @llvm.fma.v{WIDTH}f64({V}, {V}, {V})",
        "define void @run(ptr noalias %inputs, ptr noalias %columns, ptr %numbers, i64 %lanes, i64 %steps) #0 {",
        "entry:",
        "%some = icmp sgt i64 %lanes, 0",
        "br i1 %some, label %block, label %end",
        "block:",
        "%lane = phi i64 [0, %entry], [%lane.next, %out]",
        *(line for i in range(len(inputs)) for line in loaded(f"i{i}.first", "inputs", i)),
        *(f"%i{i}.mask = fcmp une {V} %i{i}.first, zeroinitializer" for i in sorted(masks)),
        *(line for c in sorted(columns) for line in loaded(f"c{c}", "columns", c)),
        "br label %step",
        "step:",
        "%t = phi i64 [0, %block], [%t.next, %latch]",
    ]  # fmt: skip
    kinds = [M if i in masks else V for i in range(len(inputs))]
    for i, kind in enumerate(kinds):
        first = f"%i{i}.mask" if i in masks else f"%i{i}.first"
        text.append(f"%i{i} = phi {kind} [{first}, %block], [%i{i}.next, %latch]")
    text.append(f"%t.row = mul i64 %t, {count + len(inverted)}")
    for n in sorted(numbers):
        text += spread(f"n{n}", n)
    for i, n in enumerate(inverted):
        text += spread(f"r{n}", count + i)

    text += body(operations, "v", inverted)
    unsafe = [f"%v{place}.unsafe" for place in divided(operations, inverted)]
    if unsafe:
        text += folded("or", unsafe, "unsafe")
        living = next(operation[1] for operation in operations if operation[0] == "mask")
        text.append(f"%unsafe.alive = and {M} %unsafe, %i{living}")
        text += [*anywhere("careful", "%unsafe.alive"), "br i1 %careful.any, label %careful, label %latch", "careful:"]
        text += body(operations, "w", ())
    text += ["br label %latch", "latch:"]
    for i, (kind, becomes) in enumerate(zip(kinds, inputs, strict=True)):
        usual, careful = (name_of(operations, becomes, letter) for letter in "vw")
        ways = f"[{usual}, %step]" + (f", [{careful}, %careful]" if unsafe else "")
        text.append(f"%i{i}.next = phi {kind} {ways}")
    usual, careful = (name_of(operations, alive, letter) for letter in "vw")
    text += [
        f"%alive = phi {M} [{usual}, %step]" + (f", [{careful}, %careful]" if unsafe else ""),
        "%t.next = add i64 %t, 1",
        "%more = icmp slt i64 %t.next, %steps",
        *anywhere("living", "%alive"),
        "%go = and i1 %more, %living.any",
        "br i1 %go, label %step, label %out",
        "out:",
    ]
    for i in range(len(inputs)):
        last = f"%i{i}.next"
        if i in masks:
            text.append(f"%i{i}.last = uitofp {M} {last} to {V}")
            last = f"%i{i}.last"
        text.append(f"store {V} {last}, ptr %i{i}.first.at, align 8")
    text += [
        f"%lane.next = add i64 %lane, {WIDTH}",
        "%left = icmp slt i64 %lane.next, %lanes",
        "br i1 %left, label %block, label %end",
        "end:", "ret void", "}",
        'attributes #0 = { nounwind "prefer-vector-width"="512" "min-legal-vector-width"="512" }',
    ]  # fmt: skip
    return "\n".join(text)


def loaded(name: str, base: str, row: int) -> list[str]:
    """A block of lanes from a row of a matrix."""
    return [
        f"%{name}.row = mul i64 %lanes, {row}",
        f"%{name}.place = add i64 %{name}.row, %lane",
        f"%{name}.at = getelementptr double, ptr %{base}, i64 %{name}.place",
        f"%{name} = load {V}, ptr %{name}.at, align 8",
    ]


def spread(name: str, column: int) -> list[str]:
    """A number of the step, for all lanes."""
    return [
        f"%{name}.place = add i64 %t.row, {column}",
        f"%{name}.at = getelementptr double, ptr %numbers, i64 %{name}.place",
        f"%{name}.one = load double, ptr %{name}.at, align 8",
        f"%{name}.head = insertelement {V} poison, double %{name}.one, i64 0",
        f"%{name} = shufflevector {V} %{name}.head, {V} poison, <{WIDTH} x i32> zeroinitializer",
    ]


def anywhere(name: str, mask: str) -> list[str]:
    return [f"%{name}.bits = bitcast {M} {mask} to i{WIDTH}", f"%{name}.any = icmp ne i{WIDTH} %{name}.bits, 0"]


def folded(word: str, masks: Sequence[str], name: str) -> list[str]:
    """All masks as one."""
    names = [*(f"%{name}.{i}" for i in range(1, len(masks))), f"%{name}"]
    text, so_far = [f"{names[0]} = {word} {M} {masks[0]}, {masks[0]}"], names[0]
    for mask, into in zip(masks[1:], names[1:], strict=True):
        text.append(f"{into} = {word} {M} {so_far}, {mask}")
        so_far = into
    return text


def divided(operations: Sequence[Operation], inverted: Sequence[int]) -> list[int]:
    """The divisions by a number whose inverse is known."""
    return [
        place
        for place, (word, *about) in enumerate(operations)
        if word == "div" and operations[about[1]][0] == "number" and operations[about[1]][1] in inverted
    ]


def body(operations: Sequence[Operation], letter: str, inverted: Sequence[int]) -> list[str]:
    """All operations of a step, their results named by a letter and their places."""
    quick = set(divided(operations, inverted))
    text = []
    for place, (word, *about) in enumerate(operations):
        if word in GIVEN:
            continue
        operands = [name_of(operations, one, letter) for one in about]
        kinds = [M if is_mask(operations, one) else V for one in about]
        if place in quick:
            text += quotient(f"%{letter}{place}", *operands)
        else:
            text += instruction(f"%{letter}{place}", word, operands, kinds)
    return text


def name_of(operations: Sequence[Operation], place: int, letter: str) -> str:
    word, *about = operations[place]
    return f"%{GIVEN[word]}{about[0]}" if word in GIVEN else f"%{letter}{place}"


def splat(kind: str, value: str) -> str:
    return f"<{', '.join([f'{kind} {value}'] * WIDTH)}>"


def quotient(v: str, a: str, b: str) -> list[str]:
    r"""$a / b$ as a division rounds it, from $r$, the rounded $1 / b$.

    $$ q_0 = a r, \qquad q_{i+1} = q_i + (a - q_i b)\, r $$

    each by one rounding: $q_1$ is off by less than a unit in the last place, and so $q_2$ is the rounded quotient.
    Markstein (1990), *IBM J. Res. Dev.* 34(1), theorem 8.3; Muller et al. (2018), *Handbook of Floating-Point
    Arithmetic*, section 4.7. Only as long as nothing overflows or underflows, which `unsafe` says of $a$.
    """
    r, fma = "%r" + b.removeprefix("%n"), f"call {V} @llvm.fma.v{WIDTH}f64"
    low, high = (np.float64(end).view(np.int64) for end in (LEAST, MOST))
    text = [f"{v}.0 = fmul {V} {a}, {r}", f"{v}.b = fneg {V} {b}"]
    for q, into in ((f"{v}.0", f"{v}.1"), (f"{v}.1", v)):
        text += [
            f"{into}.rest = {fma}({V} {q}, {V} {v}.b, {V} {a})",
            f"{into} = {fma}({V} {into}.rest, {V} {r}, {V} {q})",
        ]
    return [
        *text,
        f"{v}.i = bitcast {V} {a} to {BITS}",
        f"{v}.e = and {BITS} {v}.i, {splat('i64', str(EXPONENT))}",
        f"{v}.d = sub {BITS} {v}.e, {splat('i64', str(low))}",
        f"{v}.unsafe = icmp ugt {BITS} {v}.d, {splat('i64', str(high - low))}",
    ]


def instruction(v: str, word: str, operands: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """What computes one operation."""
    a, b = operands[0], operands[-1]
    if word in ARITHMETIC:
        return [f"{v} = {ARITHMETIC[word]} {V} {a}, {b}"]
    if word in COMPARISONS:
        return [f"{v} = fcmp {COMPARISONS[word]} {V} {a}, {b}"]
    if word in LIBRARY:
        return [f"{v} = call {V} @llvm.{LIBRARY[word]}.v{WIDTH}f64({V} {a})"]
    if word in ("and", "or"):
        return [f"{v} = {word} {M} {a}, {b}"]
    return SEVERAL[word](v, kinds, *operands)


def maximum(v: str, a: str, b: str, comparison: str) -> list[str]:
    """NaN if one of them is."""
    return [
        f"{v}.c = fcmp {comparison} {V} {a}, {b}",
        f"{v}.n = fcmp uno {V} {a}, {a}",
        f"{v}.f = or {M} {v}.c, {v}.n",
        f"{v} = select {M} {v}.f, {V} {a}, {V} {b}",
    ]


def sign(v: str, a: str) -> list[str]:
    """1, -1, or, where it is neither greater nor less than 0, the number itself: 0 or NaN."""
    return [
        f"{v}.p = fcmp ogt {V} {a}, zeroinitializer",
        f"{v}.m = fcmp olt {V} {a}, zeroinitializer",
        f"{v}.l = select {M} {v}.m, {V} {splat('double', '-1.0')}, {V} {a}",
        f"{v} = select {M} {v}.p, {V} {splat('double', '1.0')}, {V} {v}.l",
    ]


def isfinite(v: str, a: str) -> list[str]:
    infinity = splat("double", hex(EXPONENT))
    return [f"{v}.a = call {V} @llvm.fabs.v{WIDTH}f64({V} {a})", f"{v} = fcmp olt {V} {v}.a, {infinity}"]


SEVERAL: dict[str, Callable[..., list[str]]] = {
    "neg": lambda v, kinds, a: [f"{v} = fneg {V} {a}"],
    "float": lambda v, kinds, a: [f"{v} = uitofp {M} {a} to {V}"],
    "not": lambda v, kinds, a: [f"{v} = xor {M} {a}, {splat('i1', 'true')}"],
    "where": lambda v, kinds, c, a, b: [f"{v} = select {M} {c}, {kinds[1]} {a}, {kinds[2]} {b}"],
    "maximum": lambda v, kinds, a, b: maximum(v, a, b, "ogt"),
    "minimum": lambda v, kinds, a, b: maximum(v, a, b, "olt"),
    "sign": lambda v, kinds, a: sign(v, a),
    "isfinite": lambda v, kinds, a: isfinite(v, a),
}
