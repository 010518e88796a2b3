// A field beside each slider of Streamlit's panel, in which a value is typed. It shows what the slider shows; what is
// typed is sent to Python, which reads it.

import { hideContainer } from "../base/streamlit_mounting.js";

const MAX_CHARACTERS = 24;
const fields = new WeakMap(); // slider -> its field
const state = { label: "{name}", refused: [], send: null, sent: 0, handledNumber: 0, focusedName: null };

const getName = (slider) => slider.closest('[class*="st-key-"]')?.className.match(/(?:^|\s)st-key-(\S+)/)?.[1] ?? "";
const readValue = (slider) => slider.querySelector('[data-testid="stSliderThumbValue"]')?.textContent ?? "";

export function mountTypedValues({ parentElement, data, setStateValue }) {
  hideContainer(parentElement);
  const isAnswer = data.n !== state.handledNumber;
  Object.assign(state, { label: data.label, refused: data.refused, handledNumber: data.n, send: setStateValue });
  const panel = parentElement.closest('[data-testid="stSidebar"]') ?? document.body;
  document.documentElement.classList.add("descent-typed-values");
  panel.addEventListener("pointerdown", selectAllOnClick);
  for (const slider of panel.querySelectorAll(".stSlider")) showValue(slider, isAnswer);
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const within = (target.closest ? target : target.parentElement)?.closest(".stSlider");
      if (within) showValue(within);
      else for (const node of addedNodes) node.querySelectorAll?.(".stSlider").forEach((slider) => showValue(slider));
    }
  });
  observer.observe(panel, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}

// A click into a list's field selects its text, so that what is typed next is searched for instead of added to it.
function selectAllOnClick({ target }) {
  if (!target.matches?.("input[role=combobox]") || target.ariaExpanded === "true") return;
  target.addEventListener("click", () => target.select(), { once: true });
}

// Show the slider's value in its field, unless something is being typed there or is to be corrected.
function showValue(slider, isAnswer = false) {
  const value = readValue(slider), name = getName(slider);
  if (!value || !name) return;
  slider.querySelector("[role=group] input")?.removeAttribute("aria-labelledby"); // it would be called by its own name and by the group's, the same
  const field = fields.get(slider)?.isConnected ? fields.get(slider) : createField(slider, name);
  const isMoved = field.shown !== value;
  field.shown = value;
  const isTyping = field.isTyped && document.activeElement === field;
  if (isMoved || (isAnswer && !isTyping && !state.refused.includes(name))) resetField(field);
}

function resetField(field) {
  field.value = field.shown;
  field.isTyped = false;
}

function createField(slider, name) {
  const field = Object.assign(document.createElement("input"), { type: "text", className: "descent-typed-value", maxLength: MAX_CHARACTERS, autocomplete: "off", spellcheck: false });
  const group = (slider.querySelector("[role=group]")?.getAttribute("aria-label") ?? "").replace(/\s+/g, " "); // whose it is stands in a second paragraph
  field.setAttribute("aria-label", state.label.replaceAll("{name}", () => group));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", () => (field.isTyped = true));
  field.addEventListener("change", () => sendValue(field, name));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.isTyped) resetField(field);
    else if (event.key === "Enter") sendValue(field, name);
    else return;
    event.stopPropagation();
  });
  slider.append(field);
  fields.set(slider, field);
  if (state.focusedName === name && document.activeElement === document.body) field.focus(); // Streamlit made a new slider
  state.focusedName = null;
  return field;
}

function sendValue(field, name) {
  if (!field.isTyped) return;
  field.isTyped = false;
  state.focusedName = document.activeElement === field ? name : null;
  state.sent = Math.max(state.sent, state.handledNumber) + 1;
  state.send("typed", { n: state.sent, slider: name, text: field.value });
}
