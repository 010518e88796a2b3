"""What a file of data says of a race besides its numbers: the scene, what it means, how each run ended, versions."""

import platform
from typing import Any, NamedTuple

import numpy as np
import scipy

from app.compute.cached_simulation import Ran, epoch, run
from app.compute.cached_simulation import surface as built
from app.export.matplotlib_script import racer
from app.export.python_literals import called
from app.model import display_names
from app.model.formula_scene import OWN
from app.model.scene import Call, Run, Scene
from app.scene_text.scene_text import text
from app.translation import FIRST, say, speaking
from surfaces.catalogue import SURFACES


class Told(NamedTuple):
    """One run in words, with its numbers up to the last step at which it was alive."""

    number: int  # its place in the scene's text, from 1
    name: str
    call: str  # with every hyperparameter
    hyper: dict[str, Any]  # numbers, and schedules as calls
    kind: str  # of the verdict, see `optimizers.analysis.verdicts`
    at: int  # the step that the verdict names
    verdict: str
    last: int  # the last step with numbers
    columns: dict[str, np.ndarray[Any, Any]]


class Account(NamedTuple):
    """A race in words and numbers. Data is shared by all languages, so it speaks the first of them."""

    scene: str  # its text
    surface: str
    meaning: str  # of the surface: the first sentence of its docstring, or the visitor's formula
    minima: tuple[tuple[float, float], ...]  # global ones that are known
    box: tuple[tuple[float, float], ...]  # the view
    batches: float | None  # steps in an epoch, where there is data
    runs: tuple[Told, ...]
    versions: dict[str, str]


def account(scene: Scene) -> Account:
    """All of `scene`; the runs are those that are on."""
    with speaking(FIRST):
        place = built(scene.surface)
        return Account(
            text(scene),
            called(scene.surface),
            meaning(scene.surface),
            tuple((float(x), float(y)) for x, y in place.minima),
            tuple((float(low), float(high)) for low, high in place.box),
            epoch(scene.surface),
            tuple(told(scene, i, one) for i, one in enumerate(scene.runs, 1) if one.on),
            {"Python": platform.python_version(), "NumPy": np.__version__, "SciPy": scipy.__version__},
        )


def meaning(surface: Call) -> str:
    if surface.word == OWN:
        return f"f(x, y) = {surface['text']}"
    return f"{display_names.name(surface.word)}: {display_names.sentence(SURFACES[surface.word])}"


def told(scene: Scene, number: int, one: Run) -> Told:
    found: Ran = run(scene, one)
    verdict = found.verdict
    hyper = {name: called(value) if isinstance(value, Call) else value for name, value in one.optimizer.hyper}
    columns = {name: values[: found.end + 1] for name, values in found.columns.items()}
    return Told(
        number, display_names.title_of(one), racer(one), hyper, verdict.kind, int(verdict.step), say(verdict.sentence),
        found.end, columns,
    )  # fmt: skip
