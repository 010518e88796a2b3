"""What the README points at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMED = sorted(
    set(
        re.findall(
            r'(?:src|srcset)="([^"]+)"|\]\(([\w./-]+\.\w+)\)|`((?:app|optimizers|surfaces|tests)/[\w/.]*)`', README
        )
    )
)


@pytest.mark.parametrize("path", ["".join(groups) for groups in NAMED])
def test_every_file_that_the_readme_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", re.findall(r"`make ([\w-]+)`", README))
def test_every_command_that_the_readme_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
