"""Code with a backward pass that may have a bug, and the circumstances in which its gradient is checked."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from surfaces.base import Array
from surfaces.gradient_check.checked_function import CheckedFunction, Entries, Point
from surfaces.gradient_check.checked_function_adapters import from_network_loss
from surfaces.gradient_check.difference_quotients import Method
from surfaces.gradient_check.entry_check import EntryCheck, check_entries
from surfaces.gradient_check.entry_sampling import draw_from_spans, list_all_entries, sample_flat_vector
from surfaces.gradient_check.verdict import CheckVerdict, judge
from surfaces.models.catalogue import build_classifier
from surfaces.models.network_loss import NetworkLoss
from surfaces.models.seeded_bugs import SEEDED_BUGS, insert_bug
from surfaces.translatable import UserError

LEARNING_RATE = 0.1  # of the gradient descent to the point of the check
MASK_STEP = 1  # the step whose dropout masks are taken
ROUNDING = 1e-12  # relative: differences below are of sums in another order


class CodeUnderTest(NamedTuple):
    """A network as somebody wrote it, with the data that it is for."""

    data: str = "digits"
    hidden: tuple[int, ...] = (12, 12)
    activation: str = "tanh"
    loss: str = "softmax"
    dropout: float = 0.0
    bug: str = ""  # a word of `SEEDED_BUGS`; empty: the gradient is right
    layer: int = 0  # that has the bug


class EntryChoice(StrEnum):
    """Which entries are checked."""

    SOME_OF_EVERY_BLOCK = "blocks"
    FLAT = "flat"  # drawn from the whole vector
    ALL = "all"


class CheckSetting(NamedTuple):
    """Where, how and what is checked."""

    initialization: str = "glorot"
    steps: int = 0  # of gradient descent to the point of the check
    data: str = ""  # another data set than that of the code; its first samples
    sample_count: int = 20
    l2: float = 0.1
    has_dropout: bool = True  # if the network has it: with the same masks in every evaluation
    h: float | None = None  # None: the rule of thumb
    method: Method = Method.CENTRED
    is_single: bool = False  # float32
    entries: EntryChoice = EntryChoice.SOME_OF_EVERY_BLOCK
    entry_count: int = 100  # about
    blocks: tuple[str, ...] = ()  # the blocks that are checked; () for all
    seed: int = 0


CAREFUL = CheckSetting(steps=30)  # a point of no special kind, few samples, and all parts of the loss


class CheckReport(NamedTuple):
    """The result of a check, and how many evaluations of the loss it took."""

    check: EntryCheck
    verdict: CheckVerdict
    evaluations: int


def run_check(code: CodeUnderTest, setting: CheckSetting) -> CheckReport:
    """Check the gradient of the code in a setting, and judge it as this laboratory does.

    Raises `UserError` if the backward pass fails, as a forgotten transpose does where the matrix is not square.
    """
    loss, x = build_loss_at_point(code, setting)
    function = from_network_loss(loss)
    counted, counter = count_evaluations(function)
    point: Point = x.astype(np.float32) if setting.is_single else x
    *_, last = check_entries(counted, point, choose_entries(loss, setting), setting.h, setting.method)
    return CheckReport(last.check, judge(function, last.check, point), counter.count)


def estimate_cost(code: CodeUnderTest, setting: CheckSetting) -> tuple[int, int]:
    """The least and the most evaluations of the loss that a check takes.

    One at the point; one an entry by the complex step, else two, and two more where the slopes to both sides differ.
    """
    loss, _ = build_loss_at_point(code._replace(bug="", layer=0), setting)  # the blocks are the same
    count = len(choose_entries(loss, setting))
    least, most = (1, 1) if setting.method is Method.COMPLEX_STEP else (2, 4)
    return 1 + least * count, 1 + most * count


@lru_cache(maxsize=64)
def build_loss_at_point(code: CodeUnderTest, setting: CheckSetting) -> tuple[NetworkLoss, Array]:
    """The loss, with the gradient of the code, and the point (d,), to which the right gradient leads.

    Raises `UserError` if the backward pass cannot be run on these data.
    """
    classifier = build_classifier(
        setting.data or code.data, "network", code.hidden, code.activation, code.loss, setting.initialization,
        setting.l2, code.dropout, setting.sample_count, seed=setting.seed,
    )  # fmt: skip
    loss = classifier.step_loss(MASK_STEP) if setting.has_dropout and code.dropout else classifier.full_loss
    x = descend(loss.grad, classifier.start, setting.steps, LEARNING_RATE / (1 + setting.l2))
    x.flags.writeable = False
    if code.bug:
        if code.layer and code.layer not in SEEDED_BUGS[code.bug].list_layers(loss.network):
            raise UserError("The backward pass stops with an error: the shapes of two matrices do not fit.")
        loss = replace(loss, network=insert_bug(loss.network, code.bug, code.layer or None))
    return loss, x


def descend(grad: Callable[[Any], Any], x: Any, steps: int, lr: float) -> Any:
    for _ in range(steps):
        x = x - lr * grad(x)
    return x.copy()


def choose_entries(loss: NetworkLoss, setting: CheckSetting) -> Entries:
    """The entries that a setting checks: (k,), sorted."""
    layout = loss.network.layout
    blocks = [block for block in layout.blocks if not setting.blocks or block.name in setting.blocks]
    match setting.entries:
        case EntryChoice.ALL:
            chosen = [list_all_entries(layout.size)[block.start : block.stop] for block in blocks]
            return np.concatenate(chosen)
        case EntryChoice.FLAT:
            return sample_flat_vector(layout.size, setting.entry_count, setting.seed)
        case EntryChoice.SOME_OF_EVERY_BLOCK:
            spans = [(block.start, block.stop) for block in blocks]
            return draw_from_spans(
                spans, setting.entry_count, max(1, setting.entry_count // (2 * len(spans))), setting.seed
            )


class EvaluationCounter:
    """How many points a function was evaluated at."""

    def __init__(self) -> None:
        self.count = 0


def count_evaluations(function: CheckedFunction) -> tuple[CheckedFunction, EvaluationCounter]:
    """The function, and a counter of the points (d, *lanes) that its value is asked for."""
    counter = EvaluationCounter()

    def value(p: Any) -> Any:
        counter.count += p[0].size
        return function.value(p)

    return replace(function, value=value), counter


def find_wrong_blocks(code: CodeUnderTest, setting: CheckSetting) -> tuple[str, ...]:
    """The blocks in which the gradient of the code differs from the right one, by more than rounding in float64."""
    wrong, p = build_loss_at_point(code, setting)
    right, _ = build_loss_at_point(code._replace(bug="", layer=0), setting)
    layout = wrong.network.layout
    pairs = zip(layout.unpack(wrong.grad(p)).items(), layout.unpack(right.grad(p)).values(), strict=True)
    return tuple(name for (name, a), b in pairs if differ(a, b))


def differ(a: NDArray[Any], b: NDArray[Any]) -> bool:
    return float(np.abs(a - b).max()) > ROUNDING * float(np.abs(b).max())


def find_source(wrong_blocks: Iterable[str]) -> tuple[str, ...]:
    """The wrong blocks of the last layer that has any: the gradient goes from the last layer to the first."""
    layers = {name: int(name[1:]) for name in wrong_blocks}
    return tuple(name for name, k in layers.items() if k == max(layers.values()))
