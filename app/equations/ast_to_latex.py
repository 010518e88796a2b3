"""Write an expression of the code as LaTeX, with letters or with numbers."""

import ast
from collections.abc import Callable, Iterable

from app.equations.value_slots import NEVER_PARENTHESIZED, PARENTHESIZED_IF_COMPOUND, PARENTHESIZED_IF_NEGATIVE

# Precedence: an expression of a lower one than its place needs gets parentheses.
LOGIC, COMPARISON, SUM, MINUS, PRODUCT, FRACTION, ATOM = range(7)

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.Gt: ">", ast.LtE: r"\le", ast.GtE: r"\ge", ast.Eq: "=", ast.NotEq: r"\ne",
    ast.Is: "=", ast.IsNot: r"\ne",
}  # fmt: skip
TRANSPARENT_CALLS = {"np.asarray"}  # not shown: they only convert types
VECTOR_SHAPE = (2,)

WriteLeaf = Callable[[ast.expr, int], str | None]
FindShape = Callable[[ast.expr], tuple[int, ...] | None]
FindTruth = Callable[[ast.expr], bool | None]


class Latex(str):
    """LaTeX and its precedence."""

    level: int

    def __new__(cls, text: str, level: int = ATOM) -> "Latex":
        written = super().__new__(cls, text)
        written.level = level
        return written


class LatexWriter:
    """With letters or with numbers.

    `leaf` says what a part is written as in one piece, if it is; `fixed` which way a choice goes in every step;
    `truth` whether a part is true or false, and no number.
    """

    def __init__(self, leaf: WriteLeaf, shape: FindShape, fixed: FindTruth, truth: FindTruth, numbers: bool) -> None:
        self.leaf, self.shape, self.fixed, self.truth, self.numbers = leaf, shape, fixed, truth, numbers

    def write(self, node: ast.expr, place: int = NEVER_PARENTHESIZED) -> Latex:  # noqa: PLR0912 a list of cases
        whole = self.leaf(node, place)
        if whole is not None:
            return Latex(whole)
        match node:
            case ast.Constant(value=value):
                return Latex(format_constant(value))
            case ast.Attribute() if ast.unparse(node) == "np.inf":
                return Latex(r"\infty")
            case ast.Attribute(value=ast.Name(id="f"), attr=question):
                return Latex({"value": "f", "grad": r"\nabla f"}.get(question, r"\nabla^{2} f"), FRACTION)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = "+" if isinstance(op, ast.Add) else "-"
                return Latex(
                    f"{self.at(left, SUM, place)} {sign} {self.at(right, PRODUCT, PARENTHESIZED_IF_NEGATIVE)}", SUM
                )
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                if ast.dump(left) == ast.dump(right):
                    return Latex(f"{self.at(left, ATOM, PARENTHESIZED_IF_COMPOUND)}^{{2}}")
                return self.product(left, right, place)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return Latex(rf"\frac{{{self.write(left)}}}{{{self.write(right)}}}", FRACTION)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return Latex(f"{self.at(left, ATOM, PARENTHESIZED_IF_COMPOUND)}^{{{self.write(right)}}}")
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return Latex(
                    r" \bmod ".join(self.at(side, PRODUCT, PARENTHESIZED_IF_NEGATIVE) for side in (left, right)),
                    MINUS,
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Latex(f"-{self.at(operand, PRODUCT, PARENTHESIZED_IF_NEGATIVE)}", MINUS)
            case ast.UnaryOp(operand=operand):
                return Latex(rf"\lnot {self.at(operand, ATOM)}", FRACTION)
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return Latex(rf"{self.at(left, COMPARISON)} \land {self.at(right, COMPARISON)}", LOGIC)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return Latex(rf"{self.at(left, COMPARISON)} \lor {self.at(right, COMPARISON)}", LOGIC)
            case ast.BoolOp(op=op, values=parts):
                word = r" \land " if isinstance(op, ast.And) else r" \lor "
                return Latex(word.join(self.at(part, COMPARISON) for part in parts), LOGIC)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Latex(f"{self.at(left, SUM)} {COMPARISONS[type(op)]} {self.at(right, SUM)}", COMPARISON)
            case ast.IfExp(test=test) if (way := self.fixed(test)) is not None:
                return self.write(node.body if way else node.orelse, place)
            case ast.IfExp() | ast.Call(func=ast.Attribute(attr="where")):
                return self.cases(node)
            case ast.Call():
                return self.call(node)
            case ast.Subscript(value=owner, slice=index):
                return Latex(rf"{self.at(owner, ATOM)}\left[{ast.unparse(index).strip('()')}\right]")
            case ast.Tuple(elts=parts):
                return Latex(join_arguments(self.write(part) for part in parts), LOGIC)
        raise NotImplementedError(ast.unparse(node))

    def at(self, node: ast.expr, level: int, place: int = NEVER_PARENTHESIZED) -> str:
        """Add parentheses if the precedence is lower than the place needs."""
        written = self.write(node, place)
        return written if written.level >= level else rf"\left({self.write(node)}\right)"

    def product(self, left: ast.expr, right: ast.expr, place: int) -> Latex:
        a, b = self.at(left, MINUS, place), self.at(right, FRACTION, PARENTHESIZED_IF_NEGATIVE)
        shapes = self.shape(left), self.shape(right)
        if shapes == (VECTOR_SHAPE, VECTOR_SHAPE):
            between = r" \odot "
        elif b[0].isdigit() or (self.numbers and shapes == ((), ())):
            between = r" \times "
        else:
            between = r"\,"
        return Latex(f"{a}{between}{b}", PRODUCT)

    def cases(self, node: ast.expr) -> Latex:
        rows = [
            rf"{self.write(value)} & \text{{if }} {self.write(test)}"
            if test
            else rf"{self.write(value)} & \text{{else}}"
            for value, test in list_cases(node)
        ]
        return Latex(r"{\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}}", FRACTION)

    def call(self, node: ast.Call) -> Latex:  # noqa: PLR0912 a list of names
        name, args = ast.unparse(node.func), node.args
        match name, args:
            case "f.value", [p]:
                return Latex(rf"f\left({self.write(p)}\right)")
            case "f.grad", [p]:
                return Latex(rf"\nabla f\left({self.write(p)}\right)", FRACTION)
            case "f.hess", [p]:
                return Latex(rf"\nabla^{{2}} f\left({self.write(p)}\right)", FRACTION)
            case "evaluate_where", [question, p, *_]:
                return Latex(rf"{self.write(question)}\left({self.write(p)}\right)", FRACTION)
            case "np.sqrt", [a]:
                return Latex(rf"\sqrt{{{self.write(a)}}}")
            case "np.abs", [a]:
                return Latex(rf"\left|{self.write(a)}\right|")
            case "norm", [a]:
                return Latex(rf"\left\lVert {self.write(a)} \right\rVert")
            case "np.divide", [a, b]:
                return Latex(rf"\frac{{{self.write(a)}}}{{{self.write(b)}}}", FRACTION)
            case "np.maximum" | "np.minimum", [a, b]:
                word = "max" if name == "np.maximum" else "min"
                return Latex(rf"\{word}\left({self.write(a)},\ {self.write(b)}\right)")
            case "dot", [a, b]:
                return Latex(rf"{self.at(a, PRODUCT)} \cdot {self.at(b, PRODUCT)}", PRODUCT)
            case "matvec", [a, b]:
                return Latex(rf"{self.at(a, FRACTION)}\,{self.at(b, FRACTION)}", PRODUCT)
            case "outer", [a, b]:
                return Latex(rf"{self.at(a, FRACTION)}\,{self.at(b, ATOM)}^{{\top}}", PRODUCT)
            case "identity", _:
                return Latex("I")
            case "np.array_equal", [a, b]:
                return Latex(f"{self.write(a)} = {self.write(b)}", COMPARISON)
            case _ if name in TRANSPARENT_CALLS:
                return self.write(args[0])
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np":  # a method: any, all, mean
            args, name = [node.func.value, *args], node.func.attr
        inside = [*(self.write(a) for a in args), *filter(None, map(self.option, node.keywords))]
        word = name.removeprefix("np.").strip("_")
        return Latex(write_function_call(word, inside))

    def option(self, keyword: ast.keyword) -> str | None:
        """Write a keyword argument: its name for a switch that is on, else its value; nothing for a constant."""
        way = self.fixed(keyword.value)
        if isinstance(keyword.value, ast.Constant):
            return None
        if way is None or not self.truth(keyword.value):
            return self.write(keyword.value)
        return rf"\text{{{keyword.arg}}}" if way else None


def list_cases(node: ast.expr) -> list[tuple[ast.expr, ast.expr | None]]:
    """The cases of nested `np.where`: values with their conditions, the last one without a condition."""
    match node:
        case ast.IfExp(test=test, body=value, orelse=other):
            return [(value, test), *list_cases(other)]
        case ast.Call(func=ast.Attribute(attr="where"), args=[test, value, other]):
            return [(value, test), *list_cases(other)]
    return [(node, None)]


def write_function_call(word: str, inside: Iterable[str]) -> str:
    """Write a function by its name in the code."""
    name = rf"\operatorname{{{word}}}" if word.isalpha() else rf"\text{{{word.replace('_', '-')}}}"
    return rf"{name}\left({join_arguments(inside)}\right)"


def join_arguments(parts: Iterable[str]) -> str:
    return r",\ ".join(parts)


def format_constant(value: object) -> str:
    """Write a number with as few characters as possible."""
    if isinstance(value, float):
        mantissa, _, power = f"{value:.6g}".partition("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
    return str(value)
