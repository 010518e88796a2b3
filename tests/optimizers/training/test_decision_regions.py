"""The decision regions are what the network says of the places of the grid, and of the samples on it."""

from dataclasses import replace

import numpy as np
import pytest

from optimizers.training.decision_regions import (
    GRID_SIDE,
    MAX_SHOWN_EPOCHS,
    ClassifiedPlane,
    count_levels,
    encode_cells,
    find_stride,
)
from optimizers.training.prepared_training import PreparedTraining, prepare_training
from optimizers.training.specification import Training
from surfaces.models.classification_losses import softmax
from surfaces.models.data_split_and_standardization import DataSplit

SPIRALS = Training(data="spirals", hidden=(9,), activation="tanh", epochs=3)
BORDER = 1e-4  # of a probability in single precision: nearer to the border of a level, either level is right


def test_every_byte_is_the_class_and_the_probability_of_its_place() -> None:
    prepared = prepare_training(SPIRALS)
    plane = ClassifiedPlane(prepared)
    regions = plane.classify(3, prepared.network, prepared.start)
    levels = count_levels(3)
    x = plane.low[0] + np.arange(GRID_SIDE) / (GRID_SIDE - 1) * (plane.high[0] - plane.low[0])
    y = plane.low[1] + np.arange(GRID_SIDE) / (GRID_SIDE - 1) * (plane.high[1] - plane.low[1])
    for row, column in ((0, 0), (0, 63), (63, 0), (31, 17), (40, 60)):  # rows go up
        P = softmax(prepared.network.forward(prepared.start, np.array([[x[column], y[row]]])).scores)[0]
        cell = int(regions.cells[GRID_SIDE * row + column])
        assert cell // levels == P.argmax()
        level = levels * (P.max() - 1 / 3) / (1 - 1 / 3)
        assert cell % levels in {int(level - BORDER * levels), int(level + BORDER * levels)}


def test_the_samples_shown_are_classified_as_the_network_does() -> None:
    prepared = prepare_training(SPIRALS)
    plane = ClassifiedPlane(prepared)
    regions = plane.classify(0, prepared.network, prepared.start)
    scores = prepared.network.forward(prepared.start, plane.points).scores
    np.testing.assert_array_equal(regions.point_classes, scores.argmax(axis=-1))
    split = prepared.split
    assert plane.training_count == len(split.training.classes)
    np.testing.assert_array_equal(plane.classes, np.concatenate((split.training.classes, split.validation.classes)))
    assert ((plane.points > plane.low) & (plane.points < plane.high)).all()


@pytest.mark.parametrize("class_count", [2, 3, 20])
def test_a_byte_holds_any_class_at_any_probability(class_count: int) -> None:
    classes = np.repeat(np.arange(class_count), 3)
    probability = np.tile([1 / class_count, 1.0, np.nan], class_count)
    cells, levels = encode_cells(classes, probability, class_count), count_levels(class_count)
    np.testing.assert_array_equal(cells // levels, classes)
    np.testing.assert_array_equal(cells % levels, np.tile([0, levels - 1, 0], class_count))


def test_of_a_long_training_some_epochs_are_shown_and_of_a_large_network_fewer() -> None:
    assert find_stride(MAX_SHOWN_EPOCHS, 1) == 1
    assert find_stride(200, 1) == 4
    assert find_stride(200, 10**9) == 40
    assert find_stride(5, 10**12) == 5, "the first and the last at least"
    plane = ClassifiedPlane(prepare_training(replace(SPIRALS, epochs=199)))
    shown = [epoch for epoch in range(200) if plane.is_shown(epoch)]
    assert shown[0] == 0 and shown[-1] == 199 and len(shown) <= MAX_SHOWN_EPOCHS + 1


def test_only_samples_of_two_features_lie_in_a_plane() -> None:
    assert ClassifiedPlane.fits(prepare_training(SPIRALS))
    assert not ClassifiedPlane.fits(prepare_training(replace(SPIRALS, data="digits")))


def test_a_feature_that_is_constant_has_a_picture_with_room_around_it() -> None:
    prepared = prepare_training(SPIRALS)
    flat = [replace(part, inputs=part.inputs * np.array((1.0, 0.0))) for part in prepared.split]
    plane = ClassifiedPlane(PreparedTraining(SPIRALS, DataSplit(*flat), prepared.network, prepared.start))
    assert (plane.high > plane.low).all()
    assert np.isfinite(plane.inputs).all()
