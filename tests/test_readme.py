"""The README and the other pages for readers point at what exists: files, headings, commands, and links that open."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from app.panels.share_panel import EMBED_PARAMETER, write_embed_code
from tests.support.app_pages import switch_page
from tests.tools.architecture_picture import FILE, draw_layers
from tests.tools.page_pictures import ANIMATED, ANIMATION, PICTURES

ROOT = Path(__file__).parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
README = TEXTS["README.md"]
LINK = re.compile(r'\]\(<([^>]+)>\)|\]\(([^()\s]+)\)|(?:src|srcset|href)="([^"]+)"')
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`((?:app|optimizers|surfaces|tests|docs)/[\w/.]*)`")
# A name and its file: `name` (`file`), or `name`, in `file`
PLACED = re.compile(r"`([\w.]+)`,?\s+\(?(?:in\s+)?`((?:app|optimizers|surfaces|tests)/[\w/]+\.\w+)`")
SCENES = re.findall(r"<(http://localhost:8501/[^>]*)>", README)
BYTES = 1_500_000  # of an animation, at most


def links(text: str) -> list[str]:
    """The targets of the links and pictures of a Markdown page; code holds none."""
    return ["".join(groups) for groups in LINK.findall(CODE.sub("", text))]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(
        r"^#+ (.+)$", CODE.sub(lambda code: code[0] if "\n" not in code[0] else "", text), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page, link", [(page, link) for page, text in TEXTS.items() for link in links(text) if not urlsplit(link).scheme]
)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = ROOT / page if not path else (ROOT / page).parent / path
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page, path", [(page, path) for page, text in TEXTS.items() for path in NAMED.findall(text)])
def test_every_file_that_a_page_names_exists(page: str, path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("page", TEXTS)
def test_what_a_page_names_with_its_file_is_in_that_file(page: str) -> None:
    placed = PLACED.findall(TEXTS[page])
    assert placed or page != "docs/architecture.md"
    assert [
        (name, path)
        for name, path in placed
        for part in name.split(".")
        if not re.search(rf"\b{part}\b", (ROOT / path).read_text(encoding="utf-8"))
    ] == []


def test_the_picture_of_the_layers_is_current() -> None:
    """`python -m tests.tools.architecture_picture` draws it again."""
    assert FILE.read_text(encoding="utf-8") == draw_layers()


@pytest.mark.parametrize(
    "page, target", [(page, target) for page, text in TEXTS.items() for target in re.findall(r"`make ([\w-]+)`", text)]
)
def test_every_command_that_a_page_names_exists(page: str, target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_links_and_anchors_are_found() -> None:
    text = (
        '# A `b`, c-d\n[x](<http://y/?f(1)>) [z](w.md#a) <img src="i.png"> `[no](no.md)`\n```\n# no\n```\n## Über x\n'
    )
    assert links(text) == ["http://y/?f(1)", "w.md#a", "i.png"]
    assert anchors(text) == {"a-b-c-d", "über-x"}


@pytest.mark.parametrize("page", [page for page in TEXTS if page.startswith("docs/")])
def test_every_page_is_linked_from_the_readme(page: str) -> None:
    assert page in links(README)


@pytest.mark.parametrize("link", SCENES)
def test_a_scene_of_the_readme_opens_without_a_fault(link: str) -> None:
    address = urlsplit(link)
    page = AppTest.from_file(ROOT / "app/navigation.py", default_timeout=60)
    if address.path != "/":
        switch_page(page, address.path.removeprefix("/"))
    for name, value in parse_qsl(address.query):
        page.query_params[name] = [*page.query_params.get(name, []), value]
    page.run()
    assert not page.exception
    assert "faults_read" not in {button.key for button in page.button}
    said = parse_qs(address.query)
    if "trap" in said:
        assert [page.session_state["gradient_check"].scene.trap] == said["trap"]
    elif "train" in said:
        rates = [f"{chosen.optimizer['lr']:g}" for chosen in page.session_state["training"].scene.trainings]
        assert rates == re.findall(r"lr=([\d.]+)", address.query)
    else:
        assert page.session_state["session"].scene.surface.name == said["surface"][0].partition("(")[0]


def test_the_heading_counts_the_scenes_and_the_first_is_the_animation() -> None:
    assert len(SCENES) == 7
    assert "\n## Seven scenes\n" in README
    assert urlsplit(SCENES[0]).query == ANIMATED


@pytest.mark.parametrize("page", ["README.md", "docs/features.md"])
def test_a_frame_is_the_one_that_the_page_copies(page: str) -> None:
    (frame,) = re.findall(r"<iframe .*?</iframe>", TEXTS[page], re.DOTALL)
    source, title = re.findall(r'(?:src|title)="([^"]*)"', frame)
    link = unescape(source).removesuffix(f"&{EMBED_PARAMETER}")
    assert " ".join(frame.split()) == write_embed_code(link, title)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_animation_is_small_enough_to_be_loaded(theme: str) -> None:
    assert (ROOT / ".pictures" / f"{ANIMATION}-{theme}.gif").stat().st_size < BYTES


def test_the_gallery_shows_every_picture_in_both_themes() -> None:
    shown = {link for link in links(TEXTS["docs/gallery.md"]) if ".pictures/" in link}
    assert shown == {f"../.pictures/{name}-{theme}.png" for name, *_ in PICTURES for theme in ("light", "dark")}
