"""Lessons about methods with a separate rate for each coordinate."""

import numpy as np

from app.compute.cached_simulation import RunResult
from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import (
    count_loss_rises,
    find_lowest_loss,
    get_arrival_step,
    get_hyperparameter,
    get_iterates,
    has_arrived,
    mean_final_loss,
)


def max_diagonal_distance(result: RunResult) -> float:
    """The largest difference of |x| and |y| on a path; 0 if it is a straight line from a corner to the origin."""
    x, y = np.abs(get_iterates(result))
    return float(np.abs(x - y).max())


def measure_adagrad(race: SimulatedRace) -> Facts:
    adagrad, sgd = race.runs
    length = adagrad.columns["step_length"]
    rate = adagrad.columns["rate_x"]
    return Facts(
        find_lowest_loss(race.runs, ("adagrad", "sgd")),
        {
            "lr": get_hyperparameter(race, 0, "lr"), "steps": race.scene.steps, "x": float(adagrad.columns["x"][-1]),
            "first": float(length[1]), "last": float(length[-1]), "loss_adagrad": float(adagrad.columns["loss"][-1]),
            "loss_sgd": float(sgd.columns["loss"][-1]), "rate_first": float(rate[1]), "rate_last": float(rate[-1]),
        },
        {
            "Adagrad's first step is the same in both coordinates":
                bool(np.allclose(np.abs(np.diff(get_iterates(adagrad)))[:, 0], get_hyperparameter(race, 0, "lr"))),
            "its effective rate falls at every step": bool((np.diff(rate[1:]) < 0).all()),
            "at the end it is a tenth of what it was": 9 < rate[1] / rate[-1] < 11,
            "it has not arrived": not has_arrived(adagrad),
            "its loss never rises: it is only slow": count_loss_rises(adagrad) == 0,
            "at first it makes for the minimum more directly than plain descent":
                abs(adagrad.columns["x"][20] - adagrad.columns["x"][0]) > 0.7,
        },
    )  # fmt: skip


def measure_root(race: SimulatedRace) -> Facts:
    with_root, without_root = race.runs
    first_steps = [np.abs(np.diff(get_iterates(result)))[:, 0] for result in race.runs]
    start = race.scene.start
    slope = without_root.columns["slope_x"][0], without_root.columns["slope_y"][0]
    return Facts(
        "root" if with_root.columns["loss"][-1] < without_root.columns["loss"][-1] else "bare",
        {
            "lr": get_hyperparameter(race, 0, "lr"),
            "steps": race.scene.steps,
            "slope_x": float(abs(slope[0])),
            "slope_y": float(abs(slope[1])),
            "rooted_x": float(first_steps[0][0]),
            "rooted_y": float(first_steps[0][1]),
            "bare_x": float(first_steps[1][0]),
            "bare_y": float(first_steps[1][1]),
            "loss_root": float(with_root.columns["loss"][-1]),
            "loss_bare": float(without_root.columns["loss"][-1]),
            "loss_start": float(without_root.columns["loss"][0]),
        },
        {
            "with the root the first step is lr in both coordinates": bool(
                np.allclose(first_steps[0], get_hyperparameter(race, 0, "lr"))
            ),
            "without it, lr over the slope: the steeper, the shorter": bool(
                np.allclose(first_steps[1], get_hyperparameter(race, 1, "lr") / np.abs(slope))
            )
            and first_steps[1][1] < first_steps[1][0],
            "without it, it hardly moves": float(np.hypot(*(get_iterates(without_root)[:, -1] - np.array(start))))
            < 0.1 * np.hypot(*start),
            "and stalls": without_root.verdict.kind == "stalled",
        },
    )


def measure_rmsprop(race: SimulatedRace) -> Facts:
    adagrad, rmsprop = race.runs
    step_lengths = [result.columns["step_length"] for result in race.runs]
    last_length = float(np.median(step_lengths[1][-50:]))
    return Facts(
        find_lowest_loss(race.runs, ("adagrad", "rmsprop")),
        {
            "rho": get_hyperparameter(race, 1, "decay_rate"),
            "first": float(step_lengths[0][1]), "last_adagrad": float(step_lengths[0][-1]), "last_rmsprop": last_length,
            "tail_rmsprop": mean_final_loss(rmsprop),
            "tail_adagrad": mean_final_loss(adagrad), "steps": race.scene.steps,
        },
        {
            "both begin with the same step": bool(np.isclose(step_lengths[0][1], step_lengths[1][1], rtol=1e-2)),
            "Adagrad's steps have died": step_lengths[0][-1] < 0.05 * step_lengths[0][1],
            "RMSprop's have not": last_length > 0.2 * step_lengths[1][1],
            "but it cannot come to rest: it oscillates": rmsprop.verdict.kind == "oscillating",
            "about the minimum, nowhere farther from it than twice its rate":
                bool((np.abs(get_iterates(rmsprop)[:, -50:]) < 2 * get_hyperparameter(race, 1, "lr")).all()),
        },
    )  # fmt: skip


def measure_adadelta(mild: SimulatedRace, steep: SimulatedRace) -> Facts:
    (on_mild, sgd_on_mild), (on_steep, sgd_on_steep) = mild.runs, steep.runs
    distance = float(np.hypot(*(get_iterates(on_mild) - get_iterates(on_steep))).max())
    length, eps = on_mild.columns["step_length"], get_hyperparameter(mild, 0, "eps")
    return Facts(
        "same" if distance < 0.01 else "slower" if max_diagonal_distance(on_steep) < 0.01 else "wall",
        {
            "condition_mild": mild.scene.surface["condition"],
            "condition_steep": steep.scene.surface["condition"],
            "apart": distance,
            "first": float(length[1]),
            "longest": float(length.max()),
            "lost": sgd_on_steep.verdict.step,
            "lr": get_hyperparameter(mild, 1, "lr"),
            "limit": 2 / steep.scene.surface["condition"],
            "left": float(np.abs(on_mild.columns["x"][-1])),
            "steps": mild.scene.steps,
            "eps": f"{eps:.6f}",
            "arrival": int(get_arrival_step(sgd_on_mild)),
        },
        {
            "nothing but the steepness differs": mild.scene.runs == steep.scene.runs,
            "Adadelta's path is straight, on both": max(map(max_diagonal_distance, (on_mild, on_steep))) < 0.01,
            "plain descent drops into the ravine first": max_diagonal_distance(sgd_on_mild) > 1,
            "and explodes where the walls are steeper": sgd_on_steep.verdict.kind == "diverged",
            "its first step is √(ε / (1 - ρ)) in both coordinates": bool(
                np.allclose(
                    np.abs(np.diff(get_iterates(on_mild)))[:, 0],
                    np.sqrt(eps / (1 - get_hyperparameter(mild, 0, "rho"))),
                    rtol=1e-3,
                )
            ),
            "and its longest one not twice as long": length[1] < length.max() < 2 * length[1],
            "it is slow: it has not arrived": not has_arrived(on_mild) and has_arrived(sgd_on_mild),
        },
    )


def measure_bias(race: SimulatedRace) -> Facts:
    corrected, raw = race.runs
    first = [float(result.columns["step_length"][1]) for result in race.runs]
    beta1, beta2, lr = (get_hyperparameter(race, 0, name) for name in ("beta1", "beta2", "lr"))
    theory = (1 - beta1) / np.sqrt(1 - beta2)
    longest = [float(result.columns["step_length"].max()) for result in race.runs]
    return Facts(
        "raw" if first[1] > 1.05 * first[0] else "corrected" if first[0] > 1.05 * first[1] else "same",
        {
            "lr": lr, "beta1": beta1, "beta2": beta2, "first_corrected": first[0], "first_raw": first[1],
            "times": first[1] / first[0], "peak_raw": longest[1],
            "steps": race.scene.steps,
        },
        {
            "with the correction the first step is lr in every coordinate":
                bool(np.allclose(np.abs(np.diff(get_iterates(corrected)))[:, 0], lr)),
            "without, it is (1 - β₁) / √(1 - β₂) times as long": bool(np.isclose(first[1] / first[0], theory)),
            "no later step of the corrected one is longer than the first": longest[0] == first[0],
            "the raw one is longer still a few steps later": longest[1] > first[1],
            "the long steps happen to help here": raw.columns["loss"][-1] < corrected.columns["loss"][-1],
        },
    )  # fmt: skip


RAVINE_SCENE = "surface = ravine()\nstart = -9,2.5\nsteps = 300\n"


def write_corner_scene(condition: int) -> str:
    return (
        f"surface = ravine(condition={condition})\nstart = -3.5,3.5\nsteps = 700\nrun = adadelta()\nrun = sgd(lr=0.01)"
    )


LESSONS = (
    RaceLesson(
        "adagrad", {"ravine": f"{RAVINE_SCENE}run = adagrad(lr=0.2)\nrun = sgd(lr=0.02)\nview = contour(strip=rate_x)"},
        ("adagrad", "sgd"), "sgd", measure_adagrad,
    ),
    RaceLesson(
        "root", {"ravine": f"{RAVINE_SCENE}run = adagrad(lr=0.5)\nrun = adagrad(lr=0.5,root=False)"},
        ("root", "bare"), "root", measure_root,
    ),
    RaceLesson(
        "rmsprop", {"ravine": f"{RAVINE_SCENE}run = adagrad(lr=0.2)\nrun = rmsprop(lr=0.0632)"},
        ("adagrad", "rmsprop"), "rmsprop", measure_rmsprop,
    ),
    RaceLesson(
        "adadelta", {"mild": write_corner_scene(50), "steep": write_corner_scene(1000)},
        ("same", "slower", "wall"), "same", measure_adadelta,
    ),
    RaceLesson(
        "bias",
        {"beale": """surface = beale()
            start = 1,1.5
            steps = 300
            run = adam(lr=0.05)
            run = adam(lr=0.05,bias_correction=False)
            view = contour(strip=step_length)"""},
        ("corrected", "raw", "same"), "raw", measure_bias,
    ),
)  # fmt: skip
