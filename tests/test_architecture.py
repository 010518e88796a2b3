"""Each layer imports only from the layers below it, and foreign packages only where they belong."""

import ast
import sys
from pathlib import Path

import pytest

from tests.support.python_layers import (
    FILES,
    LAYERS,
    OBSERVERS,
    OBSERVING,
    ROOT,
    SEEN,
    TRAINING,
    is_within,
    layer_of,
    module,
)


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


def is_allowed(name: str, other: str) -> bool:
    """May module `name` import `other`, both of this project?"""
    (height, entry), (below, target) = layer_of(name), layer_of(other)
    if is_within(name, "optimizers") and is_within(other, "surfaces"):
        if is_within(name, TRAINING):
            return True
        return other.startswith(SEEN) or (name in OBSERVING and is_within(other, OBSERVERS))
    return below < height or target == entry


def forbidden_imports(name: str, imported: set[str]) -> list[str]:
    height, entry = layer_of(name)
    foreign = LAYERS[height][entry]
    found = []
    for other in sorted(imported):
        top = other.split(".")[0]
        if top in {"surfaces", "optimizers", "app"}:
            if not is_allowed(name, other):
                found.append(other)
        elif foreign is not None and top not in foreign and top not in sys.stdlib_module_names:
            found.append(other)
    return found


@pytest.mark.parametrize("file", FILES, ids=module)
def test_a_module_imports_only_from_the_layers_below(file: Path) -> None:
    assert forbidden_imports(module(file), imports(file)) == []


@pytest.mark.parametrize(
    "name, imported, is_caught",
    [
        ("surfaces.functions.bowls", "optimizers.base.Optimizer", True),
        ("surfaces.functions.bowls", "plotly.graph_objects", True),
        ("surfaces.functions.bowls", "surfaces.catalogue.SURFACES", True),
        ("surfaces.functions.bowls", "surfaces.formula.formula_reader.parse_formula", True),
        ("surfaces.functions.bowls", "scipy.optimize", False),
        ("optimizers.methods.momentum", "surfaces.base.Array", False),
        ("optimizers.methods.momentum", "surfaces.catalogue.SURFACES", True),
        ("optimizers.methods.momentum", "surfaces.based.x", True),
        ("optimizers.methods.momentum", "surfaces.observers.interruption.InterruptibleProblem", True),
        ("optimizers.methods.momentum", "optimizers.compiler.llvm_codegen.run", True),
        ("optimizers.methods.momentum", "optimizers.analysis.verdict_types.Verdict", True),
        ("optimizers.numerics.line_search", "optimizers.methods.momentum.sgd", True),
        ("optimizers.methods.momentum", "optimizers.training.specification.Training", True),
        ("optimizers.training.recorder", "surfaces.models.network.Network", False),
        ("optimizers.training.recorder", "optimizers.analysis.verdict_types.Verdict", True),
        ("optimizers.methods.momentum", "app.compute.cached_simulation", True),
        ("app.figures.landscape_figure", "streamlit", True),
        ("app.model.scene", "streamlit", True),
        ("app.model.scene", "app.compute.cached_simulation", True),
        ("app.equations.ast_to_latex", "streamlit", True),
        ("app.export.csv_and_json", "app.session.race_scene_and_undo.get_scene", True),
        ("app.browser.player_component", "app.navigation", True),
        ("app.panels.reusable_scene_widgets", "app.race.page", True),
        ("app.race.page", "app.maps.map_url", True),
        ("app.race.page", "app.panels.reusable_scene_widgets.show_slider", False),
        ("app.race.page", "app.main.app", True),
    ],
)
def test_an_import_from_above_would_be_caught(name: str, imported: str, is_caught: bool) -> None:
    assert bool(forbidden_imports(name, {imported})) == is_caught


def test_every_part_has_files() -> None:
    assert {module(file).split(".")[0] for file in FILES} == {"surfaces", "optimizers", "app"}


def list_imported_tests(names: set[str]) -> list[str]:
    return sorted(name for name in names if name.startswith("tests.") and ".test_" in name)


TEST_CODE = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("file", TEST_CODE, ids=module)
def test_nothing_imports_from_a_file_of_tests(file: Path) -> None:
    """What several tests or tools need is in `tests/support/`, in a conftest, or in a module beside the tests."""
    assert list_imported_tests(imports(file)) == []


def test_an_import_from_a_file_of_tests_would_be_caught() -> None:
    names = {"tests.test_architecture.LAYERS", "tests.support.python_layers.LAYERS", "jax.test_util.check_grads"}
    assert list_imported_tests(names) == ["tests.test_architecture.LAYERS"]
    assert list_imported_tests({"tests.browser.test_training.SMALL"}) == ["tests.browser.test_training.SMALL"]


# What would run or read a text as code.
EVALUATORS = {"eval", "exec", "compile", "sympify", "parse_expr", "literal_eval", "loads", "__import__"}
KNOWN = {"re.compile", "json.loads"}  # JSON is numbers, texts, lists and dicts, and no code


@pytest.mark.parametrize("file", FILES, ids=module)
def test_nothing_that_a_visitor_types_is_evaluated(file: Path) -> None:
    calls = (node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    assert not [
        ast.unparse(called)
        for called in calls
        if getattr(called, "id", getattr(called, "attr", "")) in EVALUATORS and ast.unparse(called) not in KNOWN
    ]
