"""Recognize the columns of a log by the names that Keras, PyTorch Lightning, Hugging Face and people give them."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

Role = Literal[
    "epoch", "step", "training_loss", "validation_loss", "training_accuracy", "validation_accuracy", "update_ratio"
]
ROLES: tuple[Role, ...] = get_args(Role)

VALIDATION = {"val", "valid", "validation", "test", "eval", "dev", "evaluation", "holdout"}
TRAINING = {"train", "training", "tr", "fit"}
LOSS = {"loss", "cost", "nll", "xent", "objective", "crossentropy"}
ACCURACY = {"acc", "accuracy", "top1", "acc1", "precision1"}
EPOCH = {"epoch", "epochs"}
STEP = {"step", "steps", "iteration", "iterations", "iter", "batch", "update", "globalstep", "it"}
RATIO = {"ratio", "ratios"}
CHINESE = {
    "验证": "val", "测试": "test", "训练": "train", "损失": "loss", "准确率": "accuracy", "精度": "accuracy",
    "轮次": "epoch", "轮": "epoch", "步": "step", "比值": "ratio", "比率": "ratio",
}  # fmt: skip


def recognize_columns(names: Sequence[str]) -> dict[Role, str]:
    """The column of each role; of several the one with the shortest name, which has the fewest further words."""
    found: dict[Role, str] = {}
    for name in sorted(names, key=len):
        role = recognize_column(name)
        if role is not None and role not in found:
            found[role] = name
    return {role: found[role] for role in ROLES if role in found}


def recognize_column(name: str) -> Role | None:
    """Tell from its name what a column holds; a loss or accuracy without a further word is that of training."""
    words = split_words(name)
    of_validation = bool(words & VALIDATION)
    if words & RATIO:
        return "update_ratio"
    if words & LOSS:
        return "validation_loss" if of_validation else "training_loss"
    if words & ACCURACY:
        return "validation_accuracy" if of_validation else "training_accuracy"
    if words & EPOCH:
        return "epoch"
    return "step" if words & STEP else None


def split_words(name: str) -> set[str]:
    """`trainLoss`, `train/loss` and “train_loss (avg)” are the words train and loss."""
    for chinese, word in CHINESE.items():
        name = name.replace(chinese, f" {word} ")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = [word for word in re.split(r"[^A-Za-z0-9]+", spaced.lower()) if word]
    return {*words, *(a + b for a, b in pairwise(words))}
