"""Write a visitor's formula as a Python function, printed from its syntax tree and never copied from the text."""

from app.model.scene import UserError
from surfaces.formula.expression_tree import CONDITIONS, FUNCTIONS, ZERO, Apply, Name, Number, Tree
from surfaces.formula.formula_reader import parse_formula
from surfaces.formula.simplification import simplify
from surfaces.formula.text_and_latex_printer import to_text

MODULES = {"np": "numpy", "torch": "torch"}
NAMES = {
    "np": {"max": "maximum", "min": "minimum", "atan2": "arctan2", "sigmoid": "expit", "softplus": "logaddexp"},
    "torch": {"max": "maximum", "min": "minimum", "mod": "remainder", "softplus": "logaddexp"},
}
SCIPY_FUNCTIONS = {"erf", "expit"}
TENSOR_FUNCTIONS = {"max", "min", "atan2", "softplus", "where"}  # PyTorch's take no plain numbers
CHOICE = """\
def where(condition, u, v):
    return u if condition else v
"""
# What a library has not, or with another slope: PyTorch's own logarithms have the slope 1 / u even for u < 0.
DEFINITIONS = {
    "np": {"where": CHOICE},
    "torch": {
        "where": CHOICE,
        "cbrt": """\
def cbrt(u):  # at 0 the slope is 0
    return torch.sign(u) * torch.abs(u + (u == 0)) ** (1 / 3)
""",
        "atan2": """\
def atan2(v, u):  # at (0, 0) the slope is 0
    return 0 * (u + v) if u == 0 and v == 0 else torch.atan2(v, u)
""",
        **{
            name: f"""\
def {name}(u):  # outside its domain the slope is NaN too, and the run ends
    return torch.{name}(u + 0 * torch.sqrt(u))
"""
            for name in ("log", "log2", "log10")
        },
    },
}


def write_formula(formula: str, library: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The imports and the sources of `f` for a point, in NumPy ("np") or PyTorch ("torch"), `f` itself as the last."""
    tree = prepare_tree(simplify(parse_formula(formula)), library)
    names = find_names(tree)
    if not names & {"x", "y"}:
        raise UserError("A constant function has no slope to follow.")
    known = FUNCTIONS.keys() | {*NAMES[library].values(), "tensor"}
    functions = {name for name in names if name in known} - {"abs"}
    defined = DEFINITIONS[library]
    imports = {
        f"from {'scipy.special' if library == 'np' and name in SCIPY_FUNCTIONS else MODULES[library]} import {name}"
        for name in functions - defined.keys()
    }
    unpacking = f"    {'x' if 'x' in names else '_'}, {'y' if 'y' in names else '_'} = p\n"
    value = to_text(tree)
    if library == "torch" and "where" in names:
        value += " + 0 * p.sum()"  # where the chosen part is a constant there is a slope, too: 0
    source = f"def f(p):\n{unpacking}    return {value}\n"
    return frozenset(imports), (*(defined[name] for name in sorted(functions & defined.keys())), source)


def prepare_tree(tree: Tree, library: str) -> Tree:
    """Replace negative numbers by negations, and function names by the library's.

    Where both arguments of PyTorch's maximum are equal, each gets half of the slope, as here.
    """
    match tree:
        case Number(value):
            return Apply("neg", (Number(-value),)) if value < 0 else tree
        case Apply(_, args) if all(isinstance(u, Number) for u in args):
            raise UserError("This function contains a constant that is not finite, which other libraries refuse.")
        case Apply(name, args):
            parts = [prepare_tree(u, library) for u in ((ZERO, *args) if name == "softplus" else args)]
            if library == "torch" and name in TENSOR_FUNCTIONS:
                parts = [wrap_in_tensor(u) for u in parts]
            return Apply(NAMES[library].get(name, name), tuple(parts))
    return tree


def wrap_in_tensor(tree: Tree) -> Tree:
    """Make a number, with its sign, a tensor."""
    match tree:
        case Number() | Apply("neg", (Number(),)):
            return Apply("tensor", (tree,))
    return tree


def find_names(tree: Tree) -> set[str]:
    match tree:
        case Name(name):
            return {name}
        case Apply(name, args):
            return {name}.union(*map(find_names, args)) - CONDITIONS.keys()
    return set()
