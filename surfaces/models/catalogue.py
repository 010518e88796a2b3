"""Every model and every data set by the word that names it in a link, and the classifier made of both."""

from collections.abc import Callable

import numpy as np

from surfaces.models.classification_data import ClassificationData, digits, rings, spirals, two_moons, xor
from surfaces.models.classifier import Classifier
from surfaces.models.network import Network
from surfaces.models.weight_initialization import initialize_weights

DATA_SETS: dict[str, Callable[..., ClassificationData]] = {
    make.__name__: make for make in (digits, two_moons, spirals, rings, xor)
}

OWN_DATA = "own"  # the word for samples that a visitor brought


def softmax(feature_count: int, class_count: int, l2: float = 0.0) -> Network:
    """Softmax regression: linear scores, and the cross entropy of the probabilities that they stand for."""
    return Network((feature_count, class_count), loss="softmax", l2=l2)


def svm(feature_count: int, class_count: int, l2: float = 0.0) -> Network:
    """A linear support vector machine for many classes, with the loss of Weston & Watkins."""
    return Network((feature_count, class_count), loss="svm", l2=l2)


def network(
    feature_count: int,
    class_count: int,
    hidden: tuple[int, ...] = (100,),
    activation: str = "relu",
    loss: str = "softmax",
    l2: float = 0.0,
    dropout: float = 0.0,
) -> Network:
    """A fully connected network with hidden layers of these widths."""
    return Network((feature_count, *hidden, class_count), activation, loss, l2, dropout)


MODELS: dict[str, Callable[..., Network]] = {make.__name__: make for make in (softmax, svm, network)}


def build_classifier(
    data: str | ClassificationData = "digits",
    model: str = "network",
    hidden: tuple[int, ...] = (100,),
    activation: str = "relu",
    loss: str = "softmax",
    initialization: str = "he",
    l2: float = 0.0,
    dropout: float = 0.0,
    sample_count: int = 0,
    batch_size: int = 0,
    seed: int = 0,
) -> Classifier:
    """A classifier and its first point.

    `data` is a word of `DATA_SETS` or the training part itself, of which the first `sample_count` samples are taken;
    `hidden`, `activation`, `loss` and `dropout` are for the model "network" alone. A sample count or batch size of 0
    means all samples. `seed` is for the weights, the minibatches and the dropout masks.
    """
    samples = DATA_SETS[data]() if isinstance(data, str) else data
    if 0 < sample_count < len(samples.classes):
        samples = samples.subset(np.arange(sample_count))
    options = (
        {"hidden": hidden, "activation": activation, "loss": loss, "dropout": dropout} if model == "network" else {}
    )
    made = MODELS[model](samples.inputs.shape[1], len(samples.class_names), l2=l2, **options)
    return Classifier(made, samples, batch_size, seed, initialize_weights(made.layout, initialization, seed))
