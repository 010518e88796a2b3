import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownExtent, LineChart, computeLeftMargin, findRange, padFrame, roundOutward, findOutOfRange, findNonPositive } from "../../../app/player/draw/line_chart.js";
import { createAxis, isInside } from "../../../app/player/draw/axes_and_clipping.js";

test("the axis stands where it does in every chart, and farther from the edge where a label is wider", () => {
  assert.equal(computeLeftMargin([10, 20, 30], 15), 50);
  assert.equal(computeLeftMargin([], 15), 50);
  const widest = 70.2;
  assert.ok(computeLeftMargin([10, widest], 15) >= widest + 7, "no label begins outside the chart");
});

test("in suspense the axis has room for what is known, and says nothing of what comes", () => {
  const dull = { run: 0, values: [24, 10, 3, 2, 2, 2, 2, 2] };
  const lost = { run: 1, values: [24, 300, 5e4, 1e9, 1e30] };
  const extent = new KnownExtent(true);
  assert.deepEqual(extent.extend([dull, lost], [0, 0]), new KnownExtent(true).extend([dull, { ...dull, run: 1 }], [0, 0]));
  let before = extent.extend([dull, lost], [0, 0]);
  let changes = 0;
  for (let step = 0; step < 7; step += 0.25) {
    const range = extent.extend([dull, lost], [step, step]);
    const seen = [dull, lost].flatMap(({ values }) => values.slice(0, Math.floor(step) + 1));
    assert.ok(range[0] <= Math.min(...seen) && range[1] >= Math.max(...seen) && range[0] <= before[0] && range[1] >= before[1]);
    assert.ok(range[1] < 200 * Math.max(...seen) && range[0] > Math.min(...seen) / 200, "at most two decades and a bit are empty");
    if (range.join() !== before.join()) changes += 1;
    before = range;
  }
  assert.ok(changes <= 4, "it grows seldom");
  assert.deepEqual(extent.extend([dull, lost], [1, 1]), new KnownExtent(true).extend([dull, lost], [1, 1]), "and is small again from the start");
});

test("a range in round numbers holds what it is made of, however small, large or alike", () => {
  for (const log of [true, false])
    for (const [low, high] of [[1, 1], [0.3, 7], [1e-300, 1e308], [5e-324, 1], [2, 2 + 1e-9], ...(log ? [] : [[-5, 3], [0, 0], [-1e308, 1e308]])]) {
      const [from, until] = roundOutward(low, high, log);
      assert.ok(from <= low && high <= until && from < until, `${low} ${high} ${log}: ${from} ${until}`);
      if (log) assert.ok(from > 0 && Number.isFinite(until));
    }
  assert.deepEqual(new KnownExtent(false).extend([], []), findRange([], false));
});

test("where values change by little, the axis in suspense grows by less than a decade", () => {
  const losses = [{ run: 0, values: [2.6, 2.3, 1.7, 0.4] }];
  const [first, last] = [2, 3].map((known) => new KnownExtent(true, 0.5).extend(losses, [known]).map((bound) => Number(bound.toFixed(6))));
  assert.deepEqual([first, last], [[1, 3.162278], [0.316228, 3.162278]]);
});

test("a band of values is shaded from one side to the other, and not beyond the axis", () => {
  const filled = [];
  const context = { save() {}, restore() {}, fillRect: (...box) => filled.push(box.map((side) => Number(side.toFixed(6)))) };
  const chart = { frame: { left: 50, right: 250, top: 0, bottom: 400 }, toY: createAxis(1e-4, 1, 400, 0, true), theme: { accent: "#0000ff" } };
  const shade = (band) => LineChart.prototype.shadeBand.call(chart, context, band);
  shade([1e-3, 1e-2]); // the second of four decades
  shade([1e-9, 1e-3]);
  shade([10, 100]);
  assert.deepEqual(filled, [[50, 200, 200, 100], [50, 300, 200, 100], [50, 0, 200, 0]]);
});

test("a curve that carries markers has them at distances that can be seen, once each, and again after a rewind", () => {
  const drawn = [];
  const context = { setLineDash() {}, beginPath() {}, closePath() {}, lineTo() {}, fill() {}, stroke() {}, arc: (x, y) => drawn.push([x, y]) };
  const frame = { left: 50, right: 450, top: 0, bottom: 100 };
  const chart = { layers: { trail: context }, frame, paddedFrame: frame, scale: 1, theme: { ground: "#ffffff" } };
  const pixels = Float64Array.from({ length: 2 * 41 }, (_, at) => (at % 2 ? 50 : 50 + 5 * at));
  pixels[2 * 20 + 1] = NaN; // a gap
  const makeTrail = () => ({ pixels, style: { marker: "circle", colour: "#112233" }, drawnUntil: 0 });
  const advance = (trail, until, i = 0) => (Object.assign(trail, { drawnUntil: until }), LineChart.prototype.drawMarkersAlong.call(chart, trail, i), drawn.splice(0).map(([x]) => x));
  const trail = makeTrail();
  const first = [advance(trail, 10), advance(trail, 10), advance(trail, 40)];
  assert.deepEqual(first.map(({ length }) => length > 0), [true, false, true]);
  const all = first.flat();
  assert.ok(all.length >= 4 && all.every((x, k) => k === 0 || x - all[k - 1] >= 60));
  assert.deepEqual(advance(trail, 10), first[0], "drawn again on a canvas that was cleared");
  const beside = advance(makeTrail(), 40, 1);
  assert.ok(beside.every((x) => !all.includes(x)), "not where those of the curve before are");
});

test("an axis that is held has these bounds, whatever the curves have or may be known of them", () => {
  const find = (chart) => LineChart.prototype.findKnownRange.call({ fullRange: [20, 90], known: null, heldRange: null, ...chart });
  assert.deepEqual(find({}), [20, 90]);
  assert.deepEqual(find({ heldRange: [-3, 103], known: [0] }), [-3, 103]);
  assert.deepEqual(find({ heldRange: [-3, 103], keepsRange: true, range: [0, 1] }), [0, 1]);
});

test("the end of every axis is within the frame that markers are drawn in", () => {
  for (let width = 300; width < 700; width += 7) {
    const frame = { left: 43, right: 43 + width, top: 6, bottom: 200 };
    for (let end = 1; end <= 200; end++) assert.ok(isInside(createAxis(0, end, frame.left, frame.right)(end), 100, padFrame(frame)), `${end} of ${width}`);
  }
});

test("the axis holds every finite value of every run", () => {
  const series = [{ values: [1, NaN, 5] }, { values: [1e-9, 1e30, 0] }];
  const [low, high] = findRange(series, true);
  assert.ok(low > 0 && low < 1e-9 && high > 1e30);
  const [least, most] = findRange(series, false);
  assert.ok(least < 0 && most > 1e30);
  assert.deepEqual(findRange([], false), [0, 1]);
  assert.ok(findRange([{ values: [4] }], false)[0] < 4);
  assert.ok(Number.isFinite(findRange([{ values: [1e-300, 1e308] }], true)[1]));
  const [bottom, top] = findRange([{ values: [1e-10, 1e300] }], true).map(Math.log10);
  assert.ok(bottom > -25 && top > 300, `${bottom} to ${top}`); // 4 % of 310 decades below, although 1e310 is no number
  assert.ok(findRange([{ values: [-1e308, 1e308] }], false).every(Number.isFinite));
});

test("what a log axis cannot hold is named with its first step", () => {
  const series = [{ name: "a", run: 0, values: [2, 1, 0] }, { name: "b", run: 1, values: [1, 1, 1] }, { name: "c", run: 3, values: [-1, 1] }];
  assert.deepEqual(findNonPositive(series), [{ name: "a", run: 0, k: 2, isZero: true }, { name: "c", run: 3, k: 0, isZero: false }]);
});

test("what leaves an axis that is fitted to others is named with its first step", () => {
  const series = [{ name: "a", run: 0, values: [2, 3, 90, 2] }, { name: "b", run: 1, values: [2, NaN, 3] }, { name: "c", run: 2, values: [-9, 1] }];
  assert.deepEqual(findOutOfRange(series, findRange([series[1]], false)), [{ name: "a", run: 0, k: 2 }, { name: "c", run: 2, k: 0 }]);
});

test("a chart is pressed by what began on it, not by a button that was pressed elsewhere and comes across", (t) => {
  const names = ["window", "document", "ResizeObserver"];
  const before = names.map((name) => globalThis[name]);
  t.after(() => names.forEach((name, i) => (before[i] === undefined ? delete globalThis[name] : (globalThis[name] = before[i]))));
  globalThis.window = new EventTarget();
  globalThis.document = { createElement: () => ({ setAttribute() {}, getContext: () => ({}) }) };
  globalThis.ResizeObserver = class { observe() {} };
  const host = Object.assign(new EventTarget(), { append() {}, getBoundingClientRect: () => ({ left: 0, top: 0 }) });
  const heard = [];
  const chart = new LineChart(host, { onPress: (x) => heard.push(["press", x]), onHover: (x) => heard.push(["hover", x]), redraw() {} });
  chart.toX = createAxis(0, 10, 0, 100);
  const send = (target, type, x, buttons) => target.dispatchEvent(Object.assign(new Event(type), { clientX: x, clientY: 0, buttons, pointerId: 1, pointerType: "mouse" }));
  send(host, "pointermove", 20, 1); // the pointer was pressed on the landscape
  assert.deepEqual(heard.splice(0).filter(([what]) => what === "press"), []);
  send(host, "pointerdown", 30, 1);
  send(host, "pointermove", 40, 1);
  assert.deepEqual(heard.splice(0), [["press", 3], ["press", 4]]);
  send(window, "pointerup", 40, 0);
  send(host, "pointermove", 50, 0);
  assert.deepEqual(heard.splice(0), [["hover", 5]]);
});
