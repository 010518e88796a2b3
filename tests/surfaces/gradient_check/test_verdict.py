"""The verdict follows the notes' rules, and does not judge what cannot be judged."""

from dataclasses import replace

import numpy as np
import pytest

from surfaces.gradient_check.checked_function import CheckedFunction, name_entry
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import check_entries
from surfaces.gradient_check.entry_sampling import sample_entries
from surfaces.gradient_check.verdict import PASSED, UNDECIDED, GradientVerdict, apply_notes_rule, judge
from surfaces.models.catalogue import build_classifier
from surfaces.models.parameter_blocks import ParameterLayout

X = np.array([0.3, -0.7, 1.1])


def judge_gradient(function: CheckedFunction, x=X, entries=None, **options):
    *_, last = check_entries(function, x, np.arange(x.size) if entries is None else entries, **options)
    return judge(function, last.check)


def smooth(factor: float = 1.0, scale: float = 1.0, **options) -> CheckedFunction:
    """exp summed, times a scale; its gradient times a factor."""
    return CheckedFunction(lambda p: scale * np.exp(p).sum(), lambda p: factor * scale * np.exp(p), **options)


@pytest.mark.parametrize(
    ("error", "smooth_kind", "kinked_kind", "deep_kind"),
    [
        (0.0, "good", "good", "good"),
        (9e-8, "good", "good", "good"),
        (2e-7, "too_large", "fine_with_kinks", "too_large"),
        (9e-5, "too_large", "fine_with_kinks", "too_large"),
        (2e-4, "suspicious", "suspicious", "fine_when_deep"),
        (9e-3, "suspicious", "suspicious", "fine_when_deep"),
        (2e-2, "wrong", "wrong", "wrong"),
        (2.0, "wrong", "wrong", "wrong"),
        (np.nan, "wrong", "wrong", "wrong"),
    ],
)
def test_the_rules_of_the_notes(error: float, smooth_kind: str, kinked_kind: str, deep_kind: str) -> None:
    assert apply_notes_rule(error, has_kinks=False, depth=1) == smooth_kind
    assert apply_notes_rule(error, has_kinks=True, depth=2) == kinked_kind
    assert apply_notes_rule(error, has_kinks=False, depth=10) == deep_kind


@pytest.mark.parametrize(
    ("factor", "options", "kind"),
    [
        (1.0, {}, "good"),
        (1.00001, {}, "too_large"),
        (1.00001, {"has_kinks": True}, "fine_with_kinks"),
        (1.001, {}, "suspicious"),
        (1.001, {"depth": 10}, "fine_when_deep"),
        (1.1, {"has_kinks": True, "depth": 10}, "wrong"),
    ],
)
def test_gradients_that_are_off_by_a_factor(factor: float, options: dict, kind: str) -> None:
    verdict = judge_gradient(smooth(factor, **options))
    assert verdict.kind == kind and verdict.judged == 3 and not verdict.excused
    assert verdict.passed == (verdict.kind in PASSED)
    assert verdict.error == pytest.approx(abs(1 - 1 / factor), abs=1e-8)
    assert verdict.worst in verdict.sentence and verdict.worst.startswith("x[")


def test_tiny_values_are_not_judged_and_scaling_is_advised() -> None:
    function = CheckedFunction(lambda p: 1e-11 * p.sum() + 1, lambda p: np.full_like(p, 5e-11))
    verdict = judge_gradient(function)
    assert verdict.kind == GradientVerdict.TINY and verdict.excused == {GradientVerdict.TINY: 3}
    assert any("Multiply the loss" in remark for remark in verdict.remarks)


@pytest.mark.parametrize(("dtype", "h"), [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_a_step_that_is_too_small_is_blamed_and_not_the_gradient(dtype, h: float) -> None:
    verdict = judge_gradient(smooth(), X.astype(dtype), h=h)
    assert verdict.kind == GradientVerdict.ROUND_OFF and verdict.kind in UNDECIDED
    assert any("too small" in remark for remark in verdict.remarks)
    assert any("single precision" in remark for remark in verdict.remarks) == (dtype is np.float32)


@pytest.mark.parametrize(
    ("method", "h", "is_large"),
    [
        (Method.CENTRED, 3e-3, True),
        (Method.CENTRED, 1e-5, False),
        (Method.FORWARD, 1e-2, True),
        (Method.FORWARD, 1e-8, False),
    ],
)
def test_a_step_far_above_the_best_is_named_beside_the_error(method: Method, h: float, is_large: bool) -> None:
    """The gradient is off by 1 %, so that there is always an error to explain."""
    verdict = judge_gradient(smooth(1.01), h=h, method=method)
    assert any("is large" in remark for remark in verdict.remarks) == is_large
    assert not any("is large" in remark for remark in judge_gradient(smooth(), h=1e-5).remarks)


def test_zeros_that_are_compared_with_zeros_are_not_called_right() -> None:
    dead = CheckedFunction(lambda p: np.maximum(p - 5, 0).sum(axis=0), lambda p: (p > 5) * 1.0, has_kinks=True)
    verdict = judge_gradient(dead)
    assert verdict.kind == GradientVerdict.NOTHING_CHECKED and not verdict.passed
    assert "Nothing was compared" in verdict.sentence and "3 entries" in verdict.sentence


@pytest.mark.parametrize("kind", PASSED)
def test_what_passes_is_not_called_right(kind: GradientVerdict) -> None:
    """A check of some entries at one point finds faults; it cannot prove that there is none."""
    factor, options = {"good": (1.0, {}), "fine_with_kinks": (1.00001, {"has_kinks": True}),
                       "fine_when_deep": (1.001, {"depth": 10})}[kind]  # fmt: skip
    verdict = judge_gradient(smooth(factor, **options))
    assert verdict.kind == kind and verdict.passed
    assert verdict.sentence.startswith(("No fault found", "No clear fault"))
    assert "right" not in verdict.sentence.lower()


def test_a_pass_with_blocks_left_out_says_so_first() -> None:
    layout = ParameterLayout.from_shapes({"W": (2,), "b": (1,)})
    verdict = judge_gradient(smooth(layout=layout), entries=np.arange(2))
    assert verdict.sentence.startswith("No fault found in the blocks that were checked")


def test_a_function_with_another_value_each_time_is_not_judged() -> None:
    """The gradient is right for the mean; whatever the differences are, they are noise."""
    rng = np.random.default_rng(0)
    function = CheckedFunction(lambda p: np.exp(p).sum() + 1e-3 * rng.standard_normal(), np.exp)
    *_, last = check_entries(function, X, np.arange(X.size))
    assert judge(function, last.check).kind != GradientVerdict.NOISY  # nobody has looked
    verdict = judge(function, last.check, X)
    assert verdict.kind == GradientVerdict.NOISY and verdict.kind in UNDECIDED
    assert "evaluated twice" in verdict.sentence


def test_a_step_across_a_kink_is_named_with_the_units_that_cross() -> None:
    """The truth is counted sample by sample, from the pre-activations at both ends of the step."""
    classifier = build_classifier("digits", hidden=(12, 8), activation="relu", initialization="he", sample_count=40)
    loss, x, h = classifier.full_loss, classifier.start, 0.02
    *_, last = check_entries(from_network_loss(loss), x, sample_entries(classifier.layout, 60, seed=0), h=h)
    verdict = judge(from_network_loss(loss), last.check, x)
    kinked = np.flatnonzero(last.check.has_kink)
    worst = kinked[np.argmax(last.check.relative_error[kinked])]
    i = int(last.check.entries[worst])
    behind, ahead = x.copy(), x.copy()
    behind[i] -= h
    ahead[i] += h
    counts: dict[tuple[int, int], list[int]] = {}
    for k in (1, 2):
        before, after = loss.preactivations(behind)[k - 1], loss.preactivations(ahead)[k - 1]
        for sample, unit in np.argwhere((before > 0) != (after > 0)):
            counts.setdefault((k, int(unit)), []).append(int(sample))
    named = next(remark for remark in verdict.remarks if "In the step at" in remark)
    assert name_entry(classifier.layout, i) in named
    assert any(f"unit {unit} of layer {k} crosses its kink, for {len(samples)} of 40 samples" in named
               for (k, unit), samples in counts.items() if len(samples) == max(map(len, counts.values())))  # fmt: skip
    assert ("others do as well" in named) == (len(counts) > 1)
    assert sum(map(len, counts.values())) == last.check.kinks_crossed[worst]


def test_the_margins_that_a_step_crosses_are_named() -> None:
    classifier = build_classifier("two_moons", "svm", sample_count=50)
    loss, x, h = classifier.full_loss, classifier.start, 0.3
    *_, last = check_entries(from_network_loss(loss), x, np.arange(x.size), h=h)
    verdict = judge(from_network_loss(loss), last.check, x)
    assert any("the margin of class" in remark and "of 50 samples" in remark for remark in verdict.remarks)


def test_at_a_large_step_an_entry_across_a_kink_is_named_and_not_one_beside_it() -> None:
    """The smooth part is off by the quotient's own error, 1 %; the step across the kink by far more."""
    function = CheckedFunction(
        lambda p: np.maximum(p[0], 0) + p[1] ** 3, lambda p: np.array([1.0 * (p[0] > 0), 3 * p[1] ** 2]),
        has_kinks=True, count_kink_crossings=lambda p, q: (p[0] > 0) != (q[0] > 0),
    )  # fmt: skip
    verdict = judge_gradient(function, np.array([1e-3, 1.0]), h=0.15)  # h² / 3 is 0.75 %
    assert verdict.kind == GradientVerdict.KINKS_CROSSED and verdict.worst == "x[0]"
    alone = judge_gradient(function, np.array([1.0, 1.0]), h=0.15)
    assert alone.kind == GradientVerdict.SUSPICIOUS and "or h is too large" in alone.sentence
    wrong = judge_gradient(replace(function, grad=lambda p: 2 * function.grad(p)), np.array([1e-3, 1.0]), h=0.15)
    assert wrong.kind == GradientVerdict.WRONG and wrong.worst == "x[1]"


def test_single_precision_still_shows_what_is_quite_wrong() -> None:
    assert judge_gradient(smooth(1.5), X.astype(np.float32)).kind == GradientVerdict.WRONG
    assert not judge_gradient(smooth(), X.astype(np.float32)).passed


def test_a_kink_in_the_step_is_blamed_and_not_the_gradient() -> None:
    function = CheckedFunction(lambda p: np.maximum(0, p).sum(), lambda p: 1.0 * (p > 0), has_kinks=True)
    assert judge_gradient(function, np.array([1e-7])).kind == GradientVerdict.KINKS_CROSSED
    some = judge_gradient(function, np.array([1e-7, 0.3]))
    assert some.kind == GradientVerdict.GOOD and some.excused == {GradientVerdict.KINKS_CROSSED: 1}
    # Blocks are judged one by one: of b nothing is known.
    layout = ParameterLayout.from_shapes({"b": (1,), "W": (1,)})
    blocks = judge_gradient(replace(function, layout=layout), np.array([1e-7, 0.3]))
    assert blocks.kind == GradientVerdict.KINKS_CROSSED and blocks.worst == "b[0]"


def test_a_block_without_a_verdict_has_its_own_reason() -> None:
    """Many steps in W1 cross a kink, but W1 is judged by its others: it is b1 that is undecided, with tiny values."""
    layout = ParameterLayout.from_shapes({"W1": (10,), "b1": (2,)})

    def value(p):
        return np.maximum(0, p[:10]).sum() + 1e-11 * np.sin(p[10:]).sum()

    def gradient(p):
        return np.concatenate(((p[:10] > 0) * 1.0, 2e-11 * np.cos(p[10:])))

    x = np.concatenate((np.full(4, 1e-7), np.full(6, 0.3), np.full(2, 0.5)))
    verdict = judge_gradient(CheckedFunction(value, gradient, layout, has_kinks=True), x)
    assert verdict.excused == {GradientVerdict.KINKS_CROSSED: 4, GradientVerdict.TINY: 2}
    assert verdict.kind == GradientVerdict.TINY and verdict.worst.startswith("b1[")
    assert any("4, with relative errors up to" in remark and "W1[" in remark for remark in verdict.remarks)


def test_the_worst_kink_is_named_where_the_undecided_block_has_another() -> None:
    """That of W1 is worse, but W1 is judged by its other entry: of b1 the one entry crosses a kink."""
    layout = ParameterLayout.from_shapes({"W1": (2,), "b1": (1,)})
    function = CheckedFunction(
        lambda p: np.maximum(0, p).sum(), lambda p: 1.0 * (p > 0), layout, has_kinks=True
    )  # at a distance a of the kink the centred difference is (h + a) / 2h
    verdict = judge_gradient(function, np.array([1e-7, 0.3, 5e-6]), h=1e-5)
    assert verdict.kind == GradientVerdict.KINKS_CROSSED and verdict.worst == "b1[0]"
    assert any("errors up to" in remark and "W1[0]" in remark for remark in verdict.remarks)


def test_what_is_wrong_is_wrong_beside_kinks() -> None:
    function = CheckedFunction(lambda p: np.maximum(0, p).sum(), lambda p: 2.0 * (p > 0), has_kinks=True)
    verdict = judge_gradient(function, np.array([1e-7, 0.3]))
    assert verdict.kind == GradientVerdict.WRONG and verdict.worst == "x[1]"


def test_values_that_are_not_finite_and_nothing() -> None:
    function = CheckedFunction(lambda p: p @ p, lambda p: p * np.nan)
    assert judge_gradient(function).kind == GradientVerdict.NOT_FINITE
    *_, last = check_entries(smooth(), X, np.arange(3))
    assert judge(smooth(), last.check.select(slice(0))).kind == GradientVerdict.NOTHING_CHECKED


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu"])
@pytest.mark.parametrize("hidden", [(), (12,), (8, 8, 8)])
def test_right_gradients_of_networks_pass(activation: str, hidden: tuple[int, ...]) -> None:
    model = "network" if hidden else "softmax"
    options = {"initialization": "glorot", "l2": 0.01, "sample_count": 20}
    classifier = build_classifier("digits", model, hidden, activation, **options)
    entries = sample_entries(classifier.layout, 300, seed=0)
    verdict = judge_gradient(from_network_loss(classifier.full_loss), classifier.start, entries)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("l2", "low", "high"),
    # 0.5, 1.1e-3 and 1.1e-5 were measured elsewhere; the weights' size decides, by a factor of a few.
    [(0.0, 0.45, 0.55), (10.0, 1e-4, 1e-2), (1000.0, 1e-6, 1e-4)],
)
def test_regularization_drowns_a_wrong_data_gradient(l2: float, low: float, high: float) -> None:
    classifier = build_classifier("digits", activation="tanh", l2=l2, sample_count=20)
    unregularized = replace(classifier.network, l2=0.0)
    data = from_network_loss(replace(classifier.full_loss, network=unregularized))
    function = replace(from_network_loss(classifier.full_loss), grad=lambda p: classifier.grad(p) - 0.5 * data.grad(p))
    weights = [i for block in classifier.layout.blocks if len(block.shape) == 2 for i in range(block.start, block.stop)]
    entries = np.array([i for i in weights[::23] if data.grad(classifier.start)[i] != 0])
    *_, last = check_entries(function, classifier.start, entries, h=1e-5)
    assert low < np.median(last.check.relative_error) < high


def test_a_forgotten_block_is_named() -> None:
    classifier = build_classifier("xor", hidden=(4,))
    verdict = judge_gradient(from_network_loss(classifier.full_loss), classifier.start, np.arange(4))
    assert any("b1, W2, b2" in remark for remark in verdict.remarks)
