"""Runs every exported PyTorch script and records where it ends, in scripts.json. By hand, where PyTorch is installed:

python -m tests.references.record_scripts
"""

import contextlib
import hashlib
import io
import json
from pathlib import Path

from tests.references.scenes import script_of, torch_scenes

FILE = Path(__file__).with_name("scripts.json")


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def end_of(text: str) -> list[float]:
    """Run a script as it stands, and return the numbers that it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "exported", "exec"), {"__name__": "__main__"})  # noqa: S102
    return json.loads(said.getvalue())


if __name__ == "__main__":
    import torch  # the rest is for the tests too, which do without

    runs = {}
    for name, scene in torch_scenes().items():
        text = script_of(scene)
        runs[name] = {"scene": scene, "script": fingerprint(text), "end": end_of(text)}
    about = {"library": "torch", "version": torch.__version__, "runs": runs}
    FILE.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
