// Save the charts of the trainings, at the epoch where the clock stands, as a picture.

import { createElement, createTextButton } from "../player/base/dom.js";
import { getDrawingScale, getSmallFont } from "../player/draw/drawing_scale.js";
import { drawSwatch } from "../player/draw/markers.js";
import { savePicture } from "../player/save/file_saver.js";

const MARGIN = 14; // pixels around the charts
const SWATCH = 36; // pixels of a line of the legend
const GAP = 8; // pixels between a line of the legend and its name
const FILE_NAME = "training";

// Buttons that save a picture; `getShown()` returns the charts, as `planCharts` wants them, or null while there are none.
export function addPictureButtons(host, labels, getShown) {
  const box = host.appendChild(createElement("div", "descent-training-save"));
  for (const kind of ["png", "svg"]) {
    const save = () => getShown() && savePicture(kind, FILE_NAME, planCharts(getShown()));
    box.append(createTextButton("descent-word", labels[`save_${kind}`], save));
  }
}

// Title, legend, and the charts beside and below each other as on the page. `charts`: {name, heading, section, chart,
// indices, entries} each; `entries`: [name, style] of the legend of all or of one chart; `cursor`: where the clock stands.
function planCharts({ title, charts, entries, cursor, theme }) {
  const font = getSmallFont(charts[0].chart.host);
  const line = 1.7 * parseFloat(font);
  const scale = getDrawingScale(charts[0].chart.host);
  const left = Math.min(...charts.map(({ section }) => section.getBoundingClientRect().left));
  const rows = [...new Set(charts.map(({ section }) => section.offsetTop))].map((top) => charts.filter(({ section }) => section.offsetTop === top));
  const places = [];
  let y = MARGIN + line * (1.5 + entries.length);
  for (const row of rows) {
    places.push(...row.map((one) => ({ ...one, x: one.chart.host.getBoundingClientRect().left - left + MARGIN, y, box: one.chart.host.getBoundingClientRect() })));
    y += 2.4 * line + Math.max(...row.map(({ chart }) => chart.host.clientHeight));
  }
  const width = Math.ceil(Math.max(...places.map(({ x, box }) => x + box.width)) + MARGIN);
  const height = Math.ceil(y + MARGIN - 0.4 * line);
  const draw = (target) => {
    const { context } = target;
    context.fillStyle = theme.ground;
    context.fillRect(0, 0, width, height);
    const setLetters = () => Object.assign(context, { font, textAlign: "left", textBaseline: "middle", fillStyle: theme.ink });
    setLetters();
    context.fillText(title, MARGIN, MARGIN + line / 2);
    entries.forEach(([name, style], i) => drawEntry(context, name, style, MARGIN, MARGIN + line * (i + 1.5), scale, theme));
    for (const { name, heading, chart, indices, entries: own, x, y, box } of places) {
      setLetters();
      context.fillText(heading, x, y + line / 2);
      own.reduce((at, [word, style]) => drawEntry(context, word, style, at, y + 1.5 * line, scale, theme), x);
      const layers = target.createLayers(chart.layers.names, box, name);
      const copy = Object.assign(Object.create(Object.getPrototypeOf(chart)), chart, { layers });
      copy.drawStaticLayers();
      copy.draw(indices, cursor, null);
      layers.drawOnto(context, layers.names, x, y + 2 * line);
    }
  };
  return { width, height, draw, title };
}

// Draw an entry of the legend. Returns the x of the next one.
function drawEntry(context, name, style, x, y, scale, { ground, ink }) {
  drawSwatch(context, x, y, style, ground, scale);
  context.fillStyle = ink;
  const at = x + SWATCH * scale + GAP;
  context.fillText(name, at, y);
  return at + context.measureText(name).width + 2 * GAP;
}
