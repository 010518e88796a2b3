"""How far our trajectories are from the recorded ones."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from optimizers.catalogue import OPTIMIZERS
from optimizers.simulate import trajectory
from surfaces.catalogue import SURFACES

NEAR_ZERO = 1e-3  # coordinates this small are compared as if they were this large: minima are at 0 too


class Recording(NamedTuple):
    """One run of another library, and what it takes to repeat it here."""

    library: str
    version: str
    word: str  # of the optimizer
    surface: str
    surface_arguments: dict
    hyper: dict
    x: np.ndarray  # (2, steps + 1)


def recordings() -> list[Recording]:
    """All recorded runs of both libraries."""
    found = []
    for file in ("torch.npz", "optax.npz"):
        with np.load(Path(__file__).with_name(file)) as recorded:
            about = json.loads(str(recorded["about"]))
            for key, (word, surface, hyper) in about["runs"].items():
                arguments = about["surfaces"].get(surface, {})
                found.append(
                    Recording(about["library"], about["version"], word, surface, arguments, hyper, recorded[key])
                )
    return found


def ours(recording: Recording) -> np.ndarray:
    """The same run, here: (2, steps + 1)."""
    _, points = recording.x.shape
    optimizer = OPTIMIZERS[recording.word](**recording.hyper)
    surface = SURFACES[recording.surface](**recording.surface_arguments)
    return trajectory(optimizer, surface, recording.x[:, 0], points - 1).x


def deviation(recording: Recording) -> float:
    """The greatest relative difference in any coordinate at any step."""
    difference = np.abs(ours(recording) - recording.x)
    return float((difference / np.maximum(np.abs(recording.x), NEAR_ZERO)).max())


def greatest_deviations() -> dict[tuple[str, str], float]:
    """(library, optimizer) -> its greatest deviation over all surfaces."""
    greatest: dict[tuple[str, str], float] = {}
    for recording in recordings():
        key = recording.library, recording.word
        greatest[key] = max(greatest.get(key, 0.0), deviation(recording))
    return greatest
