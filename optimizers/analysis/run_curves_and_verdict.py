"""The curves of a run, step by step (loss, slope, step length, learning rate, evaluations), and its verdict."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimizers.analysis.run_judgement import judge_run
from optimizers.analysis.run_record import RunRecord
from optimizers.analysis.verdict_causes import explain_judgement
from optimizers.analysis.verdict_types import Verdict
from optimizers.base import State, iterate_nested_states
from optimizers.simulate import Trajectory
from optimizers.wrappers import AveragedState
from surfaces.base import Array, Problem
from surfaces.translatable import Translatable


class Diagnosis(NamedTuple):
    """The curves of one run, each with an entry per iterate (entry 0 is the start), and its verdict."""

    loss: Array  # of the iterate itself: the true loss, not a minibatch's
    gradient: Array  # (2, steps + 1), of the full data
    gradient_norm: Array
    step_length: Array  # |x_t - x_(t-1)|, 0 at the start
    update_ratio: Array  # |x_t - x_(t-1)| / |x_(t-1)|, 0 at the start
    lr: Array | None  # in force in step t; None for a method that has none
    evaluations: NDArray[np.int64] | None  # (3, steps + 1): calls of value, gradient, Hessian up to step t
    verdict: Verdict


def diagnose(
    path: Trajectory,
    problem: Problem,
    minima: Sequence[tuple[float, float]] = (),
    evaluations: NDArray[np.int64] | None = None,
    hyper: Mapping[str, Any] | None = None,
    *,
    optimizer_name: str = "",
    widths: tuple[float, float] = (1.0, 1.0),
    rerun: Callable[[float], Trajectory] | None = None,
    rerun_with_momentum: Callable[[float], Trajectory] | None = None,
    rerun_without_noise: Callable[[], Trajectory] | None = None,
) -> Diagnosis:
    """Curves and verdict of a single run, `path.x` of shape (2, steps + 1).

    `minima` are the global ones; `evaluations` the counts of a `CountedProblem` (a run that counts for itself, as
    SciPy's do, overrides them); `hyper` the optimizer's fixed hyperparameters; `optimizer_name` decides which theory of
    stability applies; `widths` is the size of the view. To see what is to blame, `rerun` makes the same run with a
    learning rate so many times as large, `rerun_with_momentum` with another `mu` or `beta1`, and `rerun_without_noise`,
    of a run whose gradients are noisy, with exact ones.
    """
    hyper = hyper or {}
    lr, mu, beta1 = (hyperparameter_by_step(path.states, name, hyper) for name in ("lr", "mu", "beta1"))
    if lr is not None:
        lr = lr * plateau_scale(path.states)
    x = path.x
    with np.errstate(all="ignore"):
        loss = np.asarray(problem.value(x))
        g = np.asarray(problem.grad(x), dtype=np.float64)
        slope = np.hypot(*g)
        length, size = np.hypot(*np.diff(x)), np.hypot(*x[:, :-1])
        ratio = np.divide(length, size, out=np.zeros_like(size), where=size > 0)
        run = RunRecord(
            x, path.alive, loss, slope, problem, minima, np.array(widths, dtype=np.float64), optimizer_name, lr, mu,
            solver_stopped=bool(solver_message(path)), beta1=beta1, averaged_x=list_averaged_iterates(path.states),
        )  # fmt: skip
        repeatable = run._replace(
            rerun=rerun and (lambda factor: replace_path(run, rerun(factor))),
            rerun_with_momentum=rerun_with_momentum and (lambda value: replace_path(run, rerun_with_momentum(value))),
            rerun_without_noise=rerun_without_noise and (lambda: replace_path(run, rerun_without_noise())),
        )
        verdict = explain_judgement(repeatable, judge_run(run))
    counts = reported_evaluations(path.states)
    return Diagnosis(
        loss,
        g,
        slope,
        np.concatenate(([0.0], length)),
        np.concatenate(([0.0], ratio)),
        lr,
        evaluations if counts is None else counts,
        append_message(verdict, solver_message(path)),
    )


def solver_message(path: Trajectory) -> str:
    """The solver's message on why it stopped; empty if it has not."""
    return str(getattr(path.states[-1], "message", ""))


def list_averaged_iterates(states: Sequence[State]) -> Array | None:
    """The optimizer's own iterates (2, steps + 1), if the path has averages of them; None if it has themselves."""
    return np.array([state.x for state in states]).T if isinstance(states[0], AveragedState) else None


def replace_path(run: RunRecord, path: Trajectory) -> RunRecord:
    """The run with another path in place of its own."""
    loss, norm = np.asarray(run.problem.value(path.x)), np.hypot(*run.problem.grad(path.x))
    return run._replace(
        x=path.x, alive=path.alive, loss=loss, gradient_norm=norm, solver_stopped=bool(solver_message(path)),
        averaged_x=list_averaged_iterates(path.states),
    )  # fmt: skip


def append_message(verdict: Verdict, message: str) -> Verdict:
    """Append the solver's message to the verdict."""
    if not message:
        return verdict
    sentence = Translatable(
        "{verdict} SciPy stopped: {message}.", verdict=verdict.sentence, message=message.rstrip(".: ")
    )
    return verdict._replace(sentence=sentence)


def hyperparameter_by_step(states: Sequence[State], name: str, hyper: Mapping[str, Any]) -> Array | None:
    """Hyperparameter `name` in each step, from a scheduled run's states or fixed; entry 0 repeats that of step 1."""
    if len(states) > 1 and scheduled_value(states[1], name) is not None:
        values = [scheduled_value(state, name) for state in (states[1], *states[1:])]
        return np.array(values, dtype=np.float64)
    fixed = hyper.get(name)
    return None if fixed is None else np.full(len(states), fixed, dtype=np.float64)


def scheduled_value(state: State, name: str) -> float | None:
    """`state.hyper[name]`, here or in the state of an optimizer wrapped in it; None if there is none."""
    known = (getattr(part, "hyper", {}) for part in iterate_nested_states(state))
    return next((float(hyper[name]) for hyper in known if name in hyper), None)


def plateau_scale(states: Sequence[State]) -> Array:
    """The factor by which `reduce_on_plateau` multiplied each step; 1 for every other run."""
    return np.array([getattr(state, "scale", 1.0) for state in states], dtype=np.float64)


def reported_evaluations(states: Sequence[State]) -> NDArray[np.int64] | None:
    """The evaluations (3, steps + 1) that SciPy's runs count for themselves; None for other runs."""
    if not hasattr(states[0], "evaluations"):
        return None
    return np.array([state.evaluations for state in states], dtype=np.int64).T
