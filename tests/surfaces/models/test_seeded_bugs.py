"""Each bug changes the gradient in the blocks that it should, and the loss nowhere."""

from dataclasses import replace

import numpy as np
import pytest

from surfaces.models.catalogue import build_classifier
from surfaces.models.classification_losses import margins
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.seeded_bugs import NO_STEP, SEEDED_BUGS, insert_bug

ROUNDING = 1e-12  # relative: sums in another order
ALL = {"W1", "b1", "W2", "b2", "W3", "b3"}


def build_loss(activation="tanh", loss="softmax", hidden=(12, 12), data="digits", sample_count=20, l2=0.1):
    """A right loss with dropout and regularization, and a point where no bias is 0."""
    classifier = build_classifier(
        data, "network", hidden, activation, loss, "glorot", l2, dropout=0.25, sample_count=sample_count
    )
    p = classifier.start + 0.1 * np.random.default_rng(0).standard_normal(classifier.start.size)
    return classifier.step_loss(1), p


def add_bug(loss: NetworkLoss, bug: str, layer: int | None = None) -> NetworkLoss:
    return replace(loss, network=insert_bug(loss.network, bug, layer))


def find_changed_blocks(loss: NetworkLoss, wrong: NetworkLoss, p) -> set[str]:
    unpack = loss.network.layout.unpack
    right = unpack(loss.grad(p))
    return {name for name, a in unpack(wrong.grad(p)).items()
            if np.abs(a - right[name]).max() > ROUNDING * np.abs(right[name]).max()}  # fmt: skip


PLACES = [  # the bug, in which network, in which layer, and the blocks that it makes wrong
    ("missing_mean", {}, 3, ALL),
    ("missing_mean", {"loss": "svm"}, 3, ALL),
    ("next_class", {}, 3, ALL - {"b3"}),  # the classes are the same ones, in another order: their sum is right
    ("next_class", {"loss": "svm"}, 3, ALL),  # a violated margin pulls by the scores of the sample itself
    ("last_row", {}, 3, ALL),
    ("shared_pull", {"loss": "svm"}, 3, ALL),
    ("forgotten_transpose", {}, 2, {"W1", "b1"}),
    ("slope_at_z", {}, 1, {"W1", "b1"}),
    ("slope_at_z", {}, 2, {"W1", "b1", "W2", "b2"}),
    ("cut_leak", {"activation": "leaky_relu"}, 2, {"W1", "b1", "W2", "b2"}),
    ("redrawn_mask", {}, 1, {"W1", "b1"}),
    ("redrawn_mask", {"activation": "relu"}, 2, {"W1", "b1", "W2", "b2"}),
    *(("first_sample_bias", {}, k, {f"b{k}"}) for k in (1, 2, 3)),
    *(("unregularized_block", {}, k, {f"W{k}"}) for k in (1, 2, 3)),
    *(("regularized_bias", {}, k, {f"b{k}"}) for k in (1, 2, 3)),
    ("single_precision", {}, 1, {"W1"}),
]


@pytest.mark.parametrize(("bug", "options", "layer", "blocks"), PLACES)
def test_a_bug_makes_these_blocks_wrong(bug: str, options: dict, layer: int, blocks: set[str]) -> None:
    loss, p = build_loss(**options)
    wrong = add_bug(loss, bug, layer)
    assert find_changed_blocks(loss, wrong, p) == blocks
    assert wrong.value(p) == loss.value(p)
    assert wrong.grad(p.astype(np.float32)).dtype == np.float32


def test_there_are_twelve_and_each_is_in_the_table() -> None:
    assert len(SEEDED_BUGS) == 12 and {bug for bug, *_ in PLACES} == set(SEEDED_BUGS)
    for bug in SEEDED_BUGS.values():
        assert bug.fault.endswith(".") and bug.detection.endswith(".") and not bug.title.endswith(".")


@pytest.mark.parametrize(("bug", "options", "layer", "blocks"), PLACES)
def test_lanes_are_independent(bug: str, options: dict, layer: int, blocks: set[str]) -> None:
    loss, p = build_loss(**options)
    wrong = add_bug(loss, bug, layer)
    points = np.stack([p, 0.5 * p], axis=1)
    tolerance = 1e-5 if bug == "single_precision" else ROUNDING  # its sums are rounded at 1e-7
    for lane, q in zip(wrong.grad(points).T, points.T, strict=True):
        alone = wrong.grad(q.copy())
        np.testing.assert_allclose(lane, alone, rtol=0, atol=tolerance * np.abs(alone).max())


@pytest.mark.parametrize(
    ("bug", "options"),
    [
        ("missing_mean", {"sample_count": 1}),
        ("next_class", {"sample_count": 1}),
        ("shared_pull", {"data": "two_moons", "loss": "svm"}),
        ("first_sample_bias", {"sample_count": 1}),
        ("unregularized_block", {"l2": 0.0}),
        ("regularized_bias", {"l2": 0.0}),
    ],
)
def test_a_bug_is_harmless_here(bug: str, options: dict) -> None:
    loss, p = build_loss(**options)
    assert find_changed_blocks(loss, add_bug(loss, bug), p) == set()


@pytest.mark.parametrize(
    ("bug", "options"),
    [
        ("shared_pull", {}),
        ("last_row", {"loss": "svm"}),
        ("forgotten_transpose", {"hidden": (12, 8)}),
        ("forgotten_transpose", {"hidden": (64,)}),  # the first matrix is square, but no gradient goes through it
        ("slope_at_z", {"activation": "relu"}),
        ("cut_leak", {}),
        ("single_precision", {"activation": "relu"}),
    ],
)
def test_a_bug_is_refused_where_it_cannot_be(bug: str, options: dict) -> None:
    loss, _ = build_loss(**options)
    assert SEEDED_BUGS[bug].list_layers(loss.network) == []
    with pytest.raises(ValueError, match=bug):
        insert_bug(loss.network, bug)


def test_a_bug_is_refused_in_a_layer_that_there_is_not() -> None:
    loss, _ = build_loss()
    with pytest.raises(ValueError, match="layer 4"):
        insert_bug(loss.network, "first_sample_bias", 4)


def test_what_some_bugs_do_exactly() -> None:
    """The mean's 1/n, the penalty, and the leak by their formulas."""
    loss, p = build_loss(l2=0.0)
    np.testing.assert_allclose(add_bug(loss, "missing_mean").grad(p), 20 * loss.grad(p), rtol=1e-9)
    loss, p = build_loss()
    unpack = loss.network.layout.unpack
    lacking = unpack(loss.grad(p) - add_bug(loss, "unregularized_block", 2).grad(p))["W2"]
    np.testing.assert_allclose(lacking, 0.1 * unpack(p)["W2"], rtol=0, atol=1e-15)
    added = unpack(add_bug(loss, "regularized_bias", 3).grad(p) - loss.grad(p))["b3"]
    np.testing.assert_allclose(added, 0.1 * unpack(p)["b3"], rtol=0, atol=1e-15)
    all_data, p = build_loss(hidden=(6,), sample_count=1797)
    wrong = unpack_difference(all_data, add_bug(all_data, "last_row"), p)["W2"]
    assert np.flatnonzero(np.abs(wrong).max(axis=0) > 1e-12).tolist() == [all_data.classes[-1]]


def unpack_difference(loss: NetworkLoss, wrong: NetworkLoss, p):
    return loss.network.layout.unpack(wrong.grad(p) - loss.grad(p))


def test_the_network_without_its_bug() -> None:
    loss, _ = build_loss()
    assert insert_bug(loss.network, "missing_mean").right == loss.network


# ---- the lines of code that are shown


def write_backward(network, bug: str, layer: int) -> str:
    """A backward pass in the letters of `CodeLine`, with the wrong line of a bug."""
    L = network.depth
    code = ["dS = slope(S, y) / n"]
    if bug == "last_row":
        code = ["for i in range(n): P[i, y[i]] -= 1", "dS = P / n"]
    elif bug == "shared_pull":
        code = ["dS = violated / n", "for i in range(n): dS[i, y[i]] = -np.sum(violated[i]) / n"]
    code += [f"dZ{L} = dS"]
    slope = {"tanh": "(1 - A{k}**2)", "leaky_relu": "np.where(Z{k} > 0, 1, 0.01)"}[network.activation]
    for k in range(L, 0, -1):
        code += [f"dW{k} = H{k - 1}.T @ dZ{k} + l2 * W{k}", f"db{k} = dZ{k}.sum(axis=0)"]
        if k > 1:
            code += [f"dH{k - 1} = dZ{k} @ W{k}.T", f"dA{k - 1} = dH{k - 1} * M{k - 1}"]
            code += [f"dZ{k - 1} = dA{k - 1} * {slope.format(k=k - 1)}"]
    for k in range(1, layer + 1) if bug == "cut_leak" else [layer]:  # that one is in all hidden layers
        wrong, right = SEEDED_BUGS[bug].write_line(k)
        (at,) = [i for i, line in enumerate(code) if line.endswith(right)]
        code[at] = code[at].replace(right, wrong)
    return "\n".join(code)


@pytest.mark.parametrize(("bug", "options", "layer", "blocks"), PLACES)
def test_the_line_that_is_shown_is_the_bug(bug: str, options: dict, layer: int, blocks: set[str]) -> None:
    """A backward pass that is written out has the same wrong gradient with that line."""
    loss, p = build_loss(**options)
    if options.get("activation") == "relu":
        pytest.skip("its slope is another line")
    network, masks = loss.network, loss.masks
    forward = network.forward(p, loss.inputs, masks)
    S, y = forward.scores, loss.classes
    P = np.exp(S - S.max(axis=1, keepdims=True))
    names: dict = {
        "np": np, "y": y, "n": len(y), "S": S, "P": P / P.sum(axis=1, keepdims=True), "l2": network.l2,
        "slope": network.sample_loss.slope, "violated": (margins(S, y) > 0).astype(float),
        "draw_mask": lambda k: network.draw_masks(len(y), seed=0, t=NO_STEP)[k - 1],
        **forward.weights, **{f"M{k}": mask for k, mask in enumerate(masks, 1)},
    }  # fmt: skip
    for letter in "HZA":
        names |= {f"{letter}{k}": rows for k, rows in enumerate(getattr(forward, letter))}
    exec(write_backward(network, bug, layer), names)  # noqa: S102 -- our own lines
    wrong = network.layout.unpack(add_bug(loss, bug, layer).grad(p))
    # In single precision the sums are of other numbers of 32 bits than in the network: seven digits less two.
    tolerance = 1e-5 if bug == "single_precision" else 1e-10
    for name, gradient in wrong.items():
        assert np.abs(names[f"d{name}"] - gradient).max() <= tolerance * np.abs(gradient).max(), name
