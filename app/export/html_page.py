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

from app.browser.equation_messages import encode_rule
from app.browser.player_component import LABELS, staged
from app.browser.player_messages import encode
from app.browser.run_payload import facts, track
from app.browser.static_files import race_files
from app.compute.cached_simulation import rule_of, run, stage
from app.figures.palette import THEMES
from app.model import display_names
from app.model.scene import Rejected, Scene
from app.scene_text.scene_text import text
from app.translation import all_said, language, say, written

FILE = "race.html"
MOST = 3_000_000  # bytes of the file
HERE = Path(__file__).parent
ID = "page"  # of the player

POLICY = (
    "default-src 'none'; script-src 'sha256-{script}' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'"
)
PAGE = """\
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
THEME = ":root {{ --st-background-color: {ground}; --page-ink: {ink}; --page-muted: {muted}; --page-panel: {panel}; }}"


def page(scene: Scene) -> str:
    """The file of `scene`, in the visitor's language. `Rejected` where its runs have too many numbers for it."""
    whole = assembled(scene, rules(scene))
    return whole if len(whole.encode()) <= MOST else bare(scene)


def bare(scene: Scene) -> str:
    """The same without the rules of the runs."""
    whole = assembled(scene, {})
    if (over := len(whole.encode()) - MOST) > 0:
        raise Rejected(
            "The runs have too many numbers for one file of {most:g} MB: {over:.2f} MB of them have no room. "
            "Fewer runs or fewer steps help.",
            most=MOST / 1e6,
            over=over / 1e6,
        )
    return whole


def assembled(scene: Scene, ruled: dict[int, str]) -> str:
    script, title = (HERE / "page.js").read_text(encoding="utf-8"), title_of(scene)
    body = f"\n{script}"
    notes = [say("Made by Descent, a laboratory for optimization. All is in this one file: it needs no network.")]
    if not ruled and any(one.on for one in scene.runs):
        notes.append(say("For the rules of the runs there was no room."))
    packs = {**program(), "race": packed(race(scene, ruled))}
    return PAGE.format(
        language=written(language()),
        policy=POLICY.format(script=base64.b64encode(sha256(body.encode()).digest()).decode()),
        title=escape(title),
        style=style(),
        waits=escape(say("It is being unpacked. That needs JavaScript and a browser of 2023 or later.")),
        scene_is=escape(say("The scene as text: Descent shows it again under Share")),
        scene=escape(text(scene)),
        note=escape(" ".join(notes)),
        packs="\n".join(f'<script type="text/plain" id="{name}">{pack}</script>' for name, pack in packs.items()),
        script=script,
    )


def title_of(scene: Scene) -> str:
    names = ", ".join(dict.fromkeys(display_names.title_of(one) for one in scene.runs if one.on))
    place = display_names.name(scene.surface.word)
    return say("{runs} on {surface}", runs=names, surface=place) if names else place


@cache
def program() -> dict[str, str]:
    """What is the same in every page."""
    modules = {name: code.decode() for name, code in race_files().items() if name.endswith(".js")}
    return {"plotly": packed(get_plotlyjs()), "modules": packed(json.dumps(modules))}


def packed(said: str) -> str:
    """Compressed, in letters that mean nothing in HTML."""
    return base64.b64encode(gzip.compress(said.encode(), 9, mtime=0)).decode()


def race(scene: Scene, ruled: dict[int, str]) -> str:
    """What the player is told, as JSON: bytes in base64."""
    tracks = [track(one, run(scene, one)) for one in scene.runs if one.on]
    every = {name for told in tracks for name in told.columns}
    runs = encode(tracks, every, id=ID, **facts(scene), steps=scene.steps, note="", fixed=True, unruled=not ruled)
    labels = {**all_said(LABELS), "start": say("The start")}
    return json.dumps({
        "runs": letters(runs),
        "rules": ruled,
        "stage": staged(ID, stage(scene.surface), labels).decode(),
        "view": {"id": ID, "view": scene.view._asdict(), "n": 0, "place": 0, "query": ""},
    }, allow_nan=False)  # fmt: skip


def rules(scene: Scene) -> dict[int, str]:
    """The rule of every run, by its slot."""
    return {one.slot: letters(encode_rule(rule_of(scene, one), id=ID, slot=one.slot)) for one in scene.runs if one.on}


def letters(data: bytes) -> str:
    return base64.b64encode(data).decode()


def style() -> str:
    """The player's style sheets and the page's, and the colours of both themes."""
    sheets = [code.decode() for name, code in race_files().items() if name.endswith(".css")]
    light, dark = (THEME.format(**THEMES[name]) for name in ("light", "dark"))
    around = (HERE / "page.css").read_text(encoding="utf-8")
    return "\n".join((*sheets, light, f"@media (prefers-color-scheme: dark) {{ {dark} }}", around))
