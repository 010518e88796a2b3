"""A step on symbols instead of numbers: the same formulas, run once, are written down as a list of operations.

An array of symbols takes part in NumPy's formulas by its protocols (`__array_ufunc__`, NEP 13; `__array_function__`,
NEP 18). It raises `Untraceable` where a formula asks for what only numbers have, above all a truth value.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray
from scipy import special

Operation = tuple[Any, ...]  # its name and the indices of the operations whose results it takes
OperationIndices = NDArray[np.int64]  # indices of operations, in the shape of the coordinates

MAX_OPERATIONS = 500  # operations of a single run; sums over a set of data are faster in NumPy


class Untraceable(TypeError):
    """A step needs more than the operations that can be recorded."""


class Tape:
    """The operations on one lane in their order, each recorded once, and the numbers that they need."""

    def __init__(self, lanes: int, is_single: bool = False, is_exact: bool = True) -> None:
        """A `is_single` run may call NumPy's `LIBRARY_UFUNCS`, and there the square of a number is not a product.

        Without `is_exact` powers are recorded too, whose last bits differ from one library to another.
        """
        self.lanes = lanes  # an array whose last axis is this long has a number for each lane
        self.is_single = is_single
        self.is_exact = is_exact
        self.operations: list[Operation] = []
        self.indices: dict[Operation, int] = {}
        self.input_count = 0  # how many symbols are inputs
        self.columns: list[NDArray[np.float64]] = []  # numbers for each lane, from hyperparameters
        self.constants: list[Any] = []  # numbers that are the same in all lanes, or `SymbolicScalar`s of the step

    def record(self, *operation: Any) -> int:
        index = self.indices.get(operation)
        if index is None:
            if self.is_single and len(self.operations) == MAX_OPERATIONS:
                raise Untraceable(f"more than {MAX_OPERATIONS} operations")
            index = self.indices[operation] = len(self.operations)
            self.operations.append(operation)
        return index

    def apply(self, word: str, *operands: int) -> int:
        """Record an operation. A mask in arithmetic is 1 or 0; a number as a condition is true unless it is 0."""
        masks = [is_mask(self.operations, index) for index in operands]
        if word == "where":
            condition, *branches = operands
            if not masks[0]:
                condition = self.record("ne", condition, self.add_constant(0.0))
            if masks[1] != masks[2]:
                branches = [
                    self.record("float", index) if mask else index
                    for index, mask in zip(branches, masks[1:], strict=True)
                ]
            return self.record(word, condition, *branches)
        if word in LOGICAL_OPERATIONS:
            if not all(masks):
                raise Untraceable(f"{word} of numbers")
            return self.record(word, *operands)
        if all(masks):
            raise Untraceable(f"{word} of truth values alone")
        return self.record(
            word, *(self.record("float", index) if mask else index for index, mask in zip(operands, masks, strict=True))
        )

    def new_inputs(self, shape: tuple[int, ...], *, mask: bool = False) -> "SymbolicArray":
        """New symbols, one for each coordinate; their values are inputs of the compiled step."""
        begun = self.input_count
        self.input_count += int(np.prod(shape))
        places = [self.record("mask" if mask else "input", i) for i in range(begun, self.input_count)]
        return SymbolicArray(self, np.array(places, dtype=np.int64).reshape(shape))

    def add_constant(self, value: Any) -> int:
        """The index of a number that is the same in all lanes."""
        value = value if isinstance(value, SymbolicScalar) else float(value)
        for i, known in enumerate(self.constants):
            if known is value or (isinstance(known, float) and isinstance(value, float) and is_identical(known, value)):
                return self.record("number", i)
        self.constants.append(value)
        return self.record("number", len(self.constants) - 1)

    def add_column(self, values: NDArray[Any]) -> int:
        """The index of an array with a number for each lane."""
        for i, known in enumerate(self.columns):
            if known is values or np.array_equal(known, values, equal_nan=True):
                return self.record("column", i)
        self.columns.append(np.array(values, dtype=np.float64))
        return self.record("column", len(self.columns) - 1)

    def indices_of(self, value: Any) -> OperationIndices:
        """The indices of the operations that give `value`, one for each coordinate."""
        if isinstance(value, SymbolicArray):
            return value.indices
        if isinstance(value, SymbolicScalar) or np.ndim(value) == 0:
            return np.array(self.add_constant(value), dtype=np.int64)
        values = np.asarray(value)
        if values.dtype == object or values.shape[-1] not in (1, self.lanes):
            raise Untraceable(f"an array of shape {values.shape} has not {self.lanes} lanes")
        found = np.empty(values.shape[:-1], dtype=np.int64)
        for index in np.ndindex(found.shape):
            lane = values[index]
            alike = lane.size == 1 or (lane == lane[0]).all()
            found[index] = self.add_constant(lane[0]) if alike else self.add_column(lane)
        return found


def next_indices(old: "SymbolicArray", new: Any) -> list[int]:
    """The indices of the operations that give `new`, one for each coordinate of `old`."""
    return [int(index) for index in np.broadcast_to(old.tape.indices_of(new), old.indices.shape).ravel()]


def is_mask(operations: Sequence[Operation], index: int) -> bool:
    """Is the result of an operation true or false?"""
    word, *about = operations[index]
    return word in MASK_OPERATIONS or (word == "where" and is_mask(operations, about[1]))


def is_identical(a: float, b: float) -> bool:
    return (a == b and np.signbit(a) == np.signbit(b)) or (a != a and b != b)  # noqa: PLR0124 -- NaN


UFUNCS: dict[Any, str] = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "div", np.negative: "neg", np.sqrt: "sqrt",
    np.absolute: "abs", np.maximum: "maximum", np.minimum: "minimum", np.sign: "sign", np.less: "lt",
    np.less_equal: "le", np.greater: "gt", np.greater_equal: "ge", np.equal: "eq", np.not_equal: "ne",
    np.logical_and: "and", np.bitwise_and: "and", np.logical_or: "or", np.bitwise_or: "or", np.logical_not: "not",
    np.invert: "not", np.isfinite: "isfinite", np.floor: "floor",
}  # fmt: skip


LIBRARY_UFUNCS: dict[Any, str] = {  # not one operation of a processor: only the library itself gives its bits
    np.exp: "exp", np.expm1: "expm1", np.log: "log", np.log1p: "log1p", np.log2: "log2", np.log10: "log10",
    np.sin: "sin", np.cos: "cos", np.tan: "tan", np.sinh: "sinh", np.cosh: "cosh", np.tanh: "tanh",
    np.arcsin: "arcsin", np.arccos: "arccos", np.arctan: "arctan", np.hypot: "hypot", np.logaddexp: "logaddexp",
    np.cbrt: "cbrt", np.arctan2: "arctan2", np.remainder: "remainder", np.floor_divide: "floor_divide",
    special.erf: "erf", special.expit: "expit",
}  # fmt: skip
POWER = "pow"  # where the last bits do not matter
LOGICAL_OPERATIONS = {"and", "or", "not"}
COMPARISONS = ("lt", "le", "gt", "ge", "eq", "ne")
MASK_OPERATIONS = {*LOGICAL_OPERATIONS, *COMPARISONS, "mask", "isfinite"}  # their results are true or false


def _refuse(reason: str) -> Callable[..., Any]:
    """A special method of what has no value yet."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise Untraceable(reason)

    return refuse


class SymbolicArray(NDArrayOperatorsMixin):
    """An array (..., lanes) that is known only by the operations that compute it."""

    __array_priority__ = 1000

    def __init__(self, tape: Tape, places: OperationIndices) -> None:
        self.tape, self.indices = tape, places

    @property
    def shape(self) -> tuple[int, ...]:
        return (*self.indices.shape, self.tape.lanes)

    @property
    def ndim(self) -> int:
        return self.indices.ndim + 1

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator["SymbolicArray"]:
        if not self.indices.ndim:
            raise Untraceable("lanes are not looked at one by one")
        return (SymbolicArray(self.tape, np.asarray(index)) for index in self.indices)

    def __getitem__(self, index: Any) -> "SymbolicArray":
        if not isinstance(index, int | slice) or not self.indices.ndim:
            raise Untraceable("only whole coordinates are taken")
        return SymbolicArray(self.tape, np.asarray(self.indices[index]))

    def __setitem__(self, index: int, value: Any) -> None:
        """Set a coordinate of an array from `np.empty_like`; other arrays cannot be changed."""
        if (self.indices[index] != -1).any():
            raise Untraceable("what is known is not changed")
        self.indices[index] = self.tape.indices_of(value)

    __bool__ = _refuse("it depends on what a lane is")
    __float__ = __array__ = _refuse("it has no value yet")

    def __pow__(self, exponent: Any) -> "SymbolicArray":
        """As NumPy: the square of an array is a product. Other powers are not the same to the last bit everywhere.

        Neither is that of a single number, which NumPy leaves to the C library.
        """
        if not self.tape.is_exact:
            return self._apply(POWER, self, exponent)
        if isinstance(exponent, int | float) and exponent == 2 and (self.indices.ndim or not self.tape.is_single):
            return self * self
        raise Untraceable(f"the power {exponent}")

    def sum(self, axis: int) -> "SymbolicArray":
        return self._reduce(axis, lambda a, b: a + b)

    def all(self, axis: int) -> "SymbolicArray":
        return self._reduce(axis, lambda a, b: a & b)

    def copy(self) -> "SymbolicArray":
        return self

    def _reduce(self, axis: int, operation: Callable[[Any, Any], Any]) -> "SymbolicArray":
        """The first coordinate with the second, then with the third, as NumPy goes along its first axis."""
        if axis != 0 or self.indices.ndim != 1:
            raise Untraceable("only over the coordinates")
        first, *others = self
        for other in others:
            first = operation(first, other)
        return first

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        word = UFUNCS.get(ufunc) or (LIBRARY_UFUNCS.get(ufunc) if self.tape.is_single else None)
        if ufunc is np.square:
            return inputs[0] * inputs[0]
        if ufunc is np.power and not self.tape.is_exact:
            word = POWER
        if word is None or method != "__call__" or options:
            raise Untraceable(f"{ufunc.__name__} is not among the operations")
        return self._apply(word, *inputs)

    def _apply(self, word: str, *inputs: Any) -> "SymbolicArray":
        operands = np.broadcast_arrays(*(self.tape.indices_of(value) for value in inputs))
        found = np.empty(operands[0].shape, dtype=np.int64)
        for index in np.ndindex(found.shape):
            found[index] = self.tape.apply(word, *(int(operand[index]) for operand in operands))
        return SymbolicArray(self.tape, found)

    def __array_function__(self, function: Any, _: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if function is np.where and len(arguments) == 3:
            return self._apply("where", *arguments)
        if function is np.clip and len(arguments) == 3:
            x, low, high = arguments
            return np.minimum(np.maximum(x, low), high)
        if function is np.zeros_like:
            return np.zeros(self.shape)
        if function is np.empty_like:
            return SymbolicArray(self.tape, np.full(self.indices.shape, -1))
        if function is np.broadcast_arrays:
            return [
                SymbolicArray(self.tape, places)
                for places in np.broadcast_arrays(*map(self.tape.indices_of, arguments))
            ]
        if function is np.stack and len(arguments) == 1:
            return SymbolicArray(self.tape, np.stack([self.tape.indices_of(part) for part in arguments[0]]))
        raise Untraceable(f"{function.__name__} is not among the operations")


# ---- numbers of a step


class ScalarOperation(NamedTuple):
    """An operation on numbers that are the same in all lanes."""

    function: Callable[..., Any]
    operands: tuple[Any, ...]  # `SymbolicScalar`s and constants


class SymbolicScalar:
    """A number that is the same in all lanes and may be another in each step, such as `1 - beta1**t`."""

    def __init__(self, terms: list[ScalarOperation], function: Callable[..., Any] = float, *operands: Any) -> None:
        self.scalar_operations, self.index = terms, len(terms)
        terms.append(ScalarOperation(function, operands))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or any(isinstance(value, np.ndarray) for value in inputs):
            raise Untraceable("numbers of a step meet lanes only in their operations")
        symbols = next((value for value in inputs if isinstance(value, SymbolicArray)), None)
        if symbols is not None:
            return symbols.__array_ufunc__(ufunc, method, *inputs)
        return SymbolicScalar(self.scalar_operations, ufunc, *inputs)

    __bool__ = __float__ = __index__ = _refuse("it depends on the step")


def _record_operator(function: Callable[..., Any], is_reflected: bool = False) -> Callable[..., Any]:
    """An operator of `SymbolicScalar` that records Python's own."""

    def operate(self: SymbolicScalar, *other: Any) -> Any:
        if any(isinstance(value, SymbolicArray | np.ndarray) for value in other):
            return NotImplemented
        operands = (*other, self) if is_reflected else (self, *other)
        return SymbolicScalar(self.scalar_operations, function, *operands)

    return operate


ARITHMETIC_OPERATORS = ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod")
for _name in ("neg", "abs", *ARITHMETIC_OPERATORS, *COMPARISONS):
    setattr(SymbolicScalar, f"__{_name}__", _record_operator(getattr(operator, _name)))
for _name in ARITHMETIC_OPERATORS:
    setattr(SymbolicScalar, f"__r{_name}__", _record_operator(getattr(operator, _name), is_reflected=True))


def evaluate_at_step(function: Callable[[int], float], t: int) -> float:
    """function(t). Where t is a symbol the call itself is recorded, so that the function may branch on t."""
    return SymbolicScalar(t.scalar_operations, function, t) if isinstance(t, SymbolicScalar) else function(t)  # type: ignore[return-value]


def evaluate_scalars(scalar_operations: list[ScalarOperation], known_values: dict[int, Any]) -> list[Any]:
    """Compute the numbers of a step; `known_values` has some of them by index."""
    values: list[Any] = []
    for index, (function, operands) in enumerate(scalar_operations):
        if index in known_values:
            values.append(known_values[index])
        else:
            values.append(function(*(values[v.index] if isinstance(v, SymbolicScalar) else v for v in operands)))
    return values
