"""Scripts for PyTorch and SciPy: the surfaces in them, where they end, and which runs have none."""

import ast
import contextlib
import io
import json

import numpy as np
import pytest

from app.compute.cached_simulation import build_surface, get_endpoint_sensitivity, simulate_run
from app.export.formula_code import NAMES, write_formula
from app.export.source_extraction import Dependencies, extract_inner
from app.export.surface_code import combine_source, write_numpy, write_torch
from app.export.torch_or_scipy_script import make_standalone_script
from app.model.data_source import DATA_EXAMPLES, change_data_argument, get_example_call, read_pasted_table
from app.model.formula_source import FORMULA
from app.model.scene import Call, UserError, surface_call
from app.scene_text.reader import parse_scene
from optimizers.analysis.rounding_sensitivity import NEAR_ZERO
from optimizers.catalogue import TRAITS
from optimizers.method_traits import ScipyMethod
from surfaces.catalogue import SURFACES
from surfaces.datasets.table_parser import rows_to_lines
from surfaces.formula.expression_tree import FUNCTIONS
from surfaces.formula.formula_reader import FormulaError, parse_formula
from surfaces.formula.formula_surface import formula
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
    """The distance of our run's end from `end`, relative to each coordinate, or to `NEAR_ZERO` if that is larger."""
    parsed = parse_scene(text)
    columns = simulate_run(parsed, parsed.runs[0]).columns
    difference = np.abs(np.array((columns["x"][-1], columns["y"][-1])) - end)
    return float((difference / np.maximum(np.abs(end), NEAR_ZERO)).max())


OWN_DATA = {
    **{example.model: read_pasted_table(example.model, rows_to_lines(example.rows)) for example in DATA_EXAMPLES},
    "two inputs": read_pasted_table("logistic", "1,2,no\n2,3,yes\n0,1,no\n4,1,yes\n2,2,no"),
    "two inputs, hinge": read_pasted_table("svm", "1,2,no\n2,3,yes\n0,1,no\n4,1,yes\n2,2,no"),
    "standardized": change_data_argument(get_example_call("line"), "standardized", True),
}


@pytest.mark.parametrize("call", [*map(surface_call, SURFACES), *OWN_DATA.values()], ids=[*SURFACES, *OWN_DATA])
def test_an_exported_surface_has_the_same_bits(call):
    surface, source = build_surface(call), write_numpy(call, "value", "grad", "hess")
    namespace: dict = {}
    exec("\n".join((*source.imports, *source.functions)), namespace)  # noqa: S102
    rng = np.random.default_rng(5)
    for p in np.column_stack([rng.uniform(*side, 40) for side in surface.box]):
        assert namespace["f"](p) == surface.value(p)
        assert np.array_equal(namespace["gradient"](p), surface.grad(p))
        assert np.array_equal(namespace["hessian"](p), surface.hess(p))


@pytest.mark.parametrize("call", [*map(surface_call, SURFACES), *OWN_DATA.values()], ids=[*SURFACES, *OWN_DATA])
def test_a_surface_for_torch_needs_no_numpy(call):
    source = write_torch(call)
    assert source.imports <= {"import torch", "import math"}
    assert "np." not in "".join(source.functions)


@pytest.mark.parametrize("name", TORCH)
def test_a_torch_script_is_the_recorded_one_and_ended_where_our_run_does(name):
    """After an intended change run: python -m tests.references.record_scripts."""
    recorded = RECORDED["runs"][name]
    assert recorded["scene"] == TORCH[name]
    assert fingerprint(script_of(TORCH[name])) == recorded["script"]
    assert deviation(TORCH[name], recorded["end"]) < 1e-9


@pytest.mark.parametrize("name", TORCH)
def test_compared_runs_are_insensitive_to_rounding(name):
    parsed = parse_scene(TORCH[name])
    assert get_endpoint_sensitivity(parsed, parsed.runs[0]) < 1e-10


def test_all_recorded_scripts_are_compared_and_every_optimizer_is_recorded():
    assert RECORDED["runs"].keys() == TORCH.keys()
    assert {parse_scene(text).runs[0].optimizer.name for text in TORCH.values()} == TORCH_WORDS
    assert RECORDED["version"]


@pytest.mark.parametrize("name", TORCH)
def test_a_torch_script_ends_where_our_run_does(name):
    pytest.importorskip("torch", reason="PyTorch is not needed by the app; its ends are recorded")
    assert deviation(TORCH[name], end_of(script_of(TORCH[name]))) < 1e-9


@pytest.mark.parametrize("name", SCIPY)
def test_a_scipy_script_ends_where_our_run_does(name):
    with contextlib.redirect_stderr(io.StringIO()), np.errstate(all="ignore"):
        end = end_of(script_of(SCIPY[name]))
    assert deviation(SCIPY[name], end) < 1e-9


@pytest.mark.parametrize(
    "text, reason",
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
def test_a_run_with_other_steps_is_refused_with_a_reason(text, reason):
    parsed = parse_scene(f"surface=ravine()\n{text}" if "surface" not in text else text)
    with pytest.raises(UserError, match=reason):
        make_standalone_script(parsed, parsed.runs[0])


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("library", ["np", "torch"])
def test_a_typed_formula_is_printed_from_its_tree(typed, library):
    """Parsed by Python, it consists of operators, known functions, numbers, x and y."""
    imports, sources = write_formula(typed, library)
    assert all(
        line.startswith(("from numpy import ", "from torch import ", "from scipy.special import ")) for line in imports
    )
    imported = {line.rpartition(" ")[2] for line in imports} | {ast.parse(one).body[0].name for one in sources[:-1]}
    assert imported <= FUNCTIONS.keys() | {"tensor", *NAMES[library].values(), "expit"}
    (function,) = ast.parse(sources[-1]).body
    assert {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} <= imported | {
        "x",
        "y",
        "_",
        "p",
        "abs",
    }
    node_types = (ast.Name, ast.Constant, ast.operator, ast.unaryop, ast.BinOp, ast.UnaryOp, ast.Call, ast.expr_context,
                  ast.Compare, ast.BoolOp, ast.cmpop, ast.boolop)  # fmt: skip
    value = function.body[-1].value
    if library == "torch" and "where" in typed:
        value = value.left
    assert all(isinstance(node, node_types) for node in ast.walk(value))


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_an_exported_formula_has_the_same_values(typed):
    surface = formula(typed, (-3.0, 4.0), (-5.0, 5.0))
    imports, sources = write_formula(typed, "np")
    namespace: dict = {}
    exec("\n".join((*imports, *sources)), namespace)  # noqa: S102
    for p in np.random.default_rng(3).uniform(-2, 2, (40, 2)):
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(namespace["f"](p), surface.value(p), rtol=1e-13)


def is_formula(typed: str) -> bool:
    """Whether this can be parsed, even if it has no finite value."""
    with contextlib.suppress(FormulaError):
        return bool(parse_formula(typed))
    return False


@pytest.mark.parametrize("typed", dict.fromkeys(text for _, text in HOSTILE if not is_formula(text)))
def test_a_hostile_formula_is_refused(typed):
    call = Call(FORMULA, (("text", typed), ("x", (-5.0, 5.0)), ("y", (-5.0, 5.0))))
    for write in (write_torch, lambda call: write_numpy(call, "value")):
        with pytest.raises((FormulaError, UserError)):
            write(call)


@pytest.mark.parametrize(
    "typed, run, reason",
    [
        ("3", "adam()", "constant function"),
        ("x**2+min(1,1/0)", "adam()", "not finite"),
        ("x**2", "scipy_lbfgsb()", "needs derivatives"),
    ],
)
def test_a_formula_that_cannot_be_exported_is_refused_with_a_reason(typed, run, reason):
    parsed = parse_scene(f'surface=formula("{typed}")\nrun={run}')
    assert parsed.surface.name == FORMULA
    with pytest.raises(UserError, match=reason):
        make_standalone_script(parsed, parsed.runs[0])


def test_the_evaluator_of_formulas_cannot_be_extracted():
    dependencies = Dependencies()
    with pytest.raises(LookupError):
        combine_source(dependencies, [extract_inner(formula, "value", {"text": "x**2"}, dependencies, "f")])
