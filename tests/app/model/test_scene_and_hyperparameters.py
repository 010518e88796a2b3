"""Hyperparameters and scenes: every argument has a range, and every value is checked."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.browser.race_messages import make_run_payload
from app.compute import cached_simulation
from app.compute.cached_simulation import RunKey
from app.compute.suited_learning_rates import (
    SUGGESTED_OPTIMIZERS,
    get_transferable_lr,
    move_to_surface,
    suggest_run,
    with_suited_lr,
)
from app.figures.palette import choose_run_style
from app.model import display_names
from app.model.hyperparameter_table import HYPERPARAMETERS, LR_RANGE
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import (
    MAX_RUNS,
    MAX_STEPS,
    Call,
    Run,
    Scene,
    UserError,
    check_argument,
    get_argument_range,
    inspect_parameters,
    make_call,
    optimizer_call,
    parse_coordinate,
    parse_step_count,
    schedule_call,
)
from app.scene_text.playlist import PlaylistEntry
from app.scene_text.reader import parse_scene
from app.session.playlist_scene_cards import make_cards
from optimizers.analysis.learning_rate_suggestion import TRIAL_STEPS
from optimizers.base import Optimizer
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES

CATALOGUES = {"surfaces": SURFACES, "optimizers": OPTIMIZERS, "schedules": SCHEDULES, "wrappers": WRAPPERS}
BADLY_SCALED = {
    "powell_badly_scaled",
    "brown_badly_scaled",
    "jennrich_sampson",
    "boxbod",
    "misra1a",
    "misra1b",
    "misra1c",
    "misra1d",
}
MAKERS = [(kind, word) for kind, catalogue in CATALOGUES.items() for word in catalogue]


@pytest.mark.parametrize("kind, word", MAKERS)
def test_every_argument_has_a_range_with_its_default(kind: str, word: str) -> None:
    for name, parameter in inspect_parameters(CATALOGUES[kind][word]).items():
        target = LR_RANGE if kind == "schedules" else None
        limits = get_argument_range(name, parameter.default, target)
        if isinstance(parameter.default, bool):
            continue
        assert name in HYPERPARAMETERS or kind == "schedules", f"{name} has no range"
        assert limits.contains(parameter.default)
        assert bool(limits.stops) == isinstance(parameter.default, float), "whole numbers need no stops"


@pytest.mark.parametrize("kind, word", MAKERS)
def test_every_maker_has_a_summary_and_a_name(kind: str, word: str) -> None:
    assert display_names.get_summary(CATALOGUES[kind][word]).endswith((".", "$"))
    assert display_names.get_display_name(word)[0].isupper() or not display_names.get_display_name(word)[0].isalpha()


@pytest.mark.parametrize("kind, word", MAKERS)
def test_displayed_formulas_have_their_dollars_on_lines_of_their_own(kind: str, word: str) -> None:
    lines = display_names.format_docstring(CATALOGUES[kind][word]).split("\n")
    assert all(line == "$$" for line in lines if "$$" in line)
    assert sum(line == "$$" for line in lines) % 2 == 0


@pytest.mark.parametrize("name", [name for name, facts in HYPERPARAMETERS.items() if facts.range.stops])
def test_stops_increase_and_span_the_range(name: str) -> None:
    limits = HYPERPARAMETERS[name].range
    assert all(a < b for a, b in zip(limits.stops, limits.stops[1:], strict=False))
    assert limits.stops[0] == limits.low and limits.stops[-1] == pytest.approx(limits.high)


@pytest.mark.parametrize(
    "catalogue, word, arguments",
    [
        (OPTIMIZERS, "no_such", {}),
        (OPTIMIZERS, "__class__", {}),
        (OPTIMIZERS, "sgd", {"no_such": 1.0}),
        (OPTIMIZERS, "sgd", {"lr": float("nan")}),
        (OPTIMIZERS, "sgd", {"lr": float("inf")}),
        (OPTIMIZERS, "sgd", {"lr": -1.0}),
        (OPTIMIZERS, "sgd", {"lr": "0.1"}),
        (OPTIMIZERS, "sgd", {"lr": [0.1]}),
        (OPTIMIZERS, "sgd", {"lr": True}),
        (OPTIMIZERS, "sgd", {"lr": Call("adam")}),
        (OPTIMIZERS, "adam", {"bias_correction": 1}),
        (OPTIMIZERS, "lbfgs", {"memory": 10**9}),
        (OPTIMIZERS, "lbfgs", {"memory": 2.5}),
        (SCHEDULES, "cosine", {"peak": schedule_call("constant")}),
        (SURFACES, "linear_svm", {"batch_size": -1}),
    ],
)
def test_an_invalid_call_is_refused_with_a_sentence(catalogue: Any, word: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(UserError) as error:
        make_call(catalogue, word, arguments, LR_RANGE if catalogue is SCHEDULES else None)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1,,5", "nan", "inf", "-1e400", "1e300", "0x1", None, [], True, "1" * 1000, "__import__('os')"],
)
def test_an_invalid_coordinate_is_refused(text: Any) -> None:
    with pytest.raises(UserError):
        parse_coordinate(text)


@pytest.mark.parametrize("text, value", [("1.5", 1.5), (" -2 ", -2.0), ("−2", -2.0), ("1e3", 1000.0), (7, 7.0)])
def test_a_coordinate_may_be_written_in_several_ways(text: Any, value: float) -> None:
    assert parse_coordinate(text) == value


@pytest.mark.parametrize(
    "text", ["", "0", "-1", str(MAX_STEPS + 1), "10.5", "1e9", "nan", "inf", "many", None, "9" * 5000]
)
def test_an_invalid_number_of_steps_is_refused(text: Any) -> None:
    with pytest.raises(UserError):
        parse_step_count(text)


@pytest.mark.parametrize("text, steps", [("1", 1), ("1e3", 1000), (" 250 ", 250), ("40.0", 40), (7, 7)])
def test_steps_may_be_written_in_several_ways(text: Any, steps: int) -> None:
    assert parse_step_count(text) == steps


def test_a_scene_has_at_most_sixteen_runs_each_in_its_own_slot() -> None:
    scene = replace(DEFAULT_SCENE, runs=())
    for _ in range(MAX_RUNS):
        scene = scene.add_run(Run(0, optimizer_call("adam")))
    assert sorted(run.slot for run in scene.runs) == list(range(MAX_RUNS))
    assert len({choose_run_style(run.slot) for run in scene.runs}) == MAX_RUNS
    with pytest.raises(UserError):
        scene.add_run(Run(0, optimizer_call("adam")))
    assert scene.remove_run(5).add_run(Run(0, optimizer_call("sgd"))).find_run(5).optimizer.name == "sgd"


def test_two_runs_swap_colours() -> None:
    first, second = DEFAULT_SCENE.runs
    swapped = DEFAULT_SCENE.recolour_run(0, 1)
    assert swapped.find_run(1).optimizer == first.optimizer and swapped.find_run(0).optimizer == second.optimizer
    assert {run.slot for run in DEFAULT_SCENE.recolour_run(0, 9).runs} == {9, 1}


@pytest.mark.parametrize("surface, optimizer", list(product(SURFACES, ("sgd", "momentum", "adam", "lion"))))
def test_a_suggested_rate_keeps_the_run_in_view_and_gets_lower(surface: str, optimizer: str) -> None:
    call = make_call(SURFACES, surface, {})
    suited = with_suited_lr(replace(DEFAULT_SCENE, surface=call), optimizer)
    if suited["lr"] == LR_RANGE.low:  # no rate of the slider suits
        assert surface in BADLY_SCALED
        return
    problem = cached_simulation.build_surface(call)
    start = tuple(map(float, problem.start))
    path = cached_simulation.simulate_cached.__wrapped__(RunKey(call, suited, None, start, TRIAL_STEPS, 0.0, 0))
    low, high = np.array(problem.box).T
    last = np.array((path.columns["x"][-1], path.columns["y"][-1]))
    assert ((low <= last) & (last <= high)).all()
    assert path.columns["loss"][-1] <= path.columns["loss"][0]


def test_a_suited_rate_depends_on_noise_and_seed() -> None:
    scene = replace(DEFAULT_SCENE, surface=make_call(SURFACES, "beale", {}), noise=10.0, seed=3)
    assert with_suited_lr(scene, "sgd")["lr"] == cached_simulation.get_suggested_lr(
        scene.surface, optimizer_call("sgd"), 10.0, 3
    )
    assert with_suited_lr(scene, "sgd")["lr"] < with_suited_lr(replace(scene, noise=0.0), "sgd")["lr"] / 4


def test_a_suggested_run_has_an_optimizer_that_is_not_in_the_race_yet() -> None:
    scene = DEFAULT_SCENE
    for word in (word for word in SUGGESTED_OPTIMIZERS if word not in {"momentum", "nesterov"}):
        assert suggest_run(scene).optimizer.name == word
        scene = scene.add_run(suggest_run(scene))
    assert suggest_run(scene).optimizer.name == "adam"


@pytest.mark.parametrize("surface", list(SURFACES))
def test_equal_rates_stay_equal_on_another_surface(surface: str) -> None:
    moved = move_to_surface(DEFAULT_SCENE, make_call(SURFACES, surface, {}))
    assert len({get_transferable_lr(run) for run in moved.runs}) == 1
    assert all(LR_RANGE.contains(run.optimizer["lr"]) for run in moved.runs)


def test_rates_of_one_optimizer_keep_their_ratio_on_another_surface() -> None:
    scene = replace(
        DEFAULT_SCENE, runs=(Run(0, optimizer_call("sgd", lr=0.01)), Run(1, optimizer_call("sgd", lr=0.04)))
    )
    low, high = move_to_surface(scene, make_call(SURFACES, "himmelblau", {})).runs
    assert high.optimizer["lr"] == pytest.approx(4 * low.optimizer["lr"], rel=0.07)  # to the nearest stop


def test_methods_with_rate_1_keep_it_on_another_surface() -> None:
    moved = move_to_surface(PRESETS["Newton or L-BFGS"], make_call(SURFACES, "beale", {}))
    assert moved.find_run(0).optimizer["lr"] == 1.0


@pytest.mark.parametrize("word", list(SCHEDULES))
def test_the_rate_of_a_run_follows_every_schedule(word: str) -> None:
    scheduled = optimizer_call("momentum", lr=schedule_call(word))
    key = RunKey(DEFAULT_SCENE.surface, scheduled, None, DEFAULT_SCENE.start, 60, 0.0, 0)
    path = cached_simulation.simulate_cached.__wrapped__(key)
    schedule = SCHEDULES[word](**dict(scheduled["lr"].arguments))
    np.testing.assert_allclose(path.columns["lr"][1:], [schedule(t) for t in range(1, 61)])


@pytest.mark.parametrize("word", list(WRAPPERS))
def test_every_wrapper_can_wrap_an_optimizer(word: str) -> None:
    assert isinstance(
        cached_simulation.build_optimizer(optimizer_call("sgd", lr=0.01), make_call(WRAPPERS, word, {})), Optimizer
    )


@pytest.mark.parametrize("title", list(PRESETS))
def test_presets_consist_of_valid_values(title: str) -> None:
    scene = PRESETS[title]
    assert scene.surface == make_call(SURFACES, scene.surface.name, dict(scene.surface.arguments))
    assert parse_step_count(scene.steps) and len({run.slot for run in scene.runs}) == len(scene.runs) <= MAX_RUNS
    for run in scene.runs:
        for name, parameter in inspect_parameters(OPTIMIZERS[run.optimizer.name]).items():
            assert check_argument(name, run.optimizer[name], parameter.default) == run.optimizer[name]


@pytest.mark.parametrize(
    "value, text", [(0.02, "0.02"), (1e-8, "1e−8"), (250.0, "250"), (-1.5, "−1.5"), (0.0001, "0.0001"), (-0.0, "0")]
)
def test_numbers_are_formatted_compactly(value: float, text: str) -> None:
    assert display_names.format_compact(value) == text


def read_settings(*runs: str) -> list[str]:
    scene = parse_scene("".join(f"run = {run}\n" for run in runs))
    return [display_names.format_settings(run, scene.runs) for run in scene.runs]


@pytest.mark.parametrize(
    "runs, settings",
    [
        (("adam(lr=0.1)", "adam(lr=0.1, beta1=0.5)"), ["lr 0.1 · β₁ 0.9", "lr 0.1 · β₁ 0.5"]),
        (("adam(lr=0.1)", "rmsprop(lr=0.1)"), ["lr 0.1", "lr 0.1"]),
        (
            ("adam(lr=0.1)", "adam(lr=0.1, bias_correction=False)"),
            ["lr 0.1 · bias correction", "lr 0.1 · no bias correction"],
        ),
        (
            ("sgd(lr=cosine(peak=0.1, steps=100))", "sgd(lr=cosine(peak=0.1, steps=200))"),
            ["lr cosine (steps 100)", "lr cosine (steps 200)"],
        ),
        (("newton()", "adam(lr=0.1)", "newton()"), ["run 1", "lr 0.1", "run 3"]),
        (("adam(lr=0.1)", "adam(lr=0.1)"), ["lr 0.1 · run 1", "lr 0.1 · run 2"]),
        (("sgd(lr=cosine(peak=0.1, steps=100))", "sgd(lr=0.1)"), ["lr cosine", "lr 0.1"]),
        (
            ("ema(sgd(lr=0.1), decay=0.9)", "ema(sgd(lr=0.1), decay=0.99)"),
            ["lr 0.1 · decay 0.9", "lr 0.1 · decay 0.99"],
        ),
        (("newton()", "sgd(lr=1.0)"), ["", "lr 1"]),
        (("newton()", "newton(lr=0.5)"), ["lr 1", "lr 0.5"]),
        (("newton(lr=0.5)",), ["lr 0.5"]),
    ],
)
def test_rows_of_one_optimizer_show_every_value_in_which_they_differ(
    runs: tuple[str, ...], settings: list[str]
) -> None:
    assert read_settings(*runs) == settings


@pytest.mark.parametrize(
    "runs, differences",
    [
        (("adam(lr=0.1)", "adam(lr=0.1, bias_correction=False)"), ["bias correction", "no bias correction"]),
        (("adam(lr=0.1)", "adam(lr=0.2, beta1=0.5)"), ["lr 0.1 · β₁ 0.9", "lr 0.2 · β₁ 0.5"]),
        (("adam(lr=0.1)", "sgd(lr=0.2)", "ema(sgd(lr=0.1))"), ["", "", ""]),
        (("ema(sgd(lr=0.1), decay=0.9)", "ema(sgd(lr=0.1), decay=0.99)"), ["decay 0.9", "decay 0.99"]),
        (("sgd(lr=0.1)", "sgd(lr=0.1)"), ["", ""]),
    ],
)
def test_a_card_says_how_its_run_differs_from_others_with_its_title(
    runs: tuple[str, ...], differences: list[str]
) -> None:
    scene = parse_scene("".join(f"run = {run}\n" for run in runs))
    assert [display_names.format_differences(run, scene.runs) for run in scene.runs] == differences


@pytest.mark.parametrize(
    "runs, names, details",
    [
        (("sgd(lr=0.1)", "sgd(lr=0.01)"), ["SGD · lr 0.1", "SGD · lr 0.01"], ["", ""]),
        (("momentum(lr=0.1)", "momentum(lr=0.01)"), ["Momentum · lr 0.1", "Momentum · lr 0.01"], ["μ 0.9", "μ 0.9"]),
        (("sgd(lr=0.1)", "adam(lr=0.1)"), ["SGD", "Adam"], ["lr 0.1", "lr 0.1"]),
        (
            ("sgd(lr=0.1)", "sgd(lr=inverse_time(start=0.1))", "polyak(sgd(lr=0.1))"),
            ["SGD · lr 0.1", "SGD · lr 1/t", "SGD + Polyak average"],
            ["", "", "lr 0.1"],
        ),
        (
            ("sgd(lr=inverse_time(start=0.1))", "sgd(lr=inverse_time(start=0.2))"),
            ["SGD · lr 1/t (start 0.1)", "SGD · lr 1/t (start 0.2)"],
            ["", ""],
        ),
        (("sgd(lr=0.1)", "sgd(lr=0.1)"), ["SGD · run 1", "SGD · run 2"], ["lr 0.1", "lr 0.1"]),
        (
            ("newton()", "newton(lr=0.5)", "newton(lr=0.5)"),
            ["Newton · lr 1", "Newton · lr 0.5 · run 2", "Newton · lr 0.5 · run 3"],
            ["", "", ""],
        ),
        (
            ("adam(lr=0.1)", "adam(lr=0.1, bias_correction=False)"),
            ["Adam · bias correction", "Adam · no bias correction"],
            ["lr 0.1", "lr 0.1"],
        ),
    ],
)
def test_a_run_has_a_name_of_its_own_by_what_it_differs_in(
    runs: tuple[str, ...], names: list[str], details: list[str]
) -> None:
    scene = parse_scene("".join(f"run = {run}\n" for run in runs))
    assert [display_names.format_name(run, scene.runs) for run in scene.runs] == names
    assert [display_names.format_detail(run, scene.runs) for run in scene.runs] == details


@pytest.mark.parametrize("scene", PRESETS.values())
def test_player_and_playlist_call_every_run_by_the_same_name(scene: Scene) -> None:
    names = [make_run_payload(scene, run, cached_simulation.simulate_run(scene, run)).name for run in scene.runs]
    assert len({*names}) == len(scene.runs)
    assert make_cards([PlaylistEntry(scene)])[0]["runs"] == ", ".join(names)


@pytest.mark.parametrize("word", list(OPTIMIZERS))
def test_no_row_of_a_method_that_says_it_needs_no_learning_rate_shows_one(word: str) -> None:
    (settings,) = read_settings(f"{word}()")
    summary = display_names.get_summary(OPTIMIZERS[word])
    assert not ("lr" in settings.split() and ("no learning rate" in summary or "no rate" in summary))


@pytest.mark.parametrize(
    ("surface", "typed", "title"),
    [
        ("ravine()", "x^2", "Ravine"),
        ('formula("x**2 + y")', "x^2  + y", "f(x, y) = x^2 + y"),
        ('formula("x**2 + y")', "x^3 + y", "f(x, y) = x**2 + y"),  # another one was typed last
        ('formula("x**2 + y")', "x^2 + (", "f(x, y) = x**2 + y"),
    ],
)
def test_the_title_of_a_formula_is_the_formula_as_it_was_typed(surface: str, typed: str, title: str) -> None:
    assert display_names.format_surface_title(parse_scene(f"surface = {surface}\n").surface, typed) == title
