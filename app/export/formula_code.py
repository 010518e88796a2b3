"""Write a visitor's formula as a Python function, printed from its syntax tree and never copied from the text."""

from app.model.scene import UserError
from surfaces.formula.expression_tree import FUNCTIONS, Apply, Name, Number, Tree
from surfaces.formula.parser import parse_formula
from surfaces.formula.printer import to_text
from surfaces.formula.simplification import simplify

# By the import that they replace. PyTorch's own logarithms have the slope 1 / u even for u < 0.
TORCH_LOGARITHMS = {
    f"from torch import {name}": f"""\
def {name}(u):  # outside its domain the slope is NaN too, and the run ends
    return torch.{name}(u + 0 * torch.sqrt(u))
"""
    for name in ("log", "log2", "log10")
}
ELEMENTWISE_NAMES = {"max": "maximum", "min": "minimum"}


def write_formula(formula: str, library: str) -> tuple[frozenset[str], str]:
    """The imports and the source of `f` for a point, in NumPy ("np") or PyTorch ("torch")."""
    tree = prepare_tree(simplify(parse_formula(formula)), library)
    names = find_names(tree)
    if not names & {"x", "y"}:
        raise UserError("A constant function has no slope to follow.")
    module = {"np": "numpy", "torch": "torch"}[library]
    functions = {name for name in names if name in FUNCTIONS.keys() | {"tensor", "maximum", "minimum"}} - {"abs"}
    unpacking = f"    {'x' if 'x' in names else '_'}, {'y' if 'y' in names else '_'} = p\n"
    imports = {f"from {module} import {name}" for name in functions}
    return frozenset(imports), f"def f(p):\n{unpacking}    return {to_text(tree)}\n"


def prepare_tree(tree: Tree, library: str) -> Tree:
    """Replace negative numbers by negations, and function names by the library's.

    PyTorch's maximum takes only tensors. Where both arguments are equal, each gets half of the slope, as here.
    """
    match tree:
        case Number(value):
            return Apply("neg", (Number(-value),)) if value < 0 else tree
        case Apply(_, args) if all(isinstance(u, Number) for u in args):
            raise UserError("This function contains a constant that is not finite, which other libraries refuse.")
        case Apply("max" | "min" as name, args) if library == "torch":
            return Apply(ELEMENTWISE_NAMES[name], tuple(wrap_in_tensor(prepare_tree(u, library)) for u in args))
        case Apply(name, args):
            return Apply(ELEMENTWISE_NAMES.get(name, name), tuple(prepare_tree(u, library) for u in args))
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
            return {name}.union(*map(find_names, args))
    return set()
