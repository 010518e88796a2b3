"""The sweep over learning rates without a browser: what it asks and finds, what its address says, what is clicked."""

from typing import Any

import numpy as np
import pytest

from app.compute.cached_simulation import build_surface
from app.compute.cached_simulation import simulate_run as ran
from app.compute.tunable_run_parameters import get_lr
from app.maps.learning_rates import panel as controls
from app.maps.learning_rates import stability_limits_and_table as words
from app.maps.learning_rates.job import (
    RATE_COUNT,
    SWEEP_LABELS,
    RateSweep,
    SweepRequest,
    compute_sweep,
    get_sweep_job,
    make_rate_grid,
    with_lr,
    without_lr,
)
from app.maps.learning_rates.panel import decode_bounds, decode_pick
from app.maps.learning_rates.stability_limits_and_table import make_theory_lines
from app.model.hyperparameter_table import LR_RANGE
from app.model.scene import Run, Scene
from app.scene_text.reader import parse_scene
from optimizers.analysis.learning_rate_sweep import Stability
from optimizers.analysis.quadratic_theory import fastest_gradient_descent, fastest_heavy_ball
from optimizers.batch_run_outcomes import NEVER
from tests.support.binary_messages import decode_binary_message
from tests.support.finished_jobs import wait_for_job
from tests.support.map_pages import NONSENSE, open_maps, read_map_headers, read_texts

FEW = {"surface": "bowl()", "steps": "30", "run": ["sgd(lr=0.01)", "momentum(lr=0.02,mu=0.5)", "bfgs()"]}


def asked(now: Scene, window: tuple[float, float] = (1e-4, 10.0), tolerance: float = 1e-2) -> SweepRequest:
    racers = tuple(Run(0, without_lr(run.optimizer), run.wrapper) for run in now.runs)
    return SweepRequest(now.surface, racers, now.start, now.steps, now.noise, now.seed, window, tolerance)


def answer(question: SweepRequest) -> RateSweep:
    return list(compute_sweep(question))[-1].result


@pytest.mark.parametrize(
    "racer",
    [
        "sgd()",
        "adam(beta1=0.5)",
        "momentum(lr=linear(start=0.01, end=0.002, steps=20), mu=linear(start=0.5, end=0.9))",
        "sgd(lr=triangular(low=0.001, peak=0.02, steps=7))",
        "sgd(lr=warmup(then=0.1, steps=5))",
        "nesterov(lr=one_cycle(peak=0.5))",
        "rmsprop(lr=inverse_sqrt())",
        "lookahead(sgd(lr=cosine(peak=0.3, floor=0.01)))",
        "polyak(adagrad())",
        "newton(line_search=True)",
    ],
)
def test_each_rate_ends_as_the_race_does_that_a_click_starts(racer: str) -> None:
    now = parse_scene(f"surface = himmelblau()\nsteps = 40\nnoise = 0.2\nrun = {racer}\n")
    found = answer(asked(now))
    (run,) = now.runs
    for i in range(3, RATE_COUNT, 28):
        optimizer = with_lr(run.optimizer, float(found.rates[i]))
        assert get_lr(optimizer) == found.rates[i]
        loss = ran(now, run._replace(optimizer=optimizer)).columns["loss"]
        assert found.outcomes[0].runs.final_loss[i] == loss[-1]
        assert found.outcomes[0].runs.best_loss[i] == np.fmin.reduce(loss)


def test_few_rates_come_first_and_stay_as_they_are() -> None:
    now = parse_scene("surface = ravine()\nsteps = 50\nrun = sgd()\nrun = nesterov()\n")
    progress = list(compute_sweep(asked(now)))
    coarse, fine = (step.result for step in (next(p for p in progress if p.result), progress[-1]))
    assert (coarse.rates.size, fine.rates.size) == (25, RATE_COUNT)
    assert [p.fraction for p in progress] == sorted(p.fraction for p in progress)
    assert progress[-1].fraction == 1
    where = np.searchsorted(fine.rates, coarse.rates)
    for early, late in zip(coarse.outcomes, fine.outcomes, strict=True):
        for some, all_ in zip((*early.runs, early.stability), (*late.runs, late.stability), strict=True):
            np.testing.assert_array_equal(some, all_[..., where])
    assert wait_for_job(get_sweep_job(asked(now))).result.best_index == fine.best_index


def test_another_rate_of_a_run_asks_nothing_new() -> None:
    one, other = (parse_scene(f"surface = bowl()\nrun = adam(lr={lr})\n") for lr in (0.1, 0.2))
    assert asked(one) == asked(other)
    assert get_sweep_job(asked(one)) is get_sweep_job(asked(other))


@pytest.mark.parametrize("window", [(1e-6, 10.0), (0.1, 0.102), (3e-4, 5e-3)])
def test_rates_are_short_numbers_even_on_a_log_axis_and_all_different(window: tuple[float, float]) -> None:
    grid = make_rate_grid(window)
    assert grid.size == RATE_COUNT
    assert (np.diff(grid) > 0).all()
    np.testing.assert_allclose(grid, np.geomspace(*window, RATE_COUNT), rtol=1e-3)
    assert all(len(f"{rate:.12g}".replace(".", "").lstrip("0")) <= 8 for rate in grid)
    assert LR_RANGE.contains(grid.min()) and LR_RANGE.contains(grid.max())


def test_the_tolerance_is_a_share_of_the_way_down() -> None:
    now = parse_scene("surface = bowl()\nsteps = 100\nrun = sgd()\n")
    problem, begun = build_surface(now.surface), float(build_surface(now.surface).value(np.array(now.start)))
    for tolerance in (1e-2, 1e-4):
        found = answer(asked(now, tolerance=tolerance))
        i = 120
        loss = ran(now, now.runs[0]._replace(optimizer=with_lr(now.runs[0].optimizer, float(found.rates[i])))).columns[
            "loss"
        ]
        assert found.outcomes[0].runs.reached_step[i] == np.argmax(loss <= tolerance * begun)
    assert problem.minima


def test_where_no_minimum_is_published_the_one_that_the_runs_find_is_the_lowest_known() -> None:
    now = parse_scene('surface = formula("(x-1)**2 + 4*y**2 + 3")\nsteps = 200\nrun = sgd()\n')
    assert not build_surface(now.surface).minima
    found = answer(asked(now))
    assert found.lowest_loss == pytest.approx(3)
    assert found.is_quadratic
    (minimum,) = found.minima
    assert minimum is not None
    assert (minimum.m, minimum.L) == pytest.approx((2, 8))


def test_where_there_is_none_nothing_is_known() -> None:
    found = answer(asked(parse_scene("surface = monkey_saddle()\nsteps = 40\nrun = sgd()\n")))
    assert (found.lowest_loss, found.minima, found.is_quadratic) == (None, (None,), False)
    assert (found.outcomes[0].runs.reached_step == NEVER).all()


def test_theorys_lines_stand_where_the_zones_change() -> None:
    now = parse_scene(
        "surface = ravine()\nsteps = 400\nrun = sgd()\nrun = momentum(mu=0.8)\nrun = polyak(nesterov())\n"
    )
    now = now.replace_run(now.runs[0])
    found = answer(asked(now, (1e-3, 1.0)))
    drawn = make_theory_lines(now.runs, found)
    assert [line["what"] for line in drawn] == ["limit", "best"] * 3
    assert [line["run"] for line in drawn] == [0, 0, 1, 1, 2, 2]
    for line in drawn[::2]:
        zone = found.outcomes[line["run"]].stability
        first = int(np.searchsorted(found.rates, line["at"]))
        assert (zone[first + 1 :] == Stability.DIVERGED).all()
        if line["run"] != 2:  # an average may have come down where its run goes away
            assert (zone[:first] == Stability.STABLE).all()


def test_theory_is_that_of_the_minimum_where_most_rates_of_a_run_end() -> None:
    """Newton's single lowest end lies 60 away; theory for it would forbid rates that are stable."""
    own = "(x**2 + y - 11)**2 + abs(x)*sin(2*x)"
    now = parse_scene(
        f'surface = formula("{own}",x=(-5,5),y=(-5,5))\nstart = 4.15,0.44\nsteps = 200\n'
        "run = momentum()\nrun = newton()\nrun = nesterov()\n"
    )
    found = answer(asked(now, (1e-6, 10.0)))
    momentum, _, nesterov = found.minima
    assert momentum is not None
    assert momentum.point == pytest.approx((2.46, 4.97), abs=0.01)
    assert momentum == nesterov, "one minimum, found from different ends, is one"
    limit = make_theory_lines(now.runs, found)[0]["at"]
    first_unstable = found.rates[np.argmax(found.outcomes[0].stability != Stability.STABLE)]
    assert limit > first_unstable, "theory for small steps allows more than the steep way from this start"
    assert found.lowest_loss is not None and found.lowest_loss < -5, (
        "Newton's is still the lowest known; this one is -2.4"
    )


def test_runs_that_differ_in_their_rate_only_are_one_curve_and_a_click_races_the_nearest_of_them() -> None:
    page = open_maps(
        map="rates()", surface="bowl()", steps="30", run=[f"sgd(lr={lr})" for lr in (0.002, 0.02, 0.3)] + ["adam()"]
    )
    (board,) = read_map_headers(page)
    assert [(run["title"], [mark["slot"] for mark in run["present"]]) for run in board["runs"]] == [
        ("SGD", [0, 1, 2]),
        ("Adam", [3]),
    ]
    now, raced = page.session_state["session"].scene, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controls, "go_to_race", raced.append)
        patch.setattr(controls, "get_options", lambda kind: controls.SweepOptions())
        controls.race_at_lr(now, 0, 0.09)
    (new,) = raced
    assert [run.optimizer["lr"] for run in new.runs[:2]] == [0.002, 0.02]
    assert new.runs[2].optimizer["lr"] == pytest.approx(0.09, rel=0.05)


def test_theory_says_nothing_of_runs_that_it_does_not_know() -> None:
    now = parse_scene(
        "surface = bowl()\nrun = adam()\nrun = clipped(sgd())\nrun = sgd(lr=linear())\nrun = momentum(mu=linear())\n"
    )
    assert make_theory_lines(now.runs, answer(asked(now))) == []


# ---- the page


def test_the_page_sweeps_the_runs_that_have_a_rate_and_names_the_others() -> None:
    page = open_maps(map="rates()", **FEW)
    (board,) = read_map_headers(page)
    assert [(run["title"], run["present"]) for run in board["runs"]] == [
        ("SGD", [{"slot": 0, "lr": 0.01}]),
        ("Momentum · μ 0.5", [{"slot": 1, "lr": 0.02}]),
    ]
    assert board["window"] == board["whole"] == [1e-6, 10]
    assert board["labels"].items() >= SWEEP_LABELS.items()
    assert "no learning rate: BFGS" in " ".join(element.value for element in page.caption)
    assert page.query_params["map"] == "rates()"


def test_what_is_found_comes_with_theory_in_words() -> None:
    page = open_maps(map="rates()", **FEW)
    for _ in range(50):
        (message,) = (m.proto for m in page.get("bidi_component") if m.proto.component_name == "descent_map")
        header, arrays = decode_binary_message(message.bytes)
        if header["state"] == "done":
            break
        page.run()
    assert header["state"] == "done"
    assert arrays["final"].size == arrays["zone"].size == 2 * arrays["rates"].size == 2 * RATE_COUNT
    assert {line["label"] for line in header["lines"]} >= {"2/λ", "2(1+μ)/λ"}
    assert "Theory of this quadratic" in read_texts(page)
    assert "lr = 2/λ = 0.2" in read_texts(page)
    page.button(key="map-fastest-1").click().run()
    assert [run.optimizer.name for run in page.session_state["session"].scene.runs] == ["sgd", "momentum", "bfgs"]
    assert page.session_state["session"].scene.runs[1].optimizer["mu"] != 0.5


def test_the_fastest_settings_can_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    now, raced = parse_scene("surface = bowl()\nrun = momentum()\nrun = adam()\nrun = sgd()\n"), []
    monkeypatch.setattr(words, "get_scene", lambda: now)
    monkeypatch.setattr(words, "go_to_race", raced.append)
    words.race_fastest(0, fastest_heavy_ball(1, 10))
    words.race_fastest(1, fastest_heavy_ball(1, 10))  # theory does not know it
    words.race_fastest(7, fastest_heavy_ball(1, 10))  # there is none
    words.race_fastest(2, fastest_gradient_descent(1e-9, 1e-8))  # beyond the slider
    fast, slow = (new.runs[place].optimizer for new, place in zip(raced, (0, 2), strict=True))
    assert fast["lr"] == pytest.approx(4 / (np.sqrt(10) + 1) ** 2, rel=1e-5)
    assert fast["mu"] == pytest.approx(((np.sqrt(10) - 1) / (np.sqrt(10) + 1)) ** 2, rel=1e-5)
    assert slow["lr"] == LR_RANGE.high


def test_a_click_races_the_run_at_the_rate_that_was_computed() -> None:
    now = parse_scene("surface = bowl()\nrun = sgd()\nrun = momentum(mu=0.5)\nrun = bfgs()\n")
    grid = make_rate_grid((1e-3, 1.0))
    raced: list[Scene] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(controls, "go_to_race", raced.append)
        patch.setattr(controls, "get_options", lambda kind: controls.SweepOptions((1e-3, 1.0)))
        controls.race_at_lr(now, 1, 0.0321)
        controls.race_at_lr(now, 2, 0.0321)  # it has no rate
        controls.race_at_lr(now, 9, 0.0321)  # there is none
    (new,) = raced
    rate = new.runs[1].optimizer["lr"]
    assert rate in grid and abs(np.log(rate / 0.0321)) <= np.log(grid[1] / grid[0]) / 2
    assert new == now.replace_run(now.runs[1]._replace(optimizer=now.runs[1].optimizer.with_argument("lr", rate)))


def test_without_a_rate_in_the_race_the_page_says_what_to_do() -> None:
    page = open_maps(map="rates()", surface="booth()", run=["bfgs()", "off(sgd())"])
    assert not read_map_headers(page)
    assert "has a learning rate" in read_texts(page)


def test_bounds_and_tolerance_are_in_the_address() -> None:
    page = open_maps(map="rates(low=0.001,high=1,tolerance=0.01)", **FEW)
    (board,) = read_map_headers(page)
    assert board["window"] == [0.001, 1]
    assert page.query_params["map"] == "rates(low=0.001,high=1,tolerance=0.01)"
    page.selectbox(key="map-tolerance").select(1e-6).run()
    assert page.query_params["map"] == "rates(low=0.001,high=1,tolerance=1e-06)"


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ("rates(low=1,high=0.1)", "the lower one first"),
        ("rates(low=1,high=1.001)", "the lower one first"),
        ("rates(low=0)", "learning rates from"),
        ("rates(high=11)", "learning rates from"),
        ("rates(high=True)", "learning rates from"),
        ("rates(low='x')", "not allowed here"),
        ("rates(low=(1,2))", "This must be a number"),
        ("rates(tolerance=0.5)", "The tolerance is one of"),
        ("rates(tolerance=True)", "The tolerance is one of"),
        ("rates(mu=1)", "has no"),
    ],
)
def test_what_of_an_address_cannot_be_read_is_said(damaged: str, why: str) -> None:
    page = open_maps(map=damaged, surface="booth()", steps="5", run="newton()")
    assert why in read_texts(page)


@pytest.mark.parametrize("sent", [*NONSENSE, {"slot": 1, "lr": NONSENSE, "n": 1}, {"slot": 1.0, "lr": 1, "n": 1}])
def test_a_pick_is_a_run_and_a_rate(sent: Any) -> None:
    assert decode_pick(sent) is None
    assert decode_bounds(sent) is None
    assert decode_pick({"slot": 3, "lr": 1, "n": 1}) == (3, 1.0)


def test_rates_that_no_run_may_have_are_left_out_and_too_few_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Any] = []
    monkeypatch.setattr(controls, "get_options", lambda kind: controls.SweepOptions())
    monkeypatch.setattr(controls, "set_options", lambda kind, choice: looked.append(choice.window))
    for window in ((1e-9, 2.0), (0.5, 1e6), (0.1, 0.1001), (20.0, 30.0), (-5.0, -1.0)):
        controls.zoom_to(window)
    assert looked == [(1e-6, 2.0), (0.5, 10.0)]
