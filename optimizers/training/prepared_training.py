"""A training made ready: its samples are split and checked, its network is built and its first weights are drawn."""

from dataclasses import dataclass, replace

import numpy as np

from optimizers.training.specification import MAX_PARAMETERS, Training
from surfaces.base import Array
from surfaces.models.catalogue import DATA_SETS, MODELS, OWN_DATA
from surfaces.models.classification_data import ClassificationData
from surfaces.models.data_split_and_standardization import DataSplit, split_data, standardize_features
from surfaces.models.network import Network
from surfaces.models.weight_initialization import initialize_weights
from surfaces.translatable import UserError


@dataclass(frozen=True, eq=False)
class PreparedTraining:
    """Everything that a training's loop needs besides the optimizer."""

    training: Training
    split: DataSplit
    network: Network  # with the regularization and the dropout of the first epoch
    start: Array  # (d,)

    @property
    def class_count(self) -> int:
        return self.network.layer_sizes[-1]

    def network_with(self, l2: float, dropout: float) -> Network:
        """The same network with other regularization; a linear model has no hidden units to drop."""
        dropout = dropout if self.network.depth > 1 else 0.0
        if (l2, dropout) == (self.network.l2, self.network.dropout):
            return self.network
        return replace(self.network, l2=l2, dropout=dropout)

    def with_network(self, network: Network) -> "PreparedTraining":
        """The same with another network of as many weights: one whose backward pass has a bug."""
        return replace(self, network=network)


def prepare_training(training: Training, samples: ClassificationData | None = None) -> PreparedTraining:
    """Split the data, `samples` where they are the visitor's own, and make the model.

    Raises `UserError` for data that nothing can be learned from, and for a network of too many weights.
    """
    if training.data == OWN_DATA and samples is None:
        raise UserError("This training uses your own data, which are not here: paste or upload them again.")
    data = samples if samples is not None else DATA_SETS[training.data]()
    check_samples(data)
    if not 0 < training.validation_fraction < 1:
        raise UserError("The fraction of samples for validation lies between 0 and 1.")
    split = split_data(data, training.validation_fraction, training.split, training.split_seed)
    if 0 < training.sample_count < len(split.training.classes):
        split = split._replace(training=split.training.subset(np.arange(training.sample_count)))
    check_training_part(split.training)
    if training.is_standardized:
        split = standardize_features(split)
    return prepare_split(training, split)


def prepare_split(training: Training, split: DataSplit) -> PreparedTraining:
    """The same for samples that are split already."""
    network = build_network(training, split.training)
    start = initialize_weights(network.layout, training.initialization, training.first_weights_seed)
    return PreparedTraining(training, split, network, start)


def build_network(training: Training, data: ClassificationData) -> Network:
    """The model of a training for these samples."""
    settings = training.settings_after(0)
    sizes = data.inputs.shape[1], len(data.class_names)
    if training.model == "network":
        network = MODELS["network"](
            *sizes, training.hidden, training.activation, training.loss, settings.l2, settings.dropout
        )
    else:
        network = MODELS[training.model](*sizes, l2=settings.l2)
    if network.layout.size > MAX_PARAMETERS:
        raise UserError("This network would have {count:,} weights and biases; at most {most:,} are trained here.",
                        count=network.layout.size, most=MAX_PARAMETERS)  # fmt: skip
    return network


def check_samples(data: ClassificationData) -> None:
    """Raises `UserError` where a feature is no finite number."""
    if not np.isfinite(data.inputs).all():
        row, column = (int(k[0]) for k in np.nonzero(~np.isfinite(data.inputs)))
        raise UserError("Sample {row:,} has no number as its feature {name}: the loss would not be one either.",
                        row=row + 1, name=data.feature_names[column])  # fmt: skip


def check_training_part(part: ClassificationData) -> None:
    """Raises `UserError` where all samples are of one class."""
    first = int(part.classes[0])
    if (part.classes == first).all():
        raise UserError("All samples of the training part are of the class “{name}”: there is nothing to tell apart. "
                        "Split at random, or take more samples.", name=part.class_names[first])  # fmt: skip
