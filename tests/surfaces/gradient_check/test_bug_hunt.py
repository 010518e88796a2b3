"""The hunt is the same for the same seed, an expert wins it, and its price is counted."""

import pytest

from surfaces.gradient_check.bug_hunt import (
    EXPERT_ENTRIES,
    HOMES,
    WRONG_NAME_COST,
    HuntState,
    add_check,
    draw_hunt,
    find_par,
    finds_fault,
    list_expert_checks,
    list_places,
    name_block,
    play_as_expert,
    score,
)
from surfaces.gradient_check.buggy_network_check import (
    CAREFUL,
    CodeUnderTest,
    find_source,
    find_wrong_blocks,
    run_check,
)
from surfaces.models.seeded_bugs import SEEDED_BUGS
from surfaces.translatable import UserError

SEEDS = range(100)


def find_seed(bug: str) -> int:
    return next(seed for seed in range(300) if draw_hunt(seed).code.bug == bug)


def test_a_seed_names_a_hunt() -> None:
    draw_hunt.cache_clear()
    hunts = [draw_hunt(seed) for seed in SEEDS]
    draw_hunt.cache_clear()
    assert [draw_hunt(seed) for seed in SEEDS[:5]] == hunts[:5]
    assert {hunt.code.bug for hunt in hunts} == set(SEEDED_BUGS)
    assert len({hunt.code for hunt in hunts}) > 30
    assert all(hunt.source and set(hunt.source) <= set(hunt.wrong_blocks) for hunt in hunts)


@pytest.mark.parametrize("bug", SEEDED_BUGS)
def test_an_expert_names_the_block(bug: str) -> None:
    """Wherever the bug is; at most one name is needed."""
    for code in list_places(bug):
        wrong = find_wrong_blocks(code, CAREFUL)
        state, block = play_as_expert(code)
        assert block in find_source(wrong) if wrong else block == "", code
        assert state.wrong_names == 0 and state.has_failed_check == bool(wrong)


@pytest.mark.parametrize("bug", SEEDED_BUGS)
def test_the_experts_checks_go_from_the_last_layer_to_the_first_and_end_with_one_that_fails(bug: str) -> None:
    code = draw_hunt(find_seed(bug)).code
    checks = list_expert_checks(code)
    depth = len(code.hidden) + 1
    layers = [depth - i % depth for i in range(len(checks))]
    assert [check.setting.blocks for check in checks] == [(f"W{k}", f"b{k}") for k in layers]
    assert [finds_fault(check.report) for check in checks] == [False] * (len(checks) - 1) + [True]
    assert sum(check.report.evaluations for check in checks) == play_as_expert(code)[0].evaluations


@pytest.mark.parametrize("home", HOMES)
def test_an_expert_blames_no_right_code(home: CodeUnderTest) -> None:
    assert play_as_expert(home)[1] == ""


def test_par_is_within_what_the_entries_cost() -> None:
    """One evaluation an entry by the complex step, two to four by differences, and one more for each layer."""
    for seed in SEEDS:
        hunt = draw_hunt(seed)
        layers = len(hunt.code.hidden) + 1
        assert 10 < find_par(hunt) <= layers * sum(4 * entries + 1 for entries in EXPERT_ENTRIES)


def test_a_hunt_from_the_first_check_to_the_score() -> None:
    hunt = draw_hunt(find_seed("unregularized_block"))
    state = add_check(HuntState(), run_check(hunt.code, CAREFUL._replace(l2=0.0)))
    assert not state.has_failed_check and state.evaluations > 0 and score(state, hunt) == 0
    with pytest.raises(UserError, match="a check that fails"):
        name_block(state, hunt, hunt.source[0])
    report = run_check(hunt.code, CAREFUL)
    state = add_check(state, report)
    assert state.has_failed_check and state.spent == state.evaluations
    missed = name_block(state, hunt, "b1")
    assert missed.spent == state.spent + WRONG_NAME_COST and not missed.is_found and score(missed, hunt) == 0
    found = name_block(missed, hunt, report.verdict.worst.partition("[")[0])
    assert found.is_found and 0 < score(found, hunt) < 100
    assert name_block(found, hunt, "b1") == found
    with pytest.raises(UserError, match="no block W9"):
        name_block(state, hunt, "W9")


def test_a_failed_check_stays_failed() -> None:
    hunt = draw_hunt(find_seed("regularized_bias"))
    state = add_check(HuntState(), run_check(hunt.code, CAREFUL))
    assert add_check(state, run_check(hunt.code, CAREFUL._replace(steps=0))).has_failed_check


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_par_scores_100_and_half_of_it_200(seed: int) -> None:
    hunt = draw_hunt(seed)
    par = find_par(hunt)
    assert score(HuntState(par, is_found=True), hunt) == 100
    assert score(HuntState(2 * par, is_found=True), hunt) == 50
    assert score(HuntState(2 * par), hunt) == 0
