"""The catalogues: every word makes what it says, from its defaults alone, and says what it is."""

import re
from importlib import import_module
from inspect import getdoc, getmembers, isfunction, signature
from pkgutil import iter_modules

import numpy as np
import pytest

from optimizers import methods
from optimizers.base import Optimizer, iterate_nested_states
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, TRAITS, WRAPPERS
from optimizers.method_traits import TorchOptimizer
from optimizers.methods.momentum import momentum
from optimizers.methods.scipy_minimizers import replay_solver
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
from surfaces.functions.bowls import bowl
from surfaces.functions.valleys import rosenbrock
from tests.optimizers.methods.optimizer_cases import CASES
from tests.support.sampling import SIX_SURFACES, sample

CATALOGUES = {"optimizer": OPTIMIZERS, "schedule": SCHEDULES, "wrapper": WRAPPERS}
OWN = [word for word in OPTIMIZERS if not word.startswith("scipy_")]
ENTRIES = [(kind, word) for kind, catalogue in CATALOGUES.items() for word in catalogue]


def test_there_are_enough_of_each_kind():
    assert len(OPTIMIZERS) >= 20
    assert len(SCHEDULES) >= 10
    assert len(WRAPPERS) >= 6


def test_every_optimizer_has_a_row_in_the_table_of_the_tests():
    missing, unknown = OPTIMIZERS.keys() - CASES.keys(), CASES.keys() - OPTIMIZERS.keys()
    assert not missing, f"add a row for {missing} to tests/optimizers/methods/optimizer_cases.py"
    assert not unknown, f"no optimizer is called {unknown}"


@pytest.mark.parametrize("word", CASES)
def test_defaults_are_those_of_the_table(word):
    assert {name: p.default for name, p in signature(OPTIMIZERS[word]).parameters.items()} == CASES[word].defaults


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_traits_name_only_what_the_optimizer_has(word):
    arguments, traits = signature(OPTIMIZERS[word]).parameters.keys(), TRAITS[word]
    assert set(traits.array_arguments) <= arguments
    if isinstance(traits.counterpart, TorchOptimizer):
        assert set(traits.counterpart.entries) <= arguments
    assert not set(traits.aliases) & {other for _, other in ENTRIES}


class CountedBowl:
    """f(x) = |x|² / 2 of any number of coordinates; it keeps where its gradient was taken, and whether its Hessian."""

    def __init__(self):
        self.gradient_points, self.has_given_hessian = [], False

    def value(self, x):
        return 0.5 * np.sum(x * x, axis=0)

    def grad(self, x):
        self.gradient_points.append(np.array(x))
        return np.array(x)

    def hess(self, x):
        self.has_given_hessian = True
        return np.eye(len(x))


def count_state_numbers(word, d):
    """The numbers that an optimizer keeps after a step from a point of d coordinates; infinity if it took a Hessian."""
    f, optimizer, x = CountedBowl(), OPTIMIZERS[word](), np.linspace(0.5, 1.5, d)
    _, state = optimizer.step(f, x, optimizer.init(x), 1)
    parts = [part for tuple_ in iterate_nested_states(state) for part in tuple_ if isinstance(part, np.ndarray)]
    return np.inf if f.has_given_hessian else sum(part.size for part in parts)


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_what_grows_with_the_square_of_the_parameters_is_for_small_models(word):
    """Twice as many coordinates are twice as many numbers in vectors, and four times as many in a matrix."""
    small, large = count_state_numbers(word, 20), count_state_numbers(word, 40)
    if large > 2 * small or large == np.inf:
        assert TRAITS[word].for_small_models


@pytest.mark.parametrize("word", [word for word in OPTIMIZERS if TRAITS[word].quadratic_theory == "nesterov"])
def test_iterates_are_ahead_where_the_gradient_is_taken_at_the_iterate_itself(word):
    f, optimizer = CountedBowl(), OPTIMIZERS[word]()
    x, state = np.array([1.0, 2.0]), optimizer.init(np.array([1.0, 2.0]))
    for t in (1, 2):
        before, (x, state) = x, optimizer.step(f, x, state, t)
    assert (f.gradient_points[-1] == before).all() == TRAITS[word].iterates_ahead


def test_every_maker_of_the_methods_is_in_a_table_of_traits():
    """A visitor can choose every public function that makes an optimizer; `replay_solver` makes three of them."""
    for info in iter_modules(methods.__path__):
        module = import_module(f"{methods.__name__}.{info.name}")
        makers = {
            function
            for _, function in getmembers(module, isfunction)
            if function.__module__ == module.__name__ and signature(function).return_annotation is Optimizer
        }
        assert makers - {replay_solver} == module.TRAITS.keys(), module.__name__


def test_no_word_means_two_things():
    words = [word for _, word in ENTRIES]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("kind, word", ENTRIES)
def test_a_word_is_the_name_of_its_maker(kind, word):
    assert CATALOGUES[kind][word].__name__ == word


@pytest.mark.parametrize("kind, word", ENTRIES)
def test_every_argument_has_a_default_a_slider_can_show(kind, word):
    arguments = list(signature(CATALOGUES[kind][word]).parameters.values())
    if kind == "wrapper":
        assert arguments.pop(0).name == "optimizer"
    for argument in arguments:
        assert isinstance(argument.default, bool | int | float | str | None), argument
        assert argument.kind is argument.POSITIONAL_OR_KEYWORD


@pytest.mark.parametrize("kind, word", ENTRIES)
def test_docstrings_say_it_in_words_and_in_a_formula(kind, word):
    """They are shown on the page: a sentence first; displayed formulas closed; links complete."""
    text = getdoc(CATALOGUES[kind][word])
    first = text.split("\n\n")[0]
    assert first.endswith((".", "?", "!")) or "$" in first
    assert "\n" not in first
    assert "$" in text or word.startswith("scipy_")  # whose formulas are those of our own
    assert text.count("$$") % 2 == 0
    assert len(re.findall(r"(?<!\$)\$(?!\$)", text)) % 2 == 0
    assert text.count(r"\begin{") == text.count(r"\end{")
    assert "\t" not in text and "\x0c" not in text  # \t, \f of a docstring that is not raw
    if kind == "optimizer":
        assert re.search(r"\(\d{4}\)|SciPy", text), "no source"


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_optimizer_runs_from_its_defaults(word):
    optimizer = OPTIMIZERS[word]()
    assert isinstance(optimizer, Optimizer)
    f = bowl()
    path = trajectory(optimizer, f, f.start, 50)
    assert path.alive.all()
    assert f.value(path.x[:, -1]) < f.value(path.x[:, 0])


@pytest.mark.parametrize("word", SCHEDULES)
def test_every_schedule_gives_numbers(word):
    schedule = SCHEDULES[word]()
    assert all(isinstance(schedule(t), float) for t in (1, 2, 100, 10_000))


@pytest.mark.parametrize("word", WRAPPERS)
def test_every_wrapper_wraps(word):
    f = bowl()
    path = trajectory(WRAPPERS[word](momentum()), f, np.full((2, 3), 2.0), 50)
    assert (f.value(path.x[:, -1]) < f.value(path.x[:, 0])).all()


@pytest.mark.no_cover
@pytest.mark.parametrize("name", sample(SURFACES, SIX_SURFACES.__contains__))
@pytest.mark.parametrize("word", OWN)  # SciPy's minimizers run lane by lane as it is
def test_on_every_surface_a_batch_equals_its_lanes_run_alone(word, name):
    f, random = SURFACES[name](), np.random.default_rng(6)
    (left, right), (low, high) = f.box
    starts = np.array((random.uniform(left, right, 3), random.uniform(low, high, 3)))
    together = trajectory(OPTIMIZERS[word](), f, starts, 15)
    for i in range(3):
        alone = trajectory(OPTIMIZERS[word](), f, starts[:, i], 15)
        np.testing.assert_array_equal(alone.alive, together.alive[:, i])
        # NumPy's powers and sums of one number and of an array may differ in the last bit, and 15 steps make that
        # grow: most where the slope jumps (the hinge), for a line search that ends beside the kink magnifies it
        close = 1e-6 if name == "linear_svm" else 1e-8
        np.testing.assert_allclose(alone.x, together.x[..., i], rtol=close, atol=close)


@pytest.mark.parametrize("wrap", WRAPPERS)
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_wrapper_takes_every_optimizer(word, wrap):
    """Also those that ask for values and Hessians, or keep the last gradient."""
    f = rosenbrock()
    start = np.array(((-1.2, 0.5), (1.0, 0.2)))
    path = trajectory(WRAPPERS[wrap](OPTIMIZERS[word]()), f, start, 40)
    assert path.alive.all()
    # One of two is enough: SciPy's Newton-CG gives up on a slope that is clipped and no longer that of the values.
    assert np.linalg.norm(path.x[:, -1] - start, axis=0).max() > 1e-3
    assert (f.value(path.x[:, -1]) < 100).all()
