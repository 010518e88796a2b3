"""The map of two hyperparameters: every cell is the run with these values, and nothing that is sent breaks it."""

from typing import Any

import numpy as np
import pytest

from app.compute.cached_simulation import build_surface, find_lowest_known_loss, simulate_path
from app.compute.tunable_run_parameters import can_vary_by_lane, list_parameters, with_values
from app.maps.hyperparameter_pair import job as maps_of
from app.maps.hyperparameter_pair import panel as controls
from app.maps.hyperparameter_pair.axis_scale import (
    MAX_AXIS_VALUES,
    choose_ticks,
    find_axis_position,
    make_axis_values,
)
from app.maps.hyperparameter_pair.job import (
    GRID_LABELS,
    GridRequest,
    HyperparameterGrid,
    compute_spectral_radii,
    find_quadratic,
    make_grid_request,
)
from app.maps.map_component import JOB_LABELS, MapPoint
from app.model.scene import Scene, inspect_parameters
from app.scene_text.reader import parse_scene
from app.translation import translate_table
from optimizers.analysis.ending_classification import Ending
from optimizers.analysis.ending_criteria import ARRIVAL_LOSS_FRACTION
from optimizers.analysis.hyperparameter_grid import run_grid
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from tests.support.map_pages import open_maps, read_map_headers, read_texts


def question(now: Scene, x: int = 0, y: int = 1) -> GridRequest:
    run = now.runs[0]
    return make_grid_request(
        now.surface, run, now.start, now.steps, now.noise, now.seed, *(list_parameters(run)[i] for i in (x, y))
    )


def computed(now: Scene, x: int = 0, y: int = 1) -> HyperparameterGrid:
    *_, last = maps_of.compute_grid(question(now, x, y))
    assert last.fraction == 1
    return last.result


# ---- the cells


CELLS = [  # a run, and which two of its numbers: as lanes, in groups, by schedules, by wrappers, one by one
    ("momentum()", "lr", "mu"),
    ("adam(lr=0.1)", "beta1", "beta2"),
    ("rprop()", "shrink", "grow"),
    ("newton(lr=0.5)", "lr", "damping"),
    ("trust_region()", "radius", "accept"),
    ("momentum(lr=cosine(peak=0.02,steps=30))", "lr.peak", "lr.steps"),
    ("nesterov(lr=step_decay(),mu=linear(start=0.5,end=0.9))", "lr.every", "mu.end"),
    ("lookahead(sgd(lr=0.01))", "lr", "lookahead.k"),
    ("lbfgs()", "lr", "memory"),
    ("lbfgs(line_search=False)", "lr", "memory"),
    ("clipped(lbfgs())", "memory", "clipped.norm"),
    ("weight_decayed(newton())", "damping", "weight_decayed.rate"),
    ("ema(nelder_mead())", "size", "ema.decay"),
    ("reduce_on_plateau(adagrad())", "reduce_on_plateau.patience", "lr"),
]


@pytest.mark.parametrize(("run", "x", "y"), CELLS)
def test_every_cell_is_the_run_with_these_values(run: str, x: str, y: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a coarse grid. Powers of arrays and of numbers may differ in the last bit, from which 40 steps make 1e-9."""
    monkeypatch.setattr(
        maps_of, "make_axis_values", lambda knob: make_axis_values(knob)[:: max(1, make_axis_values(knob).size // 7)]
    )
    now = parse_scene(f"surface = himmelblau()\nstart = -0.5,-1\nsteps = 40\nrun = {run}\n")
    known = {".".join(dial.path): i for i, dial in enumerate(list_parameters(now.runs[0]))}
    one, other = (list_parameters(now.runs[0])[known[name]] for name in (x, y))
    found = computed(now, known[x], known[y])
    across, up = maps_of.make_axis_values(one.limits), maps_of.make_axis_values(other.limits)
    f = build_surface(now.surface)
    goal = ARRIVAL_LOSS_FRACTION * float(f.value(np.array(now.start)))
    for cell in range(0, found.loss.size, 5):
        alone = with_values(now.runs[0], (one, other), (across[cell % across.size], up[cell // across.size]))
        with np.errstate(all="ignore"):
            loss = f.value(simulate_path(now, alone))
        if found.kind[cell] != Ending.LOST:
            assert found.loss[cell] == pytest.approx(loss[-1], rel=1e-9, abs=1e-20)
            above = np.flatnonzero(~(loss <= goal))
            assert found.steps_to_goal[cell] == (above[-1] + 1 if above.size else 0)


LANES = (
    [(word, None) for word in OPTIMIZERS]
    + [("sgd", word) for word in WRAPPERS]
    + [("lbfgs", word) for word in WRAPPERS]
)


@pytest.mark.parametrize(("word", "wrapper"), LANES)
def test_what_is_run_as_lanes_may_be(word: str, wrapper: str | None) -> None:
    run = f"{wrapper}({word}())" if wrapper else f"{word}()"
    now = parse_scene(f"surface = himmelblau()\nstart = -0.5,-1\nsteps = 25\nrun = {run}\n")
    f = build_surface(now.surface)
    for dial in list_parameters(now.runs[0]):
        if not can_vary_by_lane(now.runs[0], dial):
            continue
        values = np.append(make_axis_values(dial.limits)[[20, 45]], dial.get_value(now.runs[0]))
        given = {dial: values}
        found = run_grid(
            maps_of.build_varied_optimizer(now.runs[0], given), f, now.start, now.steps, (10.0, 10.0), lanes=3
        )
        for loss, value in zip(found.final_loss, values, strict=True):
            with np.errstate(all="ignore"):
                alone = float(f.value(simulate_path(now, dial.with_value(now.runs[0], value))[:, -1]))
            assert loss == pytest.approx(alone, rel=1e-9, abs=1e-20, nan_ok=True)


def test_it_is_coarse_first_and_the_share_grows() -> None:
    now = parse_scene("surface = booth()\nsteps = 20\nrun = momentum()\n")
    told = list(maps_of.compute_grid(question(now)))
    assert [t.fraction for t in told] == sorted(t.fraction for t in told)
    known = [t.result for t in told if t.result]
    assert list(dict.fromkeys(found.stride for found in known)) == [4, 2, 1]
    assert all(found.loss.size == MAX_AXIS_VALUES**2 for found in known)
    coarse, fine = (
        known[0].loss.reshape(MAX_AXIS_VALUES, MAX_AXIS_VALUES),
        known[-1].loss.reshape(MAX_AXIS_VALUES, MAX_AXIS_VALUES),
    )
    np.testing.assert_array_equal(coarse[::4, ::4], fine[::4, ::4])


def test_where_the_run_stands_is_no_other_question() -> None:
    one, other = (parse_scene(f"surface = booth()\nrun = momentum(lr={lr},mu={lr})\n") for lr in (0.01, 0.5))
    assert question(one) == question(other)
    assert question(one) != question(one, 1, 0)


def test_minibatches_and_noise_are_those_of_the_run() -> None:
    now = parse_scene(
        "surface = logistic_regression(batch_size=10)\nnoise = 0.3\nseed = 4\nsteps = 30\nrun = momentum()\n"
    )
    found, (x, y) = computed(now), (make_axis_values(dial.limits) for dial in list_parameters(now.runs[0]))
    run = with_values(now.runs[0], list_parameters(now.runs[0]), (x[40], y[10]))
    loss = float(build_surface(now.surface).value(simulate_path(now, run)[:, -1]))
    assert found.loss[10 * MAX_AXIS_VALUES + 40] == pytest.approx(loss, rel=1e-9)


# ---- theory


def test_a_rate_is_of_a_bowl_alone() -> None:
    of = {place: find_quadratic(parse_scene(f"surface = {place}\n").surface) for place in (
        "bowl(condition=4)", "ravine()", "booth()", "saddle()", "rosenbrock()", "absolute()", "least_squares_line()",
        "least_squares_line(batch_size=5)",
    )}  # fmt: skip
    assert [place for place, found in of.items() if found] == [
        "bowl(condition=4)", "ravine()", "booth()", "least_squares_line()"
    ]  # fmt: skip
    assert of["bowl(condition=4)"] is not None
    assert of["bowl(condition=4)"].curvatures == pytest.approx((1, 4))
    assert of["booth()"] is not None
    assert of["booth()"].minimum == (1, 3)


def test_theory_is_where_there_is_one() -> None:
    x, y = (
        make_axis_values(list_parameters(parse_scene("surface = bowl()\nrun = momentum()\n").runs[0])[0].limits),
        np.array([0.0, 0.5]),
    )
    for run, known in (("momentum()", True), ("nesterov()", True), ("adam()", False), ("ema(momentum())", False)):
        now = parse_scene(f"surface = bowl()\nrun = {run}\n")
        assert (compute_spectral_radii(question(now), x, y) is not None) == known
    noisy = parse_scene("surface = bowl()\nnoise = 0.1\nrun = momentum()\n")
    assert compute_spectral_radii(question(noisy), x, y) is None


def test_the_map_of_momentum_on_a_bowl_agrees_with_theory() -> None:
    """In 400 steps, of which a quarter falls by a factor of 50 or more."""
    now = parse_scene("surface = bowl()\nsteps = 400\nrun = momentum()\n")
    found, asks = computed(now), question(now)
    expected = compute_spectral_radii(asks, *(make_axis_values(dial.limits) for dial in list_parameters(now.runs[0])))
    assert expected is not None
    plain = (expected < 0.96) & (found.measured_rate > 0)
    assert plain.sum() > 400
    assert np.quantile(np.abs(found.measured_rate - expected)[plain], 0.95) < 0.005
    assert (found.measured_rate[expected > 1.05] > 1).all()


# ---- scales


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_an_axis_is_the_sliders_own_scale(word: str) -> None:
    (run,) = parse_scene(f"surface = bowl()\nrun = {word}()\n").runs
    for dial in list_parameters(run):
        values = make_axis_values(dial.limits)
        assert (np.diff(values) > 0).all()
        assert (values[0], values[-1]) == (dial.limits.low, dial.limits.high)
        assert all(dial.limits.contains(value) for value in values)
        if not dial.limits.stops:
            np.testing.assert_array_equal(values, np.round(values))
        marks = choose_ticks(dial.limits, values)
        assert 2 <= len(marks) <= 8
        assert [mark.position for mark in marks] == sorted({mark.position for mark in marks})
        assert 0 <= find_axis_position(values, dial.get_value(run)) <= values.size - 1


def test_the_lowest_known_loss_is_that_of_the_minima_or_of_the_view() -> None:
    assert find_lowest_known_loss(parse_scene("surface = booth()\n").surface) == 0
    wild = parse_scene("surface = saddle()\n").surface
    assert find_lowest_known_loss(wild) <= float(np.min(build_surface(wild).value(np.array(build_surface(wild).box).T)))


# ---- on the page


ON = {"surface": "bowl()", "steps": "20", "run": ["momentum()", "adam()"]}


def board(**address: Any) -> dict[str, Any]:
    (found,) = read_map_headers(open_maps(**{**ON, **address}))
    return found


def test_the_page_maps_the_first_two_numbers_of_the_first_run() -> None:
    page = open_maps(map="pairs()", **ON)
    (found,) = read_map_headers(page)
    assert (found["across"]["label"], found["up"]["label"], found["shown"]) == ("lr", "μ", "loss")
    assert found["labels"] == translate_table(JOB_LABELS | GRID_LABELS)
    assert (found["columns"], found["rows"], found["cells"]) == (MAX_AXIS_VALUES, MAX_AXIS_VALUES, "4,096")
    assert len(found["across"]["texts"]) == MAX_AXIS_VALUES
    assert page.query_params["map"] == "pairs()"


def test_other_choices_are_in_the_address_and_come_back_from_it() -> None:
    page = open_maps(map="pairs()", **ON)
    page.selectbox(key="pairs-run").select(1).run()
    page.selectbox(key="pairs-x").select(("beta2",)).run()
    page.selectbox(key="pairs-shown").select("rate").run()
    address = page.query_params["map"]
    assert address == "pairs(x=beta2,y=beta1,run=2,show=rate)"
    found = board(map=address)
    assert (found["across"]["label"], found["up"]["label"], found["shown"]) == ("β₂", "β₁", "rate")


def test_the_same_number_twice_swaps_them() -> None:
    page = open_maps(map="pairs()", **ON)
    page.selectbox(key="pairs-x").select(("mu",)).run()
    (found,) = read_map_headers(page)
    assert (found["across"]["label"], found["up"]["label"]) == ("μ", "lr")
    page.selectbox(key="pairs-y").select(("mu",)).run()
    (found,) = read_map_headers(page)
    assert (found["across"]["label"], found["up"]["label"]) == ("lr", "μ")


def test_schedules_and_wrappers_have_their_numbers_too() -> None:
    found = board(map="pairs(x=(lr,peak),y=(clipped,norm))", run="clipped(adam(lr=cosine()))")
    assert (found["across"]["label"], found["up"]["label"]) == ("lr: peak", "Clipped gradient: norm")


def test_a_run_without_two_numbers_says_so() -> None:
    page = open_maps(map="pairs()", surface="bowl()", run=["sgd()", "nelder_mead()"])
    assert not read_map_headers(page)
    assert "fewer than two numbers" in read_texts(page)


def test_the_first_run_that_has_two_numbers_is_mapped_unless_another_is_asked_for() -> None:
    runs = ["sgd()", "momentum()", "lbfgs()"]
    found = board(map="pairs()", surface="bowl()", run=runs)
    assert (found["slot"], found["across"]["label"], found["up"]["label"]) == (1, "lr", "μ")
    found = board(map="pairs(run=3)", surface="bowl()", run=runs)
    assert (found["slot"], found["across"]["label"], found["up"]["label"]) == (2, "lr", "memory")
    now = parse_scene("surface = bowl()\n" + "".join(f"run = {run}\n" for run in runs))
    for run, written in ((None, []), (1, []), (0, ["run=1"]), (2, ["run=3"]), (9, [])):
        assert controls.write_options(now, controls.GridOptions(run=run)) == written


def test_a_rate_is_shown_on_quadratics_only() -> None:
    assert board(map="pairs(show=rate)")["shown"] == "rate"
    assert board(map="pairs(show=rate)", surface="rosenbrock()")["shown"] == "loss"


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ("pairs(x=nothing)", "has no"),
        ("pairs(x=beta1)", "has no"),
        ("pairs(x=(lr,peak))", "has no"),
        ("pairs(x=lr,y=lr)", "two different hyperparameters"),
        ("pairs(x=3)", "A hyperparameter is a name"),
        ("pairs(x=(lr,peak,more))", "A hyperparameter is a name"),
        ("pairs(x=(1,2))", "A hyperparameter is a name"),
        ("pairs(run=0)", "by its number"),
        ("pairs(run=9)", "There is no run 9 in this race"),
        ("pairs(run=True)", "by its number"),
        ("pairs(show=everything)", "A map shows one of"),
        ("pairs(z=1)", "has no"),
    ],
)
def test_what_of_an_address_cannot_be_read_is_said(damaged: str, why: str) -> None:
    page = open_maps(map=damaged, **ON)
    assert why in read_texts(page)
    assert page.session_state["map_kind"] == "pairs"
    assert "pairs()" in read_texts(page)


def test_a_cell_is_the_run_with_its_two_values() -> None:
    now = parse_scene("surface = bowl()\nrun = look(adam(),colour=4)\n")
    one, other = list_parameters(now.runs[0])[:2]
    what = controls.GridView(now.runs[0], one, other, question(now))
    run = what.run_at_cell(40, 0)
    assert run is not None
    assert (run.optimizer["lr"], run.optimizer["beta1"], run.slot) == (make_axis_values(one.limits)[40], 0, 3)
    assert what.run_at_cell(-1, 0) is what.run_at_cell(0, MAX_AXIS_VALUES) is None


@pytest.mark.parametrize("sent", [MapPoint(1e5, 0, 1), MapPoint(-3, 2, 1), MapPoint(0.4, 1e6, 1)])
def test_a_cell_that_there_is_not_is_nothing(sent: MapPoint, monkeypatch: pytest.MonkeyPatch) -> None:
    now = parse_scene("surface = bowl()\nrun = momentum()\n")
    monkeypatch.setattr(controls, "get_scene", lambda: now)
    monkeypatch.setattr(controls, "go_to_race", lambda new: pytest.fail("raced"))
    controls.race_cell(sent)


def test_a_cell_that_is_picked_is_raced(monkeypatch: pytest.MonkeyPatch) -> None:
    now, raced = parse_scene("surface = bowl()\nrun = look(momentum(),on=False)\n"), []
    monkeypatch.setattr(controls, "get_scene", lambda: now)
    monkeypatch.setattr(controls, "go_to_race", raced.append)
    controls.race_cell(MapPoint(3, 5, 1))
    (new,) = raced
    lr, mu = (make_axis_values(dial.limits) for dial in list_parameters(now.runs[0]))
    assert (new.runs[0].optimizer["lr"], new.runs[0].optimizer["mu"], new.runs[0].is_on) == (lr[3], mu[5], True)


def test_whole_numbers_stay_whole() -> None:
    run = parse_scene("surface = bowl()\nrun = lookahead(lbfgs())\n").runs[0]
    assert inspect_parameters(OPTIMIZERS["lbfgs"])["memory"].default == run.optimizer["memory"]
    parameters = {one.path: one for one in list_parameters(run)}
    assert type(parameters["memory",].with_value(run, 7.0).optimizer["memory"]) is int
    assert type(parameters["lookahead", "k"].with_value(run, 7.0).wrapper["k"]) is int  # type: ignore[index]
