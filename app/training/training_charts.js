// The charts of the trainings under one clock: loss, accuracy, and how long the steps are beside the weights.

import { createElement, createLabelledSelect, createSegments, fillSelect, pressSegment } from "../player/base/dom.js";
import { LineChart } from "../player/draw/line_chart.js";
import { createSwatch } from "../player/draw/markers.js";
import { chooseSwatchStyle, findIndices, findKnownIndices, makeAccuracySeries, makeLossSeries, makeRatioSeries, placeSeries } from "./curve_data.js";
import { TimeAxis, UNITS } from "./time_axis.js";

const RULE_OF_THUMB = 1e-3; // of update : weights: "somewhere around 1e-3", say the course notes
const ITS_DECADE = [-0.5, 0.5].map((power) => RULE_OF_THUMB * 10 ** power); // of which it is the nearest power of ten
const CHARTS = ["loss", "accuracy", "ratio"];
const ALL_PERCENTS = [-3, 103]; // of the axis of accuracies, where its curves would tell too much
const DEFINITIONS = ["norm", "absolute", "deviation"];
const GROWTH_DECADES = 0.25; // of a logarithmic axis in suspense: a loss falls by one or two
const MEMORIES = [0, 0.5, 0.8, 0.9, 0.95, 0.98]; // of smoothed minibatch losses

// The chart that has the curve of a reading's evidence.
export const findChart = (curve) => (curve.includes("accuracy") ? "accuracy" : curve.startsWith("ratio") ? "ratio" : "loss");

// A line of each style with its name.
function fillLegend(list, names, styles, ground) {
  const rows = names.map((name, i) => {
    const row = createElement("li", "");
    row.append(createSwatch(styles[i % styles.length], ground), name);
    return row;
  });
  list.replaceChildren(...rows);
}

// The units of time that are known of the trainings: of a log its own alone.
const findUnits = ({ arrays, trainings }) => UNITS.filter((unit) => unit === "epochs" || trainings.some((_, k) => arrays[`${unit}${k}`]) || !trainings.some((_, k) => arrays[`epoch${k}`]));

// Where something was changed in the middle, in the colour of its training.
const findMarks = ({ trainings, selected }, styles, axis, ofSelected) =>
  trainings.flatMap(({ changes, done }, k) => {
    if (!done || (ofSelected && k !== selected)) return [];
    return [...axis.convert(k, changes.map(([epoch]) => epoch))].map((x) => ({ x, colour: styles[k].colour }));
  });

// How far each series may be seen.
const findKnown = (series, furthest) => (furthest === null ? null : findIndices(series, furthest));

export class TrainingCharts {
  // `onSeek(epoch)` is called where a chart is pressed, `redraw()` when a frame is wanted.
  constructor(host, labels, { onSeek, redraw }) {
    Object.assign(this, { labels, isLog: true, memory: 0, definition: 0, known: null });
    this.axis = new TimeAxis();
    const handlers = { onPress: (x) => onSeek(this.axis.invert(this.message.selected, x)), onHover: () => {}, redraw };
    const add = (name) => {
      const section = host.appendChild(createElement("section", `descent-training-${name}`));
      const head = section.appendChild(createElement("div", "descent-training-head"));
      head.append(createElement("h2", "", labels[name]));
      section.append(createElement("p", "descent-quiet", labels[`${name}_help`]));
      const plot = section.appendChild(createElement("div", "descent-training-plot"));
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", `${labels[name]}. ${labels[`${name}_help`]}`);
      const chart = Object.assign(new LineChart(plot, handlers), { growth: GROWTH_DECADES });
      const band = plot.appendChild(createElement("i", "descent-training-band"));
      band.hidden = true;
      return { section, head, chart, band };
    };
    for (const name of CHARTS) this[name] = add(name);
    this.scales = createSegments(this.loss.head, labels.axis, [["log", labels.log], ["linear", labels.linear]], (name) => this.change({ isLog: name === "log" }));
    this.unit = createLabelledSelect(this.loss.head, labels.time, "descent-speed", (value) => this.changeAxis(value));
    const smooth = createLabelledSelect(this.loss.head, labels.smooth, "descent-speed", (value) => this.change({ memory: Number(value) }));
    fillSelect(smooth, MEMORIES.map((value) => [value, String(value)]));
    this.ratio.chart.bands = [ITS_DECADE];
    const definition = createLabelledSelect(this.ratio.head, labels.definition, "descent-speed", (value) => this.change({ definition: Number(value) }));
    fillSelect(definition, DEFINITIONS.map((name, i) => [i, labels[name]]));
    this.definitionChoice = definition.parentElement;
    const addLegend = ({ section }) => section.insertBefore(createElement("ul", "descent-training-legend"), section.lastChild);
    [this.names, this.legend] = [this.loss, this.ratio].map(addLegend);
    this.changes = addLegend(this.loss);
  }

  // The mark of a change in the middle, in words.
  buildChange(colour, text) {
    const row = createElement("li", "");
    row.appendChild(createElement("b", "", "▾")).style.color = colour;
    row.append(text);
    return row;
  }

  change(choice) {
    Object.assign(this, choice);
    if (this.message) this.set(this.message, this.theme, this.styles, this.known);
  }

  // The axis of the loss: logarithmic, or linear.
  toggleScale() {
    this.change({ isLog: !this.isLog });
  }

  changeAxis(value) {
    const [unit, scale] = value.split(" ").reverse();
    Object.assign(this.axis, { unit, isLog: scale === "log" });
    this.change({});
  }

  // `known`: the epoch beyond which no curve may be seen; null where all is shown.
  set(message, theme, styles, known) {
    Object.assign(this, { message, theme, styles, known });
    const { definitions = DEFINITIONS.length } = message;
    const { axis, labels } = this;
    fillSelect(this.unit, findUnits(message).flatMap((name) => [[name, labels[name]], [`log ${name}`, `${labels[name]}, ${labels.log}`]]));
    axis.set(message);
    this.series = {
      loss: placeSeries(makeLossSeries(message, styles, this.memory), axis),
      accuracy: placeSeries(makeAccuracySeries(message, styles), axis),
      ratio: placeSeries(message.blocks ? makeRatioSeries(message, this.definition % definitions, definitions, styles) : [], axis),
    };
    const line = { name: "", isRule: true, values: [RULE_OF_THUMB, RULE_OF_THUMB], counts: [axis.start ?? 0, axis.end], epochs: [0, message.epochs], style: { colour: theme.muted, dash: [2, 4], marker: null, width: 1.2 } };
    if (this.series.ratio.length) this.series.ratio.push({ ...line, run: this.series.ratio.length });
    this.definitionChoice.hidden = definitions < 2;
    for (const name of CHARTS) { // before they are drawn: what is hidden is not
      const isWaiting = message.waits && !message.fixed; // then every chart is there, and empty
      const isEmpty = !this.series[name].length && !isWaiting && (name === "ratio" || message.fixed || message.record);
      this[name].section.hidden = isEmpty || (Boolean(message.parts) && !message.parts.includes(name));
    }
    this.holdAxis();
    for (const name of CHARTS) {
      const isLog = name === "ratio" || (name === "loss" && this.isLog);
      const { chart } = this[name];
      Object.assign(chart, { marks: findMarks(message, styles, axis, name === "ratio"), start: axis.start });
      const series = this.series[name];
      if (series.length || chart.series.length || message.waits) chart.set(series, axis.end, isLog, theme, labels[axis.unit], series, findKnownIndices(series, known));
    }
    pressSegment(this.scales, this.isLog ? "log" : "linear");
    fillLegend(this.legend, message.blocks ?? [], styles, theme.ground);
    const names = message.trainings.map(({ name }, k) => `${k + 1} · ${name}`);
    fillLegend(this.names, names.length > 1 ? names : [], styles.map(chooseSwatchStyle), theme.ground);
    const { trainings } = message; // several have their changes in their names
    const changes = trainings.length > 1 ? [] : trainings[0].changes.map(([, , , text]) => [styles[0].colour, text]);
    this.changes.replaceChildren(...changes.map(([colour, text]) => this.buildChange(colour, text)));
  }

  // Where a reading is seen: a band on the chart of its curve. `evidence`: [curve, first epoch, last epoch] each; null for none.
  mark(evidence) {
    for (const name of CHARTS) this[name].band.hidden = true;
    for (const [curve, first, last] of evidence ?? []) {
      const { chart, band } = this[findChart(curve)];
      if (!chart.toX) continue;
      const [from, until] = [first, last].map((epoch) => chart.toX(this.axis.convertOne(this.message.selected, Math.min(epoch, this.message.epochs))));
      Object.assign(band.style, { left: `${from - 3}px`, width: `${Math.max(6, until - from + 6)}px` });
      band.hidden = false;
    }
  }

  // Where the clock's cursor stands; null where each training is at a time of its own.
  findCursor(epoch) {
    const { message, axis } = this;
    const isOneTime = axis.unit === "epochs" || message?.trainings.length === 1;
    return message && isOneTime && axis.columns[message.selected][0] ? axis.convertOne(message.selected, epoch) : null;
  }

  // While the future is hidden, the axis of accuracies covers all possible values.
  holdAxis() {
    const isHeld = this.known !== null || (this.message.waits && !this.message.fixed);
    this.accuracy.chart.heldRange = isHeld ? ALL_PERCENTS : null;
  }

  draw(epoch, known = this.known) {
    this.known = known;
    if (this.message) this.holdAxis();
    const cursor = this.findCursor(epoch);
    for (const name of CHARTS) {
      const series = this.series?.[name];
      if (series?.length) this[name].chart.draw(findIndices(series, epoch), cursor, null, findKnownIndices(series, known));
    }
  }

  // The data for a picture of the charts at an epoch; null while no chart is shown.
  describe(epoch, title) {
    const shown = CHARTS.filter((name) => this.series?.[name].length && !this[name].section.hidden);
    if (!shown.length) return null;
    const blocks = (this.message.blocks ?? []).map((name, b) => [name, this.styles[b % this.styles.length]]);
    const charts = shown.map((name) => {
      const { section, chart } = this[name];
      return { name, heading: this.labels[name], section, chart, indices: findIndices(this.series[name], epoch), entries: name === "ratio" ? blocks : [] };
    });
    const entries = this.message.trainings.map(({ name }, k) => [`${k + 1} · ${name}`, chooseSwatchStyle(this.styles[k])]);
    return { title, charts, entries, cursor: this.findCursor(epoch), theme: this.theme };
  }

  remove() {
    for (const name of CHARTS) this[name].chart.remove();
  }
}
