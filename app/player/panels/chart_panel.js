// Loss and a second curve of the visitor's choice, over one axis, with one cursor.

import { LineChart, findOutOfRange, findNonPositive } from "../draw/line_chart.js";
import { getAxisValues, findFractionalIndex } from "../base/clock_to_steps.js";
import { createElement, createSegments } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";
import { distinctName } from "../draw/label_placement.js";

export class ChartPanel {
  // `choices` are those of a view, by its parts, the default first. `seek(run, k)` is called where a curve is pressed, `hover(places, event)` where a chart is pointed at, `changed()`
  // after another choice of curve or axis.
  constructor(host, labels, choices, { seek, hover, changed: onChange, redraw }) {
    Object.assign(this, { labels, choices, changed: onChange });
    this.isLossLog = null; // until the visitor chooses, log where every loss allows it
    [this.strip] = choices.strip;
    [this.axis] = choices.over;
    this.left = null; // the axis that the pace took the charts away from, until the visitor chooses one himself
    this.note = host.appendChild(createElement("p", "descent-note"));
    const above = host.appendChild(createElement("div", "descent-bar"));
    above.append(Object.assign(createElement("h3", ""), { textContent: labels.loss }));
    const tools = above.appendChild(createElement("div", "descent-tools"));
    this.fit = "all"; // runs are on the axes, whatever they do to them
    this.fitButtons = createSegments(tools, labels.fit, choices.fit.map((name) => [name, labels[`fit_${name}`]]), (choice) => {
      this.fit = choice;
      this.show();
    });
    this.scaleButtons = createSegments(tools, labels.scale, choices.loss.filter((name) => name !== "auto").map((name) => [name, labels[name]]), (choice) => {
      this.isLossLog = choice === "log";
      this.show();
    });
    this.loss = this.addChart(host, labels.loss, seek, hover, redraw);
    this.warning = host.appendChild(createElement("p", "descent-quiet"));
    const below = host.appendChild(createElement("div", "descent-bar"));
    this.choice = this.addSelect(below, labels.strip, "descent-strip-choice", (value) => (this.strip = value));
    this.missing = below.appendChild(createElement("span", "descent-quiet"));
    const over = below.appendChild(createElement("label", "descent-over"));
    over.append(Object.assign(createElement("span", ""), { textContent: labels.over }));
    this.over = this.addSelect(over, labels.over, "", (value) => {
      this.axis = value;
      this.left = null;
    });
    this.lower = this.addChart(host, labels.strip, seek, hover, redraw);
    this.lower.host.classList.add("descent-lower");
  }

  addSelect(host, words, name, choose) {
    const made = host.appendChild(createElement("select", name));
    made.setAttribute("aria-label", words);
    made.addEventListener("change", () => {
      choose(made.value);
      this.show();
      this.changed();
    });
    return made;
  }

  addChart(host, words, seek, hover, redraw) {
    const place = host.appendChild(createElement("div", "descent-chart"));
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", words);
    const curve = new LineChart(
      place,
      (x, y) => {
        const found = curve.nearest(x, y);
        if (found) seek(found.run, found.k);
      },
      (x, y, event) => hover(typeof x === "number" ? this.findStepsAt(x) : null, event),
      redraw,
    );
    return curve;
  }

  // A race by evaluations is drawn over evaluations, and over what it was before once it is by steps again.
  follow(pace) {
    const axis = pace === "steps" ? this.left : pace;
    this.left = pace === "steps" ? null : this.axis;
    if (!axis) return;
    this.over.value = axis;
    this.axis = this.over.value || this.choices.over[0]; // it may be on offer no longer
    this.over.value = this.axis;
    this.show();
  }

  // How they are looked at, and how a link or an undo says that they are to be.
  get viewOptions() {
    const loss = this.isLossLog === null ? "auto" : this.isLossLog ? "log" : "linear";
    return { loss, fit: this.fit, strip: this.strip, over: this.axis };
  }

  adopt({ loss, fit, strip, over }) {
    this.isLossLog = loss === "auto" ? null : loss === "log";
    this.fit = fit;
    [this.strip, this.axis, this.left] = [selectOption(this.choice, strip), selectOption(this.over, over), null];
    this.show();
  }

  // What has to be sent to draw this, besides what is sent always.
  get wanted() {
    return [this.strip, this.axis === "gradients" ? "gradients" : null].filter((name) => name && name !== "gradient_norm");
  }

  set(runs, scene, theme) {
    Object.assign(this, { runs, scene, theme });
    const hypers = Object.keys(scene.hypers ?? {});
    fillSelect(this.choice, [...this.choices.strip, ...hypers], (name) => this.labels[name] ?? scene.hypers[name], this.strip);
    this.strip = this.choice.value;
    fillSelect(this.over, this.choices.over.filter((name) => name !== "epochs" || scene.epoch), (name) => this.labels[`over_${name}`], this.axis);
    this.axis = this.over.value;
    this.note.textContent = scene.note;
    this.show();
  }

  show() {
    const { loss, lower, labels, scene, theme, axis } = this;
    this.counts = this.runs.map((run) => getAxisValues(run, axis, scene.epoch));
    const series = (name) =>
      this.runs
        .map((run, i) => ({ run: i, name: distinctName(run, this.runs), lost: run.lost, values: run.columns[name], counts: this.counts[i], style: run.style }))
        .filter(({ values, counts: along }) => values && along);
    const end = axis === "steps" ? scene.steps : axis === "epochs" ? scene.steps / scene.epoch : Math.max(1, ...this.counts.map((along) => along?.at(-1) ?? 0));
    const losses = series("loss");
    const offered = losses.some(({ lost }) => lost) && losses.some(({ lost }) => !lost);
    const kept = offered && this.fit === "kept";
    const fitted = (all) => (kept && all.some(({ lost }) => !lost) ? all.filter(({ lost }) => !lost) : all);
    const log = this.isLossLog ?? fitted(losses).every(({ values }) => values.every((value) => value >= 0));
    loss.set(losses, end, log, theme, "", fitted(losses));
    this.fitButtons.all.parentElement.hidden = !offered;
    for (const [name, pressed] of [["all", !kept], ["kept", kept]]) this.fitButtons[name].setAttribute("aria-pressed", pressed);
    for (const [name, pressed] of [["log", loss.log], ["linear", !loss.log]]) this.scaleButtons[name].setAttribute("aria-pressed", pressed);
    const words = (found, template) => found.map(({ name, k }) => fillTemplate(template, { names: name, k }));
    const gaps = log ? findNonPositive(losses) : [];
    const gone = kept ? findOutOfRange(losses, loss.range).filter(({ name }) => !gaps.some((gap) => gap.name === name)) : [];
    this.warning.textContent = [...words(gaps, labels.not_positive), ...words(gone, labels.leaves)].join("; ");
    const values = series(this.strip);
    lower.set(values, end, !isRateColumn(this.strip) || spansDecades(fitted(values)), theme, labels[`over_${axis}`], fitted(values));
    const none = this.runs.filter((run, i) => !run.has.includes(this.strip) || (!this.counts[i] && axis !== "gradients")).map((run) => run.name);
    this.missing.textContent = none.length ? fillTemplate(labels.none, { names: [...new Set(none)].join(", ") }) : "";
  }

  // How far each run is at x on the axis.
  findStepsAt(x) {
    return this.runs.map((_, i) => Math.round(this.counts[i] ? findFractionalIndex(this.counts[i], x) : 0));
  }

  draw(runSteps, cursors, hovered) {
    const cursor = cursors[this.axis] ?? null;
    this.loss.draw(runSteps, cursor, hovered);
    this.lower.draw(runSteps, cursor, hovered);
  }

  remove() {
    this.loss.remove();
    this.lower.remove();
  }
}

// Fill a selection, keeping what was chosen if it is still on offer.
function fillSelect(select, names, wordsOf, chosen) {
  if (select.dataset.names === names.join()) return;
  select.dataset.names = names.join();
  select.replaceChildren(...names.map((name) => new Option(wordsOf(name), name)));
  select.value = names.includes(chosen) ? chosen : names[0];
}

// Another word of a selection, or where it is not on offer the first; returns which.
function selectOption(select, name) {
  select.value = name;
  if (!select.value) select.selectedIndex = 0;
  return select.value;
}

// Rates and hyperparameters are on a log axis only where they range over a decade or more.
const isRateColumn = (name) => name === "lr" || name.startsWith("hyper_");

const spansDecades = (series) => {
  const values = series.flatMap(({ values: column }) => [...column]).filter((value) => value > 0);
  return values.length > 0 && values.reduce((a, b) => Math.max(a, b)) > 20 * values.reduce((a, b) => Math.min(a, b));
};
