"""Draw the layers of the code from the list that `tests/test_architecture.py` holds the imports to.

`python -m tests.tools.architecture_picture` writes docs/architecture.svg.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from tests.test_architecture import ANY, FILES, LAYERS, OBSERVERS, OBSERVING, SEEN, layer_of, module

FILE = Path(__file__).parents[2] / "docs" / "architecture.svg"
WIDTH, BAND, MARGIN, GAP, HEIGHT = 960, 34, 14, 8, 30  # pixels: the picture, the strip of a part, a row
STEP = HEIGHT + GAP
COLOURS = {"app": "#dbe9fb", "optimizers": "#fbe8cf", "surfaces": "#dcf1dc"}  # under black letters
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


def draw_rows(part: str, y: float) -> tuple[list[str], float]:
    """The strip of a part and its layers, the highest first; and where the next part begins."""
    layers = [[entry for entry in layer if entry.split(".")[0] == part and name_box(entry)] for layer in LAYERS]
    rows = [row for row in reversed(layers) if row]
    height, left = len(rows) * STEP - GAP, MARGIN + BAND + GAP
    middle = (MARGIN + BAND / 2, y + height / 2)
    shapes = [
        f'<rect x="{MARGIN}" y="{y:g}" width="{BAND}" height="{height}" rx="5" fill="{COLOURS[part]}"/>',
        f'<text class="part" text-anchor="middle" transform="translate({middle[0]:g} {middle[1]:g}) rotate(-90)">'
        f"{part}</text>",
    ]
    for row in rows:
        width = (WIDTH - MARGIN - left - GAP * (len(row) - 1)) / len(row)
        for index, entry in enumerate(row):
            x, centre, packages = left + index * (width + GAP), y + HEIGHT / 2, LAYERS[layer_of(entry)[0]][entry]
            shapes += [
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{HEIGHT}" rx="5" fill="{COLOURS[part]}"/>',
                f'<text x="{x + 9:g}" y="{centre:g}">{escape(name_box(entry))}</text>',
                f'<text class="small" x="{x + width - 9:g}" y="{centre:g}" text-anchor="end">'
                f"{escape(name_packages(packages))}</text>",
            ]
        y += STEP
    return shapes, y


def draw_notes(y: float) -> tuple[list[str], float]:
    """Under the optimizers: what they may import of the surfaces."""
    seen = " and ".join(name.removesuffix(".") for name in SEEN)
    notes = (
        f"Of the surfaces, optimizers import only {seen}.",
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
        new_shapes, y = draw_rows(part, y)
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
