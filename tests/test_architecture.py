"""Each layer imports only from the layers below it, and foreign packages only where they belong."""

import ast
import sys
from pathlib import Path

import pytest

from optimizers.catalogue import OPTIMIZERS

ROOT = Path(__file__).parent.parent
PARTS = [ROOT / "surfaces", ROOT / "optimizers", ROOT / "app"]
FILES = sorted(file for part in PARTS for file in part.rglob("*.py"))
NUMERICS = {"numpy", "scipy"}
ANY = None  # any foreign package

# The layers from the bottom to the top. A module belongs to the longest prefix that fits its name, and may import
# modules of its own layer entry, of entries in lines above this one, and the foreign packages named beside it.
# Entries in one line do not know each other.
LAYERS: list[dict[str, set[str] | None]] = [
    {
        "surfaces.translatable": set(),
        "surfaces.base": NUMERICS,
        "surfaces.spelling_suggestions": set(),
        "surfaces.number_format": set(),
    },
    {"surfaces": NUMERICS},
    {
        "surfaces.functions": NUMERICS,
        "surfaces.formula": NUMERICS,
        "surfaces.datasets": NUMERICS,
        "surfaces.observers": NUMERICS,
    },
    {"surfaces.catalogue": NUMERICS, "surfaces.models": NUMERICS},
    {"surfaces.gradient_check": {"numpy"}},
    {"optimizers": NUMERICS},
    {"optimizers.numerics": NUMERICS},
    {"optimizers.lane_selection": NUMERICS, "optimizers.batch_run_outcomes": NUMERICS},
    {"optimizers.methods": NUMERICS, "optimizers.compiler": {*NUMERICS, "llvmlite"}},
    {"optimizers.schedules": NUMERICS, "optimizers.simulate": NUMERICS},
    {"optimizers.wrappers": NUMERICS, "optimizers.parallel_batch": NUMERICS},
    {"optimizers.catalogue": NUMERICS},
    {"optimizers.analysis": NUMERICS, "optimizers.training": {"numpy"}},
    {"app": set()},
    {"app.translation": {"babel", "streamlit"}, "app.server": {"google", "starlette", "streamlit"}},
    {"app.model": NUMERICS},
    {"app.training_scenes": set()},  # below the race, which may be on the landscape around the weights of a training
    {"app.figures": {*NUMERICS, "plotly"}, "app.equations": NUMERICS},
    {"app.compute": {*NUMERICS, "streamlit"}},
    {"app.check_scenes": NUMERICS},
    {"app.scene_text": NUMERICS},
    {"app.browser": ANY, "app.lessons": {*NUMERICS, "PIL"}},
    {"app.scene_text.playlist": set()},  # a playlist may contain lessons
    {"app.export": {*NUMERICS, "plotly"}},
    {"app.session": ANY},
    {"app.panels": ANY},
    {
        "app.race": ANY,
        "app.playlist": ANY,
        "app.about": ANY,
        "app.maps": ANY,
        "app.gradient_check": ANY,
        "app.training": ANY,
    },
    # These show parts of the laboratories of the gradient check and of training.
    {"app.lessons.page": ANY, "app.bug_hunt": ANY, "app.training_log": ANY},
    {"app.too_long_link_notice": ANY},
    {"app.navigation": ANY},
    {"app.main": ANY},
]
# An optimizer knows what a problem is and no problem in particular.
SEEN = ("surfaces.base.", "surfaces.translatable.", "surfaces.number_format.")
# These need a problem that counts its evaluations, may be interrupted, or has other rounding errors.
OBSERVING = {
    "optimizers.compiler.single_run_interpreter",
    "optimizers.analysis.random_search",
    "optimizers.analysis.rounding_sensitivity",
}
OBSERVERS = "surfaces.observers"
TRAINING = "optimizers.training"  # is of models and their data, and checks their gradients


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


def is_within(name: str, prefix: str) -> bool:
    return f"{name}.".startswith(f"{prefix}.")


def layer_of(name: str) -> tuple[int, str]:
    """The height of a module's layer, and the entry that it belongs to."""
    found = ((height, entry) for height, layer in enumerate(LAYERS) for entry in layer if is_within(name, entry))
    return max(found, key=lambda pair: len(pair[1]))


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
