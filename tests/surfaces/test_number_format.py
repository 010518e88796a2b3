"""Numbers in sentences are written as the player writes them."""

import numpy as np
import pytest

from surfaces.number_format import format_number


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (0.2, 3, "0.2"),
        (12.0, 2, "12"),
        (1234.0, 3, "1234"),  # no figure before the point is rounded away
        (9999.9, 3, "10000"),
        (-0.01234, 3, "−0.0123"),
        (0.001, 3, "0.001"),
        (0.0009, 3, "9·10⁻⁴"),
        (12345.0, 3, "1.23·10⁴"),
        (-181000.0, 3, "−1.81·10⁵"),
        (1e200, 3, "10²⁰⁰"),
        (-1e-8, 3, "−10⁻⁸"),
        (2.96e-9, 1, "3·10⁻⁹"),
        (np.inf, 3, "–"),
        (np.nan, 3, "–"),
    ],
)
def test_numbers_are_written_as_the_player_writes_them(value, digits, text):
    assert format_number(value, digits) == text
