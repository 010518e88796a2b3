// Dashes, markers and ticks as Plotly has them.

import { fromSuperscript } from "../base/number_format.js";

const SYMBOLS = { up: "triangle-up", down: "triangle-down" }; // the markers that Plotly calls otherwise

export const toPlotlySymbol = (marker) => SYMBOLS[marker] ?? marker;

export const toPlotlyDash = (dash) => (dash.length ? dash.map((length) => `${length}px`).join() : "solid");

export const toPlotlyTicks = (ticks) => ({ tickmode: "array", tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ text }) => text) });

// The same for an axis of powers of ten whose exponents are read from afar: raised digits of `size` pixels, where the
// letters for raised digits, and Plotly's own, are half as large as the numbers beside them.
export function toPlotlyPowers(ticks, size) {
  const raise = (exponent) => `<sup><span style="font-size:${Math.round(size)}px">${fromSuperscript(exponent)}</span></sup>`;
  return toPlotlyTicks(ticks.map(({ value, text }) => ({ value, text: text.replace(/[⁻⁰¹²³⁴-⁹]+/, raise) })));
}
