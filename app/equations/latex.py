"""An expression of the code as LaTeX: once with its letters, once with its numbers."""

import ast
from collections.abc import Callable, Iterable

from app.equations.value_slots import BASE, OPEN, SIGNED

# How tightly an expression holds together; one that is looser than its place gets parentheses.
LOGIC, COMPARISON, SUM, MINUS, PRODUCT, FRACTION, ATOM = range(7)

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.Gt: ">", ast.LtE: r"\le", ast.GtE: r"\ge", ast.Eq: "=", ast.NotEq: r"\ne",
    ast.Is: "=", ast.IsNot: r"\ne",
}  # fmt: skip
AS_IT_IS = {"np.asarray"}  # only for Python's sake
VECTOR = (2,)

Leaf = Callable[[ast.expr, int], str | None]
Shape = Callable[[ast.expr], tuple[int, ...] | None]
Question = Callable[[ast.expr], bool | None]


class Written(str):
    """LaTeX, and how tightly it holds together."""

    level: int

    def __new__(cls, text: str, level: int = ATOM) -> "Written":
        written = super().__new__(cls, text)
        written.level = level
        return written


class Writer:
    """With letters or with numbers.

    `leaf` says what a part is written as in one piece, if it is; `fixed` which way a choice goes in every step;
    `truth` whether a part is true or false, and no number.
    """

    def __init__(self, leaf: Leaf, shape: Shape, fixed: Question, truth: Question, numbers: bool) -> None:
        self.leaf, self.shape, self.fixed, self.truth, self.numbers = leaf, shape, fixed, truth, numbers

    def write(self, node: ast.expr, place: int = OPEN) -> Written:  # noqa: PLR0912 a list of cases
        whole = self.leaf(node, place)
        if whole is not None:
            return Written(whole)
        match node:
            case ast.Constant(value=value):
                return Written(constant(value))
            case ast.Attribute() if ast.unparse(node) == "np.inf":
                return Written(r"\infty")
            case ast.Attribute(value=ast.Name(id="f"), attr=question):
                return Written({"value": "f", "grad": r"\nabla f"}.get(question, r"\nabla^{2} f"), FRACTION)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = "+" if isinstance(op, ast.Add) else "-"
                return Written(f"{self.at(left, SUM, place)} {sign} {self.at(right, PRODUCT, SIGNED)}", SUM)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                if ast.dump(left) == ast.dump(right):
                    return Written(f"{self.at(left, ATOM, BASE)}^{{2}}")
                return self.product(left, right, place)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return Written(rf"\frac{{{self.write(left)}}}{{{self.write(right)}}}", FRACTION)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return Written(f"{self.at(left, ATOM, BASE)}^{{{self.write(right)}}}")
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return Written(rf"{self.at(left, PRODUCT, SIGNED)} \bmod {self.at(right, PRODUCT, SIGNED)}", MINUS)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Written(f"-{self.at(operand, PRODUCT, SIGNED)}", MINUS)
            case ast.UnaryOp(operand=operand):
                return Written(rf"\lnot {self.at(operand, ATOM)}", FRACTION)
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return Written(rf"{self.at(left, COMPARISON)} \land {self.at(right, COMPARISON)}", LOGIC)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return Written(rf"{self.at(left, COMPARISON)} \lor {self.at(right, COMPARISON)}", LOGIC)
            case ast.BoolOp(op=op, values=parts):
                word = r" \land " if isinstance(op, ast.And) else r" \lor "
                return Written(word.join(self.at(part, COMPARISON) for part in parts), LOGIC)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Written(f"{self.at(left, SUM)} {COMPARISONS[type(op)]} {self.at(right, SUM)}", COMPARISON)
            case ast.IfExp(test=test) if (way := self.fixed(test)) is not None:
                return self.write(node.body if way else node.orelse, place)
            case ast.IfExp() | ast.Call(func=ast.Attribute(attr="where")):
                return self.cases(node)
            case ast.Call():
                return self.call(node)
            case ast.Subscript(value=owner, slice=index):
                return Written(rf"{self.at(owner, ATOM)}\left[{ast.unparse(index).strip('()')}\right]")
            case ast.Tuple(elts=parts):
                return Written(listed(self.write(part) for part in parts), LOGIC)
        raise NotImplementedError(ast.unparse(node))

    def at(self, node: ast.expr, level: int, place: int = OPEN) -> str:
        """In parentheses where it is looser than its place allows."""
        written = self.write(node, place)
        return written if written.level >= level else rf"\left({self.write(node)}\right)"

    def product(self, left: ast.expr, right: ast.expr, place: int) -> Written:
        a, b = self.at(left, MINUS, place), self.at(right, FRACTION, SIGNED)
        shapes = self.shape(left), self.shape(right)
        if shapes == (VECTOR, VECTOR):
            between = r" \odot "
        elif b[0].isdigit() or (self.numbers and shapes == ((), ())):
            between = r" \times "
        else:
            between = r"\,"
        return Written(f"{a}{between}{b}", PRODUCT)

    def cases(self, node: ast.expr) -> Written:
        rows = [
            rf"{self.write(value)} & \text{{if }} {self.write(test)}"
            if test
            else rf"{self.write(value)} & \text{{else}}"
            for value, test in choices(node)
        ]
        return Written(r"{\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}}", FRACTION)

    def call(self, node: ast.Call) -> Written:  # noqa: PLR0912 a list of names
        name, args = ast.unparse(node.func), node.args
        match name, args:
            case "f.value", [p]:
                return Written(rf"f\left({self.write(p)}\right)")
            case "f.grad", [p]:
                return Written(rf"\nabla f\left({self.write(p)}\right)", FRACTION)
            case "f.hess", [p]:
                return Written(rf"\nabla^{{2}} f\left({self.write(p)}\right)", FRACTION)
            case "ask", [question, p, *_]:
                return Written(rf"{self.write(question)}\left({self.write(p)}\right)", FRACTION)
            case "np.sqrt", [a]:
                return Written(rf"\sqrt{{{self.write(a)}}}")
            case "np.abs", [a]:
                return Written(rf"\left|{self.write(a)}\right|")
            case "norm", [a]:
                return Written(rf"\left\lVert {self.write(a)} \right\rVert")
            case "np.divide", [a, b]:
                return Written(rf"\frac{{{self.write(a)}}}{{{self.write(b)}}}", FRACTION)
            case "np.maximum" | "np.minimum", [a, b]:
                word = "max" if name == "np.maximum" else "min"
                return Written(rf"\{word}\left({self.write(a)},\ {self.write(b)}\right)")
            case "dot", [a, b]:
                return Written(rf"{self.at(a, PRODUCT)} \cdot {self.at(b, PRODUCT)}", PRODUCT)
            case "matvec", [a, b]:
                return Written(rf"{self.at(a, FRACTION)}\,{self.at(b, FRACTION)}", PRODUCT)
            case "outer", [a, b]:
                return Written(rf"{self.at(a, FRACTION)}\,{self.at(b, ATOM)}^{{\top}}", PRODUCT)
            case "identity", _:
                return Written("I")
            case "np.array_equal", [a, b]:
                return Written(f"{self.write(a)} = {self.write(b)}", COMPARISON)
            case _ if name in AS_IT_IS:
                return self.write(args[0])
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np":  # a method: any, all, mean
            args, name = [node.func.value, *args], node.func.attr
        inside = [*(self.write(a) for a in args), *filter(None, map(self.option, node.keywords))]
        word = name.removeprefix("np.").strip("_")
        return Written(called(word, inside))

    def option(self, keyword: ast.keyword) -> str | None:
        """One that is on by its name, any other by its value; not what is for NumPy."""
        way = self.fixed(keyword.value)
        if isinstance(keyword.value, ast.Constant):
            return None
        if way is None or not self.truth(keyword.value):
            return self.write(keyword.value)
        return rf"\text{{{keyword.arg}}}" if way else None


def choices(node: ast.expr) -> list[tuple[ast.expr, ast.expr | None]]:
    """The values of a choice with their conditions, the last without; a choice in the last is part of it."""
    match node:
        case ast.IfExp(test=test, body=value, orelse=other):
            return [(value, test), *choices(other)]
        case ast.Call(func=ast.Attribute(attr="where"), args=[test, value, other]):
            return [(value, test), *choices(other)]
    return [(node, None)]


def called(word: str, inside: Iterable[str]) -> str:
    """A function by its name in the code."""
    name = rf"\operatorname{{{word}}}" if word.isalpha() else rf"\text{{{word.replace('_', '-')}}}"
    return rf"{name}\left({listed(inside)}\right)"


def listed(parts: Iterable[str]) -> str:
    return r",\ ".join(parts)


def constant(value: object) -> str:
    """A number as short as it can be written."""
    if isinstance(value, float):
        mantissa, _, power = f"{value:.6g}".partition("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
    return str(value)
