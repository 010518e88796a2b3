"""Suit learning rates to a surface: for a new run, and when a scene moves to another surface."""

from dataclasses import replace
from math import inf

from app.compute.cached_simulation import build_surface, get_largest_lr_in_view, get_safe_lr, get_suggested_lr
from app.model.hyperparameter_table import LEVEL_LABELS, LR_RANGE, round_to_3_digits
from app.model.scene import Call, Run, Scene, optimizer_call

SUGGESTED_OPTIMIZERS = ("adam", "momentum", "sgd", "rmsprop", "nesterov", "lbfgs", "newton", "adagrad")


def move_to_surface(scene: Scene, surface: Call, *, safe_only: bool = True) -> Scene:
    """Move a scene to another surface: to its start, with learning rates that suit it under the scene's noise.

    Equal rates of optimizers with the same default, like momentum and Nesterov, stay equal. If a scene compares several
    rates of one optimizer, each keeps its ratio to the largest rate that stays in view: a step that was just too long
    still is, and one that was safe still is, whatever the ratio. Methods that scale their steps by curvature, whose
    default rate is 1, keep their rate. `safe_only` is False for links that name no runs, which open as they always did.
    """
    rates = {run: lr for run in scene.runs if (lr := get_transferable_lr(run)) is not None}
    factors: dict[tuple[float, float], float] = {}  # by the rate and its optimizer's default
    for run, lr in rates.items():
        same_optimizer_lrs = {
            other_lr for other, other_lr in rates.items() if other.optimizer.name == run.optimizer.name
        }
        kind = lr, get_default_lr(run)
        factors[kind] = min(find_lr_factor(scene, surface, run, same_optimizer_lrs, safe_only), factors.get(kind, inf))
    runs = tuple(
        run._replace(optimizer=scale_call_lr(run.optimizer, factors[rates[run], get_default_lr(run)]))
        if run in rates
        else run
        for run in scene.runs
    )
    x, y = build_surface(surface).start
    return replace(scene, surface=surface, start=(float(x), float(y)), runs=runs)


def find_lr_factor(scene: Scene, surface: Call, run: Run, same_optimizer_lrs: set[float], safe_only: bool) -> float:
    """The factor by which the rate of `run` changes on another surface."""
    if len(same_optimizer_lrs) > 1:
        old, new = (
            get_largest_lr_in_view(call, run.optimizer, scene.noise, scene.seed) for call in (scene.surface, surface)
        )
        if old and new:
            return keep_safe(scene.surface, surface, run, new / old) if safe_only else new / old
    lr = get_suggested_lr(surface, run.optimizer, scene.noise, scene.seed, safe_only=safe_only)
    return lr / min(same_optimizer_lrs)


def keep_safe(old_surface: Call, surface: Call, run: Run, factor: float) -> float:
    """The factor of a run's rate, made smaller where it would leave the safe rates that the run has kept to so far.

    A schedule may begin above them.
    """
    lr = get_transferable_lr(run) or 0.0
    safe = get_safe_lr(surface, run.optimizer)
    if (
        isinstance(run.optimizer["lr"], Call)
        or lr > get_safe_lr(old_surface, run.optimizer)
        or round_to_slider_stop(lr * factor) <= safe
    ):
        return factor
    return max((stop for stop in LR_RANGE.stops if stop <= safe), default=LR_RANGE.low) / lr


def get_default_lr(run: Run) -> float:
    return float(dict(optimizer_call(run.optimizer.name).arguments).get("lr", 1))


def get_transferable_lr(run: Run) -> float | None:
    """The learning rate of a run, or the highest one of its schedule; None if the rate is 1 on every surface."""
    if get_default_lr(run) == 1:
        return None
    lr = run.optimizer["lr"]
    return max(get_levels(lr).values()) if isinstance(lr, Call) else float(lr)


def get_levels(schedule: Call) -> dict[str, float]:
    """The arguments of a schedule that are values of the scheduled hyperparameter."""
    return {name: value for name, value in schedule.arguments if name in LEVEL_LABELS}


def scale_call_lr(optimizer: Call, factor: float) -> Call:
    """Multiply the rate, or each level of its schedule, by a factor."""
    lr = optimizer["lr"]
    if not isinstance(lr, Call):
        return optimizer.with_argument("lr", round_to_slider_stop(lr * factor))
    for name, value in get_levels(lr).items():
        lr = lr.with_argument(name, round_to_slider_stop(value * factor) if value else value)
    return optimizer.with_argument("lr", lr)


def round_to_slider_stop(lr: float) -> float:
    """The learning rate at the nearest stop of the slider."""
    return min(LR_RANGE.stops, key=lambda stop: abs(stop - round_to_3_digits(lr)))


def list_changed_lrs(before: Scene, after: Scene) -> list[tuple[Run, float, float]]:
    """The runs of `after` whose learning rate was another in `before`, with the old one and the new one."""
    return [
        (run, old_lr, new_lr)
        for run, earlier in pair_runs(before, after)
        if (old_lr := get_transferable_lr(earlier)) is not None
        and (new_lr := get_transferable_lr(run)) is not None
        and old_lr != new_lr
    ]


def are_lrs_safe(scene: Scene) -> bool:
    """Are all learning rates below the stable limits that are known?"""
    rates = ((run, get_transferable_lr(run)) for run in scene.runs)
    return all(lr is None or lr <= get_safe_lr(scene.surface, run.optimizer) for run, lr in rates)


def restore_lrs(before: Scene, after: Scene) -> Scene:
    """`after` with the learning rates, or the schedules of them, that its runs had in `before`."""
    for run, earlier in pair_runs(before, after):
        if "lr" in dict(run.optimizer.arguments):
            after = after.change_run(run.slot, optimizer=run.optimizer.with_argument("lr", earlier.optimizer["lr"]))
    return after


def pair_runs(before: Scene, after: Scene) -> list[tuple[Run, Run]]:
    """Each run of `after` with the one of the same slot and optimizer in `before`."""
    earlier_runs = {(run.slot, run.optimizer.name): run for run in before.runs}
    return [
        (run, earlier_runs[run.slot, run.optimizer.name])
        for run in after.runs
        if (run.slot, run.optimizer.name) in earlier_runs
    ]


def suggest_run(scene: Scene) -> Run:
    """The first well-known optimizer that is not in the race yet."""
    present = {run.optimizer.name for run in scene.runs}
    missing = (name for name in SUGGESTED_OPTIMIZERS if name not in present)
    return Run(0, with_suited_lr(scene, next(missing, SUGGESTED_OPTIMIZERS[0])))


def with_suited_lr(scene: Scene, name: str) -> Call:
    """An optimizer with a learning rate that suits the scene's surface under its noise."""
    call = optimizer_call(name)
    if get_transferable_lr(Run(0, call)) is None:
        return call
    return call.with_argument("lr", get_suggested_lr(scene.surface, call, scene.noise, scene.seed))
