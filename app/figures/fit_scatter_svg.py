"""Measurements and what is fitted to them, small enough for the panel and in the colours of the page.

Streamlit lets no drawing into its page, but images: they are masks, and what is seen through them has the page's
colours. An image of its own would have those of the operating system.
"""

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote

import numpy as np

from surfaces.base import Array

PLOT_WIDTH, PLOT_HEIGHT = 264, 112  # of the plot; the style sheet has the same proportion
MARGIN_FRACTION = 0.06  # of the plot, between its edge and the outermost points
CROWDED_POINTS = 100  # points, of which more are drawn smaller


def draw_scatter(x: Array, y: Array, is_square: Array, curve: Array, names: tuple[str, str], label: str) -> str:
    """HTML of points (n,) each, those where `is_square` (n,) is true as squares, of the curve (2, m), names and ranges.

    `label` says in words what is to be seen.
    """
    across, up = (_make_axis(values, size) for values, size in ((x, PLOT_WIDTH), (y, PLOT_HEIGHT)))
    size = 5 if x.size <= CROWDED_POINTS else 3
    layers = "".join(
        _draw_layer(name, f"<path d='{path}' stroke-width='{width}' stroke-linecap='{cap}'/>")
        for name, path, width, cap in (
            ("zeros", _draw_dots(across(x[~is_square]), PLOT_HEIGHT - up(y[~is_square])), size, "round"),
            ("ones", _draw_dots(across(x[is_square]), PLOT_HEIGHT - up(y[is_square])), size, "square"),
            ("curve", _draw_line(across(curve[0]), PLOT_HEIGHT - up(curve[1])), 2, "butt"),
        )
        if path
    )
    low, high, name = f"{x.min():.4g}", f"{x.max():.4g}", escape(names[0])
    return (
        f'<div class="scatter" role="img" aria-label="{escape(label)}">{layers}</div>'
        f'<div class="scatter-x" aria-hidden="true"><span>{low}</span><b>{name}</b><span>{high}</span></div>'
        f'<div class="scatter-y" aria-hidden="true"><b>{escape(names[1])}</b> {y.min():.4g} … {y.max():.4g}</div>'
    )


def _draw_layer(name: str, drawing: str) -> str:
    """What is drawn opaque, as a mask."""
    view = f"viewBox='0 0 {PLOT_WIDTH} {PLOT_HEIGHT}'"
    image = f"<svg xmlns='http://www.w3.org/2000/svg' {view} fill='none' stroke='#000'>{drawing}</svg>"
    return f"""<i class="{name}" style="--mask:url('data:image/svg+xml,{quote(image, safe=" =:/.")}')"></i>"""


def _make_axis(values: Array, size: float) -> Callable[[Array], Array]:
    """From the range of the values, and a little around it, to a length."""
    low, high = float(values.min()), float(values.max())
    width = (high - low) or 1.0
    low -= MARGIN_FRACTION * width
    return lambda v: np.clip((v - low) / (width * (1 + 2 * MARGIN_FRACTION)), -3, 4) * size


def _draw_dots(across: Iterable[float], down: Iterable[float]) -> str:
    return "".join(f"M{u:.1f} {v:.1f}h.01" for u, v in zip(across, down, strict=True))


def _draw_line(across: Iterable[float], down: Iterable[float]) -> str:
    return "M" + "L".join(f"{u:.1f} {v:.1f}" for u, v in zip(across, down, strict=True))
