"""Basins: a start becomes what the verdict of its run alone says, and is there when its path says so."""

import numpy as np
import pytest

from optimizers.analysis.basins_of_attraction import (
    MAX_MINIMA,
    NO_MINIMUM,
    StartOutcomes,
    classify_starts,
    label_minima,
    number_jointly,
)
from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.ending_criteria import MERGE_DISTANCE
from optimizers.analysis.grid_refinement import refinement_levels, upsample
from optimizers.analysis.run_curves_and_verdict import diagnose
from optimizers.batch_run_outcomes import NEVER, find_lasting_step
from optimizers.catalogue import OPTIMIZERS
from optimizers.compiler.compiled_batch import make_plan
from optimizers.methods.momentum import momentum, sgd
from optimizers.parallel_batch import run_batch
from optimizers.simulate import trajectory
from surfaces.base import Box, Surface
from surfaces.catalogue import SURFACES

KIND = {
    "global": Ending.MINIMUM,
    "local": Ending.MINIMUM,
    "saddle": Ending.SADDLE,
    "maximum": Ending.SADDLE,
    "diverged": Ending.LOST,
    "diverging": Ending.LOST,
    "unbounded": Ending.LOST,
    "outside": Ending.LOST,
}
STEPS = 200


def widths(surface):
    return tuple(float(high - low) for low, high in surface.box)


def grid(surface, side):
    x, y = (np.linspace(low, high, side) for low, high in surface.box)
    return np.array(np.meshgrid(x, y)).reshape(2, -1)


@pytest.mark.no_cover
@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("place", "word", "hyper", "agree"),
    [
        ("himmelblau", "newton", {}, 1.0),
        ("himmelblau", "adam", {"lr": 0.1}, 1.0),
        ("himmelblau", "lbfgs", {}, 1.0),
        ("six_hump_camel", "sgd", {"lr": 0.01}, 1.0),
        ("three_hump_camel", "newton", {}, 1.0),
        ("double_well", "momentum", {"lr": 0.02}, 1.0),
        ("rosenbrock", "sgd", {"lr": 0.01}, 1.0),  # diverges from almost everywhere
        ("beale", "adam", {"lr": 0.05}, 0.9),  # ends in a flat valley, where one is judged by its last tenth
        ("monkey_saddle", "sgd", {"lr": 0.05}, 1.0),
        ("logistic_regression", "nesterov", {"lr": 0.1}, 0.9),
    ],
)
def test_a_start_becomes_what_the_verdict_of_its_run_says(place, word, hyper, agree):
    """The verdict knows the whole path, the map its end; `agree` is the share of starts where both say the same."""
    surface = SURFACES[place]()
    optimizer, x0 = OPTIMIZERS[word](**hyper), grid(surface, 9)
    kinds = classify_starts(optimizer, surface, x0, STEPS, widths(surface), surface.minima).ending
    truth = []
    for lane in range(x0.shape[1]):
        path = trajectory(optimizer, surface, x0[:, lane], STEPS)
        with np.errstate(all="ignore"):
            verdict = diagnose(
                path, surface, surface.minima, optimizer_name=word, widths=widths(surface), hyper=hyper
            ).verdict
        truth.append(KIND.get(verdict.kind, Ending.STALLED))
    assert np.mean(kinds == truth) >= agree, [(x0[:, i], kinds[i], truth[i]) for i in np.flatnonzero(kinds != truth)]


def test_the_step_is_that_after_which_the_loss_stays_low_and_not_the_first_one():
    surface = SURFACES["bowl"]()
    optimizer, x0 = momentum(lr=0.1, mu=0.95), grid(surface, 5)
    level = np.full(x0.shape[1], 0.01)
    step = run_batch(optimizer, surface, x0, STEPS, level).settled_step
    loss = surface.value(trajectory(optimizer, surface, x0, STEPS).x)
    np.testing.assert_array_equal(find_lasting_step(loss <= level), step)
    for lane, low in enumerate((loss <= 0.01).T):
        above = np.flatnonzero(~low)
        assert step[lane] == (above[-1] + 1 if above.size else 0)
    first = np.argmax(loss <= 0.01, axis=0)
    assert (step > first).any()
    never = run_batch(sgd(lr=1e-6), surface, x0[:, :1], 10, np.zeros(1)).settled_step
    assert never.tolist() == [NEVER]


def test_the_basins_of_gradient_descent_in_a_double_well_are_its_halves():
    """Small steps never cross the ridge at x = 0: each half belongs to the well on its side."""
    surface = SURFACES["double_well"]()
    x0 = grid(surface, 20)  # no start at x = 0
    found = classify_starts(sgd(lr=0.01), surface, x0, 2000, widths(surface), surface.minima)
    assert (found.ending == Ending.MINIMUM).all()
    np.testing.assert_array_equal(np.sign(found.rest_point[0]), np.sign(x0[0]))


def test_minima_that_nobody_named_are_found_where_they_are():
    """The six-hump camel names its two lowest; the other four as in Molga & Smutnicki (2005)."""
    surface = SURFACES["six_hump_camel"]()
    found = classify_starts(OPTIMIZERS["lbfgs"](), surface, grid(surface, 24), STEPS, widths(surface), surface.minima)
    known = np.array(surface.minima).T
    number, minima = label_minima(found, known, widths(surface))
    assert minima.shape == (2, 6)
    np.testing.assert_array_equal(minima[:, :2], known)
    published = {(1.7036, -0.7961), (-1.7036, 0.7961), (1.6071, 0.5687), (-1.6071, -0.5687)}
    assert {tuple(np.round(m, 4)) for m in minima[:, 2:].T} == published
    assert set(number[found.ending == Ending.MINIMUM]) == set(range(6))
    assert (number[found.ending != Ending.MINIMUM] == NO_MINIMUM).all()


def test_tiles_make_no_difference():
    surface = SURFACES["himmelblau"]()
    optimizer, x0 = OPTIMIZERS["newton"](), grid(surface, 8)
    whole = classify_starts(optimizer, surface, x0, 50, widths(surface), surface.minima)
    for name, part in whole._asdict().items():
        pieces = [
            getattr(classify_starts(optimizer, surface, x0[:, at : at + 7], 50, widths(surface), surface.minima), name)
            for at in range(0, 64, 7)
        ]
        np.testing.assert_array_equal(np.concatenate(pieces, axis=-1), part)


def test_of_very_many_minima_the_last_are_one():
    places = np.array((np.arange(MAX_MINIMA + 20.0), np.zeros(MAX_MINIMA + 20)))
    count = places.shape[1]
    found = StartOutcomes(np.full(count, Ending.MINIMUM, np.uint8), places, np.zeros(count, np.int32))
    number, minima = label_minima(found, np.zeros((2, 0)), (1.0, 1.0))
    assert minima.shape == (2, MAX_MINIMA)
    assert number.tolist() == [min(i, MAX_MINIMA) for i in range(count)]


def test_minima_of_several_maps_have_one_numbering_in_which_the_first_keeps_its_own():
    one, other = np.array([[0.0, 1.0, 2.0], [5.0, 5.0, 5.0]]), np.array([[2.001, 7.0, 0.0], [5.0, 5.0, 5.001]])
    numbers, minima = number_jointly([one, other, one[:, :0]], (1.0, 1.0))
    assert [number.tolist() for number in numbers] == [[0, 1, 2], [2, 3, 0], []]
    np.testing.assert_array_equal(minima, [[0, 1, 2, 7], [5, 5, 5, 5]])


def test_a_start_outside_the_domain_is_lost():
    def log(p):
        return np.log(p[0]) ** 2 + p[1] ** 2

    def grad(p):
        return np.array((2 * np.log(p[0]) / p[0], 2 * p[1]))

    def hess(p):
        zero = np.zeros_like(p[0])
        return np.array(((2 * (1 - np.log(p[0])) / p[0] ** 2, zero), (zero, zero + 2)))

    surface = Surface(log, grad, hess, Box((-2, 2), (-2, 2)), (1, 1), ((1.0, 0.0),))
    x0 = np.array(((-1.0, 0.5, 1.5), (1.0, 1.0, -1.0)))
    found = classify_starts(sgd(lr=0.1), surface, x0, 200, (4.0, 4.0), surface.minima)
    assert found.ending.tolist() == [Ending.LOST, Ending.MINIMUM, Ending.MINIMUM]


@pytest.mark.parametrize(("side", "coarsest"), [(8, 2), (256, 32), (4, 4)])
def test_levels_have_every_point_once_and_each_is_twice_as_fine(side, coarsest):
    found = list(refinement_levels(side, side, side // coarsest))
    assert sorted(np.concatenate([lanes for _, lanes in found])) == list(range(side * side))
    aparts = [apart for apart, _ in found]
    assert aparts == [side // coarsest // 2**i for i in range(len(aparts))]
    assert aparts[-1] == 1
    seen = 0
    for apart, lanes in found:
        seen += lanes.size
        assert seen == (side // apart) ** 2


def test_a_point_stands_for_its_square_until_more_is_known():
    values = np.arange(16)
    assert upsample(values, 4, 2).reshape(4, 4).tolist() == [[0, 0, 2, 2], [0, 0, 2, 2], [8, 8, 10, 10], [8, 8, 10, 10]]
    np.testing.assert_array_equal(upsample(values, 4, 1), values)


@pytest.mark.parametrize("word", ["adam", "newton", "momentum"])
def test_machine_code_finds_the_same_fates(word):
    surface, x0 = SURFACES["himmelblau"](), grid(SURFACES["himmelblau"](), 20)
    optimizer = OPTIMIZERS[word](**({} if word == "newton" else {"lr": 0.05 if word == "adam" else 0.01}))
    plan = make_plan(optimizer, surface, 2, x0.shape[1], STEPS)
    assert (plan is None) == (word == "newton")
    found = classify_starts(optimizer, surface, x0, STEPS, widths(surface), surface.minima, plan)
    truth = classify_starts(optimizer, surface, x0, STEPS, widths(surface), surface.minima)
    for name in truth._fields:
        np.testing.assert_array_equal(getattr(found, name), getattr(truth, name), err_msg=name)


def test_minima_are_one_up_to_a_small_part_of_the_view_in_each_direction():
    """The view is a hundred times as wide as it is high."""
    places = np.array(((0.0, 0.5 * MERGE_DISTANCE * 100, 0.0, 2 * MERGE_DISTANCE * 100), (0.0, 0.0, 0.5, 0.0)))
    found = StartOutcomes(np.full(4, Ending.MINIMUM, np.uint8), places, np.zeros(4, np.int32))
    number, minima = label_minima(found, np.zeros((2, 0)), (100.0, 1.0))
    assert number.tolist() == [0, 0, 1, 2]
    np.testing.assert_array_equal(minima, places[:, [0, 2, 3]])
