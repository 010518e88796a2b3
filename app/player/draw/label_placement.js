// Labels beside marks, where there is room and without overlap; and the texts about runs that stand there.

import { drawLabel } from "./markers.js";
import { formatCoordinate, fillTemplate } from "../base/number_format.js";

const BACKDROP_OPACITY = 0.78; // opacity of the rectangle behind a label

// The font of labels on a canvas in this element.
export function getSmallFont(host) {
  const style = getComputedStyle(host);
  return `${0.86 * parseFloat(style.fontSize)}px ${style.fontFamily}`;
}

export class LabelPlacer {
  // Begin a new picture; `taken` is the box of a label that is there already, or null.
  reset(context, font, frame, halo, taken) {
    Object.assign(this, { context, font, frame, halo });
    this.occupied = taken ? [taken] : [];
  }

  // Write on the side of (x, y) where there is room, moved up or down past other labels, at most a few lines. Returns
  // whether there was room; the table says the rest.
  place(x, y, words, colour) {
    const { context, frame } = this;
    context.font = this.font;
    const left = x > (frame.left + frame.right) / 2;
    const width = context.measureText(words).width;
    const [from, until] = left ? [x - 16 - width, x - 16] : [x + 16, x + 16 + width];
    if (from < frame.left || until > frame.right) return false;
    const height = 1.3 * parseFloat(context.font);
    let line = Math.min(frame.bottom - height / 2, Math.max(frame.top + height / 2, y));
    const step = line > (frame.top + frame.bottom) / 2 ? -height : height;
    const covered = (other) => Math.abs(other.line - line) < 0.95 * height && from < other.until && other.from < until;
    for (let tries = 0; this.occupied.some(covered); line += step) if (tries++ > 3) return false;
    this.occupied.push({ line, from, until });
    context.fillStyle = this.halo;
    context.globalAlpha *= BACKDROP_OPACITY;
    context.fillRect(from - 4, line - height / 2, width + 8, height);
    context.globalAlpha /= BACKDROP_OPACITY;
    drawLabel(context, x + (left ? -16 : 16), line, words, colour, this.halo, this.font, left ? "right" : "left");
    return true;
  }
}

// Whether a run has ended badly; one that is still diverging has not ended.
const hasFailed = ({ lost, kind }) => lost && kind !== "diverging";

// The label of a run that has ended badly by now, else "".
export function describeFailure(run, last, position, labels) {
  if (!hasFailed(run) || position < last) return "";
  const words = fillTemplate(labels[isDrawnAfterLoss(run) ? `${run.kind}_on` : run.kind], { k: run.at });
  return `${run.name}: ${words}${isDrawnAfterLoss(run) && run.cut ? `, ${fillTemplate(labels.cut, { k: last })}` : ""}`;
}

// The verdict, and how far the run is drawn beyond the step of its loss.
export function describeVerdict(run, labels) {
  if (!hasFailed(run) || !isDrawnAfterLoss(run)) return run.verdict;
  return `${run.verdict} ${fillTemplate(run.cut ? labels.drawn_cut : labels.drawn_on, { k: run.length - 1 })}`;
}

// Whether it is drawn beyond the step at which it was lost. `cut`: its finite numbers end before the race.
const isDrawnAfterLoss = (run) => run.length > run.at;

// A run's name, with its settings where another has the same name.
export function distinctName(run, runs) {
  const alone = runs.filter(({ name }) => name === run.name).length === 1;
  return alone || !run.detail ? run.name : `${run.name}, ${run.detail}`;
}

// The label beside the star of a minimum; "" where there are many.
export function formatMinimumLabel(minima, x, y, widths, word) {
  return minima.length > 6 ? "" : `${word} (${formatShortCoordinate(x, widths[0])}, ${formatShortCoordinate(y, widths[1])})`;
}

// A coordinate without the zeros at its end: 3, 0.5.
const formatShortCoordinate = (value, width) => formatCoordinate(value, width).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
