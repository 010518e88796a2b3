"""Lessons about training networks on data: before learning, and while it goes on."""

import numpy as np

from app.lessons.lesson import Facts, TrainedScene, TrainingLesson
from app.lessons.training_metrics import (
    count_samples,
    find_accuracy,
    find_accuracy_error,
    find_dead_share,
    find_least_loss,
    find_loss,
    find_ratio,
    find_scatter,
    get_rates,
)
from surfaces.models.network import Network


def measure_chance(near_zero: TrainedScene, large: TrainedScene) -> Facts:
    (small,), (big, he) = near_zero.trainings, large.trainings
    first, classes = find_loss(small, 0), get_network(near_zero).layer_sizes[-1]
    chance = float(np.log(classes))
    return Facts(
        "log" if abs(first / chance - 1) < 0.05 else "zero" if first < 0.5 else "ten" if first > 5 else "other",
        {
            "classes": classes, "chance": chance, "first": first, "large": find_loss(big, 0), "he": find_loss(he, 0),
            "guess": 100 / classes,
        },
        {
            "the first loss is that of a guess": abs(first / chance - 1) < 0.01,
            "large weights begin far above it": find_loss(big, 0) > 1.5 * chance,
            "He's begin a little above it": 1.005 * chance < find_loss(he, 0) < 1.4 * chance,
        },
    )  # fmt: skip


def measure_curves(four: TrainedScene) -> Facts:
    creeping, good, jumping, climbing = four.trainings
    losses = [find_loss(snapshot) for snapshot in four.trainings]
    names = ("creeps", "falls", "jumps", "climbs")
    rates = get_rates(four)
    fall = [epoch.training.loss for epoch in creeping.epochs]
    third = len(fall) // 3
    return Facts(
        names[int(np.argmin(losses))],
        {
            **{f"lr_{name}": rate for name, rate in zip(names, rates, strict=True)},
            **dict(zip(names, losses, strict=True)),
            "first": find_loss(good, 0), "epochs": four.scene.epochs,
        },
        {
            "the lowest rate falls along nearly a straight line": fall[-1 - third] - fall[-1]
            > 0.4 * (fall[1] - fall[1 + third]) > 0,
            "it has learned little": losses[0] > 0.7 * fall[0],
            "the good one falls fast at first": good.epochs[third].training.loss < 0.4 * find_loss(good, 0),
            "the third is far above the first loss on its way": max(e.training.loss for e in jumping.epochs)
            > 2 * find_loss(jumping, 0),
            "the highest climbs and stays there": min(e.training.loss for e in climbing.epochs[1:])
            > 3 * find_loss(climbing, 0),
        },
    )  # fmt: skip


def measure_ratio(two: TrainedScene) -> Facts:
    good, slow = two.trainings
    ratio, small = find_ratio(good), find_ratio(slow)
    return Facts(
        "rule" if 5e-4 < ratio < 1e-2 else "large" if ratio >= 1e-2 else "tiny",
        {
            "lr": get_rates(two)[0], "lr_small": get_rates(two)[1], "ratio": ratio, "small": small,
            "accuracy": find_accuracy(good), "accuracy_small": find_accuracy(slow),
        },
        {
            "the rule of thumb holds within a decade": 1e-4 < ratio < 1e-2,
            "a rate that is too low is far below it": small < 2e-4,
            "and it learns far less": find_accuracy(slow) < find_accuracy(good) - 30,
        },
    )  # fmt: skip


def measure_heart(few: TrainedScene) -> Facts:
    (snapshot,) = few.trainings
    training, validation = find_accuracy(snapshot, "training"), find_accuracy(snapshot)
    return Facts(
        "heart" if training > 99 and validation < 80 else "learns" if validation >= 80 else "nothing",
        {
            "samples": count_samples(snapshot), "loss": find_loss(snapshot), "training": round(training),
            "validation": round(validation), "validation_first": find_loss(snapshot, 0, "validation"),
            "validation_loss": find_loss(snapshot, part="validation"), "weights": get_network(few).layout.size,
        },
        {
            "the loss goes to nearly zero": find_loss(snapshot) < 0.1,
            "every sample is right": training > 99,
            "the validation loss is worse than at its best": find_loss(snapshot, part="validation")
            > 1.2 * find_least_loss(snapshot),
        },
    )  # fmt: skip


def measure_zero(zeros: TrainedScene, drawn: TrainedScene) -> Facts:
    (same,), (random,) = zeros.trainings, drawn.trainings
    chance = float(np.log(get_network(zeros).layer_sizes[-1]))
    end = find_loss(same)
    return Facts(
        "never" if abs(end / chance - 1) < 0.05 else "slower" if end > 2 * find_loss(random) else "same",
        {"end": end, "chance": chance, "end_random": find_loss(random), "accuracy_random": find_accuracy(random)},
        {
            "all hidden units are the same": bool((np.ptp(same.epochs[-1].first_weights, axis=1) == 0).all()),
            "random weights learn": find_accuracy(random) > 85,
        },
    )


def measure_dead(too_long: TrainedScene, right: TrainedScene) -> Facts:
    (dead,), (alive,) = too_long.trainings, right.trainings
    share = find_dead_share(dead)
    return Facts(
        "most" if share > 60 else "half" if share > 30 else "none",
        {
            "lr": get_rates(too_long)[0], "lr_right": get_rates(right)[0], "share": round(share),
            "share_right": round(find_dead_share(alive)), "units": get_network(too_long).layer_sizes[1],
            "accuracy": find_accuracy(dead), "accuracy_right": find_accuracy(alive),
        },
        {
            "they are dead after the first epoch already": dead.epochs[1].dead[0] > 0.6 * dead.epochs[-1].dead[0],
            "at a lower rate few die": find_dead_share(alive) < 25,
            "and the network learns more": find_accuracy(alive) > find_accuracy(dead) + 10,
        },
    )  # fmt: skip


def measure_overfitting(free: TrainedScene, held: TrainedScene) -> Facts:
    (loose,), (regularized,) = free.trainings, held.trainings
    least, end = find_least_loss(loose), find_loss(loose, part="validation")
    rise_held = find_loss(regularized, part="validation") / find_least_loss(regularized)
    return Facts(
        "rises" if end > 1.08 * least else "falls" if end < 0.5 * find_loss(loose, 1, "validation") else "stays",
        {
            "samples": count_samples(loose), "loss": find_loss(loose), "least": least, "end": end,
            "end_held": find_loss(regularized, part="validation"), "loss_held": find_loss(regularized),
            "l2": held.scene.chosen.l2,
        },
        {
            "the training loss goes to zero": find_loss(loose) < 0.05,
            "regularization keeps the training loss up": find_loss(regularized) > 0.05,
            "with it the validation loss hardly rises": rise_held < end / least,
        },
    )  # fmt: skip


def measure_noise(small: TrainedScene, large: TrainedScene) -> Facts:
    (few,), (many,) = small.trainings, large.trainings
    sizes = [scene.scene.chosen.batch_size for scene in (small, large)]
    times = find_scatter(few) / find_scatter(many)
    return Facts(
        "root" if 2.7 < times < 6 else "whole" if times >= 6 else "same",
        {
            "size": sizes[0],
            "size_large": sizes[1],
            "factor": sizes[1] // sizes[0],
            "root": round((sizes[1] / sizes[0]) ** 0.5),
            "scatter": find_scatter(few),
            "scatter_large": find_scatter(many),
        },
        {"nothing is learned meanwhile": find_loss(few) > 0.9 * find_loss(few, 0)},
    )


def measure_split(random: TrainedScene, file: TrainedScene) -> Facts:
    (known,), (unknown,) = random.trainings, file.trainings
    gap = find_accuracy(known) - find_accuracy(unknown)
    error = float(np.hypot(find_accuracy_error(known), find_accuracy_error(unknown)))
    return Facts(
        "lower" if gap > 2 * error else "higher" if gap < -2 * error else "same",
        {
            "random": find_accuracy(known), "file": find_accuracy(unknown), "gap": gap, "error": error,
            "samples": count_samples(known, "validation"),
        },
        {
            "on the training part both are as good": abs(
                find_accuracy(known, "training") - find_accuracy(unknown, "training")
            ) < 3,
        },
    )  # fmt: skip


def get_network(trained: TrainedScene) -> Network:
    return trained.trainings[0].prepared.network


TANH = "network(width=30,activation=tanh,initialization={},optimizer=sgd(lr={}))"
RELU = "network(width=50,optimizer={}(lr={}))"
HEART = "network(width=50,optimizer=adam(lr=0.01),batch_size=0)"
FREE = "network(width=30,optimizer=adam(lr=0.03){})"
BATCH = "network(width=30,optimizer=sgd(lr=0.0001),batch_size={})"
CURVES, ACCURACIES = ("loss",), ("loss", "accuracy", "table")


def write(data: str, *trainings: str) -> str:
    """The part of a link after the question mark."""
    return "&".join((f"data=digits({data})", *(f"train={training}" for training in trainings)))


LESSONS = (
    TrainingLesson(
        "chance",
        {
            "small": write("epochs=5", TANH.format("too_small", 0.1)),
            "large": write("epochs=5", TANH.format("too_large", 0.1), "network(width=30,optimizer=sgd(lr=0.1))"),
        },
        ("zero", "log", "ten"), "log", measure_chance, parts=("loss", "table"),
    ),
    TrainingLesson(
        "four", {"four": write("epochs=12", *(TANH.format("glorot", lr) for lr in (0.002, 0.1, 2, 4)))},
        ("creeps", "falls", "jumps", "climbs"), "falls", measure_curves, parts=("loss", "table"),
    ),
    TrainingLesson(
        "update", {"two": write("epochs=10", RELU.format("sgd", 0.1), RELU.format("sgd", 0.001))},
        ("large", "rule", "tiny"), "rule", measure_ratio, parts=("loss", "ratio", "table"), epochs_before=1,
    ),
    TrainingLesson(
        "heart", {"few": write("epochs=40,sample_count=20", HEART)}, ("learns", "heart", "nothing"), "heart",
        measure_heart, parts=ACCURACIES, epochs_before=1,
    ),
    TrainingLesson(
        "zeros",
        {
            "zeros": write("epochs=8", TANH.format("zero", 0.1)),
            "drawn": write("epochs=8", TANH.format("glorot", 0.1)),
        },
        ("same", "slower", "never"), "never", measure_zero, parts=("loss", "table"),
    ),
    TrainingLesson(
        "dead",
        {
            "long": write("epochs=8", RELU.format("momentum", 0.5)),
            "right": write("epochs=8", RELU.format("momentum", 0.02)),
        },
        ("none", "half", "most"), "most", measure_dead, parts=(*CURVES, "histograms"),
    ),
    TrainingLesson(
        "overfitting",
        {
            "free": write("epochs=60,sample_count=50", FREE.format("")),
            "held": write("epochs=60,sample_count=50", FREE.format(",l2=0.02")),
        },
        ("falls", "stays", "rises"), "rises", measure_overfitting, parts=("loss", "table"), epochs_before=4,
    ),
    TrainingLesson(
        "scatter",
        {"small": write("epochs=2", BATCH.format(4)), "large": write("epochs=2", BATCH.format(64))},
        ("same", "root", "whole"), "root", measure_noise, parts=CURVES,
    ),
    TrainingLesson(
        "split",
        {
            "random": write("epochs=10", RELU.format("sgd", 0.1)),
            "file": write("epochs=10,split=file", RELU.format("sgd", 0.1)),
        },
        ("same", "lower", "higher"), "lower", measure_split, parts=("accuracy", "table"), epochs_before=2,
    ),
)  # fmt: skip
