"""A visitor's own measurements as the surface of a scene: a model and a table, checked where they come in."""

import re
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn
from zlib import crc32

import numpy as np

from app.model.scene import Call, Rejected, checked
from surfaces.datasets import regression
from surfaces.datasets.regression import Regression
from surfaces.datasets.table_parser import LONGEST, DataError, spelt, unspelt
from surfaces.datasets.table_surface import Fit, data, fitted, gram, tabled
from surfaces.translatable import Sentence

DATA = "data"  # in the place of a surface's word
NAME = Sentence("Your own data")
MODEL_NAMES = {
    "line": Sentence("Straight line"),
    "logistic": Sentence("Logistic regression"),
    "svm": Sentence("Linear SVM"),
    "neuron": Sentence("Tanh neuron"),
}
DEFAULTS: dict[str, Any] = {"standardized": False, "batch_size": 0, "seed": 0}
EASY = 1e4  # a condition number, a curvature, or a length of the view that still makes a good picture as it is
WRITTEN = re.compile(
    rf"""{DATA} *\( *(?P<q>["'])(?P<model>\w*)(?P=q) *, *(?P<r>["'])(?P<rows>[^"'\\]*)(?P=r) *(?:, *(?P<rest>.*))?\)""",
    re.DOTALL,
)
ROOM = LONGEST + 200  # characters of a text that says such a surface


class Example(NamedTuple):
    """What a visitor may begin with."""

    name: Sentence
    model: str
    rows: str


def _rows(head: str, *columns: Any) -> str:
    lines = (",".join(f"{cell:.6g}" for cell in row) for row in zip(*columns, strict=True))
    return ";".join((head, *lines))


EXAMPLES = (
    Example(Sentence("Braking distances"), "line", _rows("speed,distance", *(10 * c for c in regression.CARS))),
    Example(
        Sentence("Challenger's seals"),
        "logistic",
        _rows("temperature,damaged", 70 + 10 * regression.CHALLENGER[0], regression.CHALLENGER[1]),
    ),
    Example(
        Sentence("Petals of two kinds of iris"),
        "svm",
        _rows("petal length,virginica", 5 + regression.IRIS[0], (1 + regression.IRIS[1]) / 2),
    ),
    Example(Sentence("Beetles and a poison"), "neuron", _rows("log dose,killed", *regression.BEETLES)),
)  # fmt: skip


def owned(model: Any, rows: Any, **given: Any) -> Call:
    """The surface of a model and the rows of a table, or a sentence why there is none."""
    for name in given:
        if name not in DEFAULTS:
            raise Rejected("{word} has no {name!r}.", word=DATA, name=name[:40])
    said = {name: checked(name, given.get(name, default), default) for name, default in DEFAULTS.items()}
    call = Call(DATA, (("model", str(model)), ("rows", _canonical(str(model), str(rows))), *said.items()))
    built(call)
    return call


def pasted(model: str, text: str, **kept: Any) -> Call:
    """The surface of what a visitor pasted: standardized where it makes no picture as it is."""
    try:
        rows = spelt(tabled(model, text))
    except DataError as reason:
        raise Rejected(reason.sentence) from None
    try:
        plain = owned(model, rows, **kept)
    except Rejected:
        return owned(model, rows, standardized=True, **kept)
    return plain if _easy(plain) else plain.set("standardized", True)


def example(model: str) -> Call:
    """The example of a model. Raises `Rejected`."""
    for each in EXAMPLES:
        if each.model == model:
            return pasted(model, unspelt(each.rows))
    raise Rejected('Data are written like {word}("line","1,2;2,3.5").', word=DATA)


def left_out(model: str) -> NoReturn:
    """What a link says that had no room for the data."""
    raise Rejected(
        "This link had no room for its data. The file of the scene has them: open that, or paste the data again."
    )


@lru_cache(maxsize=64)
def built(call: Call) -> Regression:
    """The surface that a call describes. Raises `Rejected`."""
    try:
        return data(**dict(call.hyper))
    except DataError as reason:
        raise Rejected(reason.sentence) from None


def changed(call: Call, name: str, value: Any) -> Call:
    """The same data with another argument."""
    new = call.set(name, checked(name, value, DEFAULTS[name]))
    built(new)
    return new


def fit(call: Call) -> Fit:
    """What is known of the fit."""
    return fitted(call["model"], call["rows"], call["standardized"])


def lines(call: Call) -> str:
    """The rows as a visitor edits them."""
    return call["rows"].replace(";", "\n")


def said(call: Call, *, held: bool = True) -> str:
    """The call as a text; or, not `held`, one that says only which data they were."""
    given = "".join(f",{name}={call[name]!r}" for name, default in DEFAULTS.items() if call[name] != default)
    if held:
        return f'{DATA}("{call["model"]}","{call["rows"]}"{given})'
    return f"{DATA}({call['model']},rows={len(fit(call).table.rows)},mark={crc32(call['rows'].encode())}{given})"


def _canonical(model: str, rows: str) -> str:
    try:
        return spelt(tabled(model, unspelt(rows)))
    except DataError as reason:
        raise Rejected(reason.sentence) from None


def _easy(call: Call) -> bool:
    largest = float(np.linalg.eigvalsh(gram(fit(call).full))[-1])
    reach = max(abs(end) for side in built(call).box for end in side)
    return fit(call).condition < EASY and 1 / EASY < largest < EASY and reach < EASY
