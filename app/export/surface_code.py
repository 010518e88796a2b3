"""Write a surface as plain functions of one point: in NumPy with derivatives, or in PyTorch for its autograd."""

import ast
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from app.compute.cached_simulation import build_surface
from app.export import formula_code
from app.export.python_literals import format_literal, format_numbers
from app.export.source_extraction import Dependencies, extract_inner, extract_lambda, read_module
from app.model.data_source import DATA
from app.model.formula_source import FORMULA
from app.model.scene import Call, UserError
from surfaces.catalogue import SURFACES
from surfaces.datasets import nist
from surfaces.datasets.mean_loss import Loss
from surfaces.datasets.regression import Regression
from surfaces.datasets.table_surface import MODELS

Maker = Callable[..., Any]
FUNCTION_NAMES = {"value": "f", "grad": "gradient", "hess": "hessian"}  # their names in a script
DERIVATIVE_FIELDS = {"value": ("value", "s"), "grad": ("slope", "ds"), "hess": ("bend", "dds")}  # of a Loss, of a Shape
# PyTorch has these functions by the same names.
TORCH_FUNCTIONS = {"abs", "arange", "cos", "exp", "expm1", "hypot", "log", "sin", "sqrt", "tanh"}

# `surfaces.base` without lanes.
STACKING_SOURCE = {
    "vector": "def vector(*components):\n    return np.array(components, dtype=float)\n",
    "symmetric": "def symmetric(xx, xy, yy):\n    return np.array(((xx, xy), (xy, yy)), dtype=float)\n",
}

MEAN_SOURCE = {
    "value": "def f(p{rows}):\n    w, b = p\n    return loss(w * INPUTS{at} + b, TARGETS{at}).mean()\n",
    "grad": """\
def gradient(p):
    w, b = p
    s = slope(w * INPUTS + b, TARGETS)
    return np.array((s @ INPUTS, s.sum())) / len(INPUTS)
""",
    "hess": """\
def hessian(p):
    w, b = p
    c = bend(w * INPUTS + b, TARGETS)
    ww, wb, bb = c @ (INPUTS * INPUTS), c @ INPUTS, c.sum()
    return np.array(((ww, wb), (wb, bb))) / len(INPUTS)
""",
}
PAIR_SOURCE = {
    "value": "def f(p{rows}):\n    w1, w2 = p\n    return loss(w1 * FIRST{at} + w2 * SECOND{at}, TARGETS{at}).mean()\n",
    "grad": """\
def gradient(p):
    w1, w2 = p
    s = slope(w1 * FIRST + w2 * SECOND, TARGETS)
    return np.array((s @ FIRST, s @ SECOND)) / len(TARGETS)
""",
    "hess": """\
def hessian(p):
    w1, w2 = p
    c = bend(w1 * FIRST + w2 * SECOND, TARGETS)
    uu, uv, vv = c @ (FIRST * FIRST), c @ (FIRST * SECOND), c @ (SECOND * SECOND)
    return np.array(((uu, uv), (uv, vv))) / len(TARGETS)
""",
}
SQUARES_SOURCE = {
    "value": "def f(p):\n    b1, b2 = p\n    r = b1 * s(b2, INPUTS) - TARGETS\n    return (r * r).sum()\n",
    "grad": """\
def gradient(p):
    b1, b2 = p
    shape, slope = s(b2, INPUTS), b1 * ds(b2, INPUTS)
    r = 2 * (b1 * shape - TARGETS)
    return np.array(((r * shape).sum(), (r * slope).sum()))
""",
    "hess": """\
def hessian(p):
    b1, b2 = p
    shape, slope, bend = s(b2, INPUTS), ds(b2, INPUTS), dds(b2, INPUTS)
    r = b1 * shape - TARGETS
    xx = (shape * shape).sum()
    xy = (b1 * shape * slope + r * slope).sum()
    yy = (b1 * b1 * slope * slope + r * b1 * bend).sum()
    return 2 * np.array(((xx, xy), (xy, yy)))
""",
}
BATCH_SOURCE = """\
def batch(t):
    \"\"\"The samples of step t: each epoch goes through all of them in an order of its own.\"\"\"
    epoch, k = divmod(t - 1, {batches})
    order = np.random.default_rng(({seed}, epoch)).permutation({samples})
    return order[{size} * k : {size} * (k + 1)]
"""


class FunctionSource(NamedTuple):
    """A surface's functions as text."""

    imports: frozenset[str]
    functions: tuple[str, ...]
    has_batches: bool = False  # whether there is a `batch(t)`, whose rows are the second argument of `f`


def write_numpy(call: Call, *wanted: str) -> FunctionSource:
    """`f`, `gradient` and `hessian` (as asked for: value, grad, hess), bit for bit as they are here.

    Of a surface that shows a minibatch they have the samples of step 1. A visitor's own formula has `f` alone.
    """
    if call.name == FORMULA:
        if wanted != ("value",):
            raise UserError(
                "This method needs derivatives. Those of your own function are derived from its text here, and are "
                "long."
            )
        imports, told = formula_code.write_formula(call["text"], "np")
        return FunctionSource(imports, (told,))
    return write_functions(call, wanted, "np")


def write_torch(call: Call) -> FunctionSource:
    """`f` of a tensor of two numbers, so that autograd can differentiate it."""
    if call.name == FORMULA:
        own, told = formula_code.write_formula(call["text"], "torch")
        logarithms = own & formula_code.TORCH_LOGARITHMS.keys()
        return FunctionSource(
            own - logarithms | {"import torch"},
            (*(formula_code.TORCH_LOGARITHMS[line] for line in sorted(logarithms)), told),
        )
    found = write_functions(call, ("value",), "torch")
    imports = {line.replace("import numpy as np", "import torch") for line in found.imports} | {"import torch"}
    if found.has_batches:
        imports.add("import numpy as np")
    keep = [said if said.startswith("def batch") else translate_to_torch(said) for said in found.functions]
    return FunctionSource(frozenset(imports), tuple(keep), found.has_batches)


def translate_to_torch(source: str) -> str:
    """Replace NumPy's functions by PyTorch's; max(0, u) by relu, whose slope at u = 0 is 0, as it is here."""
    source = re.sub(r"np\.maximum\(0\.0, ", "torch.relu(", source)
    source = re.sub(r"np\.maximum\((\w+), 0\.0\)", r"torch.relu(\1)", source)
    source = re.sub(r"np\.logaddexp\(0\.0, (\w+)\)", r"torch.logaddexp(torch.zeros(()), \1)", source)
    source = re.sub(r"\bnp\.(\w+)", lambda m: f"torch.{m[1]}" if m[1] in TORCH_FUNCTIONS else m[0], source)
    if "np." in source:
        raise LookupError(f"no PyTorch for: {source}")
    return source


def write_functions(call: Call, questions: tuple[str, ...], library: str) -> FunctionSource:
    if call.name == DATA:
        return write_sample_loss(MODELS[call["model"]], {}, build_surface(call), questions, library)
    make, given = find_base_maker(SURFACES[call.name]), dict(call.arguments)
    problem = build_surface(call)
    if isinstance(problem, Regression):
        return write_sample_loss(make, given, problem, questions, library)
    if make.__module__ == nist.__name__:
        return write_sum_of_squares(make, questions, library)
    needs = Dependencies()
    try:
        return combine_source(
            needs, [extract_inner(make, question, given, needs, FUNCTION_NAMES[question]) for question in questions]
        )
    except LookupError:
        raise UserError("The formula of this surface cannot be written out as plain Python.") from None


def find_base_maker(make: Maker) -> Maker:
    """The maker whose surface this is, where `make` only has another view or start of it."""
    module = read_module(make.__module__)
    match module.functions[make.__name__].body[-1]:
        case ast.Return(ast.Call(ast.Name("replace"), [ast.Call(ast.Name(word), []), *_])):
            return SURFACES[word]
    return make


def combine_source(needs: Dependencies, sources: list[str], has_batches: bool = False) -> FunctionSource:
    imports = set(needs.imports)
    stacked = [STACKING_SOURCE[word] for word in STACKING_SOURCE if f"from surfaces.base import {word}" in imports]
    imports = {line for line in imports if not line.startswith("from surfaces.base")}
    if others := [line for line in imports if "surfaces" in line]:
        raise LookupError(f"{others} are not to be had elsewhere")
    if stacked:
        imports.add("import numpy as np")
    return FunctionSource(frozenset(imports), (*stacked, *needs.functions.values(), *sources), has_batches)


def find_call(make: Maker, name: str) -> ast.Call:
    """The call of `name` in the source of `make`."""
    tree = read_module(make.__module__).functions[make.__name__]
    return next(
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )  # fmt: skip


def bind_arguments(call: Any, names: tuple[str, ...]) -> dict[str, ast.expr]:
    """The arguments of a call by their names."""
    return dict(zip(names, call.args, strict=False)) | {str(word.arg): word.value for word in call.keywords}


def write_arrays(library: str, **columns: Any) -> list[str]:
    make = "torch.tensor" if library == "torch" else "np.array"
    return ["".join(f"{name} = {make}({format_numbers(column)})\n" for name, column in columns.items())]


def write_sample_loss(
    make: Maker, given: dict[str, Any], problem: Regression, questions: tuple[str, ...], library: str
) -> FunctionSource:
    """The mean of a loss over samples; in PyTorch with the minibatch of each step, in NumPy with that of the first."""
    needs = Dependencies()
    lambdas = bind_arguments(find_call(make, "Loss"), Loss._fields)
    titles = {question: "loss" if question == "value" else DERIVATIVE_FIELDS[question][0] for question in questions}
    told = [
        extract_lambda(make, lambdas[DERIVATIVE_FIELDS[question][0]], given, needs, title)
        for question, title in titles.items()
    ]
    batches = problem.batch_size < problem.sample_count
    rows = slice(None)
    if batches and library == "np":
        rows, batches = problem.batch_rows(1), False
    blanks = {"rows": ", rows" if batches else "", "at": "[rows]" if batches else ""}
    full = problem.full_loss.subset(rows)
    inputs = {"INPUTS": full.u} if full.v is None else {"FIRST": full.u, "SECOND": full.v}
    told = [*write_arrays(library, **inputs, TARGETS=full.y), *told]
    if batches:
        size = {"batches": problem.batches_per_epoch, "seed": problem.seed, "samples": problem.sample_count}
        told.append(BATCH_SOURCE.format(size=problem.batch_size, **size))
    mean = MEAN_SOURCE if full.v is None else PAIR_SOURCE
    told += [mean[question].format(**blanks) if question == "value" else mean[question] for question in questions]
    needs.imports.add("import numpy as np")
    return combine_source(needs, told, batches)


def write_sum_of_squares(make: Maker, questions: tuple[str, ...], library: str) -> FunctionSource:
    """One of NIST's sums of squares."""
    needs, module = Dependencies(), read_module(make.__module__)
    match find_call(make, "_sum_of_squares").args:
        case [ast.Constant(str(name)), ast.Name(shape), *_]:
            lambdas = bind_arguments(module.assignments[shape].value, nist.CurveShape._fields)
        case _:
            raise LookupError(f"{make.__name__} is no sum of squares as the others are")
    wanted = [DERIVATIVE_FIELDS[question][1] for question in questions]
    told = [extract_lambda(make, lambdas[part], {}, needs, part) for part in wanted]
    measured = nist.read_dataset(name)
    needs.imports.add("import numpy as np")
    told = [
        *write_arrays(library, INPUTS=measured.x, TARGETS=measured.y),
        *told,
        *(SQUARES_SOURCE[question] for question in questions),
    ]
    return combine_source(needs, told)


def write_noise(sigma: float, seed: int, t: str) -> str:
    """The expression of the noise on the gradient of step `t`."""
    return f"{format_literal(sigma)} * np.random.default_rng(({format_literal(seed)}, {t}, 1)).standard_normal(2)"
