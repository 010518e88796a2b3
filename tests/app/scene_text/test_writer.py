"""Links that JavaScript writes are those that Python writes and reads."""

import json
import shutil
import subprocess
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from app.model.presets import DEFAULT_SCENE
from app.model.scene import Scene
from app.model.view_options import ARROW_NAMES, DEFAULT_VIEW, VIEW_CHOICES, View
from app.scene_text.reader import assemble_scene
from app.scene_text.writer import list_parts, write_view
from tests.support.server_and_browser import ROOT

WRITE = """
import {{ addViewPart, buildLink }} from "{module}";
import {{ readFileSync }} from "node:fs";
const {{ scene, views, defaults }} = JSON.parse(readFileSync(0, "utf8"));
const write = (parts) => ({{ parts, link: buildLink("https://example.org/", parts) }});
console.log(JSON.stringify(views.map((view) => write(addViewPart(scene, view, defaults)))));
"""


def choose(name: str, choice: str) -> View:
    return View._make((DEFAULT_VIEW._asdict() | {name: choice}).values())


PLAIN_VIEWS = (
    DEFAULT_VIEW,
    *(choose(name, choice) for name, choices in VIEW_CHOICES.items() for choice in choices[1:]),
    View(strip="hyper_lr", arrows=ARROW_NAMES),
    *(View(arrows=(name,)) for name in ARROW_NAMES),
    View(mode="space"),
    View(mode="space", loss="log", pace="evaluations", step=12.25),
    *(View(step=step) for step in (0, 137)),
    View(x=(-1.5, 2), y=(0.25, 8000)),
    View(y=(-3, -0.125)),
)
SMALL_AND_LARGE = (View(x=(-2.5e-7, 1e-8), y=(-1e9, 1e9)), View(step=1e9))  # JavaScript writes exponents otherwise


def write_in_javascript(scene: Scene, views: tuple[View, ...]) -> list[dict[str, Any]]:
    """What `app/race/link_and_file_name.js` makes of `scene` with each of these views: the `parts` and the `link`."""
    node = shutil.which("node")
    assert node
    script = WRITE.format(module=(ROOT / "app/race/link_and_file_name.js").as_uri())
    asked = {
        "scene": list_parts(scene), "views": [view._asdict() for view in views], "defaults": DEFAULT_VIEW._asdict()
    }  # fmt: skip
    command = [node, "--input-type=module", "-e", script]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    written: list[dict[str, Any]] = json.loads(done.stdout)
    return written


def test_a_view_is_written_alike_in_python_and_in_javascript() -> None:
    written = write_in_javascript(DEFAULT_SCENE, PLAIN_VIEWS)
    for view, one in zip(PLAIN_VIEWS, written, strict=True):
        (*_, last) = one["parts"]
        assert last == (["view", write_view(view)] if view != DEFAULT_VIEW else list(list_parts(DEFAULT_SCENE)[-1]))


def test_a_link_that_javascript_writes_is_read_as_the_same_scene() -> None:
    views = PLAIN_VIEWS + SMALL_AND_LARGE
    for view, one in zip(views, write_in_javascript(DEFAULT_SCENE, views), strict=True):
        scene = replace(DEFAULT_SCENE, presentation=DEFAULT_SCENE.presentation._replace(view=view))
        assert assemble_scene(parse_qsl(one["link"].partition("?")[2])) == (scene, ()), one["link"]
