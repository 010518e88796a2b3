"""Trainings as data files: everything that was recorded, with the specification from which it is repeated.

Like the race's, the files are in English whatever the page's language is. Numbers that were recorded in single
precision are written with as many digits as that has.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np

from app.compute.training_job import TrainingSnapshot
from app.export.csv_and_json import join_csv
from app.export.race_report import get_versions
from optimizers.training.histograms import Histogram
from optimizers.training.recorder import EpochRecord
from optimizers.training.update_ratios import DEFINITIONS

CSV_FILE_NAME, JSON_FILE_NAME = "training.csv", "training.json"
TITLE = "Descent: trainings of classifiers"
PARTS, NUMBERS = ("training", "validation"), ("loss", "loss_error", "accuracy", "accuracy_error")

COLUMNS = {
    "training": ("number", "its name is above"),
    "t": ("steps", "steps taken; 0 at the first weights"),
    "epoch": ("epochs", "where the end of step t is"),
    "minibatch_loss": ("loss", "at the start of step t, over its minibatch and with its dropout, without the penalty"),
    "minibatch_penalty": ("loss", "the regularization there: lambda / 2 times the sum of the squared weights"),
    "training_loss": ("loss", "at the end of an epoch, over at most 300 training samples, without dropout or penalty"),
    "training_loss_error": ("loss", "its standard error"),
    "training_accuracy": ("1", "the part of these samples that is right"),
    "training_accuracy_error": ("1", "its standard error"),
    "validation_loss": ("loss", "the same of all validation samples"),
    "validation_loss_error": ("loss", "its standard error"),
    "validation_accuracy": ("1", "the part of the validation samples that is right"),
    "validation_accuracy_error": ("1", "its standard error"),
    "penalty": ("loss", "the regularization at the end of an epoch"),
    "seconds": ("s", "time that was spent computing, up to the end of an epoch, on the server"),
}
PATTERNS = {
    "ratio_": ("1", "update : weights of step t in this block, by one of three definitions"),
    "activation_mean_": ("1", "mean activation of the hidden layer of this number, over some samples"),
    "activation_deviation_": ("1", "its standard deviation"),
    "saturated_": ("1", "the part of the layer's activations at an end of tanh or of the sigmoid"),
    "dead_": ("units", "ReLUs of the layer that are 0 for every sample that is looked at"),
    "gradient_mean_": ("loss per weight", "mean entry of the gradient in the last step of the epoch"),
    "gradient_deviation_": ("loss per weight", "its standard deviation"),
}


class RecordedTraining(NamedTuple):
    name: str
    snapshot: TrainingSnapshot


def as_csv(link: Sequence[tuple[str, str]], trainings: Sequence[RecordedTraining]) -> str:
    """A row for each step of each training; what is known at the end of an epoch stands in the row of its last step.

    `link` has the parameters of the scene's link. A cell is empty where there is no such number, or no finite one.
    """
    tables = [dict(list_cells(recorded.snapshot)) for recorded in trainings]
    names = list(dict.fromkeys(name for table in tables for name in table))
    rows = (
        ",".join((str(number), str(t), *(table.get(name, {}).get(t, "") for name in names)))
        for number, table in enumerate(tables, 1)
        for t in sorted({*table.get("epoch", {})})
    )
    return join_csv(TITLE, list(write_remarks(link, trainings, names)), ("training", "t", *names), rows)


def list_cells(snapshot: TrainingSnapshot) -> Iterator[tuple[str, dict[int, str]]]:
    """The columns of a training by their names: the text of each cell by its step."""
    times, losses, penalties = {0: "0"}, {}, {}
    t = 0
    for steps in snapshot.steps:
        for k, (loss, penalty) in enumerate(zip(steps.data_loss, steps.regularization, strict=True), 1):
            t += 1
            times[t] = format_number(steps.epoch - 1 + k / len(steps.data_loss))
            losses[t], penalties[t] = format_number(loss), format_number(penalty)
    yield from (("epoch", times), ("minibatch_loss", losses), ("minibatch_penalty", penalties))
    epochs = snapshot.epochs
    for part in PARTS:
        for number in NUMBERS:
            yield f"{part}_{number}", {e.t: format_number(getattr(getattr(e, part), number)) for e in epochs}
    yield "penalty", {e.t: format_number(e.regularization) for e in epochs}
    yield "seconds", {e.t: format_number(snapshot.seconds[e.epoch]) for e in epochs if e.epoch in snapshot.seconds}
    for b, block in enumerate(snapshot.prepared.network.layout.blocks):
        for d, definition in enumerate(DEFINITIONS):
            yield f"ratio_{definition}_{block.name}", {r.t: format_number(r.ratios[d, b]) for r in snapshot.ratios}
    for j in range(len(snapshot.prepared.network.layer_sizes) - 2):
        yield f"activation_mean_{j + 1}", {e.t: format_number(e.activations[j].mean) for e in epochs}
        yield f"activation_deviation_{j + 1}", {e.t: format_number(e.activations[j].deviation) for e in epochs}
        yield f"saturated_{j + 1}", {e.t: format_number(e.saturated[j]) for e in epochs}
        yield f"dead_{j + 1}", {e.t: str(int(e.dead[j])) for e in epochs}
    for j in range(snapshot.prepared.network.depth):
        yield f"gradient_mean_W{j + 1}", {e.t: format_number(e.gradients[j].mean) for e in epochs}
        yield f"gradient_deviation_W{j + 1}", {e.t: format_number(e.gradients[j].deviation) for e in epochs}


def format_number(value: Any) -> str:
    """With the fewest digits that are read back as the same number of its precision; "" if it is not finite."""
    if not isfinite(value):
        return ""
    return str(value) if isinstance(value, np.floating) else repr(float(value))


def write_remarks(
    link: Sequence[tuple[str, str]], trainings: Sequence[RecordedTraining], names: list[str]
) -> Iterator[str]:
    """Write the remarks at the head of the file, a paragraph each."""
    yield "A cell is empty if there is no such number at that step, or if it is not finite."
    yield f"Made with {'; '.join(f'{name} {version}' for name, version in get_versions().items())}"
    yield f"The scene in Descent: {format_link(link)}"
    for number, (name, snapshot) in enumerate(trainings, 1):
        yield f"Training {number}: {name}"
        yield f"Its specification: {json.dumps(describe_specification(snapshot), ensure_ascii=False)}"
        if snapshot.divergence:
            yield f"{snapshot.divergence.sentence}"
    yield "Columns:"
    for name in ("training", "t", *names):
        unit, meaning = describe_column(name)
        yield f"{name} [{unit}]: {meaning}"


def describe_column(name: str) -> tuple[str, str]:
    """Unit and meaning of a column."""
    if name in COLUMNS:
        return COLUMNS[name]
    return next(described for start, described in PATTERNS.items() if name.startswith(start))


def describe_specification(snapshot: TrainingSnapshot) -> dict[str, Any]:
    """The specification with its changes, as JSON has it; optimizers and schedules are calls as Python writes them."""
    return asdict(snapshot.prepared.training)


def format_link(link: Sequence[tuple[str, str]]) -> str:
    """The address of the scene below that of the app."""
    return f"training?{urlencode(link, safe='(),=')}"


def as_json(link: Sequence[tuple[str, str]], trainings: Sequence[RecordedTraining]) -> str:
    """Everything that was recorded, with null for numbers that are not finite; without the weights of each epoch."""
    found = {
        "about": TITLE,
        "versions": get_versions(),
        "scene": format_link(link),
        "trainings": [{"name": name, **describe_record(snapshot)} for name, snapshot in trainings],
    }
    return json.dumps(found, allow_nan=False, ensure_ascii=False)


def describe_record(snapshot: TrainingSnapshot) -> dict[str, Any]:
    network, validation = snapshot.prepared.network, snapshot.prepared.split.validation
    divergence = snapshot.divergence
    return {
        "specification": describe_specification(snapshot),
        "layer_sizes": list(network.layer_sizes),
        "blocks": [block.name for block in network.layout.blocks],
        "diverged": {**divergence._asdict(), "sentence": str(divergence.sentence)} if divergence else None,
        "readings": [{"kind": r.kind, "sentence": str(r.sentence)} for r in snapshot.readings],
        "class_names": [str(name) for name in validation.class_names],
        "validation_classes": validation.classes.tolist(),
        "steps": {
            "epoch": [steps.epoch for steps in snapshot.steps for _ in steps.data_loss],
            "minibatch_loss": [to_number(v) for steps in snapshot.steps for v in steps.data_loss],
            "minibatch_penalty": [to_number(v) for steps in snapshot.steps for v in steps.regularization],
        },
        "update_ratios": {
            "t": [record.t for record in snapshot.ratios],
            "definitions": list(DEFINITIONS),
            "values": [[[to_number(v) for v in row] for row in record.ratios] for record in snapshot.ratios],
        },
        "epochs": [
            {**describe_epoch(record), "seconds": snapshot.seconds.get(record.epoch)} for record in snapshot.epochs
        ],
    }


def describe_epoch(record: EpochRecord) -> dict[str, Any]:
    return {
        "epoch": record.epoch,
        "t": record.t,
        **{part: {n: to_number(getattr(getattr(record, part), n)) for n in NUMBERS} for part in PARTS},
        "penalty": to_number(record.regularization),
        "validation_predictions": record.predictions.tolist(),
        "validation_sureness": [to_number(v) for v in record.sureness],
        "activations": [describe_histogram(h) for h in record.activations],
        "gradients": [describe_histogram(h) for h in record.gradients],
        "saturated": [to_number(v) for v in record.saturated],
        "dead_units": record.dead.tolist(),
    }


def describe_histogram(histogram: Histogram) -> dict[str, Any]:
    low, high, counts, mean, deviation = histogram
    numbers = {"low": low, "high": high, "mean": mean, "deviation": deviation}
    return {**{name: to_number(v) for name, v in numbers.items()}, "counts": counts.tolist()}


def to_number(value: Any) -> float | None:
    """A number with the digits of its precision; None if it is not finite."""
    return float(str(value)) if isfinite(value) else None
