"""A race as data: read back it is the trajectory, bit for bit, and the file says what it is."""

import csv
import io
import json
import re

import numpy as np
import pytest

from app.compute.cached_simulation import build_optimizer, build_surface, simulate_run
from app.export.column_descriptions import COLUMNS, describe_column, sort_columns
from app.export.csv_and_json import as_csv, as_json, format_remark
from app.export.race_record import report_race
from app.model.presets import PRESETS
from app.model.scene import Scene
from app.scene_text.reader import parse_scene
from optimizers.catalogue import OPTIMIZERS, WRAPPERS
from optimizers.simulate import trajectory
from surfaces.datasets.regression import Regression
from surfaces.observers.gradient_noise import noisy

OWN = 'surface=formula("max(x,-y)+x**2+exp(-y)",x=(-2,2),y=(-2,2))\nstart=1,-1\nsteps=30\n'
RACES = PRESETS | {
    name: parse_scene(said)
    for name, said in {
        "minibatches": "surface=linear_svm(batch_size=7,seed=3)\nsteps=60\nrun=adam()\nrun=sgd(lr=cosine(peak=0.1))\n",
        "thrown out": "surface=rosenbrock()\nsteps=40\nrun=sgd(lr=10)\nrun=momentum(lr=1,mu=linear(end=0.99))\n",
        "one's own": OWN + "run=polyak(nesterov(lr=0.05))\nrun=look(adam(),on=False)\nrun=scipy_lbfgsb()\n",
        "one's own data": 'surface=data("line","x,y;1,2;2,3.5;4,4",batch_size=2)\nsteps=9\nrun=adam()\n',
        "domain": 'surface=formula("x-log(x)+y**2",x=(0,4),y=(-2,2))\nstart=3,1\nsteps=9\nrun=sgd(lr=4)\n',
    }.items()
}


@pytest.fixture(params=RACES, name="race")
def races(request: pytest.FixtureRequest) -> Scene:
    return RACES[request.param]


def truth(scene: Scene) -> dict[int, np.ndarray]:
    """The iterates of every run that is on, as long as it was alive, by its place: (2, ...)."""
    problem = noisy(build_surface(scene.surface), scene.noise, scene.seed)
    paths = {
        place: trajectory(build_optimizer(one.optimizer, one.wrapper), problem, np.array(scene.start), scene.steps)
        for place, one in enumerate(scene.runs, 1)
        if one.is_on
    }
    return {place: path.x[:, path.alive] for place, path in paths.items()}


def cells(text: str) -> tuple[list[str], list[str], list[list[str]]]:
    """The remarks, the names, and the rows, as a spreadsheet sees them."""
    lines = list(csv.reader(io.StringIO(text)))
    head = next(i for i, line in enumerate(lines) if not line[0].startswith("#"))
    assert all(len(line) == 1 for line in lines[:head])
    return [line[0].removeprefix("#").removeprefix(" ") for line in lines[:head]], lines[head], lines[head + 1 :]


def same(one: object, other: object) -> None:
    """The same bits."""
    one, other = (np.asarray(v, dtype=np.float64) for v in (one, other))
    assert one.shape == other.shape
    assert one.tobytes() == other.tobytes()


def test_the_table_is_the_trajectory_bit_for_bit(race: Scene) -> None:
    _, names, rows = cells(as_csv(race))
    paths = truth(race)
    assert {int(row[0]) for row in rows} == {*paths}
    for place, x in paths.items():
        own = [row for row in rows if int(row[0]) == place]
        assert [int(row[1]) for row in own] == list(range(x.shape[1]))
        same([[float(row[names.index(name)]) for row in own] for name in "xy"], x)


def test_numpy_reads_the_table_as_it_says_itself(race: Scene) -> None:
    text = as_csv(race)
    skip = int(re.search(r"These (\d+) lines are remarks", text)[1])
    read = np.genfromtxt(io.StringIO(text), delimiter=",", names=True, skip_header=skip)
    assert not np.isnan(read["x"]).any()
    for place, x in truth(race).items():
        own = read[read["run"] == place]
        same((own["x"], own["y"]), x)


def test_the_object_is_the_trajectory_bit_for_bit(race: Scene) -> None:
    def never(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    said = json.loads(as_json(race), parse_constant=never)
    paths = truth(race)
    assert [one["run"] for one in said["runs"]] == [*paths]
    for one in said["runs"]:
        same((one["columns"]["x"], one["columns"]["y"]), paths[one["run"]])
        assert one["last_step"] == paths[one["run"]].shape[1] - 1
        assert {len(values) for values in one["columns"].values()} == {one["last_step"] + 1}
        assert {*one["columns"]} <= {*said["columns"]}


def test_every_column_is_in_both_and_is_what_the_page_shows(race: Scene) -> None:
    _, names, rows = cells(as_csv(race))
    said = json.loads(as_json(race))
    assert names == ["run", *said["columns"]]
    for one in said["runs"]:
        shown = simulate_run(race, race.runs[one["run"] - 1])
        own = [row for row in rows if int(row[0]) == one["run"]]
        for name in names[2:]:
            column_of = [row[names.index(name)] for row in own]
            if name not in shown.columns:
                assert {*column_of} == {""}
                assert name not in one["columns"]
                continue
            values = shown.columns[name][: shown.last_step + 1]
            known = np.isfinite(values)
            assert [text != "" for text in column_of] == [v is not None for v in one["columns"][name]] == known.tolist()
            same([float(text) for text in column_of if text], values[known])
            same([v for v in one["columns"][name] if v is not None], values[known])


def test_the_head_says_the_scene_and_how_each_run_ended(race: Scene) -> None:
    about, names, _ = cells(as_csv(race))
    said = json.loads(as_json(race))
    first = about.index("The scene in Descent's format:") + 1
    assert parse_scene("\n".join(about[first : first + len(said["scene"].splitlines())])) == race
    assert parse_scene(said["scene"]) == race
    for one in report_race(race).runs:
        assert f"Run {one.number}: {one.name} = {one.call}" in about
        assert f"Its verdict: {one.verdict_kind}. {one.verdict}" in about
        told = next(other for other in said["runs"] if other["run"] == one.number)
        assert told["verdict"] == {"kind": one.verdict_kind, "step": one.verdict_step, "sentence": one.verdict}
        assert told["call"] == one.call
    for name in names[2:]:
        assert f"{name} [{describe_column(name).unit}]: {describe_column(name).meaning}" in about
    assert np.__version__ == said["versions"]["NumPy"]
    assert any(np.__version__ in line for line in about)


def test_a_run_that_was_thrown_out_ends_at_its_last_finite_point() -> None:
    scene = RACES["thrown out"]
    about, _, rows = cells(as_csv(scene))
    last = max(int(row[1]) for row in rows if row[0] == "1")
    assert 0 < last < scene.steps
    assert f"Its last finite point is at step {last}." in about
    assert json.loads(as_json(scene))["runs"][0]["verdict"]["kind"] == "diverged"


def test_no_cell_is_a_formula(race: Scene) -> None:
    for line in csv.reader(io.StringIO(as_csv(race))):
        for cell in line:
            if cell.startswith(("=", "+", "-", "@", "\t")):
                float(cell)


@pytest.mark.parametrize("words", ['=HYPERLINK("x","y")', "a,=1+1;@x\t-2", '"', ",,", "#", ""])
def test_a_remark_is_one_cell_that_begins_with_a_mark(words: str) -> None:
    (line,) = csv.reader(io.StringIO(format_remark(words)))
    assert line == [f"# {words}".rstrip(" ")]


def test_a_line_break_in_a_remark_begins_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.race_record.write_scene", lambda scene: "surface\n=1+1,2\r@x\u2028-y")
    about, _, _ = cells(as_csv(PRESETS["Too long a step"]))
    assert [line for line in about if line in ("surface", "=1+1,2", "@x", "-y")] == ["surface", "=1+1,2", "@x", "-y"]


@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_column_of_every_optimizer_has_a_unit_and_a_meaning(word: str) -> None:
    for around in ("", *WRAPPERS):
        if around and word.startswith("scipy"):
            continue
        scene = parse_scene(
            f"surface=rosenbrock()\nsteps=3\nrun={around}({word}())\n" if around else f"steps=3\nrun={word}()\n"
        )
        found = simulate_run(scene, scene.runs[0]).columns
        assert {*sort_columns({*found})} == {*found}
        assert all(describe_column(name).unit and describe_column(name).meaning for name in found)


def test_calls_are_counted_each_for_itself() -> None:
    scene = parse_scene("surface=rosenbrock()\nsteps=5\nrun=newton()\nrun=lbfgs()\n")
    for one in report_race(scene).runs:
        kinds = [one.columns[name] for name in ("values", "gradients", "hessians")]
        same(np.sum(kinds, axis=0), one.columns["evaluations"])
    newton, lbfgs = (one.columns for one in report_race(scene).runs)
    assert newton["hessians"][-1] == 5
    assert lbfgs["hessians"][-1] == 0
    assert lbfgs["values"][-1] > 0


def test_minibatches_and_noise_are_said() -> None:
    about, _, _ = cells(as_csv(RACES["minibatches"]))
    batches = build_surface(RACES["minibatches"].surface)
    assert isinstance(batches, Regression)
    assert f"Minibatches: {batches.batches_per_epoch} steps in an epoch" in about
    noise = json.loads(as_json(PRESETS["Noise and averages"]))["noise"]
    assert noise == {"sigma": 10.0, "seed": 0}


def test_the_table_of_columns_has_none_that_nobody_has() -> None:
    met = set()
    for word in OPTIMIZERS:
        scene = parse_scene(f"steps=2\nrun={word}()\n")
        met |= {*simulate_run(scene, scene.runs[0]).columns}
    assert {*COLUMNS} <= met
