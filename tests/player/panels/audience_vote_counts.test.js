import assert from "node:assert/strict";
import { test } from "node:test";
import { AudienceVoteCounts } from "../../../app/player/panels/audience_vote_counts.js";

// As much of a document as choices need.
class Element {
  constructor() {
    Object.assign(this, { children: [], attributes: {}, textContent: "", classes: new Set() });
    this.classList = { toggle: (name, on) => (on ? this.classes.add(name) : this.classes.delete(name)) };
  }
  appendChild(child) {
    this.children.push(child);
    return child;
  }
  replaceChildren(...children) {
    this.children = children;
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  addEventListener() {}
}
globalThis.document = { createElement: () => new Element() };

// A question of a playlist of its own.
let playlists = 0;
const ask = () => ({ question: "Which?", choices: ["a", "b", "c"], playlist: String(playlists++) });
const OPEN = { place: 0, isCounted: true, isOpen: true };
const pressed = ({ buttons }) => buttons.map(({ button }) => button.attributes["aria-pressed"] === "true");

test("hands are counted while the question is open, and the choice of most is marked", () => {
  const choices = new AudienceVoteCounts(new Element(), {});
  const asked = ask();
  choices.set(asked, OPEN);
  assert.deepEqual(pressed(choices), [false, false, false]);
  for (const i of [1, 1, 2]) assert.equal(choices.count(i), true);
  assert.equal(choices.count(3), false, "the digit is free for something else");
  assert.deepEqual([choices.counts, pressed(choices)], [[0, 2, 1], [false, true, false]]);
  choices.set({ ...asked, right: 2 }, { ...OPEN, isOpen: false });
  assert.equal(choices.count(0), false);
  choices.clear();
  assert.deepEqual(choices.counts, [0, 2, 1], "what the audience said stays beside the race");
});

test("the right choice is marked at the end of the race and not before", () => {
  const choices = new AudienceVoteCounts(new Element(), {});
  const marked = () => choices.buttons.map(({ button }) => button.classes.has("descent-right-choice"));
  choices.set({ ...ask(), right: 2 }, { ...OPEN, isOpen: false });
  assert.deepEqual(marked(), [false, false, false]);
  choices.markRight(true);
  assert.deepEqual(marked(), [false, false, true]);
});

test("each scene keeps its counts, and somebody alone takes one choice", () => {
  const choices = new AudienceVoteCounts(new Element(), {});
  const asked = ask();
  choices.set(asked, OPEN);
  choices.count(0);
  choices.set(undefined, { ...OPEN, place: 1 });
  assert.equal(choices.list.hidden, true);
  choices.set(asked, OPEN);
  assert.deepEqual(choices.counts, [1, 0, 0]);
  choices.set(asked, { ...OPEN, isCounted: false });
  choices.count(2);
  assert.deepEqual(choices.counts, [0, 0, 1]);
});

test("counts outlive the page: the same scene has them on the next visit, that of another playlist has none", () => {
  const asked = ask();
  const before = new AudienceVoteCounts(new Element(), {});
  before.set(asked, OPEN);
  before.count(1);
  const after = new AudienceVoteCounts(new Element(), {}); // of the page that is made anew
  after.set(asked, OPEN);
  assert.deepEqual(after.counts, [0, 1, 0]);
  after.set(ask(), OPEN);
  assert.deepEqual(after.counts, [0, 0, 0]);
});
