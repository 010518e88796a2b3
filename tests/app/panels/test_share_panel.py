"""The parts of the share menu that are in sight: the playlist, a frame for other pages, and a code to scan."""

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from app.model.presets import DEFAULT_SCENE, PRESETS
from app.panels.share_panel import write_embed_code
from app.scene_text.writer import write_query
from tests.support.app_pages import HOME, get_scene, open_popover, visit


def read_frame(code: str) -> dict[str, str | None]:
    found: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: Any) -> None:
            found.append((tag, dict(attributes)))

    Reader().feed(code)
    assert [tag for tag, _ in found] == ["iframe"]
    return found[0][1]


def test_the_embed_code_is_a_frame_with_the_scene() -> None:
    scene = PRESETS["The Adam family"]
    frame = read_frame(write_embed_code(f"https://there.example/?{write_query(scene)}", 'Descent: "<Himmelblau>"'))
    assert (frame["width"], "height" in frame) == ("100%", False)
    assert frame["style"] == "border:0; max-width:960px; aspect-ratio:16/9", "it fits into a narrower page"
    assert frame["title"] == 'Descent: "<Himmelblau>"'
    address = urlsplit(frame["src"] or "")
    pairs = dict(parse_qsl(address.query))
    assert (address.netloc, pairs.pop("embed")) == ("there.example", "true")
    assert get_scene(visit(*[pair for pair in parse_qsl(address.query) if pair[0] != "embed"])) == scene


def test_adding_and_embedding_come_before_the_text_of_the_scene() -> None:
    page = AppTest.from_file(str(HOME), default_timeout=60)
    open_popover(page, "share")
    order = [getattr(block, "key", None) or getattr(getattr(block, "proto", None), "id", "") for block in page.main]
    keys = [str(key) for key in order]
    add, text = keys.index("to_playlist"), keys.index("scene_text")
    assert add < text
    buttons = [e.proto for e in page.get("bidi_component") if e.proto.component_name.endswith("descent_copy")]
    link, frame = (json.loads(button.json)["text"] for button in buttons)
    assert link.endswith(f"?{write_query(DEFAULT_SCENE)}")
    hidden = DEFAULT_SCENE.with_presentation(view=DEFAULT_SCENE.view._replace(future="hidden"))
    assert write_query(hidden).replace("&", "&amp;") in frame, "a frame tells nothing ahead"
    assert "Scan to open" in str([getattr(block, "proto", None) for block in page.main])
