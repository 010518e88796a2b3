"""Lessons about the learning rate and the length of a step."""

from math import log

import numpy as np

from app.compute.cached_simulation import build_surface
from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import (
    count_loss_rises,
    find_lowest_loss,
    get_arrival_step,
    get_hyperparameter,
    get_iterates,
)


def measure_one_step(race: SimulatedRace) -> Facts:
    (result,) = race.runs
    lr = get_hyperparameter(race, 0, "lr")
    lengths, slopes = result.columns["step_length"][1:], result.columns["gradient_norm"]
    shorter, longer = bool((np.diff(lengths) < 0).all()), bool((np.diff(lengths) > 0).all())
    return Facts(
        "shorter" if shorter else "longer" if longer else "same",
        {
            "lr": lr, "first": float(lengths[0]), "last": float(lengths[-1]), "steps": lengths.size,
            "slope": float(slopes[0]), "slope_last": float(slopes[-2]),
        },
        {
            "a step is as long as the learning rate times the slope": np.allclose(lengths, lr * slopes[:-1]),
            "the slope falls at every step": bool((np.diff(slopes) < 0).all()),
            "the loss never rises": count_loss_rises(result) == 0,
        },
    )  # fmt: skip


RATE_NAMES = ("low", "good", "high", "exploding")


def measure_four_rates(race: SimulatedRace) -> Facts:
    low, good, high, exploding = race.runs
    limit = 2 / largest_curvature(race)
    wall_distance = abs(good.columns["y"])
    return Facts(
        find_lowest_loss(race.runs, RATE_NAMES),
        {
            **{f"lr_{name}": get_hyperparameter(race, i, "lr") for i, name in enumerate(RATE_NAMES)},
            "loss_low": float(low.columns["loss"][-1]),
            "loss_high": float(high.columns["loss"][-1]),
            "loss_exploding": float(exploding.columns["loss"][-1]),
            "steps": race.scene.steps,
            "start": float(low.columns["loss"][0]),
            "arrival": int(get_arrival_step(good)),
        },
        {
            "the good one reaches the minimum": get_arrival_step(good) <= race.scene.steps,
            "the low one has not arrived, and its loss never rises": low.verdict.kind == "running"
            and count_loss_rises(low) == 0,
            "the low one comes down along its own side: y keeps its sign": bool((low.columns["y"] > 0).all()),
            "the high one swings: y changes its sign at every step": alternates_sign(high.columns["y"]),
            "the high one has not arrived": high.verdict.kind == "running",
            "the high one ends below where it began": high.columns["loss"][-1] < high.columns["loss"][0],
            "the exploding one is above the limit, the others are below": [
                get_hyperparameter(race, i, "lr") < limit for i in range(4)
            ]
            == [True, True, True, False],
            "the exploding one diverges": exploding.verdict.kind == "diverged",
            "the good one falls into the ravine first": bool(wall_distance[10] < 0.1 < abs(good.columns["x"][10])),
        },
    )


def alternates_sign(y: np.ndarray) -> bool:
    return bool((y[1:] * y[:-1] < 0).all())


def largest_curvature(race: SimulatedRace) -> float:
    """The largest curvature at the minimum."""
    problem = build_surface(race.scene.surface)
    return float(np.linalg.eigvalsh(problem.hess(np.array(problem.minima[0])))[-1])


def measure_limit(race: SimulatedRace) -> Facts:
    below, above = race.runs
    curvature = largest_curvature(race)
    limit = 2 / curvature
    y = [result.columns["y"] for result in race.runs]
    factors = [1 - get_hyperparameter(race, i, "lr") * curvature for i in range(2)]
    falls, grows = below.columns["loss"][-1] < below.columns["loss"][0], above.verdict.kind == "diverging"
    return Facts(
        "split" if falls and grows else "both" if falls else "neither",
        {
            "limit": limit,
            "curvature": curvature,
            "lr_below": get_hyperparameter(race, 0, "lr"),
            "lr_above": get_hyperparameter(race, 1, "lr"),
            "factor_below": abs(factors[0]),
            "factor_above": abs(factors[1]),
            "steps": race.scene.steps,
            "loss_below": float(below.columns["loss"][-1]),
            "loss_above": float(above.columns["loss"][-1]),
        },
        {
            "each step multiplies y by 1 - lr λ": all(
                np.allclose(column[1:], factor * column[:-1]) for column, factor in zip(y, factors, strict=True)
            ),
            "both jump to the other wall at every step": all(alternates_sign(column) for column in y),
            "one rate is below 2 / λ and one above": get_hyperparameter(race, 0, "lr")
            < limit
            < get_hyperparameter(race, 1, "lr"),
            "neither has arrived when the picture ends": below.verdict.kind == "running",
        },
    )


def measure_ravine(steep: SimulatedRace, mild: SimulatedRace) -> Facts:
    numbers, claims = {}, {}
    for name, race in (("steep", steep), ("mild", mild)):
        kappa, distance = float(race.scene.surface["condition"]), np.hypot(*get_iterates(race.runs[0]))
        theory = (kappa - 1) / (kappa + 1)
        ratios = distance[1:] / distance[:-1]
        tenth_step = int(np.argmax(distance <= distance[0] / 10))
        numbers |= {
            f"kappa_{name}": kappa, f"theory_{name}": f"{theory:.4f}", f"measured_{name}": f"{ratios.mean():.4f}",
            f"tenth_{name}": tenth_step,
        }  # fmt: skip
        claims |= {
            f"{name}: every step leaves the part of the distance that theory says": np.allclose(ratios, theory),
            f"{name}: a tenth is reached when theory says": tenth_step == int(np.ceil(-log(10) / log(theory))),
            f"{name}: the rate is the best one, 2 / (1 + κ)": np.isclose(
                get_hyperparameter(race, 0, "lr"), 2 / (1 + kappa)
            ),
        }
    tenth_step = numbers["tenth_steep"]
    choices = {"few": 5, "tens": 60, "hundreds": 500}
    return Facts(min(choices, key=lambda name: abs(log(choices[name] / tenth_step))), numbers, claims)


LESSONS = (
    RaceLesson(
        "step",
        {"bowl": "surface = bowl(condition=3)\nstart = -4,-1\nsteps = 25\nrun = sgd(lr=0.15)"},
        ("same", "shorter", "longer"), "shorter", measure_one_step,
    ),
    RaceLesson(
        "rates",
        {"ravine": """surface = ravine(condition=10)
            start = -9,2.5
            steps = 60
            run = sgd(lr=0.01)
            run = sgd(lr=0.16)
            run = sgd(lr=0.199)
            run = sgd(lr=0.22)"""},
        RATE_NAMES, "good", measure_four_rates,
    ),
    RaceLesson(
        "limit",
        {"ravine": """surface = ravine(condition=10)
            start = -9,2.5
            steps = 40
            run = sgd(lr=0.195)
            run = sgd(lr=0.205)"""},
        ("both", "split", "neither"), "split", measure_limit,
    ),
    RaceLesson(
        "ravine",
        {
            "steep": "surface = ravine(condition=50)\nstart = -9,2.5\nsteps = 120\nrun = sgd(lr=0.0392156862745098)",
            "mild": "surface = ravine(condition=10)\nstart = -9,2.5\nsteps = 120\nrun = sgd(lr=0.181818181818182)",
        },
        ("few", "tens", "hundreds"), "tens", measure_ravine,
    ),
)  # fmt: skip
