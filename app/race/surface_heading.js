// The surface's name and formula above the landscape, where the panel that has them is out of sight.

import { createElement } from "../player/base/dom.js";
import { parseMathML } from "../player/base/sanitize_mathml.js";
import { keepTypeFitting } from "../player/base/font_size_fitting.js";

export class SurfaceHeading {
  constructor(host) {
    const line = createElement("div", "descent-surface");
    this.content = line.appendChild(createElement("p", ""));
    host.prepend(line);
    this.stopFitting = keepTypeFitting(line, this.content);
  }

  // `formula` is MathML, "" for none; `values` are those of the letters in it.
  set({ name, formula, values }) {
    const key = JSON.stringify([name, formula, values]);
    if (this.key === key) return;
    this.key = key;
    this.content.replaceChildren(createElement("b", "", name));
    if (formula) this.content.appendChild(createElement("span", "")).append(parseMathML(formula));
    if (values) this.content.append(createElement("span", "descent-surface-values", values));
    this.content.style.setProperty("--descent-rows", 1); // another line may have room for it
  }

  remove() {
    this.stopFitting();
  }
}
