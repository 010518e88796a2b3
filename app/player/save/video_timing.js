// When a film shows what: the race from its start to its end at the speed on the screen, and a while at its end.

import { SECONDS } from "../base/clock.js";

export const LONGEST = 30; // seconds of a film
const STAY = 1; // second at the end

// The clock's position in each frame, and how long it is in all; a race that would be too long runs faster.
export function moments(steps, speed, fps) {
  const race = Math.min(LONGEST - STAY, SECONDS / speed);
  const count = Math.round((race + STAY) * fps);
  const positions = Array.from({ length: count }, (_, i) => Math.min(steps, (steps * i) / (fps * race)));
  return { positions, seconds: count / fps };
}

// The time of frame i in units of which there are so many a second.
export const time = (i, fps, units) => Math.round((i * units) / fps);
