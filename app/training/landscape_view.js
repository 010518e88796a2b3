// The loss landscape around the weights: its contours on a plane, the paths of the trainings on it, the way to its race.

import { createElement, createSegments, createTextButton, observeSize, pressSegment } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { parseHexColour } from "../player/base/theme_and_run_styles.js";
import { drawMarker } from "../player/draw/markers.js";
import { findBands, findPathPoint, paintBands } from "./landscape_contour_bands.js";

const KINDS = ["path", "random", "ends"];
const HEAD_RADIUS = 5.5;
const MOST_SEED = 99;
const MOST_PIXELS = 900; // of a side

export class LandscapeView {
  // `onPlane(kind, seed)` asks for a landscape, `onRace()` for the race on it.
  constructor(host, labels, { onPlane, onRace }) {
    Object.assign(this, { host, labels, kind: "path", seed: 0 });
    host.append(createElement("h2", "", labels.landscape), createElement("p", "descent-quiet", labels.landscape_help));
    this.startButton = host.appendChild(createTextButton("descent-word", labels.draw_landscape, () => onPlane(this.kind, this.seed)));
    this.body = host.appendChild(createElement("div", "descent-training-landscape-body"));
    const head = this.body.appendChild(createElement("div", "descent-training-head"));
    this.kinds = createSegments(head, labels.plane, KINDS.map((kind) => [kind, labels[`plane_${kind}`]]), (kind) => onPlane(kind, this.seed));
    this.nextSeed = head.appendChild(createTextButton("descent-word", labels.other_directions, () => onPlane(this.kind, (this.seed + 1) % (MOST_SEED + 1))));
    this.word = this.body.appendChild(createElement("p", "descent-quiet"));
    const main = this.body.appendChild(createElement("div", "descent-training-landscape-main"));
    this.canvas = main.appendChild(createElement("canvas", ""));
    this.canvas.setAttribute("role", "img");
    const beside = main.appendChild(createElement("div", ""));
    this.captions = beside.appendChild(createElement("div", ""));
    const foot = beside.appendChild(createElement("p", "descent-quiet"));
    this.raceButton = foot.appendChild(createTextButton("descent-word", labels.race_landscape, onRace));
    this.noRace = foot.appendChild(createElement("span", ""));
    this.ground = createElement("canvas", "");
    this.observer = observeSize(host, () => this.resize());
  }

  set(message, theme, styles) {
    const { landscape, arrays } = message;
    const { labels } = this;
    Object.assign(this, { message, theme, styles });
    this.kind = landscape.kind ?? this.kind;
    if (landscape.kind === "random") this.seed = landscape.seed;
    this.startButton.hidden = landscape.state !== "off";
    this.body.hidden = landscape.state === "off";
    this.nextSeed.hidden = this.kind !== "random";
    pressSegment(this.kinds, this.kind);
    const isDone = landscape.state === "done";
    this.word.textContent = isDone ? labels[`plane_${this.kind}_help`] : landscape.refusal || labels.landscape_working;
    this.canvas.hidden = !isDone;
    this.raceButton.hidden = !isDone || Boolean(landscape.no_race);
    this.noRace.textContent = isDone ? (landscape.no_race ?? "") : "";
    this.host.dataset.state = landscape.state;
    const words = isDone ? this.writeCaptions() : [];
    this.captions.replaceChildren(...words.map((text) => createElement("p", "", text)));
    this.canvas.setAttribute("aria-label", words.join(" "));
    const isNew = arrays.landscape !== this.heights || theme !== this.paintedTheme;
    this.heights = arrays.landscape;
    if (isDone && isNew) this.paint();
    this.resize();
  }

  writeCaptions() {
    const { labels, message: { landscape } } = this;
    const [low, high] = landscape.range.map((value) => (value === null ? "–" : formatNumber(value)));
    const range = fillTemplate(labels.landscape_range, { low, high, samples: landscape.samples });
    return [...landscape.paths.map(({ explained }) => explained), landscape.scale === "log" ? `${range} ${labels.landscape_log}` : range];
  }

  // The contours, in the size of the canvas.
  paint() {
    if (this.message?.landscape.state !== "done") return;
    const { message: { landscape }, heights, theme, canvas } = this;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const pixels = Math.max(2, Math.min(MOST_PIXELS, Math.round((canvas.clientWidth || 400) * ratio)));
    Object.assign(this, { ratio, paintedTheme: theme });
    for (const one of [canvas, this.ground]) Object.assign(one, { width: pixels, height: pixels });
    const colours = theme.landscape.map(parseHexColour);
    const rgba = paintBands(findBands(heights, landscape.side, pixels), pixels, colours, parseHexColour(theme.ridges), parseHexColour(theme.panel));
    this.ground.getContext("2d").putImageData(new ImageData(rgba, pixels), 0, 0);
  }

  resize() {
    if (this.message?.landscape.state !== "done") return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const wanted = Math.min(MOST_PIXELS, Math.round(this.canvas.clientWidth * ratio));
    if (wanted && wanted !== this.canvas.width) this.paint();
    this.drawn = undefined;
    if (this.epoch !== undefined) this.show(this.epoch);
  }

  show(epoch) {
    if (epoch === this.drawn) return;
    this.epoch = epoch;
    if (this.message?.landscape.state !== "done") return;
    this.drawn = epoch;
    const { canvas, message: { landscape, arrays }, styles, theme, ratio } = this;
    const [[left, right], [bottom, top]] = landscape.box;
    const toX = (x) => ((x - left) / (right - left)) * canvas.width;
    const toY = (y) => ((top - y) / (top - bottom)) * canvas.height;
    const context = canvas.getContext("2d");
    context.drawImage(this.ground, 0, 0);
    for (const { k } of landscape.paths) {
      const [points, epochs] = [arrays[`landscape_path${k}`], arrays[`landscape_epochs${k}`]];
      const count = epochs.length;
      const head = findPathPoint(points, epochs, epoch);
      Object.assign(context, { strokeStyle: styles[k].colour, lineWidth: 2.3 * ratio, lineJoin: "round" });
      context.beginPath();
      for (let i = 0; i <= head.k; i++) context.lineTo(toX(points[i]), toY(points[count + i]));
      context.lineTo(toX(head.x), toY(head.y));
      context.stroke();
      context.fillStyle = styles[k].colour;
      for (let i = 0; i <= head.k; i++) context.fillRect(toX(points[i]) - 2 * ratio, toY(points[count + i]) - 2 * ratio, 4 * ratio, 4 * ratio);
      drawMarker(context, toX(head.x), toY(head.y), styles[k].marker, styles[k].colour, theme.panel, HEAD_RADIUS * ratio);
    }
  }

  remove() {
    this.observer.disconnect();
  }
}
