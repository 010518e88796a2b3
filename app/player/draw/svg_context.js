// A drawing context like a canvas's that writes SVG. It has only what the player's own drawing uses.

const FONT_PATTERN = /^(?:(\S+)\s+)?([\d.]+)px\s+(.+)$/;
const BASELINE_SHIFTS = { alphabetic: 0, middle: 0.34, top: 0.86 }; // of a letter's height: every program knows this one line
const ANCHORS = { left: "start", center: "middle", right: "end" };

export class SvgContext {
  // `measure(font, text)` gives the width of a text; contexts of one picture share `ids`.
  constructor(measure, ids = { clips: 0 }) {
    Object.assign(this, { measure, ids });
    this.elements = [];
    this.savedStates = [];
    this.state = {
      matrix: [1, 0, 0, 1, 0, 0], clip: null, dash: [], fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineCap: "butt",
      lineJoin: "miter", lineDashOffset: 0, globalAlpha: 1, font: "10px sans-serif", textAlign: "left", textBaseline: "alphabetic",
    };
    this.path = [];
  }

  // The SVG markup of all that was drawn since the last `clear`.
  get markup() {
    return this.elements.join("\n");
  }

  clear() {
    this.elements = [];
  }

  // ---- the state

  save() {
    this.savedStates.push({ ...this.state });
  }

  restore() {
    this.state = this.savedStates.pop() ?? this.state;
  }

  translate(x, y) {
    const [a, b, c, d, e, f] = this.state.matrix;
    this.state.matrix = [a, b, c, d, a * x + c * y + e, b * x + d * y + f];
  }

  rotate(angle) {
    const [a, b, c, d, e, f] = this.state.matrix;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.state.matrix = [a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f];
  }

  setLineDash(dash) {
    this.state.dash = [...dash];
  }

  // ---- paths

  beginPath() {
    this.path = [];
  }

  moveTo(x, y) {
    this.addVertex("M", x, y);
  }

  lineTo(x, y) {
    this.addVertex(this.path.length ? "L" : "M", x, y);
  }

  closePath() {
    if (this.path.length) this.path.push("Z");
  }

  rect(x, y, width, height) {
    if (![x, y, width, height].every(Number.isFinite)) return;
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.path.push("Z");
  }

  // Whole circles only.
  arc(x, y, r) {
    const [left, right] = [this.at(x - r, y), this.at(x + r, y)];
    if (![...left, ...right].every(Number.isFinite)) return;
    const half = `A${formatLength(r)} ${formatLength(r)} 0 1 1`;
    this.path.push(`M${formatPoint(right)}${half} ${formatPoint(left)}${half} ${formatPoint(right)}Z`);
  }

  at(x, y) {
    const [a, b, c, d, e, f] = this.state.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  // As on a canvas, non-finite coordinates are skipped.
  addVertex(letter, x, y) {
    const place = this.at(x, y);
    if (place.every(Number.isFinite)) this.path.push(letter + formatPoint(place));
  }

  fill(rule) {
    this.draw({ fill: this.state.fillStyle, "fill-rule": rule === "evenodd" ? rule : null });
  }

  stroke() {
    this.draw({ fill: "none", ...this.strokeAttributes });
  }

  // Draw nothing outside of the path from now on.
  clip(rule) {
    const name = `clip${(this.ids.clips += 1)}`;
    const shape = createTag("path", { d: this.path.join(""), "clip-rule": rule === "evenodd" ? rule : null });
    this.elements.push(createTag("clipPath", { id: name, "clip-path": this.clipReference }, shape));
    this.state.clip = name;
  }

  fillRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  strokeRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
  }

  get strokeAttributes() {
    const { strokeStyle, lineWidth, lineCap, lineJoin, dash, lineDashOffset } = this.state;
    return {
      stroke: strokeStyle,
      "stroke-width": formatLength(lineWidth),
      "stroke-linecap": lineCap === "butt" ? null : lineCap,
      "stroke-linejoin": lineJoin === "miter" ? null : lineJoin,
      "stroke-dasharray": dash.length ? dash.map(formatLength).join(" ") : null,
      "stroke-dashoffset": dash.length && lineDashOffset ? formatLength(lineDashOffset) : null,
    };
  }

  get clipReference() {
    return this.state.clip && `url(#${this.state.clip})`;
  }

  draw(looks) {
    if (this.path.length) this.elements.push(createTag("path", { d: this.path.join(""), ...looks, ...this.compositing }));
  }

  get compositing() {
    return { opacity: this.state.globalAlpha < 1 ? formatLength(this.state.globalAlpha) : null, "clip-path": this.clipReference };
  }

  // ---- words

  measureText(text) {
    return { width: this.measure(this.state.font, text) };
  }

  fillText(text, x, y) {
    this.addText(text, x, y, { fill: this.state.fillStyle });
  }

  strokeText(text, x, y) {
    this.addText(text, x, y, { fill: "none", ...this.strokeAttributes, "aria-hidden": "true" });
  }

  addText(text, x, y, looks) {
    const { font, textAlign, textBaseline, matrix } = this.state;
    const [, weight, size, family] = FONT_PATTERN.exec(font) ?? [null, null, "10", "sans-serif"];
    const place = this.at(x, y + BASELINE_SHIFTS[textBaseline] * Number(size));
    if (!text || !place.every(Number.isFinite)) return;
    const turned = Math.abs(matrix[1]) > 1e-9;
    const where = turned ? { transform: `matrix(${[...matrix.slice(0, 4), ...place].map(formatLength).join(" ")})` } : { x: formatLength(place[0]), y: formatLength(place[1]) };
    this.elements.push(
      createTag("text", {
        ...where,
        "font-family": family,
        "font-size": formatLength(Number(size)),
        "font-weight": weight && weight !== "400" && weight !== "normal" ? weight : null,
        "text-anchor": textAlign === "left" ? null : ANCHORS[textAlign],
        ...looks,
        ...this.compositing,
      }, escapeXml(text)),
    );
  }

  // ---- what was made elsewhere

  // Markup in a group of its own, at a place.
  addMarkup(markup, x, y, name) {
    const [left, top] = this.at(x, y);
    if (markup) this.elements.push(createTag("g", { id: name, transform: `translate(${formatLength(left)} ${formatLength(top)})` }, `\n${markup}\n`));
  }

  // A picture of pixels, as a data: address.
  addImage(address, x, y, width, height) {
    const [left, top] = this.at(x, y);
    this.elements.push(createTag("image", { x: formatLength(left), y: formatLength(top), width: formatLength(width), height: formatLength(height), href: address }));
  }

  // The whole as a file.
  toFile(width, height, { title, description }) {
    const inside = `<title>${escapeXml(title)}</title>\n<desc>${escapeXml(description)}</desc>\n${this.markup}\n`;
    const size = { width: formatLength(width), height: formatLength(height), viewBox: `0 0 ${formatLength(width)} ${formatLength(height)}` };
    return `<?xml version="1.0" encoding="UTF-8"?>\n${createTag("svg", { xmlns: "http://www.w3.org/2000/svg", ...size, role: "img" }, inside)}\n`;
  }
}

// As on a canvas, what is set is kept with `save` and `restore`.
for (const name of ["fillStyle", "strokeStyle", "lineWidth", "lineCap", "lineJoin", "lineDashOffset", "globalAlpha", "font", "textAlign", "textBaseline"])
  Object.defineProperty(SvgContext.prototype, name, {
    get() {
      return this.state[name];
    },
    set(value) {
      this.state[name] = value;
    },
  });

const formatLength = (value) => String(Math.round(100 * value) / 100 || 0);
const formatPoint = (place) => place.map(formatLength).join(" ");

function createTag(name, looks, inside) {
  const attributes = Object.entries(looks)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join("");
  return inside === undefined ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

// Text in XML; what XML cannot hold, as most control characters, is left out.
export const escapeXml = (text) =>
  String(text)
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
