"""The settings of `.streamlit/config.toml` hold wherever the server is started.

Streamlit reads that file only where the working directory is the repository: started from elsewhere (a service, an
ASGI server) it would collect garbage after every run, show errors in full, and ask an outside host for its address.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit import config

CONFIG_FILE = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def apply_settings() -> None:
    """Set what the file says and nobody else has said: not an option of the command line or the environment."""
    with CONFIG_FILE.open("rb") as file:
        for key, value in flatten_options(tomllib.load(file)):
            if not config.is_manually_set(key):
                config.set_option(key, value, str(CONFIG_FILE))


def get_base_path() -> str:
    """What stands before every path of this server, without a slash at its end: `server.baseUrlPath`, or nothing."""
    return ("/" + (config.get_option("server.baseUrlPath") or "").strip("/")).rstrip("/")


def flatten_options(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The options of a table and of those inside it, by their full names."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flatten_options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
