import assert from "node:assert/strict";
import { test } from "node:test";
import { JobProgress } from "../../../app/player/panels/job_progress.js";

// As much of a document as the progress needs.
class Element {
  constructor() {
    this.attributes = {};
    this.textContent = "";
  }
  appendChild(child) {
    return child;
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  addEventListener() {}
}
globalThis.document = { createElement: () => new Element() };

const LABELS = { working: "Training: {share} %", stopped: "Paused at {share} %", other: "one more", others: "{others} more", stop: "Pause", resume: "Go on" };

test("a job that goes on says how far it is, and with how many others it takes turns", () => {
  const progress = new JobProgress(new Element(), LABELS, () => {});
  const say = (message) => {
    progress.set({ fraction: 0.407, ...message });
    return progress.statusText.textContent;
  };
  assert.equal(say({ state: "working" }), "Training: 40 %");
  assert.equal(say({ state: "working", others: 0 }), "Training: 40 %");
  assert.equal(say({ state: "working", others: 1 }), "Training: 40 % · one more");
  assert.equal(say({ state: "working", others: 3 }), "Training: 40 % · 3 more");
  assert.equal(progress.bar.attributes["aria-label"], "Training: 40 % · 3 more");
  assert.equal(say({ state: "stopped", others: 3 }), "Paused at 40 %", "who has paused waits for nobody");
  assert.equal(say({ state: "done", others: 3 }), "");
});
