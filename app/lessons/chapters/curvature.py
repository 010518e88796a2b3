"""Lessons about methods that know, or learn, how the slope changes."""

import numpy as np

from app.compute.cached_simulation import surface
from app.lessons.lesson import Facts, Lesson, Race
from app.lessons.run_metrics import arrival, arrived, hyper, points


def newton(quadratic: Race, bent: Race) -> Facts:
    leap, crawl = quadratic.runs
    jump = bent.runs[0].columns["loss"]
    steps = arrival(leap)
    return Facts(
        "one" if steps == 1 else "tens" if steps < 100 else "hundreds",
        {
            "condition": quadratic.scene.surface["condition"], "steps": quadratic.scene.steps,
            "lr": hyper(quadratic, 1, "lr"), "x_sgd": float(crawl.columns["x"][-1]),
            "arrival_bent": int(arrival(bent.runs[0])), "peak": float(jump.max()), "peak_at": int(np.argmax(jump)),
            "start_bent": float(jump[0]), "x_start": float(crawl.columns["x"][0]),
            "limit": 2 / quadratic.scene.surface["condition"],
        },
        {
            "Newton is at the minimum after one step": steps == 1,
            "plain descent has not arrived on either surface": not arrived(crawl) and not arrived(bent.runs[1]),
            "its rate is just below 2 / κ":
                0.9 < hyper(quadratic, 1, "lr") * quadratic.scene.surface["condition"] / 2 < 1,
            "on Rosenbrock's valley Newton needs a few steps": 1 < arrival(bent.runs[0]) < 10,
            "and one of them goes up the wall, higher than the start": jump.max() > 10 * jump[0],
        },
    )  # fmt: skip


def memory(race: Race) -> Facts:
    newton, one, ten = race.runs
    steps = [arrival(ran) for ran in race.runs]
    cost = [int(ran.columns["evaluations"][int(k)]) for ran, k in zip(race.runs, steps, strict=True)]
    near = surface(race.scene.surface).start
    return Facts(
        ("newton", "one", "ten")[int(np.argmin(steps))],
        {
            "memory_one": hyper(race, 1, "memory"), "memory_ten": hyper(race, 2, "memory"),
            **{f"arrival_{name}": int(k) for name, k in zip(("newton", "one", "ten"), steps, strict=True)},
            **{f"cost_{name}": k for name, k in zip(("newton", "one", "ten"), cost, strict=True)},
            "peak": float(newton.columns["loss"].max()),
        },
        {
            "all arrive": all(arrived(ran) for ran in race.runs),
            "more memory, fewer steps": steps[0] < steps[2] < steps[1],
            "and less cost": cost[0] < cost[2] < cost[1],
            "L-BFGS's loss never rises": all((np.diff(ran.columns["loss"]) <= 0).all() for ran in (one, ten)),
            "Newton's does": newton.columns["loss"].max() > newton.columns["loss"][0],
            "they begin where the surface begins": race.scene.start == tuple(near),
            "the first step of both L-BFGS is the same": bool((points(one)[:, 1] == points(ten)[:, 1]).all()),
        },
    )  # fmt: skip


def minibatches(some: Race, everything: Race) -> Facts:
    wild, calm = some.runs
    sure, slow = everything.runs
    data = surface(some.scene.surface)
    return Facts(
        "sgd" if arrival(sure) and wild.verdict.kind == "diverged" and calm.columns["loss"][-1] < 1 else "lbfgs",
        {
            "batch": data.batch_size, "samples": data.samples, "arrival": int(arrival(sure)),
            "lost": wild.verdict.step, "loss_sgd": float(calm.columns["loss"][-1]),
            "loss_low": float(sure.columns["loss"][-1]), "loss_lbfgs": float(wild.columns["loss"][-1]),
        },
        {
            "with all of the data L-BFGS arrives, and first": arrival(sure) < arrival(slow),
            "with minibatches it is lost": wild.verdict.kind == "diverged",
            "plain descent is hardly worse for them": calm.columns["loss"][-1] < 1.02 * slow.columns["loss"][-1],
            "nothing but the batch differs": some.scene.runs == everything.scene.runs,
            "the step of plain descent is no longer than its slope says":
                bool(calm.columns["step_length"].max() < 5),
            "a single step of L-BFGS is longer than the picture is wide":
                bool(wild.columns["step_length"].max() > np.ptp(data.box.x)),
        },
    )  # fmt: skip


def flights(batch: str) -> str:
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
        ("one", "tens", "hundreds"), "one", newton,
    ),
    Lesson(
        "memory",
        {"rosenbrock": """surface = rosenbrock()
            start = -1.2,1
            steps = 45
            run = newton()
            run = lbfgs(memory=1)
            run = lbfgs(memory=10)"""},
        ("newton", "one", "ten"), "newton", memory,
    ),
    Lesson(
        "minibatches", {"some": flights("batch_size=4,seed=1"), "all": flights("")},
        ("lbfgs", "sgd"), "sgd", minibatches,
    ),
)  # fmt: skip
