// The charts beside the landscape: the loss over the time of the flow, and the distance of each run from the flow.

import { logTicks } from "../../player/base/axis_ticks.js";
import { toPlotlyDash, toPlotlyPowers, toPlotlySymbol } from "../../player/draw/plotly_notation.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";

const MAX_MARKED_STEPS = 60; // of a run with a marker for each step

export class FlowCharts {
  constructor(host) {
    this.host = host;
    host.setAttribute("role", "img");
    this.plot = new SelfResizingPlot(host, (size) => this.layout(size));
  }

  set(message, runs, theme, words) {
    const { host } = this;
    const { arrays, labels } = message;
    host.setAttribute("aria-label", words);
    host.hidden = !arrays.time_flow;
    if (host.hidden) return;
    const none = { type: "scatter", hoverinfo: "skip", connectgaps: false };
    const traces = [{ ...none, mode: "lines", x: arrays.time_flow, y: arrays.loss_flow, opacity: 0.6, line: { color: theme.ink, width: 4.5 } }];
    for (const { name, style, chosen, beside } of runs) {
      if (!beside) continue;
      const x = arrays[`time_${name}`];
      const drawn = {
        ...none, x, mode: x.length <= MAX_MARKED_STEPS ? "lines+markers" : "lines",
        line: { color: style.colour, width: chosen ? 2.2 : 1.6, dash: toPlotlyDash(style.dash) },
        marker: { symbol: toPlotlySymbol(style.marker), size: 5, color: style.colour },
      };
      traces.push({ ...drawn, y: arrays[`loss_${name}`] }, { ...drawn, y: arrays[`apart_${name}`], yaxis: "y2" });
    }
    Object.assign(this, { labels, theme, traces });
    this.plot.draw(traces, { staticPlot: true });
  }

  layout({ em }) {
    const { labels, theme, traces } = this;
    const both = traces.length > 1;
    const scale = { zeroline: false, gridcolor: theme.hairline, linecolor: theme.hairline, exponentformat: "power", nticks: 6, fixedrange: true };
    const title = (text, y) => ({ text, xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: "bottom", showarrow: false, font: { size: 0.93 * em, color: theme.ink } });
    const log = (name, domain) => ({ ...scale, type: "log", domain, ...buildLogAxis(traces.filter(({ yaxis }) => yaxis === name), em) });
    return {
      margin: { l: Math.round(3.8 * em), r: 8, t: Math.round(1.7 * em), b: Math.round(3 * em), pad: 0 },
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: theme.muted },
      annotations: [title(labels.loss, 1), ...(both ? [title(labels.distance, 0.44)] : [])],
      xaxis: { ...scale, anchor: both ? "y2" : "y", title: { text: labels.time, standoff: 6 }, rangemode: "tozero" },
      yaxis: log(undefined, both ? [0.56, 1] : [0, 1]),
      yaxis2: { ...log("y2", [0, 0.44]), visible: both },
    };
  }

  remove() {
    this.plot.remove();
  }
}

// A log axis that shows all its traces.
function buildLogAxis(traces, em) {
  const values = traces.flatMap(({ y }) => [...(y ?? [])]).filter((v) => v > 0);
  if (!values.length) return {};
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = Math.max(values.reduce((a, b) => Math.max(a, b)), low * 1.01);
  const room = (Math.log10(high) - Math.log10(low)) * 0.06;
  return { range: [Math.log10(low) - room, Math.log10(high) + room], ...toPlotlyPowers(logTicks(low, high, 4), 0.86 * em) };
}
