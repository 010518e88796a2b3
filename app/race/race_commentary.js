// Sentences about a race while it plays: its start, and each change of the leading run.

import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { distinctName } from "../player/base/run_descriptions.js";
import { findLeader } from "./run_table.js";

const SENTENCE_INTERVAL_MS = 4000; // milliseconds between two sentences: one can be heard to its end

export class RaceCommentary {
  // The sentence that is due, or null. `steps`: the step of each run; `now` in milliseconds.
  next({ scene, runs, labels }, steps, playing, now) {
    const begins = runs.length > 0 && playing && !this.wasPlaying && startsAtZero(this.steps ?? steps, steps);
    Object.assign(this, { wasPlaying: playing, steps });
    if (begins) {
      Object.assign(this, { leaderColour: null, saidAt: now });
      return fillTemplate(labels.summary_begins, { surface: scene.surface, n: scene.steps, runs: listNames(runs) });
    }
    const leader = playing && now - (this.saidAt ?? -Infinity) >= SENTENCE_INTERVAL_MS ? findLeader(runs, steps) : null;
    if (!leader || leader.colour === this.leaderColour) return null;
    Object.assign(this, { leaderColour: leader.colour, saidAt: now });
    return describeLeader(leader, runs, steps, labels);
  }
}

// Whether a race stood at its start, or was sent back to it: the first picture of its way may come steps later.
const startsAtZero = (before, steps) => [before, steps].some((each) => each.every((k) => k === 0)) || steps.some((k, i) => k < before[i]);

export function describeLeader(leader, runs, steps, labels) {
  const loss = leader.columns.loss[steps[runs.indexOf(leader)]];
  return fillTemplate(labels.summary_leader, { leader: distinctName(leader, runs), loss: formatNumber(loss) });
}

// The names in one phrase, with the commas and the "and" of the page's language.
const listNames = (runs) => new Intl.ListFormat(globalThis.document?.documentElement.lang || "en").format(runs.map((run) => distinctName(run, runs)));
