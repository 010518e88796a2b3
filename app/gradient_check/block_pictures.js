// Entry by entry: for each block a picture of its entries, coloured by relative error; the one that is pointed at in words;
// and the worst ones in a table.

import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { ERROR_STEPS, countKinks, findErrorStep, findIndices, findWorst, formatRound, isTiny, nameEntry, shapeOfPicture } from "./check_numbers.js";

// From the smallest errors to wrong ones.
const ERROR_COLOURS = {
  light: ["#9dc2d8", "#5f97ba", "#d9c052", "#d8822b", "#a32a10"],
  dark: ["#2f5f80", "#5b9cc6", "#cdb650", "#e58f41", "#ff6f52"],
};
const [MAX_WIDTH, MAX_HEIGHT, MAX_CELL] = [300, 260, 12]; // pixels
const [MANY_LAYERS, SMALLER] = [5, 0.5]; // from so many layers on the pictures are smaller
const BIAS_HEIGHT = 12; // pixels of a row that stands alone, below the columns of its layer's weights
const LEAST_MARK = 5; // pixels of an entry's side in a sample: it may cover blank neighbours
const REACH = 14; // pixels from the pointer to an entry
const WORST = 10;

// Pixels of an entry's side.
function chooseCell(rows, columns, factor) {
  return Math.max(2, Math.min(MAX_CELL, Math.floor(factor * Math.min(MAX_WIDTH / columns, MAX_HEIGHT / rows))));
}

export class BlockPictures {
  constructor(host, labels) {
    Object.assign(this, { host, labels, pictures: [] });
    host.append(createElement("p", "descent-quiet", `${labels.entries_help} ${labels.entries_keys}`));
    this.scale = host.appendChild(createElement("div", "descent-check-scale"));
    const columns = host.appendChild(createElement("div", "descent-check-columns"));
    const left = columns.appendChild(createElement("div", "descent-check-left"));
    this.gallery = left.appendChild(createElement("div", "descent-check-gallery"));
    this.gallery.tabIndex = 0;
    this.gallery.setAttribute("role", "application");
    this.gallery.setAttribute("aria-label", `${labels.entries}. ${labels.entries_keys}`);
    this.readout = left.appendChild(createElement("p", "descent-check-readout"));
    this.readout.setAttribute("role", "status");
    this.kinks = left.appendChild(createElement("p", "descent-quiet"));
    this.table = columns.appendChild(createElement("div", "descent-scroll")).appendChild(createElement("table", "descent-check-table"));
    this.table.parentElement.tabIndex = 0;
    this.table.parentElement.setAttribute("role", "region");
    this.table.parentElement.setAttribute("aria-label", labels.worst_ten);
    this.gallery.addEventListener("keydown", (event) => this.onKey(event));
  }

  set(message, theme, themeName) {
    Object.assign(this, { message, theme, colours: ERROR_COLOURS[themeName] });
    const key = JSON.stringify(message.blocks);
    if (key !== this.key) this.build(message.blocks);
    this.key = key;
    this.showScale();
  }

  build(blocks) {
    this.picked = null;
    this.gallery.replaceChildren();
    const layers = new Map();
    const findNumber = (name) => name.replace(/\D/g, "");
    const factor = new Set(blocks.map(([name]) => findNumber(name))).size < MANY_LAYERS ? 1 : SMALLER;
    this.pictures = blocks.map(([name, shape, start, stop]) => {
      const [rows, columns] = shapeOfPicture(shape);
      const number = findNumber(name);
      if (!layers.has(number)) layers.set(number, { host: this.gallery.appendChild(createElement("div", "descent-check-layer")), columns, cell: chooseCell(rows, columns, factor) });
      const layer = layers.get(number);
      const cell = layer.columns === columns ? layer.cell : chooseCell(rows, columns, factor);
      const height = rows === 1 ? Math.max(cell, BIAS_HEIGHT) : cell;
      const figure = layer.host.appendChild(createElement("figure", ""));
      figure.append(createElement("figcaption", "", shape.length ? `${name}  ${shape.join(" × ")}` : name));
      const canvas = figure.appendChild(createElement("canvas", ""));
      const ratio = Math.max(1, window.devicePixelRatio || 1);
      Object.assign(canvas, { width: columns * cell * ratio, height: rows * height * ratio });
      Object.assign(canvas.style, { width: `${columns * cell}px`, height: `${rows * height}px` });
      canvas.setAttribute("aria-hidden", "true");
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      const picture = { name, shape, start, stop, rows, columns, cell, height, canvas, context };
      const point = (event) => this.pointAt(picture, event);
      canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(event));
      canvas.addEventListener("pointerdown", point);
      return picture;
    });
  }

  // The bar of colours, in steps.
  showScale() {
    const key = this.colours.join();
    if (this.scale.dataset.key === key) return;
    this.scale.dataset.key = key;
    const bar = createElement("div", "descent-check-bar");
    this.colours.forEach((colour, i) => {
      const step = bar.appendChild(createElement("i", ""));
      step.style.background = colour;
      if (i < ERROR_STEPS.length) step.append(createElement("span", "", formatRound(ERROR_STEPS[i])));
    });
    bar.setAttribute("aria-hidden", "true");
    this.scale.replaceChildren(createElement("span", "descent-quiet", this.labels.scale), bar);
  }

  show(row) {
    this.row = row;
    for (const picture of this.pictures) this.drawBlank(picture);
    let at = 0;
    const sparse = row.entries.length < this.message.size / 2;
    for (let i = 0; i < row.entries.length; i++) {
      while (row.entries[i] >= this.pictures[at].stop) at += 1;
      this.drawEntry(this.pictures[at], i, sparse);
    }
    if (this.picked !== null && this.picked >= row.entries.length) this.picked = null;
    this.drawPicked();
    this.showTable();
    const counted = this.message.kinked && row.kinks ? countKinks(row) : null;
    this.kinks.textContent = counted ? fillTemplate(this.labels.kink_count, { crossed: counted.crossed, count: row.entries.length, kinks: counted.all }) : "";
  }

  drawBlank({ context, columns, rows, cell, height }) {
    context.fillStyle = this.theme.panel;
    context.fillRect(0, 0, columns * cell, rows * height);
  }

  drawEntry(picture, i, sparse) {
    const { context } = picture;
    const { x, y } = this.findPlace(picture, this.row.entries[i]);
    const [width, height] = [picture.cell, picture.height].map((side) => (sparse ? Math.max(side, LEAST_MARK) : side));
    context.fillStyle = this.colours[findErrorStep(this.row.errors[i])];
    context.fillRect(x - width / 2, y - height / 2, width, height);
    if (!this.row.kinked[i]) return;
    context.fillStyle = this.theme.ink;
    context.fillRect(x - width / 6, y - height / 2, width / 3, height); // a bar: not by colour alone
  }

  findPlace({ start, shape, columns, cell, height }, entry) {
    const place = entry - start;
    return { x: ((place % columns) + 0.5) * cell, y: (Math.floor(place / columns) + 0.5) * height, index: findIndices(shape, place) };
  }

  pointAt(picture, { clientX, clientY }) {
    if (!this.row) return;
    const { left, top } = picture.canvas.getBoundingClientRect();
    let best = null;
    this.row.entries.forEach((entry, i) => {
      if (entry < picture.start || entry >= picture.stop) return;
      const { x, y } = this.findPlace(picture, entry);
      const away = Math.hypot(x - (clientX - left), y - (clientY - top));
      if (away <= REACH && !(best?.away <= away)) best = { i, away };
    });
    if (best) this.pick(best.i);
  }

  onKey(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const many = this.row?.entries.length;
    if (!way || !many || event.altKey || event.ctrlKey || event.metaKey) return; // Alt and an arrow is the browser's way back
    event.preventDefault();
    this.pick(this.picked === null ? findWorst(this.row, 1)[0] : (this.picked + way + many) % many);
  }

  pick(i) {
    if (this.picked === i) return;
    this.picked = i;
    this.show(this.row);
  }

  drawPicked() {
    const i = this.picked;
    this.readout.textContent = i === null ? "" : this.describe(i);
    if (i === null) return;
    const entry = this.row.entries[i];
    const picture = this.pictures.find(({ start, stop }) => entry >= start && entry < stop);
    const { x, y } = this.findPlace(picture, entry);
    const [width, height] = [picture.cell, picture.height].map((side) => Math.max(side, LEAST_MARK) + 4);
    picture.context.lineWidth = 2;
    picture.context.strokeStyle = this.theme.ink;
    picture.context.strokeRect(x - width / 2, y - height / 2, width, height);
  }

  describe(i) {
    const { entries, analytic, numeric, errors } = this.row;
    const words = { name: nameEntry(this.message.blocks, entries[i]), a: formatNumber(analytic[i], 6), n: formatNumber(numeric[i], 6), error: formatNumber(errors[i], 2) };
    return [fillTemplate(this.labels.entry, words), this.note(i)].filter(Boolean).join(" · ");
  }

  note(i) {
    const { analytic, numeric, kinked } = this.row;
    return [isTiny(analytic[i], numeric[i]) && this.labels.tiny, kinked[i] && this.labels.crosses].filter(Boolean).join(", ");
  }

  showTable() {
    const { labels, row, message } = this;
    const head = createElement("tr");
    for (const name of ["entry", "analytic", "numeric", "error", "note"]) {
      const cell = head.appendChild(createElement("th", "", labels[`column_${name}`]));
      cell.scope = "col";
    }
    const body = findWorst(row, WORST).map((i) => {
      const line = createElement("tr");
      const name = line.appendChild(createElement("th", "", nameEntry(message.blocks, row.entries[i])));
      name.scope = "row";
      const error = createElement("td", "", Number.isFinite(row.errors[i]) ? formatNumber(row.errors[i], 2) : labels.not_finite);
      const dot = createElement("i", "descent-check-dot");
      dot.style.background = this.colours[findErrorStep(row.errors[i])];
      error.prepend(dot);
      line.append(createElement("td", "", formatNumber(row.analytic[i], 6)), createElement("td", "", formatNumber(row.numeric[i], 6)), error, createElement("td", "", this.note(i)));
      return line;
    });
    const caption = createElement("caption", "", labels.worst_ten);
    this.table.replaceChildren(caption, createElement("thead"), createElement("tbody"));
    this.table.tHead.append(head);
    this.table.tBodies[0].append(...body);
  }
}
