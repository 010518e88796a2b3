// The results of other checkers: the rule of each applied to the numbers at h, and with its own step.

import { createElement } from "../player/base/dom.js";
import { formatNumber } from "../player/base/number_format.js";
import { formatRound } from "./check_numbers.js";

const COLUMNS = ["checker", "limit", "here", "own"];

export class CheckerTable {
  constructor(host, labels) {
    this.labels = labels;
    host.append(createElement("p", "descent-quiet", labels.others_help));
    const scroll = host.appendChild(createElement("div", "descent-scroll"));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", labels.others);
    this.table = scroll.appendChild(createElement("table", "descent-check-table descent-check-checkers"));
  }

  set(message) {
    this.message = message;
    const key = JSON.stringify(message.checkers);
    if (key === this.key) return;
    this.key = key;
    const head = createElement("tr");
    for (const name of COLUMNS) head.appendChild(createElement("th", "", this.labels[`column_${name}`])).scope = "col";
    this.here = [];
    const rows = message.checkers.map((checker) => {
      const row = createElement("tr");
      const name = row.appendChild(createElement("th"));
      name.scope = "row";
      const details = name.appendChild(createElement("details"));
      details.append(createElement("summary", "", checker.name === "notes" ? this.labels.notes : `${checker.name} ${checker.version}`));
      details.append(createElement("p", "descent-quiet", checker.overlooks));
      const [limit, here, own] = COLUMNS.slice(1).map((column) => {
        const cell = row.appendChild(createElement("td"));
        cell.dataset.label = this.labels[`column_${column}`];
        return cell;
      });
      limit.textContent = formatRound(checker.limit);
      this.here.push(here);
      if (checker.own) this.fill(own, ...checker.own);
      return row;
    });
    this.table.replaceChildren(createElement("thead"), createElement("tbody"));
    this.table.tHead.append(head);
    this.table.tBodies[0].append(...rows);
  }

  // The numbers at row `k` of the scan.
  show(k) {
    const { checkers, arrays } = this.message;
    checkers.forEach((_, i) => {
      const at = k * checkers.length + i;
      this.fill(this.here[i], arrays.numbers[at], Boolean(arrays.passed[at]));
    });
  }

  fill(cell, number, passed) {
    const text = `${passed ? "✓" : "✗"} ${this.labels[passed ? "passed" : "failed_check"]}`;
    const value = number === null || !Number.isFinite(number) ? "∞" : formatNumber(number, 2);
    if (cell.dataset.said === text + value) return;
    cell.dataset.said = text + value;
    const word = createElement("b", "", text);
    word.dataset.passed = passed;
    cell.replaceChildren(word, ` ${value}`);
  }
}
