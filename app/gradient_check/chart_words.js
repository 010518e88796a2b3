// The legend of the chart, and what it shows in words.

import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { formatRound } from "./check_numbers.js";
import { styleOfCurve } from "./error_chart.js";

export function showCurveLegend(list, { curves, labels, waits }, theme) {
  const rows = curves.map((curve) => {
    const { colour, dash, width } = styleOfCurve(curve, theme);
    const row = createElement("li", curve.chosen ? "descent-check-chosen" : "");
    const line = row.appendChild(createElement("i", ""));
    line.style.borderTop = `${width}px ${dash.length ? "dashed" : "solid"} ${colour}`;
    row.append(curve.name);
    return row;
  });
  if (curves.length && !waits) {
    const row = createElement("li", "");
    row.appendChild(createElement("i", "")).style.borderTop = `1.5px dotted ${theme.muted}`;
    row.append(labels.worst_curve);
    rows.push(row);
    rows.push(...explainTheory(curves.find((curve) => curve.chosen), labels, theme));
  }
  list.replaceChildren(...rows);
}

// The legend's row on the theory's lines, or why there are none.
function explainTheory(chosen, labels, theme) {
  const rows = [];
  if (chosen?.theory) {
    const row = createElement("li", "");
    row.appendChild(createElement("i", "")).style.borderTop = `1.5px dotted ${styleOfCurve(chosen, theme).colour}`;
    row.append(labels.theory_lines);
    rows.push(row);
  }
  if (chosen?.misfit) rows.push(createElement("li", "descent-check-misfit", chosen.misfit));
  return rows;
}

// A sentence for each curve.
export function describeCurve({ name, best, truncation, round_off: roundOff }, labels) {
  if (!best) return `${name}.`;
  const sentence = fillTemplate(labels.curve_words, { name, error: formatNumber(best[1], 2), h: formatRound(best[0]) });
  const slopes = [
    truncation && fillTemplate(labels.curve_rises, { slope: formatNumber(truncation[0]) }),
    roundOff && fillTemplate(labels.curve_falls, { slope: formatNumber(roundOff[0]) }),
  ].filter(Boolean);
  return slopes.length ? `${sentence} ${slopes.join(" ")}.` : sentence;
}

export function writeTwin(host, { curves, labels }) {
  const texts = curves.map((curve) => describeCurve(curve, labels));
  const key = texts.join("\n");
  if (host.dataset.key === key) return;
  host.dataset.key = key;
  const isOpen = host.querySelector("details")?.open;
  const twin = createElement("details", "descent-twin");
  twin.open = Boolean(isOpen);
  twin.append(createElement("summary", "", labels.twin), ...texts.map((text) => createElement("p", "", text)));
  host.replaceChildren(twin);
}
