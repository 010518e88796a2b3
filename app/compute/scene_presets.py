"""Prepared scenes: one click, one thing to see."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from app.compute.cached_simulation import build_surface, get_largest_lr_in_view, get_suggested_lr
from app.model.hyperparameter_ranges import LEVEL_LABELS, LR_RANGE, round_to_3_digits
from app.model.scene import Call, Run, Scene, optimizer_call, schedule_call, wrapper_call
from app.model.scene import surface_call as on


def make_runs(*calls: Call | tuple[Call, Call]) -> tuple[Run, ...]:
    """Runs in the first slots; a pair is an optimizer and its wrapper."""
    pairs = ((call, None) if isinstance(call, Call) else call for call in calls)
    return tuple(Run(slot, *pair) for slot, pair in enumerate(pairs))


PRESETS: dict[str, Scene] = {
    "Momentum or Nesterov": Scene(
        on("ravine"), (-9.0, 2.5), 150,
        make_runs(optimizer_call("momentum", lr=0.005, mu=0.9), optimizer_call("nesterov", lr=0.005, mu=0.9)),
    ),
    "Newton or L-BFGS": Scene(
        on("rosenbrock"), (-1.2, 1.0), 60,
        make_runs(optimizer_call("newton"), optimizer_call("lbfgs"), optimizer_call("scipy_lbfgsb")),
    ),
    "Adam without its correction": Scene(
        on("beale"), (1.0, 1.5), 300,
        make_runs(optimizer_call("adam", lr=0.05), optimizer_call("adam", lr=0.05, bias_correction=False)),
    ),
    "Who leaves the saddle?": Scene(
        on("saddle_ridge"), (1.0, 0.001), 150,
        make_runs(
            optimizer_call("sgd", lr=0.02), optimizer_call("momentum", lr=0.02), optimizer_call("adam", lr=0.02),
            optimizer_call("rmsprop", lr=0.02), optimizer_call("newton"),
        ),
    ),
    "Too long a step": Scene(
        on("ravine"), (-9.0, 2.5), 60,
        make_runs(*(optimizer_call("sgd", lr=lr) for lr in (0.002, 0.02, 0.04, 0.045))),
    ),
    "Noise and averages": Scene(
        on("bowl"), (-4.0, -1.0), 400,
        make_runs(
            optimizer_call("sgd", lr=0.05), (optimizer_call("sgd", lr=0.05), wrapper_call("polyak")),
            optimizer_call("sgd", lr=schedule_call("inverse_time", start=0.1, rate=0.02)),
        ),
        noise=10.0,
    ),
    "The Adam family": Scene(
        on("himmelblau"), (-0.5, -1.0), 250,
        make_runs(*(optimizer_call(word, lr=0.1) for word in ("adagrad", "rmsprop", "adam", "nadam", "amsgrad"))),
    ),
}  # fmt: skip

DEFAULT_SCENE = PRESETS["Momentum or Nesterov"]
SUGGESTED_OPTIMIZERS = ("adam", "momentum", "sgd", "rmsprop", "nesterov", "lbfgs", "newton", "adagrad")


def find_active_preset(scene: Scene) -> str | None:
    """The word of the prepared scene that this is, however it is looked at."""
    return next((word for word, prepared in PRESETS.items() if prepared.looked_at_as(scene) == scene), None)


def move_to_surface(scene: Scene, place: Call) -> Scene:
    """`scene` on another surface: from its own start, with learning rates that suit it under the scene's noise.

    Rates that were equal stay equal where they mean the same, as with momentum and Nesterov, whose default is one.
    Where a scene compares rates of one optimizer, fixed or on a schedule, each is as large a part of the boldest that
    stays in view, there as here: what was just too long a step still is.
    What is fitted to curvature itself, and so has 1 for its rate by default, is left alone.
    """
    rates = {run: lr for run in scene.runs if (lr := get_transferable_lr(run)) is not None}
    factors: dict[tuple[float, float], float] = {}  # by the rate and what it means
    for run, lr in rates.items():
        of_its_kind = {other_lr for other, other_lr in rates.items() if other.optimizer.word == run.optimizer.word}
        kind = lr, get_default_lr(run)
        factors[kind] = min(find_lr_factor(scene, place, run, of_its_kind), factors.get(kind, inf))
    runs = tuple(
        run._replace(optimizer=scale_call_lr(run.optimizer, factors[rates[run], get_default_lr(run)]))
        if run in rates
        else run
        for run in scene.runs
    )
    x, y = build_surface(place).start
    return replace(scene, surface=place, start=(float(x), float(y)), runs=runs)


def find_lr_factor(scene: Scene, place: Call, run: Run, of_its_kind: set[float]) -> float:
    """How many times as large a rate of `run` has to be on another surface; `of_its_kind` are all its optimizer has."""
    if len(of_its_kind) > 1:
        here, there = (
            get_largest_lr_in_view(where, run.optimizer, scene.noise, scene.seed) for where in (scene.surface, place)
        )
        if here and there:
            return there / here
    return get_suggested_lr(place, run.optimizer, scene.noise, scene.seed) / min(of_its_kind)


def list_optimizers(runs: Iterable[Run]) -> set[str]:
    return {run.optimizer.word for run in runs}


def get_default_lr(run: Run) -> float:
    return float(dict(optimizer_call(run.optimizer.word).hyper).get("lr", 1))


def get_transferable_lr(run: Run) -> float | None:
    """The learning rate of a run, the highest of its schedule, if it has one that depends on the surface."""
    if get_default_lr(run) == 1:
        return None
    lr = run.optimizer["lr"]
    return max(get_levels(lr).values()) if isinstance(lr, Call) else float(lr)


def get_levels(follows: Call) -> dict[str, float]:
    """The arguments of a schedule that are values of what it schedules."""
    return {name: value for name, value in follows.hyper if name in LEVEL_LABELS}


def scale_call_lr(racer: Call, factor: float) -> Call:
    """An optimizer whose rate, or each level of its schedule, is so many times as large; what is 0 stays 0."""
    lr = racer["lr"]
    if not isinstance(lr, Call):
        return racer.set("lr", round_to_slider_stop(lr * factor))
    for name, value in get_levels(lr).items():
        lr = lr.set(name, round_to_slider_stop(value * factor) if value else value)
    return racer.set("lr", lr)


def round_to_slider_stop(lr: float) -> float:
    """The nearest learning rate that a slider stops at."""
    return min(LR_RANGE.stops, key=lambda mark: abs(mark - round_to_3_digits(lr)))


def suggest_run(scene: Scene) -> Run:
    """What there is to add to a race: the first well-known optimizer that is not in it yet."""
    present = list_optimizers(scene.runs)
    return Run(
        0,
        with_suited_lr(
            scene, next((word for word in SUGGESTED_OPTIMIZERS if word not in present), SUGGESTED_OPTIMIZERS[0])
        ),
    )


def with_suited_lr(scene: Scene, word: str) -> Call:
    """An optimizer with a learning rate that suits the scene's surface under its noise."""
    call = optimizer_call(word)
    if get_transferable_lr(Run(0, call)) is None:
        return call
    return call.set("lr", get_suggested_lr(scene.surface, call, scene.noise, scene.seed))
