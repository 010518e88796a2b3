// The landscape in space as Plotly takes it: the surface, its light, its axes.

import { toPlotlyTicks } from "../draw/plotly_notation.js";
import { linearTicks } from "../base/axis_ticks.js";
import { toSuperscript } from "../base/number_format.js";

export const BOX_HEIGHT = 0.6; // of the box, in widths
const CORNER_FRACTION = 0.06; // of an axis, at each of its ends: there the numbers of two axes would meet
const FOOT_FRACTION = 0.12; // of the axis upwards, above the ground's axes
const MAX_TICK_COUNT = 12;

// The heights of the contours as a pale surface with soft light from above and the same level lines.
export function buildSurfaceTrace(stage, name, theme, { low, high }) {
  const [contour] = stage.figure.data;
  const [rows, columns] = contour.z.shape.split(",").map(Number);
  const along = (first, step, count) => Array.from({ length: count }, (_, i) => first + i * step);
  return {
    type: "surface",
    x: along(contour.x0, contour.dx, columns),
    y: along(contour.y0, contour.dy, rows),
    z: contour.z,
    cmin: low,
    cmax: high,
    colorscale: stage.themes[name].colorscale,
    showscale: false,
    hoverinfo: "skip",
    contours: {
      x: { highlight: false },
      y: { highlight: false },
      z: { highlight: false, show: true, start: contour.contours.start, end: contour.contours.end, size: contour.contours.size, color: theme.ridges, width: 1 },
    },
    lighting: { ambient: 0.85, diffuse: 0.22, specular: 0.01, roughness: 0.9, fresnel: 0 },
    lightposition: { x: -2e4, y: -1e4, z: 4e4 },
  };
}

// The box around it, as wide as it is deep, with the fonts of `host`.
export function buildSceneLayout(host, { stage, theme, terrain, labels }, camera) {
  const style = getComputedStyle(host);
  const size = parseFloat(style.fontSize);
  const font = { family: style.fontFamily, size: 0.86 * size, color: theme.muted };
  const axis = {
    color: theme.muted,
    gridcolor: theme.hairline,
    linecolor: theme.hairline,
    showbackground: false,
    showspikes: false,
    zeroline: false,
    ticks: "",
    tickfont: { ...font, size: Math.sqrt(12 * font.size) }, // Plotly scales the letters twice, from 12
  };
  const ground = (title, [low, high]) => ({ ...axis, title: { text: title, font }, range: [low, high], ...toPlotlyTicks(clearCorners((count) => linearTicks(low, high, count), 5, low, high)) });
  const { low, high } = terrain;
  const { words, ticks } = buildHeightAxis(stage, low, high, labels);
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    font,
    showlegend: false,
    hovermode: false,
    scene: {
      aspectmode: "manual",
      aspectratio: { x: 1, y: 1, z: BOX_HEIGHT },
      bgcolor: "rgba(0,0,0,0)",
      camera,
      dragmode: false,
      hovermode: false,
      xaxis: ground("x", stage.box[0]),
      yaxis: ground("y", stage.box[1]),
      zaxis: { ...axis, title: { text: words, font }, range: [low, high], ...toPlotlyTicks(ticks) },
    },
  };
}

// The axis upwards: the loss, or on a log scale its distance from the lowest.
function buildHeightAxis({ scale, levels }, low, high, labels) {
  if (scale !== "log") return { words: labels.height, ticks: clearCorners((count) => linearTicks(low, high, count), 4, low, high, FOOT_FRACTION) };
  const { bottom, softest } = levels;
  const [first, top] = [Math.ceil(Math.log10(softest) + 0.3), Math.floor(Math.log10(10 ** high - softest) + 1e-6)];
  const listTicks = (count) => {
    const every = Math.max(1, Math.ceil((top - first + 1) / count));
    const ticks = [];
    for (let n = top; n >= first; n -= every) ticks.push({ value: Math.log10(10 ** n + softest), text: n === 0 ? "1" : n === 1 ? "10" : `10${toSuperscript(n)}` });
    return ticks;
  };
  const ticks = clearCorners(listTicks, 4, low, high, FOOT_FRACTION);
  const above = Math.abs(bottom) > 1e-6 * 10 ** high;
  return { words: above ? labels.height_above : labels.height, ticks };
}

// About `count` ticks between the corners at an axis' ends, or more of them where fewer than two would be left.
export function clearCorners(listTicks, count, low, high, foot = CORNER_FRACTION) {
  const isClear = ({ value }) => value > low + foot * (high - low) && value < high - CORNER_FRACTION * (high - low);
  for (let more = count; more <= MAX_TICK_COUNT; more++) {
    const ticks = listTicks(more).filter(isClear);
    if (ticks.length > 1) return ticks;
  }
  return listTicks(count);
}
