// The surface, and who is who on it, under the picture: on a phone panel and table, which say it elsewhere, are out of sight.

import { createSwatch } from "../player/draw/markers.js";
import { addTextNode, createElement, setText } from "../player/base/dom.js";
import { distinctName } from "../player/base/run_descriptions.js";

export class PhoneRunLegend {
  constructor(host, labels) {
    this.list = host.appendChild(createElement("ul", ""));
    this.list.setAttribute("aria-label", labels.runs);
  }

  set(runs, colours, surface) {
    const key = JSON.stringify([colours.ground, runs.map(({ style }) => style)]);
    if (this.key !== key) this.build(runs, colours);
    this.key = key;
    const words = [surface, ...runs.map((run) => distinctName(run, runs))];
    this.words.forEach((text, i) => setText(text, words[i]));
  }

  build(runs, colours) {
    const items = [createElement("li", "descent-quiet"), ...runs.map(() => createElement("li", ""))];
    runs.forEach(({ style }, i) => items[i + 1].append(createSwatch(style, colours.ground)));
    this.words = items.map((item) => addTextNode(item));
    this.list.replaceChildren(...items);
  }
}
