// Dashes, markers and ticks as Plotly has them.

const SYMBOLS = { up: "triangle-up", down: "triangle-down" }; // the markers that Plotly calls otherwise

export const toPlotlySymbol = (marker) => SYMBOLS[marker] ?? marker;

export const toPlotlyDash = (dash) => (dash.length ? dash.map((length) => `${length}px`).join() : "solid");

export const toPlotlyTicks = (ticks) => ({ tickmode: "array", tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ text }) => text) });
