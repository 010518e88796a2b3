"""In the copy of the tree that `mutation_sample` makes: which mutations act, which tests reach them, which notice them.

A pytest plugin, and the switch that each mutated expression asks: `(mutated if is_on(17) else original)`.
"""

import json
import os
import resource
import time
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

ACTIVE = {int(number) for number in os.environ.get("MUTATIONS_ON", "").split()}
SECONDS_HANGING = 20  # and five times what the tests take without a mutation
NONE = -1  # in the place of a mutation's number: nothing is changed, and no test may fail
MEMORY_BYTES = 8 << 30
reached: set[int] = set()
failed: set[str] = set()


def is_on(number: int) -> bool:
    reached.add(number)
    return number in ACTIVE


def read_lines(file: str) -> list[Any]:
    return [json.loads(line) for line in Path(file).read_text().splitlines()] if Path(file).exists() else []


def add_line(file: str, line: dict[str, Any]) -> None:
    with Path(file).open("a") as lines:
        lines.write(json.dumps(line) + "\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests that were recorded before a stop."""
    known = {line["test"] for line in read_lines(os.environ.get("RECORD_TESTS", os.devnull))}
    items[:] = [item for item in items if item.nodeid not in known]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        failed.add(report.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Record each test: whether it failed, its processor time in seconds, the numbers of the mutations it reached."""
    reached.clear()
    start = time.process_time()
    result = yield
    if "RECORD_TESTS" in os.environ:
        line = {"test": item.nodeid, "failed": item.nodeid in failed, "seconds": time.process_time() - start}
        add_line(os.environ["RECORD_TESTS"], line | {"reached": sorted(reached)})
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Try each mutation in a fork of this process, which has collected the tests and run none of them."""
    if "RECORD_FATES" not in os.environ:
        return None
    items = {item.nodeid: item for item in session.items}
    tests = [line for line in read_lines(os.environ["TESTS_TRIED"]) if line["test"] in items]
    tests.sort(key=lambda line: line["seconds"])
    known = {line["mutation"]: line for line in read_lines(os.environ["RECORD_FATES"])}
    for number in map(int, os.environ["MUTATIONS_TRIED"].split()):
        reaching = [line for line in tests if number in line["reached"] or number == NONE]
        sums = [*accumulate(line["seconds"] for line in reaching)]
        count = max(bisect(sums, float(os.environ["SECONDS_EACH"])), bool(sums))
        if number in known and (known[number]["fate"] != "alive" or known[number]["tests"] >= count):
            continue
        chosen = [items[line["test"]] for line in reaching[:count]]
        limit = SECONDS_HANGING + int(5 * sums[count - 1]) if count else 0
        status = run_in_fork(session, chosen, number, limit) if chosen else None
        fate = {None: "unreached", 0: "alive", 1: "killed"}.get(status, "crashed or hung")
        add_line(os.environ["RECORD_FATES"], {"mutation": number, "fate": fate, "tests": count})
    return True


def run_in_fork(session: pytest.Session, items: list[pytest.Item], number: int, seconds: int) -> int:
    """Run the tests with one mutation until one fails; return 1 then, else 0, and less where the process was ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        session.config.pluginmanager.unregister(name="terminalreporter")
        ACTIVE.add(number)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed:
                break
        else:
            status = 0
    finally:
        os._exit(status)
