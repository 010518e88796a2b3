// The table of a fair race: the tuned values of each run, its costs and its rank.

import { createElement } from "../../player/base/dom.js";
import { createSwatch } from "../../player/draw/markers.js";
import { formatNumber } from "../../player/base/number_format.js";
import { sortByMedian } from "./curve_data_and_ranking.js";
import { getMarks } from "../../player/base/punctuation.js";

const UNITS = ["steps", "evaluations"];

export function createRankingTable(message, styles, ground) {
  const { labels, runs, starts, all } = message;
  const frame = createElement("div", "descent-map-scroll");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", labels.table);
  const table = frame.appendChild(createElement("table", "descent-table"));
  addHead(table.appendChild(createElement("thead", "")), labels, starts || all);
  const body = table.appendChild(createElement("tbody", ""));
  const order = starts ? sortByMedian(runs, UNITS[0]) : runs.map((_, i) => i);
  for (const i of order) body.append(createRow(runs[i], createSwatch(styles[i], ground), labels, starts));
  return frame;
}

function addHead(into, labels, starts) {
  const top = into.appendChild(createElement("tr", ""));
  const below = into.appendChild(createElement("tr", ""));
  for (const name of ["run", "best", "arrived"]) top.append(createHeading(name === "arrived" ? `${labels.arrived}${getMarks().comma}${starts}` : labels[name], { rowSpan: 2 }));
  for (const unit of UNITS) {
    top.append(createHeading(labels[unit], { colSpan: 3, scope: "colgroup" }));
    for (const name of ["median", "quartiles", "rank"]) below.append(createHeading(labels[name]));
  }
}

function createHeading(words, own = {}) {
  return Object.assign(createElement("th", "", words), { scope: "col", ...own });
}

function createRow(run, swatch, labels, starts) {
  const made = createElement("tr", "");
  const name = Object.assign(createElement("th", "descent-run"), { scope: "row" });
  name.append(swatch, run.name);
  made.append(name, createCell(run.tuned === undefined ? "" : run.tuned || labels.nothing));
  made.append(createCell(starts ? String(run.steps.arrived) : "–"));
  const format = (value) => (value === null ? labels.none : value.toLocaleString("en"));
  for (const unit of UNITS) {
    if (!starts) {
      made.append(createCell("–"), createCell("–"), createCell("–"));
      continue;
    }
    const { spread, rank } = run[unit];
    made.append(createCell(format(spread[2])), createCell(`${format(spread[1])} – ${format(spread[3])}`), createCell(`${formatNumber(rank[0])} ± ${rank[1].toFixed(2)}`));
  }
  return made;
}

function createCell(words) {
  return createElement("td", "", words);
}
