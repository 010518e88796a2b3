// Limits what is shown of a race to what has been played. `known` has the furthest step that was shown for each run, with
// its fraction; null if nothing is hidden.

import { wholeStep } from "./clock.js";

// The choices of a view: "auto" is hidden in lessons and lectures, which are `suspenseful`.
export const isFutureHidden = (future, suspenseful) => (future === "auto" ? Boolean(suspenseful) : future === "hidden");

// The choice that shows the future, or hides it, with "auto" where that is what it means.
export const chooseFuture = (hidden, suspenseful) => (hidden === Boolean(suspenseful) ? "auto" : hidden ? "hidden" : "shown");

// The last step of a run that may be told.
export const findLastKnown = (run, known) => (known === undefined || known === null ? run.length - 1 : Math.min(run.length - 1, wholeStep(known)));

// Whether the race has reached the step that the run's verdict names, or the run's end.
export const isVerdictKnown = (run, known) => findLastKnown(run, known) >= Math.min(run.at ?? 0, run.length - 1);

// Steps that are pointed at, none beyond what is known.
export const limitToKnown = (steps, known) => (known ? steps.map((k, i) => Math.min(k, wholeStep(known[i]))) : steps);
