// Numbers as text: ticks of axes, powers of ten as 10ⁿ, significant figures for tables.

const SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const MINUS = "−";

const superscripts = new Map(); // of the powers that were written: a table has dozens in each frame

export function toSuperscript(n) {
  if (!superscripts.has(n)) superscripts.set(n, String(n).replace("-", "⁻").replace(/\d/g, (d) => SUPERSCRIPT_DIGITS[d]));
  return superscripts.get(n);
}

export function fromSuperscript(text) {
  return text.replace("⁻", MINUS).replace(/[^−]/g, (d) => SUPERSCRIPT_DIGITS.indexOf(d));
}

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

function formatScientific(value) {
  const [mantissa, power] = value.toExponential(2).split("e");
  const short = String(Number(mantissa)).replace("-", MINUS);
  const ten = `10${toSuperscript(Number(power))}`;
  return short === "1" ? ten : short === `${MINUS}1` ? MINUS + ten : `${short}·${ten}`;
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

// Three significant figures: 0.0123, 1.23, 12,300 as 1.23·10⁴.
export function formatNumber(value, digits = 3) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) {
    const places = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
    return value.toFixed(Math.min(places, 6)).replace("-", MINUS);
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${mantissa.replace("-", MINUS)}·10${toSuperscript(Number(exponent))}`;
}

// A coordinate with the decimals that a view this wide needs.
export function formatCoordinate(value, width) {
  if (Math.abs(value) >= 1e5) return formatNumber(value);
  const places = Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(width))));
  const text = value.toFixed(places);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", MINUS);
}

// Fill "{k} of {n}" with values.
export const fillTemplate = (template, words) => template.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
