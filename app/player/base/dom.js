// Small pieces of the page: elements, buttons with an icon, groups of choices.

export function createElement(tag, name) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}

export function createButton(label, icon, onClick) {
  const made = createElement("button", "descent-button");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icon}"/></svg>`;
  made.addEventListener("click", onClick);
  return made;
}

// Buttons of which one is pressed, by name.
export function createSegments(host, label, choices, onChoose) {
  const group = host.appendChild(createElement("div", "descent-segments"));
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  return Object.fromEntries(
    choices.map(([name, label]) => {
      const made = group.appendChild(createElement("button", "descent-word"));
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", () => onChoose(name));
      return [name, made];
    }),
  );
}

// A button that opens a small panel with switches; `onChange(names)` is called with those that are on, `show(names)` of
// the menu turns them on.
export function createSwitchMenu(host, label, choices, onChange) {
  const menu = host.appendChild(createElement("details", "descent-menu"));
  const summary = menu.appendChild(Object.assign(createElement("summary", "descent-word"), { textContent: label }));
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
