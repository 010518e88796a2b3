"""Lessons about momentum: friction, sign conventions, and Nesterov's look-ahead."""

import numpy as np

from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import (
    count_loss_rises,
    find_first_arrival,
    find_settling_step,
    get_arrival_step,
    get_hyperparameter,
    get_iterates,
    has_arrived,
)


def measure_ball(race: SimulatedRace) -> Facts:
    sgd, momentum = race.runs
    return Facts(
        find_first_arrival(race.runs, ("sgd", "momentum"), "neither"),
        {
            "lr": get_hyperparameter(race, 0, "lr"),
            "mu": get_hyperparameter(race, 1, "mu"),
            "steps": race.scene.steps,
            "arrival": int(get_arrival_step(momentum)),
            "rises": count_loss_rises(momentum),
            "x_sgd": float(sgd.columns["x"][-1]),
        },
        {
            "both have the same rate": get_hyperparameter(race, 0, "lr") == get_hyperparameter(race, 1, "lr"),
            "plain descent has not arrived": sgd.verdict.kind == "running",
            "its loss never rises": count_loss_rises(sgd) == 0,
            "momentum's loss rises many times": count_loss_rises(momentum) > 10,
            "momentum runs past the minimum, plain descent does not": bool(
                (momentum.columns["x"] > 0).any() and (sgd.columns["x"] < 0).all()
            ),
            "the first step is the same": bool((get_iterates(sgd)[:, 1] == get_iterates(momentum)[:, 1]).all()),
        },
    )


MU_NAMES = ("half", "nine", "ninefive", "ninenine")


def measure_friction(race: SimulatedRace) -> Facts:
    half, nine, ninefive, ninenine = race.runs
    return Facts(
        find_first_arrival(race.runs, MU_NAMES, "none"),
        {
            **{f"mu_{name}": get_hyperparameter(race, i, "mu") for i, name in enumerate(MU_NAMES)},
            "arrival_nine": int(get_arrival_step(nine)),
            "arrival_ninefive": int(get_arrival_step(ninefive)),
            "steps": race.scene.steps,
            "x_half": float(half.columns["x"][-1]),
            "loss_ninenine": float(ninenine.columns["loss"][-1]),
            "crossings_ninenine": int((np.diff(np.sign(ninenine.columns["x"])) != 0).sum()),
        },
        {
            "all have the same rate": len({get_hyperparameter(race, i, "lr") for i in range(4)}) == 1,
            "with 0.5 it has not arrived and its x never changes sign": not has_arrived(half)
            and bool((half.columns["x"] < 0).all()),
            "0.95 arrives after 0.9": get_arrival_step(nine) < get_arrival_step(ninefive) < np.inf,
            "0.99 has not arrived": not has_arrived(ninenine),
        },
    )


def measure_annealed(race: SimulatedRace) -> Facts:
    half, rising, ninenine = race.runs
    mu = rising.columns["hyper_mu"]
    middle = race.scene.steps // 2
    return Facts(
        find_first_arrival(race.runs, ("half", "rising", "ninenine"), "none"),
        {
            "mu_first": round(float(mu[1]), 3),
            "mu_last": round(float(mu[-1]), 2),
            "arrival": int(get_arrival_step(rising)),
            "steps": race.scene.steps,
            "mu_half": get_hyperparameter(race, 0, "mu"),
            "mu_ninenine": get_hyperparameter(race, 2, "mu"),
            "loss_half": float(half.columns["loss"][-1]),
            "loss_ninenine": float(ninenine.columns["loss"][-1]),
            "loss_rising": float(rising.columns["loss"][-1]),
            "middle": middle,
        },
        {
            "μ rises through the run": bool((np.diff(mu[1:]) > 0).all()),
            "neither fixed one arrives": not has_arrived(half) and not has_arrived(ninenine),
            "at first the rising one goes like 0.5: no swing between the walls after ten steps": find_settling_step(
                rising.columns["y"], 0.3
            )
            <= 10
            and find_settling_step(half.columns["y"], 0.3) <= 10,
            "0.99 still swings between the walls halfway": find_settling_step(ninenine.columns["y"], 0.3) > middle,
            "the rising one ends lowest": rising.columns["loss"][-1]
            < min(half.columns["loss"][-1], ninenine.columns["loss"][-1]),
        },
    )


def measure_signs(race: SimulatedRace) -> Facts:
    added, subtracted = race.runs
    distance = float(np.abs(get_iterates(added) - get_iterates(subtracted)).max())
    return Facts(
        "same" if distance == 0 else "near" if distance < 0.1 else "different",
        {"apart": distance, "steps": race.scene.steps, "arrival": int(get_arrival_step(added))},
        {
            "the two paths are the same, bit for bit": distance == 0,
            "the velocity arrows, both drawn downhill, are the same": bool(
                (added.columns["pull_x"] == subtracted.columns["pull_x"]).all()
            ),
            "they are two optimizers": race.scene.runs[0].optimizer.name != race.scene.runs[1].optimizer.name,
        },
    )


def measure_nesterov(race: SimulatedRace) -> Facts:
    momentum, nesterov = race.runs
    settling_steps = [find_settling_step(result.columns["y"], 0.1) for result in race.runs]
    return Facts(
        ("momentum", "nesterov")[int(np.argmin(settling_steps))] if settling_steps[0] != settling_steps[1] else "same",
        {
            "lr": get_hyperparameter(race, 0, "lr"),
            "mu": get_hyperparameter(race, 0, "mu"),
            "swing_momentum": settling_steps[0],
            "swing_nesterov": settling_steps[1],
            "arrival_momentum": int(get_arrival_step(momentum)),
            "arrival_nesterov": int(get_arrival_step(nesterov)),
            "peak_momentum": float(momentum.columns["loss"][3:].max()),
            "peak_nesterov": float(nesterov.columns["loss"][3:].max()),
        },
        {
            "equal hyperparameters": race.scene.runs[0].optimizer.arguments == race.scene.runs[1].optimizer.arguments,
            "both arrive, nearly at once": 0 < get_arrival_step(momentum) - get_arrival_step(nesterov) < 10,
            "Nesterov's swings die out at least three times as fast": 3 * settling_steps[1] <= settling_steps[0],
        },
    )


def measure_lookahead(race: SimulatedRace) -> Facts:
    nesterov, lookahead = race.runs  # the iterates of `nesterov` are the look-ahead points of `nesterov_lookahead`
    offsets = np.array((lookahead.columns["ahead_x"], lookahead.columns["ahead_y"]))
    distances = np.hypot(*(get_iterates(nesterov) - get_iterates(lookahead)))
    gaps = np.hypot(*(get_iterates(lookahead) + offsets - get_iterates(nesterov)))
    farthest_step = int(np.argmax(distances))
    return Facts(
        "one" if gaps.max() < 1e-9 < distances.max() else "same" if distances.max() < 1e-9 else "two",
        {
            "apart": float(distances.max()), "at": farthest_step, "gap": float(gaps.max()),
            "arrival_there": int(get_arrival_step(nesterov)), "arrival_here": int(get_arrival_step(lookahead)),
        },
        {
            "the look-ahead points of one are the iterates of the other": float(gaps.max()) < 1e-9,
            "yet the paths are seen apart": float(distances.max()) > 0.5,
            "and end together": float(distances[-1]) < 0.01,
            "both arrive": has_arrived(nesterov) and has_arrived(lookahead),
        },
    )  # fmt: skip


RAVINE_SCENE = "surface = ravine()\nstart = -9,2.5\n"

LESSONS = (
    RaceLesson(
        "ball", {"ravine": f"{RAVINE_SCENE}steps = 150\nrun = sgd(lr=0.02)\nrun = momentum(lr=0.02)"},
        ("sgd", "momentum", "neither"), "momentum", measure_ball,
    ),
    RaceLesson(
        "friction",
        {"ravine": RAVINE_SCENE + "steps = 300\n"
            + "\n".join(f"run = momentum(lr=0.005,mu={mu})" for mu in (0.5, 0.9, 0.95, 0.99))},
        MU_NAMES, "nine", measure_friction,
    ),
    RaceLesson(
        "annealed",
        {"ravine": f"""{RAVINE_SCENE}steps = 300
            run = momentum(lr=0.005,mu=0.5)
            run = momentum(lr=0.005,mu=linear(start=0.5,end=0.99,steps=300))
            run = momentum(lr=0.005,mu=0.99)
            view = contour(strip=hyper_mu)"""},
        ("half", "rising", "ninenine", "none"), "rising", measure_annealed,
    ),
    RaceLesson(
        "signs",
        {"ravine": f"{RAVINE_SCENE}steps = 150\nrun = momentum(lr=0.005)\nrun = momentum_subtracted(lr=0.005)"},
        ("same", "near", "different"), "same", measure_signs,
    ),
    RaceLesson(
        "nesterov", {"ravine": f"{RAVINE_SCENE}steps = 150\nrun = momentum(lr=0.005)\nrun = nesterov(lr=0.005)"},
        ("momentum", "nesterov", "same"), "nesterov", measure_nesterov,
    ),
    RaceLesson(
        "lookahead",
        {"ravine": f"""{RAVINE_SCENE}steps = 150
            run = nesterov(lr=0.005)
            run = nesterov_lookahead(lr=0.005)
            view = contour(arrows=ahead)"""},
        ("same", "one", "two"), "one", measure_lookahead,
    ),
)  # fmt: skip
