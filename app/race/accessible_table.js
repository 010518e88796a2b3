// The race as text, for screen readers and for copying: a summary, and the losses as a table.

import { wholeStep } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { formatNumber, fillTemplate } from "../player/base/number_format.js";
import { RaceCommentary, describeLeader } from "./race_commentary.js";
import { findLeader } from "./run_table.js";
import { distinctName, describeVerdict } from "../player/base/run_descriptions.js";
import { findLastKnown } from "../player/base/spoiler_protection.js";
import { getMarks } from "../player/base/punctuation.js";

const TABLE_ROWS = 24; // evenly spaced steps, besides the one that is shown

// The step, the leading run, and the state of each run, in sentences.
export function summarizeRace(scene, runs, runSteps, labels) {
  const step = Math.max(0, ...runSteps.map((step, i) => Math.min(wholeStep(step), runs[i].length - 1)));
  if (!runs.length) return fillTemplate(labels.summary_empty, { surface: scene.surface, n: scene.steps });
  const steps = runSteps.map(wholeStep);
  const best = findLeader(runs, steps);
  const parts = [fillTemplate(labels.summary, { surface: scene.surface, k: step, n: scene.steps, runs: runs.length })];
  if (best) parts.push(describeLeader(best, runs, steps, labels));
  runs.forEach((run, i) => {
    const k = Math.min(steps[i], run.length - 1);
    const ended = steps[i] >= run.length - 1;
    parts.push(fillTemplate(labels[ended ? "summary_ended" : "summary_run"], { run: distinctName(run, runs), k, loss: formatNumber(run.columns.loss[k]), verdict: describeVerdict(run, labels) }));
  });
  return parts.join(getMarks().gap);
}

// The steps of the table's rows: evenly spaced, the last one, and those that are shown; none that may not be told yet.
export function listTableSteps(steps, runSteps, known) {
  const every = Math.max(1, Math.ceil(steps / TABLE_ROWS));
  const rows = new Set([...Array(Math.floor(steps / every) + 1).keys()].map((i) => i * every).concat(steps));
  for (const step of runSteps) rows.add(Math.min(steps, wholeStep(step)));
  const last = known ? Math.max(0, ...known.map(wholeStep)) : steps;
  return [...rows].filter((k) => k <= last).sort((a, b) => a - b);
}

export class AccessibleTable {
  constructor(host, labels) {
    Object.assign(this, { labels });
    this.details = host.appendChild(createElement("details", "descent-twin"));
    this.details.append(createElement("summary", "", labels.twin));
    this.text = this.details.appendChild(createElement("p", ""));
    this.frame = this.details.appendChild(createElement("div", "descent-scroll"));
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "region");
    this.frame.setAttribute("aria-label", labels.twin_table);
    this.liveRegion = host.appendChild(createElement("div", "descent-unseen"));
    this.liveRegion.setAttribute("aria-live", "polite");
    this.commentary = new RaceCommentary();
    this.details.addEventListener("toggle", () => {
      this.textSteps = null;
      this.draw();
    });
  }

  // The steps at which these runs are come with the next `draw`; until then nothing is told of them.
  set(scene, runs) {
    Object.assign(this, { scene, runs, runSteps: null, known: null, textSteps: null, tableSteps: null });
  }

  // The text is always up to date. `known`: how far each run may be told, see `spoiler_protection.js`.
  draw(runSteps = this.runSteps, now = performance.now(), playing = false, known = this.known) {
    Object.assign(this, { runSteps, known });
    if (!runSteps || !this.scene) return;
    const steps = runSteps.map(wholeStep).join();
    const { open } = this.details;
    const isNew = open && steps !== this.textSteps;
    if (isNew) {
      this.textSteps = steps;
      this.text.textContent = summarizeRace(this.scene, this.runs, runSteps, this.labels);
    }
    if (!playing && open && (isNew || this.tableSteps !== this.readTableSteps())) this.showTable(runSteps);
    this.announce(now, playing);
  }

  // While the race plays, its start and who leads; where it stands, all of it, at most once a second.
  announce(now, playing) {
    const sentence = this.commentary.next(this, this.runSteps.map(wholeStep), playing, now);
    if (sentence) return this.say(sentence, now);
    if (playing) return;
    if (now - (this.announcedAt ?? -1000) < 1000) {
      this.announceTimer ??= setTimeout(() => this.finishAnnouncing(), 1000);
      return;
    }
    this.say(summarizeRace(this.scene, this.runs, this.runSteps, this.labels), now);
  }

  // Announce the race if it still stands a second later. If it plays again, its end will be announced.
  finishAnnouncing() {
    this.announceTimer = null;
    if (!this.isRemoved && this.runSteps && !this.commentary.wasPlaying) this.announce(performance.now(), false);
  }

  say(sentence, now) {
    if (sentence === this.liveRegion.textContent) return;
    this.announcedAt = now;
    this.liveRegion.textContent = sentence;
  }

  // A key of the steps that the table depends on.
  readTableSteps() {
    return [this.runSteps, this.known ?? []].map((steps) => steps.map(wholeStep).join()).join("|");
  }

  // Loss of every run at evenly spaced steps and at the one that is shown.
  showTable(runSteps) {
    this.tableSteps = this.readTableSteps();
    const lossAt = (run, i, k) => (k <= findLastKnown(run, this.known?.[i]) ? formatNumber(run.columns.loss[k]) : "–");
    const table = createElement("table", "");
    table.append(createElement("caption", "", this.labels.twin_table));
    const head = table.createTHead().insertRow();
    for (const text of [this.labels.step, ...this.runs.map(({ name, detail }) => (detail ? `${name}${getMarks().comma}${detail}` : name))])
      head.appendChild(createElement("th", "", text)).scope = "col";
    const body = table.createTBody();
    for (const k of listTableSteps(this.scene.steps, runSteps, this.known)) {
      const row = body.insertRow();
      row.appendChild(createElement("th", "", k)).scope = "row";
      this.runs.forEach((run, i) => (row.insertCell().textContent = lossAt(run, i, k)));
    }
    this.frame.replaceChildren(table);
  }

  remove() {
    this.isRemoved = true;
    clearTimeout(this.announceTimer);
  }
}
