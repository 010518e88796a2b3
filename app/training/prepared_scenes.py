"""Prepared scenes: each shows one thing that goes wrong or right in a training."""

from dataclasses import replace
from typing import NamedTuple

from app.model.scene import Call, optimizer_call
from app.training_scenes.training_scene import ChosenTraining, TrainingScene
from surfaces.translatable import Translatable


class PreparedScene(NamedTuple):
    title: Translatable
    sentence: Translatable  # what there is to see
    scene: TrainingScene


def vary(base: ChosenTraining, *choices: dict[str, object], **shared: object) -> TrainingScene:
    """A scene of trainings that differ from `base` in these choices; `shared` are those of the whole scene."""
    return replace(TrainingScene(), trainings=tuple(replace(base, **one) for one in choices), **shared)  # type: ignore[arg-type]


def sgd(lr: float) -> Call:
    return optimizer_call("sgd", lr=lr)


RELU = ChosenTraining(optimizer=sgd(0.1))
TANH = replace(RELU, activation="tanh", initialization="glorot")

PREPARED_SCENES: dict[str, PreparedScene] = {
    "learning_rates": PreparedScene(
        Translatable("Four learning rates"),
        Translatable(
            "0.002 creeps. 0.1 falls fast and goes on falling. 2 jumps about far above it. 4 climbs far above "
            "the loss of a guess, and never learns."
        ),
        vary(TANH, *({"optimizer": sgd(lr)} for lr in (0.002, 0.1, 2.0, 4.0))),
    ),
    "zero": PreparedScene(
        Translatable("All weights zero"),
        Translatable("With zero weights all hidden units are the same and stay the same: nothing tells them apart."),
        vary(TANH, {"initialization": "zero"}, {"initialization": "glorot"}),
    ),
    "saturated": PreparedScene(
        Translatable("Saturated units"),
        Translatable("Weights that are too large push tanh to its ends, where it is flat: the gradient hardly passes."),
        vary(replace(TANH, depth=4, width=50), {"initialization": "too_large"}, {"initialization": "glorot"}),
    ),
    "dead": PreparedScene(
        Translatable("Dead ReLUs"),
        Translatable(
            "One step that is too long can take a ReLU to where it is 0 for every sample: no gradient brings it back."
        ),
        vary(
            RELU, {"optimizer": optimizer_call("momentum", lr=0.5)}, {"optimizer": optimizer_call("momentum", lr=0.02)}
        ),
    ),
    "overfitting": PreparedScene(
        Translatable("Overfitting, and two cures"),
        Translatable(
            "The network learns 100 samples by heart: the loss on them goes to zero, and the validation loss rises "
            "again. Regularization keeps it lower. Dropout leaves out different units at each step, which slows the "
            "learning by heart."
        ),
        vary(
            replace(RELU, optimizer=optimizer_call("adam", lr=0.03)),
            {},
            {"l2": 0.002},
            {"dropout": 0.6},
            sample_count=100,
            epochs=100,
        ),
    ),
    "batches": PreparedScene(
        Translatable("Batch size and noise"),
        Translatable(
            "The smaller the batch, the more its loss jumps: in proportion to 1/√B. With all samples in one batch the "
            "loss falls smoothly, but an epoch has only one step."
        ),
        vary(RELU, *({"batch_size": size, "optimizer": sgd(0.02)} for size in (4, 32, 256, 0))),
    ),
    "momentum": PreparedScene(
        Translatable("Momentum or Nesterov, on a network"),
        Translatable(
            "Both are several times as fast as plain descent at the same learning rate, and differ little "
            "from each other."
        ),
        vary(
            RELU,
            {"optimizer": sgd(0.01)},
            {"optimizer": optimizer_call("momentum", lr=0.01)},
            {"optimizer": optimizer_call("nesterov", lr=0.01)},
        ),
    ),
    "correction": PreparedScene(
        Translatable("Adam without bias correction"),
        Translatable(
            "Without its correction Adam's first steps are about three times as long: look at update : weights "
            "in the first epoch."
        ),
        vary(
            RELU,
            {"optimizer": optimizer_call("adam", lr=0.003)},
            {"optimizer": optimizer_call("adam", lr=0.003, bias_correction=False)},
            epochs=5,
        ),
    ),
    "lbfgs": PreparedScene(
        Translatable("L-BFGS on all samples, and on minibatches"),
        Translatable(
            "L-BFGS learns the curvature from the gradients of one function. With batches of four samples each step "
            "sees another function: what it learns is noise, and the loss stays far higher."
        ),
        vary(
            replace(TANH, width=30, optimizer=optimizer_call("lbfgs")),
            {"batch_size": 0},
            {"batch_size": 4},
            sample_count=300,
            epochs=15,
        ),
    ),
    "spirals": PreparedScene(
        Translatable("Decision regions on spirals"),
        Translatable(
            "Softmax regression divides the plane by straight lines: nearly half of the samples lie on the wrong side. "
            "Three hidden units bend the lines, a hundred follow the arms. Play the epochs to see how."
        ),
        vary(
            RELU,
            {"model": "softmax"},
            {"width": 3, "optimizer": optimizer_call("adam", lr=0.02)},
            {"width": 100, "optimizer": optimizer_call("adam", lr=0.02)},
            data="spirals",
            epochs=100,
        ),
    ),
    "split": PreparedScene(
        Translatable("Split in the order of the file"),
        Translatable(
            "The file is in the order of its writers: the last fifth was written by people who wrote none of the "
            "training images. Split at random, the same network looks better than it is."
        ),
        vary(RELU, {}, split="file"),
    ),
}
