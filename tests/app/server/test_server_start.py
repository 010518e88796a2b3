"""The start of the server: its settings apply wherever it is started, and Nagle's algorithm is off."""

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

# Python imports `sitecustomize` when it starts; this one writes the server's settings to a file at exit.
SETTINGS_RECORDER = """
import atexit, os, sys

def write():
    config = sys.modules.get("streamlit.config")
    if config:
        names = ("runner.postScriptGC", "client.showErrorDetails", "server.maxUploadSize", "theme.light.primaryColor")
        with open(os.environ["SETTINGS_FILE"], "w") as file:
            file.write(" ".join(str(config.get_option(name)) for name in names))

atexit.register(write)
"""


def find_command(file: str, pattern: str) -> str:
    """The command in a file of the repository that starts the server."""
    match = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"))
    assert match
    return re.sub(r"\$\(PORT\)|\$\{PORT:-\d+\}", "{port}", match[1])


START_COMMANDS = {
    "Procfile": (ROOT, find_command("Procfile", r"web: python (.*)")),
    "make run": (ROOT, find_command("Makefile", r"/python (-m streamlit run .*)")),
    "from elsewhere": (None, f"-m streamlit run {ROOT}/app/main.py --server.port {{port}} --server.headless true"),
    "uvicorn": (None, "-m uvicorn app.main:app --port {port}"),
}


@pytest.mark.parametrize("way", START_COMMANDS)
def test_the_settings_apply_however_the_server_is_started(way: str, tmp_path: Path) -> None:
    """Streamlit's forced garbage collection would take 90% of the server's time (`.streamlit/config.toml`)."""
    folder, command = START_COMMANDS[way]
    port = find_free_port()
    (tmp_path / "sitecustomize.py").write_text(SETTINGS_RECORDER, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    environment = {"PYTHONPATH": path, "SETTINGS_FILE": str(tmp_path / "seen"), "HOME": str(tmp_path)}
    end = signal.SIGINT  # after SIGTERM it would write nothing
    with start_server(shlex.split(command.format(port=port)), port, folder=folder or tmp_path, end=end, **environment):
        pass
    assert (tmp_path / "seen").read_text() == "False none 1 #1f5fa8"


def test_every_setting_of_the_file_exists_in_streamlit() -> None:
    for key, value in flatten_options(tomllib.loads(CONFIG_FILE.read_text(encoding="utf-8"))):
        assert config.get_option(key) == value, key


def test_every_setting_named_in_the_hosting_page_exists_in_streamlit() -> None:
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    keys = set(re.findall(r"\b(?:server|client|runner|browser|global)\.[a-z]\w+\b(?!\.)", text))
    assert len(keys) >= 4
    for key in keys:
        config.get_option(key)  # raises if it does not exist


def test_streamlits_socket_sends_without_delay() -> None:
    """Otherwise the second part of an answer would wait 40 ms for the acknowledgement of the first."""
    with _bind_socket("127.0.0.1", 0, 5) as listening:
        listening.setblocking(True)
        disable_nagle()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
