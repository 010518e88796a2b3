"""Each trap falls for what it says, and its remedy does not."""

from dataclasses import replace

import numpy as np
import pytest

from app.check_scenes.check_scene import CheckScene
from app.check_scenes.checked_problem import get_problem
from app.check_scenes.step_scan_job import Row, Scanner, choose_entries, make_scan_request
from app.check_scenes.traps import TRAPS, mend_trap, set_trap
from app.gradient_check.check_component import describe_misfit
from surfaces.gradient_check.checked_function import name_entry
from surfaces.gradient_check.relative_error import relative_error_of_norms
from surfaces.gradient_check.verdict import PASSED, GradientVerdict

BLAMED, OPEN, FINE = (GradientVerdict.WRONG, GradientVerdict.SUSPICIOUS), (GradientVerdict.ROUND_OFF,), PASSED

# The verdicts of the check in the trap, and without it.
VERDICTS = {
    "forward": (BLAMED, FINE),  # a right gradient
    "single": (OPEN, FINE),
    "small_h": (OPEN, FINE),
    "tiny": ((GradientVerdict.TINY,), BLAMED),  # a wrong one, which nobody can tell
    "kink": ((GradientVerdict.KINKS_CROSSED,), FINE),
    "data": ((GradientVerdict.KINKS_CROSSED, *BLAMED), FINE),
    "moment": (FINE, BLAMED),  # wrong ones that pass
    "regularization": (FINE, BLAMED),
    "dropout": ((GradientVerdict.NOISY,), FINE),
    "forgotten": (FINE, BLAMED),
    "deep": (OPEN, FINE),
}


def check(scene: CheckScene) -> Row:
    problem = get_problem(scene)
    scanner = Scanner(
        problem.function, problem.find_point(), choose_entries(problem, make_scan_request(scene)), scene.seed
    )
    return scanner.check_row(scene.precision, scene.h)[scene.method, scene.precision]


def test_every_trap_has_its_verdicts() -> None:
    assert list(VERDICTS) == list(TRAPS)


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_shows_what_it_says_and_its_remedy_mends_it(name: str) -> None:
    trapped, mended = VERDICTS[name]
    assert check(set_trap(name)).verdict.kind in trapped
    assert check(mend_trap(name)).verdict.kind in mended


def opinions(row: Row) -> dict[str, bool]:
    return {opinion.checker: opinion.passed for opinion in row.opinions}


def test_absolute_tolerances_pass_a_wrong_gradient_of_a_tiny_loss() -> None:
    said = opinions(check(set_trap("tiny")))
    assert said["torch.autograd.gradcheck"] and said["scipy.optimize.check_grad"]
    assert not opinions(check(mend_trap("tiny")))["torch.autograd.gradcheck"]


def crossed(scene: CheckScene) -> float:
    found = check(scene).check
    return float((found.kinks_crossed > 0).mean())


def test_kinks_are_crossed_by_large_steps_and_by_more_of_them_with_more_data() -> None:
    assert crossed(set_trap("kink")) > 0
    assert crossed(mend_trap("kink")) == 0
    assert crossed(set_trap("data")) > 0.15  # six of twenty, exactly counted
    assert crossed(mend_trap("data")) < 0.05


@pytest.mark.parametrize("name", ["kink", "data"])
def test_the_verdict_on_kinks_names_an_entry_whose_step_crosses_one(name: str) -> None:
    row = check(set_trap(name))
    found, layout = row.check, get_problem(set_trap(name)).layout
    crossing = {name_entry(layout, int(i)) for i in found.entries[found.kinks_crossed > 0]}
    said = row.verdict.sentence if name == "kink" else "".join(row.verdict.remarks)
    assert any(f"at {entry} " in said or f"at {entry}." in said for entry in crossing)
    assert any("of layer 1 crosses its kink, for" in remark for remark in row.verdict.remarks)


# Traps whose checked entries are right: in "moment" by chance, at these weights; in "forgotten" the wrong block is left
# out.
RIGHT = {"forward", "single", "small_h", "kink", "data", "deep", "moment", "forgotten"}


@pytest.mark.parametrize("name", TRAPS)
def test_the_theory_is_shown_where_the_gradient_is_right_and_else_it_is_said_why_not(name: str) -> None:
    """By the errors at powers of ten, as the picture has them first."""
    scene = set_trap(name)
    problem = get_problem(scene)
    scanner = Scanner(
        problem.function, problem.find_point(), choose_entries(problem, make_scan_request(scene)), scene.seed
    )
    line = scanner.predict_errors()[scene.method, scene.precision]
    h = np.array([10.0**k for k in range(-12, 1)])
    checks = [scanner.check_row(scene.precision, step)[scene.method, scene.precision].check for step in h]
    error = np.array([relative_error_of_norms(check.analytic, check.numeric) for check in checks])
    assert line is not None
    assert describe_misfit(line, h[-1:], float(error[-1])) is None  # the smaller steps are to come
    misfit = describe_misfit(line, h, float(error.min()))
    assert misfit == "" if name in RIGHT else misfit and "is for a correct gradient" in misfit


def test_the_error_of_forward_differences_falls_tenfold_with_h_and_of_centred_ones_a_hundredfold() -> None:
    for name, factor in (("forward", 10), ("centred", 100)):
        scene = set_trap("forward") if name == "forward" else mend_trap("forward")
        large, small = (check(replace(scene, h=h)).check.relative_error for h in (1e-2, 1e-3))
        is_curved = small > 0  # entries of pixels that are always blank have no error at all
        ratio = np.median(large[is_curved] / small[is_curved])
        assert factor / 1.5 < ratio < factor * 1.5


def test_the_forgotten_block_has_no_checked_entry() -> None:
    block = get_problem(set_trap("forgotten")).layout.blocks[-1]
    assert not (check(set_trap("forgotten")).check.entries >= block.start).any()
    assert (check(mend_trap("forgotten")).check.entries >= block.start).any()
