"""The three scenes of Alec Radford's animations, which made the race of optimizers famous."""

from dataclasses import replace

import numpy as np

from surfaces.base import Array, Box, Surface, symmetric, vector
from surfaces.functions.saddles import saddle
from surfaces.functions.valleys import beale


def long_valley(steepness: float = 4.0) -> Surface:
    r"""A long valley seen from its wall: all methods drop to the floor at once, and then the slow part begins.

    $$ f(x, y) = \sqrt{1 + c\,x^2} + 0.02\,y^2 - 0.1\,y $$

    The walls are straight far out, so the step across does not grow with the distance; the floor falls
    gently to the minimum 0.875 at $(0, 2.5)$. Methods that scale each coordinate (Adagrad, Adadelta,
    RMSprop) turn along the floor at once, plain descent and momentum shake between the walls.
    After Radford (2014), "Long Valley", [imgur.com/a/Hqolp](https://imgur.com/a/Hqolp); the animation's
    formula was not published, so this one is ours.
    """

    def value(p: Array) -> Array:
        x, y = p
        return np.sqrt(1 + steepness * x * x) + y * (0.02 * y - 0.1)

    def grad(p: Array) -> Array:
        x, y = p
        return vector(steepness * x / np.sqrt(1 + steepness * x * x), 0.04 * y - 0.1)

    def hess(p: Array) -> Array:
        x, _ = p
        return symmetric(steepness * (1 + steepness * x * x) ** -1.5, 0.0, 0.04)

    minima = ((0.0, 2.5),) if steepness > 0 else ()
    return Surface(value, grad, hess, Box((-2, 2), (-4, 5)), start=(-1.5, -3.2), minima=minima)


def beale_corner() -> Surface:
    r"""Beale's function from a steep corner: the first huge gradient hurls momentum away before it turns back.

    $$ f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2 $$

    The function is `beale`; the start $(1, 1.5)$ is near the wall instead of on the floor. Minimum 0 at
    $(3, 0.5)$.
    After Radford (2014), "Beale's function", [imgur.com/a/Hqolp](https://imgur.com/a/Hqolp).
    """
    return replace(beale(), start=(1.0, 1.5))


def saddle_ridge() -> Surface:
    r"""The saddle from its ridge: methods that wait for a slope stay at the top while the others leave.

    $$ f(x, y) = x^2 - y^2 $$

    The function is `saddle`; the start is $10^{-3}$ beside the ridge, so that plain descent spends its
    time at the saddle, momentum swings through it, and methods that scale each coordinate leave at once.
    There is no minimum.
    After Radford (2014), "Saddle Point", [imgur.com/a/Hqolp](https://imgur.com/a/Hqolp).
    """
    return replace(saddle(), box=Box((-1.5, 1.5), (-1.5, 1.5)), start=(1.0, 0.001))
