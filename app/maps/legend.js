// The rows, lists and notes of a legend.

import { createElement } from "../player/base/dom.js";

export function createLegendRow(swatch, ...words) {
  const row = createElement("li", "");
  row.append(swatch, ...words);
  return row;
}

// A small field with a background in CSS.
export function createSwatch(background, name = "descent-map-swatch") {
  const swatch = createElement("i", name);
  swatch.style.background = background;
  return swatch;
}

export function createSign(sign) {
  return Object.assign(createElement("i", "descent-map-sign"), { textContent: sign });
}

export function createLegendList(rows, name = "") {
  const list = createElement("ul", name);
  list.append(...rows);
  return list;
}

export function createNote(text) {
  return Object.assign(createElement("p", "descent-quiet"), { textContent: text });
}
