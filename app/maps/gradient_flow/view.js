// A gradient flow with the steps of each run: the landscape, the charts beside it, readout and legend.

import { createElement } from "../../player/base/dom.js";
import { styleOf } from "../../player/base/theme_and_run_styles.js";
import { formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { createLegendList, createLegendRow, createNote } from "../legend.js";
import { FlowCharts } from "./flow_charts.js";
import { FlowView } from "./flow_landscape.js";
import { getMarks } from "../../player/base/punctuation.js";

const ANSWER_TIMEOUT_MS = 400; // after which a drag does not wait any longer for the answer to the last start

export default class FlowComparison {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, panel });
    const { labels } = panel.message;
    const part = (name) => host.appendChild(createElement("div", `descent-map-${name}`));
    this.ground = new FlowView(part("ground"), labels, (x, y, how) => this.moveStart(x, y, how), (k) => this.look(k));
    this.charts = new FlowCharts(part("courses"));
  }

  async show() {
    const { message, theme, dark } = this.panel;
    const name = dark ? "dark" : "light";
    this.onAnswer();
    const runs = message.runs.map((run) => ({ ...run, ...splitCoordinates(message.arrays, run.name), style: styleOf(run.slot, message.palette, name) }));
    const flows = message.flows.map((flow, i, all) => ({ ...flow, ...splitCoordinates(message.arrays, flow.name), own: i === all.length - 1 }));
    this.comparedRun = runs.find(({ chosen }) => chosen);
    this.showLegend(flows, runs, theme);
    this.charts.set(message, runs, theme, `${message.labels.curves}${getMarks().stop}${this.summary}`);
    await this.ground.set(message, flows, runs, theme, name);
  }

  // The legend: each flow and how it ends, each run and what its steps do.
  showLegend(flows, runs, theme) {
    const colour = theme.ink;
    const rows = [
      ...flows.map(({ own, words }) => [createLineSwatch({ colour, dash: own ? [] : [3, 5], width: own ? 5 : 2.5, opacity: 0.6 }), words]),
      ...runs.map(({ style, title, words, chosen }) => [createLineSwatch({ ...style, width: 2.5 }), chosen ? title : `${title}${getMarks().colon}${words}`]),
    ].map(([swatch, words]) => createLegendRow(swatch, createElement("span", "", words)));
    this.legend.replaceChildren(createLegendList(rows, "descent-map-flows"), createNote(this.panel.message.labels.field));
  }

  get summary() {
    return this.comparedRun ? `${this.comparedRun.title}${getMarks().colon}${this.comparedRun.words}` : "";
  }

  // The step that is pointed at; else the whole compared run, whose words the legend leaves out.
  get words() {
    const { arrays, labels } = this.panel.message;
    const name = this.comparedRun?.name;
    const t = arrays[`time_${name}`]?.[this.step];
    return t === undefined ? this.summary : fillTemplate(labels.step, { k: this.step, t: formatNumber(t), d: formatNumber(arrays[`apart_${name}`][this.step] || 0) });
  }

  look(step) {
    if (step === this.step) return;
    this.step = step;
    this.panel.updateReadout();
  }

  // During a drag the next start is sent when the last one was answered.
  moveStart(x, y, { held, series = 0 }) {
    this.queuedStart = null;
    if (held && performance.now() - this.sentAt < ANSWER_TIMEOUT_MS) this.queuedStart = [x, y];
    else this.send(x, y, held, series);
  }

  send(x, y, held, series) {
    this.sentAt = performance.now();
    this.panel.say("moved", { x, y, held: Boolean(held), series });
  }

  onAnswer() {
    this.sentAt = -Infinity;
    if (this.queuedStart) this.send(...this.queuedStart, true, 0);
    this.queuedStart = null;
  }

  remove() {
    this.ground.remove();
    this.charts.remove();
  }
}

// The coordinates of a line: its first half is x, its second y.
function splitCoordinates(arrays, name) {
  const both = arrays[name] ?? [];
  return { x: both.slice(0, both.length / 2), y: both.slice(both.length / 2) };
}

function createLineSwatch({ colour, dash, width, opacity = 1 }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "descent-map-track");
  svg.setAttribute("aria-hidden", "true");
  const path = svg.appendChild(document.createElementNS(svg.namespaceURI, "path"));
  for (const [name, value] of Object.entries({ d: "M0 7H36", stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" "), opacity })) path.setAttribute(name, value);
  return svg;
}
