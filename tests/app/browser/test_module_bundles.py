"""Modules in bundles: they are what they were, each is there once, and what cannot be bundled is refused."""

import json
import subprocess
from pathlib import Path

import pytest

from app.browser.module_bundles import OTHERS_SHARED, PAGES_SHARED, bundle_modules, list_imports
from app.browser.static_file_routes import APP, COMPONENT_MODULES, player_files, served_files

COUNTER = "const state = { count: 0 };\nexport function count() { return (state.count += 1); }\n"
FILES = {
    "player/base/counter.js": COUNTER,
    "player/net/clock.js": 'import { count } from "../base/counter.js";\nexport class Clock { tick = count; }\n',
    "player/net/theme.js": 'import { count as tick } from "../base/counter.js";\nexport const theme = () => tick();\n',
    "player/draw/bars.js": "export const bars = 3;\n",
    "player/vendor/gif-1/gif.js": "function encode() { return 89; }\nexport { encode };\n",
    "race/only.js": "export const only = [1, 2];\n",
    "race/mount.js": 'import { Clock } from "../player/net/clock.js";\nimport { only } from "./only.js";\n'
    'import { encode } from "../player/vendor/gif-1/gif.js";\n'
    "export const mount = () => [new Clock().tick(), only.length, encode()];\n",
    "maps/zoom.js": "export async function zoom() { return 1; }\n",
    "maps/mount.js": 'import { bars } from "../player/draw/bars.js";\nimport { zoom } from "./zoom.js";\n'
    'import { count } from "../player/base/counter.js";\n'
    "export const mountMap = async () => [bars, await zoom(), count()];\n",
    "maps/basins/view.js": 'import { zoom } from "../zoom.js";\nexport default class View { zoom = zoom; }\n'
    "export const K = 7;\n",
    "training/mount.js": 'import { bars } from "../player/draw/bars.js";\nexport const mountTraining = () => bars;\n',
}  # fmt: skip
ENTRIES = [name for name in FILES if name.endswith(("/mount.js", "/view.js"))]


def run_in_node(folder: Path, files: dict[str, str], script: str) -> object:
    """Run the script in a folder with these modules, and return the JSON that it prints."""
    for name, code in (files | {"script.js": script, "package.json": '{"type": "module"}'}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(code, encoding="utf-8")
    command = ["node", str(folder / "script.js")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_bundles_do_what_their_modules_do_and_what_is_shared_is_there_once(tmp_path: Path) -> None:
    bundles = bundle_modules(FILES, [*ENTRIES, "player/net/theme.js"], "race")
    assert bundles.keys() == {
        *ENTRIES, PAGES_SHARED, OTHERS_SHARED, "maps/shared_modules.js", "player/vendor/gif-1/gif.js",
    }  # fmt: skip
    assert list_imports("maps/mount.js", bundles["maps/mount.js"]) == [
        OTHERS_SHARED, "maps/shared_modules.js", PAGES_SHARED,
    ]  # fmt: skip
    script = """
      const race = await import("./race/mount.js"), maps = await import("./maps/mount.js");
      const view = await import("./maps/basins/view.js"), { modules } = await import("./SHARED");
      const { mountTraining } = await import("./training/mount.js");
      console.log(JSON.stringify([
        race.mount(), await maps.mountMap(), modules["player/net/theme.js"].theme(), await new view.default().zoom(),
        view.K, mountTraining(), Object.keys(view),
      ]));
    """.replace("SHARED", PAGES_SHARED)
    assert run_in_node(tmp_path, bundles, script) == [[1, 2, 89], [3, 1, 2], 3, 1, 7, 3, ["K", "default"]]


def test_every_bundle_of_the_app_exports_what_its_module_does(tmp_path: Path) -> None:
    raw = {f"raw/{name}": code.decode() for name, code in player_files().items() if name.endswith(".js")}
    bundled = {f"bundled/{name}": code.decode() for name, code in served_files().items() if name.endswith(".js")}
    entries = [name for name in served_files() if name.endswith(("/mount.js", "/view.js"))]
    script = """
      globalThis.navigator ??= { platform: "" };
      const { modules } = await import("./bundled/SHARED");
      const told = { raw: [], bundled: [] };
      for (const name of ENTRIES) {
        told.raw.push([name, Object.keys(await import(`./raw/${name}`)).sort()]);
        told.bundled.push([name, Object.keys(modules[name] ?? (await import(`./bundled/${name}`))).sort()]);
      }
      console.log(JSON.stringify(told));
    """.replace("SHARED", PAGES_SHARED).replace("ENTRIES", json.dumps([*entries, *COMPONENT_MODULES]))
    told = run_in_node(tmp_path, raw | bundled, script)
    assert isinstance(told, dict) and told["raw"] == told["bundled"] and len(told["raw"]) == len(entries) + 7


def test_every_module_that_a_component_asks_for_has_a_bundle() -> None:
    asked = {
        line.partition('"player/')[2].partition('"')[0]
        for path in APP.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "make_loader(" in line or line.strip().startswith("js=make_loader")
    } - {""}
    assert asked == {name.removeprefix("player/") for name in COMPONENT_MODULES}


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ('import * as all from "./b.js";\n', "import \\* as all"),
        ("export let count = 0;\n", "export let count"),
        ('export * from "./b.js";\n', "export \\*"),
        ('import { a } from "./mount.js";\n', "a circle of imports: race/mount.js > race/mount.js"),
    ],
)
def test_what_cannot_be_bundled_is_refused(code: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        bundle_modules({"race/mount.js": code}, ["race/mount.js"], "race")
