// The surface's name and formula above the landscape, where the panel that has them is out of sight.

import { createElement } from "../player/base/dom.js";
import { parseMathML } from "../player/base/mathml.js";

export class SurfaceHeading {
  constructor(host) {
    this.line = createElement("p", "descent-surface");
    host.prepend(this.line);
  }

  // `formula` is MathML, "" for none; `values` are those of the letters in it.
  set({ name, formula, values }) {
    const key = JSON.stringify([name, formula, values]);
    if (this.key === key) return;
    this.key = key;
    this.line.replaceChildren(createElement("b", "", name));
    if (formula) this.line.appendChild(createElement("span", "")).append(parseMathML(formula));
    if (values) this.line.append(createElement("span", "descent-surface-values", values));
  }
}
