"""Imports go one way: surfaces <- optimizers <- app, and inside app from the parts to the screens."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = [ROOT / "surfaces", ROOT / "optimizers", ROOT / "app"]
FILES = sorted(file for part in PARTS for file in part.rglob("*.py"))
NUMERICS = {"numpy", "scipy"}

# Who (the longest prefix counts) may import what of the project and which foreign packages beside the standard
# library; None: any foreign package.
MAY: dict[str, tuple[set[str], set[str] | None]] = {
    "surfaces": ({"surfaces"}, NUMERICS),
    "optimizers": ({"optimizers", "surfaces.base", "surfaces.translatable"}, NUMERICS),
    "optimizers.compiler.llvm_codegen": ({"optimizers.compiler.symbolic_values"}, {*NUMERICS, "llvmlite"}),
    # It asks for a run that is counted, or may be ended.
    "optimizers.compiler.scalar_interpreter": (
        {"optimizers", "surfaces.base", "surfaces.observers.evaluation_counter", "surfaces.observers.interruption"},
        NUMERICS,
    ),
    "optimizers.analysis.random_search": (
        {"optimizers", "surfaces.base", "surfaces.observers.evaluation_counter"},
        NUMERICS,
    ),  # it spends evaluations
    "app.figures": ({"app.figures", "optimizers", "surfaces"}, {*NUMERICS, "plotly"}),
    "app.player": (
        {"app.figures", "app.player", "app.presence", "app.server", "app.view", "optimizers", "surfaces"},
        None,
    ),
    "app.presence": (set(), {"streamlit"}),
    "app.server": ({"app.server"}, {"google", "starlette", "streamlit"}),
    "app.knobs": ({"app.knobs", "optimizers", "surfaces"}, NUMERICS),
    "app.view": ({"app.knobs", "surfaces.translatable"}, set()),
    "app.language": ({"surfaces.translatable"}, {"babel", "streamlit"}),
    "app.scene": ({"app.scene", "app.view", "app.knobs", "optimizers", "surfaces"}, NUMERICS),
    "app.own": ({"app.scene", "surfaces"}, set()),
    "app.screens": ({"app", "optimizers", "surfaces"}, None),
    "app.home": ({"app", "optimizers", "surfaces"}, None),
    "app.main": ({"app", "optimizers", "surfaces"}, None),
    "app": ({"app", "optimizers", "surfaces"}, None),
}
# What nobody may import but the names after it: screens <- home <- main.
ONLY_FROM = {
    "app.screens": ("app.screens", "app.home", "app.main"),
    "app.home": ("app.main", "app.home"),
    "app.main": (),
}


def module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(file: Path) -> set[str]:
    """Full names of everything imported, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module(file)} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, prefix: str) -> bool:
    return f"{name}.".startswith(f"{prefix}.")


def rule(name: str) -> tuple[set[str], set[str] | None]:
    return MAY[max((prefix for prefix in MAY if within(name, prefix)), key=len)]


def trespasses(name: str, imported: set[str]) -> list[str]:
    ours, foreign = rule(name)
    found = []
    for other in sorted(imported):
        top = other.split(".")[0]
        if top in {"surfaces", "optimizers", "app"}:
            closed = [target for target in ONLY_FROM if within(other, target)]
            if not any(within(other, prefix) for prefix in ours) or any(
                not any(within(name, prefix) for prefix in ONLY_FROM[target]) for target in closed
            ):
                found.append(other)
        elif foreign is not None and top not in foreign and top not in sys.stdlib_module_names:
            found.append(other)
    return found


@pytest.mark.parametrize("file", FILES, ids=module)
def test_imports_follow_the_arrows(file: Path) -> None:
    assert trespasses(module(file), imports(file)) == []


@pytest.mark.parametrize(
    "name, imported, caught",
    [
        ("surfaces.functions.bowls", "optimizers.base.Optimizer", True),
        ("surfaces.functions.bowls", "plotly.graph_objects", True),
        ("surfaces.functions.bowls", "scipy.optimize", False),
        ("optimizers.methods.momentum", "surfaces.base.Array", False),
        ("optimizers.methods.momentum", "surfaces.catalogue.SURFACES", True),
        ("optimizers.methods.momentum", "surfaces.based", True),
        ("optimizers.methods.momentum", "app.runs", True),
        ("app.figures.stage", "streamlit", True),
        ("app.figures.stage", "app.screens.race", True),
        ("app.controls", "app.screens.race", True),
        ("app.player", "app.home", True),
        ("app.home", "app.screens.race", False),
        ("app.screens.race", "app.controls.choose", False),
        ("app.screens.race", "app.main.app", True),
    ],
)
def test_a_wrong_arrow_would_be_caught(name: str, imported: str, caught: bool) -> None:
    assert bool(trespasses(name, {imported})) == caught


def test_every_part_has_files() -> None:
    assert {module(file).split(".")[0] for file in FILES} == {"surfaces", "optimizers", "app"}


# What would run or read a text as code.
EVALUATORS = {"eval", "exec", "compile", "sympify", "parse_expr", "evaluate", "literal_eval", "loads", "__import__"}
KNOWN = {"re.compile"}


@pytest.mark.parametrize("file", FILES, ids=module)
def test_nothing_that_a_visitor_types_is_evaluated(file: Path) -> None:
    calls = (node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    assert not [
        ast.unparse(called)
        for called in calls
        if getattr(called, "id", getattr(called, "attr", "")) in EVALUATORS and ast.unparse(called) not in KNOWN
    ]
