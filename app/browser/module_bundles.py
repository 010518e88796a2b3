"""Bundle the modules that the browser loads into few files: three of them for a first visit of the race, not a hundred.

In a bundle each module is a function that is called once, after those that it imports, and returns what it exports:

    const $player_base_clock = (() => {
    const { createElement } = $player_base_dom;
    ...
    return { Clock, wholeStep };
    })();

That is what `import` and `export` do, but for cycles of imports and exports that are assigned anew. The modules have
neither; another form of import or export than theirs is refused.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from posixpath import dirname, join, normpath, relpath
from typing import NamedTuple

IMPORT = re.compile(r'^import \{ (.+) \} from "(\.[^"]+)";', re.MULTILINE)
ANY_IMPORT = re.compile(r'^import .+ from "(\.[^"]+)";', re.MULTILINE)
EXPORT = re.compile(r"^export (default )?((?:async )?function|class|const) (\w+)", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
SHARED, PAGES_SHARED, OTHERS_SHARED = "shared_modules.js", "player/shared_modules.js", "player/laboratory_modules.js"


class Module(NamedTuple):
    imports: tuple[str, ...]  # the modules that it imports, by their paths
    body: str  # what stands in its function
    exports: tuple[str, ...]  # the properties of what the function returns


def bundle_modules(files: Mapping[str, str], entries: Collection[str], first_page: str) -> dict[str, str]:
    """The bundles of some modules, both by their paths.

    `entries` are the modules that pages ask for. One outside of `player/` is a bundle itself, with the modules that it
    alone needs; those in it are in `PAGES_SHARED`, which exports the `modules` of entries by their paths. What several
    entries need is in a bundle of their page, in `PAGES_SHARED` if the `first_page` is one of their pages, or else in
    `OTHERS_SHARED`. A file of another maker (in `vendor/`) stays as it is.

    Raises:
        ValueError: a module imports or exports in a form that is not known, or modules import each other in a circle.
    """
    modules = {name: parse_module(name, code) for name, code in files.items() if "/vendor/" not in name}
    reached = {entry: list_needed(entry, modules) for entry in entries}
    bundle_of: dict[str, str] = {}
    for name in modules:
        users = [entry for entry in entries if name in reached[entry]]
        if users:
            bundle_of[name] = choose_bundle(name, users, first_page)
    order = {name: None for entry in entries for name in reached[entry]}  # imported ones first
    bundles = {}
    for bundle in dict.fromkeys(bundle_of[name] for name in order):
        names = [name for name in order if bundle_of[name] == bundle]
        bundles[bundle] = write_bundle(bundle, names, modules, bundle_of, entries)
    return bundles | {name: code for name, code in files.items() if "/vendor/" in name}


def parse_module(name: str, code: str) -> Module:
    """Find a module's imports and exports, and its text without these statements."""
    imports: list[str] = []
    exports: list[str] = []

    def write_import(match: re.Match[str]) -> str:
        imports.append(normpath(join(dirname(name), match[2])))
        return f"const {{ {match[1].replace(' as ', ': ')} }} = {name_module(imports[-1])};"

    def write_export(match: re.Match[str]) -> str:
        exports.append(f"default: {match[3]}" if match[1] else match[3])
        return f"{match[2]} {match[3]}"

    body = EXPORT.sub(write_export, IMPORT.sub(write_import, code))
    if unknown := UNKNOWN.search(body):
        raise ValueError(f"{name}: {unknown[0]}")
    return Module(tuple(imports), body, tuple(exports))


def list_needed(name: str, modules: Mapping[str, Module]) -> dict[str, None]:
    """The module and all that it needs, imported ones first."""
    needed: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"a circle of imports: {' > '.join((*path, name))}")
        if name in modules and name not in needed:
            for imported in modules[name].imports:
                visit(imported, (*path, name))
            needed[name] = None

    visit(name, ())
    return needed


def choose_bundle(name: str, users: Iterable[str], first_page: str) -> str:
    """The bundle of a module that these entries need."""
    entries = {PAGES_SHARED if entry.startswith("player/") else entry for entry in users}
    pages = {first_page if entry == PAGES_SHARED else entry.partition("/")[0] for entry in entries}
    if name in entries:
        return name
    if len(entries) == 1:
        return min(entries)
    if len(pages) == 1 and PAGES_SHARED not in entries:
        return f"{min(pages)}/{SHARED}"
    return PAGES_SHARED if first_page in pages else OTHERS_SHARED


def write_bundle(
    bundle: str, names: list[str], modules: Mapping[str, Module], bundle_of: Mapping[str, str], entries: Collection[str]
) -> str:
    """The text of a bundle."""
    lines = write_imports(bundle, names, modules, bundle_of)
    for name in names:
        body, exports = modules[name].body.strip(), ", ".join(modules[name].exports)
        lines += [f"// {name}", f"const {name_module(name)} = (() => {{", body, f"return {{ {exports} }};", "})();"]
    if bundle in modules:
        lines += write_own_exports(bundle, modules[bundle].exports)
    others = [modules[name] for name, other in bundle_of.items() if other != bundle]
    if shared := [name for name in names if any(name in other.imports for other in others)]:
        lines.append(f"export {list_names(shared)};")
    if asked := [name for name in names if name in entries and name != bundle]:
        pairs = ", ".join(f'"{name}": {name_module(name)}' for name in asked)
        lines.append(f"export const modules = {{ {pairs} }};")
    return "\n".join(lines) + "\n"


def write_imports(
    bundle: str, names: list[str], modules: Mapping[str, Module], bundle_of: Mapping[str, str]
) -> list[str]:
    """A line for each other bundle, or file of another maker, that this bundle's modules need."""
    needed: dict[str, list[str]] = {}  # the modules of other bundles, by the bundle
    for imported in dict.fromkeys(imported for name in names for imported in modules[name].imports):
        if (other := bundle_of.get(imported, imported)) != bundle:
            needed.setdefault(other, []).append(imported)
    lines = []
    for other, of_other in needed.items():
        address = relpath(other, dirname(bundle))
        address = address if address.startswith(".") else f"./{address}"
        what = f"* as {name_module(other)}" if other not in bundle_of.values() else list_names(of_other)
        lines.append(f'import {what} from "{address}";')
    return lines


def write_own_exports(name: str, exports: Collection[str]) -> list[str]:
    """Write the exports of a bundle that stands in for the module of the same path."""
    named = [export for export in exports if not export.startswith("default:")]
    lines = []
    if named:
        lines.append(f"export const {{ {', '.join(named)} }} = {name_module(name)};")
    if len(named) < len(exports):
        lines.append(f"export default {name_module(name)}.default;")
    return lines


def list_imports(name: str, code: str) -> list[str]:
    """The files that a module or bundle imports, by their paths."""
    return [normpath(join(dirname(name), address)) for address in ANY_IMPORT.findall(code)]


def list_names(names: Iterable[str]) -> str:
    return f"{{ {', '.join(map(name_module, names))} }}"


def name_module(name: str) -> str:
    """The constant that holds what a module exports."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
