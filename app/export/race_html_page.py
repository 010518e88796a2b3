"""Export a race as one HTML file that plays without a server: the player's modules, Plotly, the landscape and the runs.

The page fetches nothing, and its security policy forbids it to. Controls that need Python are left out: another start,
switching runs on and off, undo. It contains all data that the player may show: every column, and the equations of the
runs if there is room.
"""

import json
from functools import cache

from plotly.offline import get_plotlyjs

from app.browser.equation_messages import encode_equations
from app.browser.player_component import NO_ADDRESS_UPDATE, encode_stage
from app.browser.player_labels import translate_labels
from app.browser.player_protocol import encode_runs
from app.browser.race_messages import describe_scene, make_run_payload
from app.compute.cached_simulation import build_surface, get_run_equations, simulate_run
from app.export.html_file import compress, fill_page, pack_modules, to_base64
from app.export.surface_operations import write_operations
from app.model import display_names
from app.model.scene import Scene, UserError
from app.scene_text.writer import write_scene
from app.translation import get_punctuation, translate

FILE_NAME = "race.html"
MAX_PAGE_BYTES = 3_000_000
PLAYER_ID = "page"  # the id of the player's element


def make_page(scene: Scene) -> str:
    """The page of `scene`, in the visitor's language. Raises `UserError` if it is larger than `MAX_PAGE_BYTES`."""
    page = render_page(scene, encode_all_equations(scene))
    return page if len(page.encode()) <= MAX_PAGE_BYTES else make_page_without_equations(scene)


def make_page_without_equations(scene: Scene) -> str:
    page = render_page(scene, {})
    if (excess := len(page.encode()) - MAX_PAGE_BYTES) > 0:
        raise UserError(
            "The runs have too many numbers for one file of {limit:g} MB: it would be {excess:.2f} MB too large. "
            "Use fewer runs or fewer steps.",
            limit=MAX_PAGE_BYTES / 1e6,
            excess=excess / 1e6,
        )
    return page


def render_page(scene: Scene, equations: dict[int, str]) -> str:
    notes = []
    if not equations and any(run.is_on for run in scene.runs):
        notes.append(translate("There was no room for the update rules of the runs."))
    packs = {**pack_program(), "race": compress(encode_race(scene, equations))}
    text = translate("The scene as text. Open it again in Descent under Share"), write_scene(scene)
    return fill_page("race", "race_page.js", make_title(scene), text, packs, notes)


def make_title(scene: Scene) -> str:
    names = get_punctuation().comma.join(
        dict.fromkeys(display_names.format_title(run) for run in scene.runs if run.is_on)
    )
    surface = display_names.get_display_name(scene.surface.name)
    return translate("{runs} on {surface}", runs=names, surface=surface) if names else surface


@cache
def pack_program() -> dict[str, str]:
    """Compress the part that is the same in every page."""
    return {"plotly": compress(get_plotlyjs()), "modules": pack_modules("race")}


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
        "stage": to_base64(encode_stage(PLAYER_ID, scene.surface, labels, formula)),
        "view": {"id": PLAYER_ID, "view": scene.view._asdict(), "n": 0, "place": 0, "address": NO_ADDRESS_UPDATE},
    }, allow_nan=False)  # fmt: skip


def encode_all_equations(scene: Scene) -> dict[int, str]:
    """The equations of every run, by slot."""
    return {
        run.slot: to_base64(encode_equations(get_run_equations(scene, run), id=PLAYER_ID, slot=run.slot))
        for run in scene.runs
        if run.is_on
    }
