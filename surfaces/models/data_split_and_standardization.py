"""Split samples into a training and a validation part, once."""

from dataclasses import replace
from math import floor
from typing import Literal, NamedTuple

import numpy as np

from surfaces.models.classification_data import ClassificationData
from surfaces.translatable import UserError

SplitOrder = Literal["random", "file"]
SPLIT_STREAM = 5  # with the same seed, minibatches in epoch 5 draw the same numbers: see `Minibatches`


class DataSplit(NamedTuple):
    training: ClassificationData
    validation: ClassificationData


def split_data(
    data: ClassificationData, validation_fraction: float = 0.2, order: SplitOrder = "random", seed: int = 0
) -> DataSplit:
    """One fold: the last samples are for validation, of a random order or of the file's.

    `floor((1 - validation_fraction) n)` samples are for training, as in scikit-learn's `train_test_split`. In the
    file's order the two parts may come from different people or days, and the validation tells more about new data.
    Raises `UserError` where a part would be empty.
    """
    n = len(data.classes)
    count = floor(n * (1 - validation_fraction) + 1e-9)  # 0.3 of 10 samples are 3, however 1 - 0.3 is rounded
    if not 0 < count < n:
        raise UserError("Of {count:,} samples none would be left for training or for validation.", count=n)
    rows = np.random.default_rng((seed, SPLIT_STREAM)).permutation(n) if order == "random" else np.arange(n)
    return DataSplit(data.subset(rows[:count]), data.subset(rows[count:]))


def standardize_features(split: DataSplit) -> DataSplit:
    """Both parts with features less their mean, over their standard deviation; both of the training part alone.

    So nothing of the validation part is known in training. A feature that is constant in training becomes 0 there.
    """
    inputs = split.training.inputs
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    return DataSplit(*(replace(part, inputs=(part.inputs - mean) / scale) for part in split))
