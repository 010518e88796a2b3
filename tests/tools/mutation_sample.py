"""`make mutants-sample`: seed faults all over surfaces/ and optimizers/; do full products find more than their samples?

Of long products of parameters `make test` tries a sample (tests/support/sampling.py). Here 200 expressions, one a
function, are changed, drawn by a fixed seed, and the tests of numbers are run on each change. Those that survive then
act together, once with all tests of numbers and once with the full products: what fails there alone is a
fault that the samples miss. Everything is recorded in `mutants/` as soon as it is known: the same command goes on from
there after a stop, and tries what survived again with tests that were added. `make clean` forgets it.
"""

import ast
import hashlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.tools.mutation_changes import Mutation, list_mutations
from tests.tools.mutation_switch import NONE, add_line, read_lines

ROOT = Path(__file__).parents[2]
COUNT, SEED = 200, 0
NUMBERS = ["tests/surfaces", "tests/optimizers"]
FULL_PRODUCTS = [*NUMBERS, "tests/app"]
SECONDS_EACH = 2  # of the quickest tests, for each mutation alone
ALIVE = {"alive", "unreached"}
LEFT_OUT = "optimizers/methods/"  # `make mutants` tries the commonest of them


def list_files(*arguments: str) -> list[str]:
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *arguments]
    return sorted(subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines())


def draw_mutations() -> list[Mutation]:
    """One mutation in each of the functions drawn; that a value is missing only where nothing else can be changed."""
    files = [file for file in list_files("surfaces/*.py", "optimizers/*.py") if LEFT_OUT not in file]
    functions = [found for file in files for found in list_mutations(ROOT, file).values() if found]
    rng, drawn = random.Random(SEED), []  # noqa: S311
    for mutations in rng.sample(functions, COUNT):
        subtle = [it for it in mutations if not (isinstance(it.changed, ast.Constant) and it.changed.value is None)]
        drawn.append(rng.choice(subtle or mutations))
    return drawn


def write_switches(file: str, mutations: dict[int, Mutation]) -> bytes:
    """The text of a file with a switch around every expression that was drawn, by the mutation's number."""
    source = (ROOT / file).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for number, it in sorted(mutations.items(), key=lambda item: (item[1].node.lineno, item[1].node.col_offset))[::-1]:
        start = starts[it.node.lineno - 1] + it.node.col_offset
        stop = starts[it.node.end_lineno - 1] + it.node.end_col_offset
        switch = f"(({ast.unparse(it.changed)}) if is_on({number}) else (".encode()
        source = source[:start] + switch + source[start:stop] + b"))" + source[stop:]
    lines = source.splitlines(keepends=True)
    docstring, *_ = ast.parse(source).body
    lines.insert(docstring.end_lineno, b"from tests.tools.mutation_switch import is_on\n")
    return b"".join(lines)


def write_copy(mutations: list[Mutation]) -> Path:
    """Copy the tree, with switches, into a folder of its own for each state of the mutated files; return the folder."""
    by_file = defaultdict(dict)
    for number, it in enumerate(mutations):
        by_file[it.file][number] = it
    switched = {file: write_switches(file, of_file) for file, of_file in by_file.items()}
    place = ROOT / "mutants" / hashlib.sha256(b"".join(switched[file] for file in sorted(switched))).hexdigest()[:12]
    shutil.rmtree(place / "tree" / "tests", ignore_errors=True)  # with tests that are no more
    for file in list_files():
        copied = place / "tree" / file
        copied.parent.mkdir(parents=True, exist_ok=True)
        if file not in switched:
            shutil.copy2(ROOT / file, copied)
        elif not copied.exists():
            copied.write_bytes(switched[file])
    return place


def run_pytest(place: Path, arguments: list[str], **environment: object) -> int:
    """Run pytest in the copy; return its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.tools.mutation_switch", *arguments]
    settings = {name: str(value) for name, value in environment.items()} | {"PYTHONPATH": str(place / "tree")}
    return subprocess.run(command, cwd=place / "tree", env=os.environ | settings, check=False).returncode


def record_tests(place: Path, name: str, tests: list[str], numbers: list[int]) -> list[dict[str, Any]]:
    """Run the tests while these mutations act together; return what is recorded of each."""
    on = " ".join(map(str, numbers))
    record = place / f"{name}-{hashlib.sha256(on.encode()).hexdigest()[:8]}.jsonl"
    code = run_pytest(place, tests, MUTATIONS_ON=on, RECORD_TESTS=record)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit("pytest was stopped; what is recorded remains.")
    return read_lines(record)


def try_alone(
    place: Path, name: str, tests: list[str], numbers: list[int], records: list[dict[str, Any]], seconds: float
) -> dict[int, str]:
    """The fate of each mutation by the recorded tests that reach it: the quickest, as many as take `seconds`."""
    fates, tried = place / f"{name}-fates.jsonl", place / f"{name}-tried.jsonl"
    tried.write_text("".join(json.dumps(line) + "\n" for line in records))
    order = {"MUTATIONS_TRIED": " ".join(map(str, [NONE, *numbers])), "SECONDS_EACH": seconds}
    run_pytest(place, tests, TESTS_TRIED=tried, RECORD_FATES=fates, **order)
    fate = {line["mutation"]: line["fate"] for line in read_lines(fates)}
    if fate.get(NONE) != "alive" or not fate.keys() >= set(numbers):
        sys.exit("Tests fail without a mutation, or were stopped.")
    return {number: fate[number] for number in numbers}


def keep_unnoticed(place: Path, name: str, marker: str, tests: list[str], numbers: list[int]) -> list[int]:
    """Which of the mutations no test notices: all act together, and on the tests that failed each acts alone."""
    marked = ["-m", marker]
    failing = [line for line in record_tests(place, name, [*marked, *tests], numbers) if line["failed"]]
    if failing:
        named = [*marked, *(line["test"] for line in failing)]
        passing = {line["test"] for line in record_tests(place, name, named, []) if not line["failed"]}
        failing = [line for line in failing if line["test"] in passing]
    if not failing:
        return numbers
    print(f"{name}: {len(failing)} tests failed, the first is {failing[0]['test']}")
    fate = try_alone(place, name, named, numbers, failing, math.inf)
    rest = [number for number in numbers if fate[number] in ALIVE]
    if rest == numbers:
        sys.exit("They fail on several mutations together, or on import.")
    return rest


def main() -> int:
    mutations = draw_mutations()
    place = write_copy(mutations)
    passing = [line for line in record_tests(place, "reaching", NUMBERS, []) if not line["failed"]]
    fate = try_alone(place, "alone", NUMBERS, [*range(COUNT)], passing, SECONDS_EACH)
    for number in [number for number in range(COUNT) if fate[number] == "unreached"]:  # unless on import
        nearest = Path("tests", mutations[number].file).parent
        folders = [[str(nearest)]] * (ROOT / nearest).exists() + [NUMBERS]
        if any(run_pytest(place, ["-x", *tests], MUTATIONS_ON=number) for tests in folders):
            fate[number] = "killed"
            add_line(place / "alone-fates.jsonl", {"mutation": number, "fate": "killed"})
    alive = [number for number in range(COUNT) if fate[number] in ALIVE]
    alive = keep_unnoticed(place, "numbers", "not all_cases", NUMBERS, alive)
    rest = keep_unnoticed(place, "products", "all_cases", FULL_PRODUCTS, alive)
    for number in alive:
        it = mutations[number]
        finder = "no test notices" if number in rest else "the full products alone notice"
        print(f"{it.file}:{it.node.lineno}: {finder} {ast.unparse(it.node)} -> {ast.unparse(it.changed)}")
    print(f"{COUNT} mutations; {len(alive)} survive the tests of numbers, {len(rest)} the full products as well")
    return len(alive) - len(rest)


if __name__ == "__main__":
    sys.exit(main())
