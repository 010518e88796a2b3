"""Run the unit tests of what changed since main, those that import it most directly first, for at most a minute."""

import ast
import subprocess
import sys
import time
from collections import defaultdict
from functools import cache
from pathlib import Path
from posixpath import normpath

import pytest

from tests.support.javascript_layers import IMPORT, locate_module

ROOT = Path(__file__).parents[2]
PARTS = ("surfaces", "optimizers", "app", "tests")
ELSEWHERE = ("tests/browser/", "tests/benchmarks/")  # `make browser`, `make bench`
LIMIT_SECONDS = 60


class TimeLimit:
    """A pytest plugin: after the deadline every test is skipped."""

    def __init__(self) -> None:
        self.deadline = time.monotonic() + LIMIT_SECONDS

    def is_over(self) -> bool:
        return time.monotonic() > self.deadline

    def pytest_runtest_setup(self) -> None:
        if self.is_over():
            pytest.skip("no time left")


def list_changed_files(base: str) -> set[str]:
    def git(*command: str) -> list[str]:
        return subprocess.run(
            ["git", *command], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.splitlines()

    (fork,) = git("merge-base", base, "HEAD")
    return {*git("diff", "--name-only", fork), *git("ls-files", "--others", "--exclude-standard")}


@cache
def read_files(file: str) -> set[str]:
    """The files of this repository that a file of Python or JavaScript imports or names, or is a test of."""
    found = read_script(file) if file.endswith(".js") else read_module(file)
    return {path for path in found if (ROOT / path).is_file()}


def read_script(file: str) -> set[str]:
    """What a file of JavaScript imports, and the module that a test is of, which it may also read as a text."""
    imported = IMPORT.findall((ROOT / file).read_text(encoding="utf-8"))
    paths = (normpath(f"{Path(file).parent.as_posix()}/{path}") for path in imported if path.startswith("."))
    return {*paths, *([locate_module(file)] if file.endswith(".test.js") else [])}


def read_module(file: str) -> set[str]:
    """What a file of Python imports or names by its path, and the conftests it is under."""
    names, files = set(), set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value[:80].strip("."):
            files |= {node.value} if len(node.value) < 80 and (ROOT / node.value).is_file() else set()
    for name in names:
        parts = name.split(".")
        if parts[0] in PARTS:  # importing a module runs the packages that it is in
            stems = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
            files |= {path for stem in stems for path in (f"{stem}.py", f"{stem}/__init__.py")}
    if file.startswith("tests/"):
        files |= {f"{folder}/conftest.py" for folder in Path(file).parents}
    return files


@cache
def find_readers() -> dict[str, set[str]]:
    """For each file, those that import it, name it or are a test of it."""
    readers = defaultdict(set)
    for part in PARTS:
        for path in (ROOT / part).rglob("*.[pj][ys]"):
            if "vendor" not in path.parts:
                file = path.relative_to(ROOT).as_posix()
                for other in read_files(file):
                    readers[other].add(file)
    return readers


def is_test(file: str) -> bool:
    return Path(file).match("test_*.py") or file.endswith(".test.js")


def find_tests(changed: set[str]) -> list[str]:
    """The test files that lead to a changed file, by the length of the shortest chain of imports."""
    readers = find_readers()
    reached, latest = set(changed), sorted(changed)
    tests: list[str] = []
    while latest:
        tests += [file for file in latest if is_test(file) and (ROOT / file).is_file()]
        latest = sorted(set().union(*(readers.get(file, ()) for file in latest)) - reached)
        reached |= set(latest)
    return [file for file in tests if not file.startswith(ELSEWHERE)]


if __name__ == "__main__":
    changed = list_changed_files(sys.argv[1] if len(sys.argv) > 1 else "main")
    tests = find_tests(changed)
    print(f"{len(changed)} files changed since main; {len(tests)} test files lead to them.", flush=True)
    scripts = [file for file in tests if file.endswith(".js")]  # all at once: they take seconds
    if scripts:
        command = ["node", "--test", "--test-reporter=dot", *scripts]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            sys.exit("Tests of JavaScript failed.")
    tests, limit, failed = [file for file in tests if file not in scripts], TimeLimit(), False
    for count, file in enumerate(tests):  # one by one: to collect all of them takes longer than the limit
        if limit.is_over():
            print(f"{LIMIT_SECONDS} s are over: {len(tests) - count} test files are left to `make test`.")
            break
        code = pytest.main([file], plugins=[limit])
        failed |= code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    sys.exit(failed)
