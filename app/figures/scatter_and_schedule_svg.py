"""Draw data points with the fitted curve, or the course of a hyperparameter, as a small plot in the page's colours.

Streamlit removes SVG from its page but allows images. So the plot consists of masks, through which the page's colours
show; an image of its own would take its colours from the operating system's theme.
"""

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote

import numpy as np

from surfaces.base import Array

PLOT_WIDTH, PLOT_HEIGHT = 264, 112  # the style sheet has the same aspect ratio
MARGIN_FRACTION = 0.06  # of the plot, outside the outermost points
CROWDED_POINTS = 100  # more points than that are drawn smaller


def draw_scatter(x: Array, y: Array, is_square: Array, curve: Array, names: tuple[str, str], label: str) -> str:
    """The HTML of a plot with points (n,), as squares where `is_square` (n,), a curve (2, m), and the axes' names.

    `label` describes the plot in words.
    """
    to_x, to_y = (_make_axis(values, size) for values, size in ((x, PLOT_WIDTH), (y, PLOT_HEIGHT)))
    size = 5 if x.size <= CROWDED_POINTS else 3
    layers = "".join(
        _draw_layer(name, f"<path d='{path}' stroke-width='{width}' stroke-linecap='{cap}'/>")
        for name, path, width, cap in (
            ("zeros", _draw_dots(to_x(x[~is_square]), PLOT_HEIGHT - to_y(y[~is_square])), size, "round"),
            ("ones", _draw_dots(to_x(x[is_square]), PLOT_HEIGHT - to_y(y[is_square])), size, "square"),
            ("curve", _draw_line(to_x(curve[0]), PLOT_HEIGHT - to_y(curve[1])), 2, "butt"),
        )
        if path
    )
    low, high, name = f"{x.min():.4g}", f"{x.max():.4g}", escape(names[0])
    return (
        f'<div class="scatter" role="img" aria-label="{escape(label)}">{layers}</div>'
        f'<div class="scatter-x" aria-hidden="true"><span>{low}</span><b>{name}</b><span>{high}</span></div>'
        f'<div class="scatter-y" aria-hidden="true"><b>{escape(names[1])}</b> {y.min():.4g} … {y.max():.4g}</div>'
    )


def draw_schedule(values: Array, low: str, high: str, label: str) -> str:
    """The HTML of a hyperparameter's values (n,) over the steps, with its range and the number of steps."""
    x = np.linspace(0, PLOT_WIDTH, values.size)
    bottom, top = min(0.0, float(values.min())), float(values.max())
    y = PLOT_HEIGHT * (1 - MARGIN_FRACTION - (1 - 2 * MARGIN_FRACTION) * (values - bottom) / ((top - bottom) or 1.0))
    layer = _draw_layer("curve", f"<path d='{_draw_line(x, y)}' stroke-width='3' vector-effect='non-scaling-stroke'/>")
    return (
        f'<div class="scatter schedule" role="img" aria-label="{escape(label)}">{layer}'
        f'<span aria-hidden="true">{escape(high)}</span><span aria-hidden="true">{escape(low)}</span></div>'
    )


def _draw_layer(name: str, shapes: str) -> str:
    """Make SVG shapes a mask."""
    view = f"viewBox='0 0 {PLOT_WIDTH} {PLOT_HEIGHT}' preserveAspectRatio='none'"
    image = f"<svg xmlns='http://www.w3.org/2000/svg' {view} fill='none' stroke='#000'>{shapes}</svg>"
    return f"""<i class="{name}" style="--mask:url('data:image/svg+xml,{quote(image, safe=" =:/.")}')"></i>"""


def _make_axis(values: Array, size: float) -> Callable[[Array], Array]:
    """A function from the range of the values, with a margin, to pixels."""
    low, high = float(values.min()), float(values.max())
    width = (high - low) or 1.0
    low -= MARGIN_FRACTION * width
    return lambda v: np.clip((v - low) / (width * (1 + 2 * MARGIN_FRACTION)), -3, 4) * size


def _draw_dots(x: Iterable[float], y: Iterable[float]) -> str:
    return "".join(f"M{u:.1f} {v:.1f}h.01" for u, v in zip(x, y, strict=True))


def _draw_line(x: Iterable[float], y: Iterable[float]) -> str:
    return "M" + "L".join(f"{u:.1f} {v:.1f}" for u, v in zip(x, y, strict=True))
