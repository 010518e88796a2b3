"""Draw the layers of the code from the lists that the two architecture tests hold the imports to.

`python -m tests.tools.architecture_picture` writes docs/architecture.svg.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from tests.support.javascript_layers import MAY_IMPORT, PAGES
from tests.support.python_layers import ANY, FILES, LAYERS, OBSERVERS, OBSERVING, SEEN, TRAINING, layer_of, module

FILE = Path(__file__).parents[2] / "docs" / "architecture.svg"
WIDTH, BAND, MARGIN, GAP, HEIGHT = 960, 34, 14, 8, 30  # pixels: the picture, the strip of a part, a row
STEP = HEIGHT + GAP
COLOURS = {
    "JavaScript": "#efe3f8",
    "app": "#dbe9fb",
    "optimizers": "#fbe8cf",
    "surfaces": "#dcf1dc",
}  # under black letters
STYLE = (
    "text { fill: #1b1b1b; font: 12px ui-monospace, Consolas, monospace; dominant-baseline: central } "
    ".small { fill: #4a4a4a; font: 10.5px system-ui, sans-serif } .part { font: 700 14px system-ui, sans-serif }"
)


def name_box(entry: str) -> str:
    """The name of an entry without its part; of a whole part, the modules that no other entry has."""
    part, _, name = entry.partition(".")
    return name or ", ".join(module(file).removeprefix(f"{part}.") for file in FILES
                             if layer_of(module(file))[1] == part != module(file))  # fmt: skip


def name_packages(packages: set[str] | None) -> str:
    return "any" if packages is ANY else ", ".join(sorted(packages)) or "standard library"


Row = list[tuple[str, str]]  # the boxes of a layer: what each holds, and what it may import


def list_python_rows(part: str) -> list[Row]:
    """The layers of a part, the highest first."""
    layers = [
        [entry for entry in layer if entry.split(".")[0] == part and name_box(entry)] for layer in reversed(LAYERS)
    ]
    return [
        [(name_box(entry), name_packages(LAYERS[layer_of(entry)[0]][entry])) for entry in layer]
        for layer in layers
        if layer
    ]


def list_javascript_rows() -> list[Row]:
    """The pages above the folders of the player, each above those that it may import."""
    rows: list[Row] = []
    left = {folder: {below for below in allowed if below in MAY_IMPORT} for folder, allowed in MAY_IMPORT.items()}
    while left:
        layer = [folder for folder, below in left.items() if not below & set(left)]
        notes = [", ".join(sorted(below.removeprefix("player/") for below in left[folder])) for folder in layer]
        rows.append([(folder, note or "nothing") for folder, note in zip(layer, notes, strict=True)])
        left = {folder: below for folder, below in left.items() if folder not in layer}
    return [[(page, "player") for page in PAGES], *reversed(rows)]


def draw_rows(part: str, rows: list[Row], y: float) -> tuple[list[str], float]:
    """The strip of a part and its layers; and where the next part begins."""
    height, left = len(rows) * STEP - GAP, MARGIN + BAND + GAP
    middle = (MARGIN + BAND / 2, y + height / 2)
    shapes = [
        f'<rect x="{MARGIN}" y="{y:g}" width="{BAND}" height="{height}" rx="5" fill="{COLOURS[part]}"/>',
        f'<text class="part" text-anchor="middle" transform="translate({middle[0]:g} {middle[1]:g}) rotate(-90)">'
        f"{part}</text>",
    ]
    for row in rows:
        width = (WIDTH - MARGIN - left - GAP * (len(row) - 1)) / len(row)
        for index, (name, imported) in enumerate(row):
            x, centre = left + index * (width + GAP), y + HEIGHT / 2
            shapes += [
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{HEIGHT}" rx="5" fill="{COLOURS[part]}"/>',
                f'<text x="{x + 9:g}" y="{centre:g}">{escape(name)}</text>',
                f'<text class="small" x="{x + width - 9:g}" y="{centre:g}" text-anchor="end">{escape(imported)}</text>',
            ]
        y += STEP
    return shapes, y


def draw_notes(y: float) -> tuple[list[str], float]:
    """Under the optimizers: what they may import of the surfaces."""
    seen = " and ".join(name.removesuffix(".") for name in SEEN)
    notes = (
        f"Of the surfaces, optimizers other than {TRAINING} import only {seen}.",
        f"{OBSERVERS} is also imported by {', '.join(sorted(OBSERVING))}.",
    )
    texts = [
        f'<text class="small" x="{MARGIN + BAND + GAP}" y="{y + 4 + 16 * line:g}">{escape(note)}</text>'
        for line, note in enumerate(notes)
    ]
    return texts, y + 16 * len(notes) + GAP


def draw_layers() -> str:
    shapes, y = [], float(MARGIN)
    for part in COLOURS:
        rows = list_javascript_rows() if part == "JavaScript" else list_python_rows(part)
        new_shapes, y = draw_rows(part, rows, y)
        shapes += new_shapes
        if part == "optimizers":
            new_shapes, y = draw_notes(y)
            shapes += new_shapes
    height = y - GAP + MARGIN
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" viewBox="0 0 {WIDTH} {height:g}">',
        "<title>The layers: each imports only from those below it</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height:g}" rx="8" fill="#ffffff"/>',
        *shapes,
        "</svg>",
        "",
    ))  # fmt: skip


if __name__ == "__main__":
    FILE.write_text(draw_layers(), encoding="utf-8")
