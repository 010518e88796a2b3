import assert from "node:assert/strict";
import { test } from "node:test";
import { KeySeries, StartHandle, chooseSide, isClear, isFree, listLabelBoxes, nudge } from "../../../app/player/landscape/start_handle.js";

test("words beside the start stand where no mark is and within the frame", () => {
  const frame = { left: 0, top: 0, right: 200, bottom: 100 };
  const room = { line: 50, from: 60, until: 150, height: 20 };
  assert.equal(isFree(room, frame, [[20, 50, 100, 90], [NaN, NaN]]), true);
  assert.equal(isFree(room, frame, [[20, 50], [100, 66]]), false);
  assert.equal(isFree({ ...room, until: 201 }, frame, []), false);
  assert.equal(isFree({ ...room, line: 5 }, frame, []), false);
});

test("words beside the start have room for what they are wide, in Chinese too", () => {
  const frame = { left: 0, right: 373, top: 0, bottom: 400 };
  const fits = (words) => isFree(listLabelBoxes(202, 200, 13, words).right, frame, []);
  assert.equal(fits("letters and more"), true);
  assert.equal(fits("起点：拖动它，或点击任意位置"), false); // 14 of 13 pixels each
  assert.equal(fits("起点：拖动它"), true);
});

test("the start's label keeps clear of the paths' beginnings where it can, and gives way to heads", () => {
  const frame = { left: 0, right: 400, top: 0, bottom: 400 };
  const rooms = listLabelBoxes(200, 200, 13, "start: drag it");
  const [right, left, above] = [[230, 200], [170, 200], [200, 170]];
  assert.equal(chooseSide(rooms, frame, [], []), "right");
  assert.equal(chooseSide(rooms, frame, [], [right]), "left");
  assert.equal(chooseSide(rooms, frame, [], [right, left, above]), "below");
  assert.equal(chooseSide(rooms, frame, [], [right, left, above, [200, 230]]), "right", "the hint is not lost");
  assert.equal(chooseSide(rooms, frame, [right, left, above, [200, 230]], []), "none");
  assert.equal(isClear(rooms.right, [[200, 200]]), true, "at the start the heads are beside it");
  assert.equal(isClear(rooms.right, [[260, 204]]), false);
});

test("an arrow key moves the start by a hundredth of the view, with Shift eight times as far", () => {
  const view = [[0, 10], [-2, 2]];
  const move = (key, shiftKey = false) => nudge([5, 0], { key, shiftKey }, view);
  assert.deepEqual(move("ArrowRight"), [5.1, 0]);
  assert.deepEqual(move("ArrowDown"), [5, -0.04]);
  assert.deepEqual(move("ArrowLeft", true), [4.2, 0]);
  assert.equal(move("a"), null);
});

test("an arrow key with Alt, Ctrl or ⌘ is the browser's", () => {
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) assert.equal(nudge([5, 0], { key: "ArrowLeft", [modifier]: true }, [[0, 10], [-2, 2]]), null, modifier);
});

test("key presses in quick succession are one series, later ones another", () => {
  const series = new KeySeries();
  const numbers = [0, 100, 1200, 5000, 5100].map((now) => series.next(now));
  assert.deepEqual(numbers.map((number) => numbers.indexOf(number)), [0, 0, 0, 3, 3]);
  assert.ok(numbers[3] > numbers[0] && numbers[0] > 0); // 0 is no series
});

// A handle at (0, 0) of a view whose data are pixels; `moves` are the starts it tells, with whether it is held.
function makeHandle() {
  const element = Object.assign(new EventTarget(), { getBoundingClientRect: () => ({ left: -8, top: -8, width: 16, height: 16 }), setPointerCapture: () => {} });
  const view = { view: [[-100, 100], [-100, 100]], dataAt: ({ clientX, clientY }) => [clientX, clientY], placeHandle: () => {} };
  const moves = [];
  const handle = Object.assign(Object.create(StartHandle.prototype), { element, view, start: [0, 0], onMove: (x, y, { held = false }) => moves.push([x, y, held]) });
  handle.addListeners(new EventTarget());
  const say = (type, clientX, changes = {}) => element.dispatchEvent(Object.assign(new Event(type), { pointerId: 1, isPrimary: true, clientX, clientY: 0, button: 0, ...changes }));
  return { handle, moves, say };
}

test("only a press that opens no menu takes hold of the start, by mouse, finger or pen", () => {
  const { handle, moves, say } = makeHandle();
  for (const menu of [{ button: 2 }, { button: 1 }, { ctrlKey: true }]) {
    say("pointerdown", 0, menu);
    say("pointermove", 30);
    assert.equal(handle.isHeld ?? false, false, JSON.stringify(menu));
  }
  assert.deepEqual([handle.start, moves], [[0, 0], []]);
  say("pointerdown", 0);
  say("pointermove", 30);
  say("pointerup", 30);
  say("lostpointercapture", 30); // as browsers do after every end
  assert.deepEqual([handle.isHeld, moves], [false, [[30, 0, false]]]);
});

test("a hold whose end is not heard ends with the capture of its pointer, where the start is", () => {
  const { handle, moves, say } = makeHandle();
  say("pointerdown", 0);
  say("pointermove", 30);
  say("lostpointercapture", 0);
  say("pointermove", 50);
  assert.deepEqual([handle.isHeld, handle.start, moves], [false, [30, 0], [[30, 0, false]]]);
});
