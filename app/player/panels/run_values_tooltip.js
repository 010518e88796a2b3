// A small table beside the pointer: the values of every run where the visitor points.

import { createElement } from "../base/dom.js";
import { formatNumber } from "../base/number_format.js";
import { distinctName } from "../base/run_descriptions.js";

export class RunValuesTooltip {
  // `createSwatch(run)` makes the mark beside a run's name.
  constructor(host, createSwatch) {
    Object.assign(this, { host, createSwatch });
    this.box = host.appendChild(createElement("div", "descent-tip"));
    this.box.setAttribute("aria-hidden", "true"); // the table under the playback bar says the same, step by step
    this.box.hidden = true;
  }

  // `columns`: [[words, name of a column], ...]; at most this many runs fit.
  show(title, runs, runSteps, columns, { clientX, clientY }) {
    const table = createElement("table", "");
    const head = table.createTHead().insertRow();
    for (const words of [title, ...columns.map(([label]) => label)]) head.appendChild(createElement("th", "")).textContent = words;
    const body = table.createTBody();
    runs.forEach((run, i) => {
      const k = Math.min(run.length - 1, Math.round(runSteps[i]));
      const row = body.insertRow();
      const name = row.insertCell();
      name.append(this.createSwatch(run), distinctName(run, runs));
      for (const [, column] of columns) row.insertCell().textContent = run.columns[column] ? formatNumber(run.columns[column][k]) : "–";
    });
    this.box.replaceChildren(table);
    this.box.hidden = false;
    const host = this.host.getBoundingClientRect();
    const [x, y] = [clientX - host.left, clientY - host.top];
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = x + 18 + width > host.width ? x - 18 - width : x + 18;
    const top = Math.min(Math.max(0, y - height / 2), Math.max(0, host.height - height));
    this.box.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  hide() {
    this.box.hidden = true;
  }
}
