"""Open a link without a browser and say in plain text what it opens. All that these tests know of the app is here.

What a link opens is a dict: the `page` on the screen, the number of `faults` that the page says, the canonical
`address`, and on the race and the maps the canonical text of the `scene`. A lesson has the `race` or the gradient check
to which it leads beside these, a playlist the `lecture` that it makes.
"""

import zlib
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from app.scene_text.writer import write_query, write_scene

ENTRY_SCRIPT = Path(__file__).parents[2] / "app/navigation.py"
# The pages, by the path of their addresses.
RACE, MAPS, LESSONS, PLAYLIST = "", "maps", "lessons", "playlist"
LABORATORIES = "gradient-check", "bug-hunt", "training", "training-log"
ANSWER_BUTTON = ".show"  # ends the key of a lesson's button that shows the answer
TIMEOUT_SECONDS = 60

Opened = dict[str, Any]


def open_link(link: str) -> Opened:
    """Open a link like `/maps?map=rates()` in a new visit. Raises `AssertionError` if the page fails."""
    path, _, parameters = link.removeprefix("/").partition("?")
    visit = AppTest.from_file(str(ENTRY_SCRIPT), default_timeout=TIMEOUT_SECONDS)
    _go_to(visit, path, parameters)
    shown = _path_shown(visit)
    opened: Opened = {"page": f"/{shown}", "faults": _fault_count(visit, shown)}
    if shown in (RACE, MAPS):
        scene = visit.session_state["session"].scene
        opened["scene"] = write_scene(scene)
        opened["address"] = write_query(scene) if shown == RACE else _address(visit)
    else:
        opened["address"] = _address(visit)
    if shown == LESSONS:
        opened["race"] = _race_of_lesson(visit)
    if shown == PLAYLIST or "playlist=" in parameters:
        opened["lecture"] = _lecture(visit, shown)
    return opened


def _go_to(visit: AppTest, path: str, parameters: str) -> None:
    visit._page_hash = calc_hash(path) if path else ""  # as a browser does; `switch_page` wants the name of a file
    visit.query_params.clear()
    visit.query_params.update(parse_qs(parameters, keep_blank_values=True))
    visit.run()
    assert not visit.exception, visit.exception[0].message


def _path_shown(visit: AppTest) -> str:
    """The path of the page on the screen: some pages lead on to another one."""
    return str(visit._registered_pages[visit._finished_page_script_hash]["url_pathname"])


def _address(visit: AppTest) -> str:
    """The parameters that the page itself has put into the address bar."""
    values = ((name, visit.query_params[name]) for name in visit.query_params)
    pairs = [(name, one) for name, found in values for one in ([found] if isinstance(found, str) else found)]
    return "&".join(f"{name}={unpack_playlist_text(one) if name == PLAYLIST else one}" for name, one in pairs)


def _fault_count(visit: AppTest, path: str) -> int:
    """How many faults the page says: of a scene and a map, of the lines of a playlist, of the name of a lesson."""
    if path in (RACE, MAPS, *LABORATORIES):
        return len(visit.session_state["session"].faults)
    if path == PLAYLIST:
        return sum(element.value.startswith(":red[") for element in (*visit.markdown, *visit.caption))
    return len(visit.info)


def _race_of_lesson(visit: AppTest) -> str:
    """The race or gradient check to which a lesson leads once it is answered; "" for the list of lessons."""
    answers = [button for button in visit.button if (button.key or "").endswith(ANSWER_BUTTON)]
    if not answers:
        return ""
    answers[0].click().run()
    assert not visit.exception, visit.exception[0].message
    return unquote_plus(_page_link(visit, "surface=") or _page_link(visit, "of=") or _page_link(visit, "how="))


def _lecture(visit: AppTest, path: str) -> str:
    """The link of the lecture that a playlist makes; "" where none of its lines can be read."""
    if path != PLAYLIST:
        _go_to(visit, PLAYLIST, "")
    pairs = parse_qsl(_page_link(visit, "playlist="))
    return "&".join(f"{name}={unpack_playlist_text(value)}" for name, value in pairs)


def _page_link(visit: AppTest, part: str) -> str:
    """The parameters of the first link to a page that have this part; "" where there is none."""
    found = (str(element.proto.query_string) for element in visit.get("page_link"))
    return next((parameters for parameters in found if part in parameters), "")


def unpack_playlist_text(word: str) -> str:
    """The text of a packed playlist: two versions of zlib may pack one text differently. What is no such word stays."""
    try:
        return zlib.decompress(urlsafe_b64decode(word + "=" * (-len(word) % 4))).decode()
    except (ValueError, zlib.error):
        return word
