"""The bug hunt: code with a hidden bug, and the block where it sits to be named with few evaluations of the loss.

The gradient goes from the last layer to the first, and what is wrong in one layer makes those before it wrong as well.
So the block to be named is a wrong one of the last layer that has any. Every point at which a check evaluates the loss
counts, and a wrong name costs as much as `WRONG_NAME_COST` of them. Par is what an expert needs.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from surfaces.gradient_check.buggy_network_check import (
    CAREFUL,
    CheckReport,
    CheckSetting,
    CodeUnderTest,
    build_loss_at_point,
    find_source,
    find_wrong_blocks,
    run_check,
)
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.verdict import PASSED, UNDECIDED
from surfaces.models.network import Network
from surfaces.models.seeded_bugs import SEEDED_BUGS
from surfaces.translatable import UserError

HUNT_STREAM = 5  # a random split of data with the same seed draws the same numbers, but a hunt splits none
WRONG_NAME_COST = 100  # evaluations
EXPERT_ENTRIES = (24, 240)  # of a layer, first and if all seems right; half of them of each block
HOMES = (  # of the bugs
    CodeUnderTest("digits", (12, 12), "tanh"),
    CodeUnderTest("digits", (10, 10), "leaky_relu"),
    CodeUnderTest("digits", (12, 12), "sigmoid", dropout=0.25),
    CodeUnderTest("digits", (8, 8, 8), "tanh", "svm"),
    CodeUnderTest("digits", (12, 12), "leaky_relu", "svm", dropout=0.25),
    CodeUnderTest("spirals", (8, 8, 8), "tanh", dropout=0.25),
    CodeUnderTest("spirals", (8, 8), "relu", "svm"),
    CodeUnderTest("two_moons", (6, 6, 6), "leaky_relu"),
    CodeUnderTest("rings", (6, 6), "sigmoid"),
)


class Hunt(NamedTuple):
    """The code with the hidden bug, the blocks that it makes wrong, and those whose names win."""

    code: CodeUnderTest
    wrong_blocks: tuple[str, ...]
    source: tuple[str, ...]  # of these, the ones that win


class HuntState(NamedTuple):
    """The cost of a hunt so far, and how far it has come."""

    evaluations: int = 0
    wrong_names: int = 0
    has_failed_check: bool = False  # a check that says the gradient is wrong
    is_found: bool = False

    @property
    def spent(self) -> int:
        return self.evaluations + WRONG_NAME_COST * self.wrong_names


@lru_cache(maxsize=256)
def draw_hunt(seed: int) -> Hunt:
    """The hunt of a seed: which bug, in which code, in which layer."""
    rng = np.random.default_rng((seed, HUNT_STREAM))
    bug = str(rng.choice(list(SEEDED_BUGS)))
    places = list_places(bug)
    for i in rng.permutation(len(places)):
        wrong = find_wrong_blocks(places[i], CAREFUL)
        if wrong:  # in some code a bug is harmless
            break
    return Hunt(places[i], wrong, find_source(wrong))


def list_places(bug: str) -> list[CodeUnderTest]:
    """The code that can have a bug, once for each layer."""
    layers = {home: SEEDED_BUGS[bug].list_layers(get_network(home)) for home in HOMES}
    return [home._replace(bug=bug, layer=k) for home, possible in layers.items() for k in possible]


def get_network(code: CodeUnderTest) -> Network:
    return build_loss_at_point(code._replace(bug="", layer=0), CAREFUL)[0].network


def add_check(state: HuntState, report: CheckReport) -> HuntState:
    """The state after a check."""
    return state._replace(
        evaluations=state.evaluations + report.evaluations,
        has_failed_check=state.has_failed_check or finds_fault(report),
    )


def finds_fault(report: CheckReport) -> bool:
    """The check says that the gradient is wrong, or too far off."""
    return report.verdict.kind not in (*PASSED, *UNDECIDED)


def name_block(state: HuntState, hunt: Hunt, block: str) -> HuntState:
    """The state after a block was named.

    Raises `UserError` if there is no such block, or no check has failed yet: a guess teaches nothing.
    """
    if block not in [known.name for known in get_network(hunt.code).layout.blocks]:
        raise UserError("There is no block {name}.", name=block)
    if state.is_found:
        return state
    if not state.has_failed_check:
        raise UserError("Find a check that fails before you name a block.")
    if block in hunt.source:
        return state._replace(is_found=True)
    return state._replace(wrong_names=state.wrong_names + 1)


class ExpertCheck(NamedTuple):
    """A check that an expert makes."""

    setting: CheckSetting
    report: CheckReport


@lru_cache(maxsize=256)
def list_expert_checks(code: CodeUnderTest) -> tuple[ExpertCheck, ...]:
    """The checks that an expert makes, up to the first that fails, if one does.

    At a point of no special kind, with all parts of the loss, some entries of the last layer are checked, then of the
    one before it. If no check fails, more entries are checked. Where there are no kinks, the complex step needs half
    the evaluations, and has no rounding to hide behind.
    """
    checks: list[ExpertCheck] = []
    is_analytic = get_network(code).is_analytic
    careful = CAREFUL._replace(method=Method.COMPLEX_STEP if is_analytic else Method.CENTRED)
    for count, k in product(EXPERT_ENTRIES, range(len(code.hidden) + 1, 0, -1)):
        setting = careful._replace(blocks=(f"W{k}", f"b{k}"), entry_count=count)
        checks.append(ExpertCheck(setting, run_check(code, setting)))
        if finds_fault(checks[-1].report):
            break
    return tuple(checks)


def play_as_expert(code: CodeUnderTest) -> tuple[HuntState, str]:
    """Play as an expert; return the final state, and the block to name: that of the failed check's worst entry."""
    checks, state = list_expert_checks(code), HuntState()
    for check in checks:
        state = add_check(state, check.report)
    return state, checks[-1].report.verdict.worst.partition("[")[0] if state.has_failed_check else ""


def find_par(hunt: Hunt) -> int:
    """The evaluations that an expert spends."""
    state, _ = play_as_expert(hunt.code)
    return state.spent


def score(state: HuntState, hunt: Hunt) -> int:
    """0 while nothing is found; 100 at par, more below it, less above."""
    return round(100 * find_par(hunt) / max(1, state.spent)) if state.is_found else 0
