"""Scenes as text: written and read back without loss; damaged or hostile texts become faults."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings

from app.model.call_reader import Fault
from app.model.call_syntax import MAX_VALUE_CHARACTERS, write_argument, write_call
from app.model.formula_source import FORMULA, formula_call
from app.model.hyperparameter_table import get_range
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.model.scene import (
    MAX_RUNS,
    Run,
    UserError,
    get_argument_range,
    inspect_parameters,
    is_schedulable,
    make_call,
)
from app.scene_text.reader import assemble_scene, parse_scene, read_scene
from app.scene_text.writer import list_parts, write_query, write_run, write_scene
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from tests.support.hostile_formulas import FIRST_OF_EACH_TRICK, HOSTILE, LARGE, is_as_quick_as, measure_peak_memory
from tests.support.sampling import sample
from tests.support.scene_strategies import scenes


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenes())
def test_a_scene_is_read_back_from_its_text_and_link(scene):
    assert parse_scene(write_scene(scene)) == scene
    assert parse_scene(f"https://example.org/descent/?{write_query(scene)}#top") == scene
    assert assemble_scene(parse_qsl(write_query(scene))) == (scene, ())


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_short_links(name):
    assert parse_scene(write_scene(PRESETS[name])) == PRESETS[name]
    assert len(write_query(PRESETS[name])) < 200


def test_six_ordinary_runs_fit_into_a_url():
    """As Streamlit writes it, with percent-encoded brackets, commas and equal signs."""
    calls = (
        "adam(beta1=0.95,beta2=0.99",
        "momentum(mu=0.995",
        "rmsprop(decay_rate=0.8",
        "adamw(beta1=0.8",
        "nadam(",
        "sgd(",
    )
    rate = "lr=cosine(peak=0.0355,steps=400,floor=0.001)"
    runs = [
        f"run = look(polyak({call},{rate})),colour={16 - i},on=False)".replace("(,", "(")
        for i, call in enumerate(calls)
    ]
    parts = [
        "surface = rosenbrock(a=1.5,b=31.5)",
        "start = -1.23456,0.98765",
        "steps = 400",
        "noise = 0.355",
        "seed = 7",
    ]
    scene = parse_scene("\n".join(parts + runs))
    assert len(scene.runs) == 6
    assert len(urlencode(list_parts(scene))) < 2000


def find_longest_value(name, default, target=None):
    """The value of an argument that takes the most characters."""
    limits = get_argument_range(name, default, target)
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return int(limits.high) - (int(limits.high) == default)
    values = [limits.low + (limits.high - limits.low) / part for part in (3, 7, 1.1, 13)]
    values += [10.0**-power / 3 for power in (*range(16), 100)]  # exponents of any length, near 0
    return max(filter(limits.contains, values), key=lambda value: len(write_argument(value)))


def find_longest_arguments(catalogue, word, target=None):
    return {
        name: find_longest_value(name, p.default, target) for name, p in inspect_parameters(catalogue[word]).items()
    }


def make_longest_schedule(name):
    limits = get_range(name)
    schedules = (make_call(SCHEDULES, s, find_longest_arguments(SCHEDULES, s, limits), limits) for s in SCHEDULES)
    return max(schedules, key=lambda schedule: len(write_argument(schedule)))


def make_longest_run(word):
    """A run with the longest numbers, all possible schedules, and the longest wrapper."""
    hyper = find_longest_arguments(OPTIMIZERS, word)
    hyper |= {name: make_longest_schedule(name) for name in hyper if is_schedulable(word, name)}
    wrappers = (make_call(WRAPPERS, wrapper, find_longest_arguments(WRAPPERS, wrapper)) for wrapper in WRAPPERS)
    wrapper = max(wrappers, key=lambda wrapper: len(write_call(wrapper, WRAPPERS)))
    return Run(15, make_call(OPTIMIZERS, word, hyper), wrapper, is_on=False)


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_the_longest_run_of_an_optimizer_fits(word):
    run = make_longest_run(word)
    scene = replace(DEFAULT_SCENE, runs=(run,))
    assert len(write_run(run, 0)) <= MAX_VALUE_CHARACTERS
    assert parse_scene(write_scene(scene)) == scene


def test_sixteen_of_the_longest_runs_fit():
    """As a text and as a link, in which some characters take three."""
    run = max(map(make_longest_run, OPTIMIZERS), key=lambda run: len(write_run(run, 0)))
    runs = tuple(run._replace(slot=MAX_RUNS - 1 - i) for i in range(MAX_RUNS))
    surface = formula_call("+".join(["x*y"] * 25), x=(-1 / 3, 1 / 3), y=(-1 / 3, 1 / 3))
    scene = replace(DEFAULT_SCENE, surface=surface, runs=runs, start=(-1e6 / 3, 1e6 / 3), noise=100 / 3, seed=98)
    for text in (write_scene(scene), f"https://{'host' * 50}/?{write_query(scene)}"):
        assert read_scene(text) == (scene, ())


def test_missing_parts_are_those_of_the_default_scene_on_the_surface():
    scene = parse_scene("surface = himmelblau()")
    assert scene.start == (-0.5, -1.0)
    assert [run.optimizer.name for run in scene.runs] == [run.optimizer.name for run in DEFAULT_SCENE.runs]
    assert parse_scene("run = adam()").surface == DEFAULT_SCENE.surface
    assert parse_scene("surface = beale\nrun = none").runs == ()


UNFINISHED = "This is incomplete. Write brackets and commas as in adam(lr=0.1, beta1=0.9)."
NORTH = "The arrows must be among slope, pull, update, ahead, model, radius."
UNNAMED = "Write the arguments of adam with their names, like lr=1."
UNWRAPPED = "polyak takes exactly one optimizer, like polyak(adam())."
TOO_FAR = "A coordinate of the start must be a number from -1,000,000 to 1,000,000."
SWITCH = "bias_correction is either on or off."
ADAM = "surface = beale()\nrun = "


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("surface=foo()\nrun=adam()", ("surface=foo()", "There is no surface “foo” here.", "ravine()")),
        (ADAM + "adam(lr=1e9)", ("lr=1e9", "lr must be a number from 1e-06 to 10.", "lr=0.1")),
        (ADAM + "adam()\nview=globe()", ("view=globe()", "The view must be one of contour, space.", "contour()")),
        (ADAM + "adam()\nview=space(step=-3)", ("step=-3", "The step must be a number, at least 0.", "nothing")),
        (ADAM + "adam()\nview=space(loss=3)", ("loss=3", "loss must be one of auto, linear, log.", "loss=auto")),
        (ADAM + "adam()\nview=space(zoom=3)", ("zoom=3", "A view has no “zoom”.", "nothing")),
        (ADAM + "adam()\nview=space(arrows=(slope,north))", ("arrows=(slope,north)", NORTH, "nothing")),
        (ADAM + "adam(speed=3)", ("speed=3", "adam has no “speed”.", "nothing")),
        (ADAM + "adam(bias_correction=2)", ("bias_correction=2", SWITCH, "bias_correction=True")),
        (ADAM + "adam(lr=cosine(peak=99))", ("peak=99", "peak must be a number from 1e-06 to 10.", "peak=0.1")),
        (ADAM + "adam(lr=sine())", ("lr=sine()", "There is no schedule “sine” here.", "lr=0.1")),
        (ADAM + "adam(lr=cosine(peak=cosine()))", ("peak=cosine()", "peak cannot follow a schedule.", "peak=0.1")),
        (ADAM + "lbfgs(memory=cosine())", ("memory=cosine()", "memory cannot follow a schedule.", "memory=10")),
        (ADAM + "lbfgs(memory=2.5)", ("memory=2.5", "memory must be a whole number.", "memory=10")),
        (ADAM + "adam(0.1)", ("run=adam(0.1)", UNNAMED, "")),
        (ADAM + "adam(lr=", ("run=adam(lr=", UNFINISHED, "")),
        (ADAM + "polyak()", ("run=polyak()", UNWRAPPED, "")),
        (ADAM + "ema(adam(),decay=2)", ("decay=2", "decay must be a number from 0 to 0.9999.", "decay=0.9")),
        (ADAM + "look(adam(),colour=17)", ("colour=17", "Colours are numbered from 1 to 16.", "colour=1")),
        (ADAM + "look(adam(),on=1)", ("on=1", "This must be True or False.", "on=True")),
        (ADAM + "look(adam(),size=1)", ("size=1", "look has no “size”.", "nothing")),
        (ADAM + "adam()\nstart=1", ("start=1", "A start must be two numbers, like -1.2,1.", "1,1")),
        (ADAM + "adam()\nstart=1,nan", ("start=1,nan", "“nan” is not a number.", "1,1")),
        (ADAM + "adam()\nsteps=1e9", ("steps=1e9", "The number of steps must be from 1 to 2000.", "150")),
        (ADAM + "adam()\nnoise=lots", ("noise=lots", "This must be a number, like 0.1 or 1e-8.", "0")),
        (ADAM + "adam()\nseed=1.5", ("seed=1.5", "seed must be a whole number.", "0")),
        (ADAM + f"adam(lr=1{'0' * 400})", (f"lr=1{'0' * 55}…", "This must be a number, like 0.1 or 1e-8.", "lr=0.1")),
    ],
)  # fmt: skip
def test_a_fault_has_its_text_reason_and_replacement(text, fault):
    scene, faults = read_scene(text)
    assert faults == (Fault(*fault),)
    assert parse_scene(write_scene(scene)) == scene
    with pytest.raises(UserError) as error:
        parse_scene(text)
    assert str(error.value) == f"{fault[0]}: {fault[1]}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # typing errors, capitals and hyphens
        ("run=adma()", "There is no optimizer “adma” here. Did you mean “adam”?"),
        ("run=Adam()", "There is no optimizer “Adam” here. Did you mean “adam”?"),
        ("run=RMS_prop()", "There is no optimizer “RMS_prop” here. Did you mean “rmsprop”?"),
        ("run=nelderMead()", "There is no optimizer “nelderMead” here. Did you mean “nelder_mead”?"),
        ("run=momentun()", "There is no optimizer “momentun” here. Did you mean “momentum”?"),
        ("run=L_BFGS()", "There is no optimizer “L_BFGS” here. Did you mean “lbfgs”?"),
        ("surface=rosenbrok()", "There is no surface “rosenbrok” here. Did you mean “rosenbrock”?"),
        ("surface=himelblau()", "There is no surface “himelblau” here. Did you mean “himmelblau”?"),
        ("surface=goldsteinprice()", "There is no surface “goldsteinprice” here. Did you mean “goldstein_price”?"),
        ("run=adam(lr=cosin())", "There is no schedule “cosin” here."),  # the beginning of several names
        ("run=adam(lr=exponetial())", "There is no schedule “exponetial” here. Did you mean “exponential”?"),
        ("run=adam(beta_1=0.8)", "adam has no “beta_1”. Did you mean “beta1”?"),
        ("run=lbfgs(memroy=5)", "lbfgs has no “memroy”. Did you mean “memory”?"),
        ("surface=rosenbrock(B=5)", "rosenbrock has no “B”. Did you mean “b”?"),
        (
            'surface=data("line","1,2;2,3",standardised=True)',
            "data has no “standardised”. Did you mean “standardized”?",
        ),
        # names of other libraries and papers
        ("run=gd()", "There is no optimizer “gd” here. Did you mean “sgd”?"),
        ("run=NAG()", "There is no optimizer “NAG” here. Did you mean “nesterov”?"),
        ("run=adam(learning_rate=0.1)", "adam has no “learning_rate”. Did you mean “lr”?"),
        ("run=adam(b2=0.9)", "adam has no “b2”. Did you mean “beta2”?"),
        ("run=momentum(momentum=0.9)", "momentum has no “momentum”. Did you mean “mu”?"),
        ("run=adam(lr=cosine_annealing())", "There is no schedule “cosine_annealing” here. Did you mean “cosine”?"),
        # unclear: no hint
        ("run=lamb()", "There is no optimizer “lamb” here."),
        ("run=adan()", "There is no optimizer “adan” here."),
        ("run=lars()", "There is no optimizer “lars” here."),
        ("run=muon()", "There is no optimizer “muon” here."),
        ("run=adafactor()", "There is no optimizer “adafactor” here."),
        ("run=adam(beta3=0.9)", "adam has no “beta3”."),
        ("run=adam(mu=0.9)", "adam has no “mu”."),
        ("run=nelder_mead(learning_rate=0.1)", "nelder_mead has no “learning_rate”."),
        ("surface=levy()", "There is no surface “levy” here."),
        ("surface=schaffer4()", "There is no surface “schaffer4” here."),
        # full-width and similar characters
        ("run=adam（lr=0.1）", "Write ( for “（”."),
        ("run=adam(lr=0．1)", "Write . for “．”."),
        ("run=adam(lr=0.1，eps=0.1)", "Write , for “，”."),
        ("noise=−1", "Write - for “−”."),
        ("run=аdam()", "Write a for “а”."),
        ("run=ada m()", "“ ” is not allowed here."),
    ],
)
def test_another_name_is_suggested_only_if_it_is_clearly_meant(text, reason):
    _, faults = read_scene(text)
    assert [str(fault.reason) for fault in faults] == [reason]


def test_a_used_colour_is_replaced_and_a_seventeenth_run_is_left_out():
    scene, faults = read_scene("run=look(adam(),colour=2)\nrun=sgd()\nrun=look(sgd(),colour=1)")
    assert [run.slot for run in scene.runs] == [1, 0, 2]
    assert [fault.reason for fault in faults] == ["Another run has this colour."]
    crowd, faults = read_scene("run=adam()\n" * (MAX_RUNS + 1))
    assert len(crowd.runs) == MAX_RUNS
    assert [fault.replacement for fault in faults] == [""]


@pytest.mark.parametrize(
    "text", ["", "hello", "x = 3", "https://example.org/", "?a=1", "surface: beale", "a=b\n" * 9000]
)
def test_a_text_without_any_part_of_a_scene_is_refused(text):
    with pytest.raises(UserError):
        read_scene(text)


TEMPLATES = (
    "surface={}", 'surface=formula("{}")', 'surface=formula("x",x={})', "start={}", "steps={}", "noise={}", "run={}",
    "run=adam(lr={})", "run=look(adam(),colour={})", "view={}", "view=space(arrows={})",
)  # fmt: skip
NESTED = [
    "(" * 300 + ")" * 300,
    "-" * 900 + "1",
    "adam(" * 150,
    "1" + "+1" * 400,
    "f(" * 90 + ")" * 90,
    "adam(**x)",
    "adam(*x)",
    "adam" + "." * 9,
]


@pytest.mark.parametrize("hostile", sample([code for _, code in HOSTILE], FIRST_OF_EACH_TRICK.__contains__) + NESTED)
def test_hostile_values_are_faults(hostile):
    """In every part of a text: refused as quickly as 34 common formulas, in little memory; the other parts are read."""
    value = hostile.replace("\n", " ").replace("\r", " ")
    parts = [tuple(template.replace("{}", value).split("=", 1)) for template in TEMPLATES]

    def read_parts() -> None:
        for part in parts:
            try:
                scene, _ = assemble_scene([part, ("seed", "3")])
            except UserError:
                continue
            assert scene.seed == 3
            if value == hostile:  # without its line breaks it may be a valid formula
                assert scene.surface.name != FORMULA or part[1].startswith('formula("x",'), (
                    "a hostile formula was accepted"
                )
            assert parse_scene(write_scene(scene)) == scene

    if len(hostile) > LARGE:
        assert measure_peak_memory(read_parts) < 4e6, "a text of a million characters is not copied many times"
    assert is_as_quick_as(len(TEMPLATES) * 34, read_parts)
