"""A surface is a function with its exact derivatives, a view and a start.

Points have coordinates first, lanes after: shape ``(d, ...)``, so that ``x, y = p``
unpacks them and every formula works on one point, a thousand starts or a plot grid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point = tuple[float, float]


class Objective(Protocol):
    """The function as one step of an optimizer may evaluate it."""

    def value(self, p: Array, /) -> Array:
        """f at `p`: (d, ...) -> (...)."""
        ...

    def grad(self, p: Array, /) -> Array:
        """Gradient of f at `p`: (d, ...) -> (d, ...)."""
        ...

    def hess(self, p: Array, /) -> Array:
        """Hessian of f at `p`: (d, ...) -> (d, d, ...)."""
        ...


class Problem(Objective, Protocol):
    """A function to minimise; `value` is the noiseless surface that is plotted."""

    def at(self, t: int, /) -> Objective:
        """The objective of step t = 1, 2, ...: the function itself, a minibatch, a noisy view.

        It depends on `t` (and a seed fixed beforehand) alone, so a run can be repeated;
        where it does not depend on `t` it is the same object for every `t`.
        """
        ...


class Box(NamedTuple):
    """The view: closed intervals of the two coordinates."""

    x: Point
    y: Point


@dataclass(frozen=True)
class Surface:
    """A function of two variables with its derivatives, its view and its published minima."""

    value: Callable[[Array], Array]
    grad: Callable[[Array], Array]
    hess: Callable[[Array], Array]
    box: Box
    start: Point
    minima: tuple[Point, ...]  # global minima; () where there are none
    grid_size: int = 161  # points along each side of a view where it is drawn; fewer where f takes long

    def at(self, t: int) -> Objective:
        return self


TITLES: dict[str, str] = {}  # of surfaces, by the name of their maker
Maker = TypeVar("Maker", bound=Callable[..., Any])


def titled(title: str) -> Callable[[Maker], Maker]:
    """Give a maker the title that the page shows, where the title is not the maker's name in plain words."""

    def keep_title(make: Maker) -> Maker:
        TITLES[make.__name__] = title
        return make

    return keep_title


def vector(*components: object) -> Array:
    """Stack components, constants among them, along a new first axis: (...) each -> (d, ...)."""
    try:
        return np.array(components, dtype=np.float64)
    except (TypeError, ValueError):  # a constant beside an array; what only takes part in NumPy's functions
        return np.stack(np.broadcast_arrays(*components), dtype=np.float64)  # type: ignore[arg-type]


def symmetric(xx: object, xy: object, yy: object) -> Array:
    """The 2 x 2 matrix [[xx, xy], [xy, yy]] in every lane: (...) each -> (2, 2, ...)."""
    a, b, c = vector(xx, xy, yy)
    return np.array(((a, b), (b, c)))
