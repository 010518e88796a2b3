"""A scene of the training laboratory as the parameters of a link, and back; what cannot be read becomes a `Fault`.

data=digits(split=file,sample_count=200,epochs=50)
table=...                                        the visitor's own data, if they are short
train=network(width=50,activation=tanh,optimizer=adam(lr=0.001),changes=((5,lr,0.0001),))    once for each training
show=2                                           the training that is selected, if it is not the first
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.model.call_reader import NOTHING, CallReader, ParsedScene
from app.model.call_syntax import MAX_LINKED_TABLE, get_name, read_literal, write_call, write_number
from app.model.scene import UserError, reject_argument, reject_maker_name
from app.training_scenes.training_preparation import check_training
from app.training_scenes.training_scene import (
    DEFAULT_SCENE,
    NETWORK_ONLY,
    SHARED,
    WORDS,
    ChosenTraining,
    TrainingScene,
    check_change,
    check_choice,
    check_training_count,
)
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from optimizers.training.specification import MAX_TRAININGS, Change
from surfaces.models.catalogue import MODELS, OWN_DATA
from surfaces.models.classification_table import parse_classification_table
from surfaces.translatable import Translatable

PARAMETERS = ("data", "table", "train", "show")
MAX_CHANGES = 20
DATA_ARGUMENTS = tuple(name for name in SHARED if name != "data")
MODEL_ARGUMENTS = ("depth", "width", "activation", "initialization", "l2", "dropout", "batch_size", "weights_seed")
DEFAULT_TRAINING = ChosenTraining()


# ---- writing


def write_parameters(scene: TrainingScene, max_table: int = MAX_LINKED_TABLE) -> list[tuple[str, str]]:
    """The parameters of a link to the scene: what is at its default is left out, and a table that is too long."""
    pairs = [("data", data)] if (data := write_data(scene)) else []
    pairs += [("table", scene.table)] if 0 < len(scene.table) <= max_table else []
    if scene.trainings != DEFAULT_SCENE.trainings:
        pairs += [("train", write_training(chosen)) for chosen in scene.trainings]
    return [*pairs, ("show", str(scene.selected + 1))] if scene.selected else pairs


def write_named_parameters(scene: TrainingScene, max_table: int = MAX_LINKED_TABLE) -> list[tuple[str, str]]:
    """The parameters of a link to the scene, at least one: where they stand alone, they tell that it is a training."""
    return write_parameters(scene, max_table) or [("train", write_training(DEFAULT_TRAINING))]


def write_data(scene: TrainingScene) -> str:
    """The data with their split and epochs; "" where all is at its default."""
    changed = write_changed(scene, DEFAULT_SCENE, DATA_ARGUMENTS)
    return f"{scene.data}({','.join(changed)})" if changed or scene.data != DEFAULT_SCENE.data else ""


def write_training(chosen: ChosenTraining) -> str:
    parts = write_changed(chosen, DEFAULT_TRAINING, MODEL_ARGUMENTS)
    if chosen.optimizer != DEFAULT_TRAINING.optimizer:
        parts.append(f"optimizer={write_call(chosen.optimizer, OPTIMIZERS)}")
    if chosen.wrapper:
        parts.append(f"wrapper={write_call(chosen.wrapper, WRAPPERS)}")
    if chosen.changes:
        written = (f"({c.epoch},{c.name},{write_number(c.value)})" for c in chosen.changes)
        parts.append(f"changes=({','.join(written)},)")
    return f"{chosen.model}({','.join(parts)})"


def write_changed(value: Any, default: Any, names: tuple[str, ...]) -> list[str]:
    changed = ((name, getattr(value, name)) for name in names if getattr(value, name) != getattr(default, name))
    return [f"{name}={part if isinstance(part, str) else write_number(part)}" for name, part in changed]


def is_linkable(scene: TrainingScene) -> bool:
    """Whether a link can hold the scene, with the visitor's data."""
    return len(scene.table) <= MAX_LINKED_TABLE


# ---- reading


def read_parameters(parameters: Mapping[str, Sequence[str]]) -> ParsedScene[TrainingScene]:
    """The scene that a link's parameters describe. Every part that cannot be read is a fault, and is at its default."""
    reader = CallReader()
    scene = DEFAULT_SCENE
    values = {name: parameters[name][-1] for name in PARAMETERS if parameters.get(name)}
    if "data" in values:
        written = f"data={values['data']}"
        scene = reader.try_read(written, lambda: read_data(reader, values), scene, "digits()")
    trainings = []
    texts = parameters.get("train", ())
    for text in texts[:MAX_TRAININGS]:
        base = scene
        read = reader.try_read(f"train={text}", lambda t=text, b=base: read_training(reader, t, b), None, NOTHING)  # type: ignore[misc]
        trainings += [read] if read else []
    if len(texts) > MAX_TRAININGS:
        reader.try_read(f"train={texts[MAX_TRAININGS]}", lambda: check_training_count(len(texts)), None, NOTHING)
    if trainings:
        scene = replace(scene, trainings=tuple(trainings))
    else:
        scene = reader.try_read("train=", lambda: check_training(scene, scene.chosen) and scene, DEFAULT_SCENE, NOTHING)
    selected = reader.try_read(f"show={values.get('show')}", lambda: read_selected(values, scene), 0, "1")
    return ParsedScene(scene.with_selected(selected), tuple(reader.faults))


def read_data(reader: CallReader, values: Mapping[str, str]) -> TrainingScene:
    node = reader.parse_value(values["data"])
    name = get_name(node)
    if name not in WORDS["data"]:
        reject_maker_name(Translatable("data set"), name, WORDS["data"])
    table = values.get("table", "") if name == OWN_DATA else ""
    if name == OWN_DATA:
        parse_classification_table(table)  # a link without its data, or with bad ones

    def read(argument: str, part: ast.expr) -> Any:
        if argument not in DATA_ARGUMENTS:
            reject_argument(name, argument, DATA_ARGUMENTS)
        return check_choice(argument, get_name(part) if argument in WORDS else read_literal(part))

    defaults = {argument: str(getattr(DEFAULT_SCENE, argument)) for argument in DATA_ARGUMENTS}
    return replace(DEFAULT_SCENE, data=name, table=table, **reader.read_keywords(node, read, defaults))


def read_training(reader: CallReader, text: str, scene: TrainingScene) -> ChosenTraining:
    node = reader.parse_value(text)
    model = get_name(node)
    if model not in MODELS:
        reject_maker_name(Translatable("model"), model, MODELS)
    known = (
        *(name for name in MODEL_ARGUMENTS if model == "network" or name not in NETWORK_ONLY),
        "optimizer",
        "wrapper",
        "changes",
    )

    def read(name: str, part: ast.expr) -> Any:
        if name not in known:
            reject_argument(model, name, known)
        if name == "optimizer":
            return reader.read_call(part, OPTIMIZERS, Translatable("optimizer"))
        if name == "wrapper":
            return reader.read_call(part, WRAPPERS, Translatable("wrapper"))
        if name == "changes":
            return part  # read below, when the optimizer is known
        return check_choice(name, get_name(part) if name in WORDS else read_literal(part))

    defaults = {name: str(getattr(DEFAULT_TRAINING, name)) for name in MODEL_ARGUMENTS}
    choices = reader.read_keywords(node, read, defaults)
    changes = choices.pop("changes", None)
    chosen = replace(DEFAULT_TRAINING, model=model, **choices)
    if changes is not None:
        written = f"changes={reader.get_source(changes)}"
        found = reader.try_read(written, lambda: read_changes(changes, scene, chosen), (), NOTHING)
        chosen = replace(chosen, changes=found)
    check_training(scene, chosen)
    return chosen


def read_changes(node: ast.expr, scene: TrainingScene, chosen: ChosenTraining) -> tuple[Change, ...]:
    rows = node.elts if isinstance(node, ast.Tuple) else []
    if not rows or len(rows) > MAX_CHANGES or not all(isinstance(r, ast.Tuple) and len(r.elts) == 3 for r in rows):
        raise UserError("Changes are written like ((5,lr,0.01),): the epoch, the name, the value.")
    parts = [row.elts for row in rows if isinstance(row, ast.Tuple)]
    return tuple(check_change(scene.epochs, chosen, read_literal(e), get_name(n), read_literal(v)) for e, n, v in parts)


def read_selected(values: Mapping[str, str], scene: TrainingScene) -> int:
    text = values.get("show", "1")
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= len(scene.trainings):
        raise UserError("There is no training with this number.")
    return int(text) - 1
