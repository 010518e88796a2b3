"""Export a scene as a script for this repository, which runs the race and draws it with Matplotlib.

A script takes makers from the catalogues, so that it still runs after their modules have moved.
"""

from collections.abc import Sequence

from app.compute.surface_source_registry import get_source
from app.export.python_literals import format_literal, format_optimizer, format_text
from app.figures.palette import DASHES, MARKERS, THEMES, choose_run_style
from app.model import display_names
from app.model.call_syntax import write_number
from app.model.scene import Call, Run, Scene
from app.training_scenes.network_loss_source import NETWORK_LOSS
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES

FILE_NAME = "race.py"
SPECIFICATION_IMPORT = "from optimizers.training.specification import Change, Maker, Training\n"
CATALOGUES = {"SURFACES": SURFACES, "OPTIMIZERS": OPTIMIZERS, "SCHEDULES": SCHEDULES, "WRAPPERS": WRAPPERS}
MATPLOTLIB_MARKERS = {"circle": "o", "square": "s", "diamond": "D", "up": "^", "down": "v"}

SCRIPT_TEMPLATE = '''\
# Besides Descent's own packages this needs Matplotlib: .venv/bin/python -m pip install matplotlib
"""{title}.

Keep this file in Descent's folder, beside surfaces/ and optimizers/, and run it there: .venv/bin/python {file}
It prints the end of each run, and draws the race to race.png.
"""

import matplotlib.pyplot as plt
import numpy as np

from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from optimizers.schedules import scheduled
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES
{own_surface}from surfaces.observers.gradient_noise import noisy

surface = {surface}
start, steps = {start}, {steps}{problem}

RACE = [  # name, optimizer, colour, line, marker
{runs}
]

np.seterr(all="ignore")  # a diverging run is no error: it ends at its last finite point
figure, (plane, curves) = plt.subplots(1, 2, figsize=(13, 5.5), layout="constrained")

# The landscape, with contours at quantiles of the height: equal areas between them.
x, y = np.meshgrid(np.linspace(*surface.box.x, 161), np.linspace(*surface.box.y, 161))
heights = surface.value(np.array((x, y)))
levels = np.quantile(heights[np.isfinite(heights)], np.linspace(0, 1, 23))
levels = np.unique(np.append(levels, levels[-1] + 1))  # the highest point is below the last level
plane.contourf(x, y, heights, levels, colors=plt.cm.Blues_r(np.linspace(0.45, 1, len(levels) - 1)))
plane.plot(*start, "k+", markersize=12)
for minimum in surface.minima:
    plane.plot(*minimum, "k*", markersize=9)

lowest = np.inf
for name, optimizer, colour, line, marker in RACE:
    run = trajectory(optimizer, {problem_name}, start, steps)
    path = run.x[:, run.alive]  # (2, iterates), the start first
    loss = surface.value(path)
    lowest = min(lowest, loss.min())
    style = {{"color": colour, "linestyle": line, "marker": marker, "markevery": [-1], "label": name}}
    plane.plot(*path, **style)
    curves.plot(np.where(abs(loss) < 1e150, loss, np.nan), **style)  # Matplotlib's axes cannot show more
    print(f"{{name}}: ends at {{path[:, -1].tolist()}} with f = {{loss[-1]:.6g}}")

plane.set(xlim=surface.box.x, ylim=surface.box.y, xlabel="x", ylabel="y")
curves.set(yscale="log" if lowest >= 0 else "linear", xlabel="step", ylabel="f")
if RACE:
    curves.legend()
figure.savefig("race.png", dpi=150)
plt.show()
'''

NOISE_SOURCE = """
problem = noisy(surface, sigma={sigma}, seed={seed})  # the optimizers get this one"""


def make_script(scene: Scene) -> str:
    """The script of `scene`, whose runs end at the same bits as on the page.

    Runs that are off are comments. Everything that a visitor typed is a number or a string literal.
    """
    x, y = scene.start
    names = (
        ", ".join(dict.fromkeys(display_names.get_display_name(run.optimizer.name) for run in scene.runs if run.is_on))
        or "No run"
    )
    surface_name = display_names.get_display_name(scene.surface.name)
    title = f"{names} on {surface_name}: {scene.steps} steps from ({write_number(x)}, {write_number(y)})"
    return SCRIPT_TEMPLATE.format(
        title=title,
        file=FILE_NAME,
        own_surface=write_own_surface_import(scene.surface),
        surface=write_surface(scene.surface),
        start=format_literal(scene.start),
        steps=format_literal(scene.steps),
        problem=NOISE_SOURCE.format(sigma=format_literal(scene.noise), seed=format_literal(scene.seed))
        if scene.noise
        else "",
        runs="\n".join(write_run(run, scene.runs) for run in scene.runs),
        problem_name="problem" if scene.noise else "surface",
    )


def write_surface(surface: Call) -> str:
    """Write the call of a surface, with the rows of a table in lines of readable length."""
    arguments = (
        f"{name}={format_text(value) if name == 'rows' else format_literal(value)}"
        for name, value in get_source(surface).list_python_arguments(surface)
    )
    return f"{write_lookup(surface.name)}({', '.join(arguments)})"


def write_run(run: Run, runs: Sequence[Run]) -> str:
    """Write the lines of a run in the script's table, told apart from the other `runs`."""
    hue, dash, marker = choose_run_style(run.slot)
    pattern = ", ".join(f"{part / 2:g}" for part in DASHES[dash])
    name = f"{display_names.format_title(run)} {display_names.format_settings(run, runs)}".strip()
    colour = THEMES["light"]["runs"][hue]
    dash = f"(0, ({pattern}))" if pattern else format_literal("-")
    style = f"{format_literal(colour)}, {dash}, {format_literal(MATPLOTLIB_MARKERS[MARKERS[marker]])}"
    optimizer = format_optimizer(run, write_lookup)
    lines = f"    (\n        {format_literal(name)},\n        {optimizer},\n        {style},\n    ),"
    return lines if run.is_on else "\n".join(f"    # {line[4:]}" for line in lines.splitlines()) + "  # off"


def write_lookup(name: str) -> str:
    """The maker of this name in its catalogue; that of a typed formula or of the visitor's data is in none."""
    found = (catalogue for catalogue, makers in CATALOGUES.items() if name in makers)
    return next((f"{catalogue}[{format_literal(name)}]" for catalogue in found), name)


def write_own_surface_import(surface: Call) -> str:
    """Write the import of the maker for a visitor's formula or data, which is in no catalogue."""
    if surface.name in SURFACES:
        return ""
    make = get_source(surface).make
    specification = SPECIFICATION_IMPORT if surface.name == NETWORK_LOSS else ""
    return f"{specification}from {make.__module__} import {make.__name__}\n"
