"""The folders of JavaScript and what each may import; how a module's imports are read, and where its test is."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
PAGES = ("race", "maps", "gradient_check", "bug_hunt", "training", "playlist")
FILES = sorted(
    file.relative_to(APP).as_posix() for part in ("player", *PAGES) for file in (APP / part).rglob("*.js")
    if "vendor" not in file.parts
)  # fmt: skip

# The folders that each folder of the player may import besides itself.
MAY_IMPORT = {
    "player/base": set(),
    "player/net": {"player/base"},
    "player/focus": {"player/base", "player/net"},
    "player/draw": {"player/base"},
    "player/landscape": {"player/base", "player/draw"},
    "player/panels": {"player/base", "player/draw", "player/net"},
    "player/save": {"player/base", "player/draw", "player/vendor"},
}
IMPORT = re.compile(r'^(?:import|export)\s[^"]*?\bfrom "([^"]+)";$', re.MULTILINE)


def read_imports(name: str, code: str) -> set[str]:
    """The modules that `code` imports, as paths below `app/`."""
    found = IMPORT.findall(code)
    assert all(path.startswith(".") for path in found), f"{name} imports by another way than a relative path"
    return {(APP / name).parent.joinpath(path).resolve().relative_to(APP).as_posix() for path in found}


def locate_module(test: str) -> str:
    """The module that a test is of, both as paths below the root: the test is in the same folder of `tests/`."""
    assert test.startswith("tests/") and test.endswith(".test.js")
    return f"app/{test.removeprefix('tests/').removesuffix('.test.js')}.js"


def locate_test(module: str) -> str:
    """The test of a module of `app/`, both as paths below the root, whether there is one or not."""
    assert module.startswith("app/") and module.endswith(".js")
    return f"tests/{module.removeprefix('app/').removesuffix('.js')}.test.js"
