// The colours of a basin map: a hue for each minimum, strong where it is reached fast, and colours for other endings.

import { parseHexColour } from "../../player/base/theme_and_run_styles.js";
import { blend } from "../colour_blending.js";

const EXTRA_HUES = [190, 270, 352, 95, 320, 45, 150, 230]; // degrees, for minima beyond the palette
const MIN_TICK_GAP = 0.2; // of the scale, between two of its ticks
const TRIMMED_FRACTION = 0.02; // of the starts at each end: the scale of colours is that of the others

// The colour of a minimum as [r, g, b]: first those of the palette, then the extra hues in turn.
export function minimumColour(number, theme, dark) {
  const { runs } = theme;
  return number < runs.length ? parseHexColour(runs[number]) : hueToRgb(EXTRA_HUES[(number - runs.length) % EXTRA_HUES.length], dark);
}

// The strength of a colour after so many steps, from 1 at `fast` to 0 at `slow`, on a logarithmic scale.
export function computeStrength(step, { fast, slow }) {
  const share = Math.log((1 + step) / (1 + fast)) / Math.log((1 + slow) / (1 + fast));
  return 1 - Math.min(1, Math.max(0, share || 0));
}

// The range of steps to a minimum, without the fastest and the slowest starts. A code is the number of a minimum, or one
// of `endings`.
export function findStepRange({ code, step }, endings) {
  const needed = step.filter((_, i) => !endings[code[i]]).sort();
  const at = (share) => needed[Math.floor(share * (needed.length - 1))];
  return needed.length ? { fast: at(TRIMMED_FRACTION), slow: at(1 - TRIMMED_FRACTION) } : null;
}

// The range of steps that holds those of all maps; some may have none.
export function joinRanges(ranges) {
  const known = ranges.filter(Boolean);
  return known.length ? { fast: Math.min(...known.map(({ fast }) => fast)), slow: Math.max(...known.map(({ slow }) => slow)) } : null;
}

// Ticks {at, text} of the scale of colours, `at` from 0 at the strongest to 1: its ends, and round numbers of steps
// between them.
export function listScaleTicks({ fast, slow }) {
  const ticks = [{ at: 0, text: `≤ ${fast}` }];
  if (slow === fast) return ticks;
  for (let power = 1; power <= slow; power *= 10)
    for (const step of [power, 2 * power, 5 * power]) {
      const at = 1 - computeStrength(step, { fast, slow });
      if (step > fast && step < slow && at - ticks.at(-1).at >= MIN_TICK_GAP && 1 - at >= MIN_TICK_GAP) ticks.push({ at, text: String(step) });
    }
  return [...ticks, { at: 1, text: `≥ ${slow}` }];
}

// Greys for starts that come to rest at no minimum.
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
      if (ending === "unknown") continue; // transparent
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

function hueToRgb(degrees, dark) {
  const a = dark ? 0.34 : 0.3; // of saturation, about the lightness of the palette
  const light = dark ? 0.66 : 0.38;
  return [0, 8, 4].map((n) => {
    const k = (n + degrees / 30) % 12;
    return Math.round(255 * (light - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}

// The [column, row] from below of the square that holds a place; null outside the window.
export function findSquare(place, window, side) {
  const index = (v, [low, high]) => (v === high ? side - 1 : Math.floor(((v - low) / (high - low)) * side));
  const found = place.map((v, i) => index(v, window[i]));
  return found.every((k) => k >= 0 && k < side) ? found : null;
}

// The centre of a square, where its run began: the same bits as the server computes.
export const squareCentre = (square, window, side) =>
  square.map((k, i) => window[i][0] + ((k + 0.5) * (window[i][1] - window[i][0])) / side);
