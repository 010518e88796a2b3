// The trainings at the epoch where the clock stands: losses and accuracies with their standard errors.

import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { createSwatch } from "../player/draw/markers.js";
import { addErrors, chooseSwatchStyle, findRecord } from "./curve_data.js";

const COLUMNS = ["training", "loss", "validation_loss", "accuracy", "validation_accuracy", "gap"];

export class TrainingTable {
  constructor(host, labels, onSelect) {
    Object.assign(this, { host, labels, onSelect });
    const scroll = host.appendChild(createElement("div", "descent-scroll"));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", labels.table);
    this.table = scroll.appendChild(createElement("table", "descent-training-table"));
  }

  set(message, theme, styles) {
    Object.assign(this, { message, theme, styles });
    const head = createElement("tr");
    for (const name of COLUMNS) head.appendChild(createElement("th", "", this.labels[`column_${name}`])).scope = "col";
    this.rows = message.trainings.map((training, k) => this.buildRow(training, k));
    const body = createElement("tbody");
    body.append(...this.rows.map(({ line }) => line));
    const top = createElement("thead");
    top.append(head);
    this.table.replaceChildren(top, body);
  }

  buildRow({ name }, k) {
    const line = createElement("tr", k === this.message.selected ? "descent-training-selected" : "");
    const first = line.appendChild(createElement("th", ""));
    first.scope = "row";
    const button = first.appendChild(createElement("button", "descent-training-name"));
    button.type = "button";
    button.setAttribute("aria-pressed", k === this.message.selected);
    button.addEventListener("click", () => this.onSelect(k));
    button.append(createSwatch(chooseSwatchStyle(this.styles[k]), this.theme.ground), `${k + 1} · ${name}`);
    const cells = COLUMNS.slice(1).map((name) => {
      const cell = line.appendChild(createElement("td", ""));
      cell.dataset.label = this.labels[`column_${name}`];
      return cell;
    });
    return { line, cells };
  }

  // At an epoch.
  show(epoch) {
    this.rows?.forEach(({ cells }, k) => {
      const texts = describeAt(this.message, k, epoch, this.labels);
      cells.forEach((cell, i) => cell.textContent !== texts[i] && (cell.textContent = texts[i]));
    });
  }
}

// The texts of a training's columns at an epoch.
export function describeAt({ arrays, trainings }, k, epoch, labels) {
  const epochs = arrays[`epoch${k}`];
  if (!epochs?.length) return ["", "", "", "", ""];
  const { diverged } = trainings[k];
  if (diverged && epoch >= diverged.epoch) return [fillTemplate(labels.diverged, diverged), "", "", "", ""];
  const i = findRecord(epochs, epoch);
  const at = (name) => (epoch < epochs[0] ? NaN : (arrays[`${name}${k}`]?.[i] ?? NaN)); // a log may begin later, and lack some
  const show = (value, text) => (Number.isNaN(value) ? "–" : text);
  const percent = (name) => {
    const [value, error] = [at(name), at(`${name}_error`)];
    return show(value, value.toFixed(1) + (Number.isNaN(error) ? "" : ` ± ${error.toFixed(1)}`));
  };
  const gap = at("training_accuracy") - at("validation_accuracy");
  const doubt = addErrors(at("training_accuracy_error"), at("validation_accuracy_error"));
  const signed = `${gap < 0 ? "−" : ""}${Math.abs(gap).toFixed(1)}${Number.isNaN(doubt) ? "" : ` ± ${doubt.toFixed(1)}`}`;
  const loss = (name) => show(at(name), formatNumber(at(name)));
  return [loss("training_loss"), loss("validation_loss"), percent("training_accuracy"), percent("validation_accuracy"), show(gap, fillTemplate(labels.points, { value: signed }))];
}
