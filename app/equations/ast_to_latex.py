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

    precedence: int

    def __new__(cls, text: str, precedence: int = ATOM) -> "Latex":
        written = super().__new__(cls, text)
        written.precedence = precedence
        return written


class LatexWriter:
    """With letters or with numbers.

    `write_leaf` says what a part is written as in one piece, if it is; `find_fixed_branch` which way a choice goes in
    every step;
    `is_boolean` whether a part is true or false, and no number.
    """

    def __init__(
        self,
        write_leaf: WriteLeaf,
        find_shape: FindShape,
        find_fixed_branch: FindTruth,
        is_boolean: FindTruth,
        with_numbers: bool,
    ) -> None:
        self.write_leaf, self.find_shape, self.find_fixed_branch, self.is_boolean, self.with_numbers = (
            write_leaf,
            find_shape,
            find_fixed_branch,
            is_boolean,
            with_numbers,
        )

    def write(self, node: ast.expr, context: int = NEVER_PARENTHESIZED) -> Latex:  # noqa: PLR0912 a list of cases
        whole = self.write_leaf(node, context)
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
                    f"{self.write_at(left, SUM, context)} {sign} "
                    f"{self.write_at(right, PRODUCT, PARENTHESIZED_IF_NEGATIVE)}",
                    SUM,
                )
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                if ast.dump(left) == ast.dump(right):
                    return Latex(f"{self.write_at(left, ATOM, PARENTHESIZED_IF_COMPOUND)}^{{2}}")
                return self.write_product(left, right, context)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return Latex(rf"\frac{{{self.write(left)}}}{{{self.write(right)}}}", FRACTION)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return Latex(f"{self.write_at(left, ATOM, PARENTHESIZED_IF_COMPOUND)}^{{{self.write(right)}}}")
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return Latex(
                    r" \bmod ".join(self.write_at(side, PRODUCT, PARENTHESIZED_IF_NEGATIVE) for side in (left, right)),
                    MINUS,
                )
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Latex(f"-{self.write_at(operand, PRODUCT, PARENTHESIZED_IF_NEGATIVE)}", MINUS)
            case ast.UnaryOp(operand=operand):
                return Latex(rf"\lnot {self.write_at(operand, ATOM)}", FRACTION)
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                return Latex(rf"{self.write_at(left, COMPARISON)} \land {self.write_at(right, COMPARISON)}", LOGIC)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return Latex(rf"{self.write_at(left, COMPARISON)} \lor {self.write_at(right, COMPARISON)}", LOGIC)
            case ast.BoolOp(op=op, values=parts):
                word = r" \land " if isinstance(op, ast.And) else r" \lor "
                return Latex(word.join(self.write_at(part, COMPARISON) for part in parts), LOGIC)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Latex(
                    f"{self.write_at(left, SUM)} {COMPARISONS[type(op)]} {self.write_at(right, SUM)}", COMPARISON
                )
            case ast.IfExp(test=test) if (way := self.find_fixed_branch(test)) is not None:
                return self.write(node.body if way else node.orelse, context)
            case ast.IfExp() | ast.Call(func=ast.Attribute(attr="where")):
                return self.write_cases(node)
            case ast.Call():
                return self.write_call(node)
            case ast.Subscript(value=owner, slice=index):
                return Latex(rf"{self.write_at(owner, ATOM)}\left[{ast.unparse(index).strip('()')}\right]")
            case ast.Tuple(elts=parts):
                return Latex(join_arguments(self.write(part) for part in parts), LOGIC)
        raise NotImplementedError(ast.unparse(node))

    def write_at(self, node: ast.expr, level: int, place: int = NEVER_PARENTHESIZED) -> str:
        """Add parentheses if the precedence is lower than the place needs."""
        written = self.write(node, place)
        return written if written.precedence >= level else rf"\left({self.write(node)}\right)"

    def write_product(self, left: ast.expr, right: ast.expr, place: int) -> Latex:
        a, b = self.write_at(left, MINUS, place), self.write_at(right, FRACTION, PARENTHESIZED_IF_NEGATIVE)
        shapes = self.find_shape(left), self.find_shape(right)
        if shapes == (VECTOR_SHAPE, VECTOR_SHAPE):
            between = r" \odot "
        elif b[0].isdigit() or (self.with_numbers and shapes == ((), ())):
            between = r" \times "
        else:
            between = r"\,"
        return Latex(f"{a}{between}{b}", PRODUCT)

    def write_cases(self, node: ast.expr) -> Latex:
        rows = [
            rf"{self.write(value)} & \text{{if }} {self.write(test)}"
            if test
            else rf"{self.write(value)} & \text{{else}}"
            for value, test in list_cases(node)
        ]
        return Latex(r"{\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}}", FRACTION)

    def write_call(self, node: ast.Call) -> Latex:  # noqa: PLR0912 a list of names
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
                return Latex(rf"{self.write_at(a, PRODUCT)} \cdot {self.write_at(b, PRODUCT)}", PRODUCT)
            case "matvec", [a, b]:
                return Latex(rf"{self.write_at(a, FRACTION)}\,{self.write_at(b, FRACTION)}", PRODUCT)
            case "outer", [a, b]:
                return Latex(rf"{self.write_at(a, FRACTION)}\,{self.write_at(b, ATOM)}^{{\top}}", PRODUCT)
            case "identity", _:
                return Latex("I")
            case "np.array_equal", [a, b]:
                return Latex(f"{self.write(a)} = {self.write(b)}", COMPARISON)
            case _ if name in TRANSPARENT_CALLS:
                return self.write(args[0])
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "np":  # a method: any, all, mean
            args, name = [node.func.value, *args], node.func.attr
        inside = [*(self.write(a) for a in args), *filter(None, map(self.write_keyword, node.keywords))]
        word = name.removeprefix("np.").strip("_")
        return Latex(write_function_call(word, inside))

    def write_keyword(self, keyword: ast.keyword) -> str | None:
        """Write a keyword argument: its name for a switch that is on, else its value; nothing for a constant."""
        way = self.find_fixed_branch(keyword.value)
        if isinstance(keyword.value, ast.Constant):
            return None
        if way is None or not self.is_boolean(keyword.value):
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
