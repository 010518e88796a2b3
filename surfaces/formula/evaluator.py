"""Evaluate several trees as one list of operations, so that common subexpressions are computed once."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from surfaces.base import Array
from surfaces.formula.expression_tree import NUMPY_FUNCTIONS, Apply, Name, Number, Tree

MAX_PRODUCT_POWER = 16  # whole powers up to this one are products

LineKey = tuple[Any, ...]  # a word and the lines it is applied to; ("x",), ("y",) or ("number", value)


class Instruction(NamedTuple):
    """memory[register] = operation(memory[u], memory[v], memory[w]), of as many as it takes."""

    operation: Callable[..., Any]
    u: int
    v: int | None
    w: int | None
    register: int


def make_evaluator(*trees: Tree) -> Callable[[Array], list[Any]]:
    """A function that evaluates `trees` (without pi and e) at p (2, ...): one result each, (...), or () if constant.

    Every line is one call of NumPy on the results of lines before it; nothing of the text is ever run as code.
    A line's result is kept no longer than it is needed, so long formulas need little memory on a large grid.
    """
    lines: dict[LineKey, int] = {("x",): 0, ("y",): 1}
    seen: dict[int, int] = {}
    results = [_add_line(tree, lines, seen) for tree in trees]
    steps, memory, registers = _allocate_registers(list(lines), results)

    def run(p: Array) -> list[Any]:
        held = memory.copy()
        held[0], held[1] = p
        with np.errstate(all="ignore"):
            for operation, u, v, w, register in steps:
                if v is None:
                    held[register] = operation(held[u])
                elif w is None:
                    held[register] = operation(held[u], held[v])
                else:
                    held[register] = operation(held[u], held[v], held[w])
        return [held[register] for register in registers]

    return run


def _add_line(tree: Tree, lines: dict[LineKey, int], seen: dict[int, int]) -> int:
    """The line that computes `tree`, added if there is none; `seen` knows by identity what has been visited."""

    def line(*key: Any) -> int:
        return lines.setdefault(key, len(lines))

    def power(u: int, n: int) -> int:
        if n == 1:
            return u
        half = power(u, n // 2)
        return line("*", line("*", half, half), u) if n % 2 else line("*", half, half)

    if id(tree) not in seen:
        match tree:
            case Number(value):
                seen[id(tree)] = line("number", value)
            case Name(word):
                seen[id(tree)] = line(word)
            case Apply("**", (u, Number(n))) if abs(n) in range(1, MAX_PRODUCT_POWER + 1):
                whole = power(_add_line(u, lines, seen), int(abs(n)))
                seen[id(tree)] = whole if n > 0 else line("/", line("number", 1.0), whole)
            case Apply(word, args):
                seen[id(tree)] = line(word, *[_add_line(u, lines, seen) for u in args])
    return seen[id(tree)]


def _allocate_registers(lines: list[LineKey], results: list[int]) -> tuple[list[Instruction], list[Any], list[int]]:
    """Steps, the memory they start with, and where in it the results will be.

    A register is used again once nobody needs what it holds.
    """
    until = {arg: i for i, (word, *args) in enumerate(lines) if word in NUMPY_FUNCTIONS for arg in args}
    until |= dict.fromkeys(results, len(lines))
    memory: list[Any] = [None, None]
    register, free = {0: 0, 1: 1}, list[int]()
    steps = list[Instruction]()
    for i, (word, *args) in list(enumerate(lines))[2:]:
        if word == "number":
            register[i] = len(memory)
            memory.append(np.float64(args[0]))
            continue
        free += [register[arg] for arg in set(args) if until[arg] == i and lines[arg][0] in NUMPY_FUNCTIONS]
        register[i] = free.pop() if free else len(memory)
        memory += [None] * (register[i] == len(memory))
        u, *others = (register[arg] for arg in args)
        v, w = (*others, None, None)[:2]
        steps.append(Instruction(NUMPY_FUNCTIONS[word], u, v, w, register[i]))
    return steps, memory, [register[line] for line in results]
