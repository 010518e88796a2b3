// The trainings in words: the results of each at its end, or at the last epoch that may be shown.

import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { findRecord } from "./curve_data.js";

export class TrainingsInWords {
  constructor(host, labels) {
    this.labels = labels;
    this.element = host.appendChild(createElement("details", "descent-twin"));
    this.element.append(createElement("summary", "", labels.twin));
    this.rows = this.element.appendChild(createElement("div", ""));
  }

  set(message) {
    Object.assign(this, { message, until: undefined });
  }

  // `known`: the epoch up to which all may be told; null: to the end.
  show(known) {
    const until = known === null ? null : Math.floor(known);
    if (until === this.until) return;
    this.until = until;
    this.rows.replaceChildren(...describeTrainings(this.message, known, this.labels).map((text) => createElement("p", "", text)));
  }
}

// A sentence for each training.
export function describeTrainings({ trainings, arrays }, known, labels) {
  return trainings.map(({ name, diverged }, k) => {
    const epochs = arrays[`epoch${k}`];
    if (!epochs) return `${name}: –`;
    const last = known === null ? epochs.length - 1 : findRecord(epochs, known);
    const at = (part) => arrays[`${part}${k}`]?.[last]; // a log may lack some
    const loss = (part) => (at(part) === undefined ? "–" : formatNumber(at(part)));
    const sentence = fillTemplate(labels.twin_row, {
      name, loss: loss("training_loss"), validation_loss: loss("validation_loss"),
      accuracy: at("training_accuracy")?.toFixed(1) ?? "–", validation_accuracy: at("validation_accuracy")?.toFixed(1) ?? "–",
    });
    const isLost = diverged && (known === null || known >= diverged.epoch);
    return isLost ? `${sentence} ${diverged.words}` : sentence;
  });
}
