"""Write an expression of Python source as LaTeX, with symbols or with numbers."""

import ast
from collections.abc import Callable, Iterable

from app.equations.value_slots import NEVER_PARENTHESIZED, PARENTHESIZED_IF_COMPOUND, PARENTHESIZED_IF_NEGATIVE

# Precedence, lowest first: an expression whose precedence is too low for its context gets parentheses.
LOGIC, COMPARISON, SUM, MINUS, PRODUCT, FRACTION, ATOM = range(7)

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.Gt: ">", ast.LtE: r"\le", ast.GtE: r"\ge", ast.Eq: "=", ast.NotEq: r"\ne",
    ast.Is: "=", ast.IsNot: r"\ne",
}  # fmt: skip
TRANSPARENT_CALLS = {"np.asarray"}  # not written: they only convert types
VECTOR_SHAPE = (2,)

WriteLeaf = Callable[[ast.expr, int], str | None]
FindShape = Callable[[ast.expr], tuple[int, ...] | None]
FindTruth = Callable[[ast.expr], bool | None]


class Latex(str):
    """LaTeX and its precedence."""

    precedence: int

    def __new__(cls, text: str, precedence: int = ATOM) -> "Latex":
        latex = super().__new__(cls, text)
        latex.precedence = precedence
        return latex


class LatexWriter:
    """Writes expressions with symbols or with numbers.

    `write_leaf` returns the LaTeX of an expression that is written as one symbol or value, else None;
    `find_fixed_branch` returns the truth of a test that is the same in every step, else None; `is_boolean` tells
    whether an expression is true or false rather than a number.
    """

    def __init__(
        self,
        write_leaf: WriteLeaf,
        find_shape: FindShape,
        find_fixed_branch: FindTruth,
        is_boolean: FindTruth,
        with_numbers: bool,
    ) -> None:
        self.write_leaf, self.find_shape, self.with_numbers = write_leaf, find_shape, with_numbers
        self.find_fixed_branch, self.is_boolean = find_fixed_branch, is_boolean

    def write(self, node: ast.expr, context: int = NEVER_PARENTHESIZED) -> Latex:  # noqa: PLR0912 a list of cases
        leaf = self.write_leaf(node, context)
        if leaf is not None:
            return Latex(leaf)
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
                operator = r" \land " if isinstance(op, ast.And) else r" \lor "
                return Latex(operator.join(self.write_at(part, COMPARISON) for part in parts), LOGIC)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return Latex(
                    f"{self.write_at(left, SUM)} {COMPARISONS[type(op)]} {self.write_at(right, SUM)}", COMPARISON
                )
            case ast.IfExp(test=test) if (truth := self.find_fixed_branch(test)) is not None:
                return self.write(node.body if truth else node.orelse, context)
            case ast.IfExp() | ast.Call(func=ast.Attribute(attr="where")):
                return self.write_cases(node)
            case ast.Call():
                return self.write_call(node)
            case ast.Subscript(value=owner, slice=index):
                return Latex(rf"{self.write_at(owner, ATOM)}\left[{ast.unparse(index).strip('()')}\right]")
            case ast.Tuple(elts=parts):
                return Latex(join_arguments(self.write(part) for part in parts), LOGIC)
        raise NotImplementedError(ast.unparse(node))

    def write_at(self, node: ast.expr, precedence: int, context: int = NEVER_PARENTHESIZED) -> str:
        """Write an expression, in parentheses if its precedence is lower than `precedence`."""
        latex = self.write(node, context)
        return latex if latex.precedence >= precedence else rf"\left({self.write(node)}\right)"

    def write_product(self, left: ast.expr, right: ast.expr, context: int) -> Latex:
        a, b = self.write_at(left, MINUS, context), self.write_at(right, FRACTION, PARENTHESIZED_IF_NEGATIVE)
        shapes = self.find_shape(left), self.find_shape(right)
        if shapes == (VECTOR_SHAPE, VECTOR_SHAPE):
            sign = r" \odot "
        elif b[0].isdigit() or (self.with_numbers and shapes == ((), ())):
            sign = r" \times "
        else:
            sign = r"\,"
        return Latex(f"{a}{sign}{b}", PRODUCT)

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
                function = "max" if name == "np.maximum" else "min"
                return Latex(rf"\{function}\left({self.write(a)},\ {self.write(b)}\right)")
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
        arguments = [*(self.write(a) for a in args), *filter(None, map(self.write_keyword, node.keywords))]
        return Latex(write_function_call(name.removeprefix("np.").strip("_"), arguments))

    def write_keyword(self, keyword: ast.keyword) -> str | None:
        """Write a keyword argument: its name if it is True, its value if it is no bool; None if nothing is written."""
        truth = self.find_fixed_branch(keyword.value)
        if isinstance(keyword.value, ast.Constant):
            return None
        if truth is None or not self.is_boolean(keyword.value):
            return self.write(keyword.value)
        return rf"\text{{{keyword.arg}}}" if truth else None


def list_cases(node: ast.expr) -> list[tuple[ast.expr, ast.expr | None]]:
    """The cases of nested `np.where`: values with their conditions, the last one without a condition."""
    match node:
        case ast.IfExp(test=test, body=value, orelse=other):
            return [(value, test), *list_cases(other)]
        case ast.Call(func=ast.Attribute(attr="where"), args=[test, value, other]):
            return [(value, test), *list_cases(other)]
    return [(node, None)]


def write_function_call(name: str, arguments: Iterable[str]) -> str:
    """Write a call of a function that has no symbol."""
    latex = rf"\operatorname{{{name}}}" if name.isalpha() else rf"\text{{{name.replace('_', '-')}}}"
    return rf"{latex}\left({join_arguments(arguments)}\right)"


def join_arguments(parts: Iterable[str]) -> str:
    return r",\ ".join(parts)


def format_constant(value: object) -> str:
    """Write a number with at most six digits."""
    if isinstance(value, float):
        mantissa, _, power = f"{value:.6g}".partition("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
    return str(value)
