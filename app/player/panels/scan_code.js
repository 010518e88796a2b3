// The link of the scene as a QR code for the audience: large, or small in a corner where it stays.

import { createButton, createElement, createTextButton } from "../base/dom.js";

const QUIET_MODULES = 3; // white modules around the code
const STATES = ["off", "large", "corner"]; // in the order in which the key goes through them
const CLOSE_ICON = "M6.700 5.300 12 10.600l5.300-5.300 1.400 1.400L13.400 12l5.300 5.300-1.400 1.400L12 13.400l-5.300 5.300-1.400-1.400 5.300-5.300-5.300-5.300z";

// The state after this one: off, large, corner, off.
export const nextState = (state) => STATES[(STATES.indexOf(state) + 1) % STATES.length];

// The path of an SVG of the dark modules: a run of them in a row is one rectangle. `rows`: texts of 0 and 1.
export function drawModules(rows) {
  return rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`)).join("");
}

// The same as a whole: black on white, with a margin.
function drawCode(rows) {
  const size = rows.length + 2 * QUIET_MODULES;
  return `<svg viewBox="${-QUIET_MODULES} ${-QUIET_MODULES} ${size} ${size}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M${-QUIET_MODULES} ${-QUIET_MODULES}h${size}v${size}h-${size}z"/><path fill="#000" d="${drawModules(rows)}"/></svg>`;
}

export class ScanCode {
  // `onToggle(isOn)` is called when the code is to be sent, or no more; `onCover()` when the large one came or went.
  constructor(root, labels, { onToggle, onCover }) {
    Object.assign(this, { labels, onToggle, state: "off", shownLink: "" });
    this.dialog = root.appendChild(createElement("dialog", "descent-scan"));
    this.dialog.setAttribute("aria-label", labels.scan);
    this.dialog.addEventListener("close", () => {
      if (this.state === "large") this.show("off");
      onCover();
    });
    this.onCover = onCover;
    this.largeCode = this.dialog.appendChild(createElement("div", "descent-code"));
    this.title = this.dialog.appendChild(createElement("p", "descent-scan-title"));
    this.link = this.dialog.appendChild(createElement("p", "descent-quiet descent-scan-link"));
    const acts = this.dialog.appendChild(createElement("div", "descent-scan-acts"));
    acts.append(createTextButton("descent-word", labels.scan_keep, () => this.show("corner")));
    acts.append(createTextButton("descent-word", labels.close, () => this.show("off")));
    this.corner = root.appendChild(createElement("div", "descent-scan-corner"));
    this.cornerCode = this.corner.appendChild(createTextButton("descent-code", "", () => this.show("large")));
    this.cornerCode.setAttribute("aria-label", labels.scan_enlarge);
    this.cornerTitle = this.corner.appendChild(createElement("span", ""));
    this.corner.append(createButton(labels.scan_off, CLOSE_ICON, () => this.show("off")));
    this.corner.hidden = true;
  }

  get isLarge() {
    return this.dialog.open;
  }

  // Set the code: {link, rows}, or undefined where it is off. Without a link, while the start is dragged, the last code
  // stays; a link without rows is too long for a code.
  set(scan) {
    if (!scan) {
      if (this.state !== "off" && this.isSent) this.show("off");
      this.isSent = false;
      return;
    }
    this.isSent = true;
    if (this.state === "off") this.show("corner"); // the page was loaded again
    if (!scan.link || scan.link === this.shownLink) return;
    this.shownLink = this.link.textContent = scan.link;
    const hasCode = scan.rows.length > 0;
    for (const title of [this.title, this.cornerTitle]) title.textContent = hasCode ? this.labels.scan : this.labels.scan_too_long;
    for (const host of [this.largeCode, this.cornerCode]) {
      host.innerHTML = hasCode ? drawCode(scan.rows) : "";
      host.hidden = !hasCode;
    }
    this.corner.classList.toggle("descent-no-code", !hasCode);
  }

  toggle() {
    this.show(nextState(this.state));
  }

  show(state) {
    const before = this.state;
    this.state = state;
    this.corner.hidden = state !== "corner";
    if (state === "large" && !this.dialog.open) this.dialog.showModal();
    if (state !== "large" && this.dialog.open) this.dialog.close();
    if ((state === "off") !== (before === "off")) this.onToggle(state !== "off");
    this.onCover();
  }
}
