// Where an axis has ticks, and what stands at each.

import { MINUS, formatNumber, formatScientific, toSuperscript } from "./number_format.js";

// Ticks of a linear axis at 1, 2 or 5 times a power of ten, about `count` of them.
export function linearTicks(low, high, count = 5) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [{ value: low, text: formatNumber(low) }];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * (1 - 1e-9)) ?? 10 * power;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step + 0);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const largest = Math.max(...ticks.map(Math.abs));
  return ticks.map((value) => ({ value, text: formatTick(value, digits, largest) }));
}

function formatTick(value, digits, largest) {
  if (value === 0) return "0";
  if (largest >= 1e5 || digits > 4) return formatScientific(value);
  return value.toFixed(digits).replace("-", MINUS);
}

// Ticks of a log axis at powers of ten, at most about `count`; between close bounds at 1, 2 and 5 of each.
export function logTicks(low, high, count = 5) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first >= 1) {
    const every = Math.max(1, Math.ceil((last - first) / count));
    const ticks = [];
    for (let n = Math.ceil(first / every) * every; n <= last; n += every) ticks.push({ value: 10 ** n, text: formatPowerOfTen(n) });
    return ticks;
  }
  const ticks = [];
  for (let n = first - 1; n <= last + 1; n++)
    for (const m of [1, 2, 5]) {
      const value = Number(`${m}e${n}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) ticks.push({ value, text: formatPlain(value) });
    }
  return ticks.length > 1 ? ticks : linearTicks(low, high, count); // so close that powers of ten say nothing
}

// A round number without the zeros at its end: 0.02, 5·10⁻⁷.
const formatPlain = (value) => (value >= 1e-3 && value < 1e4 ? String(value) : formatScientific(value));

const formatPowerOfTen = (n) => (n === 0 ? "1" : n === 1 ? "10" : `10${toSuperscript(n)}`);
