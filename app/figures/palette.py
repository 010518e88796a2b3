"""The colours of both themes, and the hue, dash and marker that together distinguish sixteen runs."""

from typing import Any

from surfaces.translatable import Translatable

THEMES: dict[str, dict[str, Any]] = {
    "light": {
        "ground": "#fbfbf9",
        "panel": "#f3f3ef",
        "card": "#ffffff",
        "ink": "#1b1f24",
        "muted": "#4c535b",
        "hairline": "#dfe0da",
        "accent": "#1f5fa8",
        "landscape": ["#a8c4d8", "#c0d5e2", "#d6e3ea", "#e7eeef", "#f6f7f3"],  # low to high
        "lines": "rgba(76, 110, 136, 0.38)",
        "ridges": "#9db4c5",  # the same lines on the surface in space, where they are opaque
        "runs": ["#b84300", "#0b5cad", "#0a7452", "#a0347e", "#6f5b00"],
    },
    "dark": {
        "ground": "#10141a",
        "panel": "#161b23",
        "card": "#1b222c",
        "ink": "#e8ebef",
        "muted": "#a9b5c2",
        "hairline": "#2a323d",
        "accent": "#7db4ee",
        "landscape": ["#0f2740", "#16344f", "#203f58", "#2d4f66", "#40617a"],
        "lines": "rgba(160, 196, 222, 0.22)",
        "ridges": "#4d6d86",
        "runs": ["#ff9a5c", "#5cb8ff", "#4fd1a1", "#e79ad0", "#d9c45a"],
    },
}

# in words: the hues of both themes, the dashes and the markers below
HUE_NAMES = [
    Translatable("orange"), Translatable("blue"), Translatable("green"), Translatable("pink"), Translatable("yellow"),
]  # fmt: skip
DASH_NAMES = [
    Translatable("solid line"), Translatable("long dashes"), Translatable("dashes"), Translatable("dashes and dots"),
    Translatable("short dashes"),
]  # fmt: skip
MARKER_NAMES = [
    Translatable("circle"), Translatable("square"), Translatable("diamond"), Translatable("triangle up"),
    Translatable("triangle down"),
]  # fmt: skip

DASHES: list[list[float]] = [[], [18, 3], [9, 3], [16, 3, 3, 3], [4, 3]]  # pixels on, pixels off
MARKERS = ["circle", "square", "diamond", "up", "down"]
HUES = len(THEMES["light"]["runs"])


def choose_run_style(slot: int) -> tuple[int, int, int]:
    """Hue, dash and marker of a run: runs that share a hue share neither dash nor marker, up to 25 runs."""
    hue, lap = slot % HUES, slot // HUES
    return hue, (hue + lap) % len(DASHES), (hue + 2 * lap) % len(MARKERS)


PALETTE = {  # for the browser: the themes, and the style of a run in each slot
    "themes": THEMES,
    "styles": {
        theme: [
            {"colour": colours["runs"][hue], "dash": DASHES[dash], "marker": MARKERS[marker]}
            for hue, dash, marker in map(choose_run_style, range(HUES * len(DASHES)))
        ]
        for theme, colours in THEMES.items()
    },
}
