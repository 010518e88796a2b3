"""Training and validation samples: one fold, by chance or in the file's order."""

import numpy as np
import pytest

from surfaces.models.classification_data import ClassificationData, digits
from surfaces.models.data_split_and_standardization import split_data, standardize_features
from surfaces.translatable import UserError


def numbered(n: int) -> ClassificationData:
    """Samples whose only feature is their number."""
    return ClassificationData(np.arange(float(n))[:, None], np.arange(n) % 2, ("a", "b"), ("x1",))


@pytest.mark.parametrize("order", ["random", "file"])
@pytest.mark.parametrize(
    ("n", "fraction", "held"), [(10, 0.2, 2), (10, 0.3, 3), (1797, 0.2, 360), (3, 0.5, 2), (2, 0.2, 1)]
)
def test_every_sample_is_in_one_part(order: str, n: int, fraction: float, held: int) -> None:
    training, validation = split_data(numbered(n), fraction, order)
    assert len(validation.classes) == held
    rows = np.concatenate((training.inputs[:, 0], validation.inputs[:, 0])).astype(np.int64)
    np.testing.assert_array_equal(np.sort(rows), np.arange(n))
    np.testing.assert_array_equal(np.concatenate((training.classes, validation.classes)), rows % 2)
    if order == "file":
        np.testing.assert_array_equal(rows, np.arange(n))
    elif n >= 10:
        assert (rows != np.arange(n)).any()


def test_a_random_split_depends_on_its_seed() -> None:
    one, same, other = (split_data(numbered(100), seed=seed).validation.inputs for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_the_digits_of_the_last_writers_are_held_out_in_the_files_order() -> None:
    training, validation = split_data(digits(), 0.2, "file")
    assert (len(training.classes), len(validation.classes)) == (1437, 360)
    np.testing.assert_array_equal(validation.inputs, digits().inputs[1437:])


@pytest.mark.parametrize("fraction", [0.0, 1.0, 0.999, -1.0])
def test_a_part_without_samples_is_refused(fraction: float) -> None:
    with pytest.raises(UserError, match="Of 10 samples none would be left"):
        split_data(numbered(10), fraction)


def test_features_are_standardized_by_the_training_part_alone() -> None:
    data = ClassificationData(
        np.array(((1.0, 5), (3, 5), (5, 5), (100, 7))), np.array((0, 1, 0, 1)), ("a", "b"), ("u", "v")
    )
    training, validation = standardize_features(split_data(data, 0.25, "file"))
    np.testing.assert_allclose(training.inputs.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(training.inputs.std(axis=0), (1, 0), rtol=1e-14)
    np.testing.assert_allclose(validation.inputs, [[(100 - 3) / np.sqrt(8 / 3), 2]], rtol=1e-14)
    assert validation.class_names == ("a", "b")
