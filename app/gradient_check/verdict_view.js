// The verdict in words, with its evidence.

import { createElement, createTextButton } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";

const UNDECIDED = new Set(["tiny", "round_off", "kinks_crossed", "noisy", "nothing_checked"]);

export class VerdictView {
  constructor(host, labels, onEverything) {
    this.labels = labels;
    this.host = host;
    this.outdated = host.appendChild(createElement("p", "descent-check-outdated-words"));
    this.outdated.setAttribute("role", "status");
    this.outdated.hidden = true;
    this.title = host.appendChild(createElement("p", "descent-check-target"));
    const line = host.appendChild(createElement("div", "descent-check-sentence"));
    this.sign = line.appendChild(createElement("span", "descent-check-sign"));
    this.sign.setAttribute("aria-hidden", "true");
    this.sentence = line.appendChild(createElement("p", ""));
    this.sentence.setAttribute("role", "status");
    this.remarks = host.appendChild(createElement("ul", ""));
    const foot = host.appendChild(createElement("div", "descent-check-foot"));
    this.evidence = foot.appendChild(createElement("span", "descent-quiet"));
    this.button = foot.appendChild(createTextButton("descent-word", labels.every, onEverything));
  }

  // `text`: why this is not of what was typed last; empty if it is.
  setOutdated(text = "") {
    this.outdated.hidden = !text;
    if (this.outdated.textContent !== text) this.outdated.textContent = text;
  }

  wait({ title, waits }) {
    this.title.textContent = title;
    this.host.dataset.tone = "none";
    this.sign.textContent = "…";
    this.sentence.textContent = waits || this.labels.waiting;
    this.remarks.replaceChildren();
    this.evidence.textContent = "";
    this.button.hidden = true;
  }

  show({ kind, passed, sentence, remarks, h, isFull, count, message }) {
    const { labels } = this;
    const tone = passed ? "good" : UNDECIDED.has(kind) ? "open" : "wrong";
    this.host.dataset.tone = tone;
    this.host.dataset.kind = kind;
    this.title.textContent = message.title;
    this.sign.textContent = { good: "✓", open: "?", wrong: "✗" }[tone];
    if (this.sentence.textContent !== sentence) this.sentence.textContent = sentence;
    this.remarks.replaceChildren(...remarks.map((remark) => createElement("li", "", remark)));
    const template = (isFull && message.full.done) || count === message.size ? labels.of_full : labels.of_sample;
    this.evidence.textContent = fillTemplate(template, { h, count, size: message.size, where: message.where });
    this.button.hidden = message.fixed || !message.model || (count === message.size && !message.all);
    this.button.textContent = message.all ? labels.some : labels.every;
  }
}
