// Markup that another program made, with what draws and nothing else: no scripts, no links, nothing from elsewhere.

import { raised } from "../base/number_format.js";

const DRAWS = new Set(["svg", "g", "defs", "clipPath", "path", "rect", "circle", "line", "polyline", "polygon"]);
const LOOKS = new Set([
  "id", "class", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "points", "width", "height", "viewBox",
  "style", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "opacity", "clip-path", "clip-rule",
]);
const ELSEWHERE = /url\(\s*["']?(?!["']?#)|expression|@import|javascript:/i;

const SMALLER = /font-size:\s*\d+%/; // a power's
const ALIGNS = { middle: "center", end: "right" };

// `markup` is a whole SVG; returns it as one that stands in another, and its words apart, where they are: in a picture
// they would be in whatever letters there are. Throws where it is none.
export function cleaned(markup) {
  const whole = new DOMParser().parseFromString(markup, "image/svg+xml");
  const root = whole.documentElement;
  if (root.localName !== "svg") throw new Error("this is no SVG");
  const words = [...root.getElementsByTagName("text")].map(wordsOf).filter(({ x, y }) => Number.isFinite(x + y));
  clean(root);
  for (const name of ["style", "class"]) root.removeAttribute(name);
  return { markup: new XMLSerializer().serializeToString(root), words };
}

// Ticks are moved to their places by translations alone.
function wordsOf(text) {
  let [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
  for (let element = text; element?.getAttribute; element = element.parentNode) {
    const moved = /translate\(\s*([-\d.e+]+)(?:[\s,]+([-\d.e+]+))?/.exec(element.getAttribute("transform") ?? "");
    if (moved) [x, y] = [x + Number(moved[1]), y + Number(moved[2] ?? 0)];
  }
  const anchor = text.getAttribute("text-anchor") ?? /text-anchor:\s*(\w+)/.exec(text.getAttribute("style") ?? "")?.[1];
  return { words: said(text), x, y, align: ALIGNS[anchor] ?? "left" };
}

const said = (node) =>
  [...node.childNodes].map((child) => (child.nodeType === 3 ? child.data : SMALLER.test(child.getAttribute("style") ?? "") ? raised(child.textContent.replace("−", "-")) : said(child))).join("").replace(/\u200b/g, "");

function clean(element) {
  for (const { name, value } of [...element.attributes]) if (!LOOKS.has(name) || ELSEWHERE.test(value)) element.removeAttribute(name);
  for (const child of [...element.childNodes]) {
    if (child.nodeType === 3) continue;
    if (child.nodeType === 1 && DRAWS.has(child.localName)) clean(child);
    else child.remove();
    if (child.nodeType === 1 && child.localName === "g" && !child.childNodes.length) child.remove();
  }
}
