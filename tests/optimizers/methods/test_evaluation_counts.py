"""Evaluation counts of twenty runs: a higher count is a fault, a lower one is recorded by `make truths`."""

import json

import numpy as np
import pytest

from tests.tools.evaluation_counts import COUNTS, count_evaluations

TRIALS = 2  # of a line search that may go the other way all the same
WORST = 1.25  # what the last steps ask, where only rounding is left to be gained, over the most that was seen
RECORDED = json.loads(COUNTS.read_text(encoding="utf-8"))


def test_there_are_twenty_pairs():
    assert len(RECORDED) == 20


@pytest.mark.parametrize("pair", RECORDED)
def test_a_run_asks_no_more_than_recorded(pair):
    now, before = count_evaluations(pair), RECORDED[pair]
    assert (np.array(now.until_near) <= np.array(before["until_near"]) + TRIALS).all()
    assert (np.array(now.in_all) <= WORST * np.array(before["most_in_all"]) + TRIALS).all()


def test_all_pairs_together_ask_no_more_than_recorded():
    """Each might ask `TRIALS` more by chance, but not all of them."""
    now = np.sum([count_evaluations(pair).until_near for pair in RECORDED], axis=0)
    assert (now <= np.sum([before["until_near"] for before in RECORDED.values()], axis=0) + 2 * TRIALS).all()


@pytest.mark.parametrize("rounding", [1, 2])
@pytest.mark.parametrize("pair", RECORDED)
def test_the_margins_are_as_wide_as_rounding_needs(pair, rounding):
    """So that a processor that rounds otherwise passes, too."""
    now, before = count_evaluations(pair, rounding), RECORDED[pair]
    assert (np.array(now.until_near) <= np.array(before["until_near"]) + TRIALS).all()
    assert (np.array(now.in_all) <= WORST * np.array(before["most_in_all"]) + TRIALS).all()
