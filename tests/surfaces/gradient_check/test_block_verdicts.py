"""Each block is judged by its own worst entry that counts."""

import numpy as np

from surfaces.gradient_check.block_verdicts import judge_blocks
from surfaces.gradient_check.buggy_network_check import CAREFUL, CodeUnderTest, build_loss_at_point, run_check
from surfaces.gradient_check.verdict import GradientVerdict

CODE = CodeUnderTest(bug="unregularized_block", layer=2)


def judge(**choices):
    setting = CAREFUL._replace(**choices)
    network = build_loss_at_point(CODE, setting)[0].network
    return {block.name: block for block in judge_blocks(network, run_check(CODE, setting).check)}


def test_the_block_with_the_bug_is_wrong_and_the_others_are_good() -> None:
    found = judge()
    assert list(found) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    assert found["W2"].kind is GradientVerdict.WRONG and (found["W2"].error or 0) > 1e-2
    assert {block.kind for name, block in found.items() if name != "W2"} == {GradientVerdict.GOOD}


def test_a_block_that_was_not_checked_has_no_verdict() -> None:
    found = judge(blocks=("W2", "b3"))
    assert {name for name, block in found.items() if block.kind is None} == {"W1", "b1", "b2", "W3"}
    assert found["W1"].error is None and found["b3"].kind is GradientVerdict.GOOD


def test_a_block_in_which_no_entry_counts_is_undecided() -> None:
    """At so small an h rounding alone explains all errors."""
    found = judge(blocks=("b1",), h=1e-14)
    assert found["b1"].kind is GradientVerdict.ROUND_OFF and found["b1"].error is not None
    assert np.isfinite(found["b1"].error)
