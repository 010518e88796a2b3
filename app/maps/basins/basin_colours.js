// The colours of a basin map: a hue for each minimum, strong where it is reached fast; others have colours of their own.

const EXTRA_HUES = [190, 270, 352, 95, 320, 45, 150, 230]; // degrees: hues for minima beyond the palette's
const FADE = 0.78; // of the ground in the colour of the slowest start
const TRIMMED_FRACTION = 0.02; // of the starts: faster ones have the colour of the fastest left, slower ones of the slowest

// The colour of a minimum as [r, g, b]: the palette's while there are, then other hues, again and again.
export function minimumColour(number, theme, dark) {
  const { runs } = theme;
  return number < runs.length ? parseHexColour(runs[number]) : hueToRgb(EXTRA_HUES[(number - runs.length) % EXTRA_HUES.length], dark);
}

// How strong a colour is after so many steps, 1 at `fast` to 0 at `slow`: equal factors look equally far apart.
export function computeStrength(step, { fast, slow }) {
  const share = Math.log((1 + step) / (1 + fast)) / Math.log((1 + slow) / (1 + fast));
  return 1 - Math.min(1, Math.max(0, share || 0));
}

// Between which numbers of steps almost all starts need that are led to a minimum. A code is the number of a minimum, or
// one of `endings`.
export function findStepRange({ code, step }, endings) {
  const needed = step.filter((_, i) => !endings[code[i]]).sort();
  const at = (share) => needed[Math.floor(share * (needed.length - 1))];
  return needed.length ? { fast: at(TRIMMED_FRACTION), slow: at(1 - TRIMMED_FRACTION) } : null;
}

export function blend(colour, ground, share) {
  return colour.map((channel, i) => Math.round(ground[i] + (channel - ground[i]) * (1 - FADE * (1 - share))));
}

// Where nothing moves any more, and it is no minimum: greys.
export function stationaryColours(theme) {
  const [ground, muted] = [parseHexColour(theme.ground), parseHexColour(theme.muted)];
  return { saddle: blend(muted, ground, 0.85), stalled: blend(muted, ground, 0.25) };
}

// The pixels of a map as RGBA, its first row at the top; `code` and `step` begin at the bottom.
export function paintBasins({ code, step }, endings, side, pace, theme, dark) {
  const pixels = new Uint8ClampedArray(4 * side * side);
  const [ground, hairline] = ["ground", "hairline"].map((name) => parseHexColour(theme[name]));
  const still = stationaryColours(theme);
  const shades = new Map(); // minimum -> its colour after 0, 1, 2, ... steps
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const from = (side - 1 - row) * side + column;
      const kind = code[from];
      let colour;
      const ending = endings[kind];
      if (ending === "lost") colour = (row + column) % 6 < 2 ? hairline : ground; // hatched
      else if (ending) colour = still[ending];
      else {
        if (!shades.has(kind)) shades.set(kind, []);
        const known = shades.get(kind);
        colour = known[step[from]] ??= blend(minimumColour(kind, theme, dark), ground, computeStrength(step[from], pace));
      }
      pixels.set([...colour, 255], 4 * (row * side + column));
    }
  return pixels;
}

export function parseHexColour(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

function hueToRgb(degrees, dark) {
  const a = dark ? 0.34 : 0.3; // of saturation, about the lightness of the palette
  const light = dark ? 0.66 : 0.38;
  return [0, 8, 4].map((n) => {
    const k = (n + degrees / 30) % 12;
    return Math.round(255 * (light - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}

// The square of the window that a place lies in, [column, row] from below; null outside.
export function findSquare(place, window, side) {
  const index = (v, [low, high]) => (v === high ? side - 1 : Math.floor(((v - low) / (high - low)) * side));
  const found = place.map((v, i) => index(v, window[i]));
  return found.every((k) => k >= 0 && k < side) ? found : null;
}

// Its middle, where its run began: to the bit what the server computes.
export const squareCentre = (square, window, side) =>
  square.map((k, i) => window[i][0] + ((k + 0.5) * (window[i][1] - window[i][0])) / side);
