"""A race exported as data: read back, it is the trajectory bit for bit; the file describes itself."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest

from app.compute.cached_simulation import build_optimizer, build_surface, simulate_run
from app.export.column_descriptions import COLUMNS, describe_column, sort_columns
from app.export.csv_and_json import as_csv, as_json, format_remark
from app.export.race_report import report_race
from app.model.presets import PRESETS
from app.model.scene import Scene
from app.scene_text.reader import parse_scene
from app.scene_text.writer import write_scene
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from optimizers.simulate import trajectory
from surfaces.datasets.regression import Regression
from surfaces.observers.gradient_noise import noisy

OWN_FORMULA = 'surface=formula("max(x,-y)+x**2+exp(-y)",x=(-2,2),y=(-2,2))\nstart=1,-1\nsteps=30\n'
RACES = PRESETS | {
    name: parse_scene(text)
    for name, text in {
        "minibatches": "surface=linear_svm(batch_size=7,seed=3)\nsteps=60\nrun=adam()\nrun=sgd(lr=cosine(peak=0.1))\n",
        "diverging": "surface=rosenbrock()\nsteps=40\nrun=sgd(lr=10)\nrun=momentum(lr=1,mu=linear(end=0.99))\n",
        "own formula": OWN_FORMULA + "run=polyak(nesterov(lr=0.05))\nrun=look(adam(),on=False)\nrun=scipy_lbfgsb()\n",
        "own data": 'surface=data("line","x,y;1,2;2,3.5;4,4",batch_size=2)\nsteps=9\nrun=adam()\n',
        "domain": 'surface=formula("x-log(x)+y**2",x=(0,4),y=(-2,2))\nstart=3,1\nsteps=9\nrun=sgd(lr=4)\n',
    }.items()
}


@pytest.fixture(params=RACES, name="race")
def _race(request: pytest.FixtureRequest) -> Scene:
    return RACES[request.param]


def simulate_paths(scene: Scene) -> dict[int, np.ndarray]:
    """The iterates (2, ...) of every run that is on, while it was alive, by its number."""
    problem = noisy(build_surface(scene.surface), scene.noise, scene.seed)
    paths = {
        number: trajectory(build_optimizer(run.optimizer, run.wrapper), problem, np.array(scene.start), scene.steps)
        for number, run in enumerate(scene.runs, 1)
        if run.is_on
    }
    return {number: path.x[:, path.alive] for number, path in paths.items()}


def parse_table(text: str) -> tuple[list[str], list[str], list[list[str]]]:
    """The remarks, the column names, and the rows."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    assert not any(line.startswith("#") for line in lines[first:])
    names, *rows = csv.reader(lines[first:])
    return [line.removeprefix("#").removeprefix(" ") for line in lines[:first]], names, rows


def assert_same_bits(values: object, expected: object) -> None:
    values, expected = (np.asarray(v, dtype=np.float64) for v in (values, expected))
    assert values.shape == expected.shape
    assert values.tobytes() == expected.tobytes()


def test_the_csv_file_has_the_bits_of_the_trajectory(race: Scene) -> None:
    _, names, rows = parse_table(as_csv(race))
    paths = simulate_paths(race)
    assert {int(row[0]) for row in rows} == {*paths}
    for number, x in paths.items():
        run_rows = [row for row in rows if int(row[0]) == number]
        assert [int(row[1]) for row in run_rows] == list(range(x.shape[1]))
        assert_same_bits([[float(row[names.index(name)]) for row in run_rows] for name in "xy"], x)


def test_numpy_and_pandas_read_the_csv_file(race: Scene) -> None:
    """By the arguments that the file itself names, in its second and third line."""
    text = as_csv(race)
    _, pandas_line, numpy_line, *_ = text.splitlines()
    assert 'comment="#"' in pandas_line
    frame = pd.read_csv(io.StringIO(text), comment="#")
    count = int(numpy_line.removesuffix(".").rpartition("skip_header=")[2])
    table = np.genfromtxt(io.StringIO(text), delimiter=",", names=True, skip_header=count)
    assert tuple(frame.columns) == table.dtype.names
    for name in table.dtype.names:
        assert_same_bits(frame[name], table[name])
    for number, x in simulate_paths(race).items():
        run_table = table[table["run"] == number]
        assert_same_bits((run_table["x"], run_table["y"]), x)


def test_the_json_file_has_the_bits_of_the_trajectory(race: Scene) -> None:
    document = json.loads(as_json(race), parse_constant=pytest.fail)
    paths = simulate_paths(race)
    assert [run["run"] for run in document["runs"]] == [*paths]
    for run in document["runs"]:
        assert_same_bits((run["columns"]["x"], run["columns"]["y"]), paths[run["run"]])
        assert run["last_step"] == paths[run["run"]].shape[1] - 1
        assert {len(values) for values in run["columns"].values()} == {run["last_step"] + 1}
        assert {*run["columns"]} <= {*document["columns"]}


def test_both_files_have_every_column_that_the_page_shows(race: Scene) -> None:
    _, names, rows = parse_table(as_csv(race))
    document = json.loads(as_json(race))
    assert names == ["run", *document["columns"]]
    for run in document["runs"]:
        result = simulate_run(race, race.runs[run["run"] - 1])
        run_rows = [row for row in rows if int(row[0]) == run["run"]]
        for name in names[2:]:
            cells = [row[names.index(name)] for row in run_rows]
            if name not in result.columns:
                assert {*cells} == {""}
                assert name not in run["columns"]
                continue
            values = result.columns[name][: result.last_step + 1]
            is_finite = np.isfinite(values)
            assert [text != "" for text in cells] == [v is not None for v in run["columns"][name]] == is_finite.tolist()
            assert_same_bits([float(text) for text in cells if text], values[is_finite])
            assert_same_bits([v for v in run["columns"][name] if v is not None], values[is_finite])


def test_the_remarks_have_the_scene_and_the_verdicts(race: Scene) -> None:
    remarks, names, _ = parse_table(as_csv(race))
    document = json.loads(as_json(race))
    first = remarks.index("The scene in Descent's format:") + 1
    scene = parse_scene("\n".join(remarks[first : first + len(document["scene"].splitlines())]))
    assert write_scene(scene).replace(" ", "") == write_scene(race).replace(" ", "")
    assert parse_scene(document["scene"]) == race
    for report in report_race(race).runs:
        assert f"Run {report.number}: {report.name} = {report.call}" in remarks
        assert f"Its verdict: {report.verdict_kind}. {report.verdict}" in remarks
        run = next(run for run in document["runs"] if run["run"] == report.number)
        verdict = {"kind": report.verdict_kind, "step": report.verdict_step, "sentence": report.verdict}
        assert run["verdict"] == verdict
        assert run["call"] == report.call
    for name in names[2:]:
        assert f"{name} [{describe_column(name).unit}]: {describe_column(name).meaning}" in remarks
    assert np.__version__ == document["versions"]["NumPy"]
    assert any(np.__version__ in line for line in remarks)


def test_a_diverging_run_ends_at_its_last_finite_point() -> None:
    scene = RACES["diverging"]
    remarks, _, rows = parse_table(as_csv(scene))
    last = max(int(row[1]) for row in rows if row[0] == "1")
    assert 0 < last < scene.steps
    assert f"Its last finite point is at step {last}." in remarks
    assert json.loads(as_json(scene))["runs"][0]["verdict"]["kind"] == "diverged"


def test_no_cell_is_a_formula(race: Scene) -> None:
    for separator in ",;\t":
        for line in csv.reader(io.StringIO(as_csv(race)), delimiter=separator):
            for cell in line:
                if cell.startswith(("=", "+", "-", "@")) and (separator == "," or line[0].startswith("#")):
                    float(cell)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('=HYPERLINK("x","y")', '# =HYPERLINK("x", "y")'),
        ("a,=1+1;@x\t-2", "# a, =1+1; @x -2"),
        ("start = 1,-1", "# start = 1,-1"),
        ('"', '# "'),
        (",,", "# ,,"),
        ("#", "# #"),
        ("", "#"),
    ],
)
def test_no_part_of_a_remark_is_a_formula_to_a_spreadsheet(text: str, written: str) -> None:
    assert format_remark(text) == written
    for separator in ",;\t":
        (line,) = csv.reader(io.StringIO(written), delimiter=separator)
        assert not any(cell.startswith(("=", "+", "@")) for cell in line)


def test_a_line_break_starts_another_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.race_report.write_scene", lambda scene: "surface\n=1+1,2\r@x\u2028-y")
    remarks, _, _ = parse_table(as_csv(PRESETS["Too long a step"]))
    assert [line for line in remarks if line in ("surface", "=1+1,2", "@x", "-y")] == ["surface", "=1+1,2", "@x", "-y"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_column_of_every_optimizer_has_a_unit_and_a_meaning(optimizer: str) -> None:
    for wrapper in ("", *WRAPPERS):
        if wrapper and optimizer.startswith("scipy"):
            continue
        run = f"{wrapper}({optimizer}())" if wrapper else f"{optimizer}()"
        scene = parse_scene(f"surface=rosenbrock()\nsteps=3\nrun={run}\n")
        columns = simulate_run(scene, scene.runs[0]).columns
        assert {*sort_columns({*columns})} == {*columns}
        assert all(describe_column(name).unit and describe_column(name).meaning for name in columns)


def test_each_kind_of_call_is_counted() -> None:
    scene = parse_scene("surface=rosenbrock()\nsteps=5\nrun=newton()\nrun=lbfgs()\n")
    newton, lbfgs = (run.columns for run in report_race(scene).runs)
    for columns in (newton, lbfgs):
        calls = [columns[name] for name in ("values", "gradients", "hessians")]
        assert_same_bits(np.sum(calls, axis=0), columns["evaluations"])
    assert newton["hessians"][-1] == 5
    assert lbfgs["hessians"][-1] == 0
    assert lbfgs["values"][-1] > 0


def test_minibatches_and_noise_are_described() -> None:
    remarks, _, _ = parse_table(as_csv(RACES["minibatches"]))
    surface = build_surface(RACES["minibatches"].surface)
    assert isinstance(surface, Regression)
    assert f"Minibatches: {surface.batches_per_epoch} steps in an epoch" in remarks
    noise = json.loads(as_json(PRESETS["Noise and averages"]))["noise"]
    assert noise == {"sigma": 10.0, "seed": 0}


def test_every_described_column_occurs() -> None:
    names = set()
    for optimizer in OPTIMIZERS:
        scene = parse_scene(f"steps=2\nrun={optimizer}()\n")
        names |= {*simulate_run(scene, scene.runs[0]).columns}
    assert {*COLUMNS} <= names
