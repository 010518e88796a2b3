import assert from "node:assert/strict";
import { test } from "node:test";
import { LabelPlacer, drawLabelledStars, findLabelBox, isCrossed, listBoxPixels, listMinimumLabels } from "../../../app/player/draw/label_placement.js";

const FRAME = { left: 0, top: 0, right: 300, bottom: 200 };
const THEME = { ink: "#000000", ground: "#ffffff", landscape: ["#111111", "#222222"] };

// A canvas that writes down its texts, each letter 6 pixels wide.
function canvas() {
  const texts = [];
  const context = new Proxy({ measureText: (text) => ({ width: 6 * text.length }), fillText: (text, x, y) => texts.push({ text, x, y }) }, {
    get: (target, name) => target[name] ?? (() => {}),
    set: (target, name, value) => ((target[name] = value), true),
  });
  return { context, texts };
}

const overlap = (a, b) => Math.abs(a.line - b.line) < (a.height + b.height) / 2 && a.from < b.until && b.from < a.until;

test("a label stands right of its mark, else left, above or below, within the frame and clear of others", () => {
  const at = (x, y, taken = []) => findLabelBox(x, y, 60, 16, FRAME, taken);
  assert.equal(at(100, 100).from, 114);
  assert.equal(at(280, 100).until, 266, "no room at the right");
  const right = { line: 100, from: 120, until: 130, height: 10 };
  const left = { line: 100, from: 60, until: 80, height: 10 };
  assert.ok(at(100, 100, [right, left]).line < 100);
  assert.ok(at(100, 12, [right, left].map((box) => ({ ...box, line: 12 }))).line > 12, "above is out of the frame");
  assert.equal(findLabelBox(100, 100, 400, 16, FRAME, []), null);
});

test("a label keeps out of the paths, and goes if there is no room", () => {
  const find = (...paths) => findLabelBox(100, 100, 60, 16, FRAME, [], 1, paths.map((pixels) => Float32Array.from(pixels)));
  assert.equal(find().from, 114);
  assert.equal(find([130, 0, 130, 200]).until, 86, "it would be crossed on the right");
  assert.ok(find([0, 100, 300, 100]).line < 90);
  const corner = find([0, 100, 300, 100], [100, 0, 100, 200]);
  assert.ok(corner.from > 100 && corner.line < 90, "right of the one, above the other");
  assert.equal(find([0, 100, 300, 100], [100, 0, 100, 200], [0, 80, 300, 80], [0, 120, 300, 120]), null);
  const box = { line: 100, from: 50, until: 90, height: 20 };
  for (const [pixels, crossed] of [
    [[0, 0, 200, 200], true], // through its corners' neighbourhood
    [[40, 95, 55, 80], false], // past a corner, within the box around the segment
    [[60, 100, 61, 100], true], // within
    [[60, 80, 60, 89], false],
    [[60, 80, 60, 200], true],
    [[NaN, NaN, 60, 100], false],
    [[60, 100], false], // a path that has not begun
  ]) assert.equal(isCrossed(box, Float32Array.from(pixels)), crossed, String(pixels));
});

test("the labels of minima cover neither each other nor a star", () => {
  const { context, texts } = canvas();
  const stars = [[100, 100], [110, 104], [180, 100], [100, 130], [290, 10]].map(([x, y], i) => ({ x, y, texts: [`minimum ${i}`] }));
  const taken = drawLabelledStars(context, stars, { theme: THEME, frame: FRAME, font: "12px sans" });
  assert.equal(taken.length, stars.length + texts.length);
  assert.ok(texts.length >= 3);
  for (const label of taken.slice(stars.length)) for (const other of taken) assert.ok(other === label || !overlap(label, other));
  for (const { from, until, line, height } of taken.slice(stars.length)) assert.ok(from >= 0 && until <= 300 && line - height / 2 >= 0);
});

test("a label of a head covers no label of a minimum", () => {
  const { context, texts } = canvas();
  const taken = drawLabelledStars(context, [{ x: 40, y: 100, texts: ["minimum (0, 0)"] }], { theme: THEME, frame: FRAME, font: "12px sans" });
  const placer = new LabelPlacer();
  placer.reset(context, "12px sans", FRAME, "#ffffff", [null, ...taken]);
  assert.ok(placer.place(30, 100, "SGD: diverged", "#aa0000"));
  assert.notEqual(texts.at(-1).y, 100);
});

test("boxes are said as points along them, and many minima have no labels", () => {
  assert.deepEqual(listBoxPixels([{ line: 5, from: 0, until: 17, height: 9 }]), [0, 5, 8, 5, 16, 5]);
  assert.deepEqual(listMinimumLabels([1, 2, 3, 4, 5, 6, 7], 0, 0, [4, 4], "minimum"), []);
  assert.deepEqual(listMinimumLabels([1], 3, 0.5, [4, 4], "minimum"), ["minimum (3, 0.5)", "(3, 0.5)"]);
});

test("where a path leaves no room for the whole label there is a shorter one, and rather one over the path than none", () => {
  const write = (paths, frame = FRAME) => {
    const { context, texts } = canvas();
    drawLabelledStars(context, [{ x: 40, y: 40, texts: ["minimum (-3.78, -3.28)", "(-3.78, -3.28)"] }], { theme: THEME, frame, font: "12px sans", paths });
    return texts.map(({ text }) => text);
  };
  const wall = Float32Array.from([0, 0, 0, 200].map((value, i) => (i % 2 ? value : 150)));
  assert.deepEqual(write([]), ["minimum (-3.78, -3.28)"]);
  assert.deepEqual(write([wall]), ["(-3.78, -3.28)"]);
  const hatched = Float32Array.from({ length: 160 }, (_, i) => (i % 2 ? [0, 200][(i >> 1) % 2] : 4 * (i >> 1)));
  assert.deepEqual(write([hatched]), ["(-3.78, -3.28)"]);
  assert.deepEqual(write([hatched], { ...FRAME, right: 60, bottom: 60 }), [], "it never leaves the frame");
});

test("a head in a corner has its name, in the words for which there is room", () => {
  const place = (x, y, texts) => {
    const { context, texts: written } = canvas();
    const placer = new LabelPlacer();
    placer.reset(context, "12px sans", FRAME, "#ffffff", []);
    assert.equal(placer.placeFirst(x, y, texts, "#aa0000"), written.length > 0);
    return written.map(({ text }) => text);
  };
  const [long, short] = ["SGD: diverged at step 14, 169 units outside", "SGD"];
  assert.deepEqual(place(10, 10, [long, short]), [long]);
  assert.deepEqual(place(160, 100, [long, short]), [short], "neither side has room for all");
  assert.deepEqual(place(160, 100, [long, "SGD: 169 units out"]), ["SGD: 169 units out"]);
});

test("where a label has a welcome place, it stands there", () => {
  const { context, texts } = canvas();
  const star = { x: 150, y: 100, texts: ["minimum (0, 0)", "(0, 0)"] };
  drawLabelledStars(context, [star], { theme: THEME, frame: FRAME, font: "12px sans", isWelcome: ({ from, until }) => from > 100 && until < 230 });
  assert.equal(texts[0].text, "minimum (0, 0)");
  assert.ok(texts[0].x > 100 && texts[0].y !== 100, "above or below, where neither side is welcome");
});
