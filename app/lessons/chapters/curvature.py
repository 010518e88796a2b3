"""Lessons about methods that know, or learn, how the slope changes."""

import numpy as np

from app.compute.cached_simulation import build_surface
from app.lessons.lesson import Facts, Lesson, SimulatedRace
from app.lessons.run_metrics import get_arrival_step, get_hyperparameter, get_iterates, has_arrived


def measure_newton(quadratic: SimulatedRace, bent: SimulatedRace) -> Facts:
    leap, crawl = quadratic.runs
    jump = bent.runs[0].columns["loss"]
    steps = get_arrival_step(leap)
    return Facts(
        "one" if steps == 1 else "tens" if steps < 100 else "hundreds",
        {
            "condition": quadratic.scene.surface["condition"],
            "steps": quadratic.scene.steps,
            "lr": get_hyperparameter(quadratic, 1, "lr"),
            "x_sgd": float(crawl.columns["x"][-1]),
            "arrival_bent": int(get_arrival_step(bent.runs[0])),
            "peak": float(jump.max()),
            "peak_at": int(np.argmax(jump)),
            "start_bent": float(jump[0]),
            "x_start": float(crawl.columns["x"][0]),
            "limit": 2 / quadratic.scene.surface["condition"],
        },
        {
            "Newton is at the minimum after one step": steps == 1,
            "plain descent has not arrived on either surface": not has_arrived(crawl) and not has_arrived(bent.runs[1]),
            "its rate is just below 2 / κ": 0.9
            < get_hyperparameter(quadratic, 1, "lr") * quadratic.scene.surface["condition"] / 2
            < 1,
            "on Rosenbrock's valley Newton needs a few steps": 1 < get_arrival_step(bent.runs[0]) < 10,
            "and one of them goes up the wall, higher than the start": jump.max() > 10 * jump[0],
        },
    )


def measure_memory(race: SimulatedRace) -> Facts:
    newton, one, ten = race.runs
    steps = [get_arrival_step(ran) for ran in race.runs]
    cost = [int(ran.columns["evaluations"][int(k)]) for ran, k in zip(race.runs, steps, strict=True)]
    near = build_surface(race.scene.surface).start
    return Facts(
        ("newton", "one", "ten")[int(np.argmin(steps))],
        {
            "memory_one": get_hyperparameter(race, 1, "memory"),
            "memory_ten": get_hyperparameter(race, 2, "memory"),
            **{f"arrival_{name}": int(k) for name, k in zip(("newton", "one", "ten"), steps, strict=True)},
            **{f"cost_{name}": k for name, k in zip(("newton", "one", "ten"), cost, strict=True)},
            "peak": float(newton.columns["loss"].max()),
        },
        {
            "all arrive": all(has_arrived(ran) for ran in race.runs),
            "more memory, fewer steps": steps[0] < steps[2] < steps[1],
            "and less cost": cost[0] < cost[2] < cost[1],
            "L-BFGS's loss never rises": all((np.diff(ran.columns["loss"]) <= 0).all() for ran in (one, ten)),
            "Newton's does": newton.columns["loss"].max() > newton.columns["loss"][0],
            "they begin where the surface begins": race.scene.start == tuple(near),
            "the first step of both L-BFGS is the same": bool(
                (get_iterates(one)[:, 1] == get_iterates(ten)[:, 1]).all()
            ),
        },
    )


def measure_minibatches(some: SimulatedRace, everything: SimulatedRace) -> Facts:
    wild, calm = some.runs
    sure, slow = everything.runs
    data = build_surface(some.scene.surface)
    return Facts(
        "sgd"
        if get_arrival_step(sure) and wild.verdict.kind == "diverged" and calm.columns["loss"][-1] < 1
        else "lbfgs",
        {
            "batch": data.batch_size,
            "samples": data.sample_count,
            "arrival": int(get_arrival_step(sure)),
            "lost": wild.verdict.step,
            "loss_sgd": float(calm.columns["loss"][-1]),
            "loss_low": float(sure.columns["loss"][-1]),
            "loss_lbfgs": float(wild.columns["loss"][-1]),
        },
        {
            "with all of the data L-BFGS arrives, and first": get_arrival_step(sure) < get_arrival_step(slow),
            "with minibatches it is lost": wild.verdict.kind == "diverged",
            "plain descent is hardly worse for them": calm.columns["loss"][-1] < 1.02 * slow.columns["loss"][-1],
            "nothing but the batch differs": some.scene.runs == everything.scene.runs,
            "the step of plain descent is no longer than its slope says": bool(calm.columns["step_length"].max() < 5),
            "a single step of L-BFGS is longer than the picture is wide": bool(
                wild.columns["step_length"].max() > np.ptp(data.box.x)
            ),
        },
    )


def write_logistic_scene(batch: str) -> str:
    surface = f"surface = logistic_regression({batch})"
    return f"{surface}\nstart = 3.5,2.5\nsteps = 100\nrun = lbfgs()\nrun = sgd(lr=1)"


LESSONS = (
    Lesson(
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
    Lesson(
        "memory",
        {"rosenbrock": """surface = rosenbrock()
            start = -1.2,1
            steps = 45
            run = newton()
            run = lbfgs(memory=1)
            run = lbfgs(memory=10)"""},
        ("newton", "one", "ten"), "newton", measure_memory,
    ),
    Lesson(
        "minibatches", {"some": write_logistic_scene("batch_size=4,seed=1"), "all": write_logistic_scene("")},
        ("lbfgs", "sgd"), "sgd", measure_minibatches,
    ),
)  # fmt: skip
