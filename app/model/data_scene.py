"""A visitor's own measurements as the surface of a scene: a model and a table, checked where they come in."""

import re
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn
from zlib import crc32

import numpy as np

from app.model.scene import Call, UserError, check_argument
from surfaces.datasets import regression
from surfaces.datasets.regression import Regression
from surfaces.datasets.table_parser import MAX_TABLE_CHARACTERS, rows_to_lines, serialize_table
from surfaces.datasets.table_surface import DatasetFit, data, fit_dataset, parse_dataset
from surfaces.translatable import Translatable

DATA = "data"  # in the place of a surface's word
DATA_LABEL = Translatable("Your own data")
MODEL_NAMES = {
    "line": Translatable("Straight line"),
    "logistic": Translatable("Logistic regression"),
    "svm": Translatable("Linear SVM"),
    "neuron": Translatable("Tanh neuron"),
}
DATA_DEFAULTS: dict[str, Any] = {"standardized": False, "batch_size": 0, "seed": 0}
MAX_PLAIN_SCALE = (
    1e4  # a condition number, a curvature, or a length of the view that still makes a good picture as it is
)
DATA_PATTERN = re.compile(
    rf"""{DATA} *\( *(?P<q>["'])(?P<model>\w*)(?P=q) *, *(?P<r>["'])(?P<rows>[^"'\\]*)(?P=r) *(?:, *(?P<rest>.*))?\)""",
    re.DOTALL,
)
MAX_DATA_CHARACTERS = MAX_TABLE_CHARACTERS + 200  # characters of a text that says such a surface


class DataExample(NamedTuple):
    """What a visitor may begin with."""

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


def data_call(model: Any, rows: Any, **given: Any) -> Call:
    """The surface of a model and the rows of a table, or a sentence why there is none."""
    for name in given:
        if name not in DATA_DEFAULTS:
            raise UserError("{word} has no {name!r}.", word=DATA, name=name[:40])
    said = {name: check_argument(name, given.get(name, default), default) for name, default in DATA_DEFAULTS.items()}
    table = serialize_table(parse_dataset(str(model), rows_to_lines(str(rows))))
    call = Call(DATA, (("model", str(model)), ("rows", table), *said.items()))
    build_data_surface(call)
    return call


def read_pasted_table(model: str, text: str, **kept: Any) -> Call:
    """The surface of what a visitor pasted: standardized where it makes no picture as it is."""
    rows = serialize_table(parse_dataset(model, text))
    try:
        plain = data_call(model, rows, **kept)
    except UserError:
        return data_call(model, rows, standardized=True, **kept)
    return plain if _is_well_scaled(plain) else plain.set("standardized", True)


def get_example_call(model: str) -> Call:
    """The example of a model. Raises `UserError`."""
    for each in DATA_EXAMPLES:
        if each.model == model:
            return read_pasted_table(model, rows_to_lines(each.rows))
    raise UserError('Data are written like {word}("line","1,2;2,3.5").', word=DATA)


def reject_missing_data(model: str) -> NoReturn:
    """What a link says that had no room for the data."""
    raise UserError(
        "This link had no room for its data. The file of the scene has them: open that, or paste the data again."
    )


@lru_cache(maxsize=64)
def build_data_surface(call: Call) -> Regression:
    """The surface that a call describes. Raises `DataError`."""
    return data(**dict(call.hyper))


def change_data_argument(call: Call, name: str, value: Any) -> Call:
    """The same data with another argument."""
    new = call.set(name, check_argument(name, value, DATA_DEFAULTS[name]))
    build_data_surface(new)
    return new


def get_fit(call: Call) -> DatasetFit:
    """What is known of the fit."""
    return fit_dataset(call["model"], call["rows"], call["standardized"])


def get_editable_rows(call: Call) -> str:
    """The rows as a visitor edits them."""
    return call["rows"].replace(";", "\n")


def write_data_call(call: Call, *, held: bool = True) -> str:
    """The call as a text; or, not `held`, one that says only which data they were."""
    given = "".join(f",{name}={call[name]!r}" for name, default in DATA_DEFAULTS.items() if call[name] != default)
    if held:
        return f'{DATA}("{call["model"]}","{call["rows"]}"{given})'
    return f"{DATA}({call['model']},rows={len(get_fit(call).table.rows)},mark={crc32(call['rows'].encode())}{given})"


def _is_well_scaled(call: Call) -> bool:
    largest = float(np.linalg.eigvalsh(get_fit(call).full.gram)[-1])
    reach = max(abs(end) for side in build_data_surface(call).box for end in side)
    return (
        get_fit(call).condition < MAX_PLAIN_SCALE
        and 1 / MAX_PLAIN_SCALE < largest < MAX_PLAIN_SCALE
        and reach < MAX_PLAIN_SCALE
    )
