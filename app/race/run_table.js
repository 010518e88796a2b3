// The table under the playback bar: where each run is at this step, what it cost, and how it ended.

import { createSwatch } from "../player/draw/markers.js";
import { wholeStep } from "../player/base/clock.js";
import { addTextNode, createElement, createTextButton, setText } from "../player/base/dom.js";
import { formatCoordinate, formatNumber, fillTemplate } from "../player/base/number_format.js";
import { describeVerdict } from "../player/base/run_descriptions.js";
import { isVerdictKnown } from "../player/base/spoiler_protection.js";
import { getMarks } from "../player/base/punctuation.js";

const COLUMNS = ["run", "at_step", "loss", "norm", "evaluations", "verdict"];
const LONGEST_UNBROKEN = 20; // characters of a setting
const FIGURE_SPACE = "\u2007"; // as wide as a digit

export class RunTable {
  // `onChoose(run)` is called where a run's name is pressed; null where there is nothing to choose.
  constructor(host, labels, onChoose) {
    Object.assign(this, { labels, onChoose });
    const table = (this.element = host.appendChild(createElement("table", "descent-table")));
    table.append(createElement("caption", "descent-unseen", labels.table));
    const row = table.createTHead().insertRow();
    this.headings = COLUMNS.map((name) => {
      const cell = row.appendChild(createElement("th", `descent-${name}`));
      cell.scope = "col";
      const words = cell.appendChild(createElement("span", ""));
      if (labels[`explain_${name}`]) Object.assign(words, { title: labels[`explain_${name}`], tabIndex: 0 });
      return addTextNode(words, fillTemplate(labels[name], { k: 0 }));
    });
    this.body = table.createTBody();
    this.rows = [];
    this.sight = new IntersectionObserver((seen) => seen.forEach(({ target, isIntersecting }) => this.noteSight(target, isIntersecting)));
  }

  set(runs, theme) {
    this.runs = runs;
    this.shownSteps = null;
    const looks = JSON.stringify([theme.ground, runs.map(({ style }) => style)]);
    if (looks !== this.appearanceKey) this.build(runs, theme);
    this.appearanceKey = looks;
    const badges = [this.labels.leads, fillTemplate(this.labels.ended, { k: Math.max(0, ...runs.map((run) => run.length)) })];
    const room = badges.reduce((a, b) => (a.length > b.length ? a : b));
    runs.forEach((run, i) => {
      setText(this.rows[i].name, run.name);
      setText(this.rows[i].detail, keepTogether(run.detail));
      Object.assign(this.rows[i].badge.parentElement.dataset, { room, leads: this.labels.leads }); // nothing moves when one of them comes or goes
    });
  }

  build(runs, theme) {
    this.rows = runs.map((run, i) => {
      const row = createElement("tr", "");
      const heading = row.appendChild(createElement("th", "descent-run"));
      heading.scope = "row";
      const press = this.onChoose ? this.createNameButton(i) : createElement("b", "");
      heading.append(createSwatch(run.style, theme.ground), press);
      const name = addTextNode(press);
      const detail = addTextNode(heading.appendChild(createElement("span", "descent-detail")));
      const badge = addTextNode(heading.appendChild(createElement("span", "descent-leads")));
      const cells = COLUMNS.slice(1).map((column) => row.appendChild(createElement("td", `descent-${column}`)));
      for (const [i, column] of ["at", "loss", "norm", "evaluations"].entries()) cells[i].dataset.label = this.labels[column];
      const verdict = { cell: cells.at(-1), text: addTextNode(cells.at(-1)) };
      return { row, cells: cells.slice(0, -1).map((cell) => addTextNode(cell)), name, badge, verdict, detail, isInSight: true };
    });
    this.body.replaceChildren(...this.rows.map(({ row }) => row));
    this.sight.disconnect();
    for (const { row } of this.rows) this.sight.observe(row);
    this.nextHidden = 0;
  }

  noteSight(row, isInSight) {
    const i = this.rows.findIndex((each) => each.row === row);
    if (i < 0) return;
    this.rows[i].isInSight = isInSight;
    if (isInSight && this.steps?.length === this.rows.length) this.updateRow(i);
  }

  // Run i's name, to be pressed.
  createNameButton(i) {
    return Object.assign(createTextButton("descent-name", "", () => this.onChoose(this.runs[i])), { title: this.labels.focus_on });
  }

  // The numbers at each run's step. `known`: how far each run may be told, see `spoiler_protection.js`. While it plays, of the
  // rows out of sight one is written in a frame: sixteen rows cost as much as the picture.
  draw(steps, view, known = null, playing = false) {
    const shown = [steps.join(), known?.map(wholeStep).join(), view.join(), playing].join("|");
    if (!this.runs || this.shownSteps === shown) return;
    Object.assign(this, { steps, known, shownSteps: shown });
    this.widths = view.map(([low, high]) => high - low);
    this.lengths = view.map((ends, i) => Math.max(...ends.map((end) => formatCoordinate(end, this.widths[i]).length)));
    this.leader = findLeader(this.runs, steps);
    this.isSameStep = steps.every((k) => k === steps[0]);
    setText(this.headings[1], this.isSameStep && steps.length ? fillTemplate(this.labels.at_step, { k: steps[0] }) : this.labels.at);
    this.nextHidden = (this.nextHidden + 1) % this.rows.length;
    this.rows.forEach(({ isInSight }, i) => (!playing || isInSight || i === this.nextHidden) && this.updateRow(i));
  }

  remove() {
    this.sight.disconnect();
  }

  // A run that ended earlier keeps its last numbers, with the step.
  updateRow(i) {
    const { labels } = this;
    const [run, k] = [this.runs[i], this.steps[i]];
    const { x, y, loss, gradient_norm: slope, evaluations } = run.columns;
    const j = Math.min(k, x.length - 1);
    const { cells: [place, height, norm, cost], badge, verdict } = this.rows[i];
    setText(place, this.formatPlace([x[j], y[j]], j));
    setText(height, formatNumber(loss[j]));
    setText(norm, slope ? formatNumber(slope[j]) : "–");
    setText(cost, evaluations ? String(Math.round(evaluations[j])) : "–");
    setText(badge, j < k ? fillTemplate(labels.ended, { k: j }) : run === this.leader ? labels.leads : "");
    const isKnown = isVerdictKnown(run, this.known?.[i]);
    setText(verdict.text, isKnown ? describeVerdict(run, labels) : labels.verdict_open);
    verdict.cell.dataset.kind = isKnown ? run.kind : "";
  }

  // As wide for every point of the view, so that the columns do not move.
  formatPlace(point, k) {
    const [x, y] = point.map((value, i) => formatCoordinate(value, this.widths[i]));
    const place = `(${x}, ${y})`.padEnd(this.lengths[0] + this.lengths[1] + "(, )".length, FIGURE_SPACE);
    const digits = String(Math.max(...this.runs.map((run) => run.length - 1))).length;
    return `${place}${this.isSameStep ? "" : `${getMarks().comma}${fillTemplate(this.labels.rule_at, { k: String(k).padStart(digits, FIGURE_SPACE) })}`}`;
  }
}

// Settings break between one and the next, not between a name and its number: lr 0.02 · μ 0.9.
export const keepTogether = (detail) => detail.split(" · ").map((setting) => (setting.length > LONGEST_UNBROKEN ? setting : setting.replaceAll(" ", "\u00a0"))).join(" · ");

// The run with the lowest loss at its step; null where there is a tie, a single run, or no step yet. Runs that are over
// or lost do not count.
export function findLeader(runs, steps) {
  if (runs.length < 2 || !steps.some((step) => step > 0)) return null;
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
