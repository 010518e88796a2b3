"""Lessons about noise: batches, rates that fall, and averages."""

import numpy as np

from app.compute.cached_simulation import RunResult, build_surface
from app.lessons.lesson import Facts, RaceLesson, SimulatedRace
from app.lessons.run_metrics import count_loss_rises, get_hyperparameter, mean_final_loss

BATCH_NAMES = ("one", "five", "half", "all")


def rms_loss_change(result: RunResult) -> float:
    """The root mean square of the loss's changes from step to step in the second half of the run."""
    changes = np.diff(result.columns["loss"])
    return float(np.sqrt((changes[changes.size // 2 :] ** 2).mean()))


def measure_batches(*races: SimulatedRace) -> Facts:
    runs = dict(zip(BATCH_NAMES, (race.runs[0] for race in races), strict=True))
    rises = {name: count_loss_rises(result) for name, result in runs.items()}
    loss_changes = {name: rms_loss_change(result) for name, result in runs.items()}
    steps, batch_sizes = races[0].scene.steps, [build_surface(race.scene.surface).batch_size for race in races]
    return Facts(
        "never" if rises["one"] == 0 else "half" if 0.4 < rises["one"] / steps < 0.6 else "rarely",
        {
            "steps": steps, **{f"rises_{name}": value for name, value in rises.items()},
            **{f"wiggle_{name}": value for name, value in loss_changes.items()},
            "samples": build_surface(races[0].scene.surface).sample_count, "lr": get_hyperparameter(races[0], 0, "lr"),
            **{f"batch_{name}": size for name, size in zip(BATCH_NAMES, batch_sizes, strict=True)},
        },
        {
            "with all samples the loss never rises": rises["all"] == 0,
            "the larger the batch, the fewer the rises": list(rises.values()) == sorted(rises.values(), reverse=True),
            "the larger the batch, the smaller the wiggle":
                list(loss_changes.values()) == sorted(loss_changes.values(), reverse=True),
            "the last is all of the data": batch_sizes[-1] == build_surface(races[0].scene.surface).sample_count,
            "nothing but the batch differs": len({(race.scene.steps, race.scene.runs) for race in races}) == 1,
        },
    )  # fmt: skip


SCHEDULE_NAMES = ("constant", "step", "exponential", "inverse")


def measure_decay(race: SimulatedRace) -> Facts:
    final_losses = {name: mean_final_loss(result) for name, result in zip(SCHEDULE_NAMES, race.runs, strict=True)}
    rates = {name: result.columns["lr"] for name, result in zip(SCHEDULE_NAMES, race.runs, strict=True)}
    worst_falling = max(final_losses[name] for name in SCHEDULE_NAMES[1:])
    constant_verdict = race.runs[0].verdict.kind
    return Facts(
        "rattles" if constant_verdict == "oscillating" and final_losses["constant"] > 10 * worst_falling else
        "explodes" if constant_verdict.startswith("diverg") else "settles",
        {
            **{f"tail_{name}": value for name, value in final_losses.items()},
            **{f"last_{name}": float(rates[name][-1]) for name in SCHEDULE_NAMES[1:]},
            "lr": float(rates["constant"][0]),
            "quarter": race.scene.steps // 4,
        },
        {
            "all begin with the same rate": len({float(values[1]) for values in rates.values()}) == 1,
            "every rate that falls ends at least ten times as low": final_losses["constant"] > 10 * worst_falling,
            "all see the same noise: their first steps are the same":
                len({float(result.columns["x"][1]) for result in race.runs}) == 1,
            "the one over t ends with the largest rate of the three that fall, and the highest loss":
                max(SCHEDULE_NAMES[1:], key=lambda name: rates[name][-1]) == "inverse"
                == max(SCHEDULE_NAMES[1:], key=lambda name: final_losses[name]),
        },
    )  # fmt: skip


def measure_averaging(race: SimulatedRace) -> Facts:
    sgd, average = race.runs
    has_same_rate = get_hyperparameter(race, 0, "lr") == get_hyperparameter(race, 1, "lr")
    step_lengths = [float(np.median(result.columns["step_length"][-100:])) for result in race.runs]
    early_step = 20
    return Facts(
        "average"
        if mean_final_loss(average) < mean_final_loss(sgd) / 2
        else "same"
        if mean_final_loss(average) < 2 * mean_final_loss(sgd)
        else "raw",
        {
            "tail_raw": mean_final_loss(sgd),
            "tail_mean": mean_final_loss(average),
            "quarter": race.scene.steps // 4,
            "early": early_step,
            "early_raw": float(sgd.columns["loss"][early_step]),
            "early_mean": float(average.columns["loss"][early_step]),
        },
        {
            "both have the same rate": has_same_rate,
            "early on the average is behind, for it remembers the start": average.columns["loss"][early_step]
            > 2 * sgd.columns["loss"][early_step],
            "the average's own steps are far shorter at the end": step_lengths[1] < step_lengths[0] / 20,
            "the average is the mean of the other's iterates": bool(
                np.allclose(
                    average.columns["x"][1:],
                    np.cumsum(sgd.columns["x"][1:]) / np.arange(1, race.scene.steps + 1),
                    atol=1e-9,
                )
            ),
        },
    )


def write_line_scene(batch: int) -> str:
    return f"surface = least_squares_line(batch_size={batch})\nstart = 0,4.5\nsteps = 400\nrun = sgd(lr=0.1)"


NOISY_BOWL_SCENE = "surface = bowl()\nstart = -4,-1\nsteps = 400\nnoise = 10\n"

LESSONS = (
    RaceLesson(
        "batch", dict(zip(BATCH_NAMES, map(write_line_scene, (1, 5, 25, 0)), strict=True)),
        ("never", "rarely", "half"), "half", measure_batches,
    ),
    RaceLesson(
        "decay",
        {"bowl": f"""{NOISY_BOWL_SCENE}run = sgd(lr=0.1)
            run = sgd(lr=step_decay(start=0.1,factor=0.5,every=50))
            run = sgd(lr=exponential(start=0.1,rate=0.01))
            run = sgd(lr=inverse_time(start=0.1,rate=0.05))
            view = contour(strip=lr)"""},
        ("settles", "rattles", "explodes"), "rattles", measure_decay,
    ),
    RaceLesson(
        "averaging", {"bowl": f"{NOISY_BOWL_SCENE}run = sgd(lr=0.05)\nrun = polyak(sgd(lr=0.05))"},
        ("raw", "average", "same"), "average", measure_averaging,
    ),
)  # fmt: skip
