"""Models and data by their words, and the classifiers that are built of both."""

import numpy as np
import pytest

from surfaces.models.catalogue import DATA_SETS, MODELS, build_classifier
from surfaces.models.classification_table import parse_classification_table
from surfaces.models.network import Network
from surfaces.models.weight_initialization import initialize_weights

DIMENSIONS = {"digits": (64, 10), "two_moons": (2, 2), "spirals": (2, 3), "rings": (2, 2), "xor": (2, 2)}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("data", DATA_SETS)
def test_every_model_is_built_for_every_data_set(data: str, model: str) -> None:
    f = build_classifier(data, model, hidden=(5, 4), sample_count=30, l2=0.1)
    inputs, classes = DIMENSIONS[data]
    assert f.network.layer_sizes == ((inputs, 5, 4, classes) if model == "network" else (inputs, classes))
    assert f.network.loss == ("svm" if model == "svm" else "softmax")
    assert f.network.l2 == 0.1
    assert f.sample_count == 30
    assert f.start.shape == (f.layout.size,)
    assert np.isfinite(f.value(f.start))


def test_arguments_reach_the_classifier() -> None:
    f = build_classifier(
        "rings", hidden=(3,), activation="tanh", loss="svm", initialization="lecun", dropout=0.2, batch_size=8, seed=5
    )
    assert f.network == Network((2, 3, 2), "tanh", "svm", 0.0, 0.2)
    assert (f.batch_size, f.seed) == (8, 5)
    np.testing.assert_array_equal(f.start, initialize_weights(f.layout, "lecun", 5))


@pytest.mark.parametrize("count", [0, -3, 200, 10_000])
def test_counts_that_are_no_part_mean_all_samples(count: int) -> None:
    assert build_classifier("xor", sample_count=count, batch_size=count).batch_size == 200


def test_a_visitors_table_is_classified() -> None:
    data = parse_classification_table("u,v,class\n1,2,a\n3,4,b\n5,6,c")
    f = build_classifier(data, "softmax", sample_count=2)
    assert f.network.layer_sizes == (2, 3)  # all classes of the table, also one that no sample has
    assert f.data.classes.tolist() == [0, 1]
