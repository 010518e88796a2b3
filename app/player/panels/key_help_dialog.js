// The list of the page's keys, as a dialog.

import { createElement, createTextButton } from "../base/dom.js";

// `onToggle()` is called when it has opened or closed.
export class KeyHelpDialog {
  constructor(host, labels, onToggle) {
    this.onToggle = onToggle;
    this.dialog = host.appendChild(createElement("dialog", "descent-help"));
    this.dialog.setAttribute("aria-label", labels.keys);
    const head = this.dialog.appendChild(createElement("div", "descent-bar"));
    head.append(createElement("h2", "", labels.keys));
    head.append(createTextButton("descent-word", labels.close, () => this.dialog.close()));
    this.dialog.addEventListener("close", onToggle);
    this.list = this.dialog.appendChild(createElement("dl", ""));
  }

  // `rows`: [keys, what they do].
  setRows(rows) {
    const entries = rows.map(([keys, text]) => {
      const row = createElement("div", "");
      row.appendChild(createElement("dt", "")).append(...keys.map((key) => createElement("kbd", "", key)));
      row.append(createElement("dd", "", text));
      return row;
    });
    this.list.replaceChildren(...entries);
  }

  toggle() {
    if (this.dialog.open) this.dialog.close();
    else {
      this.dialog.showModal();
      this.onToggle();
    }
  }
}
