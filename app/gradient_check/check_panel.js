// The picture of a gradient check: verdict, error against h, traps, entries and what others say. h is moved here, without
// the server, which is told where it was let go.

import { ACTIVE_STATES } from "../player/net/job_polling.js";
import { createElement, createTextButton } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { keepPictureInSight } from "../player/base/keep_picture_in_sight.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { LectureAndKeys } from "../player/panels/lecture_and_keys.js";
import { BlockPictures } from "./block_pictures.js";
import { makeCheckKeys } from "./check_keys.js";
import { findNearestStep, findShownStep, findWorst, formatRound, takeFullCheck, takeScanRow } from "./check_numbers.js";
import { CheckerTable } from "./checker_table.js";
import { ErrorChart } from "./error_chart.js";
import { showCurveLegend, writeTwin } from "./chart_words.js";
import { SaveButtons } from "./save_buttons.js";
import { SmallCharts } from "./taylor_and_parabola_charts.js";
import { TrapSwitches } from "./trap_switches.js";
import { VerdictView } from "./verdict_view.js";

const STYLES = ["player/lecture.css", "player/scenes.css", "gradient_check/check.css", "gradient_check/lecture.css"];
const NO_ENTRIES = { entries: [], analytic: [], numeric: [], kinked: [], kinks: null, errors: [] };

export class CheckPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "check", STYLES);
    this.sentSerial = 0; // of the last h that was sent
  }

  build(labels) {
    this.sections = {};
    const section = (name, title) => (this.sections[name] = this.addSection(name, title));
    this.verdict = new VerdictView(section("verdict"), labels, () => this.say("everything", {}));
    this.traps = new TrapSwitches(section("traps", labels.traps), labels, (name, detail = {}) => this.say(name, detail));
    const chart = section("chart", labels.chart);
    chart.firstChild.append(createElement("span", "descent-quiet", labels.chart_help));
    this.legend = chart.appendChild(createElement("ul", "descent-check-legend"));
    const plot = chart.appendChild(createElement("div", "descent-check-plot"));
    this.chart = new ErrorChart(plot, { onMove: (h) => this.moveTo(h), onSettle: () => this.settle() });
    this.progress = new JobProgress(chart.appendChild(createElement("div", "descent-check-progress")), labels, (value) => this.say("stopped", { value }));
    new SaveButtons(chart.appendChild(createElement("div", "descent-check-save")), labels, () => ({ chart: this.chart, row: this.row, h: this.h }));
    this.blocks = new BlockPictures(section("entries", labels.entries), labels);
    const others = section("others", labels.others);
    this.checkers = new CheckerTable(others, labels);
    this.small = new SmallCharts(others.appendChild(createElement("div", "descent-check-small")), labels);
    this.twin = section("words");
    this.lecture = this.message.fixed ? null : new LectureAndKeys(this, section("tools"), labels, makeCheckKeys(this, labels));
    this.stopKeeping = keepPictureInSight(this.root, plot);
    this.parts = [this.chart, this.blocks, this.small, this.lecture].filter(Boolean);
  }

  show() {
    const { message } = this;
    const scene = message.fixed && [message.job_id, message.h, message.waits].join();
    const keepsH = scene && scene === this.scene; // h was moved here, which the server does not know
    this.scene = scene;
    if (!this.chart.isDragging && !this.chart.isStepping && message.serial >= this.sentSerial && !keepsH) this.h = message.h;
    const { arrays } = message;
    const known = Boolean(arrays.h?.length);
    this.root.classList.toggle("descent-check-fixed", Boolean(message.fixed));
    this.root.classList.toggle("descent-check-waits", Boolean(message.waits));
    this.root.classList.toggle("descent-check-outdated", Boolean(message.outdated));
    this.verdict.setOutdated(message.outdated);
    for (const [part, element] of Object.entries(this.sections)) element.hidden = Boolean(message.parts) && !message.parts.includes(part);
    this.lecture?.set(message); // before anything is drawn in the room that it leaves
    this.progress.set(message);
    this.traps.set(message);
    this.rows = known ? Array.from(arrays.h, (_, k) => takeScanRow(arrays, k)) : [];
    this.full = arrays.full_entries ? takeFullCheck(arrays) : null;
    const worst = known && { h: arrays.h, errors: this.rows.map((row) => row.errors[findWorst(row, 1)[0]]) };
    this.worst = worst;
    this.blocks.set(message, this.theme, this.themeName);
    this.checkers.set(message);
    this.small.set(message, this.theme);
    if (known || message.waits) this.chart.set(message, this.theme, worst);
    showCurveLegend(this.legend, message, this.theme);
    writeTwin(this.twin, message);
    this.render();
  }

  // Everything that depends on h.
  render() {
    const { message, rows } = this;
    const k = findShownStep(message.arrays.h ?? [], this.h, ACTIVE_STATES.has(message.state));
    this.root.classList.toggle("descent-check-waiting", k < 0 && !message.waits);
    if (k < 0) return this.wait();
    const { full } = message;
    const isFull = full && this.full && full.h === this.h;
    const row = isFull ? this.full : rows[k];
    this.row = row;
    const [kind, passed, sentence, remarks] = isFull ? full.verdict : message.verdicts[k];
    const h = formatRound(message.arrays.h[k]);
    this.verdict.show({ kind, passed, sentence, remarks, h, isFull, count: row.entries.length, message });
    const error = formatNumber(row.errors[findWorst(row, 1)[0]], 2);
    this.chart.moveTo(this.h, fillTemplate(message.labels.handle_value, { h, error, verdict: sentence }));
    this.blocks.show(row);
    this.checkers.show(k);
    this.small.show(k, this.h);
    this.root.dataset.h = this.h;
  }

  // Show the picture without results: none is known yet, or the prediction is pending.
  wait() {
    this.verdict.wait(this.message);
    if (!this.rows.length && !this.message.waits) return;
    this.chart.moveTo(this.h, "");
    this.blocks.show(NO_ENTRIES);
    this.root.dataset.h = this.h;
  }

  moveTo(h) {
    const { h: steps } = this.message.arrays;
    if (!steps?.length) return;
    const nearest = steps[findNearestStep(steps, h)];
    if (nearest === this.h) return;
    this.h = nearest;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.isRemoved) this.render();
    });
  }

  settle() {
    const known = this.sentSerial > this.message.serial ? this.sentH : this.message.h;
    if (this.message.fixed || this.h === known) return;
    this.sentH = this.h;
    this.say("stepped", { h: this.h });
    this.sentSerial = this.polling.serial;
  }

  removeParts() {
    this.parts?.forEach((part) => part.remove?.());
    this.stopKeeping?.();
  }
}
