// The rows and lists of a legend.

import { createElement } from "../player/base/dom.js";

export function createLegendRow(swatch, ...words) {
  const row = createElement("li");
  row.append(swatch, ...words);
  return row;
}

// A small field with a background in CSS.
export function createSwatch(background, className = "descent-map-swatch") {
  const swatch = createElement("i", className);
  swatch.style.background = background;
  return swatch;
}

export const createSign = (sign) => createElement("i", "descent-map-sign", sign);

export function createLegendList(rows, className = "") {
  const list = createElement("ul", className);
  list.append(...rows);
  return list;
}

export const createNote = (text) => createElement("p", "descent-quiet", text);
