"""The style sheet of the runs' colours, dashes and markers on their cards and swatches, in both themes."""

from app.figures.palette import DASH_NAMES, DASHES, HUE_NAMES, MARKER_NAMES, MARKERS, THEMES, choose_run_style
from app.model.scene import MAX_RUNS
from app.translation import translate

MARKER_SHAPES = {
    "circle": "<circle cx='14' cy='7' r='4.6'/>",
    "square": "<rect x='9.8' y='2.8' width='8.4' height='8.4'/>",
    "diamond": "<path d='M14 1.4 19.6 7 14 12.6 8.4 7z'/>",
    "up": "<path d='M14 1.6 19.4 11.2H8.6z'/>",
    "down": "<path d='M14 12.4 8.6 2.8h10.8z'/>",
}


def make_run_styles() -> str:
    """A style sheet that sets, for each slot, `--run`, the colour, and `--mark`, a mask of its line and marker."""
    palettes = {theme: THEMES[theme]["runs"] for theme in ("light", "dark")}
    rules = []
    for slot in range(MAX_RUNS):
        hue, dash, marker = choose_run_style(slot)
        colour = f"light-dark({palettes['light'][hue]}, {palettes['dark'][hue]})"
        declarations = f"--run:{colour};--mark:{make_line_mask(DASHES[dash], MARKERS[marker])}"
        rules.append(f".st-key-card{slot},[class*='st-key-swatch{slot}_']{{{declarations}}}")
    return "<style>" + "".join(rules) + "</style>"


def describe_run_style(slot: int) -> str:
    """The colour, dash and marker of a slot in words."""
    hue, dash, marker = choose_run_style(slot)
    return translate(
        "{colour}, {dash}, {marker}",
        colour=translate(HUE_NAMES[hue]), dash=translate(DASH_NAMES[dash]), marker=translate(MARKER_NAMES[marker]),
    )  # fmt: skip


def make_line_mask(dash: list[float], marker: str) -> str:
    """An image, 28 pixels wide, of a line and its marker; only the drawing is opaque."""
    lengths = " ".join(f"{length:g}" for length in dash)
    line = f"<path d='M0 7h28' stroke='#000' stroke-width='2.6' stroke-dasharray='{lengths}'/>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 28 14'>{line}{MARKER_SHAPES[marker]}</svg>"
    escaped = svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
    return f'url("data:image/svg+xml,{escaped}")'
