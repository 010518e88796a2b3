"""Write a visitor's own formula as a plain function, printed from its parsed tree and never copied from the text."""

from app.model.scene import UserError
from surfaces.formula.expression_tree import FUNCTIONS, Apply, Name, Number, Tree
from surfaces.formula.parser import parse_formula
from surfaces.formula.printer import to_text
from surfaces.formula.simplification import simplify

# By the import that each stands for. PyTorch's own have the slope 1 / u also where u < 0 has no logarithm.
TORCH_LOGARITHMS = {
    f"from torch import {word}": f"""\
def {word}(u):  # where there is none there is no slope either, and the run ends
    return torch.{word}(u + 0 * torch.sqrt(u))
"""
    for word in ("log", "log2", "log10")
}
ELEMENTWISE_NAMES = {"max": "maximum", "min": "minimum"}


def write_formula(formula: str, library: str) -> tuple[frozenset[str], str]:
    """`f` of a point in NumPy ("np") or PyTorch ("torch"), and the imports that it needs."""
    tree = prepare_tree(simplify(parse_formula(formula)), library)
    names = find_names(tree)
    if not names & {"x", "y"}:
        raise UserError("A function that is the same everywhere has no slope to follow.")
    module = {"np": "numpy", "torch": "torch"}[library]
    called = {word for word in names if word in FUNCTIONS.keys() | {"tensor", "maximum", "minimum"}} - {"abs"}
    unpacked = f"    {'x' if 'x' in names else '_'}, {'y' if 'y' in names else '_'} = p\n"
    imports = {f"from {module} import {word}" for word in called}
    return frozenset(imports), f"def f(p):\n{unpacked}    return {to_text(tree)}\n"


def prepare_tree(tree: Tree, library: str) -> Tree:
    """The same with numbers that have no sign of their own, and with functions by the library's names.

    PyTorch compares tensors only, and gives each side of a maximum half of the slope where both are equal, as here.
    """
    match tree:
        case Number(value):
            return Apply("neg", (Number(-value),)) if value < 0 else tree
        case Apply(_, args) if all(isinstance(u, Number) for u in args):
            raise UserError("A part of this function is not a finite number, and other libraries do not accept that.")
        case Apply("max" | "min" as word, args) if library == "torch":
            return Apply(ELEMENTWISE_NAMES[word], tuple(wrap_in_tensor(prepare_tree(u, library)) for u in args))
        case Apply(word, args):
            return Apply(ELEMENTWISE_NAMES.get(word, word), tuple(prepare_tree(u, library) for u in args))
    return tree


def wrap_in_tensor(tree: Tree) -> Tree:
    """A number, with its sign, as a tensor."""
    match tree:
        case Number() | Apply("neg", (Number(),)):
            return Apply("tensor", (tree,))
    return tree


def find_names(tree: Tree) -> set[str]:
    match tree:
        case Name(word):
            return {word}
        case Apply(word, args):
            return {word}.union(*map(find_names, args))
    return set()
