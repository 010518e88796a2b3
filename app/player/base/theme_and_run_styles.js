// Light or dark, read off the page's own background; and how each run is told apart.

export function themeOf(element) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--st-background-color").trim();
  return isDark(background || getComputedStyle(document.body).backgroundColor) ? "dark" : "light";
}

function isDark(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour || "#ffffff";
  const hex = probe.fillStyle; // #rrggbb, or rgba(...) where it is see-through
  const [r, g, b] = hex.startsWith("#") ? [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) : hex.match(/\d+/g).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

// Colour, dash and marker of the run in a slot.
export const styleOf = (slot, palette, theme) => palette.styles[theme][slot];
