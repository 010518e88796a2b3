// Notes that Streamlit puts on the page, as on a value that was refused: they are said to a screen reader, and belong to
// their field. Python shows the note on the widget KEY in a container with the key `note_KEY`.

import { createElement } from "../base/dom.js";
import { hideContainer } from "../base/streamlit_mounting.js";

const NOTE_SELECTOR = '[class*="st-key-note_"]';
const NOTE_NAME = /(?:^|\s)st-key-note_(\S+)/;
const TYPED_VALUE_NAME = /^(.+)-(refused|moved)$/; // the widget is a slider, the note on what was typed beside it

// The note's widget, the kind of its field, and whether what stands there was refused.
export function parseNoteName(name) {
  const [, slider, kind] = TYPED_VALUE_NAME.exec(name) ?? [];
  return slider ? { widget: slider, field: ".descent-typed-value", isRefused: kind === "refused" } : { widget: name, field: "input, textarea", isRefused: true };
}

export class SpokenNotes {
  constructor(page = document) {
    this.page = page;
    this.region = page.body.appendChild(createElement("div", "unseen"));
    this.region.setAttribute("role", "status");
    this.notes = new Map(); // name -> {text, field} of the notes that are shown
    this.observer = new MutationObserver((changes) => changes.some(concernsNotes) && this.update());
    this.observer.observe(page.body, { childList: true, subtree: true, characterData: true });
    this.update();
  }

  update() {
    const shown = new Map([...this.page.querySelectorAll(NOTE_SELECTOR)].map((note) => [NOTE_NAME.exec(note.className)[1], note]));
    for (const [name, { field }] of this.notes) if (!shown.has(name)) this.forget(name, field);
    for (const [name, note] of shown) this.show(name, note);
  }

  show(name, note) {
    const text = readText(note);
    const { widget, field: kind, isRefused } = parseNoteName(name);
    const field = this.page.querySelector(`.st-key-${widget}`)?.querySelector(kind);
    if (field) {
      note.id ||= `note_${name}`;
      field.setAttribute("aria-describedby", note.id);
      if (isRefused) field.setAttribute("aria-invalid", "true");
    }
    if (text && text !== this.notes.get(name)?.text) this.region.textContent = text;
    this.notes.set(name, { text, field });
  }

  forget(name, field) {
    this.notes.delete(name);
    for (const attribute of ["aria-describedby", "aria-invalid"]) field?.removeAttribute(attribute);
  }

  remove() {
    this.observer.disconnect();
    this.region.remove();
  }
}

// Whether a change of the page may have shown, changed or removed a note.
function concernsNotes({ target, addedNodes, removedNodes }) {
  const hasNote = (node) => node.matches?.(NOTE_SELECTOR) || node.querySelector?.(NOTE_SELECTOR);
  return (target.closest ? target : target.parentElement)?.closest(NOTE_SELECTOR) || [...addedNodes, ...removedNodes].some(hasNote);
}

// Without the names of icons.
function readText(note) {
  const copy = note.cloneNode(true);
  copy.querySelectorAll('[data-testid="stIconMaterial"]').forEach((icon) => icon.remove());
  return copy.textContent.trim();
}

const mounted = new WeakMap(); // by the place that Streamlit gives them

export function mountSpokenNotes({ parentElement }) {
  hideContainer(parentElement);
  if (!mounted.has(parentElement)) mounted.set(parentElement, new SpokenNotes());
  return () => {
    mounted.get(parentElement)?.remove();
    mounted.delete(parentElement);
  };
}
