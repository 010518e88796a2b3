"""Prepared scenes: one click, one thing to see."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from app.compute.cached_simulation import boldest_lr, suggested_lr, surface
from app.model.hyperparameter_ranges import LEVELS, RATE, rounded
from app.model.scene import Call, Run, Scene, optimizer, schedule, wrapper
from app.model.scene import surface as on


def racers(*calls: Call | tuple[Call, Call]) -> tuple[Run, ...]:
    """Runs in the first slots; a pair is an optimizer and its wrapper."""
    pairs = ((call, None) if isinstance(call, Call) else call for call in calls)
    return tuple(Run(slot, *pair) for slot, pair in enumerate(pairs))


SCENES: dict[str, Scene] = {
    "Momentum or Nesterov": Scene(
        on("ravine"), (-9.0, 2.5), 150,
        racers(optimizer("momentum", lr=0.005, mu=0.9), optimizer("nesterov", lr=0.005, mu=0.9)),
    ),
    "Newton or L-BFGS": Scene(
        on("rosenbrock"), (-1.2, 1.0), 60,
        racers(optimizer("newton"), optimizer("lbfgs"), optimizer("scipy_lbfgsb")),
    ),
    "Adam without its correction": Scene(
        on("beale"), (1.0, 1.5), 300,
        racers(optimizer("adam", lr=0.05), optimizer("adam", lr=0.05, bias_correction=False)),
    ),
    "Who leaves the saddle?": Scene(
        on("saddle_ridge"), (1.0, 0.001), 150,
        racers(
            optimizer("sgd", lr=0.02), optimizer("momentum", lr=0.02), optimizer("adam", lr=0.02),
            optimizer("rmsprop", lr=0.02), optimizer("newton"),
        ),
    ),
    "Too long a step": Scene(
        on("ravine"), (-9.0, 2.5), 60,
        racers(*(optimizer("sgd", lr=lr) for lr in (0.002, 0.02, 0.04, 0.045))),
    ),
    "Noise and averages": Scene(
        on("bowl"), (-4.0, -1.0), 400,
        racers(
            optimizer("sgd", lr=0.05), (optimizer("sgd", lr=0.05), wrapper("polyak")),
            optimizer("sgd", lr=schedule("inverse_time", start=0.1, rate=0.02)),
        ),
        noise=10.0,
    ),
    "The Adam family": Scene(
        on("himmelblau"), (-0.5, -1.0), 250,
        racers(*(optimizer(word, lr=0.1) for word in ("adagrad", "rmsprop", "adam", "nadam", "amsgrad"))),
    ),
}  # fmt: skip

FIRST = SCENES["Momentum or Nesterov"]
NEWCOMERS = ("adam", "momentum", "sgd", "rmsprop", "nesterov", "lbfgs", "newton", "adagrad")


def lit(scene: Scene) -> str | None:
    """The word of the prepared scene that this is, however it is looked at."""
    return next((word for word, prepared in SCENES.items() if prepared.looked_at_as(scene) == scene), None)


def moved(scene: Scene, place: Call) -> Scene:
    """`scene` on another surface: from its own start, with learning rates that suit it under the scene's noise.

    Rates that were equal stay equal where they mean the same, as with momentum and Nesterov, whose default is one.
    Where a scene compares rates of one optimizer, fixed or on a schedule, each is as large a part of the boldest that
    stays in view, there as here: what was just too long a step still is.
    What is fitted to curvature itself, and so has 1 for its rate by default, is left alone.
    """
    rates = {run: lr for run in scene.runs if (lr := movable_lr(run)) is not None}
    factors: dict[tuple[float, float], float] = {}  # by the rate and what it means
    for run, lr in rates.items():
        of_its_kind = {other_lr for other, other_lr in rates.items() if other.optimizer.word == run.optimizer.word}
        kind = lr, default_lr(run)
        factors[kind] = min(rescaled(scene, place, run, of_its_kind), factors.get(kind, inf))
    runs = tuple(
        run._replace(optimizer=multiplied(run.optimizer, factors[rates[run], default_lr(run)])) if run in rates else run
        for run in scene.runs
    )
    x, y = surface(place).start
    return replace(scene, surface=place, start=(float(x), float(y)), runs=runs)


def rescaled(scene: Scene, place: Call, run: Run, of_its_kind: set[float]) -> float:
    """How many times as large a rate of `run` has to be on another surface; `of_its_kind` are all its optimizer has."""
    if len(of_its_kind) > 1:
        here, there = (boldest_lr(where, run.optimizer, scene.noise, scene.seed) for where in (scene.surface, place))
        if here and there:
            return there / here
    return suggested_lr(place, run.optimizer, scene.noise, scene.seed) / min(of_its_kind)


def words(runs: Iterable[Run]) -> set[str]:
    return {run.optimizer.word for run in runs}


def default_lr(run: Run) -> float:
    return float(dict(optimizer(run.optimizer.word).hyper).get("lr", 1))


def movable_lr(run: Run) -> float | None:
    """The learning rate of a run, the highest of its schedule, if it has one that depends on the surface."""
    if default_lr(run) == 1:
        return None
    lr = run.optimizer["lr"]
    return max(levels(lr).values()) if isinstance(lr, Call) else float(lr)


def levels(follows: Call) -> dict[str, float]:
    """The arguments of a schedule that are values of what it schedules."""
    return {name: value for name, value in follows.hyper if name in LEVELS}


def multiplied(racer: Call, factor: float) -> Call:
    """An optimizer whose rate, or each level of its schedule, is so many times as large; what is 0 stays 0."""
    lr = racer["lr"]
    if not isinstance(lr, Call):
        return racer.set("lr", stop(lr * factor))
    for name, value in levels(lr).items():
        lr = lr.set(name, stop(value * factor) if value else value)
    return racer.set("lr", lr)


def stop(lr: float) -> float:
    """The nearest learning rate that a slider stops at."""
    return min(RATE.stops, key=lambda mark: abs(mark - rounded(lr)))


def newcomer(scene: Scene) -> Run:
    """What there is to add to a race: the first well-known optimizer that is not in it yet."""
    present = words(scene.runs)
    return Run(0, fitted(scene, next((word for word in NEWCOMERS if word not in present), NEWCOMERS[0])))


def fitted(scene: Scene, word: str) -> Call:
    """An optimizer with a learning rate that suits the scene's surface under its noise."""
    call = optimizer(word)
    if movable_lr(Run(0, call)) is None:
        return call
    return call.set("lr", suggested_lr(scene.surface, call, scene.noise, scene.seed))
