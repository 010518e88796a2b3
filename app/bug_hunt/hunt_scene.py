"""The scene of a bug hunt: its number, and the settings of the next check. It is the link, and the step of undo."""

from typing import Any, NamedTuple

from app.check_scenes.check_scene import CHECK_RANGES, Precision, check_word, find_nearest_step
from app.model.hyperparameter_table import ParameterRange, integer_range
from app.model.network_settings import check_number
from app.model.scene import UserError
from surfaces.gradient_check.bug_hunt import draw_hunt, get_network
from surfaces.gradient_check.buggy_network_check import CheckSetting, CodeUnderTest, EntryChoice
from surfaces.gradient_check.difference_quotients import Method
from surfaces.models.catalogue import DATA_SETS
from surfaces.models.weight_initialization import STANDARD_DEVIATIONS
from surfaces.translatable import Translatable

MAX_BLOCKS = 20  # that a link may name
FIELDS = {  # of a `CheckSetting`, by their names in links
    "weights": "initialization", "steps": "steps", "data": "data", "samples": "sample_count", "l2": "l2",
    "dropout": "has_dropout", "h": "h", "precision": "is_single", "entries": "entries", "count": "entry_count",
    "blocks": "blocks", "seed": "seed",
}  # fmt: skip
HUNT_RANGES: dict[str, ParameterRange] = {
    "hunt": integer_range(Translatable("Number of the hunt"), 0, 9999),
    # the code of a hunt is small, and few stops are enough
    "steps": CHECK_RANGES["warmup"]._replace(high=200, stops=(0, 1, 5, 10, 30, 60, 100, 200)),
    "samples": CHECK_RANGES["samples"].with_limits(1, 50),
    "l2": CHECK_RANGES["l2"]._replace(high=10.0, stops=(0.0, 1e-3, 1e-2, 0.1, 1.0, 10.0)),
    "count": ParameterRange(Translatable("Entries, about"), 1, 500, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    "h": CHECK_RANGES["h"],
    "seed": CHECK_RANGES["seed"],
}
WHOLE = ("hunt", "steps", "samples", "count", "seed")
NAIVE = CheckSetting(l2=0.0, has_dropout=False, h=1e-5, entry_count=50)  # as one begins: the loss as plain as it can be


class HuntScene(NamedTuple):
    number: int = 1
    setting: CheckSetting = NAIVE

    @property
    def code(self) -> CodeUnderTest:
        """The code under test, without what is wrong in it."""
        return draw_hunt(self.number).code._replace(bug="", layer=0)

    def with_choice(self, name: str, value: Any) -> "HuntScene":
        """Another value of a setting, by its name in links. Raises `UserError`."""
        setting = self.setting._replace(**{FIELDS[name]: check_choice(name, value)})
        return self._replace(setting=settle(setting, self.code))

    def with_number(self, value: Any) -> "HuntScene":
        """Another hunt, with the same settings as far as they apply; all blocks are checked. Raises `UserError`."""
        other = self._replace(number=check_number("hunt", value, HUNT_RANGES, WHOLE))
        return other._replace(setting=settle(self.setting._replace(blocks=()), other.code))

    def with_method(self, value: Any) -> "HuntScene":
        """Another difference quotient. Raises `UserError`."""
        setting = self.setting._replace(method=check_word("method", value, Method))
        if settle(setting, self.code) != setting:
            raise UserError("The complex step needs an analytic function, and this one is not analytic.")
        return self._replace(setting=setting)


def list_block_names(code: CodeUnderTest) -> list[str]:
    return [block.name for block in get_network(code).layout.blocks]


def settle(setting: CheckSetting, code: CodeUnderTest) -> CheckSetting:
    """The setting as far as it applies to the code: its blocks, and no complex step through kinks."""
    names = list_block_names(code)
    blocks = tuple(name for name in names if name in setting.blocks)
    if setting.method is Method.COMPLEX_STEP and not get_network(code).is_analytic:
        setting = setting._replace(method=Method.CENTRED)
    return setting._replace(
        blocks=() if len(blocks) == len(names) else blocks, data="" if setting.data == code.data else setting.data
    )


def check_choice(name: str, value: Any) -> Any:
    """The value of a setting in its type. Raises `UserError`."""
    match name:
        case "weights":
            return check_word(name, value, tuple(STANDARD_DEVIATIONS))
        case "data":
            return check_word(name, value, tuple(DATA_SETS))
        case "precision":
            return check_word(name, value, Precision) is Precision.SINGLE
        case "entries":
            return check_word(name, value, EntryChoice)
        case "blocks":
            return check_blocks(value)
        case "dropout":
            if not isinstance(value, bool):
                raise UserError("{name} is either on or off.", name=name)
            return value
    number = check_number(name, value, HUNT_RANGES, WHOLE)
    return find_nearest_step(number) if name == "h" else number


def check_blocks(value: Any) -> tuple[str, ...]:
    """Names of blocks. Which of them the code has is known later: others are left out."""
    if not isinstance(value, (tuple, list)) or not 0 < len(value) <= MAX_BLOCKS:
        raise UserError("Choose at least one block.")
    if not all(isinstance(name, str) and name[:1] in ("W", "b") and name[1:].isdecimal() for name in value):
        raise UserError("Blocks are called W1, b1, W2 and so on.")
    return tuple(value)
