"""Each layer imports only from the layers below it, and foreign packages only where they belong."""

import ast
import sys
from pathlib import Path

import pytest

from optimizers.catalogue import OPTIMIZERS
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


# Tests that are named after no module or folder, by what they are of instead.
NAMED_OTHERWISE = {
    "all members of a catalogue": {
        "app/equations/names_in_optimizers", "app/lessons/check_lessons", "app/lessons/lesson_facts",
        "app/lessons/lesson_translations", "app/lessons/training_lessons", "app/panels/preset_lessons",
        "optimizers/analysis/verdict_properties", "optimizers/methods/every_elementwise_method",
        "optimizers/methods/no_rest_on_a_slope", "optimizers/optimizers_on_networks", "surfaces/declared_minima",
        "surfaces/every_surface",
    },
    "what others, or earlier versions, have computed or published": {
        "optimizers/methods/against_recorded_libraries", "optimizers/methods/against_scipy",
        "optimizers/methods/evaluation_counts", "optimizers/methods/published_answers",
        "optimizers/training/against_torch", "optimizers/training/claims_about_trainings",
    },
    "several modules that do one thing together": {
        "app/export/torch_or_scipy_scripts", "app/export/training_scripts", "app/model/scene_and_hyperparameters",
        "app/server/running_server", "app/server/server_start", "app/training/training_export",
        "app/training/training_lecture", "optimizers/analysis/random_search_and_ranking",
        "surfaces/formula/derivatives_at_kinks", "surfaces/formula/formula_view_and_start",
    },
    "one side of the module whose name they begin with": {
        "optimizers/methods/second_order_invariants", "optimizers/parallel_batch_on_cluster",
    },
    "a module of `tests/support/`, tried with the numbers of other processors": {"surfaces/finite_differences"},
    "the whole repository": {"architecture", "javascript_architecture", "readme", "app/chinese_pages"},
}  # fmt: skip


def is_named_after_its_subject(test: str) -> bool:
    """Whether a test, a path below `tests/` without `test_` and `.py`, has the name of what it tests.

    That is a module or a folder in the folder of the same path, this folder itself, or its page (as `check_page`).
    """
    folder, _, name = test.rpartition("/")
    subjects = [place for place in (ROOT / folder, ROOT / "tests" / folder) if folder and place.is_dir()]
    found = {path.stem for place in subjects for path in place.glob("*.py") if not path.stem.startswith("test_")}
    found |= {path.name for place in subjects for path in place.iterdir() if path.is_dir()} | {Path(folder).name}
    return name in found or (name.endswith("_page") and "page" in found)


def test_a_test_has_the_name_of_what_it_tests() -> None:
    """So that it is found; those in `tests/browser/` are named after what a visitor does."""
    files = [file.relative_to(ROOT / "tests") for file in TEST_CODE if file.name.startswith("test_")]
    tests = {file.with_name(file.stem.removeprefix("test_")).as_posix() for file in files if file.parts[0] != "browser"}
    assert {test for test in tests if not is_named_after_its_subject(test)} == set().union(*NAMED_OTHERWISE.values())


@pytest.mark.parametrize(
    "test, is_named",
    [
        ("app/race/race_page", True),
        ("optimizers/methods/momentum", True),
        ("optimizers/methods/second_order_invariants", False),
        ("optimizers/methods/first_order", False),
        ("app/gradient_check/jobs", False),
        ("app/panels/surface_menu", False),
    ],
)
def test_a_test_without_a_module_would_be_caught(test: str, is_named: bool) -> None:
    assert is_named_after_its_subject(test) == is_named


# Functions that run or read a text as code.
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


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_code_compares_the_name_of_an_optimizer(file):
    """What differs between optimizers is a field of `Traits`, so that a new optimizer needs no other file.

    Lessons are about optimizers that their texts name.
    """
    if file.is_relative_to(ROOT / "app" / "lessons" / "chapters"):
        return
    compared = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Compare)]
    operands = [operand for node in compared for operand in (node.left, *node.comparators)]
    values = [part for operand in operands for part in (operand, *getattr(operand, "elts", ()))]
    assert not {part.value for part in values if isinstance(part, ast.Constant)} & OPTIMIZERS.keys()
