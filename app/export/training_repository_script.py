"""Export trainings as a script for this repository, which ends at the same weights, bit for bit."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

from app.export.python_literals import MAX_LINE_WIDTH, format_literal, format_text
from optimizers.training.specification import Change, Maker, Training
from surfaces.models.catalogue import OWN_DATA

FILE_NAME = "training.py"
TABLE_FILE_NAME = "table.csv"
MAX_TABLE_CHARACTERS = 20_000  # of a visitor's data that are written into the script; longer ones are a file beside it

SCRIPT_TEMPLATE = '''\
"""{title}.

Keep this file in Descent's folder, beside surfaces/ and optimizers/, and run it there: .venv/bin/python {file}
It prints how each training ended, and saves its last weights: those of the first to weights_1.npz.{beside}
"""

{standard}import numpy as np

from optimizers.training.prepared_training import prepare_training
from optimizers.training.specification import Change, Maker, Training
from optimizers.training.training_loop import TrainingLoop
{reader}
{samples}
TRAININGS = [  # name, specification
{trainings}]

for number, (name, training) in enumerate(TRAININGS, 1):
    loop = TrainingLoop(prepare_training(training, samples))
    for progress in loop.train():  # an epoch each
        if progress.divergence:
            print(progress.divergence.sentence)
    last = loop.record.epochs[-1]
    print(
        f"{{name}}: loss {{last.training.loss:.6g}}, in validation {{last.validation.loss:.6g}}; "
        f"accuracy {{last.training.accuracy:.2%}}, in validation {{last.validation.accuracy:.2%}}"
    )
    np.savez(f"weights_{{number}}.npz", **loop.prepared.network.layout.unpack(loop.x))
'''


class NamedTraining(NamedTuple):
    name: str
    training: Training


def make_training_script(title: str, trainings: Sequence[NamedTraining], table: str = "") -> str:
    """The script of these trainings; `table` is the text of the visitor's own data.

    Everything that a visitor typed is a number or a string literal.
    """
    is_own = trainings[0].training.data == OWN_DATA
    is_beside = is_own and not is_short(table)
    text = f'Path({format_literal(TABLE_FILE_NAME)}).read_text(encoding="utf-8")' if is_beside else format_text(table)
    parse = f"samples = parse_classification_table({text})  # the visitor's own data\n"
    return SCRIPT_TEMPLATE.format(
        title=title,
        file=FILE_NAME,
        beside=f"\nThe data are read from {TABLE_FILE_NAME}, which has to be beside it." if is_beside else "",
        standard="from pathlib import Path\n\n" if is_beside else "",
        reader="from surfaces.models.classification_table import parse_classification_table\n" if is_own else "",
        samples=parse if is_own else "samples = None  # those that the specification names\n",
        trainings="".join(map(write_training, trainings)),
    )


def is_short(table: str) -> bool:
    """Whether a visitor's data are written into the script itself."""
    return len(table) <= MAX_TABLE_CHARACTERS


def write_training(named: NamedTraining) -> str:
    """Write a line of the script's list; what is at its default is left out."""
    training, default = named.training, Training()
    parts = [
        f"            {field.name}={format_value(getattr(training, field.name))},\n"
        for field in fields(training)
        if getattr(training, field.name) != getattr(default, field.name)
    ]
    made = f"Training(\n{''.join(parts)}        )" if parts else "Training()"
    return f"    (\n        {format_literal(named.name)},\n        {made},\n    ),\n"


def format_value(value: Any) -> str:
    """Write a field of a specification: a number, a word, a maker, or a tuple of these."""
    if isinstance(value, Maker):
        arguments = ", ".join(f"({format_literal(name)}, {format_value(part)})" for name, part in value.arguments)
        return f"Maker({format_literal(value.name)}, ({arguments}{',' if len(value.arguments) == 1 else ''}))"
    if isinstance(value, Change):
        return f"Change({', '.join(map(format_value, value))})"
    if isinstance(value, tuple):
        parts = list(map(format_value, value))
        line = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
        if len(line) < MAX_LINE_WIDTH - 30:
            return line
        return "(\n" + "".join(f"                {part},\n" for part in parts) + "            )"
    return format_literal(value)
