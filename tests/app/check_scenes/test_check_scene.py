"""Scenes of the gradient check: choices that belong together."""

import numpy as np
import pytest

from app.check_scenes.check_scene import (
    DEFAULT_SCENE,
    STEP_SIZES,
    GradientFault,
    ModelTarget,
    find_nearest_step,
    make_model,
)
from app.model.scene import UserError


def test_the_grid_of_step_sizes_rises_from_1e_16_to_1_and_has_all_powers_of_ten() -> None:
    assert list(STEP_SIZES) == sorted(set(STEP_SIZES))
    assert {10.0**-k for k in range(17)} <= set(STEP_SIZES)
    ratios = np.divide(STEP_SIZES[1:], STEP_SIZES[:-1])
    assert ratios.min() > 1.2 and ratios.max() < 1.3


@pytest.mark.parametrize("typed, taken", [(3e-6, 3.15e-6), (1e-30, 1e-16), (0.5, 0.5), (0.99, 1.0)])
def test_a_step_size_is_the_nearest_of_the_grid(typed: float, taken: float) -> None:
    assert find_nearest_step(typed) == taken


def test_what_does_not_apply_to_a_model_is_at_its_default() -> None:
    network = make_model(ModelTarget(), depth=5, activation="relu", dropout=0.5, fixed_mask=False)
    assert make_model(network, kind="softmax") == make_model(ModelTarget(), kind="softmax")
    assert make_model(network, dropout=0.0).fixed_mask
    assert make_model(make_model(network, kind="svm", fault="margin"), kind="softmax").fault is GradientFault.NONE
    assert make_model(make_model(network, data="own", table="1,a\n2,b"), data="xor").table == ""


@pytest.mark.parametrize(
    "name, value", [("depth", 1), ("width", 0), ("samples", 0), ("l2", -1), ("l2", float("nan")), ("warmup", 301),
                    ("dropout", 1), ("fixed_mask", 1), ("kind", "tree"), ("fault", "many")],
)  # fmt: skip
def test_impossible_choices_are_refused(name: str, value: object) -> None:
    with pytest.raises(UserError):
        DEFAULT_SCENE.with_model(**{name: value})
