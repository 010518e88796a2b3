// Reduce another program's SVG to shapes: no scripts, no links, nothing external.

import { toSuperscript } from "../base/number_format.js";

const ALLOWED_ELEMENTS = new Set(["svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "polyline", "polygon"]);
const ALLOWED_ATTRIBUTES = new Set([
  "id", "class", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "points", "width", "height", "viewBox",
  "style", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "opacity", "clip-path", "clip-rule",
]);
const EXTERNAL_REFERENCE = /url\(\s*["']?(?!["']?#)|expression|@import|javascript:/i;

const SUPERSCRIPT_STYLE = /font-size:\s*\d+%/; // a power's
const CANVAS_ALIGNS = { middle: "center", end: "right" };

// `markup` is a whole SVG; returns it as one that stands in another, and its words apart, where they are: in a picture
// they would be in whatever letters there are. Throws where it is none.
export function sanitizeSvg(markup) {
  const whole = new DOMParser().parseFromString(markup, "image/svg+xml");
  const root = whole.documentElement;
  if (root.localName !== "svg") throw new Error("this is no SVG");
  const words = [...root.getElementsByTagName("text")].map(extractText).filter(({ x, y }) => Number.isFinite(x + y));
  sanitizeElement(root);
  for (const name of ["style", "class"]) root.removeAttribute(name);
  return { markup: new XMLSerializer().serializeToString(root), words };
}

// Ticks are moved to their places by translations alone.
function extractText(text) {
  let [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
  for (let element = text; element?.getAttribute; element = element.parentNode) {
    const moved = /translate\(\s*([-\d.e+]+)(?:[\s,]+([-\d.e+]+))?/.exec(element.getAttribute("transform") ?? "");
    if (moved) [x, y] = [x + Number(moved[1]), y + Number(moved[2] ?? 0)];
  }
  const anchor = text.getAttribute("text-anchor") ?? /text-anchor:\s*(\w+)/.exec(text.getAttribute("style") ?? "")?.[1];
  return { words: readText(text), x, y, align: CANVAS_ALIGNS[anchor] ?? "left" };
}

const readText = (node) =>
  [...node.childNodes].map((child) => (child.nodeType === 3 ? child.data : SUPERSCRIPT_STYLE.test(child.getAttribute("style") ?? "") ? toSuperscript(child.textContent.replace("−", "-")) : readText(child))).join("").replace(/\u200b/g, "");

function sanitizeElement(element) {
  for (const { name, value } of [...element.attributes]) if (!ALLOWED_ATTRIBUTES.has(name) || EXTERNAL_REFERENCE.test(value)) element.removeAttribute(name);
  for (const child of [...element.childNodes]) {
    if (child.nodeType === 3) continue;
    if (child.nodeType === 1 && ALLOWED_ELEMENTS.has(child.localName)) sanitizeElement(child);
    else child.remove();
    if (child.nodeType === 1 && child.localName === "g" && !child.childNodes.length) child.remove();
  }
}
