// When a film shows what: the race from its start to its end at the speed on the screen, and a while at its end.

import { RUN_SECONDS } from "../base/clock.js";

export const MAX_VIDEO_SECONDS = 30; // seconds of a film
const END_PAUSE_SECONDS = 1; // second at the end

// The clock's position in each frame, and how long it is in all; a race that would be too long runs faster.
export function planFrames(steps, speed, fps) {
  const race = Math.min(MAX_VIDEO_SECONDS - END_PAUSE_SECONDS, RUN_SECONDS / speed);
  const count = Math.round((race + END_PAUSE_SECONDS) * fps);
  const positions = Array.from({ length: count }, (_, i) => Math.min(steps, (steps * i) / (fps * race)));
  return { positions, seconds: count / fps };
}

// The time of frame i in units of which there are so many a second.
export const frameTime = (i, fps, units) => Math.round((i * units) / fps);
