// The player's keys, wherever the page is focused; none is taken from someone who types or moves a slider.

import { element } from "./parts.js";

const TYPING = "textarea, select, [contenteditable=''], [contenteditable='true'], [role='combobox'], [role='listbox'], input:not([type='range'], [type='checkbox'], [type='radio'])";
const SLIDING = "input[type='range'], [role='slider']";
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);

// `acts`: key -> function. Returns a function that stops listening.
export function listen(acts, busy) {
  const press = (event) => {
    const act = acts[event.key] ?? (/^[1-9]$/.test(event.key) ? () => acts.digit(Number(event.key)) : null);
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || busy()) return;
    if (taken(event.target, event.key)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

// Whether the element that has the focus needs the key itself.
export function taken(target, key) {
  if (!target?.closest) return false;
  if (target.closest(TYPING) || target.closest("[role='dialog']:not(.descent-help)")) return true;
  if (MOVES.has(key) && target.closest(SLIDING)) return true;
  return (key === " " || key === "Enter") && Boolean(target.closest("button, summary, a, input[type='checkbox'], [role='radio'], [role='switch']"));
}

// The list of keys, as a dialog.
export class Help {
  constructor(host, labels, rows) {
    this.dialog = host.appendChild(element("dialog", "descent-help"));
    this.dialog.setAttribute("aria-label", labels.keys);
    const head = this.dialog.appendChild(element("div", "descent-bar"));
    head.append(Object.assign(element("h3", ""), { textContent: labels.keys }));
    const close = head.appendChild(element("button", "descent-word"));
    Object.assign(close, { type: "button", textContent: labels.close });
    close.addEventListener("click", () => this.dialog.close());
    const list = this.dialog.appendChild(element("dl", ""));
    for (const [keys, words] of rows) {
      const term = list.appendChild(element("dt", ""));
      for (const key of keys) term.append(Object.assign(element("kbd", ""), { textContent: key }));
      list.append(Object.assign(element("dd", ""), { textContent: words }));
    }
  }

  toggle() {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }
}
