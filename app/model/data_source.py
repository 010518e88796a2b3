"""A visitor's own data as the surface of a scene: check a model and a table, and read and write their call."""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from inspect import Parameter
from typing import Any, NamedTuple, NoReturn
from zlib import crc32

import numpy as np

from app.model import display_names
from app.model.call_reader import CallReader
from app.model.call_syntax import get_name, read_literal
from app.model.scene import Call, UserError, check_argument, inspect_parameters, reject_argument
from app.model.surface_source import SurfaceSource
from app.translation import get_punctuation, translate
from surfaces.datasets import regression
from surfaces.datasets.regression import Regression
from surfaces.datasets.table_parser import MAX_TABLE_CHARACTERS, rows_to_lines, serialize_table
from surfaces.datasets.table_surface import DatasetFit, data, fit_dataset, parse_dataset
from surfaces.translatable import Translatable

DATA = "data"  # the name in calls of these surfaces
MODEL_NAMES = {
    "line": Translatable("Straight line"),
    "logistic": Translatable("Logistic regression"),
    "svm": Translatable("Linear SVM"),
    "neuron": Translatable("Tanh neuron"),
}
DATA_DEFAULTS: dict[str, Any] = {"standardized": False, "batch_size": 0, "seed": 0}
MAX_PLAIN_SCALE = 1e4  # largest condition number, curvature and length of the view without standardizing
DATA_PATTERN = re.compile(
    rf"""{DATA} *\( *(?P<q>["'])(?P<model>\w*)(?P=q) *, *(?P<r>["'])(?P<rows>[^"'\\]*)(?P=r) *(?:, *(?P<rest>.*))?\)""",
    re.DOTALL,
)
MAX_DATA_CHARACTERS = MAX_TABLE_CHARACTERS + 200  # of the text of a call


class DataExample(NamedTuple):
    """Example data for visitors."""

    name: Translatable
    model: str
    rows: str


def _format_rows(head: str, *columns: Any) -> str:
    lines = (",".join(f"{cell:.6g}" for cell in row) for row in zip(*columns, strict=True))
    return ";".join((head, *lines))


DATA_EXAMPLES = (
    DataExample(
        Translatable("Braking distances"), "line", _format_rows("speed,distance", *(10 * c for c in regression.CARS))
    ),
    DataExample(
        Translatable("Challenger's seals"),
        "logistic",
        _format_rows("temperature,damaged", 70 + 10 * regression.CHALLENGER[0], regression.CHALLENGER[1]),
    ),
    DataExample(
        Translatable("Petals of two kinds of iris"),
        "svm",
        _format_rows("petal length,virginica", 5 + regression.IRIS[0], (1 + regression.IRIS[1]) / 2),
    ),
    DataExample(Translatable("Beetles and a poison"), "neuron", _format_rows("log dose,killed", *regression.BEETLES)),
)


def data_call(model: Any, rows: Any, **arguments: Any) -> Call:
    """Make the call for a model and the rows of a table. Raises `UserError`."""
    for name in arguments:
        if name not in DATA_DEFAULTS:
            reject_argument(DATA, name)
    others = {
        name: check_argument(name, arguments.get(name, default), default) for name, default in DATA_DEFAULTS.items()
    }
    table = serialize_table(parse_dataset(str(model), rows_to_lines(str(rows))))
    call = Call(DATA, (("model", str(model)), ("rows", table), *others.items()))
    build_data_surface(call)
    return call


def read_pasted_table(model: str, text: str, **kept_arguments: Any) -> Call:
    """Make the call for a pasted table, standardized if the plain data are badly scaled. Raises `UserError`."""
    rows = serialize_table(parse_dataset(model, text))
    try:
        plain = data_call(model, rows, **kept_arguments)
    except UserError:
        return data_call(model, rows, standardized=True, **kept_arguments)
    return plain if _is_well_scaled(plain) else plain.with_argument("standardized", True)


def make_example_call(index: int) -> Call:
    return read_pasted_table(DATA_EXAMPLES[index].model, rows_to_lines(DATA_EXAMPLES[index].rows))


def get_example_call(model: str) -> Call:
    """The call of a model's example. Raises `UserError`."""
    models = [example.model for example in DATA_EXAMPLES]
    if model in models:
        return make_example_call(models.index(model))
    raise UserError('Data are written like {word}("line","1,2;2,3.5").', word=DATA)


def reject_missing_data() -> NoReturn:
    """Refuse a link from which the data were left out."""
    raise UserError(
        "The data were too long for this link. Open the file of the scene, which contains them, or paste them again."
    )


@lru_cache(maxsize=64)
def build_data_surface(call: Call) -> Regression:
    """The surface of a call. Raises `DataError`."""
    return data(**dict(call.arguments))


def change_data_argument(call: Call, name: str, value: Any) -> Call:
    """Change an argument of a call. Raises `UserError`."""
    changed = call.with_argument(name, check_argument(name, value, DATA_DEFAULTS[name]))
    build_data_surface(changed)
    return changed


def get_fit(call: Call) -> DatasetFit:
    return fit_dataset(call["model"], call["rows"], call["standardized"])


def get_editable_rows(call: Call) -> str:
    """The rows as lines of text."""
    return call["rows"].replace(";", "\n")


def _is_well_scaled(call: Call) -> bool:
    curvature = float(np.linalg.eigvalsh(get_fit(call).full_loss.gram)[-1])
    largest_coordinate = max(abs(end) for side in build_data_surface(call).box for end in side)
    return (
        get_fit(call).condition < MAX_PLAIN_SCALE
        and 1 / MAX_PLAIN_SCALE < curvature < MAX_PLAIN_SCALE
        and largest_coordinate < MAX_PLAIN_SCALE
    )


class DataSource(SurfaceSource):
    """Models fitted to data that visitors paste or upload."""

    max_characters = MAX_DATA_CHARACTERS
    examples = DATA_EXAMPLES

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Without model, rows and standardization, which have widgets of their own."""
        return {
            name: parameter
            for name, parameter in inspect_parameters(self.make).items()
            if name in ("batch_size", "seed")
        }

    def make_example(self, index: int) -> Call:
        return make_example_call(index)

    def change_argument(self, call: Call, name: str, value: Any) -> Call:
        return change_data_argument(call, name, value)

    def build(self, call: Call) -> Regression:
        return build_data_surface(call)

    def write(self, call: Call) -> str:
        return f'{DATA}("{call["model"]}","{call["rows"]}"{_write_others(call)})'

    def write_short(self, call: Call) -> str:
        """The call with the number and checksum of the rows instead of the rows themselves."""
        checksum = crc32(call["rows"].encode())
        return f"{DATA}({call['model']},rows={len(get_fit(call).table.rows)},mark={checksum}{_write_others(call)})"

    def read(self, reader: CallReader, value: str) -> Call:
        """Read a call, with its rows in quotes; without rows, record a fault and use an example."""
        if not (match := DATA_PATTERN.fullmatch(value)):
            node = reader.parse_value(re.sub("[\"'].*", ")", value, flags=re.DOTALL))
            example = get_example_call(get_name(node.args[0]) if isinstance(node, ast.Call) and node.args else "")
            return reader.try_read(f"surface={value}", reject_missing_data, example, Translatable("an example"))
        node = reader.parse_value(f"{DATA}({match['rest'] or ''})")
        if not isinstance(node, ast.Call) or node.args:
            raise UserError("After its rows, {word} takes named arguments only, like batch_size=10.", word=DATA)

        def read_argument(name: str, value: ast.expr) -> Any:
            if name not in DATA_DEFAULTS:
                reject_argument(DATA, name, DATA_DEFAULTS)
            return check_argument(name, read_literal(value), DATA_DEFAULTS[name])

        defaults = {name: repr(default) for name, default in DATA_DEFAULTS.items()}
        return data_call(match["model"], match["rows"], **reader.read_keywords(node, read_argument, defaults))

    def describe(self, call: Call) -> str:
        return f"{display_names.get_display_name(DATA)}{get_punctuation().colon}{translate(MODEL_NAMES[call['model']])}"


def _write_others(call: Call) -> str:
    return "".join(f",{name}={call[name]!r}" for name, default in DATA_DEFAULTS.items() if call[name] != default)
