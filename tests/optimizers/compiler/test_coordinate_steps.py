"""Steps of one long point in machine code: NumPy's bits, and only where each coordinate goes its own way."""

import numpy as np
import pytest

from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS
from optimizers.compiler.coordinate_steps import CompileCounter, CoordinateSteps, make_program
from optimizers.compiler.llvm_codegen import BLOCK_LANES
from optimizers.compiler.step_tracing import list_leaves
from optimizers.methods.adagrad_rmsprop_adam import adam
from optimizers.methods.momentum import momentum, nesterov_lookahead, sgd
from optimizers.schedules import cosine, exponential, scheduled, warmup
from optimizers.wrappers import clipped, ema, lookahead, polyak, reduce_on_plateau, weight_decayed
from tests.optimizers.methods.optimizer_cases import CASES
from tests.support.compilable import EDGE_VALUES

D = 5 * BLOCK_LANES + 7  # the last block is not full
STEPS = 40
ELSEWHERE = {"nesterov_lookahead"}  # asks for the gradient at another point
COMPILED = sorted({name for name, case in CASES.items() if case.elementwise} - ELSEWHERE)


class GivenGradient:
    """An objective whose gradient does not depend on the point."""

    def __init__(self, gradient: np.ndarray) -> None:
        self.gradient = gradient

    def grad(self, x: np.ndarray) -> np.ndarray:
        return self.gradient.copy()


def draw_gradients() -> np.ndarray:
    """Gradients of all sizes, many zeros of both signs, and coordinates that stay or become 0, like dead units."""
    rng = np.random.default_rng(3)
    g = rng.standard_normal((STEPS, D)) * 10.0 ** rng.integers(-12, 3, (STEPS, D))
    g[rng.random(g.shape) < 0.3] = 0.0
    g[rng.random(g.shape) < 0.1] *= -0.0
    g[:, :20] = 0.0
    g[5:, 20:40] = 0.0
    return g


def assert_same_bits(a: np.ndarray, b: np.ndarray) -> None:
    np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(np.signbit(a[a == 0]), np.signbit(b[b == 0]))


def compare(optimizer: Optimizer, gradients: np.ndarray, pieces: tuple[int, ...] = (STEPS,)) -> None:
    """Take all steps both ways, planned in pieces."""
    program = make_program(optimizer)
    assert program is not None
    x = np.random.default_rng(1).standard_normal(gradients.shape[1])
    state = optimizer.init(x)
    steps, t = CoordinateSteps(program, x, state), 0
    with np.errstate(all="ignore"):
        for count in pieces:
            steps.plan(t + 1, count)
            for _ in range(count):
                t += 1
                steps.gradient[:] = gradients[t - 1]
                steps.take(t)
                assert_same_bits(steps.before, x)
                x, state = optimizer.step(GivenGradient(gradients[t - 1]), x, state, t)
                assert_same_bits(steps.x, x)
                for found, expected in zip(list_leaves(steps.copy_state()), list_leaves(state), strict=True):
                    assert type(found) is type(expected)
                    assert_same_bits(np.asarray(found), np.asarray(expected))
    assert type(steps.copy_state()) is type(state)


@pytest.mark.parametrize("name", COMPILED)
def test_machine_code_takes_the_steps_of_numpy(name: str) -> None:
    compare(OPTIMIZERS[name](), draw_gradients())
    compare(OPTIMIZERS[name](lr=3.0), draw_gradients(), pieces=(1, 4, 3, STEPS - 8))


@pytest.mark.parametrize(
    "optimizer",
    [
        scheduled(momentum, lr=cosine(0.02, 40), mu=0.5),
        scheduled(adam, lr=warmup(exponential(0.3, 0.05), 10)),
        weight_decayed(momentum(lr=0.01), 0.1),
        adam(bias_correction=False),
    ],
    ids=["cosine", "warmup", "decayed", "uncorrected"],
)
def test_so_it_is_with_schedules_and_wrappers(optimizer: Optimizer) -> None:
    compare(optimizer, draw_gradients(), pieces=(3, 2, STEPS - 5))


@pytest.mark.parametrize("name", ["momentum", "adam", "lion"])
def test_so_it_is_at_the_edges_of_arithmetic(name: str) -> None:
    edges = np.concatenate((EDGE_VALUES, -EDGE_VALUES))
    gradients = np.stack([np.roll(np.resize(edges, D), k) for k in range(STEPS)])
    compare(OPTIMIZERS[name](), gradients)


def move_coordinates_apart(f, x, state, t):
    g = f.grad(x)
    return np.stack((x[0] - g[0], x[1] - 2 * g[1])), state


def ask_twice(f, x, state, t):
    return x - f.grad(x) - f.grad(x - 0.1 * f.grad(x)), state


@pytest.mark.parametrize(
    "optimizer",
    [
        clipped(sgd(lr=0.1)),  # a norm
        clipped(adam(lr=0.1)),
        lookahead(sgd(lr=0.1)),  # counts and branches
        ema(adam(lr=0.1)),  # asks for the gradient at another point than that of its mean
        polyak(sgd(lr=0.01)),
        reduce_on_plateau(sgd(lr=0.1)),  # asks for the loss
        nesterov_lookahead(lr=0.1),
        Optimizer(lambda x: (), lambda f, x, s, t: (x - f.grad(x).sum(axis=0), s)),
        Optimizer(lambda x: (), lambda f, x, s, t: (x[::-1] - f.grad(x), s)),
        Optimizer(lambda x: (), move_coordinates_apart),
        Optimizer(lambda x: (), ask_twice),
        Optimizer(lambda x: (), lambda f, x, s, t: (x * 0.5, s)),  # no gradient: its loss is computed by nobody
        *(OPTIMIZERS[name]() for name in sorted(set(CASES) - set(COMPILED))),
    ],
)
def test_what_is_more_than_each_coordinate_by_itself_is_left_to_numpy(optimizer: Optimizer) -> None:
    assert make_program(optimizer) is None


def test_another_number_needs_no_other_machine_code() -> None:
    """Learning rates are looked up: a slider compiles nothing."""
    one, other = make_program(adam(lr=0.1)), make_program(adam(lr=0.2, beta1=0.8))
    assert one is not None
    assert other is not None
    assert one[:3] == other[:3]


def test_a_step_that_was_not_planned_is_refused() -> None:
    program = make_program(sgd())
    assert program is not None
    steps = CoordinateSteps(program, np.zeros(3), ())
    with pytest.raises(ValueError, match="not planned"):
        steps.take(1)
    steps.plan(4, 2)
    for t in (3, 6):
        with pytest.raises(ValueError, match=f"step {t} was not planned"):
            steps.take(t)


def test_a_step_is_compiled_once_enough_were_taken() -> None:
    """Steps of one kind are counted together, whatever their numbers are."""
    counter = CompileCounter(least=100)
    programs = [make_program(sgd(lr=0.1)), make_program(sgd(lr=0.2)), make_program(adam())]
    asked = [counter.count(program, 40) for program in (*programs, *programs) if program is not None]
    assert asked == [False, False, False, True, True, False]
