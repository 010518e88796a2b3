"""f and its gradient as operations: read by JavaScript they are those of the surface."""

import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

from app.export.surface_operations import write_operations
from surfaces.base import Surface
from surfaces.catalogue import SURFACES
from surfaces.formula.formula_surface import formula
from tests.support.server_and_browser import ROOT

OVER_DATA = {
    "least_squares_line", "logistic_regression", "tanh_neuron", "linear_svm", "misra1a", "misra1b", "misra1c",
    "misra1d", "boxbod", "danwood", "jennrich_sampson",
}  # fmt: skip
TYPED = (
    "x^4 - 3 x y + exp(-y^2) + 0.1 sin(5 x)", "erf(x) + sigmoid(y) + softplus(x y) + relu(x - 1)",
    "where(x > 0, x^2, -x) + |y| + mod(x, 2) + floor(y)", "cbrt(x^2 + 1) + atan2(y, x + 7) + max(x, y, 1) + 2^x",
)  # fmt: skip
READ = """
import {{ evaluateOperations }} from "{module}";
import {{ readFileSync }} from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
const answer = ({{ formula, points }}) => points.map((point) => evaluateOperations(formula, point));
console.log(JSON.stringify(asked.map(answer)));
"""


def read_in_javascript(asked: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    node = shutil.which("node")
    assert node
    script = READ.format(module=(ROOT / "app/player/landscape/surface_operations.js").as_uri())
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    answer: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return answer


def test_every_surface_but_sums_over_data_is_written_down_and_read_in_javascript() -> None:
    surfaces: dict[str, Surface] = {name: make() for name, make in SURFACES.items()}
    surfaces |= {text: formula(text) for text in TYPED}
    written = {name: write_operations(surface) for name, surface in surfaces.items()}
    assert {name for name, operations in written.items() if operations is None} == OVER_DATA
    random = np.random.default_rng(0)
    points = {
        name: random.uniform(*np.array(surfaces[name].box).T, size=(40, 2)) for name, known in written.items() if known
    }
    asked = [{"formula": written[name], "points": points[name].tolist()} for name in points]
    for name, answers in zip(points, read_in_javascript(asked), strict=True):
        for point, answer in zip(points[name], answers, strict=True):
            surface = surfaces[name]
            told = [answer["loss"], *answer["gradient"]]
            right = [float(surface.value(point)), *map(float, surface.grad(point))]
            # sums of large terms cancel: 13 digits of the largest are left
            assert told == pytest.approx(right, rel=1e-8, abs=1e-10 * max(1, *map(abs, right))), (name, point)


def test_what_is_not_finite_is_null() -> None:
    known = write_operations(formula("log(x) + 1/y"))
    (answers,) = read_in_javascript([{"formula": known, "points": [[-1, 1], [0, 0], [1, 1]]}])
    assert [answer["loss"] for answer in answers] == [None, None, 1]
