// The axes of a landscape seen from above, its minima and its start: for the race, the gradient flow and the map of basins.

import { formatNumber } from "../base/number_format.js";
import { listenForPlotlyClicks } from "../base/press_tracker.js";
import { drawLabelledStars, listBoxPixels, listMinimumLabels } from "../draw/label_placement.js";
import { distanceToView, findEdgePoint, isInside } from "../draw/axes_and_clipping.js";

// Plotly's layout with the `view` [[left, right], [bottom, top]]. `changes` replace parts of it.
export function makeLandscapeLayout(host, theme, view, { fixedrange = false, ...changes } = {}) {
  const style = getComputedStyle(host);
  const size = parseFloat(style.fontSize);
  const scale = { showgrid: false, zeroline: false, ticks: "outside", ticklen: 4, tickcolor: "rgba(0,0,0,0)", exponentformat: "power", nticks: 8, fixedrange };
  return {
    margin: { l: Math.round(3.3 * size), r: 1, t: 1, b: Math.round(1.9 * size), pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: theme.landscape.at(-1),
    font: { family: style.fontFamily, size: 0.86 * size, color: theme.muted },
    dragmode: fixedrange || matchMedia("(pointer: coarse)").matches ? false : "pan",
    clickanywhere: true,
    hovermode: "closest",
    showlegend: false,
    xaxis: { ...scale, range: [...view[0]] },
    yaxis: { ...scale, range: [...view[1]] },
    ...changes,
  };
}

// A click on the plot moves the start there.
export function moveStartByClick(plot, handle, dataAt) {
  listenForPlotlyClicks(plot, ({ xvals, yvals, event }) => {
    // Plotly's own place of a click is where the pointer was when it last looked, up to 70 ms ago.
    const place = Number.isFinite(event?.clientX) ? dataAt(event) : [xvals?.[0], yvals?.[0]];
    if (place.every(Number.isFinite)) handle.moveStart(...place);
  });
}

// Stars at the minima, with their labels beside the `paths`, pixels x0, y0, ..., where there is room. Returns the boxes that
// they take.
export function drawMinimaOnAxes(context, minima, view, { frame, toX, toY, theme, font, label, paths }) {
  const widths = view.map(([low, high]) => high - low);
  const stars = minima.map(([x, y]) => ({ x: toX(x), y: toY(y), texts: listMinimumLabels(minima, x, y, widths, label) }));
  return drawLabelledStars(context, stars.filter(({ x, y }) => isInside(x, y, frame)), { theme, frame, font, paths });
}

// The handle of the start at its place, or at the edge of the frame with its distance from the view. Its label covers none
// of the boxes, and if there is room elsewhere none of the paths' `beginnings`, pixels x0, y0, ...
export function placeStartHandle(handle, view, { frame, toX, toY }, boxes = [], beginnings = []) {
  const [px, py] = [toX(handle.start[0]), toY(handle.start[1])];
  const isOutside = !isInside(px, py, frame);
  const place = isOutside ? findEdgePoint(px, py, frame, 20) : { x: px, y: py, angle: 0 };
  handle.moveTo(place, frame, isOutside && formatNumber(distanceToView(...handle.start, view), 2), [listBoxPixels(boxes)], beginnings);
}
