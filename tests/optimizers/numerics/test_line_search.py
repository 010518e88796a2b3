"""The line search where it can go wrong: rounding, values that are not finite, no minimum, many lanes."""

import numpy as np
import pytest

from optimizers.numerics.evaluation_cache import (
    NEIGHBOUR_ULPS,
    VALUE_ROUNDING,
    Evaluation,
    empty_evaluation,
    evaluate,
    evaluate_where,
    is_slope_rounding,
    value_change,
    values_agree,
)
from optimizers.numerics.line_search import MAX_LINE_TRIALS, backtracking, descend, strong_wolfe
from tests.tools.published_problems import LINES, Line, line_1, line_2, line_3

YES = np.array(True)


def known(f, x, alone=True):
    x = np.array(x, dtype=float)
    lanes = x.shape[1:]
    return Evaluation(f, x, f.value(x), f.grad(x), np.zeros(lanes, bool), alone, np.full(lanes, np.inf))


def parabola(low=1.0, height=0.0, curvature=1.0):
    return Line(lambda a: height + curvature / 2 * (a - low) ** 2, lambda a: curvature * (a - low))


@pytest.mark.parametrize("make", [line_1, line_2, line_3, parabola])
def test_lines_have_their_slopes(make):
    line, h = make(), 1e-6
    a = np.array([0.013, 0.3, 0.77, 0.995, 1.004, 1.3, 1.9])
    centred = (line.value((a + h)[None]) - line.value((a - h)[None])) / (2 * h)
    np.testing.assert_allclose(line.grad(a[None])[0], centred, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("table", LINES)
@pytest.mark.parametrize("alone", [False, True])
def test_lanes_that_search_together_find_what_they_find_alone(table, alone):
    make, mu, eta, _ = LINES[table]
    first = np.array([[1e-3, 1e-1, 1.0], [7.0, 1e1, 1e3]])
    line = make()
    at = known(line, np.zeros((1, 2, 3)), alone)
    together = strong_wolfe(line, at, np.ones((1, 2, 3)), np.ones((2, 3), bool), first, ftol=mu, gtol=eta)
    for lane in np.ndindex(2, 3):
        found = strong_wolfe(line, known(line, [0.0]), np.ones(1), YES, first[lane], ftol=mu, gtol=eta)
        np.testing.assert_allclose(together.x[:, *lane], found.x, rtol=1e-12)
        np.testing.assert_allclose(together.f[lane], line.value(found.x), rtol=1e-12)
        np.testing.assert_allclose(together.g[:, *lane], line.grad(found.x), rtol=1e-9, atol=1e-13)


def test_lanes_that_are_not_wanted_stay_and_are_not_asked():
    line = parabola()
    at = known(line, np.zeros((1, 4)))
    wanted = np.array([True, False, True, False])
    line.evaluations = 0
    sizes = []
    value = line.value
    line.value = lambda p: (sizes.append(p.shape), value(p))[1]
    end = strong_wolfe(line, at, np.ones((1, 4)), wanted)
    assert end.x.tolist() == [[1, 0, 1, 0]]
    assert sizes == [(1, 2)]
    nobody = strong_wolfe(line, at, np.ones((1, 4)), ~wanted & wanted)
    assert nobody is at
    assert len(sizes) == 1


@pytest.mark.parametrize("edge", [0.5, 1e-3, 1e-8])
@pytest.mark.parametrize("beyond", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_backed_away_from(edge, beyond):
    """A wall at `edge`, the first trial far beyond it."""
    line = Line(
        lambda a: np.where(a < edge, -a, beyond),
        lambda a: np.where(a < edge, -1.0, np.nan),
    )
    with np.errstate(invalid="ignore"):
        end = strong_wolfe(line, known(line, [0.0]), np.ones(1), YES, 1.0)
    assert 0 < end.x[0] < edge
    assert end.f == -end.x[0]


def test_the_length_that_was_not_finite_is_never_tried_again():
    tried = []

    class Wall(Line):
        def value(self, p):
            tried.append(float(p[0, 0]) if p.ndim > 1 else float(p[0]))
            return super().value(p)

    line = Wall(lambda a: np.where(a < 2, -a, np.nan), lambda a: np.where(a < 2, -1.0, np.nan))
    strong_wolfe(line, known(line, [0.0]), np.ones(1), YES, 10.0)
    assert tried[:3] == [0.0, 10.0, 1.0]
    assert max(tried[2:]) <= 5.0


def test_a_function_without_a_minimum_is_followed_as_far_as_the_tries_go():
    line = Line(lambda a: -a, lambda a: 0 * a - 1)
    at = known(line, [0.0])
    line.evaluations = 0
    end = strong_wolfe(line, at, np.ones(1), YES)
    assert line.evaluations == MAX_LINE_TRIALS == 20
    assert end.x[0] > 4.0 ** (MAX_LINE_TRIALS - 1)  # four times farther at each try
    assert end.f == -end.x[0]


def test_a_direction_that_only_climbs_ends_where_it_began():
    line = Line(np.abs, lambda a: np.where(a > 0, 1.0, -1.0))  # a kink at the start, the slope says down
    at = known(line, [0.0])
    end = strong_wolfe(line, at, np.ones(1), YES)
    assert end.x[0] == 0
    assert end.f == 0


def test_the_lowest_trial_is_taken_where_no_step_meets_both_conditions():
    """Down to a kink, up behind it: the slope never flattens."""
    line = Line(lambda a: np.abs(a - 0.3) - 0.3, lambda a: np.where(a < 0.3, -1.0, 1.0))
    end = strong_wolfe(line, known(line, [0.0]), np.ones(1), YES, 1.0, gtol=0.1)
    assert end.f < -0.29
    assert end.f == line.value(end.x)
    assert end.g[0] == line.grad(end.x)[0]


@pytest.mark.parametrize("height", [1.0, -1e6, 1e10])
def test_a_minimum_that_rounding_hides_from_f_is_found_by_its_slopes(height):
    """f is `height` + (a - 1)² / 2 · 1e-17 · height: not one digit of it shows that 1 is lower than 0."""
    line = parabola(height=height, curvature=1e-17 * abs(height))
    end = strong_wolfe(line, known(line, [0.0]), np.ones(1), YES, 0.3, gtol=1e-6)
    assert line.value(np.zeros(1)) == line.value(np.ones(1))
    np.testing.assert_allclose(end.x, 1.0, rtol=1e-6)


def test_the_change_of_a_quadratic_is_the_same_by_values_and_by_slopes():
    line = parabola(height=2.0, curvature=3.0)
    small, large = (value_change(line.value(x), line.grad(x), line.value(x + s), line.grad(x + s), s) for x, s in (
        (np.array([0.5]), np.array([1e-14])),
        (np.array([0.5]), np.array([0.2])),
    ))  # fmt: skip
    assert small == pytest.approx(-1.5e-14, rel=1e-9)
    assert large == pytest.approx(3 / 2 * (0.3**2 - 0.5**2), rel=1e-14)


@pytest.mark.parametrize("f", [1.0, -40.0])
def test_values_are_flat_within_one_part_in_ten_to_the_eleven(f):
    assert VALUE_ROUNDING == 1e-11
    assert values_agree(np.array(f), np.array(f * (1 + 0.9e-11)))
    assert not values_agree(np.array(f), np.array(f * (1 + 1.1e-11)))
    assert not values_agree(np.array(0.0), np.array(1e-300))


# Backtracking


@pytest.mark.parametrize("first, expected", [(1.0, 1.0), (3.0, 1.5), (8.0, 1.0), (0.01, 0.01)])
def test_backtracking_halves_until_it_goes_down_enough(first, expected):
    line, x = parabola(), np.zeros(1)
    assert backtracking(line, x, np.ones(1), line.value(x), line.grad(x)[0], first) == expected


def test_backtracking_wants_a_part_of_what_the_slope_promises():
    line, x = parabola(), np.zeros(1)
    value, slope = line.value(x), line.grad(x)[0]
    assert backtracking(line, x, np.ones(1), value, slope, 1.9, ftol=0.01) == 1.9  # falls by 5 % of the promise
    assert backtracking(line, x, np.ones(1), value, slope, 1.9, ftol=0.06) == 0.95


def test_backtracking_stays_where_nothing_is_lower_and_where_the_slope_climbs():
    kink = Line(np.abs, lambda a: 0 * a - 1)
    x = np.zeros((1, 2))
    alpha = backtracking(kink, x, np.ones((1, 2)), kink.value(x), np.array([-1.0, 1.0]))
    assert alpha.tolist() == [0, 0]
    kink.evaluations = 0
    backtracking(kink, x, np.ones((1, 2)), kink.value(x), np.array([1.0, np.nan]))
    assert kink.evaluations == 1  # only the line above


def test_backtracking_does_not_halve_what_rounding_hides():
    line = parabola(height=1.0, curvature=1e-14)
    x = np.zeros(1)
    assert backtracking(line, x, np.ones(1), line.value(x), line.grad(x)[0], 5.0) == 5.0


# Kept evaluations, and when a lane is done


def test_a_question_to_some_lanes_leaves_the_others_unasked_if_they_may_be():
    asked = []

    def square(p):
        asked.append(p.shape)
        return p[0] ** 2

    x = np.array([[1.0, 2.0, 3.0]])
    some = np.array([True, False, True])
    assert evaluate_where(square, x, some, np.full(3, -1.0), lanewise=True).tolist() == [1, -1, 9]
    assert evaluate_where(square, x, some, np.full(3, -1.0), lanewise=False).tolist() == [1, -1, 9]
    assert evaluate_where(square, x, some | True, np.full(3, -1.0), lanewise=True).tolist() == [1, 4, 9]
    nothing = np.full(3, -1.0)
    assert evaluate_where(square, x, some & False, nothing, lanewise=True) is nothing
    assert asked == [(1, 2), (1, 3), (1, 3)]


def test_looking_twice_asks_once_and_another_function_again():
    line, other = parabola(), parabola(low=-1.0)
    x = np.zeros((1, 3))
    seen = evaluate(line, x, empty_evaluation(x))
    assert (line.evaluations, seen.lanewise) == (1, False)
    again = evaluate(line, x, seen)
    assert (line.evaluations, again.lanewise) == (1, True)
    assert evaluate(line, x, again) is again
    moved = x + np.array([0.0, 2.0, 0.0])
    partly = evaluate(line, moved, again._replace(is_done=np.ones(3, bool), expected_decrease=np.zeros(3)))
    assert partly.f.tolist() == [0.5, 0.5, 0.5]
    assert partly.g.tolist() == [[-1, 1, -1]]
    assert partly.is_done.tolist() == [True, False, True]  # the lane that was moved begins again
    assert partly.expected_decrease.tolist() == [0, np.inf, 0]
    fresh = evaluate(other, x, partly._replace(x=x))
    assert fresh.g.tolist() == [[1, 1, 1]]
    assert not fresh.is_done.any()
    assert not fresh.lanewise


def test_a_lane_whose_value_or_gradient_is_not_finite_is_done():
    line = Line(lambda a: np.where(a < 0, np.nan, a), lambda a: np.where(a > 5, np.inf, 1.0))
    x = np.array([[-1.0, 1.0, 9.0]])
    assert evaluate(line, x, empty_evaluation(x)).is_done.tolist() == [True, False, True]


def test_a_search_that_fails_forgets_first_and_gives_up_afterwards():
    kink = Line(np.abs, lambda a: 0 * a - 1)
    at, p = known(kink, np.zeros((1, 2))), np.ones((1, 2))
    end, forget = descend(kink, at, p, np.array([True, False]))
    assert end.is_done.tolist() == [True, False]
    assert forget.tolist() == [False, True]
    assert (end.x == 0).all()
    for nowhere in (-p, 0 * p, p * np.nan):
        kink.evaluations = 0
        end, forget = descend(kink, at, nowhere, np.array([True, False]))
        assert kink.evaluations == 0
        assert end.is_done.tolist() == [True, False]
        assert forget.tolist() == [False, True]


def test_a_lane_goes_on_while_its_slope_is_more_than_rounding():
    """Where f shows nothing and a step hopes for no less than the last, the slope decides; it is exact here."""
    line = parabola(height=1.0, curvature=1e-14)
    at, p, fresh = known(line, [0.0]), np.ones(1), np.array(False)
    hope = 1e-14  # slope times length
    end, forget = descend(line, at, p, fresh)
    assert end.expected_decrease == pytest.approx(hope)
    assert not end.is_done
    for promise in (0.5 * hope, hope, 2 * hope):
        end, forget = descend(line, at._replace(expected_decrease=np.array(promise)), p, fresh)
        assert not end.is_done
        assert end.x[0] == 1
        assert not forget
    visible = parabola(height=1.0)
    end, _ = descend(visible, known(visible, [0.0])._replace(expected_decrease=np.array(1e-14)), p, fresh)
    assert not end.is_done  # it hopes for more than the step before, but for something to be seen
    assert end.x[0] == 1
    assert end.expected_decrease == np.inf


def noisy_slope(error):
    """1 + 1e-14 (x - 1)² / 2, of whose slope every sixteenth of the last bits of x changes the sign of an `error`."""

    def slope(a):
        return 1e-14 * (a - 1) + np.where(np.floor(a * 2.0**53) % (2 * NEIGHBOUR_ULPS) < NEIGHBOUR_ULPS, error, -error)

    return Line(lambda a: 1 + 0.5e-14 * (a - 1) ** 2, slope)


@pytest.mark.parametrize("error, done", [(1e-13, True), (1e-18, False)])
@pytest.mark.parametrize("times, searched", [(0.5, False), (2.0, True)])
def test_a_lane_is_done_when_its_slope_is_rounding_and_unseen_steps_hope_for_no_less(error, done, times, searched):
    line = noisy_slope(error)
    at = known(line, [0.5])
    p = -np.sign(at.g)
    hope = -(at.g * p).sum()
    line.evaluations = 0
    end, _ = descend(line, at._replace(expected_decrease=np.array(times * hope)), p, np.array(False))
    if searched:  # it hopes for less than the last time
        assert line.evaluations > 0
    else:
        assert end.is_done == done


def test_a_kink_is_no_rounding_error():
    """|x| - x / 2 from its kink: the slope across it is another, the one on this side is exact."""
    kink = Line(lambda a: np.abs(a - 1) - a / 2, lambda a: np.where(a >= 1, 0.5, -1.5))
    at = known(kink, [1.0])
    assert not is_slope_rounding(kink, at, -np.ones(1), np.array(True))


def test_a_slope_is_tested_for_rounding_once_a_step():
    """At a kink, asked for the slope of the left: f shows nothing, the slope is exact, and no lower point is found."""
    beside = []

    def slope(a):
        beside.extend(a[np.abs(a - 1) == NEIGHBOUR_ULPS * np.spacing(1.0)].tolist())
        return np.where(a > 1, 1e-14, -1e-14)

    kink = Line(lambda a: 1 + 1e-14 * np.abs(a - 1), slope)
    at, p = known(kink, [[1.0]]), np.ones((1, 1))
    end, forget = descend(kink, at._replace(expected_decrease=np.array([0.5e-14])), p, np.array([False]))
    assert end.x[0, 0] == 1 and forget
    assert sorted(beside) == [1 - NEIGHBOUR_ULPS * np.spacing(1.0), 1 + NEIGHBOUR_ULPS * np.spacing(1.0)]


def test_a_slope_of_nothing_is_rounding_without_a_question():
    line = parabola(height=1.0, low=0.0)
    at = known(line, [0.0])
    line.evaluations = 0
    assert is_slope_rounding(line, at, np.ones(1), np.array(True))
    assert not is_slope_rounding(line, at, np.ones(1), np.array(False))
    assert line.evaluations == 0


@pytest.mark.parametrize("scale", [1e-3, 1e-9, 1e-14])
def test_the_last_resort_finds_a_scale_that_is_off_by_powers_of_ten(scale):
    """A valley of width `scale` and a wall behind it, tried with a first step of 1."""

    def value(a):
        return (a / scale - 1) ** 2 + np.exp(np.minimum(a / scale, 600.0))

    def slope(a):
        return (2 * (a / scale - 1) + np.exp(np.minimum(a / scale, 600.0))) / scale

    wall = Line(value, slope)
    at, p = known(wall, [0.0]), np.ones(1)
    end, _ = descend(wall, at, p, np.array(True))
    assert 0 < end.x[0] < scale
    assert end.f < at.f
    assert not end.is_done


def test_a_lane_that_falls_for_ever_is_done():
    line = Line(lambda a: -a, lambda a: 0 * a - 1)
    for start, p, done in ((0.0, 1.0, False), (1e100, 1e99, True)):
        end, forget = descend(line, known(line, [start]), np.array([p]), np.array(False))
        assert end.is_done == done
        assert end.f < -start
        assert not forget
