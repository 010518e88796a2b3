// A run's equations: every line of its step with letters, and with the numbers of the step shown.

import { addTextNode, createElement, createTextButton, setText } from "../player/base/dom.js";
import { parseMathML } from "../player/base/sanitize_mathml.js";
import { formatNumber, fillTemplate } from "../player/base/number_format.js";
import { getMarks } from "../player/base/punctuation.js";

const SIGNIFICANT_DIGITS = 4;
const MINUS = "−";

// A slot's value at step k; a column that never changes is one number.
export const readSlot = (rule, slot, k) => rule.columns[slot][rule.columns[slot].length === 1 ? 0 : k];

// A number in an equation. `style`: f has four figures, e is as it was given, b is a word. `place`: 1 puts a negative
// number in parentheses, 2 also a product.
export function formatNumeral(value, style, place, words = ["false", "true"]) {
  if (style === "b") return words[value ? 1 : 0];
  const text = style === "e" ? formatExact(value) : formatNonFinite(value) ?? formatNumber(value, SIGNIFICANT_DIGITS);
  return (place > 0 && text.startsWith(MINUS)) || (place > 1 && text.includes("·")) ? `(${text})` : text;
}

const formatNonFinite = (value) => (Number.isNaN(value) ? "NaN" : value === Infinity ? "∞" : value === -Infinity ? `${MINUS}∞` : null);

// As short as six figures allow: 0.9, 137, 10⁻⁸.
function formatExact(value) {
  const short = Number(value.toPrecision(6));
  const size = Math.abs(short);
  if (short === 0 || (size >= 1e-4 && size < 1e6)) return String(short + 0).replace("-", MINUS);
  return formatNonFinite(value) ?? formatNumber(short, 6).replace(/\.?0+(?=·)/, "").replace(/^1·/, "");
}

// A line as LaTeX with the numbers of step k.
export function toLatex(rule, k, words) {
  const numbers = (text) =>
    text.replace(/9(\d)(\d{5})/g, (whole, place, slot) => {
      const shown = formatNumeral(readSlot(rule, Number(slot), k), rule.styles[Number(slot)], Number(place), words);
      return shown
        .replace(/·?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/, (all, power) => `${all[0] === "·" ? " \\cdot " : ""}10^{${fromSuperscript(power)}}`)
        .replaceAll(MINUS, "-")
        .replace("∞", "\\infty")
        .replace(/[a-z]{2,}$/i, (word) => (word === "infty" ? word : `\\text{${word}}`));
    });
  const lines = rule.lines.filter((line) => wasExecuted(rule, line, k)).map((line) => {
    const [left, relation, right, , sign, result] = line.latex;
    const middle = line.latex[3][findVariant(rule, line, k)];
    const sides = [right && `${relation} ${right}`, middle && `= ${numbers(middle)}`, result && `${sign} ${numbers(result)}`];
    return `${left} &${sides.filter(Boolean).join(" ")}`;
  });
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}`;
}

const fromSuperscript = (text) => [...text].map((c) => (c === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c))).join("");
const wasExecuted = (rule, line, k) => line.when === null || readSlot(rule, line.when, k) > 0;
const findVariant = (rule, line, k) => (line.pick === null ? 0 : readSlot(rule, line.pick, k));

export class EquationView {
  // Its labels begin with rule_.
  constructor(host, labels) {
    this.labels = labels;
    this.root = host.appendChild(createElement("section", "descent-rule"));
    this.root.setAttribute("aria-label", this.label("title"));
    const bar = this.root.appendChild(createElement("div", "descent-rule-bar"));
    this.title = bar.appendChild(createElement("h2", ""));
    this.step = bar.appendChild(createElement("span", "descent-rule-step"));
    this.copyButton = bar.appendChild(createTextButton("descent-rule-copy", "", () => this.copyLatex()));
    this.note = this.root.appendChild(createElement("p", "descent-rule-note"));
    this.state = this.root.appendChild(createElement("p", "descent-rule-note"));
    this.lineBox = this.root.appendChild(createElement("div", "descent-rule-lines"));
    this.lineBox.tabIndex = 0; // to be scrolled with the arrow keys
    this.lineBox.setAttribute("role", "group");
    this.lineBox.setAttribute("aria-label", this.label("title"));
    this.root.hidden = true;
  }

  label(name) {
    return this.labels[`rule_${name}`];
  }

  // The result of `decodeEquations`, and the run's colour and name; null hides the equations.
  set(rule, { colour = "", name = "" } = {}) {
    this.root.hidden = !rule;
    this.root.style.setProperty("--run", colour);
    this.title.textContent = name ? `${this.label("title")}${getMarks().colon}${name}` : this.label("title");
    if (rule === this.rule) return;
    this.rule = rule;
    this.k = null;
    if (!rule) return;
    this.copyButton.textContent = this.label("copy");
    this.note.textContent = rule.note ? this.label(rule.note) : "";
    this.lines = rule.lines.map((line) => this.createLine(line));
    this.lineBox.replaceChildren(...this.lines.map(({ row }) => row));
  }

  createLine(line) {
    const row = createElement("div", "descent-rule-line");
    const left = row.appendChild(createElement("div", "descent-rule-left"));
    left.append(parseMathML(line.left));
    if (line.right) row.appendChild(createElement("div", "descent-rule-right")).append(parseMathML(line.right));
    const numbers = row.appendChild(createElement("div", "descent-rule-numbers"));
    if (!line.right) numbers.classList.add("descent-rule-bare");
    const variants = line.numbers.map((text) => text && numbers.appendChild(parseMathML(text)));
    if (line.result) numbers.append(parseMathML(line.result));
    const slots = [...row.querySelectorAll("[data-slot]")].map((node) => {
      const slot = Number(node.dataset.slot);
      if (!(slot < this.rule.columns.length)) throw new Error("rule: a slot without a column");
      return { text: addTextNode(node), slot, place: Number(node.dataset.place), shown: "" };
    });
    return { row, line, variants, slots };
  }

  // The numbers of step k, or of the last one that is drawn; nothing happens while they stay.
  draw(k, drawn = Infinity) {
    const { rule } = this;
    if (!rule || (this.k === k && this.drawn === drawn)) return;
    Object.assign(this, { k, drawn });
    const last = Math.min(rule.length - 1, drawn);
    const j = Math.min(k, last);
    this.root.classList.toggle("descent-rule-start", j === 0);
    this.copyButton.hidden = j === 0;
    setText(this.step, j === 0 ? "" : fillTemplate(this.label("at"), { k: j }));
    setText(this.state, j === 0 ? this.label("start") : k > last ? fillTemplate(this.label("ended"), { k: last }) : "");
    const words = [this.label("false"), this.label("true")];
    for (const { row, line, variants, slots } of this.lines) {
      const isExecuted = wasExecuted(rule, line, Math.max(j, 1));
      row.hidden = !isExecuted;
      if (!isExecuted || j === 0) continue;
      const chosen = findVariant(rule, line, j);
      variants.forEach((node, i) => {
        if (node) setDimmed(node, i === chosen);
      });
      for (const slot of slots) {
        const text = formatNumeral(readSlot(rule, slot.slot, j), rule.styles[slot.slot], slot.place, words);
        if (text !== slot.shown) slot.text.data = slot.shown = text;
      }
    }
  }

  async copyLatex() {
    const words = [this.label("false"), this.label("true")];
    try {
      await navigator.clipboard.writeText(toLatex(this.rule, Math.min(this.k, this.rule.length - 1, this.drawn), words));
      this.copyButton.textContent = this.label("copied");
    } catch {
      this.copyButton.textContent = this.label("uncopied");
    }
    setTimeout(() => (this.copyButton.textContent = this.label("copy")), 2000);
  }
}

function setDimmed(node, shown) {
  if (node.classList.contains("descent-rule-other") === shown) node.classList.toggle("descent-rule-other", !shown);
}
