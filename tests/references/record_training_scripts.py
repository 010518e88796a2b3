"""Runs the exported PyTorch scripts of trainings and records their last weights. By hand, where PyTorch is installed:

python -m tests.references.record_training_scripts
"""

import contextlib
import hashlib
import io
import json
import os
import tempfile
from pathlib import Path

import numpy as np

from app.export.training_torch_script import make_training_torch_script
from optimizers.training.specification import Training
from surfaces.models.catalogue import OWN_DATA
from surfaces.models.classification_table import parse_classification_table
from tests.references.exported_trainings import OWN_TABLE, list_exported_trainings

ENTRIES = 12  # of each block that are kept, besides the largest
FILE = Path(__file__).with_name("training_scripts.json")


def find_samples(training: Training):
    return parse_classification_table(OWN_TABLE) if training.data == OWN_DATA else None


def write_script(training: Training) -> str:
    return make_training_torch_script("A training", training, find_samples(training))


def fingerprint(text: str) -> str:
    """The hash of a script without its title and introduction."""
    return hashlib.sha256(text.split('"""', 2)[2].encode()).hexdigest()


def summarize(blocks: dict[str, np.ndarray]) -> list[list[float]]:
    """The largest entry of each block by its size, and some entries, evenly over it."""
    flat = [block.ravel() for block in blocks.values()]
    chosen = (np.concatenate(([abs(b).max()], b[np.linspace(0, b.size - 1, ENTRIES).astype(int)])) for b in flat)
    return [[float(f"{v:.14g}") for v in row] for row in chosen]


def run_script(text: str) -> dict[str, np.ndarray]:
    """The blocks of weights that a script saves, run as it stands in an empty folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "exported", "exec"), {"__name__": "__main__"})  # noqa: S102
        assert os.listdir() == ["weights.npz"]
        with np.load("weights.npz") as saved:
            return dict(saved)


if __name__ == "__main__":
    import torch  # the rest is for the tests too, which do without

    found = {}
    for name, training in list_exported_trainings().items():
        text = write_script(training)
        found[name] = {"script": fingerprint(text), "weights": summarize(run_script(text))}
    about = {"library": "torch", "version": torch.__version__, "trainings": found}
    FILE.write_text(json.dumps(about) + "\n", encoding="utf-8")
