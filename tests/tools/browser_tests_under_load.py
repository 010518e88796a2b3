"""Run the browser tests again and again beside two busy loops: `make browser-loaded RUNS=10`.

A test that fails once in ten runs on a busy machine waits for a time where it should wait for a condition, or the app
loses something when it is slow. `LANES=2` runs two beside each other. Where the machine itself stood still, as virtual
ones do now and then, the line of the run says so: what failed then need not be a fault.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread

from tests.browser.visits import FAILURES

BUSY_LOOPS = 2
SUMMARY = re.compile(r"^(FAILED|ERROR) .*", re.MULTILINE)  # a test that failed, and at which lines
WHOLE_SUMMARY = {"CI": "1"}  # pytest cuts the lines of its summary off elsewhere
STANDSTILL_SECONDS = 15  # for which a thread that only sleeps was not woken: no load of ours keeps it waiting so long


class StandstillWatch(Thread):
    """Note when the machine did not run at all."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.standstills: list[tuple[float, float]] = []  # when it went on, and after how many seconds

    def run(self) -> None:
        before = time.monotonic()
        while True:
            time.sleep(1)
            now = time.monotonic()
            if now - before > STANDSTILL_SECONDS:
                self.standstills.append((now, now - before))
            before = now

    def describe_since(self, start: float) -> str:
        return "".join(f"; the machine stood still for {gap:.0f} s" for end, gap in self.standstills if end > start)


def run_once(number: int, watch: StandstillWatch) -> bool:
    """Run the browser tests, tell how they ended, and return whether all passed."""
    started = time.monotonic()
    done = subprocess.run(
        ["make", "-s", "browser"], env=os.environ | WHOLE_SUMMARY, check=False, capture_output=True, text=True
    )
    is_passed = done.returncode == 0
    seconds, ending = time.monotonic() - started, "passed" if is_passed else "failed"
    print(f"run {number}, {seconds:.0f} s: {ending}{watch.describe_since(started)}", flush=True)
    if not is_passed:
        FAILURES.mkdir(exist_ok=True)
        log = FAILURES / f"run-{number}.log"
        log.write_text(done.stdout)
        print("\n".join([*(match[0] for match in SUMMARY.finditer(done.stdout)), f"all of it: {log}"]), flush=True)
    return is_passed


def run_under_load(runs: int, lanes: int = 1) -> int:
    """The number of runs that failed."""
    with ExitStack() as stack:
        for _ in range(BUSY_LOOPS):
            loop = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(loop.kill)
        watch = StandstillWatch()
        watch.start()
        with ThreadPoolExecutor(lanes) as pool:
            return runs - sum(pool.map(run_once, range(1, runs + 1), [watch] * runs))


if __name__ == "__main__":
    sys.exit(run_under_load(*map(int, sys.argv[1:])) > 0)
