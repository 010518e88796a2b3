"""Apply the settings of `.streamlit/config.toml` wherever the server is started.

Streamlit reads that file only if the working directory is the repository. Started from elsewhere (by a service or an
ASGI server) it would collect garbage after every run, show full error messages, and ask an outside host for its
address.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit import config

CONFIG_FILE = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def apply_settings() -> None:
    """Set the options of the file that are not set on the command line or in the environment."""
    with CONFIG_FILE.open("rb") as file:
        for key, value in flatten_options(tomllib.load(file)):
            if not config.is_manually_set(key):
                config.set_option(key, value, str(CONFIG_FILE))


def get_base_path() -> str:
    """The prefix of all paths of this server, `server.baseUrlPath`, without a slash at its end; "" if there is none."""
    return ("/" + (config.get_option("server.baseUrlPath") or "").strip("/")).rstrip("/")


def flatten_options(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Full name and value of every option in nested tables."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flatten_options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
