"""The fair race without a browser: what is tuned, that budget and seed are obeyed, and what the page says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.compute import cached_simulation
from app.compute.background_jobs import Progress
from app.compute.tunable_run_parameters import (
    SEARCH_RANGES,
    can_batch_trials,
    get_lr,
    list_tuned_parameters,
    with_defaults,
    with_shared_lr,
    with_values,
)
from app.maps.fair_race import job
from app.maps.fair_race.job import (
    BUDGETS,
    FAIR_LABELS,
    RANKING_STARTS,
    TUNING_STARTS,
    FairRequest,
    FairResult,
    TuningResult,
    compute_fair_race,
)
from app.maps.fair_race.panel import FairOptions, find_median_lr, list_distinct_runs, make_map_data
from app.model.hyperparameter_table import HYPERPARAMETERS
from app.model.presets import PRESETS
from app.model.scene import Run, inspect_parameters, optimizer_call, schedule_call, surface_call, wrapper_call
from app.scene_text.reader import parse_scene
from app.translation import translate_table
from optimizers.analysis.random_search import DONE_FRACTION
from optimizers.analysis.random_start_ranking import goal_losses, random_starts
from optimizers.batch_run_outcomes import NEVER
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from tests.support.app_pages import get_scene
from tests.support.map_pages import open_maps, read_map_headers, read_texts
from tests.support.sampling import sample

EASY = surface_call("ravine", condition=5)
UNTUNED = {"eps", "tolerance", "smallest", "largest", "max_radius", "patience", "threshold", "floor", "rate"}


def asked(*racing: Run, place: Any = EASY, steps: int = 40, budget: int = 2000, seed: int = 0) -> FairRequest:
    return FairRequest(place, racing, steps, 0.0, 0, seed, budget)


def answered(question: FairRequest) -> FairResult:
    *_, last = compute_fair_race(question)
    assert last.fraction == pytest.approx(1)
    return last.result


def plain(word: str, around: str | None = None) -> Run:
    return Run(0, optimizer_call(word), wrapper_call(around) if around else None)


def test_every_number_of_an_optimizer_or_wrapper_is_tuned_or_known_not_to_be() -> None:
    for maker in (*OPTIMIZERS.values(), *WRAPPERS.values()):
        for name, parameter in inspect_parameters(maker).items():
            if not isinstance(parameter.default, bool):
                assert (name in SEARCH_RANGES) != (name in UNTUNED), name
    for name, limits in SEARCH_RANGES.items():
        assert HYPERPARAMETERS[name].range.contains(limits.low)
        assert HYPERPARAMETERS[name].range.contains(limits.high)


def test_what_is_found_is_the_same_to_the_bit_for_a_seed_and_another_for_another() -> None:
    question = asked(plain("momentum"), plain("lbfgs"), plain("adam", "lookahead"))
    one, again = answered(question), answered(question)
    assert one.tuned == again.tuned
    np.testing.assert_array_equal(one.step, again.step)
    np.testing.assert_array_equal(one.evaluations, again.evaluations)
    other = answered(question._replace(seed=1))
    assert other.tuned != one.tuned
    assert (other.step != one.step).any()  # the starts are others too


@pytest.mark.parametrize("word", sample(OPTIMIZERS))
def test_the_budget_is_kept_by_every_optimizer_but_for_its_last_trial(word: str) -> None:
    question = asked(with_defaults(plain(word)), budget=1500)
    found = answered(question)
    (one,) = found.tuned
    field = job.Benchmark(
        cached_simulation.build_surface(EASY), question.steps, cached_simulation.find_lowest_known_loss(EASY)
    )
    search = job.RandomSearch(
        question.runs[0], field, random_starts(field.problem, field.problem.box, TUNING_STARTS, (0, 1)), 0
    )
    if not search.parameters:
        assert (one.trial_count, one.spent_evaluations) == (0, 0)
        return
    cost = []
    for values in search.trial_values[
        : one.trial_count
    ]:  # each trial once more, its runs one after the other, as the race does
        racer = with_values(question.runs[0], search.parameters, values)
        cost.append(sum(alone(question, racer, *start)[1] for start in search.starts.T))
    assert sum(cost) == one.spent_evaluations
    assert sum(cost[:-1]) < question.budget
    assert one.spent_evaluations >= question.budget or one.trial_count == len(search.trial_values)


def alone(question: FairRequest, racer: Run, x: float, y: float) -> tuple[Any, int, Any]:
    """The race's own numbers of a run: its losses, the evaluations until it is over, and those up to each step."""
    ran = cached_simulation.simulate_cached(
        cached_simulation.RunKey(
            question.surface, racer.optimizer, racer.wrapper, (float(x), float(y)), question.steps, 0.0, 0
        )
    )
    loss, spent = ran.columns["loss"], ran.columns["evaluations"]
    over = np.flatnonzero(
        loss <= goal_losses(loss[0], cached_simulation.find_lowest_known_loss(question.surface), DONE_FRACTION)
    )
    return loss, int(spent[over[0] if over.size else min(ran.last_step + 1, question.steps)]), spent


@pytest.mark.parametrize("word", ["sgd", "adam", "lbfgs", "newton", "nelder_mead", "scipy_lbfgsb"])
def test_the_ranking_is_that_of_single_runs(word: str) -> None:
    question = asked(with_defaults(plain(word)), place=surface_call("himmelblau"), budget=1000)
    found = answered(question)
    truth = cached_simulation.build_surface(question.surface)
    starts = random_starts(truth, truth.box, RANKING_STARTS, (0, 2))
    assert found.step is not None
    assert found.evaluations is not None
    assert found.step.shape == (1, RANKING_STARTS)
    for i in (0, 19, 20, 57, 99):
        loss, _, spent = alone(question, found.tuned[0].run, *starts[:, i])
        arrived = np.flatnonzero(loss <= goal_losses(loss[0], 0.0))
        assert found.step[0, i] == (arrived[0] if arrived.size else NEVER)
        assert found.evaluations[0, i] == (spent[arrived[0]] if arrived.size else NEVER)


def test_where_every_trial_diverges_that_is_said_and_the_default_races() -> None:
    (one,) = answered(asked(with_defaults(plain("sgd")), place=surface_call("brown_badly_scaled"))).tuned
    assert one.all_diverged
    assert one.run == plain("sgd")
    assert one.at_range_end == ()


def test_all_are_known_soon_and_refined() -> None:
    found = [progress for progress in compute_fair_race(asked(plain("sgd"), plain("adam"))) if progress.result]
    counts = [progress.result.tuned[0].trial_count for progress in found]
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[-1], "the first picture needs no trial: it has the runs at their defaults"
    assert found[0].result.tuned[0].run == plain("sgd")
    shares = [progress.fraction for progress in compute_fair_race(asked(plain("sgd"), plain("bfgs")))]
    assert shares == sorted(shares)
    sizes = [progress.result.step.shape[1] for progress in found if progress.result.step is not None]
    assert sorted(set(sizes)) == [job.FIRST_RANKING_STARTS, RANKING_STARTS]


def test_parts_of_a_slow_round_are_shown_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def count_pictures() -> list[list[int]]:
        found = [p.result for p in compute_fair_race(asked(plain("bfgs"), plain("newton"))) if p.result]
        results = list({id(result): result for result in found if result.step is None}.values())
        return [[one.trial_count for one in result.tuned] for result in results]

    monkeypatch.setattr(job, "PARTIAL_PICTURE_SECONDS", np.inf)
    rounds = count_pictures()
    monkeypatch.setattr(job, "PARTIAL_PICTURE_SECONDS", -1.0)
    pictures = count_pictures()
    assert len(pictures) > len(rounds) == len(job.BUDGET_FRACTIONS)
    assert min(pictures[1]) == 0 < max(pictures[1]), "one run is tuned before the other has had a trial"
    assert pictures[-1] == rounds[-1]


def test_what_is_new_is_told_at_once_and_the_rest_seldom() -> None:
    one, two = object(), object()
    found = [None, None, one, one, one, two]
    told = list(job.throttle(Progress(i / 6, what) for i, what in enumerate(found)))
    assert [progress.result for progress in told if progress.result is not None] == [one, two]
    assert len(told) <= 3


def test_trials_are_lanes_only_where_all_that_is_tuned_may_differ_between_lanes() -> None:
    def together(racer: Run) -> bool:
        return can_batch_trials(racer, list_tuned_parameters(racer))

    assert all(together(plain(word)) for word in ("sgd", "adamw", "rprop", "adadelta"))
    assert together(plain("adam", "clipped"))
    assert not any(together(plain(word)) for word in ("newton", "lbfgs", "bfgs", "nelder_mead"))
    assert not together(plain("adam", "lookahead"))  # k is one number
    assert not together(Run(0, optimizer_call("sgd", lr=schedule_call("cosine")), None))


def test_of_a_schedule_the_height_is_tuned() -> None:
    racer = Run(
        0, optimizer_call("momentum", lr=schedule_call("cosine", peak=0.2, steps=50), mu=schedule_call("linear")), None
    )
    assert [(one.path, one.hyperparameter) for one in list_tuned_parameters(racer)] == [(("lr", "peak"), "lr")]
    assert get_lr(racer.optimizer) == 0.2
    assert with_shared_lr(racer, 0.03).optimizer["lr"] == schedule_call("cosine", peak=0.03, steps=50)
    assert answered(asked(with_defaults(racer))).tuned[0].trial_count > 1


def test_at_one_rate_everything_else_is_at_its_default_and_newton_keeps_its_own() -> None:
    assert with_shared_lr(Run(0, optimizer_call("adam", lr=3.0, beta1=0.5, bias_correction=False), None), 0.01) == Run(
        0, optimizer_call("adam", lr=0.01, bias_correction=False), None
    )
    assert with_shared_lr(plain("newton"), 0.01) == plain("newton")
    assert find_median_lr([Run(0, optimizer_call("sgd", lr=0.01)), Run(1, optimizer_call("adam", lr=1.0))]) == 0.1
    assert find_median_lr([Run(0, optimizer_call("newton")), Run(1, optimizer_call("lbfgs"))]) is None


def test_runs_that_differ_in_what_is_tuned_are_one_and_those_that_are_off_are_none() -> None:
    assert len(list_distinct_runs(PRESETS["Too long a step"])) == 1
    assert len(list_distinct_runs(PRESETS["Adam without bias correction"])) == 2
    first = PRESETS["The Adam family"]
    off = replace(first, runs=(first.runs[0]._replace(is_on=False), *first.runs[1:]))
    assert [run.slot for run in list_distinct_runs(off)] == [1, 2, 3, 4]


# ---- the page


def finished(page: AppTest) -> dict[str, Any]:
    for _ in range(300):
        (board,) = read_map_headers(page)
        if board["state"] == "done":
            return board
        page.session_state["fair-race"] = {"asked": {"job_id": board["job_id"], "seen": board["number"]}}
        page.run()
    raise AssertionError("never done")


def test_the_browser_is_sent_minus_one_for_a_start_that_never_arrives() -> None:
    """A number beyond all others would stretch the axis of the ranking."""
    scene = parse_scene("surface = ravine()\nsteps = 5\nrun = sgd()\nrun = newton()\n")
    costs = np.array([[3, NEVER], [1, 2]])
    result = FairResult(tuple(TuningResult(run, 1, 5) for run in scene.runs), costs, costs)
    header, arrays = make_map_data(scene, scene.runs, scene.runs, [], None, result)
    assert arrays["steps"].tolist() == [3, -1, 1, 2]
    assert header["runs"][0]["steps"]["arrived"] == 1 and header["arrival"] == "99.99"


def test_the_page_says_who_was_tuned_to_what_and_how() -> None:
    page = open_maps(
        map="fair(budget=5000)", surface="ravine()", steps="30", run=["sgd()", "newton()", "scipy_lbfgsb()"]
    )
    board = finished(page)
    assert [row["name"] for row in board["runs"]] == ["SGD", "Newton", "SciPy L-BFGS-B"]
    assert board["runs"][2]["tuned"] == ""
    assert board["starts"] == RANKING_STARTS
    assert {row[unit]["arrived"] <= RANKING_STARTS for row in board["runs"] for unit in ("steps", "evaluations")} == {
        True
    }
    assert sum(row["steps"]["rank"][0] for row in board["runs"]) == pytest.approx(6)  # 1 + 2 + 3
    assert board["labels"].items() >= translate_table(FAIR_LABELS).items()
    words = read_texts(page)
    assert "5,000 evaluations" in words
    assert "| Newton | lr | 0.1 | 10 | log scale |" in words
    assert "nothing to tune" in words
    assert page.query_params["map"] == "fair(budget=5000)"


def test_the_tuned_runs_race_and_so_do_those_at_one_rate() -> None:
    address: dict[str, Any] = {"surface": "ravine()", "steps": "30", "run": ["sgd()", "adam(lr=0.3)", "bfgs()"]}
    page = open_maps(map="fair(budget=5000,lr=0.02)", **address)
    board = finished(page)
    page.button(key="fair-race-shared").click().run()
    assert not page.exception
    assert [dict(run.optimizer.arguments).get("lr") for run in get_scene(page).runs] == [0.02, 0.02, None]
    page = open_maps(map="fair(budget=5000)", **address)
    assert finished(page)["runs"] == board["runs"]
    page.button(key="fair-race-tuned").click().run()
    racing = get_scene(page).runs
    assert board["runs"][0]["tuned"] == f"lr {racing[0].optimizer['lr']:.4g}"
    assert [run.slot for run in racing] == [0, 1, 2]


def test_what_is_chosen_is_in_the_address() -> None:
    page = open_maps(map="fair()", surface="ravine()", steps="5", run="sgd()")
    page.selectbox(key="fair-budget").select(BUDGETS[0]).run()
    page.number_input(key="fair-seed").set_value(7).run()
    page.selectbox(key="fair-rate").select(0.05).run()
    assert page.query_params["map"] == "fair(seed=7,budget=5000,lr=0.05)"
    page.selectbox(key="fair-rate").select_index(0).run()
    assert page.query_params["map"] == "fair(seed=7,budget=5000)"


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ("fair(seed=-1)", "seed is a whole number"),
        ("fair(seed=1.5)", "seed is a whole number"),
        ("fair(budget=10)", "5000, 20000, 80000, 320000"),
        ("fair(budget=1e9)", "5000, 20000, 80000, 320000"),
        ("fair(lr=100)", "must be a number from"),
        ("fair(lr=True)", "must be a number from"),
        ("fair(steps=3)", "has no"),
    ],
)
def test_what_of_an_address_cannot_be_read_is_said(damaged: str, why: str) -> None:
    page = open_maps(map=damaged, surface="booth()", steps="5", run="newton()")
    assert why in read_texts(page)
    assert page.session_state["map_kind"] == "fair"


def test_without_a_run_that_is_on_the_page_says_what_to_do() -> None:
    page = open_maps(map="fair()", surface="booth()", run="look(sgd(), on=False)")
    assert not read_map_headers(page)
    assert "turn one on" in read_texts(page)
    assert FairOptions() == FairOptions(0, BUDGETS[2], None)


@pytest.mark.parametrize("place", ["saddle()", "monkey_saddle()", "boxbod()", "easom()"])
def test_surfaces_without_an_end_or_with_hardly_a_slope_are_ranked_too(place: str) -> None:
    now = parse_scene(f"surface = {place}\nsteps = 20\nrun = sgd()\nrun = lbfgs()\n")
    found = answered(asked(*(Run(0, run.optimizer, None) for run in now.runs), place=now.surface, steps=20, budget=400))
    assert found.step is not None
    assert (found.step >= 0).all()
