"""Lessons about saddles, where the gradient vanishes without a minimum."""

import numpy as np

from app.compute.cached_simulation import RunResult
from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import get_arrival_step, get_iterates, has_arrived

ESCAPE_DISTANCE = 0.5  # from the ridge; a run that is farther away has left the saddle
OPTIMIZER_NAMES = ("sgd", "momentum", "adam", "rmsprop", "newton")


def measure_saddle_end(race: SimulatedRace) -> Facts:
    newton, sgd, trust_region = race.runs
    end = get_iterates(newton)[:, -1]
    return Facts(
        "saddle" if newton.verdict.kind == "saddle" else "right" if has_arrived(newton) and end[0] > 0 else "left",
        {
            "at": newton.verdict.step,
            "arrival_sgd": int(get_arrival_step(sgd)),
            "arrival_trust": int(get_arrival_step(trust_region)),
            "loss_newton": float(newton.columns["loss"][-1]),
            "loss_sgd": float(sgd.columns["loss"][-1]),
            "curvature_x": float(newton.columns["hess_xx"][-1]),
            "curvature_y": float(newton.columns["hess_yy"][-1]),
        },
        {
            "Newton ends at the saddle": newton.verdict.kind == "saddle" and bool(np.allclose(end, 0)),
            "the slope is zero there": newton.columns["gradient_norm"][-1] < 1e-12,
            "one curvature is negative": newton.columns["hess_xx"][-1] < 0 < newton.columns["hess_yy"][-1],
            "plain descent and the trust region reach the minimum": has_arrived(sgd) and has_arrived(trust_region),
            "and the trust region in fewer steps": get_arrival_step(trust_region) < get_arrival_step(sgd),
            "Newton's first step goes towards the ridge, x = 0, and those of the others away from it": abs(
                newton.columns["x"][1]
            )
            < race.scene.start[0]
            < min(sgd.columns["x"][1], trust_region.columns["x"][1]),
        },
    )


def find_escape_step(result: RunResult) -> float:
    """The first step at which a run is farther than `ESCAPE_DISTANCE` from the ridge; infinite if there is none."""
    is_outside = np.abs(result.columns["y"]) > ESCAPE_DISTANCE
    return int(np.argmax(is_outside)) if is_outside.any() else np.inf


def measure_escape(race: SimulatedRace) -> Facts:
    steps = {name: find_escape_step(result) for name, result in zip(OPTIMIZER_NAMES, race.runs, strict=True)}
    sgd, newton = race.runs[0], race.runs[-1]
    growth_factors = np.abs(sgd.columns["y"][1:] / sgd.columns["y"][:-1])
    return Facts(
        min(steps, key=lambda name: steps[name]),
        {
            **{f"left_{name}": int(step) for name, step in steps.items() if np.isfinite(step)},
            "steps": race.scene.steps, "y_start": race.scene.start[1], "y_sgd": float(np.abs(sgd.columns["y"][-1])),
            "growth": f"{growth_factors[0]:.2f}", "gone": ESCAPE_DISTANCE,
        },
        {
            "RMSprop, Adam, momentum leave in this order":
                steps["rmsprop"] < steps["adam"] < steps["momentum"] < np.inf,
            "plain descent has not left": steps["sgd"] == np.inf,
            "it multiplies y by the same factor at every step": bool(np.allclose(growth_factors, growth_factors[0])),
            "Newton stops at the saddle after one step": newton.verdict.kind == "saddle" and newton.verdict.step == 1,
        },
    )  # fmt: skip


LESSONS = (
    RaceLesson(
        "pass",
        {"wells": """surface = double_well()
            start = 0.3,1.2
            steps = 40
            run = newton()
            run = sgd(lr=0.2)
            run = trust_region()"""},
        ("right", "left", "saddle"), "saddle", measure_saddle_end,
    ),
    RaceLesson(
        "saddle",
        {"ridge": """surface = saddle_ridge()
            start = 1,0.001
            steps = 150
            run = sgd(lr=0.02)
            run = momentum(lr=0.02)
            run = adam(lr=0.02)
            run = rmsprop(lr=0.02)
            run = newton()"""},
        OPTIMIZER_NAMES, "rmsprop", measure_escape,
    ),
)  # fmt: skip
