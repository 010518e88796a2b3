"""Export a race as one HTML file that plays without a server: the player's modules, Plotly, the landscape and the runs.

The page fetches nothing, and its security policy forbids it to. Controls that need Python are left out: another start,
switching runs on and off, undo. It contains all data that the player may show: every column, and the equations of the
runs if there is room.
"""

import base64
import gzip
import json
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from plotly.offline import get_plotlyjs

from app.browser.equation_messages import encode_equations
from app.browser.player_component import encode_stage
from app.browser.player_labels import translate_labels
from app.browser.player_protocol import encode_runs
from app.browser.race_messages import describe_scene, make_run_payload
from app.browser.static_file_routes import race_files
from app.compute.cached_simulation import build_surface, get_run_equations, simulate_run
from app.export.surface_operations import write_operations
from app.figures.palette import THEMES
from app.model import display_names
from app.model.scene import Scene, UserError
from app.scene_text.writer import write_scene
from app.translation import get_file_language, get_language, get_punctuation, translate

FILE_NAME = "race.html"
MAX_BYTES = 3_000_000
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


def make_page(scene: Scene) -> str:
    """The page of `scene`, in the visitor's language. Raises `UserError` if it would be larger than `MAX_BYTES`."""
    page = render_page(scene, encode_all_equations(scene))
    return page if len(page.encode()) <= MAX_BYTES else make_page_without_equations(scene)


def make_page_without_equations(scene: Scene) -> str:
    page = render_page(scene, {})
    if (excess := len(page.encode()) - MAX_BYTES) > 0:
        raise UserError(
            "The runs have too many numbers for one file of {limit:g} MB: it would be {excess:.2f} MB too large. "
            "Use fewer runs or fewer steps.",
            limit=MAX_BYTES / 1e6,
            excess=excess / 1e6,
        )
    return page


def render_page(scene: Scene, equations: dict[int, str]) -> str:
    script, title = (HERE / "page.js").read_text(encoding="utf-8"), make_title(scene)
    # The template's element begins with a line break, and the policy names the hash of its whole text.
    body = f"\n{script}"
    notes = [
        translate("Made with Descent, an optimization laboratory. This file contains everything and needs no network.")
    ]
    if not equations and any(run.is_on for run in scene.runs):
        notes.append(translate("There was no room for the update rules of the runs."))
    packs = {**pack_program(), "race": compress(encode_race(scene, equations))}
    return PAGE_TEMPLATE.format(
        language=get_file_language(get_language()),
        policy=SECURITY_POLICY.format(script=base64.b64encode(sha256(body.encode()).digest()).decode()),
        title=escape(title),
        style=build_stylesheet(),
        waiting=escape(translate("Unpacking. This needs JavaScript and a browser from 2023 or later.")),
        summary=escape(translate("The scene as text. Open it again in Descent under Share")),
        scene=escape(write_scene(scene)),
        note=escape(get_punctuation().gap.join(notes)),
        packs="\n".join(f'<script type="text/plain" id="{name}">{pack}</script>' for name, pack in packs.items()),
        script=script,
    )


def make_title(scene: Scene) -> str:
    names = get_punctuation().comma.join(
        dict.fromkeys(display_names.format_title(run) for run in scene.runs if run.is_on)
    )
    surface = display_names.get_display_name(scene.surface.name)
    return translate("{runs} on {surface}", runs=names, surface=surface) if names else surface


@cache
def pack_program() -> dict[str, str]:
    """Compress the part that is the same in every page."""
    modules = {name: code.decode() for name, code in race_files().items() if name.endswith(".js")}
    return {"plotly": compress(get_plotlyjs()), "modules": compress(json.dumps(modules))}


def compress(content: str) -> str:
    """Compress to base64, which contains no special characters of HTML."""
    return base64.b64encode(gzip.compress(content.encode(), 9, mtime=0)).decode()


def encode_race(scene: Scene, equations: dict[int, str]) -> str:
    """The player's message as JSON, with bytes in base64."""
    payloads = [make_run_payload(scene, run, simulate_run(scene, run)) for run in scene.runs if run.is_on]
    runs = encode_runs(
        payloads,
        {name for payload in payloads for name in payload.columns},
        id=PLAYER_ID,
        **describe_scene(scene),
        steps=scene.steps,
        note="",
        fixed=True,
        unruled=not equations,
    )
    labels = {**translate_labels(), "start": translate("The start")}
    formula = write_operations(build_surface(scene.surface))
    return json.dumps({
        "runs": to_base64(runs),
        "rules": equations,
        "stage": encode_stage(PLAYER_ID, scene.surface, labels, formula).decode(),
        "view": {"id": PLAYER_ID, "view": scene.view._asdict(), "n": 0, "place": 0, "query": ""},
    }, allow_nan=False)  # fmt: skip


def encode_all_equations(scene: Scene) -> dict[int, str]:
    """The equations of every run, by slot."""
    return {
        run.slot: to_base64(encode_equations(get_run_equations(scene, run), id=PLAYER_ID, slot=run.slot))
        for run in scene.runs
        if run.is_on
    }


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def build_stylesheet() -> str:
    """Join the style sheets of the player and of the page, with the colours of both themes."""
    sheets = [code.decode() for name, code in race_files().items() if name.endswith(".css")]
    light, dark = (THEME_CSS.format(**THEMES[name]) for name in ("light", "dark"))
    page_css = (HERE / "page.css").read_text(encoding="utf-8")
    return "\n".join((*sheets, light, f"@media (prefers-color-scheme: dark) {{ {dark} }}", page_css))
