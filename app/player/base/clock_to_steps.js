// How far each run is when the clock shows a position: as many steps for all, or as many evaluations.

import { wholeStep } from "./clock.js";

// The greatest position of the clock: all steps, or what the costliest run has spent.
export function findLastPosition(runs, steps, pace) {
  if (pace === "steps") return steps;
  return Math.max(1, ...runs.map(({ columns }) => columns.evaluations?.at(-1) ?? 0));
}

// The step of each run, with its fraction, at a position of the clock.
export function findRunSteps(runs, position, pace) {
  return runs.map(({ columns }) => (pace === "steps" || !columns.evaluations ? position : findFractionalIndex(columns.evaluations, position)));
}

// The same as it is drawn. A head glides from an iterate to the next while the clock runs, because one that leaps is hard to
// follow; what is written beside it is of the step it has reached. Where the clock stands, it stands at that iterate.
export function findShownSteps(runs, { playing, shownPosition }, pace) {
  const runSteps = findRunSteps(runs, shownPosition, pace);
  return playing ? runSteps : runSteps.map(wholeStep);
}

// The position at which a run is at step k.
export const positionOf = (run, k, pace) => (pace === "steps" ? k : (run.columns.evaluations?.[Math.min(k, run.length - 1)] ?? k));

// The clock's position on each axis that it can be shown on.
export function findCursors(position, pace, epoch) {
  if (pace === "evaluations") return { evaluations: position };
  return { steps: position, ...(epoch ? { epochs: position / epoch } : {}) };
}

// The value of each iterate on a chart's axis; null where the run has no such column.
export function getAxisValues(run, axis, epoch) {
  if (axis === "epochs") return epoch ? Float64Array.from({ length: run.length }, (_, k) => k / epoch) : null;
  if (axis !== "steps") return run.columns[axis] ?? null;
  return Float64Array.from({ length: run.length }, (_, k) => k);
}

// The fractional index at which a rising column reaches a value; on a level stretch, its end.
export function findFractionalIndex(column, value) {
  let [low, high] = [0, column.length - 1];
  if (value >= column[high]) return high;
  if (!(value > column[0])) return 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (column[middle] <= value) low = middle;
    else high = middle;
  }
  return low + (value - column[low]) / (column[high] - column[low]);
}
