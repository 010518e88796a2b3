// The table under the playback bar: where each run is at this step, what it cost, and how it ended.

import { createSwatch } from "../player/draw/markers.js";
import { createElement, createTextButton } from "../player/base/dom.js";
import { formatCoordinate, formatNumber, fillTemplate } from "../player/base/number_format.js";
import { describeVerdict } from "../player/base/run_descriptions.js";

const COLUMNS = ["run", "at_step", "loss", "norm", "evaluations", "verdict"];
const ROWS_PER_FRAME = 4; // written in a frame

export class RunTable {
  // `onChoose(run)` is called where a run's name is pressed; null where there is nothing to choose.
  constructor(host, labels, onChoose) {
    Object.assign(this, { labels, onChoose });
    const table = (this.element = host.appendChild(createElement("table", "descent-table")));
    table.append(createElement("caption", "descent-unseen", labels.table));
    const row = table.createTHead().insertRow();
    this.headerCells = COLUMNS.map((name) => {
      const cell = row.appendChild(createElement("th", `descent-${name}`));
      cell.scope = "col";
      cell.textContent = fillTemplate(labels[name], { k: 0 });
      return cell;
    });
    this.body = table.createTBody();
    this.rows = [];
  }

  set(runs, theme) {
    this.runs = runs;
    this.shownSteps = null;
    this.nextRow = runs.length;
    const looks = JSON.stringify([theme.ground, runs.map(({ name, style }) => [name, style])]);
    if (looks !== this.appearanceKey) this.build(runs, theme);
    this.appearanceKey = looks;
    runs.forEach((run, i) => {
      const { verdict, detail } = this.rows[i];
      setText(detail, run.detail);
      setText(verdict.text, describeVerdict(run, this.labels));
      verdict.cell.dataset.kind = run.kind;
    });
  }

  build(runs, theme) {
    this.rows = runs.map((run, i) => {
      const row = createElement("tr", "");
      const name = row.appendChild(createElement("th", "descent-run"));
      name.scope = "row";
      const press = this.onChoose ? this.createNameButton(i) : createElement("b", "");
      press.textContent = run.name;
      name.append(createSwatch(run.style, theme.ground), press);
      const leads = addTextNode(name.appendChild(createElement("span", "descent-leads")));
      const detail = addTextNode(name.appendChild(createElement("span", "descent-detail")));
      const cells = COLUMNS.slice(1).map((column) => row.appendChild(createElement("td", `descent-${column}`)));
      for (const [i, column] of ["at", "loss", "norm", "evaluations"].entries()) cells[i].dataset.label = this.labels[column];
      const verdict = { cell: cells.at(-1), text: addTextNode(cells.at(-1)) };
      return { row, cells: cells.slice(0, -1).map(addTextNode), leads, verdict, detail };
    });
    this.body.replaceChildren(...this.rows.map(({ row }) => row));
  }

  // Run i's name, to be pressed.
  createNameButton(i) {
    return Object.assign(createTextButton("descent-name", "", () => this.onChoose(this.runs[i])), { title: this.labels.focus_on });
  }

  // The numbers at each run's step. While the race plays, a frame updates a few rows only: all of them would make it
  // late.
  draw(steps, view, playing) {
    if (!this.runs) return;
    if (!playing || this.nextRow >= this.runs.length) this.beginPass(steps, view);
    const until = playing ? this.nextRow + ROWS_PER_FRAME : this.runs.length;
    while (this.nextRow < Math.min(until, this.runs.length)) this.updateRow(this.nextRow++);
  }

  // A pass over all rows, at these steps.
  beginPass(steps, view) {
    if (this.shownSteps === steps.join()) return;
    Object.assign(this, { steps, shownSteps: steps.join(), nextRow: 0 });
    this.widths = view.map(([low, high]) => high - low);
    this.leader = findLeader(this.runs, steps);
    this.isSameStep = steps.every((k) => k === steps[0]);
    this.headerCells[1].textContent = this.isSameStep && steps.length ? fillTemplate(this.labels.at_step, { k: steps[0] }) : this.labels.at;
  }

  // A run that ended earlier keeps its last numbers, with the step.
  updateRow(i) {
    const { labels, widths, isSameStep: together } = this;
    const [run, k] = [this.runs[i], this.steps[i]];
    const { x, y, loss, gradient_norm: slope, evaluations } = run.columns;
    const j = Math.min(k, x.length - 1);
    const [place, height, norm, cost] = this.rows[i].cells;
    const ended = j < k ? `, ${fillTemplate(labels.ended, { k: j })}` : together ? "" : `, ${labels.step} ${k}`;
    setText(place, `(${formatCoordinate(x[j], widths[0])}, ${formatCoordinate(y[j], widths[1])})${ended}`);
    setText(height, formatNumber(loss[j]));
    setText(norm, slope ? formatNumber(slope[j]) : "–");
    setText(cost, evaluations ? String(Math.round(evaluations[j])) : "–");
    setText(this.rows[i].leads, run === this.leader ? labels.leads : "");
  }
}

// The text of a cell, to be changed in place: a new node for every number takes ten times as long.
const addTextNode = (cell) => cell.appendChild(document.createTextNode(""));

function setText(text, newText) {
  if (text.data !== newText) text.data = newText;
}

// The run with the lowest loss at its step; null where there is a tie. Runs that are over or lost do not count.
export function findLeader(runs, steps) {
  let best = null;
  let least = Infinity;
  let tie = false;
  for (const [i, run] of runs.entries()) {
    const k = steps[i];
    if (k >= run.columns.loss.length || run.lost) continue;
    const loss = run.columns.loss[k];
    if (best && loss === least) tie = true;
    else if (!best || loss < least) [best, least, tie] = [run, loss, false];
  }
  return tie ? null : best;
}
