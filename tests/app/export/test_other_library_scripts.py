"""The scripts for other libraries: the surface they contain, where they end, and when there is none."""

import ast
import contextlib
import io
import json

import numpy as np
import pytest

from app.compute.cached_simulation import build_surface, get_endpoint_sensitivity, simulate_run
from app.export.formula_code import write_formula
from app.export.source_extraction import Dependencies, extract_inner
from app.export.surface_code import combine_source, write_numpy, write_torch
from app.export.torch_or_scipy_script import make_standalone_script
from app.model.data_source import DATA_EXAMPLES, change_data_argument, get_example_call, read_pasted_table
from app.model.formula_source import FORMULA
from app.model.scene import Call, UserError
from app.model.scene import surface_call as on
from app.scene_text.reader import parse_scene
from optimizers.analysis.rounding_sensitivity import NEAR_ZERO
from optimizers.catalogue import TRAITS
from optimizers.traits import ScipyMethod
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_parser import rows_to_lines
from surfaces.formula.expression_tree import FUNCTIONS
from surfaces.formula.formula_surface import formula
from surfaces.formula.parser import FormulaError
from surfaces.formula.parser import parse_formula as read
from tests.references.record_scripts import FILE, end_of, fingerprint
from tests.references.scenes import TORCH_WORDS, TYPED, scene, script_of, torch_scenes
from tests.support.hostile_formulas import HOSTILE

RECORDED = json.loads(FILE.read_text(encoding="utf-8"))
# A surface that is newer than the record joins the comparison when somebody who has PyTorch records it.
TORCH = {name: text for name, text in torch_scenes().items() if name in RECORDED["runs"] or not name.startswith("on ")}
SCIPY = {
    **{f"{word} on {name}": scene(f"{name}()", f"{word}()", 60)
       for word, traits in TRAITS.items() if isinstance(traits.counterpart, ScipyMethod) and word != "nelder_mead"
       for name in SURFACES},
    **{f"nelder_mead on {name}": scene(f"{name}()", "nelder_mead(size=0.1)", 30) for name in SURFACES},
    **{f"typed: {name}": scene(f'formula("{typed}",x=(-3,4))', "nelder_mead()", 25)
       for name, typed in TYPED.items() if name not in {"one variable", "at a kink"}},
    "few steps": scene("rosenbrock()", "scipy_lbfgsb(tolerance=1e-6)", 3),
    "noise": scene("rosenbrock()", "scipy_newton_cg()", 20, "noise=2\nseed=3\n"),
    "noise that values do not have": scene("rosenbrock()", "nelder_mead()", 20, "noise=2\n"),
    "minibatch": scene("tanh_neuron(batch_size=3,seed=2)", "scipy_lbfgsb()", 20),
    "own data": scene('data("line","1,2;2,3.5;4,4;5,7",standardized=True)', "scipy_trust_exact()", 20),
    "own data of two inputs": scene('data("logistic","1,2,0;2,3,1;0,1,0;4,1,1;2,2,0")', "scipy_lbfgsb()", 20),
}  # fmt: skip


def deviation(text: str, end: list[float]) -> float:
    """How far our run of a scene ends from `end`, relative to each coordinate or to 0.001 where that is smaller."""
    now = parse_scene(text)
    columns = simulate_run(now, now.runs[0]).columns
    difference = np.abs(np.array((columns["x"][-1], columns["y"][-1])) - end)
    return float((difference / np.maximum(np.abs(end), NEAR_ZERO)).max())


OWN_DATA = {each.model: read_pasted_table(each.model, rows_to_lines(each.rows)) for each in DATA_EXAMPLES} | {
    "two inputs": read_pasted_table("logistic", "1,2,no\n2,3,yes\n0,1,no\n4,1,yes\n2,2,no"),
    "two inputs, hinge": read_pasted_table("svm", "1,2,no\n2,3,yes\n0,1,no\n4,1,yes\n2,2,no"),
    "standardized": change_data_argument(get_example_call("line"), "standardized", True),
}


@pytest.mark.parametrize("call", [*map(on, SURFACES), *OWN_DATA.values()], ids=[*SURFACES, *OWN_DATA])
def test_a_surface_written_out_is_the_surface_bit_for_bit(call):
    built, told = build_surface(call), write_numpy(call, "value", "grad", "hess")
    there: dict = {}
    exec("\n".join((*told.imports, *told.functions)), there)  # noqa: S102
    rng = np.random.default_rng(5)
    for p in np.column_stack([rng.uniform(*side, 40) for side in built.box]):
        assert there["f"](p) == built.value(p)
        assert np.array_equal(there["gradient"](p), built.grad(p))
        assert np.array_equal(there["hessian"](p), built.hess(p))


@pytest.mark.parametrize("call", [*map(on, SURFACES), *OWN_DATA.values()], ids=[*SURFACES, *OWN_DATA])
def test_a_surface_in_torch_needs_nothing_of_numpy(call):
    told = write_torch(call)
    assert told.imports <= {"import torch", "import math"}
    assert "np." not in "".join(told.functions)


@pytest.mark.parametrize("name", TORCH)
def test_a_torch_script_is_the_one_that_was_run_and_ended_where_ours_does(name):
    """After a change that is meant: python -m tests.references.record_scripts."""
    recorded = RECORDED["runs"][name]
    assert recorded["scene"] == TORCH[name]
    assert fingerprint(script_of(TORCH[name])) == recorded["script"]
    assert deviation(TORCH[name], recorded["end"]) < 1e-9


@pytest.mark.parametrize("name", TORCH)
def test_rounding_decides_nothing_in_what_is_compared(name):
    now = parse_scene(TORCH[name])
    assert get_endpoint_sensitivity(now, now.runs[0]) < 1e-10


def test_all_that_was_recorded_is_compared_and_every_optimizer_is():
    assert RECORDED["runs"].keys() == TORCH.keys()
    assert {parse_scene(text).runs[0].optimizer.name for text in TORCH.values()} == TORCH_WORDS
    assert RECORDED["version"]


@pytest.mark.parametrize("name", TORCH)
def test_a_torch_script_ends_where_ours_does_now(name):
    pytest.importorskip("torch", reason="PyTorch is not needed by the app; its ends are recorded")
    assert deviation(TORCH[name], end_of(script_of(TORCH[name]))) < 1e-9


@pytest.mark.parametrize("name", SCIPY)
def test_a_scipy_script_ends_where_ours_does(name):
    with contextlib.redirect_stderr(io.StringIO()), np.errstate(all="ignore"):
        end = end_of(script_of(SCIPY[name]))
    assert deviation(SCIPY[name], end) < 1e-9


@pytest.mark.parametrize(
    "said, why",
    [
        *(
            (f"run={word}()", "for another library")
            for word, traits in TRAITS.items()
            if isinstance(traits.counterpart, str)
        ),
        ("run=adagrad(root=False)", "square root"),
        ("run=adam(bias_correction=False)", "bias correction"),
        ("run=momentum(lr=cosine())", "units of the gradient"),
        ("run=nesterov(lr=constant())", "units of the gradient"),
        ("run=momentum(mu=linear(start=0,end=0.9))", "μ is 0"),
        ("run=reduce_on_plateau(adam())", "ReduceLROnPlateau"),
        ("run=polyak(scipy_lbfgsb())", "cannot put “Polyak average”"),
        ("surface=tanh_neuron(batch_size=2)\nrun=nelder_mead()", "minibatch"),
    ],
)
def test_where_the_steps_differ_there_is_a_reason_instead(said, why):
    now = parse_scene(f"surface=ravine()\n{said}" if "surface" not in said else said)
    with pytest.raises(UserError, match=why):
        make_standalone_script(now, now.runs[0])


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("library", ["np", "torch"])
def test_a_typed_formula_is_printed_from_its_tree(typed, library):
    """Parsed again by Python it holds operators, known functions, numbers, x and y, and nothing else."""
    imports, told = write_formula(typed, library)
    assert all(line.startswith(("from numpy import ", "from torch import ")) for line in imports)
    imported = {line.rpartition(" ")[2] for line in imports}
    assert imported <= FUNCTIONS.keys() | {"tensor", "maximum", "minimum"}
    (made,) = ast.parse(told).body
    assert {node.id for node in ast.walk(made) if isinstance(node, ast.Name)} <= imported | {"x", "y", "_", "p", "abs"}
    plain = (ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.BinOp, ast.UnaryOp, ast.Call, ast.expr_context)
    assert all(isinstance(node, plain) for node in ast.walk(made.body[-1].value))


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_a_typed_formula_has_the_same_value_written_out(typed):
    built = formula(typed, (-3.0, 4.0), (-5.0, 5.0))
    imports, told = write_formula(typed, "np")
    there: dict = {}
    exec("\n".join((*imports, told)), there)  # noqa: S102
    for p in np.random.default_rng(3).uniform(-2, 2, (40, 2)):
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(there["f"](p), built.value(p), rtol=1e-13)


def is_read(typed: str) -> bool:
    """Is it a formula, though perhaps one without a finite value anywhere?"""
    with contextlib.suppress(FormulaError):
        return bool(read(typed))
    return False


@pytest.mark.parametrize("typed", dict.fromkeys(text for _, text in HOSTILE if not is_read(text)))
def test_a_hostile_formula_is_never_written(typed):
    call = Call(FORMULA, (("text", typed), ("x", (-5.0, 5.0)), ("y", (-5.0, 5.0))))
    for write in (write_torch, lambda call: write_numpy(call, "value")):
        with pytest.raises((FormulaError, UserError)):
            write(call)


@pytest.mark.parametrize(
    "typed, run, why",
    [
        ("3", "adam()", "constant function"),
        ("x**2+min(1,1/0)", "adam()", "not finite"),
        ("x**2", "scipy_lbfgsb()", "needs derivatives"),
    ],
)
def test_a_typed_formula_that_cannot_be_taken_along_says_why(typed, run, why):
    now = parse_scene(f'surface=formula("{typed}")\nrun={run}')
    assert now.surface.name == FORMULA
    with pytest.raises(UserError, match=why):
        make_standalone_script(now, now.runs[0])


def test_what_runs_a_program_made_of_a_text_cannot_be_cut_out():
    needs = Dependencies()
    with pytest.raises(LookupError):
        combine_source(needs, [extract_inner(formula, "value", {"text": "x**2"}, needs, "f")])
