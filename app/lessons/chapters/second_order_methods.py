"""Lessons about methods that use or estimate curvature."""

import numpy as np

from app.compute.cached_simulation import build_surface
from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import count_loss_rises, get_arrival_step, get_hyperparameter, get_iterates, has_arrived


def measure_newton(quadratic: SimulatedRace, rosenbrock: SimulatedRace) -> Facts:
    newton, sgd = quadratic.runs
    loss = rosenbrock.runs[0].columns["loss"]
    steps = get_arrival_step(newton)
    return Facts(
        "one" if steps == 1 else "tens" if steps < 100 else "hundreds",
        {
            "condition": quadratic.scene.surface["condition"],
            "steps": quadratic.scene.steps,
            "lr": get_hyperparameter(quadratic, 1, "lr"),
            "x_sgd": float(sgd.columns["x"][-1]),
            "arrival_bent": int(get_arrival_step(rosenbrock.runs[0])),
            "peak": float(loss.max()),
            "peak_at": int(np.argmax(loss)),
            "start_bent": float(loss[0]),
            "x_start": float(sgd.columns["x"][0]),
            "limit": 2 / quadratic.scene.surface["condition"],
        },
        {
            "Newton is at the minimum after one step": steps == 1,
            "plain descent has not arrived on either surface": not any(map(has_arrived, (sgd, rosenbrock.runs[1]))),
            "its rate is just below 2 / κ": 0.9
            < get_hyperparameter(quadratic, 1, "lr") * quadratic.scene.surface["condition"] / 2
            < 1,
            "on Rosenbrock's valley Newton needs a few steps": 1 < get_arrival_step(rosenbrock.runs[0]) < 10,
            "and one of them goes up the wall, higher than the start": loss.max() > 10 * loss[0],
        },
    )


def measure_memory(race: SimulatedRace) -> Facts:
    newton, one_pair, ten_pairs = race.runs
    steps = [get_arrival_step(result) for result in race.runs]
    costs = [int(result.columns["evaluations"][int(step)]) for result, step in zip(race.runs, steps, strict=True)]
    surface_start = build_surface(race.scene.surface).start
    return Facts(
        ("newton", "one", "ten")[int(np.argmin(steps))],
        {
            "memory_one": get_hyperparameter(race, 1, "memory"),
            "memory_ten": get_hyperparameter(race, 2, "memory"),
            **{f"arrival_{name}": int(step) for name, step in zip(("newton", "one", "ten"), steps, strict=True)},
            **{f"cost_{name}": cost for name, cost in zip(("newton", "one", "ten"), costs, strict=True)},
            "peak": float(newton.columns["loss"].max()),
        },
        {
            "all arrive": all(map(has_arrived, race.runs)),
            "more memory, fewer steps": steps[0] < steps[2] < steps[1],
            "and less cost": costs[0] < costs[2] < costs[1],
            "L-BFGS's loss never rises": not any(map(count_loss_rises, (one_pair, ten_pairs))),
            "Newton's does": newton.columns["loss"].max() > newton.columns["loss"][0],
            "they begin where the surface begins": race.scene.start == tuple(surface_start),
            "the first step of both L-BFGS is the same": bool(
                (get_iterates(one_pair)[:, 1] == get_iterates(ten_pairs)[:, 1]).all()
            ),
        },
    )


def measure_minibatches(batches: SimulatedRace, full_data: SimulatedRace) -> Facts:
    batch_lbfgs, batch_sgd = batches.runs
    full_lbfgs, full_sgd = full_data.runs
    data = build_surface(batches.scene.surface)
    return Facts(
        "sgd"
        if get_arrival_step(full_lbfgs) and batch_lbfgs.verdict.kind == "diverged" and batch_sgd.columns["loss"][-1] < 1
        else "lbfgs",
        {
            "batch": data.batch_size,
            "samples": data.sample_count,
            "arrival": int(get_arrival_step(full_lbfgs)),
            "lost": batch_lbfgs.verdict.step,
            "loss_sgd": float(batch_sgd.columns["loss"][-1]),
            "loss_low": float(full_lbfgs.columns["loss"][-1]),
            "loss_lbfgs": float(batch_lbfgs.columns["loss"][-1]),
        },
        {
            "with all of the data L-BFGS arrives, and first": get_arrival_step(full_lbfgs) < get_arrival_step(full_sgd),
            "with minibatches it is lost": batch_lbfgs.verdict.kind == "diverged",
            "plain descent is hardly worse for them": batch_sgd.columns["loss"][-1]
            < 1.02 * full_sgd.columns["loss"][-1],
            "nothing but the batch differs": batches.scene.runs == full_data.scene.runs,
            "the step of plain descent is no longer than its slope says": bool(
                batch_sgd.columns["step_length"].max() < 5
            ),
            "a single step of L-BFGS is longer than the picture is wide": bool(
                batch_lbfgs.columns["step_length"].max() > np.ptp(data.box.x)
            ),
        },
    )


def write_logistic_scene(batch: str) -> str:
    surface = f"surface = logistic_regression({batch})"
    return f"{surface}\nstart = 3.5,2.5\nsteps = 100\nrun = lbfgs()\nrun = sgd(lr=1)"


LESSONS = (
    RaceLesson(
        "newton",
        {
            "ravine": """surface = ravine(condition=1000)
                start = -9,2.5
                steps = 30
                run = newton()
                run = sgd(lr=0.0019)""",
            "rosenbrock": """surface = rosenbrock()
                start = -1.2,1
                steps = 30
                run = newton()
                run = sgd(lr=0.001)""",
        },
        ("one", "tens", "hundreds"), "one", measure_newton,
    ),
    RaceLesson(
        "memory",
        {"rosenbrock": """surface = rosenbrock()
            start = -1.2,1
            steps = 45
            run = newton()
            run = lbfgs(memory=1)
            run = lbfgs(memory=10)"""},
        ("newton", "one", "ten"), "newton", measure_memory,
    ),
    RaceLesson(
        "minibatches", {"some": write_logistic_scene("batch_size=4,seed=1"), "all": write_logistic_scene("")},
        ("lbfgs", "sgd"), "sgd", measure_minibatches,
    ),
)  # fmt: skip
