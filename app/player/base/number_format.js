// Numbers as text: powers of ten as 10ⁿ, significant figures for tables.

const SUPERSCRIPT_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const MINUS = "−";

const superscripts = new Map(); // of the powers that were written: a table has dozens in each frame

export function toSuperscript(n) {
  if (!superscripts.has(n)) superscripts.set(n, String(n).replace("-", "⁻").replace(/\d/g, (d) => SUPERSCRIPT_DIGITS[d]));
  return superscripts.get(n);
}

export function fromSuperscript(text) {
  return text.replace("⁻", MINUS).replace(/[^−]/g, (d) => SUPERSCRIPT_DIGITS.indexOf(d));
}

export function formatScientific(value) {
  const [mantissa, power] = value.toExponential(2).split("e");
  const short = String(Number(mantissa)).replace("-", MINUS);
  const ten = `10${toSuperscript(Number(power))}`;
  return short === "1" ? ten : short === `${MINUS}1` ? MINUS + ten : `${short}·${ten}`;
}

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
