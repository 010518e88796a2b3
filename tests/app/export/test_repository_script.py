"""The exported script of a scene, run as a user runs it."""

import ast
import json
import os
import re
import subprocess
import sys
from math import inf, nan
from pathlib import Path

import pytest

from app.compute.cached_simulation import simulate_run
from app.export.python_literals import format_literal
from app.export.repository_script import FILE_NAME, make_script
from app.model.presets import PRESETS
from app.model.scene import Call, Run, Scene
from app.scene_text.reader import parse_scene
from optimizers.catalogue import OPTIMIZERS, SCHEDULES, WRAPPERS
from surfaces.catalogue import SURFACES

REPOSITORY = Path(__file__).parents[3]
WORDS = tuple(OPTIMIZERS)
HALVES = {"first half": WORDS[::2], "second half": WORDS[1::2]}
WHOLE = {
    **{name: "surface=rosenbrock()\nsteps=80\n" + "".join(f"run={word}()\n" for word in words)
       for name, words in HALVES.items()},
    "every schedule": "surface=beale()\nsteps=60\n" + "".join(f"run=adam(lr={word}())\n" for word in SCHEDULES),
    "every wrapper": "surface=tanh_neuron(batch_size=3)\nsteps=60\nnoise=0.2\nseed=4\n"
    + "".join(f"run={word}(sgd(lr=inverse_time()))\n" for word in WRAPPERS),
    "diverging, off, other colours": "surface=ravine()\nstart=-9.5,1e-3\nsteps=300\nrun=look(sgd(lr=1),colour=9)\n"
    "run=look(adam(),on=False)\nrun=nesterov(mu=linear(start=0.5,end=0.9))\n",
    "diverging to the end of all numbers": "surface=rosenbrock(b=3.15)\nstart=1.0243404938290168,1.617749249523702\n"
    "steps=69\nrun=radam(lr=cosine(peak=7.1,steps=1350,floor=8.351304847832484),beta2=inverse_sqrt(peak=0.96,steps=635))",
    "and below zero": "surface=saddle_ridge()\nstart=0.43517180072318773,0.842180810319543\nsteps=138\nnoise=100\n"
    "seed=6\nrun=bfgs()\nrun=momentum_subtracted()\nrun=adabelief(beta2=exponential(start=0.991,rate=0.0018))",
    "typed": 'surface=formula("0.1*(x**2 + y**2) + max(0,sin(2*x))*sin(2*y)",x=(-4,5))\nsteps=30\nrun=adam()\n',
    "typed, the same everywhere": 'surface=formula("3")\nsteps=5\nrun=adam()\n',
    "own data": 'surface=data("line","speed,distance;4,2;4,10;7,4;7,22;8,16",batch_size=2,seed=3)\n'
    "steps=30\nrun=adam()\n",
    "own data of two inputs": 'surface=data("svm","a,b,0 no 1 yes;1,2,0;2,3,1;0,1,0;4,1,1")\nsteps=30\nrun=sgd()\n',
    "more data than a line holds": f'surface=data("line","{";".join(f"{k},{k * k % 7}" for k in range(300))}")\n'
    "steps=9\nrun=newton()\n",
    "nothing": "surface=saddle()\nrun=none\n",
}  # fmt: skip
SETS = {
    "whole scenes": {name: parse_scene(text) for name, text in WHOLE.items()},
    "prepared scenes": PRESETS,
    "surfaces": {word: parse_scene(f"surface={word}()\nsteps=20\nrun=sgd(lr=1e-6)") for word in SURFACES},
}
# Runs the files in its arguments, and prints their outputs as one JSON object.
RUNNER = """
import contextlib, io, json, runpy, sys
from matplotlib.figure import Figure
save, outputs = Figure.savefig, {}
Figure.savefig = lambda figure, file, dpi: figure.set_layout_engine("none") or save(figure, file, dpi=20)  # fast
for file in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(file, run_name="__main__")
    outputs[file] = out.getvalue()
print(json.dumps(outputs))
"""


def run_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder with the repository on its path and without a screen."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "MPLBACKEND": "Agg"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def parse_ends(output: str) -> list[tuple[float, float]]:
    return [tuple(ast.literal_eval(line.split(": ends at ")[1].split(" with f")[0])) for line in output.splitlines()]


def simulate_ends(scene: Scene) -> list[tuple[float, float]]:
    results = [simulate_run(scene, run) for run in scene.runs if run.is_on]
    return [(float(result.columns["x"][-1]), float(result.columns["y"][-1])) for result in results]


def test_a_script_runs_and_draws_the_race(tmp_path):
    scene = parse_scene(WHOLE["first half"])
    file = tmp_path / FILE_NAME
    file.write_text(make_script(scene), encoding="utf-8")
    process = run_python(tmp_path, FILE_NAME)
    assert process.returncode == 0, process.stderr
    assert parse_ends(process.stdout) == simulate_ends(scene)
    assert (tmp_path / "race.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", SETS)
def test_scripts_end_at_the_same_bits_as_the_page(kind, tmp_path):
    scenes = SETS[kind]
    files = {name: tmp_path / f"{number}.py" for number, name in enumerate(scenes)}
    for name, file in files.items():
        file.write_text(make_script(scenes[name]), encoding="utf-8")
    process = run_python(tmp_path, "-c", RUNNER, *map(str, files.values()))
    assert process.returncode == 0, process.stderr
    outputs = json.loads(process.stdout)
    for name, file in files.items():
        assert parse_ends(outputs[str(file)]) == simulate_ends(scenes[name]), name


def test_no_two_makers_have_the_same_name() -> None:
    """A script finds each by its name alone."""
    names = [*SURFACES, *OPTIMIZERS, *SCHEDULES, *WRAPPERS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", SETS)
def test_a_script_imports_modules_that_stay_where_they_are(kind):
    """A module that moves breaks the scripts that were exported before: leave one behind that imports its names."""
    trees = [ast.parse(make_script(scene)) for scene in SETS[kind].values()]
    imports = {node.module for tree in trees for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert imports <= {
        "optimizers.catalogue",
        "optimizers.schedules",
        "optimizers.simulate",
        "surfaces.catalogue",
        "surfaces.datasets.table_surface",
        "surfaces.formula.formula_surface",
        "surfaces.observers.gradient_noise",
    }


@pytest.mark.parametrize(
    "value",
    ["'); import os; os.system('id') #", '"""', "\\", "a\nb", "x' + \"y\" + '", "\N{RIGHT-TO-LEFT OVERRIDE}", "\0", ""],
)  # fmt: skip
def test_typed_text_becomes_a_string_literal_only(value):
    """In a surface with a text as its argument, as a visitor's formula is."""
    node = ast.parse(format_literal(value), mode="eval").body
    assert isinstance(node, ast.Constant)
    assert node.value == value
    tree, plain = (ast.parse(make_script(make_scene_with_text(text))) for text in (value, "plain"))
    (call,) = [n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "surface"]
    assert [keyword.arg for keyword in call.keywords] == ["text", "x"]
    assert ast.literal_eval(call.keywords[0].value) == value
    call.keywords[0].value.value = "plain"
    assert ast.dump(tree) == ast.dump(plain)


def make_scene_with_text(text: str) -> Scene:
    return Scene(Call("bowl", (("text", text), ("x", (-5.0, 5.0)))), (0.0, 1.0), 5, ())


@pytest.mark.parametrize("value", [inf, -inf, nan, object(), [1.0], {"a": 1}, (1.0, inf), lambda: 0, b"x"])
def test_other_values_are_refused(value):
    with pytest.raises((TypeError, ValueError)):
        format_literal(value)


@pytest.mark.parametrize("value", [0.1, -1e-300, 5, True, None, "μ", "it's", 'say "so"', (1.0, -2.5), ("a",), (), 1e12])
def test_a_literal_is_read_back_as_its_value(value):
    assert ast.literal_eval(format_literal(value)) == value


def test_a_run_that_is_off_is_a_comment():
    scene = Scene(Call("saddle"), (1.0, 1.0), 5, (Run(0, Call("sgd", (("lr", 0.5),)), is_on=False),))
    lines = make_script(scene).splitlines()
    (line,) = [line for line in lines if 'OPTIMIZERS["sgd"](lr=0.5)' in line]
    assert line.strip().startswith("#")
    ast.parse(make_script(scene))


def test_the_first_line_says_what_make_run_does_not_install() -> None:
    first, *rest = make_script(PRESETS["Too long a step"]).splitlines()
    installed = {line.partition("==")[0] for line in (REPOSITORY / "requirements.txt").read_text().splitlines()}
    imports = {name for line in rest if (name := re.match(r"(?:import|from) (\w+)", line))}
    missing = {match[1] for match in imports} - installed - {"surfaces", "optimizers"}
    assert missing == {"matplotlib"}
    assert first.startswith("#") and "-m pip install matplotlib" in first
