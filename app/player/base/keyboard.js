// Keys that work wherever the focus is, except where the visitor types or moves a slider.

const TYPING_SELECTOR = "textarea, select, [contenteditable=''], [contenteditable='true'], [role='combobox'], [role='listbox'], input:not([type='range'], [type='checkbox'], [type='radio'])";
const SLIDER_SELECTOR = "input[type='range'], [role='slider']";
const FIELD_SLIDER_SELECTOR = ".stSlider"; // beside it is a field for its value
const MOVEMENT_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
const REPEATED_KEYS = new Set([...MOVEMENT_KEYS, "+", "=", "-"]); // they act again while they are held; others switch something

export const NUMBER_CHARACTER = /^[\d.,+-]$/; // with which a number begins

// `actions`: key -> function of the event; `isDisabled(key)`: whether a key does nothing now. Returns a function that stops
// listening. Space is handled before the page sees it: it would press again a button that has the focus from a click.
export function addKeyListeners(actions, isDisabled) {
  let clicked = false; // what has the focus was clicked, not reached by keys
  const point = () => (clicked = true);
  const press = (event) => {
    if (event.key === "Tab") clicked = false;
    if ((event.key === " ") !== (event.eventPhase === Event.CAPTURING_PHASE)) return;
    const key = undoCapsLock(event);
    const act = findAction(actions, event, key);
    if (!act || event.altKey || event.defaultPrevented || isDisabled(key)) return;
    const typed = event.ctrlKey || event.metaKey ? "" : event.key; // what a slider or button would take for itself
    if (elementUsesKey(event.target, typed, clicked)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || event.ctrlKey || event.metaKey || REPEATED_KEYS.has(key)) act(event);
  };
  document.addEventListener("pointerdown", point, true);
  for (const capture of [true, false]) document.addEventListener("keydown", press, capture);
  return () => {
    document.removeEventListener("pointerdown", point, true);
    for (const capture of [true, false]) document.removeEventListener("keydown", press, capture);
  };
}

// A letter is a capital with Shift alone, whatever Caps Lock makes of it.
const undoCapsLock = ({ key, shiftKey }) => (/^[a-z]$/i.test(key) ? (shiftKey ? key.toUpperCase() : key.toLowerCase()) : key);

function findAction(acts, { ctrlKey, metaKey, shiftKey }, key) {
  if (ctrlKey || metaKey) return { z: shiftKey ? acts.redo : acts.undo, y: acts.redo }[key.toLowerCase()];
  return acts[key] ?? (acts.digit && /^[1-9]$/.test(key) ? () => acts.digit(Number(key)) : null);
}

// Whether the element with the focus uses the key itself. A button that was `clicked` leaves space to us, and a slider
// that was leaves letters. Elsewhere a slider has all characters: what is typed on it is meant for its value.
export function elementUsesKey(target, key, clicked = false) {
  if (!target?.closest) return false;
  if (target.closest(TYPING_SELECTOR) || target.closest("[role='dialog']:not(.descent-help)")) return true;
  if (target.closest(FIELD_SLIDER_SELECTOR) && (NUMBER_CHARACTER.test(key) || (!clicked && /^\S$/.test(key)))) return true;
  if (MOVEMENT_KEYS.has(key) && target.closest(SLIDER_SELECTOR)) return true;
  return (key === " " || key === "Enter") && !clicked && Boolean(target.closest("button, summary, a, input[type='checkbox'], [role='radio'], [role='switch']"));
}
