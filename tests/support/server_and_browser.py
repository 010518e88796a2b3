"""A real app on a free port and a real Chromium to look at it: for browser tests, pictures and benchmarks."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other machine is found, and none is asked
    "--enable-unsafe-swiftshader",  # WebGL by the processor, where there is no other; by it alone, not the whole page
]


class ServerAddress(str):
    """The address of a server, its port, and its process."""

    __slots__ = ("pid", "port")
    pid: int
    port: int


@contextmanager
def serve_app(
    script: str = "app/main.py", seconds: float = 60, port: int = 0, log: Path | None = None, **environment: str
) -> Iterator[ServerAddress]:
    """Serve the app of `script` on this port, or on any free one; yield the address."""
    port = port or find_free_port()
    command = ["-m", "streamlit", "run", script]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    with start_server(command, port, seconds=seconds, log=log, PYTHONPATH=str(ROOT), **environment) as address:
        yield address


@contextmanager
def start_server(
    command: Sequence[str],
    port: int,
    *,
    folder: Path = ROOT,
    seconds: float = 60,
    log: Path | None = None,
    end: signal.Signals = signal.SIGTERM,
    **environment: str,
) -> Iterator[ServerAddress]:
    """Start a server by this Python command in `folder`, with its output in `log`; yield its address."""
    with (log or Path(os.devnull)).open("w") as output:
        server = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=os.environ | environment, stdout=output, stderr=output
        )
    address = ServerAddress(f"http://127.0.0.1:{port}")
    address.pid, address.port = server.pid, port
    try:
        deadline = time.monotonic() + seconds
        while not is_healthy(address):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} did not start")
            time.sleep(0.1)
        yield address
    finally:
        server.send_signal(end)
        server.wait(30)


def is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def launch_chromium(playwright: Playwright, *flags: str) -> Browser:
    """Launch the Chromium that $CHROMIUM names, or the first one found: the headless shell, without windows, if any."""
    names = filter(
        None, (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    )
    path = next((executable for name in names if (executable := shutil.which(name))), None)
    if path is None:
        raise RuntimeError("No Chromium was found: install it, or set CHROMIUM to its path")
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
