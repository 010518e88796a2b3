"""Read calls from text. A part that cannot be read becomes a fault, and its default is used instead."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from app.model.call_syntax import get_keywords, get_name, parse_value, read_literal, shorten, write_number
from app.model.hyperparameter_table import ParameterRange, get_range
from app.model.scene import (
    Call,
    Catalogue,
    UserError,
    check_argument,
    inspect_parameters,
    is_schedulable,
    make_call,
    reject_argument,
    reject_maker_name,
)
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.translatable import Translatable

NOTHING = Translatable("nothing")
SceneT = TypeVar("SceneT")  # a kind of scene


class Fault(NamedTuple):
    """A part of a text that could not be read as it stands."""

    text: str  # name=value
    reason: Translatable
    replacement: str  # the text that is used instead, or its description as a `Translatable`


class ParsedScene(NamedTuple, Generic[SceneT]):
    """A scene, and the parts of its text or link that could not be read."""

    scene: SceneT
    faults: tuple[Fault, ...]


class CallReader:
    """Reads the values of one text and collects the faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.value = ""  # the value that is being read

    def parse_value(self, value: str) -> ast.expr:
        self.value = value
        return parse_value(value)

    def get_source(self, node: ast.expr) -> str:
        """The text of a node in the value that is being read."""
        return self.value[node.col_offset : node.end_col_offset]

    def try_read(self, text: str, read: Callable[[], Any], default: Any, replacement: str) -> Any:
        """Return the result of `read`; if it raises `UserError`, record the fault and return the default."""
        try:
            return read()
        except UserError as error:
            self.faults.append(Fault(shorten(text), error.message, replacement))
            return default

    def read_keywords(
        self, node: ast.expr, read: Callable[[str, ast.expr], Any], defaults: Mapping[str, str]
    ) -> dict[str, Any]:
        """Read the keyword arguments that `read` accepts; the faults of others show the texts in `defaults`."""
        arguments: dict[str, Any] = {}
        for name, value in get_keywords(node).items():

            def read_one(name: str = name, value: ast.expr = value) -> dict[str, Any]:
                return {name: read(name, value)}

            replacement = f"{name}={defaults[name]}" if name in defaults else NOTHING
            arguments |= self.try_read(f"{name}={self.get_source(value)}", read_one, {}, replacement)
        return arguments

    def read_call(self, node: ast.expr, catalogue: Catalogue, kind: str, target: ParameterRange | None = None) -> Call:
        """Read a call. An argument that is missing or cannot be read is at its default."""
        maker_name = get_name(node)
        if maker_name not in catalogue:
            reject_maker_name(kind, maker_name, catalogue)
        parameters = inspect_parameters(catalogue[maker_name])
        if catalogue is not WRAPPERS and isinstance(node, ast.Call) and node.args:
            first = next(iter(parameters), "lr")
            raise UserError(
                "Write the arguments of {word} with their names, like {first}=1.", word=maker_name, first=first
            )

        def read_argument(name: str, value: ast.expr) -> Any:
            if name not in parameters:
                reject_argument(maker_name, name, parameters)
            argument = self._read_argument(catalogue, maker_name, name, value)
            return check_argument(name, argument, parameters[name].default, target)

        defaults = {name: write_number(parameter.default) for name, parameter in parameters.items()}
        return make_call(catalogue, maker_name, self.read_keywords(node, read_argument, defaults), target)

    def _read_argument(self, catalogue: Catalogue, maker_name: str, name: str, node: ast.expr) -> Any:
        if not isinstance(node, ast.Call):
            return read_literal(node)
        if catalogue is not OPTIMIZERS or not is_schedulable(maker_name, name):
            raise UserError("{name} cannot follow a schedule.", name=name)
        return self.read_call(node, SCHEDULES, Translatable("schedule"), get_range(name))
