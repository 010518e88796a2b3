// The table of a fair race: of each run what it was tuned to, how long it needs, and its rank.

import { element } from "../../player/base/dom.js";
import { figure } from "../../player/base/number_format.js";
import { inOrder } from "./run_ranking.js";

const UNITS = ["steps", "evaluations"];

export function rankingTable(message, styles) {
  const { labels, runs, starts, all } = message;
  const frame = element("div", "descent-map-scroll");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", labels.table);
  const table = frame.appendChild(element("table", "descent-table"));
  head(table.appendChild(element("thead", "")), labels, starts ? starts : all);
  const body = table.appendChild(element("tbody", ""));
  const order = starts ? inOrder(runs, UNITS[0]) : runs.map((_, i) => i);
  for (const i of order) body.append(row(runs[i], styles[i], labels, starts));
  return frame;
}

function head(into, labels, starts) {
  const top = into.appendChild(element("tr", ""));
  const below = into.appendChild(element("tr", ""));
  for (const name of ["run", "best", "arrived"]) top.append(heading(name === "arrived" ? `${labels.arrived}, ${starts}` : labels[name], { rowSpan: 2 }));
  for (const unit of UNITS) {
    top.append(heading(labels[unit], { colSpan: 3, scope: "colgroup" }));
    for (const name of ["median", "quartiles", "rank"]) below.append(heading(labels[name]));
  }
}

function heading(words, own = {}) {
  return Object.assign(element("th", ""), { textContent: words, scope: "col", ...own });
}

function row(run, style, labels, starts) {
  const made = element("tr", "");
  const name = Object.assign(element("th", "descent-run"), { scope: "row" });
  name.append(swatch(style), run.name);
  made.append(name, cell(run.tuned === undefined ? "" : run.tuned || labels.nothing));
  made.append(cell(starts ? String(run.steps.arrived) : "–"));
  const said = (value) => (value === null ? labels.none : value.toLocaleString("en"));
  for (const unit of UNITS) {
    if (!starts) {
      made.append(cell("–"), cell("–"), cell("–"));
      continue;
    }
    const { spread, rank } = run[unit];
    made.append(cell(said(spread[2])), cell(`${said(spread[1])} – ${said(spread[3])}`), cell(`${figure(rank[0])} ± ${rank[1].toFixed(2)}`));
  }
  return made;
}

function cell(words) {
  return Object.assign(element("td", ""), { textContent: words });
}

// Colour, dash and marker of a run, as in the pictures.
function swatch({ colour, dash, marker }) {
  const shapes = { circle: "M18 4a4 4 0 1 0 .1 0z", square: "M14 4h8v8h-8z", diamond: "M18 3l5 5-5 5-5-5z", up: "M18 3l5 9h-10z", down: "M18 13l5-9h-10z" };
  const box = document.createElement("template");
  box.innerHTML = `<svg class="descent-swatch" viewBox="0 0 36 16" aria-hidden="true"><path d="M0 8h36" fill="none" stroke="${colour}" stroke-width="2.3" stroke-dasharray="${dash.join(" ")}"/><path d="${shapes[marker]}" fill="${colour}"/></svg>`;
  return box.content.firstChild;
}
