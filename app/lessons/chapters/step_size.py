"""Lessons about one step, and how long it may be."""

from math import log

import numpy as np

from app.compute.cached_simulation import surface
from app.lessons.lesson import Facts, Lesson, Race
from app.lessons.run_metrics import arrival, hyper, lowest, points, rises


def one_step(race: Race) -> Facts:
    (ran,) = race.runs
    lr, length, slope = hyper(race, 0, "lr"), ran.columns["step_length"][1:], ran.columns["gradient_norm"]
    shorter, longer = bool((np.diff(length) < 0).all()), bool((np.diff(length) > 0).all())
    return Facts(
        "shorter" if shorter else "longer" if longer else "same",
        {
            "lr": lr, "first": float(length[0]), "last": float(length[-1]), "steps": length.size,
            "slope": float(slope[0]), "slope_last": float(slope[-2]),
        },
        {
            "a step is as long as the learning rate times the slope": np.allclose(length, lr * slope[:-1]),
            "the slope falls at every step": bool((np.diff(slope) < 0).all()),
            "the loss never rises": rises(ran) == 0,
        },
    )  # fmt: skip


NAMES = ("low", "good", "high", "exploding")


def four_rates(race: Race) -> Facts:
    low, good, high, exploding = race.runs
    limit = 2 / top(race)
    floor = abs(good.columns["y"])
    return Facts(
        lowest(race.runs, NAMES),
        {
            **{f"lr_{name}": hyper(race, i, "lr") for i, name in enumerate(NAMES)},
            "loss_low": float(low.columns["loss"][-1]), "loss_high": float(high.columns["loss"][-1]),
            "loss_exploding": float(exploding.columns["loss"][-1]),
            "steps": race.scene.steps, "start": float(low.columns["loss"][0]), "arrival": int(arrival(good)),
        },
        {
            "the good one reaches the minimum": arrival(good) <= race.scene.steps,
            "the low one has not arrived, and its loss never rises": low.verdict.kind == "running" and rises(low) == 0,
            "the low one comes down along its own side: y keeps its sign": bool((low.columns["y"] > 0).all()),
            "the high one swings: y changes its sign at every step": swings(high.columns["y"]),
            "the high one has not arrived": high.verdict.kind == "running",
            "the high one ends below where it began": high.columns["loss"][-1] < high.columns["loss"][0],
            "the exploding one is above the limit, the others are below": [
                hyper(race, i, "lr") < limit for i in range(4)
            ] == [True, True, True, False],
            "the exploding one diverges": exploding.verdict.kind == "diverged",
            "the good one falls into the ravine first": bool(floor[10] < 0.1 < abs(good.columns["x"][10])),
        },
    )  # fmt: skip


def swings(y: np.ndarray) -> bool:
    return bool((y[1:] * y[:-1] < 0).all())


def top(race: Race) -> float:
    """The largest curvature at the minimum."""
    problem = surface(race.scene.surface)
    return float(np.linalg.eigvalsh(problem.hess(np.array(problem.minima[0])))[-1])


def limit(race: Race) -> Facts:
    below, above = race.runs
    bound, curvature = 2 / top(race), top(race)
    y = [ran.columns["y"] for ran in race.runs]
    factors = [1 - hyper(race, i, "lr") * curvature for i in range(2)]
    falls, grows = below.columns["loss"][-1] < below.columns["loss"][0], above.verdict.kind == "diverging"
    return Facts(
        "split" if falls and grows else "both" if falls else "neither",
        {
            "limit": bound, "curvature": curvature, "lr_below": hyper(race, 0, "lr"), "lr_above": hyper(race, 1, "lr"),
            "factor_below": abs(factors[0]), "factor_above": abs(factors[1]), "steps": race.scene.steps,
            "loss_below": float(below.columns["loss"][-1]), "loss_above": float(above.columns["loss"][-1]),
        },
        {
            "each step multiplies y by 1 - lr λ": all(
                np.allclose(v[1:], factor * v[:-1]) for v, factor in zip(y, factors, strict=True)
            ),
            "both jump to the other wall at every step": all(swings(v) for v in y),
            "one rate is below 2 / λ and one above": hyper(race, 0, "lr") < bound < hyper(race, 1, "lr"),
            "neither has arrived when the picture ends": below.verdict.kind == "running",
        },
    )  # fmt: skip


def ravine(steep: Race, mild: Race) -> Facts:
    numbers, claims = {}, {}
    for name, race in (("steep", steep), ("mild", mild)):
        kappa, distance = float(race.scene.surface["condition"]), np.hypot(*points(race.runs[0]))
        theory = (kappa - 1) / (kappa + 1)
        ratios = distance[1:] / distance[:-1]
        tenth = int(np.argmax(distance <= distance[0] / 10))
        numbers |= {
            f"kappa_{name}": kappa, f"theory_{name}": f"{theory:.4f}", f"measured_{name}": f"{ratios.mean():.4f}",
            f"tenth_{name}": tenth,
        }  # fmt: skip
        claims |= {
            f"{name}: every step leaves the part of the distance that theory says": np.allclose(ratios, theory),
            f"{name}: a tenth is reached when theory says": tenth == int(np.ceil(-log(10) / log(theory))),
            f"{name}: the rate is the best one, 2 / (1 + κ)": np.isclose(hyper(race, 0, "lr"), 2 / (1 + kappa)),
        }
    tenth = numbers["tenth_steep"]
    choices = {"few": 5, "tens": 60, "hundreds": 500}
    return Facts(min(choices, key=lambda name: abs(log(choices[name] / tenth))), numbers, claims)


LESSONS = (
    Lesson(
        "step",
        {"bowl": "surface = bowl(condition=3)\nstart = -4,-1\nsteps = 25\nrun = sgd(lr=0.15)"},
        ("same", "shorter", "longer"), "shorter", one_step,
    ),
    Lesson(
        "rates",
        {"ravine": """surface = ravine(condition=10)
            start = -9,2.5
            steps = 60
            run = sgd(lr=0.01)
            run = sgd(lr=0.16)
            run = sgd(lr=0.199)
            run = sgd(lr=0.22)"""},
        NAMES, "good", four_rates,
    ),
    Lesson(
        "limit",
        {"ravine": """surface = ravine(condition=10)
            start = -9,2.5
            steps = 40
            run = sgd(lr=0.195)
            run = sgd(lr=0.205)"""},
        ("both", "split", "neither"), "split", limit,
    ),
    Lesson(
        "ravine",
        {
            "steep": "surface = ravine(condition=50)\nstart = -9,2.5\nsteps = 120\nrun = sgd(lr=0.0392156862745098)",
            "mild": "surface = ravine(condition=10)\nstart = -9,2.5\nsteps = 120\nrun = sgd(lr=0.181818181818182)",
        },
        ("few", "tens", "hundreds"), "tens", ravine,
    ),
)  # fmt: skip
