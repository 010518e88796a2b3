"""First weights: variances by the fans of a layer, biases 0, the same draws for the same seed."""

import numpy as np
import pytest

from surfaces.models.network import Network
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS, initialize_weights

LAYOUT = Network((400, 300, 200)).layout
VARIANCES = {  # of the first matrix, n_in = 400 and n_out = 300
    "zero": 0.0, "too_small": 1e-6, "lecun": 1 / 400, "glorot": 2 / 700, "he": 2 / 400, "too_large": 25 / 400,
}  # fmt: skip


@pytest.mark.parametrize("name", STANDARD_DEVIATIONS)
def test_variances_are_the_published_ones(name: str) -> None:
    """Over 120,000 draws the sample's variance has a relative standard error of 0.4 %, the mean one of 0.3 %."""
    arrays = LAYOUT.unpack(initialize_weights(LAYOUT, name, seed=3))
    np.testing.assert_allclose(arrays["W1"].var(), VARIANCES[name], rtol=0.03)
    assert abs(arrays["W1"].mean()) <= 0.02 * np.sqrt(VARIANCES[name])
    assert not arrays["b1"].any()
    assert not arrays["b2"].any()


def test_the_same_seed_gives_the_same_weights_up_to_scale() -> None:
    lecun, he, again, other = (
        initialize_weights(LAYOUT, name, seed) for name, seed in (("lecun", 1), ("he", 1), ("he", 1), ("he", 2))
    )
    np.testing.assert_array_equal(he, again)
    np.testing.assert_allclose(he, np.sqrt(2) * lecun, rtol=1e-14)
    W1, W2 = (LAYOUT.unpack(he)[name].ravel()[:1000] for name in ("W1", "W2"))
    for different in (W2, LAYOUT.unpack(other)["W1"].ravel()[:1000]):
        assert abs(np.corrcoef(W1, different)[0, 1]) < 0.2  # six standard errors
