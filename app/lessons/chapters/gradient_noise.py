"""Lessons about noise: batches, rates that fall, and averages."""

import numpy as np

from app.compute.cached_simulation import RunResult, build_surface
from app.lessons.lesson import Facts, Lesson, SimulatedRace
from app.lessons.run_metrics import count_loss_rises, get_hyperparameter, mean_final_loss

BATCH_NAMES = ("one", "five", "half", "all")


def rms_loss_change(result: RunResult) -> float:
    """How much the loss changes from step to step in the second half: the root of the mean square of the changes."""
    changes = np.diff(result.columns["loss"])
    return float(np.sqrt((changes[changes.size // 2 :] ** 2).mean()))


def measure_batches(*races: SimulatedRace) -> Facts:
    runs = dict(zip(BATCH_NAMES, (race.runs[0] for race in races), strict=True))
    ups, sizes = ({name: measure(ran) for name, ran in runs.items()} for measure in (count_loss_rises, rms_loss_change))
    steps, many = races[0].scene.steps, [build_surface(race.scene.surface).batch_size for race in races]
    return Facts(
        "never" if ups["one"] == 0 else "half" if 0.4 < ups["one"] / steps < 0.6 else "rarely",
        {
            "steps": steps, **{f"rises_{name}": value for name, value in ups.items()},
            **{f"wiggle_{name}": value for name, value in sizes.items()},
            "samples": build_surface(races[0].scene.surface).sample_count, "lr": get_hyperparameter(races[0], 0, "lr"),
            **{f"batch_{name}": size for name, size in zip(BATCH_NAMES, many, strict=True)},
        },
        {
            "with all samples the loss never rises": ups["all"] == 0,
            "the larger the batch, the fewer the rises": list(ups.values()) == sorted(ups.values(), reverse=True),
            "the larger the batch, the smaller the wiggle":
                list(sizes.values()) == sorted(sizes.values(), reverse=True),
            "the last is all of the data": many[-1] == build_surface(races[0].scene.surface).sample_count,
            "nothing but the batch differs": len({(race.scene.steps, race.scene.runs) for race in races}) == 1,
        },
    )  # fmt: skip


SCHEDULE_NAMES = ("constant", "step", "exponential", "inverse")


def measure_decay(race: SimulatedRace) -> Facts:
    tails = {name: mean_final_loss(ran) for name, ran in zip(SCHEDULE_NAMES, race.runs, strict=True)}
    rates = {name: ran.columns["lr"] for name, ran in zip(SCHEDULE_NAMES, race.runs, strict=True)}
    fallen = max(tails[name] for name in SCHEDULE_NAMES[1:])
    down = race.runs[0].verdict.kind
    return Facts(
        "rattles" if down == "oscillating" and tails["constant"] > 10 * fallen else
        "explodes" if down.startswith("diverg") else "settles",
        {
            **{f"tail_{name}": value for name, value in tails.items()},
            **{f"last_{name}": float(rates[name][-1]) for name in SCHEDULE_NAMES[1:]},
            "lr": float(rates["constant"][0]),
            "quarter": race.scene.steps // 4,
        },
        {
            "all begin with the same rate": len({float(values[1]) for values in rates.values()}) == 1,
            "every rate that falls ends at least ten times as low": tails["constant"] > 10 * fallen,
            "all see the same noise: their first steps are the same":
                len({float(ran.columns["x"][1]) for ran in race.runs}) == 1,
            "the one over t ends with the largest rate of the three that fall, and the highest loss":
                max(SCHEDULE_NAMES[1:], key=lambda name: rates[name][-1]) == "inverse"
                == max(SCHEDULE_NAMES[1:], key=lambda name: tails[name]),
        },
    )  # fmt: skip


def measure_averaging(race: SimulatedRace) -> Facts:
    raw, mean = race.runs
    same = get_hyperparameter(race, 0, "lr") == get_hyperparameter(race, 1, "lr")
    lengths = [float(np.median(ran.columns["step_length"][-100:])) for ran in race.runs]
    early = 20
    return Facts(
        "average"
        if mean_final_loss(mean) < mean_final_loss(raw) / 2
        else "same"
        if mean_final_loss(mean) < 2 * mean_final_loss(raw)
        else "raw",
        {
            "tail_raw": mean_final_loss(raw),
            "tail_mean": mean_final_loss(mean),
            "quarter": race.scene.steps // 4,
            "early": early,
            "early_raw": float(raw.columns["loss"][early]),
            "early_mean": float(mean.columns["loss"][early]),
        },
        {
            "both have the same rate": same,
            "early on the average is behind, for it remembers the start": mean.columns["loss"][early]
            > 2 * raw.columns["loss"][early],
            "the average's own steps are far shorter at the end": lengths[1] < lengths[0] / 20,
            "the average is the mean of the other's iterates": bool(
                np.allclose(
                    mean.columns["x"][1:],
                    np.cumsum(raw.columns["x"][1:]) / np.arange(1, race.scene.steps + 1),
                    atol=1e-9,
                )
            ),
        },
    )


def write_line_scene(batch: int) -> str:
    return f"surface = least_squares_line(batch_size={batch})\nstart = 0,4.5\nsteps = 400\nrun = sgd(lr=0.1)"


NOISY_BOWL_SCENE = "surface = bowl()\nstart = -4,-1\nsteps = 400\nnoise = 10\n"

LESSONS = (
    Lesson(
        "batch", dict(zip(BATCH_NAMES, map(write_line_scene, (1, 5, 25, 0)), strict=True)),
        ("never", "rarely", "half"), "half", measure_batches,
    ),
    Lesson(
        "decay",
        {"bowl": f"""{NOISY_BOWL_SCENE}run = sgd(lr=0.1)
            run = sgd(lr=step_decay(start=0.1,factor=0.5,every=50))
            run = sgd(lr=exponential(start=0.1,rate=0.01))
            run = sgd(lr=inverse_time(start=0.1,rate=0.05))
            view = contour(strip=lr)"""},
        ("settles", "rattles", "explodes"), "rattles", measure_decay,
    ),
    Lesson(
        "averaging", {"bowl": f"{NOISY_BOWL_SCENE}run = sgd(lr=0.05)\nrun = polyak(sgd(lr=0.05))"},
        ("raw", "average", "same"), "average", measure_averaging,
    ),
)  # fmt: skip
