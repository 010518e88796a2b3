"""Names of the optimizers' source in the tables of the equations still exist there."""

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
    """The names of functions, classes, arguments and variables in a source."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return names | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def find_matched_calls() -> set[str]:
    """The functions with a `case` of their own in `LatexWriter.write_call`."""
    patterns = (node for node in ast.walk(parse(Path(ast_to_latex.__file__))) if isinstance(node, ast.MatchValue))
    names = {node.value.value for node in patterns if isinstance(node.value, ast.Constant)}
    return {name for name in names if isinstance(name, str) and "." not in name and name not in NOT_CALLS}


NOT_CALLS = {"f", "where"}  # the problem, and `np.where`
PACKAGE = Path(optimizers.__file__).parent
OTHER_FOLDERS = {"analysis", "compiler"}  # without steps
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
        ("LatexWriter.write_call", find_matched_calls()),
    ],
)
def test_every_name_in_a_table_of_the_equations_is_in_the_optimizers(table: str, names: set[str]) -> None:
    missing = set(names) - METHODS
    assert not missing, f"{table} in app/equations has {missing}, but nothing in optimizers/ has these names any more"


def test_an_evaluated_point_has_the_fields_of_the_equations() -> None:
    fields = {field for fields in math_symbols.POINT_LATEX.values() for field in fields}
    assert {*fields, "expected_decrease"} <= set(Evaluation._fields), (
        "see POINT_LATEX and is_evaluated_point in app/equations"
    )
    assert Evaluation._fields[:2] == ("objective", "x") and Evaluation.__name__ == "Evaluation", (
        "see EquationBuilder._build_assign"
    )


def test_special_steps_have_the_expected_qualified_names() -> None:
    optimizers_by_name = {
        run_equations.SCHEDULED_STEP: scheduled(OPTIMIZERS["sgd"], lr=constant(0.1)),
        run_equations.REPLAYED_STEP: scipy_lbfgsb(),
        run_equations.SIMPLEX_STEP: nelder_mead(),
    }
    for name, optimizer in optimizers_by_name.items():
        assert getattr(optimizer.step, "__qualname__", "") == name, f"app/equations expects a step called {name}"
