// Light or dark, read from the page's background; colour, dash and marker of each run.

export function themeOf(element) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--st-background-color").trim();
  return isDark(background || getComputedStyle(document.body).backgroundColor) ? "dark" : "light";
}

const darkness = new Map(); // of colours as style sheets write them: a canvas for each question takes a millisecond

function isDark(colour) {
  if (!darkness.has(colour)) darkness.set(colour, readIsDark(colour));
  return darkness.get(colour);
}

function readIsDark(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour || "#ffffff";
  const hex = probe.fillStyle; // #rrggbb, or rgba(...) where it is transparent
  const [r, g, b] = hex.startsWith("#") ? parseHexColour(hex) : hex.match(/\d+/g).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

const THEME_COLOURS = ["ground", "panel", "card", "ink", "muted", "hairline", "accent"];

// Give `root` the theme's colours as CSS variables. Returns the theme's name.
export function applyTheme(root, themes) {
  const name = themeOf(root);
  for (const ink of THEME_COLOURS) root.style.setProperty(`--descent-${ink}`, themes[name][ink]);
  root.dataset.theme = name;
  document.documentElement.style.colorScheme = name; // also for what Streamlit lays over the page
  return name;
}

// [r, g, b] of #rrggbb.
export const parseHexColour = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

export const toCssColour = (rgb) => `rgb(${rgb.join()})`;

// Colour, dash and marker of the run in a slot.
export const styleOf = (slot, palette, theme) => palette.styles[theme][slot];
