// The readings of the selected training, each with its evidence and its remedy, and the sanity checks.

import { createElement, createTextButton } from "../player/base/dom.js";

const SIGNS = { fault: "!", fine: "✓", thin: "·" }; // not by colour alone

// Explain why the selected training has no readings; "" if it has some. Python sends none before the prediction is made.
export function explainAbsence({ readings, trainings, selected, state }, labels) {
  if (readings.length) return "";
  return state === "done" && trainings[selected].done ? labels.no_readings : labels.readings_wait;
}

export class ReadingsView {
  // The readings are in `host`, the checks in `checksHost`. `onMend(index)` takes a remedy, `onCheck()` asks for the sanity checks, `onPoint(evidence)` shows where a reading is seen,
  // null for nothing.
  constructor(host, checksHost, labels, { onMend, onCheck, onPoint }) {
    Object.assign(this, { labels, onMend, onPoint });
    const add = (place, name, help = "") => {
      const section = place.appendChild(createElement("section", `descent-training-${name}`));
      section.append(createElement("h2", "", labels[name]));
      if (help) section.append(createElement("p", "descent-quiet", help));
      return section;
    };
    const readings = add(host, "readings");
    this.list = readings.appendChild(createElement("ul", "descent-training-sayings"));
    this.untold = readings.appendChild(createElement("p", "descent-quiet", labels.readings_untold));
    this.setTold(true);
    const sanity = add(checksHost, "sanity", labels.sanity_help);
    this.sections = [readings, sanity];
    this.checkButton = sanity.appendChild(createTextButton("descent-word", labels.check, onCheck));
    this.checks = sanity.appendChild(createElement("ul", "descent-training-sayings"));
  }

  // Show the readings, or hide them until the clock reaches the end, which they reveal.
  setTold(isTold) {
    this.list.hidden = !isTold;
    this.untold.hidden = isTold;
  }

  showAll(isShown) {
    for (const section of this.sections) section.hidden = !isShown;
  }

  set(message) {
    const { labels } = this;
    const { readings, sanity, selected, state, record } = message;
    if (record && !sanity) this.sections[1].hidden = true; // nothing can be checked any more
    const absence = explainAbsence(message, labels);
    const key = JSON.stringify([readings, sanity, selected, state, absence]);
    if (key === this.key) return;
    this.key = key;
    const rows = readings.map((reading, index) => this.buildReading(reading, index));
    if (absence) rows.push(createElement("li", "descent-quiet", absence));
    this.list.replaceChildren(...rows);
    this.onPoint(null); // at none of the new rows
    this.checkButton.hidden = Boolean(sanity);
    this.checks.replaceChildren(...(sanity ?? []).map((check) => this.buildCheck(check)));
    if (sanity && sanity.length < 6) this.checks.append(createElement("li", "descent-quiet", labels.checking));
  }

  buildReading({ fault, thin, sentence, remedy, can_mend: canMend, evidence }, index) {
    const kind = fault ? "fault" : thin ? "thin" : "fine";
    const row = createElement("li", "");
    row.dataset.kind = kind;
    row.append(createElement("b", "", SIGNS[kind]));
    const words = row.appendChild(createElement("div", ""));
    words.append(createElement("p", "", sentence));
    if (remedy) {
      const line = words.appendChild(createElement("p", "descent-quiet", `${remedy} `));
      if (canMend) line.append(createTextButton("descent-word", this.labels.mend, () => this.onMend(index)));
    }
    if (!evidence.length) return row;
    row.addEventListener("pointerenter", () => this.onPoint(evidence));
    // A finger leaves as it is lifted: what it touched last stays marked, until another reading is touched.
    row.addEventListener("pointerleave", ({ pointerType }) => pointerType === "touch" || this.onPoint(null));
    row.addEventListener("focusin", () => this.onPoint(evidence));
    row.addEventListener("focusout", () => this.onPoint(null));
    return row;
  }

  buildCheck({ title, passed, sentence, derivation, blame }) {
    const row = createElement("li", "");
    row.dataset.kind = passed ? "fine" : "fault";
    row.append(createElement("b", "", passed ? "✓" : "✗"));
    const words = row.appendChild(createElement("div", ""));
    words.append(createElement("p", "descent-training-check", `${title}: ${this.labels[passed ? "passed" : "failed_check"]}${blame ? `. ${blame}` : ""}`));
    words.append(createElement("p", "", sentence), createElement("p", "descent-quiet", derivation));
    return row;
  }
}
