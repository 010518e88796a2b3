"""Facts about an optimizer beside its code: its place in the list, its theory, its counterparts in other libraries.

Each module of `optimizers.methods` has a table `TRAITS` with one record for each of its optimizers. All code that
treats optimizers differently reads these records.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from surfaces.translatable import Translatable

Section = Literal[
    "momentum", "adaptive", "Adam variants", "signs", "curvature", "conjugate gradients", "derivative-free", "SciPy"
]
SECTIONS: tuple[Section, ...] = get_args(Section)  # in the order in which the optimizers are listed
USUAL_NETWORK_LR = 0.003  # suits small networks, where steps do not grow with the gradient


class TorchOptimizer(NamedTuple):
    """PyTorch's optimizer that takes the same steps."""

    name: str
    entries: Mapping[str, str]  # by our argument: its entry in PyTorch's parameter group; two for one entry are a pair
    extra: str = ""  # a further argument, as Python writes it
    takes_signs: bool = False  # PyTorch's sign of a NaN is 0, so that a NaN gradient does not show in the iterate


class ScipyMethod(NamedTuple):
    """The method of `scipy.optimize.minimize` that takes the same steps."""

    name: str
    derivatives: tuple[str, ...]  # of "grad" and "hess", the ones that it takes
    options: str  # the entries of its options, with our arguments in braces
    runs_here: bool = True  # SciPy's own code also makes the steps of our run


class Traits(NamedTuple):
    section: Section
    counterpart: TorchOptimizer | ScipyMethod | Translatable  # or the reason why no other library takes the same steps
    display_name: str = ""  # "" where it is the maker's name with spaces for underscores
    aliases: tuple[str, ...] = ()  # other names, for which the maker's is suggested
    closed_form: Translatable | None = None  # what the tests compare it with, beside recorded and published runs
    quadratic_theory: Literal["", "gradient descent", "heavy ball", "nesterov"] = ""  # its iteration on a quadratic
    flow: str = ""  # the flow that it follows in small steps: a word of `FlowKind`
    squares_gradient: bool = True  # it stands still where the square of the gradient overflows
    uses_hessian_model: bool = False  # it steps by a quadratic model with the true Hessian
    array_arguments: tuple[str, ...] = ()  # arguments that may have a number for each lane, but no schedule
    iterates_ahead: bool = False  # its iterates are where the gradient is taken, and the ball is μv behind them
    compares_corners: bool = False  # it has a simplex, and asks only at which of two corners f is lower
    for_small_models: bool = False  # it has a matrix or a simplex, or is SciPy's: not for many parameters
    network_lr: float | None = None  # that suits small networks; None: `USUAL_NETWORK_LR` if its default is below 1


NOT_ELSEWHERE = Translatable("neither PyTorch nor SciPy has it")
