"""Named blocks of a flat point: taken apart and put together again, with and without lanes."""

import numpy as np
import pytest

from surfaces.models.network import Network
from surfaces.models.parameter_blocks import ParameterBlock, ParameterLayout

LAYOUT = ParameterLayout.from_shapes({"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)})


def test_blocks_lie_one_after_the_other() -> None:
    assert LAYOUT.blocks == (
        ParameterBlock("W1", (2, 3), 0, 6),
        ParameterBlock("b1", (3,), 6, 9),
        ParameterBlock("W2", (3, 1), 9, 12),
        ParameterBlock("b2", (1,), 12, 13),
    )
    assert LAYOUT.size == 13
    assert Network((2, 3, 1)).layout == LAYOUT


def test_a_network_of_7510_weights_is_counted_right() -> None:
    layout = Network((64, 100, 10)).layout
    assert {name: (shape, stop - start) for name, shape, start, stop in layout.blocks} == {
        "W1": ((64, 100), 6400), "b1": ((100,), 100), "W2": ((100, 10), 1000), "b2": ((10,), 10),
    }  # fmt: skip
    assert layout.size == 7510


@pytest.mark.parametrize("lanes", [(), (1,), (4,), (2, 3)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128])
def test_blocks_of_every_lane_are_those_of_its_point(lanes: tuple[int, ...], dtype: type) -> None:
    p = np.random.default_rng(0).standard_normal((13, *lanes)).astype(dtype)
    arrays = LAYOUT.unpack(p)
    assert list(arrays) == ["W1", "b1", "W2", "b2"]
    for lane in np.ndindex(lanes):
        alone = p[(slice(None), *lane)]
        np.testing.assert_array_equal(arrays["W1"][lane], alone[:6].reshape(2, 3))
        np.testing.assert_array_equal(arrays["b2"][lane], alone[12:])
    again = LAYOUT.pack(arrays)
    np.testing.assert_array_equal(again, p)
    assert again.dtype == dtype
    assert again.flags.c_contiguous


def test_without_lanes_nothing_is_copied() -> None:
    p = np.zeros(13)
    for name, array in LAYOUT.unpack(p).items():
        assert np.shares_memory(array, p), name
