import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { mountTypedValues } from "../../../app/player/panels/typed_values.js";

// As much of Streamlit's panel as the fields need: one slider, whose value is `thumb.textContent`.
let thumb, field, parentElement, sent;

beforeEach(() => {
  const makeElement = () => Object.assign(new EventTarget(), { classList: { add() {} }, setAttribute() {}, select() {}, isConnected: true });
  thumb = { textContent: "0.1" };
  const slider = Object.assign(makeElement(), {
    closest: () => ({ className: "st-key-0-lr" }),
    querySelector: (selector) => (selector.includes("ThumbValue") ? thumb : null),
    append: (node) => (field = node),
  });
  const panel = Object.assign(makeElement(), { querySelectorAll: () => [slider] });
  globalThis.document = { createElement: makeElement, documentElement: makeElement(), activeElement: null };
  globalThis.MutationObserver = class {
    observe() {}
    disconnect() {}
  };
  parentElement = { closest: (selector) => (selector.includes("stSidebar") ? panel : null) };
  sent = [];
});

let number = 0;
// An answer of the server, by which the slider stands at `value`.
function answer(value, refused = []) {
  thumb.textContent = value;
  mountTypedValues({ parentElement, data: { n: ++number, label: "{name}", refused }, setStateValue: (_, { text }) => sent.push(text) });
}

function type(text) {
  document.activeElement = field;
  field.value = text;
  field.dispatchEvent(new Event("input"));
}
const pressEnter = () => field.dispatchEvent(Object.assign(new Event("keydown"), { key: "Enter" }));

test("the answer to a value leaves the next one that is being typed", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  answer("0.1");
  assert.equal(field.value, "0.1");
  type("0.2");
  pressEnter();
  assert.deepEqual(sent, ["0.2"]);
  type("0.03");
  answer("0.2");
  assert.equal(field.value, "0.03");
  pressEnter();
  answer("0.03");
  assert.deepEqual([sent, field.value], [["0.2", "0.03"], "0.03"]);
});

test("a field shows the slider's value where nothing is being typed, and what was refused until it is corrected", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  answer("0.1");
  type("99");
  pressEnter();
  answer("10");
  assert.equal(field.value, "10");
  type("fast");
  pressEnter();
  answer("10", ["0-lr"]);
  assert.equal(field.value, "fast");
  answer("5", ["0-lr"]);
  assert.equal(field.value, "5", "the slider was moved");
});

test("what was typed and taken back gives way to a slider that was moved meanwhile", () => {
  answer("0.1");
  type("0.1");
  answer("0.2");
  assert.equal(field.value, "0.1");
  document.activeElement = null;
  field.dispatchEvent(new Event("blur"));
  assert.equal(field.value, "0.2");
});
