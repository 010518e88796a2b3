// The loss and a second chart of the visitor's choice, over one axis, with linked cursors.

import { LineChart, findOutOfRange, findNonPositive } from "../player/draw/line_chart.js";
import { getAxisValues, findFractionalIndex } from "../player/base/clock_to_steps.js";
import { createElement, createLabelledSelect, createSegments, fillSelect, pressSegment, selectOption } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { distinctName } from "../player/base/run_descriptions.js";
import { findLastKnown, isVerdictKnown } from "../player/base/spoiler_protection.js";
import { getMarks } from "../player/base/punctuation.js";

export class ChartPanel {
  // `choices`: the options of each part of a view, the default first. `onSeek(run, k)` is called where a curve is
  // pressed, `onHover(runSteps, event)` where a chart is pointed at, `onChange()` after another choice of curve or
  // axis.
  constructor(host, labels, choices, { onSeek, onHover, onChange, redraw }) {
    Object.assign(this, { labels, choices, onSeek, onHover, redraw });
    this.isLossLog = null; // null until the visitor chooses: log where every loss allows it
    [this.strip] = choices.strip;
    [this.axis] = choices.over;
    this.axisBeforePace = null; // the axis that the pace took the charts away from, until the visitor chooses one
    this.note = host.appendChild(createElement("p", "descent-note"));
    const above = host.appendChild(createElement("div", "descent-bar"));
    above.append(createElement("h2", "", labels.loss));
    const tools = above.appendChild(createElement("div", "descent-tools"));
    this.fit = "all"; // or "kept": the axes fit the runs that are not lost
    this.fitButtons = createSegments(tools, labels.fit, choices.fit.map((name) => [name, labels[`fit_${name}`]]), (choice) => {
      this.fit = choice;
      this.update();
    });
    this.scaleButtons = createSegments(tools, labels.scale, choices.loss.filter((name) => name !== "auto").map((name) => [name, labels[name]]), (choice) => {
      this.isLossLog = choice === "log";
      this.update();
    });
    this.lossChart = this.addChart(host, labels.loss);
    this.warningNote = host.appendChild(createElement("p", "descent-quiet"));
    const below = host.appendChild(createElement("div", "descent-bar"));
    const onChoice = (choice) => {
      Object.assign(this, choice);
      this.update();
      onChange();
    };
    this.stripSelect = createLabelledSelect(below, labels.strip, "descent-strip", (strip) => onChoice({ strip }));
    this.missingNote = below.appendChild(createElement("span", "descent-quiet"));
    this.axisSelect = createLabelledSelect(below, labels.over, "descent-over", (axis) => onChoice({ axis, axisBeforePace: null }));
    this.stripChart = this.addChart(host, labels.strip);
    this.stripChart.host.classList.add("descent-lower");
  }

  addChart(host, label) {
    const box = host.appendChild(createElement("div", "descent-chart"));
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", label);
    const chart = new LineChart(box, {
      onPress: (x, y) => {
        const nearest = chart.findNearest(x, y);
        if (nearest) this.onSeek(nearest.run, nearest.k);
      },
      onHover: (x, event) => this.onHover(x === null ? null : this.findStepsAt(x), event),
      redraw: this.redraw,
    });
    return chart;
  }

  // A race by evaluations is drawn over evaluations, and over the axis before that once it is by steps again.
  setPace(pace) {
    const axis = pace === "steps" ? this.axisBeforePace : pace;
    this.axisBeforePace = pace === "steps" ? null : this.axis;
    if (!axis) return;
    this.axis = selectOption(this.axisSelect, axis); // it may be gone
    this.update();
  }

  // How the charts are looked at, as a link or an undo has it.
  get viewOptions() {
    const loss = this.isLossLog === null ? "auto" : this.isLossLog ? "log" : "linear";
    return { loss, fit: this.fit, strip: this.strip, over: this.axis };
  }

  applyView({ loss, fit, strip, over }) {
    this.isLossLog = loss === "auto" ? null : loss === "log";
    if (over !== this.axis) this.axisBeforePace = null;
    Object.assign(this, { fit, strip: selectOption(this.stripSelect, strip), axis: selectOption(this.axisSelect, over) });
    this.update();
  }

  // The columns that these charts need, besides those that are always sent.
  get neededColumns() {
    return [this.strip, this.axis === "gradients" ? "gradients" : null].filter((name) => name && name !== "gradient_norm");
  }

  set(runs, scene, theme, known) {
    Object.assign(this, { runs, scene, theme, known });
    fillSelect(this.stripSelect, [...this.choices.strip, ...Object.keys(scene.hypers ?? {})].map((name) => [name, this.labels[name] ?? scene.hypers[name]]));
    fillSelect(this.axisSelect, this.choices.over.filter((name) => name !== "epochs" || scene.epoch).map((name) => [name, this.labels[`over_${name}`]]));
    Object.assign(this, { strip: this.stripSelect.value, axis: this.axisSelect.value });
    this.note.textContent = scene.note;
    this.update();
  }

  update() {
    this.stripSelect.title = this.labels[`explain_${this.strip}`] ?? "";
    const { lossChart, stripChart, labels, scene, theme, axis } = this;
    this.axisValues = this.runs.map((run) => getAxisValues(run, axis, scene.epoch));
    const series = (name) =>
      this.runs
        .map((run, i) => ({ run: i, name: distinctName(run, this.runs), lost: run.lost && isVerdictKnown(run, this.known?.[i]), values: run.columns[name], counts: this.axisValues[i], style: run.style }))
        .filter(({ values, counts }) => values && counts);
    const end = axis === "steps" ? scene.steps : axis === "epochs" ? scene.steps / scene.epoch : Math.max(1, ...this.axisValues.map((values) => values?.at(-1) ?? 0));
    const losses = series("loss");
    const last = losses.map(({ run }) => findLastKnown(this.runs[run], this.known?.[run])); // what comes later is not told yet
    const hasChoice = losses.some(({ lost }) => lost) && losses.some(({ lost }) => !lost);
    const fitsKept = hasChoice && (this.fit === "kept" || Boolean(scene.lecture?.on)); // in a lecture what diverged leaves room for the others
    const fitted = (all) => (fitsKept && all.some(({ lost }) => !lost) ? all.filter(({ lost }) => !lost) : all);
    const log = this.isLossLog ?? fitted(losses).every(({ values }) => values.every((value) => value >= 0));
    lossChart.set(losses, end, log, theme, "", fitted(losses), this.known);
    this.fitButtons.all.parentElement.hidden = !hasChoice;
    pressSegment(this.fitButtons, fitsKept ? "kept" : "all");
    pressSegment(this.scaleButtons, lossChart.isLog ? "log" : "linear");
    const isKnown = ({ run, k }) => k <= last[losses.findIndex((each) => each.run === run)];
    const describe = (found, template) => found.filter(isKnown).map(({ name, k }) => fillTemplate(template, { names: name, k }));
    const gaps = lossChart.isLog || this.isLossLog ? findNonPositive(losses) : []; // where Log is asked for, but cannot be: why
    const gone = fitsKept ? findOutOfRange(losses, lossChart.fullRange).filter(({ name }) => !gaps.some((gap) => gap.name === name)) : [];
    this.warningNote.textContent = [...describe(gaps.filter(({ isZero }) => isZero), labels.zero), ...describe(gaps.filter(({ isZero }) => !isZero), labels.not_positive), ...describe(gone, labels.leaves)].join(" · ");
    const values = series(this.strip);
    stripChart.set(values, end, !isRateColumn(this.strip) || spansDecades(fitted(values)), theme, labels[`over_${axis}`], fitted(values), this.known);
    this.news = [...gaps, ...gone, ...this.runs.map((run, i) => ({ run: i, k: run.lost ? Math.min(run.at, run.length - 1) : Infinity }))];
    this.shownNews = this.readNews();
    const none = this.runs.filter((run, i) => !run.has.includes(this.strip) || (!this.axisValues[i] && axis !== "gradients")).map((run) => run.name);
    this.missingNote.textContent = none.length ? fillTemplate(labels.none, { names: [...new Set(none)].join(getMarks().comma) }) : "";
  }

  // How far each run is at x on the axis.
  findStepsAt(x) {
    return this.axisValues.map((values) => Math.round(values ? findFractionalIndex(values, x) : 0));
  }

  // `known`: how far each run may be seen, see `spoiler_protection.js`.
  draw(runSteps, cursors, hovered, known) {
    this.known = known;
    if (this.readNews() !== this.shownNews) this.update();
    const cursor = cursors[this.axis] ?? null;
    this.lossChart.draw(runSteps, cursor, hovered, known);
    this.stripChart.draw(runSteps, cursor, hovered, known);
  }

  // Which of the moments are known at which a run is lost or leaves an axis.
  readNews() {
    return this.news.map(({ run, k }) => Number(k <= findLastKnown(this.runs[run], this.known?.[run]))).join("");
  }

  remove() {
    this.lossChart.remove();
    this.stripChart.remove();
  }
}

// Rates and hyperparameters are on a log axis only where they range over a decade or more.
const isRateColumn = (name) => name === "lr" || name.startsWith("hyper_");

const spansDecades = (series) => {
  const values = series.flatMap(({ values: column }) => [...column]).filter((value) => value > 0);
  return values.length > 0 && values.reduce((a, b) => Math.max(a, b)) > 20 * values.reduce((a, b) => Math.min(a, b));
};
