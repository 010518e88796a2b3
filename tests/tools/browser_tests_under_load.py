"""Run the browser tests again and again beside two busy loops: `make browser-loaded RUNS=10`.

A test that fails once in ten runs on a busy machine waits for a time where it should wait for a condition, or the app
loses something when it is slow. `LANES=2` runs two beside each other.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.browser.visits import FAILURES

BUSY_LOOPS = 2
SUMMARY = re.compile(r"^(FAILED|ERROR) .*", re.MULTILINE)  # a test that failed, and at which lines
WHOLE_SUMMARY = {"CI": "1"}  # pytest cuts the lines of its summary off elsewhere


def run_once(number: int) -> bool:
    """Run the browser tests, tell how they ended, and return whether all passed."""
    started = time.monotonic()
    done = subprocess.run(
        ["make", "-s", "browser"], env=os.environ | WHOLE_SUMMARY, check=False, capture_output=True, text=True
    )
    is_passed = done.returncode == 0
    print(f"run {number}, {time.monotonic() - started:.0f} s: {'passed' if is_passed else 'failed'}", flush=True)
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
        with ThreadPoolExecutor(lanes) as pool:
            return runs - sum(pool.map(run_once, range(1, runs + 1)))


if __name__ == "__main__":
    sys.exit(run_under_load(*map(int, sys.argv[1:])) > 0)
