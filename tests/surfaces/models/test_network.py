"""Networks: exact gradients for every model, against PyTorch's, in every precision, lane by lane."""

import json
from pathlib import Path

import numpy as np
import pytest

from surfaces.models.activations import ACTIVATIONS
from surfaces.models.classification_losses import LOSSES
from surfaces.models.network import MAX_LAYERS, Network
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.seeded_bugs import insert_bug
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS, initialize_weights
from surfaces.translatable import UserError
from tests import references
from tests.references.network_cases import NetworkCase, list_cases

COMPLEX_STEP, REAL_STEP = 1e-30, 1e-5
INPUTS = np.random.default_rng(5).uniform(-1, 1, (9, 5))
CLASSES = np.array((0, 1, 2, 0, 0, 1, 0, 2, 0))  # not balanced: else the hinge's gradients may vanish but for rounding
HIDDEN = {"linear": (), "one hidden layer": (6,), "three hidden layers": (6, 5, 4)}
MODELS = [(hidden, phi) for hidden in HIDDEN for phi in ACTIVATIONS if hidden != "linear" or phi == "tanh"]


def make_loss(hidden: str, activation: str, loss: str, l2: float, dropout: float = 0.0) -> NetworkLoss:
    network = Network((5, *HIDDEN[hidden], 3), activation, loss, l2, dropout)
    return NetworkLoss(network, INPUTS, CLASSES, network.draw_masks(len(INPUTS), 2, 1))


def make_point(f: NetworkLoss, initialization: str) -> np.ndarray:
    """First weights, with biases that are not 0, so that no unit is at a kink where all weights are 0."""
    layout = f.network.layout
    arrays = layout.unpack(initialize_weights(layout, initialization, seed=1))
    rng = np.random.default_rng(7)
    biases = {name: rng.uniform(0.05, 0.2, b.shape) * rng.choice((-1, 1), b.shape) for name, b in arrays.items()}
    return layout.pack({name: biases[name] if name[0] == "b" else array for name, array in arrays.items()})


def errors_by_block(f: NetworkLoss, exact: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """‖a - n‖ / max(‖a‖, ‖n‖) of every block; 0 where both are 0."""
    pairs = zip(f.network.layout.unpack(exact).items(), f.network.layout.unpack(other).values(), strict=True)
    sizes = {name: (np.linalg.norm(a - n), max(np.linalg.norm(a), np.linalg.norm(n))) for (name, a), n in pairs}
    return {name: apart / (size or 1) for name, (apart, size) in sizes.items()}


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("initialization", STANDARD_DEVIATIONS)
@pytest.mark.parametrize("hidden, activation", MODELS)
def test_gradients_are_exact_in_every_block(
    hidden: str, activation: str, initialization: str, loss: str, l2: float
) -> None:
    """By complex steps, which have no error but rounding: so small and vanishing gradients are checked as well.

    Where there are kinks a complex step takes the piece of the real part, and so this holds away from them.
    """
    f = make_loss(hidden, activation, loss, l2)
    p = make_point(f, initialization)
    moved = p[:, None] + 1j * COMPLEX_STEP * np.eye(len(p))
    errors = errors_by_block(f, f.grad(p), f.value(moved).imag / COMPLEX_STEP)
    assert max(errors.values()) < 1e-12, errors


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("initialization", ["lecun", "glorot", "he"])
@pytest.mark.parametrize("hidden, activation", MODELS)
def test_gradients_agree_with_centred_differences_where_no_kink_is_near(
    hidden: str, activation: str, initialization: str, loss: str, l2: float
) -> None:
    """At h = 1e-5 truncation and rounding are each about 1e-10 of a block's norm; the notes call 1e-7 good."""
    f = make_loss(hidden, activation, loss, l2, dropout=0.2 if hidden != "linear" else 0.0)
    p = make_point(f, initialization)
    ahead, behind = (p[:, None] + side * REAL_STEP * np.eye(len(p)) for side in (1, -1))
    assert not f.count_kink_crossings(ahead, behind).total.any()
    errors = errors_by_block(f, f.grad(p), (f.value(ahead) - f.value(behind)) / (2 * REAL_STEP))
    assert max(errors.values()) < 1e-7, errors


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu"])
def test_ten_layers_are_exact_too(activation: str) -> None:
    network = Network((5, *[4] * 9, 3), activation)
    f = NetworkLoss(network, INPUTS, CLASSES)
    p = make_point(f, "he")
    other = f.value(p[:, None] + 1j * COMPLEX_STEP * np.eye(len(p))).imag / COMPLEX_STEP
    assert max(errors_by_block(f, f.grad(p), other).values()) < 1e-12


with np.load(Path(references.__file__).with_name("torch_networks.npz")) as _recorded:
    RECORDED = dict(_recorded)


@pytest.mark.parametrize("case", list_cases(), ids=lambda case: case.key)
def test_losses_and_gradients_are_pytorchs(case: NetworkCase) -> None:
    """To 1e-12 of the loss and of the largest component: both sum a few dozen products in another order."""
    loss, *gradient = RECORDED[case.key]
    ours, g = case.network.loss_and_gradient(case.p, case.inputs, case.classes, case.masks)
    np.testing.assert_allclose(ours, loss, rtol=1e-12)
    np.testing.assert_allclose(g, gradient, rtol=0, atol=1e-12 * np.abs(gradient).max())


def test_the_recording_is_of_these_cases() -> None:
    assert set(RECORDED) == {"about", *(case.key for case in list_cases())}
    assert json.loads(str(RECORDED["about"]))["version"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden, activation", MODELS)
def test_the_hessian_is_the_slope_of_the_gradient(hidden: str, activation: str, loss: str) -> None:
    """By complex steps of the gradient, which have no error but rounding."""
    f = make_loss(hidden, activation, loss, 0.1, dropout=0.2 if hidden != "linear" else 0.0)
    p = make_point(f, "glorot")
    H = f.hess(p)
    slope = f.grad(p[:, None] + 1j * COMPLEX_STEP * np.eye(len(p))).imag / COMPLEX_STEP
    np.testing.assert_allclose(H, slope, rtol=0, atol=1e-13 * np.abs(H).max())
    np.testing.assert_allclose(H, H.T, rtol=0, atol=1e-13 * np.abs(H).max())


@pytest.mark.parametrize("most", [2**18, 250, 100])  # all lanes, four or one at a time
@pytest.mark.parametrize("loss", LOSSES)
def test_lanes_are_independent(loss: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where only a few of them are held at once: a lane is what its point alone gives, up to rounding."""
    monkeypatch.setattr("surfaces.models.network_loss.MAX_NUMBERS", most)
    f = make_loss("one hidden layer", "leaky_relu", loss, 0.1, dropout=0.3)
    d = f.network.layout.size
    p = 0.5 * np.random.default_rng(3).standard_normal((d, 2, 3))
    value, grad, hess = f.value(p), f.grad(p), f.hess(p)
    assert (value.shape, grad.shape, hess.shape) == ((2, 3), (d, 2, 3), (d, d, 2, 3))
    crossings = f.count_kink_crossings(p, 0.9 * p)
    scores = f.preactivations(p)[-1]
    for lane in np.ndindex(2, 3):
        alone = p[(slice(None), *lane)]
        both = f.loss_and_gradient(alone)
        np.testing.assert_allclose(value[lane], f.value(alone), rtol=1e-13)
        np.testing.assert_allclose(both[0], f.value(alone), rtol=1e-15)
        np.testing.assert_allclose(grad[(slice(None), *lane)], f.grad(alone), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(both[1], f.grad(alone), rtol=1e-15)
        np.testing.assert_allclose(hess[(slice(None), slice(None), *lane)], f.hess(alone), rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(scores[lane], f.preactivations(alone)[-1], rtol=1e-13, atol=1e-15)
        assert crossings.total[lane] == f.count_kink_crossings(alone, 0.9 * alone).total
    np.testing.assert_array_equal(f.loss_and_gradient(p)[1], grad)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_single_precision_is_computed_in_single_precision(activation: str, loss: str) -> None:
    """Float32 has 6e-8; two layers of a dozen products each lose a few of them, and no kink is near."""
    f = make_loss("three hidden layers", activation, loss, 0.1, dropout=0.2)
    p = make_point(f, "glorot")
    single = p.astype(np.float32)
    assert not f.count_kink_crossings(p, single.astype(np.float64)).total
    for q in (single, np.stack((single, single), axis=1)):
        value, g = f.value(q), f.grad(q)
        assert value.dtype == g.dtype == f.hess(q).dtype == f.data_loss(q).dtype == np.float32
        assert f.regularization(q).dtype == np.float32
    np.testing.assert_allclose(f.value(single), f.value(p), rtol=1e-5)
    assert f.value(single) != f.value(p)
    np.testing.assert_allclose(f.grad(single), f.grad(p), rtol=0, atol=1e-5 * np.abs(f.grad(p)).max())


def test_the_penalty_is_of_weights_and_not_of_biases() -> None:
    f, plain = (
        make_loss("one hidden layer", "tanh", "softmax", 0.1),
        make_loss("one hidden layer", "tanh", "softmax", 0),
    )
    p = make_point(f, "he")
    arrays = f.network.layout.unpack(p)
    penalty = 0.1 / 2 * sum((W**2).sum() for name, W in arrays.items() if name in {"W1", "W2"})
    np.testing.assert_allclose(f.regularization(p), penalty, rtol=1e-13)
    np.testing.assert_allclose(f.value(p) - plain.value(p), penalty, rtol=1e-10)
    np.testing.assert_allclose(f.data_loss(p), plain.value(p), rtol=1e-14)
    assert plain.regularization(p) == 0


def test_which_networks_are_analytic() -> None:
    assert Network((3, 2)).is_analytic
    assert Network((3, 4, 2), "tanh").is_analytic
    assert not Network((3, 4, 2), "relu").is_analytic
    assert not Network((3, 4, 2), "tanh", "svm").is_analytic
    assert not Network((3, 2), loss="svm").is_analytic


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"layer_sizes": (4,)}, "1 to 10 layers of weights, not 0"),
        ({"layer_sizes": (4,) * (MAX_LAYERS + 2)}, "1 to 10 layers of weights, not 11"),
        ({"layer_sizes": (4, 0, 2)}, "at least one unit"),
        ({"l2": -1.0}, "not below 0"),
        ({"l2": float("nan")}, "not below 0"),
        ({"l2": float("inf")}, "not below 0"),
        ({"dropout": 1.0}, "less than 1"),
        ({"dropout": -0.1}, "at least 0"),
        ({"activation": "swish"}, "tanh, relu, leaky_relu, sigmoid"),
        ({"loss": "squared"}, "softmax, svm"),
    ],
)
def test_what_is_no_network_is_refused_in_a_sentence(arguments: dict, why: str) -> None:
    with pytest.raises(UserError, match=why):
        Network(**{"layer_sizes": (4, 3, 2), **arguments})


def test_a_hessian_of_many_coordinates_is_refused() -> None:
    network = Network((64, 100, 10))
    with pytest.raises(UserError, match=r"7,510 coordinates would have 56,400,100 entries"):
        NetworkLoss(network, np.zeros((2, 64)), np.array((0, 1))).hess(np.zeros(7510))


def test_dropout_masks_depend_on_seed_and_step_and_have_mean_one() -> None:
    """The mean of 40,000 units, kept with probability 0.7 and divided by it, has a standard error of 0.0033."""
    network = Network((3, 200, 200, 2), dropout=0.3)
    masks = network.draw_masks(100, seed=1, t=5)
    for again in (network.draw_masks(100, seed=1, t=5), masks):
        for mask, same in zip(masks, again, strict=True):
            np.testing.assert_array_equal(mask, same)
    assert [mask.shape for mask in masks] == [(100, 200), (100, 200)]
    for mask in masks:
        assert set(np.unique(mask)) == {0, 1 / 0.7}
        assert abs(mask.mean() - 1) < 0.02
    assert (masks[0] != masks[1]).any()
    for seed, t in ((1, 6), (2, 5)):
        assert (network.draw_masks(100, seed, t)[0] != masks[0]).any()
    assert Network((3, 2)).draw_masks(100, 1, 5) == ()


@pytest.mark.parametrize(("loss", "l2"), [("softmax", 0.0), ("svm", 0.1)])
def test_one_pass_gives_both_parts_of_the_loss_and_the_gradient(loss: str, l2: float) -> None:
    """At a point and in lanes, and with a seeded bug in the backward pass."""
    f = make_loss("three hidden layers", "tanh", loss, l2, dropout=0.2)
    p = make_point(f, "glorot")
    for network in (f.network, insert_bug(f.network, "next_class")):
        for point in (p, np.stack((p, 1.1 * p), axis=1)):
            found = network.evaluate(point, INPUTS, CLASSES, f.masks)
            layers = network.forward(point, INPUTS, f.masks)
            np.testing.assert_allclose(found.data_loss, network.data_loss(layers, CLASSES), rtol=1e-13)
            np.testing.assert_allclose(found.regularization, network.regularization(layers.weights), rtol=1e-13)
            expected = network.layout.pack(network.backward(layers, CLASSES, f.masks))
            np.testing.assert_allclose(found.gradient, expected, rtol=1e-12, atol=1e-15)
