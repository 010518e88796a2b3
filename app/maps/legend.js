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

// A bar of colours with ticks {at, text} below it, `at` from 0 to 1; `description` says it in words.
export function createScale(title, description, background, ticks) {
  const scale = createElement("div", "descent-map-scale");
  const bar = createElement("div", "descent-map-bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", description);
  bar.title = description;
  bar.style.background = background;
  const row = createElement("div", "descent-map-ticks");
  row.setAttribute("aria-hidden", "true");
  for (const { at, text } of ticks) row.appendChild(createElement("span", "", text)).style.left = `${100 * at}%`;
  const body = createElement("div");
  body.append(bar, row);
  scale.append(createElement("span", "descent-quiet", title), body);
  return scale;
}

export const createNote = (text) => createElement("p", "descent-quiet", text);
