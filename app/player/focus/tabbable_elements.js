// The elements of the page that the Tab key reaches, and how to find one again after Streamlit has replaced it.

const SELECTOR = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";

// In the order of the Tab key. No element of the page has a positive tabindex.
export const listTabbable = (root) => [...root.querySelectorAll(SELECTOR)].filter(isTabbable);

function isTabbable(element) {
  if (element.tabIndex < 0 || element.disabled || element.type === "hidden" || element.closest("[inert]")) return false;
  return !isUncheckedRadio(element) && element.checkVisibility({ visibilityProperty: true });
}

// Tab goes to the checked button of a group, the arrows go to the others.
function isUncheckedRadio({ type, checked, name, ownerDocument }) {
  return type === "radio" && !checked && Boolean(ownerDocument.querySelector(`input[type=radio][name="${CSS.escape(name)}"]:checked`));
}

// Describe an element by what its replacement by Streamlit has too: the key of its widget, its kind and its name.
export function describeElement(element) {
  const widget = element.closest('[class*="st-key-"]');
  const key = widget?.className.match(/(?:^|\s)(st-key-\S+)/)?.[1] ?? "";
  const name = (element.getAttribute("aria-label") ?? element.textContent).replace(/\s+/g, " ").trim();
  return { key, kind: `${element.localName} ${element.type ?? ""}`, name };
}

// The element of a description, which may be a selector. If only one comes into question it may have another name: a field is named after its run.
export function findElement({ selector, key, kind, name }) {
  if (selector) return [...document.querySelectorAll(selector)].find(isTabbable) ?? null;
  const places = key ? [...document.getElementsByClassName(key)] : [document];
  const found = places.flatMap(listTabbable).map((element) => ({ element, is: describeElement(element) })).filter(({ is }) => is.key === key && is.kind === kind);
  const named = found.find(({ is }) => is.name === name) ?? (key && found.length === 1 ? found[0] : null);
  return named?.element ?? null;
}

// The element that Tab reaches from `element`, or Shift and Tab if `step` is -1.
export function findNeighbour(element, step) {
  const all = listTabbable(document);
  return all[all.indexOf(element) + step] ?? null;
}

// Focus an element as the Tab key does, which selects the text of a field.
export function focusByTab(element) {
  element.focus();
  if (element.localName === "input") element.select();
}
