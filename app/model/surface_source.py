"""Make, build, write, read and describe the calls of one kind of surface; here those of the catalogue."""

from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from app.model import display_names
from app.model.call_reader import CallReader
from app.model.call_syntax import MAX_VALUE_CHARACTERS, write_call
from app.model.scene import Call, inspect_parameters, make_call
from app.translation import get_punctuation
from surfaces.catalogue import SURFACES
from surfaces.translatable import Translatable


class SurfaceSource:
    """All surfaces of one maker; `FormulaSource` and `DataSource` override how their calls are written and read."""

    max_characters = MAX_VALUE_CHARACTERS  # of the text of a call
    examples: tuple[Any, ...] = ()  # each has a `name`

    def __init__(self, name: str, make: Callable[..., Any]) -> None:
        self.name, self.make = name, make

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The arguments with a slider."""
        return inspect_parameters(self.make)

    def make_first_call(self) -> Call:
        """The call after a visitor has chosen this kind."""
        return self.make_example(0) if self.examples else make_call(SURFACES, self.name, {})

    def make_example(self, index: int) -> Call:
        raise NotImplementedError

    def change_argument(self, call: Call, name: str, value: Any) -> Call:
        """Change an argument of a call. Raises `UserError`."""
        return make_call(SURFACES, self.name, dict(call.arguments) | {name: value})

    def build(self, call: Call) -> Any:
        """Build the surface of a call. Raises `UserError`."""
        return self.make(**dict(call.arguments))

    def list_python_arguments(self, call: Call) -> tuple[tuple[str, Any], ...]:
        """The arguments with which a script calls the maker."""
        return call.arguments

    def write(self, call: Call) -> str:
        return write_call(call, SURFACES)

    def write_short(self, call: Call) -> str:
        """Write a call for a link that has no room for its data."""
        return self.write(call)

    def read(self, reader: CallReader, value: str) -> Call:
        """Read a call. Raises `UserError`."""
        return reader.read_call(reader.parse_value(value), SURFACES, Translatable("surface"))

    def describe(self, call: Call) -> str:
        """A line that describes the function."""
        name, summary = display_names.get_display_name(call.name), display_names.get_summary(self.make)
        return f"{name}{get_punctuation().colon}{summary}"
