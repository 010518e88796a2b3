"""A race as one HTML file that plays by itself: the player's own modules, Plotly, the landscape and the runs in it.

Nothing is fetched: its policy forbids it. What is Python's to do is not offered: another start, runs on and off, undo.
What the page would ask Python for to be shown is in it: every column, and the rules of the runs where there is room.
"""

import base64
import gzip
import json
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from plotly.offline import get_plotlyjs

from app.browser.browser_assets import race_files
from app.browser.equation_messages import encode_equations
from app.browser.player_component import encode_stage
from app.browser.player_labels import LABELS
from app.browser.player_protocol import encode_runs
from app.browser.scene_messages import describe_scene, make_run_payload
from app.compute.cached_simulation import compute_landscape, get_run_equations, simulate_run
from app.figures.palette import THEMES
from app.model import display_names
from app.model.scene import Scene, UserError
from app.scene_text.writer import write_scene
from app.translation import get_file_language, get_language, translate, translate_table

FILE_NAME = "race.html"
MAX_BYTES = 3_000_000  # bytes of the file
HERE = Path(__file__).parent
PLAYER_ID = "page"  # the id of the player's element

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
<p id="waits">{waits}</p>
<div id="player"></div>
<details>
<summary>{scene_is}</summary>
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


def make_page(scene: Scene) -> str:
    """The file of `scene`, in the visitor's language. `UserError` where its runs have too many numbers for it."""
    whole = render_page(scene, encode_all_equations(scene))
    return whole if len(whole.encode()) <= MAX_BYTES else make_page_without_equations(scene)


def make_page_without_equations(scene: Scene) -> str:
    """The same without the equations of the runs."""
    whole = render_page(scene, {})
    if (over := len(whole.encode()) - MAX_BYTES) > 0:
        raise UserError(
            "The runs have too many numbers for one file of {most:g} MB: they exceed it by {over:.2f} MB. Use "
            "fewer runs or fewer steps.",
            most=MAX_BYTES / 1e6,
            over=over / 1e6,
        )
    return whole


def render_page(scene: Scene, equations: dict[int, str]) -> str:
    script, title = (HERE / "page.js").read_text(encoding="utf-8"), make_title(scene)
    body = f"\n{script}"
    notes = [
        translate(
            "Made by Descent, a laboratory for optimization. Everything is in this one file: it needs no network."
        )
    ]
    if not equations and any(one.is_on for one in scene.runs):
        notes.append(translate("There was no room for the rules of the runs."))
    packs = {**pack_program(), "race": compress(encode_race(scene, equations))}
    return PAGE_TEMPLATE.format(
        language=get_file_language(get_language()),
        policy=SECURITY_POLICY.format(script=base64.b64encode(sha256(body.encode()).digest()).decode()),
        title=escape(title),
        style=build_stylesheet(),
        waits=escape(translate("Unpacking. This needs JavaScript and a browser from 2023 or later.")),
        scene_is=escape(translate("The scene as text: to see it again, paste it into Descent under Share")),
        scene=escape(write_scene(scene)),
        note=escape(" ".join(notes)),
        packs="\n".join(f'<script type="text/plain" id="{name}">{pack}</script>' for name, pack in packs.items()),
        script=script,
    )


def make_title(scene: Scene) -> str:
    names = ", ".join(dict.fromkeys(display_names.format_title(one) for one in scene.runs if one.is_on))
    place = display_names.get_display_name(scene.surface.name)
    return translate("{runs} on {surface}", runs=names, surface=place) if names else place


@cache
def pack_program() -> dict[str, str]:
    """The part that is the same in every page."""
    modules = {name: code.decode() for name, code in race_files().items() if name.endswith(".js")}
    return {"plotly": compress(get_plotlyjs()), "modules": compress(json.dumps(modules))}


def compress(content: str) -> str:
    """Compress to base64, which has no character with a meaning in HTML."""
    return base64.b64encode(gzip.compress(content.encode(), 9, mtime=0)).decode()


def encode_race(scene: Scene, equations: dict[int, str]) -> str:
    """The player's message as JSON, with bytes in base64."""
    tracks = [make_run_payload(one, simulate_run(scene, one)) for one in scene.runs if one.is_on]
    every = {name for told in tracks for name in told.columns}
    runs = encode_runs(
        tracks,
        every,
        id=PLAYER_ID,
        **describe_scene(scene),
        steps=scene.steps,
        note="",
        fixed=True,
        unruled=not equations,
    )
    labels = {**translate_table(LABELS), "start": translate("The start")}
    return json.dumps({
        "runs": to_base64(runs),
        "rules": equations,
        "stage": encode_stage(PLAYER_ID, compute_landscape(scene.surface), labels).decode(),
        "view": {"id": PLAYER_ID, "view": scene.view._asdict(), "n": 0, "place": 0, "query": ""},
    }, allow_nan=False)  # fmt: skip


def encode_all_equations(scene: Scene) -> dict[int, str]:
    """The equations of every run, by slot."""
    return {
        one.slot: to_base64(encode_equations(get_run_equations(scene, one), id=PLAYER_ID, slot=one.slot))
        for one in scene.runs
        if one.is_on
    }


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def build_stylesheet() -> str:
    """The player's style sheets and the page's, and the colours of both themes."""
    sheets = [code.decode() for name, code in race_files().items() if name.endswith(".css")]
    light, dark = (THEME_CSS.format(**THEMES[name]) for name in ("light", "dark"))
    around = (HERE / "page.css").read_text(encoding="utf-8")
    return "\n".join((*sheets, light, f"@media (prefers-color-scheme: dark) {{ {dark} }}", around))
