"""The loss of a network around its weights as the surface of a race: its call, checked before anything is trained.

network_loss(plane=random,seed=3,data=digits(epochs=10),train=network(width=50,optimizer=adam(lr=0.001)))
network_loss(plane=ends,train=network(),train2=network(weights_seed=1))
"""

from collections.abc import Mapping
from dataclasses import replace
from inspect import Parameter
from typing import Any

from app.model.call_reader import CallReader
from app.model.call_syntax import MAX_VALUE_CHARACTERS, get_keywords, get_name, read_literal
from app.model.scene import Call, UserError, reject_argument
from app.model.surface_source import SurfaceSource
from app.training_scenes.training_link import read_data, read_training, write_data, write_training
from app.training_scenes.training_preparation import check_training
from app.training_scenes.training_scene import TrainingScene, build_training, check_choice
from optimizers.catalogue import TRAITS
from optimizers.training.specification import Training
from optimizers.training.training_landscape import FRAMES, MAX_ENDS, PlaneKind, check_size
from surfaces.base import Surface
from surfaces.models.catalogue import OWN_DATA
from surfaces.translatable import Translatable

NETWORK_LOSS = "network_loss"  # the name in calls of these surfaces
TRAIN_ARGUMENTS = ("train", "train2", "train3")[:MAX_ENDS]
DATA_ARGUMENT = "data"
MAX_REPEATED_PRODUCTS = 2e9  # of a weight and a sample, of all trainings together: some seconds
MAX_TRAINING_STEPS = 20_000  # of all of them together
PLANE_TITLES: dict[PlaneKind, Translatable] = {
    "path": Translatable("the path's two main directions"),
    "random": Translatable("two random directions"),
    "ends": Translatable("the ends of trainings"),
}


def network_loss_call(scene: TrainingScene, plane: PlaneKind, seed: int = 0) -> Call:
    """The call for the landscape around the trainings of a scene. Raises `UserError` if it is too large for a race."""
    check_landscape(scene, plane)
    check_cost(scene)
    trained = replace(scene, selected=0)
    return Call(NETWORK_LOSS, (("plane", plane), ("seed", seed if plane == "random" else 0), ("trained", trained)))


def check_landscape(scene: TrainingScene, plane: str) -> None:
    """Raises `UserError` where a scene has no such plane. Nothing is trained."""
    if plane not in FRAMES:
        raise UserError("A plane is one of {names}.", names=", ".join(FRAMES))
    if len(scene.trainings) > MAX_ENDS or (plane == "ends" and len(scene.trainings) < 2):
        raise UserError("The plane through the ends needs two trainings or three: add another one.")
    networks = [check_training(scene, chosen).network for chosen in scene.trainings]
    check_size(networks[0].layout.size)
    if plane == "ends" and len({network.layout for network in networks}) > 1:
        raise UserError("The plane through the ends needs trainings of networks with the same layers.")


def check_cost(scene: TrainingScene) -> None:
    """Raises `UserError` if it would take too long to repeat the trainings when a race is opened."""
    check_linkable(scene.data)
    products, steps = 0, 0
    for chosen in scene.trainings:
        prepared = check_training(scene, chosen)
        size, samples = prepared.network.layout.size, len(prepared.split.training.classes)
        sizes = [chosen.batch_size, *(int(change.value) for change in chosen.changes if change.name == "batch_size")]
        smallest = min((size for size in sizes if size > 0), default=samples)
        steps += -(-samples // smallest) * scene.epochs
        products += size * samples * scene.epochs * (size if TRAITS[chosen.optimizer.name].for_small_models else 1)
    if products > MAX_REPEATED_PRODUCTS or steps > MAX_TRAINING_STEPS:
        raise UserError(
            "The race repeats a training when it is opened, and this one would take too long there: take fewer epochs, "
            "samples or hidden units, or larger batches."
        )


def check_linkable(data: str) -> None:
    """Raises `UserError` for a visitor's own data."""
    if data == OWN_DATA:
        raise UserError(
            "The link of a race has no room for your own data: races are possible on the landscapes of the other data."
        )


def build_trainings(call: Call) -> tuple[Training, ...]:
    scene: TrainingScene = call["trained"]
    return tuple(build_training(scene, chosen) for chosen in scene.trainings)


class NetworkLossSource(SurfaceSource):
    """The landscapes around the weights of networks, which are trained again from their specification."""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        return {}

    def make_first_call(self) -> Call:
        return network_loss_call(replace(TrainingScene(), data="spirals"), "path")

    def build(self, call: Call) -> Surface:
        surface: Surface = self.make(build_trainings(call), call["plane"], call["seed"])
        return surface

    def list_python_arguments(self, call: Call) -> tuple[tuple[str, Any], ...]:
        return ("trainings", build_trainings(call)), ("plane", call["plane"]), ("seed", call["seed"])

    def write(self, call: Call) -> str:
        scene: TrainingScene = call["trained"]
        parts = [f"plane={call['plane']}"] + ([f"seed={call['seed']}"] if call["seed"] else [])
        data = [f"{DATA_ARGUMENT}={write_data(scene)}"] if write_data(scene) else []
        trainings = map(write_training, scene.trainings)
        parts += [*data, *(f"{name}={text}" for name, text in zip(TRAIN_ARGUMENTS, trainings, strict=False))]
        return f"{NETWORK_LOSS}({','.join(parts)})"

    def read(self, reader: CallReader, value: str) -> Call:
        """Read a call. Raises `UserError`, also for a training that is too large."""
        keywords = get_keywords(reader.parse_value(value[: MAX_VALUE_CHARACTERS + 1]))
        for name in keywords:
            if name not in ("plane", "seed", DATA_ARGUMENT, *TRAIN_ARGUMENTS):
                reject_argument(NETWORK_LOSS, name, ("plane", "seed", DATA_ARGUMENT, *TRAIN_ARGUMENTS))
        plane = get_name(keywords["plane"]) if "plane" in keywords else "path"
        seed = int(check_choice("seed", read_literal(keywords["seed"]))) if "seed" in keywords else 0
        texts = {name: reader.get_source(node) for name, node in keywords.items()}  # before others are parsed
        scene = TrainingScene()
        if DATA_ARGUMENT in texts:
            check_linkable(get_name(keywords[DATA_ARGUMENT]))
            scene = read_data(reader, {"data": texts[DATA_ARGUMENT]})
        read = [read_training(reader, texts[name], scene) for name in TRAIN_ARGUMENTS if name in texts]
        scene = replace(scene, trainings=tuple(read)) if read else scene
        return network_loss_call(scene, plane, seed)  # type: ignore[arg-type]

    def describe(self, call: Call) -> str:
        scene: TrainingScene = call["trained"]
        names = ", ".join(map(write_training, scene.trainings))
        return f"The training loss around the weights at the end of {names} on {scene.data}, plane: {call['plane']}"
