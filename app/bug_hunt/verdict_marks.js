// Signs and bars for the result of a check: passed, open or wrong. They differ in shape, not only in colour.

import { createElement } from "../player/base/dom.js";

export const SIGNS = { good: "✓", open: "?", wrong: "✗", none: "–" };

// A bar as high as an error's logarithm, with the sign below it; hidden from screen readers, which read the text instead.
export function createErrorBar({ tone, height }) {
  const bar = createElement("span", "descent-hunt-error");
  bar.dataset.tone = tone;
  bar.setAttribute("aria-hidden", "true");
  const fill = bar.appendChild(createElement("i", ""));
  fill.style.height = `${Math.round(100 * height)}%`;
  return bar;
}
