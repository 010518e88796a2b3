"""Which bug fools whom: every bug is found by a careful check, and passes a naive one."""

import numpy as np
import pytest

from surfaces.gradient_check.buggy_network_check import (
    CAREFUL,
    CheckSetting,
    CodeUnderTest,
    EntryChoice,
    build_loss_at_point,
    choose_entries,
    find_wrong_blocks,
    run_check,
)
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.fooled_checks import FOOLED_CHECKS, THIS
from surfaces.gradient_check.other_checkers import CHECKERS, Opinion, ask_checker
from surfaces.gradient_check.verdict import PASSED, UNDECIDED, GradientVerdict
from surfaces.models.seeded_bugs import SEEDED_BUGS

BLIND_TO_A_DIRECTION = "torch.autograd.gradcheck(fast_mode=True)"
# Pairs that pass in the careful settings; all other pairs of a bug and a checker fail.
FOOLED_WHEN_CAREFUL = {
    ("single_precision", "torch.autograd.gradcheck"),
    ("single_precision", BLIND_TO_A_DIRECTION),
    ("single_precision", "jax.test_util.check_grads"),
    ("regularized_bias", BLIND_TO_A_DIRECTION),
}


def get_right(code: CodeUnderTest) -> CodeUnderTest:
    return code._replace(bug="", layer=0)


def ask_others(code: CodeUnderTest, setting: CheckSetting) -> dict[str, Opinion]:
    """Ask other checkers in a setting, each with its own step and method, in double precision."""
    loss, x = build_loss_at_point(code, setting)
    function, entries = from_network_loss(loss), choose_entries(loss, setting)
    return {checker.name: ask_checker(checker, function, x, entries) for checker in CHECKERS}


def test_every_bug_has_a_check_that_it_fools() -> None:
    assert list(FOOLED_CHECKS) == list(SEEDED_BUGS) == [fooled.code.bug for fooled in FOOLED_CHECKS.values()]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("bug", FOOLED_CHECKS)
def test_a_careful_check_finds_every_bug_and_names_its_block(bug: str, seed: int) -> None:
    code, setting = FOOLED_CHECKS[bug].code, CAREFUL._replace(seed=seed)
    verdict = run_check(code, setting).verdict
    assert verdict.kind in (GradientVerdict.WRONG, GradientVerdict.TOO_LARGE), verdict
    assert verdict.worst.partition("[")[0] in find_wrong_blocks(code, setting)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("bug", FOOLED_CHECKS)
def test_a_careful_check_passes_the_right_gradient(bug: str, seed: int) -> None:
    verdict = run_check(get_right(FOOLED_CHECKS[bug].code), CAREFUL._replace(seed=seed)).verdict
    assert verdict.passed, verdict


@pytest.mark.parametrize("bug", FOOLED_CHECKS)
def test_a_naive_check_is_fooled(bug: str) -> None:
    code, setting, fooled = FOOLED_CHECKS[bug]
    opinions, verdict = ask_others(code, setting), run_check(code, setting).verdict
    assert verdict.passed == (THIS in fooled), verdict
    for name in fooled:
        assert name == THIS or opinions[name].number < 0.9 * opinions[name].limit, opinions[name]


def test_many_bugs_pass_a_naive_check() -> None:
    """Three at least are the lesson; where this laboratory does not pass them, it is undecided or says no."""
    passed = {bug for bug, fooled in FOOLED_CHECKS.items() if THIS in fooled.fooled}
    assert len(passed) == 7
    verdicts = {bug: run_check(fooled.code, fooled.setting).verdict for bug, fooled in FOOLED_CHECKS.items()}
    undecided = {bug for bug, verdict in verdicts.items() if verdict.kind in UNDECIDED}
    assert undecided == {"forgotten_transpose", "slope_at_z"}


@pytest.mark.parametrize("bug", FOOLED_CHECKS)
def test_who_is_fooled_by_a_careful_setting(bug: str) -> None:
    """SciPy's absolute limit and OpenMDAO's relative one fail right gradients as well, and so say nothing."""
    opinions = ask_others(FOOLED_CHECKS[bug].code, CAREFUL)
    assert {(bug, name) for name, opinion in opinions.items() if opinion.passed} == {
        pair for pair in FOOLED_WHEN_CAREFUL if pair[0] == bug
    }
    for opinion in opinions.values():
        assert not 0.9 < opinion.number / opinion.limit < 1.1, "too near the limit to hold on every processor"


def test_most_entries_without_a_leak_are_off_by_less_than_a_hundredth() -> None:
    check = run_check(FOOLED_CHECKS["cut_leak"].code, CAREFUL._replace(entries=EntryChoice.ALL)).check
    assert 0.6 < (check.relative_error < 1e-2).mean() < 0.95
    assert check.relative_error.max() > 0.99


def test_a_bug_that_single_precision_hides() -> None:
    """In float32 the fault of float32 cannot be seen, and neither can the right gradient pass."""
    code, single = FOOLED_CHECKS["single_precision"].code, CAREFUL._replace(is_single=True)
    assert run_check(code, single).verdict.kind in UNDECIDED
    assert run_check(get_right(code), single).verdict.kind in UNDECIDED


@pytest.mark.parametrize("bug", ["missing_mean", "forgotten_transpose", "first_sample_bias"])
def test_a_step_that_is_too_large_says_nothing(bug: str) -> None:
    """At h = 1e-2 the right gradient fails as well."""
    code, coarse = FOOLED_CHECKS[bug].code, CAREFUL._replace(h=1e-2)
    assert run_check(get_right(code), coarse).verdict.kind not in PASSED
    assert run_check(code, coarse).verdict.kind not in PASSED


def test_regularization_hides_a_wrong_slope() -> None:
    """At λ = 1000 the error of tanh's slope is as small as rounding; at λ = 0.1 it is plain."""
    code = FOOLED_CHECKS["slope_at_z"].code
    drowned = run_check(code, CAREFUL._replace(l2=1000.0))
    assert drowned.verdict.kind in UNDECIDED and np.median(drowned.check.relative_error) < 1e-3
    assert run_check(code, CAREFUL).verdict.kind == GradientVerdict.WRONG
