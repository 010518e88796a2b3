// Small pieces of the page: elements, buttons, select boxes, groups of choices.

export function createElement(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== "") node.textContent = text;
  return node;
}

// A text in `host`, to be changed in place: a new node for every number takes ten times as long.
export const addTextNode = (host, text = "") => host.appendChild(document.createTextNode(text));

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// The label as a visitor does it, where there is one: by keys, if they have brought the focus, or by a finger, which taps and
// does not point.
export function pickLabel(labels, name) {
  if (globalThis.document?.querySelector(":focus-visible:not(input, textarea)") && labels[`${name}_keys`]) return labels[`${name}_keys`];
  return (globalThis.matchMedia?.("(pointer: coarse)").matches && labels[`${name}_touch`]) || labels[name];
}

// A button with a word on it.
export function createTextButton(className, text, onClick) {
  const button = Object.assign(createElement("button", className, text), { type: "button" });
  button.addEventListener("click", onClick);
  return button;
}

// A select box; `fillSelect` gives it its options.
export function createSelect(host, label, className, onChoose) {
  const select = host.appendChild(createElement("select", className));
  select.setAttribute("aria-label", label);
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

// The same with its label before it, for which there is no room on a phone.
export function createLabelledSelect(host, label, className, onChoose) {
  const box = host.appendChild(createElement("label", className));
  box.append(createElement("span", "", label));
  return createSelect(box, label, "", onChoose);
}

// Options [value, text]; the chosen one stays, if it is still there.
export function fillSelect(select, options) {
  const key = JSON.stringify(options);
  if (select.dataset.options === key) return;
  const { value } = select;
  select.dataset.options = key;
  select.replaceChildren(...options.map(([name, text]) => new Option(text, name)));
  selectOption(select, value);
}

// Select `value`, or the first option where there is no such; returns the value.
export function selectOption(select, value) {
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
  return select.value;
}

// Whether `host` is visible and has another size than the one given, or the screen has another pixel ratio than `ratio`, if
// that is given.
export const hasNewSize = ({ clientWidth, clientHeight }, { width, height, ratio = globalThis.devicePixelRatio }) =>
  clientWidth > 0 && (clientWidth !== width || clientHeight !== height || ratio !== globalThis.devicePixelRatio);

// `react()` is called when `host` has another size, and when the screen has another pixel ratio, as on another monitor,
// where no element has another size. Returns what ends that by `disconnect()`.
export function observeSize(host, react) {
  const observer = new ResizeObserver(() => react());
  observer.observe(host);
  let query; // of the ratio that there is: its only change is to another
  const followRatio = () => {
    query = globalThis.matchMedia?.(`(resolution: ${devicePixelRatio}dppx)`);
    query?.addEventListener("change", changeRatio, { once: true });
  };
  const changeRatio = () => {
    followRatio();
    react();
  };
  followRatio();
  return {
    disconnect() {
      observer.disconnect();
      query?.removeEventListener("change", changeRatio);
    },
  };
}

export function createButton(label, icon, onClick) {
  const button = createTextButton("descent-button", "", onClick);
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg>`;
  setButton(button, label, icon);
  return button;
}

// Another label and icon for a button that does something else now.
export function setButton(button, label, icon) {
  button.title = label;
  button.setAttribute("aria-label", label);
  button.querySelector("path").setAttribute("d", icon);
}

const ZOOM_ICONS = {
  zoom_in: "M10.8 5h2.4v5.8H19v2.4h-5.8V19h-2.4v-5.8H5v-2.4h5.8z",
  zoom_out: "M5 10.8h14v2.4H5z",
  reset: "M12 3.600l9 7.700-1.400 1.700-1.400-1.200V20h-4.800v-5.600h-2.800V20H5.800v-8.200l-1.400 1.200L3 11.300zM8 9.900v7.900h.400v-5.600h7.200v5.600h.4V9.900l-4-3.400z",
};

// Buttons that zoom the view that `getView()` returns by `factor`, or reset it.
export function createZoomButtons(labels, factor, getView) {
  const actions = { zoom_in: () => getView().zoom(1 / factor), zoom_out: () => getView().zoom(factor), reset: () => getView().reset() };
  return Object.entries(actions).map(([name, act]) => {
    const button = createButton(labels[name], ZOOM_ICONS[name], act);
    button.classList.toggle("descent-zoom", name !== "reset");
    return button;
  });
}

// Buttons of which one is pressed, by name.
export function createSegments(host, label, choices, onChoose) {
  const group = host.appendChild(createElement("div", "descent-segments"));
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  return Object.fromEntries(choices.map(([name, text]) => [name, group.appendChild(createTextButton("descent-word", text, () => onChoose(name)))]));
}

export function pressSegment(buttons, name) {
  for (const [other, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", other === name);
}

// A button that opens a small panel with switches; `onChange(names)` is called with those that are on, `show(names)` of
// the menu turns them on.
export function createSwitchMenu(host, label, choices, onChange) {
  const menu = host.appendChild(createElement("details", "descent-menu"));
  const summary = menu.appendChild(createElement("summary", "descent-word", label));
  const on = () => new Set(boxes.filter(({ checked }) => checked).map(({ value }) => value));
  const mark = () => summary.classList.toggle("descent-some", on().size > 0);
  const panel = menu.appendChild(createElement("div", "descent-panel"));
  menu.show = (names) => {
    boxes.forEach((box) => (box.checked = names.has(box.value)));
    mark();
  };
  const boxes = choices.map(([name, label]) => {
    const row = panel.appendChild(createElement("label", ""));
    const box = row.appendChild(Object.assign(createElement("input", ""), { type: "checkbox", value: name }));
    row.append(label);
    box.addEventListener("change", () => {
      mark();
      onChange(on());
    });
    return box;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.firstChild.focus();
  });
  const leave = (event) => menu.contains(event.target) || (menu.open = false);
  menu.addEventListener("toggle", () => {
    if (menu.open) document.addEventListener("pointerdown", leave);
    else document.removeEventListener("pointerdown", leave);
  });
  return menu;
}
