"""Preset scenes, each demonstrating one effect."""

from dataclasses import replace

from app.model.scene import Call, Run, Scene, optimizer_call, schedule_call, wrapper_call
from app.model.scene import surface_call as on


def make_runs(*calls: Call | tuple[Call, Call]) -> tuple[Run, ...]:
    """Runs in the first slots; a pair is an optimizer and its wrapper."""
    pairs = ((call, None) if isinstance(call, Call) else call for call in calls)
    return tuple(Run(slot, *pair) for slot, pair in enumerate(pairs))


PRESETS: dict[str, Scene] = {
    "Momentum or Nesterov": Scene(
        on("ravine"), (-9.0, 2.5), 150,
        make_runs(optimizer_call("momentum", lr=0.005, mu=0.9), optimizer_call("nesterov", lr=0.005, mu=0.9)),
    ),
    "Newton or L-BFGS": Scene(
        on("rosenbrock"), (-1.2, 1.0), 60,
        make_runs(optimizer_call("newton"), optimizer_call("lbfgs"), optimizer_call("scipy_lbfgsb")),
    ),
    "Adam without bias correction": Scene(
        on("beale"), (1.0, 1.5), 300,
        make_runs(optimizer_call("adam", lr=0.05), optimizer_call("adam", lr=0.05, bias_correction=False)),
    ),
    "Who leaves the saddle?": Scene(
        on("saddle_ridge"), (1.0, 0.001), 150,
        make_runs(
            optimizer_call("sgd", lr=0.02), optimizer_call("momentum", lr=0.02), optimizer_call("adam", lr=0.02),
            optimizer_call("rmsprop", lr=0.02), optimizer_call("newton"),
        ),
    ),
    "Too long a step": Scene(
        on("ravine"), (-9.0, 2.5), 60,
        make_runs(*(optimizer_call("sgd", lr=lr) for lr in (0.002, 0.02, 0.04, 0.045))),
    ),
    "Noise and averages": Scene(
        on("bowl"), (-4.0, -1.0), 400,
        make_runs(
            optimizer_call("sgd", lr=0.05), (optimizer_call("sgd", lr=0.05), wrapper_call("polyak")),
            optimizer_call("sgd", lr=schedule_call("inverse_time", start=0.1, rate=0.02)),
        ),
        noise=10.0,
    ),
    "The Adam family": Scene(
        on("himmelblau"), (-0.5, -1.0), 250,
        make_runs(*(optimizer_call(word, lr=0.1) for word in ("adagrad", "rmsprop", "adam", "nadam", "amsgrad"))),
    ),
}  # fmt: skip

# The lesson that asks about the same effect, by the preset.
PRESET_LESSONS = {
    "Momentum or Nesterov": "nesterov",
    "Newton or L-BFGS": "memory",
    "Adam without bias correction": "bias",
    "Who leaves the saddle?": "saddle",
    "Too long a step": "rates",
    "Noise and averages": "averaging",
}

# Several minima, and starts that lead to each in their own way.
MAP_SCENE = Scene(
    on("himmelblau"), (-0.5, -1.0), 200,
    make_runs(optimizer_call("nesterov", lr=0.01), optimizer_call("newton")),
)  # fmt: skip

DEFAULT_SCENE = PRESETS["Momentum or Nesterov"]


def find_active_preset(scene: Scene) -> str | None:
    """The name of the preset with this race; view, language and mode do not matter."""
    race = replace(scene, presentation=DEFAULT_SCENE.presentation)
    return next((name for name, preset in PRESETS.items() if preset == race), None)
