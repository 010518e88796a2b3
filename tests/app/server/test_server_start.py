"""The server as it is started: its settings hold from wherever that is done, and what it sends does not wait."""

import os
import re
import shlex
import signal
import socket
import tomllib
from pathlib import Path

import pytest
from streamlit import config
from streamlit.web.server.starlette.starlette_server import _bind_socket

from app.server.streamlit_settings import CONFIG_FILE, flatten_options
from app.server.tcp_nodelay import disable_nagle
from tests.support.server_and_browser import ROOT, find_free_port, start_server

# Python imports a module of this name when it starts; it writes down what the server's settings were when it ends.
WITNESS = """
import atexit, os, sys

def write():
    config = sys.modules.get("streamlit.config")
    if config:
        names = ("runner.postScriptGC", "client.showErrorDetails", "server.maxUploadSize", "theme.light.primaryColor")
        with open(os.environ["WITNESS"], "w") as file:
            file.write(" ".join(str(config.get_option(name)) for name in names))

atexit.register(write)
"""


def command(file: str, pattern: str) -> str:
    """The command that starts the server according to a file of the repository."""
    found = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"))
    assert found
    return re.sub(r"\$\(PORT\)|\$\{PORT:-\d+\}", "{port}", found[1])


STARTED = {
    "Procfile": (ROOT, command("Procfile", r"web: python (.*)")),
    "make run": (ROOT, command("Makefile", r"/python (-m streamlit run .*)")),
    "from elsewhere": (None, f"-m streamlit run {ROOT}/app/main.py --server.port {{port}} --server.headless true"),
    "uvicorn": (None, "-m uvicorn app.main:app --port {port}"),
}


@pytest.mark.parametrize("how", STARTED)
def test_the_settings_hold_however_the_server_is_started(how: str, tmp_path: Path) -> None:
    """Streamlit's forced collection would take nine tenths of the server's time (`.streamlit/config.toml`)."""
    folder, said = STARTED[how]
    port = find_free_port()
    (tmp_path / "sitecustomize.py").write_text(WITNESS, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    around = {"PYTHONPATH": path, "WITNESS": str(tmp_path / "seen"), "HOME": str(tmp_path)}
    end = signal.SIGINT  # ended by SIGTERM it would write nothing
    with start_server(shlex.split(said.format(port=port)), port, folder=folder or tmp_path, end=end, **around):
        pass
    assert (tmp_path / "seen").read_text() == "False none 1 #1f5fa8"


def test_every_setting_of_the_file_is_one_of_streamlits() -> None:
    for key, value in flatten_options(tomllib.loads(CONFIG_FILE.read_text(encoding="utf-8"))):
        assert config.get_option(key) == value, key


def test_every_setting_that_the_page_on_hosting_names_is_one_of_streamlits() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:server|client|runner|browser|global)\.[a-z]\w+\b(?!\.)", text))
    assert len(named) >= 4
    for key in named:
        config.get_option(key)  # raises for one that there is not


def test_a_socket_of_streamlits_sends_without_delay() -> None:
    """Without it the second part of an answer waits 40 ms for the acknowledgement of the first."""
    with _bind_socket("127.0.0.1", 0, 5) as listening:
        listening.setblocking(True)
        disable_nagle()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
