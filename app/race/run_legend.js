// The surface, and who is who on it, under the picture: on a phone panel and table, which say it elsewhere, are out of sight.

import { createSwatch } from "../player/draw/markers.js";
import { createElement } from "../player/base/dom.js";
import { distinctName } from "../player/base/run_descriptions.js";

export class RunLegend {
  constructor(host, labels) {
    this.list = host.appendChild(createElement("ul", ""));
    this.list.setAttribute("aria-label", labels.runs);
  }

  set(runs, colours, surface) {
    const entries = runs.map((run) => [distinctName(run, runs), run.style]);
    const key = JSON.stringify([colours.ground, surface, entries]);
    if (this.key === key) return;
    this.key = key;
    this.list.replaceChildren(createElement("li", "descent-quiet", surface), ...entries.map(([name, style]) => {
      const item = createElement("li", "");
      item.append(createSwatch(style, colours.ground), name);
      return item;
    }));
  }
}
