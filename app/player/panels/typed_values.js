// A field beside each slider of Streamlit's panel, in which a value is typed. It shows what the slider shows; what is
// typed is sent to Python, which reads it.

import { NUMBER_CHARACTER } from "../base/keyboard.js";
import { hideContainer } from "../base/streamlit_mounting.js";
import { runWhenIdle } from "../net/connection_and_script_status.js";

const MAX_CHARACTERS = 24;
const TAP_POINTER_ID = 1e6; // of a tap that is passed on: no finger has it
const SENDS = 4; // times that a value is sent which the server does not answer
const ANSWER_MS = 2000; // milliseconds in which it does
const fields = new WeakMap(); // slider -> its field
const state = { label: "{name}", refused: [], send: null, sent: 0, handledNumber: 0, observer: null };

const getName = (slider) => slider.closest('[class*="st-key-"]')?.className.match(/(?:^|\s)st-key-(\S+)/)?.[1] ?? "";
const readValue = (slider) => slider.querySelector('[data-testid="stSliderThumbValue"]')?.textContent ?? "";

export function mountTypedValues({ parentElement, data, setStateValue }) {
  hideContainer(parentElement);
  const isAnswer = data.n !== state.handledNumber;
  Object.assign(state, { label: data.label, refused: data.refused, handledNumber: data.n, send: setStateValue });
  const panel = parentElement.closest('[data-testid="stSidebar"]') ?? document.body;
  document.documentElement.classList.add("descent-typed-values");
  panel.addEventListener("pointerdown", prepareField);
  panel.addEventListener("click", passTapToTrack);
  for (const slider of panel.querySelectorAll(".stSlider")) showValue(slider, isAnswer);
  state.observer?.disconnect(); // of the message before
  const observer = (state.observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const within = (target.closest ? target : target.parentElement)?.closest(".stSlider");
      if (within) showValue(within);
      else for (const node of addedNodes) node.querySelectorAll?.(".stSlider").forEach((slider) => showValue(slider));
    }
  }));
  observer.observe(panel, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}

// A click into a list's field selects its text, so that what is typed next is searched for instead of added to it. A first
// tap opens the list alone; a second one brings the keyboard to search it. The field of steps has a keyboard of digits.
function prepareField({ target, pointerType }) {
  if (target.matches?.(".st-key-steps input")) target.inputMode = "numeric";
  if (!target.matches?.("input[role=combobox]")) return;
  const isOpen = target.ariaExpanded === "true";
  target.inputMode = pointerType === "touch" && !isOpen ? "none" : "search";
  if (pointerType === "touch" ? isOpen : !isOpen) target.addEventListener("click", () => target.select(), { once: true });
}

// A swipe that begins on a slider's track scrolls the panel: the style sheet keeps fingers off the track, and a tap is
// passed on to it.
function passTapToTrack({ target, clientX, clientY, pointerType }) {
  if (pointerType !== "touch" || !target.matches?.(".stSlider > [role=group]")) return;
  const tap = { bubbles: true, isPrimary: true, pointerId: TAP_POINTER_ID, pointerType, clientX, clientY };
  target.firstElementChild.dispatchEvent(new PointerEvent("pointerdown", tap));
  window.dispatchEvent(new PointerEvent("pointerup", tap));
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
  if (!isTyping && (isMoved || (isAnswer && !state.refused.includes(name)))) resetField(field);
}

function resetField(field) {
  field.value = field.shown;
  field.isTyped = false;
}

function createField(slider, name) {
  const field = Object.assign(document.createElement("input"), { type: "text", className: "descent-typed-value", maxLength: MAX_CHARACTERS, autocomplete: "off", spellcheck: false });
  const group = (slider.querySelector("[role=group]")?.getAttribute("aria-label") ?? "").replace(/\s+/g, " "); // whose it is stands in a second paragraph
  if (!/^[-−]/.test(slider.querySelector('[data-testid="stSliderTickBar"] p')?.textContent ?? "")) field.inputMode = "decimal"; // those keys have no minus
  field.setAttribute("aria-label", state.label.replaceAll("{name}", () => group));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", () => (field.isTyped = true));
  field.addEventListener("change", () => sendValue(field, name));
  field.addEventListener("blur", () => field.isTyped && resetField(field)); // typed back to what it was: no change to be sent
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && field.isTyped) resetField(field);
    else if (event.key === "Enter") sendValue(field, name);
    else return;
    event.stopPropagation();
  });
  slider.addEventListener("keydown", ({ target, key, ctrlKey, metaKey, altKey }) => {
    if (target !== field && NUMBER_CHARACTER.test(key) && !ctrlKey && !metaKey && !altKey) field.focus(); // the character comes after it
  });
  slider.append(field);
  fields.set(slider, field);
  return field;
}

function sendValue(field, name) {
  if (!field.isTyped) return;
  field.isTyped = false;
  sendText(name, field.value, SENDS);
}

// Streamlit may lose what is sent while it begins another run of its script: it is sent again until it has an answer.
function sendText(slider, text, sends) {
  const n = Math.max(state.sent, state.handledNumber) + 1;
  state.sent = n;
  state.send("typed", { n, slider, text });
  const isUnanswered = () => state.sent === n && state.handledNumber !== n;
  if (sends > 1) setTimeout(() => isUnanswered() && runWhenIdle(() => isUnanswered() && sendText(slider, text, sends - 1)), ANSWER_MS);
}
