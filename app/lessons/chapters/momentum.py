"""Lessons about a ball that rolls: momentum, its friction, its signs, and Nesterov's look ahead."""

import numpy as np

from app.lessons.lesson import Facts, Lesson, Race
from app.lessons.run_metrics import arrival, arrived, earliest, hyper, points, rises, settled


def ball(race: Race) -> Facts:
    plain, rolling = race.runs
    return Facts(
        earliest(race.runs, ("sgd", "momentum"), "neither"),
        {
            "lr": hyper(race, 0, "lr"), "mu": hyper(race, 1, "mu"), "steps": race.scene.steps,
            "arrival": int(arrival(rolling)), "rises": rises(rolling), "x_sgd": float(plain.columns["x"][-1]),
        },
        {
            "both have the same rate": hyper(race, 0, "lr") == hyper(race, 1, "lr"),
            "plain descent has not arrived": plain.verdict.kind == "running",
            "its loss never rises": rises(plain) == 0,
            "momentum's loss rises many times": rises(rolling) > 10,
            "momentum runs past the minimum, plain descent does not":
                bool((rolling.columns["x"] > 0).any() and (plain.columns["x"] < 0).all()),
            "the first step is the same": bool((points(plain)[:, 1] == points(rolling)[:, 1]).all()),
        },
    )  # fmt: skip


FRICTIONS = ("half", "nine", "ninefive", "ninenine")


def friction(race: Race) -> Facts:
    half, nine, ninefive, ninenine = race.runs
    return Facts(
        earliest(race.runs, FRICTIONS, "none"),
        {
            **{f"mu_{name}": hyper(race, i, "mu") for i, name in enumerate(FRICTIONS)},
            "arrival_nine": int(arrival(nine)), "arrival_ninefive": int(arrival(ninefive)), "steps": race.scene.steps,
            "x_half": float(half.columns["x"][-1]), "loss_ninenine": float(ninenine.columns["loss"][-1]),
            "crossings_ninenine": int((np.diff(np.sign(ninenine.columns["x"])) != 0).sum()),
        },
        {
            "all have the same rate": len({hyper(race, i, "lr") for i in range(4)}) == 1,
            "with 0.5 it has not arrived and its x never changes sign":
                not arrived(half) and bool((half.columns["x"] < 0).all()),
            "0.95 arrives after 0.9": arrival(nine) < arrival(ninefive) < np.inf,
            "0.99 has not arrived": not arrived(ninenine),
        },
    )  # fmt: skip


def annealed(race: Race) -> Facts:
    half, rising, ninenine = race.runs
    mu = rising.columns["hyper_mu"]
    at = race.scene.steps // 2
    return Facts(
        earliest(race.runs, ("half", "rising", "ninenine"), "none"),
        {
            "mu_first": round(float(mu[1]), 3), "mu_last": round(float(mu[-1]), 2), "arrival": int(arrival(rising)),
            "steps": race.scene.steps, "mu_half": hyper(race, 0, "mu"), "mu_ninenine": hyper(race, 2, "mu"),
            "loss_half": float(half.columns["loss"][-1]), "loss_ninenine": float(ninenine.columns["loss"][-1]),
            "loss_rising": float(rising.columns["loss"][-1]), "middle": at,
        },
        {
            "μ rises through the run": bool((np.diff(mu[1:]) > 0).all()),
            "neither fixed one arrives": not arrived(half) and not arrived(ninenine),
            "at first the rising one goes like 0.5: no swing between the walls after ten steps":
                settled(rising.columns["y"], 0.3) <= 10 and settled(half.columns["y"], 0.3) <= 10,
            "0.99 still swings between the walls halfway": settled(ninenine.columns["y"], 0.3) > at,
            "the rising one ends lowest": rising.columns["loss"][-1] < min(
                half.columns["loss"][-1], ninenine.columns["loss"][-1]
            ),
        },
    )  # fmt: skip


def signs(race: Race) -> Facts:
    added, subtracted = race.runs
    apart = float(np.abs(points(added) - points(subtracted)).max())
    return Facts(
        "same" if apart == 0 else "near" if apart < 0.1 else "different",
        {"apart": apart, "steps": race.scene.steps, "arrival": int(arrival(added))},
        {
            "the two paths are the same, bit for bit": apart == 0,
            "the velocity arrows, both drawn downhill, are the same": bool(
                (added.columns["pull_x"] == subtracted.columns["pull_x"]).all()
            ),
            "they are two optimizers": race.scene.runs[0].optimizer.word != race.scene.runs[1].optimizer.word,
        },
    )


def nesterov(race: Race) -> Facts:
    plain, ahead = race.runs
    swing = [settled(ran.columns["y"], 0.1) for ran in race.runs]
    return Facts(
        ("momentum", "nesterov")[int(np.argmin(swing))] if swing[0] != swing[1] else "same",
        {
            "lr": hyper(race, 0, "lr"), "mu": hyper(race, 0, "mu"), "swing_momentum": swing[0],
            "swing_nesterov": swing[1], "arrival_momentum": int(arrival(plain)),
            "arrival_nesterov": int(arrival(ahead)), "peak_momentum": float(plain.columns["loss"][3:].max()),
            "peak_nesterov": float(ahead.columns["loss"][3:].max()),
        },
        {
            "equal hyperparameters": race.scene.runs[0].optimizer.hyper == race.scene.runs[1].optimizer.hyper,
            "both arrive, nearly at once": 0 < arrival(plain) - arrival(ahead) < 10,
            "Nesterov's swings die out at least three times as fast": 3 * swing[1] <= swing[0],
        },
    )  # fmt: skip


def lookahead(race: Race) -> Facts:
    there, here = race.runs  # told from the look-ahead point, and from where the look is taken
    ahead = np.array((here.columns["x"] + here.columns["ahead_x"], here.columns["y"] + here.columns["ahead_y"]))
    apart, gap = np.hypot(*(points(there) - points(here))), np.hypot(*(ahead - points(there)))
    k = int(np.argmax(apart))
    return Facts(
        "one" if gap.max() < 1e-9 < apart.max() else "same" if apart.max() < 1e-9 else "two",
        {
            "apart": float(apart.max()), "at": k, "gap": float(gap.max()),
            "arrival_there": int(arrival(there)), "arrival_here": int(arrival(here)),
        },
        {
            "the look-ahead points of one are the iterates of the other": float(gap.max()) < 1e-9,
            "yet the paths are seen apart": float(apart.max()) > 0.5,
            "and end together": float(apart[-1]) < 0.01,
            "both arrive": arrived(there) and arrived(here),
        },
    )  # fmt: skip


RAVINE = "surface = ravine()\nstart = -9,2.5\n"

LESSONS = (
    Lesson(
        "ball", {"ravine": f"{RAVINE}steps = 150\nrun = sgd(lr=0.02)\nrun = momentum(lr=0.02)"},
        ("sgd", "momentum", "neither"), "momentum", ball,
    ),
    Lesson(
        "friction",
        {"ravine": RAVINE + "steps = 300\n"
            + "\n".join(f"run = momentum(lr=0.005,mu={mu})" for mu in (0.5, 0.9, 0.95, 0.99))},
        FRICTIONS, "nine", friction,
    ),
    Lesson(
        "annealed",
        {"ravine": f"""{RAVINE}steps = 300
            run = momentum(lr=0.005,mu=0.5)
            run = momentum(lr=0.005,mu=linear(start=0.5,end=0.99,steps=300))
            run = momentum(lr=0.005,mu=0.99)
            view = contour(strip=hyper_mu)"""},
        ("half", "rising", "ninenine", "none"), "rising", annealed,
    ),
    Lesson(
        "signs",
        {"ravine": f"{RAVINE}steps = 150\nrun = momentum(lr=0.005)\nrun = momentum_subtracted(lr=0.005)"},
        ("same", "near", "different"), "same", signs,
    ),
    Lesson(
        "nesterov", {"ravine": f"{RAVINE}steps = 150\nrun = momentum(lr=0.005)\nrun = nesterov(lr=0.005)"},
        ("momentum", "nesterov", "same"), "nesterov", nesterov,
    ),
    Lesson(
        "lookahead",
        {"ravine": f"""{RAVINE}steps = 150
            run = nesterov(lr=0.005)
            run = nesterov_lookahead(lr=0.005)
            view = contour(arrows=ahead)"""},
        ("same", "one", "two"), "one", lookahead,
    ),
)  # fmt: skip
