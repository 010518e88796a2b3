"""Write a surface as functions of one point: in NumPy with derivatives, or in PyTorch for its autograd."""

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
from app.training_scenes.network_loss_source import NETWORK_LOSS
from surfaces.catalogue import SURFACES
from surfaces.datasets import nist
from surfaces.datasets.mean_loss import Loss
from surfaces.datasets.regression import Regression
from surfaces.datasets.table_surface import MODELS

Maker = Callable[..., Any]
FUNCTION_NAMES = {"value": "f", "grad": "gradient", "hess": "hessian"}  # in a script
# Fields of a Loss, and of a CurveShape.
DERIVATIVE_FIELDS = {"value": ("value", "s"), "grad": ("slope", "ds"), "hess": ("bend", "dds")}
# Functions with the same name in NumPy and PyTorch.
TORCH_FUNCTIONS = {"abs", "arange", "cos", "exp", "expm1", "hypot", "log", "sin", "sqrt", "tanh"}

# The functions of `surfaces.base`, without lanes.
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
    \"\"\"The rows of step t: every epoch goes through all samples, in a new order.\"\"\"
    epoch, k = divmod(t - 1, {batches})
    order = np.random.default_rng(({seed}, epoch)).permutation({samples})
    return order[{size} * k : {size} * (k + 1)]
"""


class FunctionSource(NamedTuple):
    """The functions of a surface as source."""

    imports: frozenset[str]
    functions: tuple[str, ...]
    has_batches: bool = False  # whether there is a `batch(t)` with the rows for the second argument of `f`


def write_numpy(call: Call, *questions: str) -> FunctionSource:
    """Write `f`, `gradient` and `hessian` (`questions`: value, grad, hess), with the same bits as here.

    With minibatches they use the samples of step 1. A visitor's own formula has only `f`.
    """
    if call.name == FORMULA:
        if questions != ("value",):
            raise UserError(
                "This method needs derivatives. Descent derives those of your own function from its formula, and they "
                "would be too long for a script."
            )
        return FunctionSource(*formula_code.write_formula(call["text"], "np"))
    return write_functions(call, questions, "np")


def write_torch(call: Call) -> FunctionSource:
    """Write `f` of a tensor with two entries, for autograd."""
    if call.name == FORMULA:
        imports, sources = formula_code.write_formula(call["text"], "torch")
        return FunctionSource(imports | {"import torch"}, sources)
    _, sources, has_batches = numpy_source = write_functions(call, ("value",), "torch")
    imports = numpy_source.imports - {"import numpy as np"} | {"import torch"}
    translated = (s if s.startswith("def batch") else translate_to_torch(s) for s in sources)
    return FunctionSource(imports | ({"import numpy as np"} if has_batches else set()), tuple(translated), has_batches)


def translate_to_torch(source: str) -> str:
    """Replace NumPy's functions by PyTorch's. The slope of max(0, u) at u = 0 is 0 here, as for PyTorch's relu."""
    source = re.sub(r"np\.maximum\(0\.0, ", "torch.relu(", source)
    source = re.sub(r"np\.maximum\((\w+), 0\.0\)", r"torch.relu(\1)", source)
    source = re.sub(r"np\.logaddexp\(0\.0, (\w+)\)", r"torch.logaddexp(torch.zeros(()), \1)", source)
    source = re.sub(r"\bnp\.(\w+)", lambda m: f"torch.{m[1]}" if m[1] in TORCH_FUNCTIONS else m[0], source)
    if "np." in source:
        raise LookupError(f"no PyTorch function for: {source}")
    return source


def write_functions(call: Call, questions: tuple[str, ...], library: str) -> FunctionSource:
    if call.name == DATA:
        return write_sample_loss(MODELS[call["model"]], {}, build_surface(call), questions, library)
    if call.name == NETWORK_LOSS:
        raise UserError(
            "The loss around a network's weights is not written for other libraries: the script for this repository "
            "trains the network and takes the same surface."
        )
    make, arguments = find_base_maker(SURFACES[call.name]), dict(call.arguments)
    problem = build_surface(call)
    if isinstance(problem, Regression):
        return write_sample_loss(make, arguments, problem, questions, library)
    if make.__module__ == nist.__name__:
        return write_sum_of_squares(make, questions, library)
    dependencies = Dependencies()
    try:
        return combine_source(
            dependencies,
            [
                extract_inner(make, question, arguments, dependencies, FUNCTION_NAMES[question])
                for question in questions
            ],
        )
    except LookupError:
        raise UserError("The formula of this surface cannot be written as plain Python.") from None


def find_base_maker(make: Maker) -> Maker:
    """The maker of the same function, if `make` only changes the view or the start of another surface."""
    module = read_module(make.__module__)
    match module.functions[make.__name__].body[-1]:
        case ast.Return(ast.Call(ast.Name("replace"), [ast.Call(ast.Name(name), []), *_])):
            return SURFACES[name]
    return make


def combine_source(dependencies: Dependencies, sources: list[str], has_batches: bool = False) -> FunctionSource:
    """Join functions and their dependencies, with the functions of `surfaces.base` written out."""
    imports = set(dependencies.imports)
    stacking = [source for name, source in STACKING_SOURCE.items() if f"from surfaces.base import {name}" in imports]
    imports = {line for line in imports if not line.startswith("from surfaces.base")}
    if others := [line for line in imports if "surfaces" in line]:
        raise LookupError(f"{others} exist only in this repository")
    if stacking:
        imports.add("import numpy as np")
    return FunctionSource(frozenset(imports), (*stacking, *dependencies.functions.values(), *sources), has_batches)


def find_call(make: Maker, name: str) -> ast.Call:
    """The call of `name` in the source of `make`."""
    tree = read_module(make.__module__).functions[make.__name__]
    return next(
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )  # fmt: skip


def bind_arguments(call: Any, names: tuple[str, ...]) -> dict[str, ast.expr]:
    """The arguments of a call, by name."""
    return dict(zip(names, call.args, strict=False)) | {str(keyword.arg): keyword.value for keyword in call.keywords}


def write_arrays(library: str, **columns: Any) -> list[str]:
    make = "torch.tensor" if library == "torch" else "np.array"
    return ["".join(f"{name} = {make}({format_numbers(column)})\n" for name, column in columns.items())]


def write_sample_loss(
    make: Maker, arguments: dict[str, Any], problem: Regression, questions: tuple[str, ...], library: str
) -> FunctionSource:
    """Write the mean of a loss over samples: in PyTorch over each step's minibatch, in NumPy over the first one."""
    dependencies = Dependencies()
    lambdas = bind_arguments(find_call(make, "Loss"), Loss._fields)
    titles = {question: "loss" if question == "value" else DERIVATIVE_FIELDS[question][0] for question in questions}
    sources = [
        extract_lambda(make, lambdas[DERIVATIVE_FIELDS[question][0]], arguments, dependencies, title)
        for question, title in titles.items()
    ]
    has_batches = problem.batch_size < problem.sample_count
    rows = slice(None)
    if has_batches and library == "np":
        rows, has_batches = problem.batch_rows(1), False
    fields = {"rows": ", rows" if has_batches else "", "at": "[rows]" if has_batches else ""}
    samples = problem.full_loss.subset(rows)
    inputs = {"INPUTS": samples.u} if samples.v is None else {"FIRST": samples.u, "SECOND": samples.v}
    sources = [*write_arrays(library, **inputs, TARGETS=samples.y), *sources]
    if has_batches:
        size = {"batches": problem.batches_per_epoch, "seed": problem.seed, "samples": problem.sample_count}
        sources.append(BATCH_SOURCE.format(size=problem.batch_size, **size))
    mean = MEAN_SOURCE if samples.v is None else PAIR_SOURCE
    sources += [mean[question].format(**fields) if question == "value" else mean[question] for question in questions]
    dependencies.imports.add("import numpy as np")
    return combine_source(dependencies, sources, has_batches)


def write_sum_of_squares(make: Maker, questions: tuple[str, ...], library: str) -> FunctionSource:
    """Write a sum of squares over one of NIST's data sets."""
    dependencies, module = Dependencies(), read_module(make.__module__)
    match find_call(make, "_sum_of_squares").args:
        case [ast.Constant(str(name)), ast.Name(shape), *_]:
            lambdas = bind_arguments(module.assignments[shape].value, nist.CurveShape._fields)
        case _:
            raise LookupError(f"{make.__name__} is not written as the other sums of squares")
    fields = [DERIVATIVE_FIELDS[question][1] for question in questions]
    sources = [extract_lambda(make, lambdas[field], {}, dependencies, field) for field in fields]
    dataset = nist.read_dataset(name)
    dependencies.imports.add("import numpy as np")
    sources = [
        *write_arrays(library, INPUTS=dataset.x, TARGETS=dataset.y),
        *sources,
        *(SQUARES_SOURCE[question] for question in questions),
    ]
    return combine_source(dependencies, sources)


def write_noise(sigma: float, seed: int, t: str) -> str:
    """The expression of the noise on the gradient of step `t`."""
    return f"{format_literal(sigma)} * np.random.default_rng(({format_literal(seed)}, {t}, 1)).standard_normal(2)"
