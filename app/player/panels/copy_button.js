// A button that copies a text. Where the browser does not allow that, the text is shown to be copied by hand. Beside it may
// be one that hands a link to another app, as phones do.

import { runSafely } from "../base/decode_message.js";
import { createElement, createTextButton } from "../base/dom.js";

const DONE_MS = 2500; // milliseconds that the button says so
const buttons = new WeakMap(); // by the place that Streamlit gives it

export class CopyButton {
  constructor(host, clipboard = navigator.clipboard, sharing = globalThis.navigator) {
    this.clipboard = clipboard; // there is none on a page that came without encryption from elsewhere
    this.button = host.appendChild(createTextButton("descent-copy", "", () => this.copy()));
    const share = () => sharing.share({ url: this.text }).catch(() => {}); // the visitor thought better of it
    this.shareButton = host.appendChild(createTextButton("descent-copy", "", share));
    this.canShare = Boolean(sharing?.share) && matchMedia("(pointer: coarse)").matches;
    this.status = host.appendChild(createElement("p", "descent-copy-status"));
    this.status.setAttribute("role", "status");
    this.field = host.appendChild(createElement("textarea", "descent-copy-text"));
    Object.assign(this.field, { readOnly: true, rows: 4, hidden: true });
  }

  set({ text, label, done, byHand, share = "" }) {
    if (text !== this.text) {
      this.field.hidden = true;
      this.status.textContent = ""; // it is about the text before
    }
    Object.assign(this, { text, done, byHand });
    this.button.textContent = label;
    Object.assign(this.shareButton, { textContent: share, hidden: !share || !this.canShare });
    this.field.value = text;
    this.field.setAttribute("aria-label", label);
  }

  async copy() {
    clearTimeout(this.timer);
    try {
      await this.clipboard.writeText(this.text);
      this.status.textContent = this.done;
      this.timer = setTimeout(() => (this.status.textContent = ""), DONE_MS);
    } catch {
      this.field.hidden = false;
      this.field.select();
      this.status.textContent = this.byHand;
    }
  }
}

export function mountCopyButton({ parentElement, data }) {
  runSafely(() => {
    if (!buttons.has(parentElement)) buttons.set(parentElement, new CopyButton(parentElement));
    buttons.get(parentElement).set(data);
  });
}
