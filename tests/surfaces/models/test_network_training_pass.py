"""The pass of a training is the network's own forward and backward pass, in arrays that are used again and again."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from surfaces.models.activations import ACTIVATIONS
from surfaces.models.classification_losses import LOSSES, MANY_SCORES
from surfaces.models.network import Network
from surfaces.models.network_training_pass import (
    KEPT_ROOMS,
    NUMBERS_AT_ONCE,
    ONE_THREAD,
    NetworkPass,
    add_ones,
    count_rows_at_once,
    multiply_in_parts,
    start_pass,
)
from surfaces.models.seeded_bugs import insert_bug

HIDDEN = {"linear": (), "one hidden layer": (6,), "three hidden layers": (6, 5, 4)}
CLASS_COUNT = 3
RNG = np.random.default_rng(4)
INPUTS, CLASSES = RNG.uniform(-1, 1, (MANY_SCORES, 5)), RNG.integers(CLASS_COUNT, size=MANY_SCORES)
MANY = MANY_SCORES // CLASS_COUNT + 1  # samples from which on the scores of a class lie side by side


def make_network(hidden: str, **options) -> Network:
    return Network((5, *HIDDEN[hidden], CLASS_COUNT), **options)


def draw_point(network: Network, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(network.layout.size)


def assert_agrees(network: Network, network_pass: NetworkPass, n: int, t: int = 1) -> None:
    """Losses and gradient at the pass's point are those of the network, to rounding."""
    X, y, masks = INPUTS[:n], CLASSES[:n], network.draw_masks(n, 2, t)
    data_loss, regularization = network_pass.evaluate(add_ones(X), y, masks)
    expected = network.evaluate(network_pass.point, X, y, masks)
    np.testing.assert_allclose(data_loss, expected.data_loss, rtol=1e-13)
    np.testing.assert_allclose(regularization, expected.regularization, rtol=1e-13)
    np.testing.assert_allclose(network_pass.gradient, expected.gradient, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("l2", "dropout"), [(0.0, 0.0), (0.1, 0.0), (0.1, 0.3)])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_losses_and_gradient_are_those_of_the_network(
    hidden: str, activation: str, loss: str, l2: float, dropout: float
) -> None:
    network = make_network(hidden, activation=activation, loss=loss, l2=l2, dropout=dropout)
    network_pass = start_pass(network, draw_point(network))
    assert_agrees(network, network_pass, 9)


def test_passes_with_other_numbers_of_samples_leave_no_traces() -> None:
    """Batches, the smaller one at the end of an epoch, and many samples, at points that change in place."""
    network = make_network("three hidden layers", dropout=0.2)
    network_pass = start_pass(network)
    for k, n in enumerate((32, 32, 7, MANY, 1, 2 * MANY, 32, 9)):
        network_pass.point[:] = draw_point(network, seed=k)
        assert_agrees(network, network_pass, n, t=k)
        first = network_pass.gradient.copy()
        assert_agrees(network, network_pass, n, t=k)
        np.testing.assert_array_equal(network_pass.gradient, first)


@pytest.mark.parametrize("width", [100, ONE_THREAD // 300])
def test_a_product_in_parts_is_the_product(width: int) -> None:
    """In rows and in columns, the last part smaller than the others."""
    rng = np.random.default_rng(1)
    H, W = rng.standard_normal((90, 65)), rng.standard_normal((65, width))
    for out in (np.full((90, width), np.nan), np.full((width, 90), np.nan).T):
        multiply_in_parts(H, W, out)
        np.testing.assert_allclose(out, H @ W, rtol=1e-12, atol=1e-12)


def test_a_point_of_single_precision_is_computed_in_it() -> None:
    network = make_network("three hidden layers")
    p = draw_point(network)
    layers, inputs = start_pass(network, p.astype(np.float32)).compute_layers(add_ones(INPUTS, np.float32))
    assert {layer.dtype for layer in (*layers, *inputs)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(layers[-1], network.forward(p, INPUTS).scores, rtol=1e-3, atol=1e-5)


def test_a_seeded_bug_is_in_the_pass() -> None:
    network = insert_bug(make_network("one hidden layer"), "first_sample_bias")
    network_pass = start_pass(network, draw_point(network))
    assert_agrees(network, network_pass, 9)
    right = start_pass(network.right, network_pass.point)
    right.evaluate(add_ones(INPUTS[:9]), CLASSES[:9])
    assert np.abs(right.gradient - network_pass.gradient).max() > 1e-3


def test_work_can_be_paused_before_each_layer() -> None:
    """On the way there and on the way back."""
    calls: list[int] = []
    network = replace(make_network("three hidden layers"), before_layer=lambda: calls.append(1))
    start_pass(network, draw_point(network)).evaluate(add_ones(INPUTS[:9]), CLASSES[:9])
    assert len(calls) == 2 * network.depth


def test_a_stored_pass_has_no_numbers() -> None:
    """A stored state of an optimizer may hold one."""
    network = make_network("one hidden layer")
    network_pass = start_pass(network, draw_point(network))
    stored = pickle.dumps(network_pass)
    assert network_pass.point.tobytes() not in stored
    again = pickle.loads(stored)  # noqa: S301, its own bytes
    again.point[:] = network_pass.point
    assert_agrees(network, again, 9)


def test_arrays_of_a_few_numbers_of_samples_are_kept_and_no_more() -> None:
    network_pass = start_pass(make_network("one hidden layer"))
    kept = [network_pass._find_room(n) for n in range(1, KEPT_ROOMS + 1)]
    assert all(network_pass._find_room(n) is room for n, room in enumerate(kept, start=1))
    for n in range(1, 4 * KEPT_ROOMS):
        network_pass._find_room(n)
    assert len(network_pass._rooms) <= KEPT_ROOMS


def test_the_widest_layer_of_the_samples_taken_at_once_stays_in_the_cache() -> None:
    narrow, wide, widest = Network((2, 3, 2)), Network((2, 100, 2)), Network((2, 2 * NUMBERS_AT_ONCE, 2))
    assert count_rows_at_once(narrow) * 3 <= NUMBERS_AT_ONCE < (count_rows_at_once(narrow) + 1) * 3
    assert count_rows_at_once(wide) * 100 <= NUMBERS_AT_ONCE < (count_rows_at_once(wide) + 1) * 100
    assert count_rows_at_once(widest) == 1
