// A run in words: its name among others, its verdict, and how it failed.

import { fillTemplate, formatNumber } from "./number_format.js";
import { getMarks } from "./punctuation.js";

// Whether a run has ended badly; one that is still diverging has not ended.
const hasFailed = ({ lost, kind }) => lost && kind !== "diverging";

// The label of a run that has ended badly by now, else "".
export function describeFailure(run, last, position, labels) {
  if (!hasFailed(run) || position < last) return "";
  const words = fillTemplate(labels[isDrawnAfterLoss(run) ? `${run.kind}_on` : run.kind], { k: run.at });
  return `${run.name}${getMarks().colon}${words}${isDrawnAfterLoss(run) && run.cut ? `${getMarks().comma}${fillTemplate(labels.cut, { k: last })}` : ""}`;
}

// The label of a head at the edge of the frame, so far outside the view, which may be nothing; `failure` is as from
// `describeFailure`.
export function describeOutside(run, failure, distance, labels) {
  const [name, label] = failure ? [`× ${failure}`, labels.away_lost] : [run.name, labels.away];
  return distance > 0 ? fillTemplate(label, { name, words: name, d: formatNumber(distance, 2) }) : name;
}

// The same, and what is left of it where there is less room: at least who it is.
export const listOutsideTexts = (run, failure, distance, labels) => [describeOutside(run, failure, distance, labels), ...(failure ? [`× ${failure}`] : []), run.name];

// The verdict, and how far the run is drawn beyond the step of its loss.
export function describeVerdict(run, labels) {
  if (!hasFailed(run) || !isDrawnAfterLoss(run)) return run.verdict;
  return `${run.verdict}${getMarks().gap}${fillTemplate(run.cut ? labels.drawn_cut : labels.drawn_on, { k: run.length - 1 })}`;
}

// Whether it is drawn beyond the step at which it was lost. `cut`: its finite numbers end before the race.
const isDrawnAfterLoss = (run) => run.length > run.at;

// A run's name, with its settings where another has the same name.
export function distinctName(run, runs) {
  const alone = runs.filter(({ name }) => name === run.name).length === 1;
  return alone || !run.detail ? run.name : `${run.name}${getMarks().comma}${run.detail}`;
}
