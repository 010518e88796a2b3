"""A setting decides the point, the loss and the entries; evaluations are counted point by point."""

import numpy as np
import pytest

from surfaces.gradient_check.buggy_network_check import (
    CAREFUL,
    CodeUnderTest,
    EntryChoice,
    build_loss_at_point,
    choose_entries,
    differ,
    estimate_cost,
    find_source,
    find_wrong_blocks,
    run_check,
)
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_sampling import find_missed_blocks
from surfaces.translatable import UserError

CODE = CodeUnderTest(dropout=0.25)


@pytest.mark.parametrize(
    ("changes", "entries"),
    [
        ({"entry_count": 60}, 60),
        ({"entries": EntryChoice.FLAT, "entry_count": 60}, 60),
        ({"entries": EntryChoice.ALL}, 64 * 12 + 12 + 12 * 12 + 12 + 12 * 10 + 10),
        ({"entries": EntryChoice.ALL, "blocks": ("b1", "W3")}, 12 + 120),
        ({"blocks": ("b1", "W3"), "entry_count": 24}, 24),
        ({"entry_count": 1}, 6),  # of every block one
    ],
)
def test_so_many_entries_are_checked(changes: dict, entries: int) -> None:
    setting = CAREFUL._replace(**changes)
    loss, _ = build_loss_at_point(CODE, setting)
    chosen = choose_entries(loss, setting)
    assert len(chosen) == entries == len(set(chosen.tolist()))
    if setting.entries is not EntryChoice.FLAT:
        missed = {block.name for block in find_missed_blocks(loss.network.layout, chosen)}
        assert missed == (set() if not setting.blocks else {"W1", "b2", "W2", "b3"})


@pytest.mark.parametrize(
    ("method", "least", "most"),
    # The value at the point; a step to each side; and two more where the slopes to both sides differ.
    [(Method.COMPLEX_STEP, 61, 61), (Method.CENTRED, 121, 241), (Method.FORWARD, 121, 241)],
)
def test_evaluations_are_counted_point_by_point(method: Method, least: int, most: int) -> None:
    report = run_check(CODE, CAREFUL._replace(method=method, entry_count=60))
    assert least <= report.evaluations <= most and len(report.check.entries) == 60
    assert estimate_cost(CODE, CAREFUL._replace(method=method, entry_count=60)) == (least, most)


def test_a_forgotten_transpose_of_a_matrix_that_is_not_square_fails() -> None:
    """The last matrix of this code is square with ten classes, and not with two."""
    code = CodeUnderTest(hidden=(10, 10), bug="forgotten_transpose", layer=3)
    assert not run_check(code, CAREFUL).verdict.passed
    elsewhere = CAREFUL._replace(data="two_moons")
    with pytest.raises(UserError, match="do not fit"):
        run_check(code, elsewhere)
    assert estimate_cost(code, elsewhere)[0] > 1  # the cost does not tell


@pytest.mark.parametrize(
    ("changes", "same_point", "same_loss"),
    [
        ({"h": 1e-3, "entry_count": 7}, True, True),
        ({"has_dropout": False, "steps": 0}, False, False),
        ({"steps": 60}, False, True),
        ({"initialization": "he"}, False, True),
        ({"l2": 0.0, "steps": 0}, False, False),
        ({"sample_count": 10, "steps": 0}, False, False),
        ({"seed": 1}, False, False),
    ],
)
def test_what_a_setting_changes(changes: dict, same_point: bool, same_loss: bool) -> None:
    (loss, x), (other, y) = build_loss_at_point(CODE, CAREFUL), build_loss_at_point(CODE, CAREFUL._replace(**changes))
    assert np.array_equal(x, y) == same_point
    assert (loss.value(x) == other.value(x)) == same_loss


def test_descent_goes_down_and_biases_leave_zero() -> None:
    loss, x = build_loss_at_point(CODE, CAREFUL)
    _, start = build_loss_at_point(CODE, CAREFUL._replace(steps=0))
    assert loss.value(x) < 0.9 * loss.value(start)
    assert np.abs(loss.network.layout.unpack(x)["b1"]).min() > 0
    assert not loss.network.layout.unpack(start)["b1"].any()


def test_the_point_is_that_of_the_right_gradient() -> None:
    _, right = build_loss_at_point(CODE, CAREFUL)
    loss, wrong = build_loss_at_point(CODE._replace(bug="missing_mean"), CAREFUL)
    assert np.array_equal(right, wrong) and not right.flags.writeable
    assert loss.network.layer == 3


def test_single_precision_and_other_data() -> None:
    assert run_check(CODE, CAREFUL._replace(is_single=True)).check.precision == np.finfo(np.float32).eps
    loss, _ = build_loss_at_point(CODE, CAREFUL._replace(data="two_moons"))
    assert loss.network.layer_sizes == (2, 12, 12, 2)


@pytest.mark.parametrize(
    ("bug", "layer", "wrong", "source"),
    [
        ("", 0, (), ()),
        ("slope_at_z", 2, ("W1", "b1", "W2", "b2"), ("W2", "b2")),
        ("next_class", 3, ("W1", "b1", "W2", "b2", "W3"), ("W3",)),
        ("unregularized_block", 2, ("W2",), ("W2",)),
    ],
)
def test_the_source_of_a_bug_is_in_the_last_wrong_layer(bug: str, layer: int, wrong: tuple, source: tuple) -> None:
    assert find_wrong_blocks(CODE._replace(bug=bug, layer=layer), CAREFUL) == wrong
    assert (find_source(wrong) if wrong else ()) == source


def test_ten_layers_are_in_the_order_of_their_numbers() -> None:
    assert find_source(("W2", "b9", "W10")) == ("W10",)


def test_what_rounding_changes_beside_the_largest_entry_is_no_difference() -> None:
    right = np.array((1.0, 0.0))
    assert not differ(right + 1e-16, right)
    assert differ(right + 1e-6, right)
