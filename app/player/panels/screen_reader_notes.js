// Notes that Streamlit puts on the page, as on a value that was refused: they are said to a screen reader, and belong to
// their field. Python shows the note on the widget KEY in a container with the key `note_KEY`.

import { hideContainer } from "../base/streamlit_mounting.js";

const NOTE_SELECTOR = '[class*="st-key-note_"]';
const NOTE_NAME = /(?:^|\s)st-key-note_(\S+)/;
const TYPED_VALUE_NAME = /^(.+)-(refused|moved)$/; // the widget is a slider, the note on what was typed beside it

// The note's widget, the kind of its field, and whether what stands there was refused.
export function parseNoteName(name) {
  const [, slider, kind] = TYPED_VALUE_NAME.exec(name) ?? [];
  return slider ? { widget: slider, field: ".descent-typed-value", isRefused: kind === "refused" } : { widget: name, field: "input, textarea", isRefused: true };
}

class ScreenReaderNotes {
  constructor(page = document) {
    this.page = page;
    this.fields = new Map(); // of the notes that are shown, by the note's name; null where it has none
    this.observer = new MutationObserver((changes) => changes.some(concernsNotes) && this.update());
    this.observer.observe(page.body, { childList: true, subtree: true });
    this.update();
  }

  update() {
    const shown = new Map([...this.page.querySelectorAll(NOTE_SELECTOR)].map((note) => [NOTE_NAME.exec(note.className)[1], note]));
    for (const [name, field] of this.fields) if (!shown.has(name)) this.forget(name, field);
    for (const [name, note] of shown) this.show(name, note);
  }

  show(name, note) {
    const { widget, field: kind, isRefused } = parseNoteName(name);
    const field = this.page.querySelector(`.st-key-${widget}`)?.querySelector(kind) ?? null;
    note.id ||= `note_${name}`;
    note.setAttribute("role", "alert"); // which is said when it appears; another live region would have to be there before
    field?.setAttribute("aria-describedby", note.id);
    if (isRefused) field?.setAttribute("aria-invalid", "true");
    this.fields.set(name, field);
  }

  forget(name, field) {
    this.fields.delete(name);
    for (const attribute of ["aria-describedby", "aria-invalid"]) field?.removeAttribute(attribute);
  }

  remove() {
    this.observer.disconnect();
  }
}

// Whether a change of the page has shown or removed a note.
function concernsNotes({ addedNodes, removedNodes }) {
  const hasNote = (node) => node.matches?.(NOTE_SELECTOR) || node.querySelector?.(NOTE_SELECTOR);
  return [...addedNodes, ...removedNodes].some(hasNote);
}

const mounted = new WeakMap(); // by the place that Streamlit gives them

export function mountScreenReaderNotes({ parentElement }) {
  hideContainer(parentElement);
  if (!mounted.has(parentElement)) mounted.set(parentElement, new ScreenReaderNotes());
  return () => {
    mounted.get(parentElement)?.remove();
    mounted.delete(parentElement);
  };
}
