"""The equations know names of the optimizers' source: each is still there, or a renamed one would change the page."""

import ast
from pathlib import Path

import pytest

import optimizers
from app.equations import ast_to_latex, math_symbols, run_equations
from optimizers.catalogue import OPTIMIZERS
from optimizers.methods.nelder_mead import nelder_mead
from optimizers.methods.scipy_minimizers import scipy_lbfgsb
from optimizers.numerics.evaluation_cache import Evaluation
from optimizers.schedules import constant, scheduled


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def find_names(tree: ast.AST) -> set[str]:
    """All names that a source gives: of functions, arguments, variables and fields."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return names | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def find_matched_calls() -> set[str]:
    """The functions that `latex.LatexWriter.call` writes in their own way."""
    patterns = (node for node in ast.walk(parse(Path(ast_to_latex.__file__))) if isinstance(node, ast.MatchValue))
    words = {node.value.value for node in patterns if isinstance(node.value, ast.Constant)}
    return {word for word in words if isinstance(word, str) and "." not in word and word not in NOT_CALLS}


NOT_CALLS = {"f", "where"}  # the problem itself, and NumPy's choice
PACKAGE = Path(optimizers.__file__).parent
OTHER_FOLDERS = {"analysis", "compiler"}  # no step is written there
METHODS = set().union(
    *(find_names(parse(file)) for file in PACKAGE.rglob("*.py") if file.parent.name not in OTHER_FOLDERS)
)


@pytest.mark.parametrize(
    "table, names",
    [
        ("math_symbols.LATEX_NAMES", math_symbols.LATEX_NAMES.keys()),
        ("math_symbols.TRIAL_LATEX", math_symbols.TRIAL_LATEX.keys()),
        ("math_symbols.POINT_LATEX", math_symbols.POINT_LATEX.keys()),
        ("run_equations.EXPANDED_CALLS", {name for name in run_equations.EXPANDED_CALLS if "." not in name}),
        ("latex.LatexWriter.call", find_matched_calls()),
    ],
)
def test_every_name_in_a_table_of_the_equations_is_in_the_optimizers(table: str, names: set[str]) -> None:
    gone = set(names) - METHODS
    assert not gone, f"app/equations knows {gone} in {table}, but nothing in optimizers/ is called so any more"


def test_a_known_point_has_the_fields_that_the_equations_write() -> None:
    written = {field for fields in math_symbols.POINT_LATEX.values() for field in fields}
    assert {*written, "expected_decrease"} <= set(Evaluation._fields), (
        "see POINT_LATEX and is_evaluated_point in app/equations"
    )
    assert Evaluation._fields[:2] == ("objective", "x") and Evaluation.__name__ == "Evaluation", "see _assign"


def test_steps_that_have_equations_of_their_own_are_found_by_their_qualified_name() -> None:
    found = {
        run_equations.SCHEDULED_STEP: scheduled(OPTIMIZERS["sgd"], lr=constant(0.1)),
        run_equations.REPLAYED_STEP: scipy_lbfgsb(),
        run_equations.SIMPLEX_STEP: nelder_mead(),
    }
    for name, optimizer in found.items():
        assert getattr(optimizer.step, "__qualname__", "") == name, (
            f"the step that app/equations calls {name} is another"
        )
