"""JavaScript: each folder imports only from those below it; the player knows no page, and pages know no other."""

import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.javascript_layers import (
    APP,
    FILES,
    IMPORT,
    MAY_IMPORT,
    PAGES,
    ROOT,
    locate_module,
    locate_test,
    read_imports,
)

# Streamlit's components load these; a map loads the view of its kind by address.
ENTRIES = {
    "race/mount.js",
    "maps/mount.js",
    "gradient_check/mount.js",
    "training/mount.js",
    "bug_hunt/mount.js",
    "playlist/mount.js",
    "player/panels/typed_values.js",
    "player/panels/copy_button.js",
    "player/panels/theme_switch.js",
    "player/focus/keyboard_focus.js",
    "player/panels/screen_reader_notes.js",
    *(name for name in FILES if re.fullmatch(r"maps/\w+/view\.js", name)),
}
IMPORTS = {name: read_imports(name, (APP / name).read_text(encoding="utf-8")) for name in FILES}


def is_allowed(name: str, other: str) -> bool:
    """May module `name` import module `other`?"""
    page = name.split("/", maxsplit=1)[0]
    if page in PAGES:
        return other.startswith(("player/", f"{page}/")) and not other.startswith("player/vendor/")
    folder, below = (path.rpartition("/")[0] for path in (name, other))
    return below == folder or any(f"{below}/".startswith(f"{part}/") for part in MAY_IMPORT[folder])


def find_cycle(imports: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("name", FILES)
def test_a_module_imports_only_from_the_folders_below(name: str) -> None:
    assert [other for other in sorted(IMPORTS[name]) if not is_allowed(name, other)] == []


@pytest.mark.parametrize(
    "name, imported, is_caught",
    [
        ("player/base/clock.js", "../panels/lecture_mode.js", True),
        ("player/base/clock.js", "../net/view_sync.js", True),
        ("player/base/clock.js", "../../race/race_player.js", True),
        ("player/draw/markers.js", "../landscape/camera_projection.js", True),
        ("player/draw/markers.js", "../base/dom.js", False),
        ("player/net/address_bar.js", "../draw/markers.js", True),
        ("player/landscape/contour_view.js", "../net/run_socket.js", True),
        ("player/panels/playback_bar.js", "../landscape/contour_view.js", True),
        ("player/save/file_saver.js", "../landscape/surface_view.js", True),
        ("player/save/gif_encoder.js", "../vendor/gifenc-1.0.3/gifenc.esm.js", False),
        ("player/draw/markers.js", "../vendor/gifenc-1.0.3/gifenc.esm.js", True),
        ("race/chart_panel.js", "../player/draw/line_chart.js", False),
        ("race/chart_panel.js", "../maps/map_panel.js", True),
        ("maps/basins/view.js", "../../race/chart_panel.js", True),
        ("maps/hyperparameter_pair/view.js", "../basins/basin_colours.js", False),
    ],
)
def test_an_import_from_above_would_be_caught(name: str, imported: str, is_caught: bool) -> None:
    (other,) = read_imports(name, f'import {{ something }} from "{imported}";\n')
    assert is_allowed(name, other) != is_caught


def test_every_import_is_seen_and_leads_to_a_file() -> None:
    code = 'import { a } from "./a.js";\nimport {\n  b,\n} from "../net/b.js";\nexport { c } from "./c.js";\n'
    assert read_imports("player/base/x.js", code) == {"player/base/a.js", "player/net/b.js", "player/base/c.js"}
    for name in FILES:
        code = (APP / name).read_text(encoding="utf-8")
        statements = re.findall(r'^import\b|^export .* from "|\bimport\("', code, re.MULTILINE)
        assert len(statements) == len(IMPORT.findall(code)), name
        assert all((APP / other).is_file() for other in IMPORTS[name])


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert find_cycle(IMPORTS) == []
    assert find_cycle(IMPORTS | {"player/base/dom.js": {"player/draw/markers.js"}})


def test_every_module_is_loaded() -> None:
    assert set(FILES) - set().union(*IMPORTS.values()) == ENTRIES


def test_a_script_in_the_page_itself_imports_nothing() -> None:
    """What is written into HTML has no folder: it imports modules by the addresses that it is given, if at all."""
    modules = {APP / name for name in FILES}
    scripts = [file for file in APP.rglob("*.js") if file not in modules and "vendor" not in file.parts]
    assert {file.parent.name for file in scripts} == {"export", "server", "session"}
    for file in scripts:
        code = file.read_text(encoding="utf-8")
        assert not re.search(r'^\s*(?:import|export)\b(?!\()|\bimport\("', code, re.MULTILINE), file.name


def test_a_test_has_the_name_and_the_folder_of_the_module_that_it_tests() -> None:
    tests = [file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("*.test.js")]
    assert len(tests) > 50
    assert not [test for test in tests if not (ROOT / locate_module(test)).is_file()]
    assert all(locate_test(locate_module(test)) == test for test in tests)
