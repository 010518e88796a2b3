"""Thousands of runs at once: the sweeps beside the same batch in torch and in optax compiled by XLA."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

from optimizers.catalogue import OPTIMIZERS
from optimizers.parallel_batch import run_tiles
from surfaces.catalogue import SURFACES
from tests.benchmarks.table import Row, in_turn
from tests.support.joined_tiles import join_tiles

STARTS = 65_536
X0 = np.random.default_rng(0).uniform(-5, 5, (2, STARTS))
STEPS = 200
HIMMELBLAU = SURFACES["himmelblau"]()


def rows() -> Iterator[Row]:
    jax.config.update("jax_enable_x64", True)
    torch.set_num_threads(2)
    yield beside("Adam", "adam", 0.1, optax.adam(0.1), lambda p: torch.optim.Adam(p, lr=0.1))
    yield beside("gradient descent", "sgd", 0.01, optax.sgd(0.01), lambda p: torch.optim.SGD(p, lr=0.01))
    yield alone("Newton", "newton", 30, 10)
    yield alone("L-BFGS", "lbfgs", 50, 40)
    yield growth()


def beside(name: str, word: str, lr: float, transformation: Any, make: Callable[[Any], Any]) -> Row:
    compiled = in_xla(transformation)
    ours, xla, theirs = in_turn(
        5, lambda: ends_of(word, STEPS, lr=lr), lambda: compiled(X0).block_until_ready(), lambda: in_torch(make)
    )
    return Row(
        f"{name}, Himmelblau, {STARTS:,} starts, {STEPS} steps",
        f"{1e3 * ours:.0f} ms",
        f"optax compiled by XLA, warm, {1e3 * xla:.0f} ms: {ours / xla:.1f} of it; "
        f"torch batched {1e3 * theirs:.0f} ms: {theirs / ours:.1f} x",
        "at most 2 times XLA's time, at least 3 x as fast as torch",
        ours <= 2 * xla and theirs >= 3 * ours,
    )


def alone(name: str, word: str, steps: int, most: float) -> Row:
    seconds, square = in_turn(3, lambda: ends_of(word, steps), lambda: X0 * X0)
    each = 1e3 * seconds / steps
    return Row(
        f"{name}, Himmelblau, {STARTS:,} starts, {steps} steps: a step",
        f"{each:.1f} ms",
        f"a product of two arrays of all starts {1e3 * square:.2f} ms: {each / (1e3 * square):.0f} of them",
        f"at most {most} ms",
        each <= most,
    )


def growth() -> Row:
    """Time per lane and step, over 256 times as many lanes; a few take milliseconds, so that they are swept often."""
    few, many, times = 4096, 1_048_576, 32
    starts = np.random.default_rng(0).uniform(-5, 5, (2, many))
    small, large = in_turn(
        3,
        lambda: [ends_of("adam", STEPS, starts[:, :few], lr=0.1) for _ in range(times)],
        lambda: ends_of("adam", STEPS, starts, lr=0.1),
    )
    each, other = 1e9 * small / times / few / STEPS, 1e9 * large / many / STEPS
    return Row(
        f"time per lane and step of Adam, {many:,} lanes",
        f"{other:.1f} ns",
        f"{few:,} lanes, {times} times in a row, {each:.1f} ns: {other / each:.2f} of it",
        "within 20 %",
        abs(other / each - 1) <= 0.2,
    )


def ends_of(word: str, steps: int, starts: np.ndarray = X0, **hyper: float) -> None:
    parts = run_tiles(OPTIMIZERS[word], HIMMELBLAU, starts, steps, hyper=hyper)
    join_tiles(parts, starts.shape[1])


def in_xla(transformation: Any) -> Any:
    """The same steps as one function for XLA."""

    @jax.jit
    def run(p: Any) -> Any:
        def step(carried: Any, _: None) -> tuple[Any, None]:
            p, state = carried
            updates, state = transformation.update(slope(p, jnp.stack), state, p)
            return (optax.apply_updates(p, updates), state), None

        return jax.lax.scan(step, (p, transformation.init(p)), None, length=STEPS)[0][0]

    return run


def in_torch(make: Callable[[Any], Any]) -> None:
    p = torch.tensor(X0, requires_grad=True)
    optimizer = make([p])
    for _ in range(STEPS):
        with torch.no_grad():
            p.grad = slope(p, torch.stack)
        optimizer.step()


def slope(p: Any, stack: Callable[[Any], Any]) -> Any:
    """The gradient of Himmelblau's function, written down."""
    x, y = p
    r, s = x * x + y - 11, x + y * y - 7
    return stack((4 * x * r + 2 * s, 2 * r + 4 * y * s))
