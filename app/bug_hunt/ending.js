// The result of a finished hunt: the bug, the checks that see it, the checks that it fools, and an expert's steps.

import { createElement } from "../player/base/dom.js";

export function fillEnding(host, over, labels) {
  host.hidden = !over;
  const key = JSON.stringify(over);
  if (host.dataset.shown === key) return;
  host.dataset.shown = key;
  host.replaceChildren();
  if (!over) return;
  host.dataset.tone = over.found ? "good" : "open";
  const add = (tag, text, className = "") => host.appendChild(createElement(tag, className, text));
  add("h2", over.found ? `✓ ${over.headline}` : over.headline).tabIndex = -1;
  add("h3", over.title);
  add("p", over.where);
  const lines = add("dl", "", "descent-hunt-lines");
  for (const name of ["wrong_line", "right_line"]) {
    const pair = lines.appendChild(createElement("div", ""));
    pair.append(createElement("dt", "", labels[name]), createElement("dd", "")); // a line of code is the same in all languages
    pair.lastChild.append(createElement("code", "", over[name]));
  }
  add("h3", labels.sees_it);
  add("p", over.detection);
  for (const sentence of over.fooled) add("p", sentence);
  add("h3", labels.expert);
  host.appendChild(createElement("ol", "")).append(...over.steps.map((step) => createElement("li", "", step)));
}
