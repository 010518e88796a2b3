"""One HTML file that shows a picture of a page without a server: its modules, style sheets and messages, compressed.

The file fetches nothing, and its security policy forbids it to.
"""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from app.browser.static_file_routes import page_files
from app.figures.palette import THEMES
from app.translation import get_file_language, get_language, get_punctuation, translate

HERE = Path(__file__).parent

SECURITY_POLICY = (
    "default-src 'none'; script-src 'sha256-{script}' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
PAGE_TEMPLATE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<h1>{title}</h1>
<p id="waits">{waiting}</p>
<div id="player"></div>
<details>
<summary>{summary}</summary>
<pre>{scene}</pre>
</details>
<p class="note">{note}</p>
{packs}
<script type="module">
{script}</script>
</body>
</html>
"""
THEME_CSS = (
    ":root {{ --st-background-color: {ground}; --page-ink: {ink}; --page-muted: {muted}; --page-panel: {panel}; }}"
)


def fill_page(
    page: str, script: str, title: str, scene: tuple[str, str], packs: Mapping[str, str], notes: Sequence[str] = ()
) -> str:
    """The file of a picture of the page whose files lie in `app/<page>`, with compressed `packs` by their names.

    Its own script is the file `script`, after `unpack.js`. `scene` is a heading and the scene as text under it.
    """
    code = "".join((HERE / name).read_text(encoding="utf-8") for name in ("unpack.js", script))
    # The template's element begins with a line break, and the policy names the hash of its whole text.
    digest = base64.b64encode(sha256(f"\n{code}".encode()).digest()).decode()
    first = translate(
        "Made with Descent, an optimization laboratory. This file contains everything and needs no network."
    )
    return PAGE_TEMPLATE.format(
        language=get_file_language(get_language()),
        policy=SECURITY_POLICY.format(script=digest),
        title=escape(title),
        style=build_stylesheet(page),
        waiting=escape(translate("Unpacking. This needs JavaScript and a browser from 2023 or later.")),
        summary=escape(scene[0]),
        scene=escape(scene[1]),
        note=escape(get_punctuation().gap.join((first, *notes))),
        packs="\n".join(f'<script type="text/plain" id="{name}">{pack}</script>' for name, pack in packs.items()),
        script=code,
    )


@cache
def pack_modules(page: str) -> str:
    """The modules that a page loads, compressed."""
    return compress(
        json.dumps({name: code.decode() for name, code in page_files(page).items() if name.endswith(".js")})
    )


def compress(content: str) -> str:
    """Compress to base64, which contains no special characters of HTML."""
    return base64.b64encode(gzip.compress(content.encode(), 9, mtime=0)).decode()


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def build_stylesheet(page: str) -> str:
    """Join the style sheets of the page and of the file, with the colours of both themes."""
    sheets = [code.decode() for name, code in page_files(page).items() if name.endswith(".css")]
    light, dark = (THEME_CSS.format(**THEMES[name]) for name in ("light", "dark"))
    page_css = (HERE / "page.css").read_text(encoding="utf-8")
    return "\n".join((*sheets, light, f"@media (prefers-color-scheme: dark) {{ {dark} }}", page_css))
