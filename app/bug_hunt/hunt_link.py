"""A bug hunt as the parameters of a link, and back; what cannot be read becomes a `Fault`. No answer is in it.

hunt=7
check=centred(h=1e-06,steps=30,l2=0.1,blocks=(W3,b3),count=20)
"""

import ast
from typing import Any

from app.bug_hunt.hunt_scene import FIELDS, NAIVE, HuntScene, check_choice, settle
from app.check_scenes.check_scene import Precision
from app.model.call_reader import CallReader, ParsedScene
from app.model.call_syntax import get_name, read_choice, read_literal, write_number
from app.model.scene import UserError, reject_argument, reject_maker_name
from app.scene_text.url_parameters_by_name import UrlParameters
from surfaces.gradient_check.buggy_network_check import CheckSetting
from surfaces.gradient_check.difference_quotients import Method
from surfaces.translatable import Translatable

PARAMETERS = ("hunt", "check")


def write_parameters(scene: HuntScene) -> list[tuple[str, str]]:
    """The parameters of a link to the scene. The number is always in it; settings at their defaults are left out."""
    check = write_setting(scene.setting)
    return [("hunt", str(scene.number)), *([("check", check)] if check != write_setting(NAIVE) else [])]


def write_setting(setting: CheckSetting) -> str:
    changed = ((name, getattr(setting, field)) for name, field in FIELDS.items()
               if getattr(setting, field) != getattr(NAIVE, field))  # fmt: skip
    return f"{setting.method}({','.join(f'{name}={write_value(name, value)}' for name, value in changed)})"


def write_value(name: str, value: Any) -> str:
    if name == "precision":
        return Precision.SINGLE if value else Precision.DOUBLE
    if name == "blocks":
        return f"({','.join(value)})"
    return value if isinstance(value, str) else write_number(value)


def read_parameters(parameters: UrlParameters) -> ParsedScene[HuntScene]:
    """The hunt and the settings that a link's parameters describe."""
    reader = CallReader()
    values = {name: parameters[name][-1] for name in PARAMETERS if parameters.get(name)}
    scene = HuntScene()
    if "hunt" in values:
        written, default = values["hunt"], scene
        scene = reader.try_read(
            f"hunt={written}", lambda: default.with_number(read_literal(reader.parse_value(written))), default,
            f"hunt={default.number}",
        )  # fmt: skip
    if "check" in values:
        written, hunt = values["check"], scene
        scene = reader.try_read(
            f"check={written}", lambda: read_check(reader, written, hunt), hunt, f"check={write_setting(NAIVE)}"
        )
    return ParsedScene(scene, tuple(reader.faults))


def read_check(reader: CallReader, written: str, scene: HuntScene) -> HuntScene:
    """The scene with the settings of a link; those that cannot be read, or do not apply to the code, are faults."""
    node = reader.parse_value(written)
    name = get_name(node)
    if name not in tuple(Method):
        reject_maker_name(Translatable("method"), name, tuple(Method))

    def read(argument: str, part: ast.expr) -> Any:
        if argument not in FIELDS:
            reject_argument(name, argument, tuple(FIELDS))
        value = read_choice(part)
        value = check_choice(argument, (value,) if argument == "blocks" and isinstance(value, str) else value)
        field = {FIELDS[argument]: value}
        if argument == "blocks" and len(settle(NAIVE._replace(**field), scene.code).blocks) not in (0, len(value)):
            raise UserError("This code does not have all of these blocks.")
        return value

    defaults = {argument: write_value(argument, getattr(NAIVE, field)) for argument, field in FIELDS.items()}
    choices = reader.read_keywords(node, read, defaults)
    setting = NAIVE._replace(**{FIELDS[argument]: value for argument, value in choices.items()})
    scene = scene._replace(setting=settle(setting, scene.code))
    default = NAIVE.method
    return reader.try_read(f"check={name}", lambda: scene.with_method(name), scene, f"check={default}")
