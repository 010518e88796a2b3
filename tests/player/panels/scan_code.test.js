import assert from "node:assert/strict";
import { test } from "node:test";
import { ScanCode, drawModules, nextState } from "../../../app/player/panels/scan_code.js";

test("a code is drawn as one rectangle for each run of dark modules", () => {
  assert.equal(drawModules(["1101", "0000", "0010"]), "M0 0h2v1h-2zM3 0h1v1h-1zM2 2h1v1h-1z");
  assert.equal(drawModules([]), "");
});

test("the key goes from large to the corner and off", () => {
  assert.deepEqual(["off", "large", "corner"].map(nextState), ["large", "corner", "off"]);
});

// As much of a document as the code needs.
function makeScanCode() {
  const make = () => {
    const classes = new Set();
    return { classes, classList: { toggle: (name, isOn) => (isOn ? classes.add(name) : classes.delete(name)) }, textContent: "", innerHTML: "", append() {}, appendChild: (child) => child, addEventListener() {}, setAttribute() {}, querySelector: make };
  };
  globalThis.document = { createElement: make };
  return new ScanCode(make(), { scan: "Scan to open", scan_too_long: "Too long" }, { onToggle() {}, onCover() {} });
}

test("a link that is too long for a code is shown with a sentence, not with the code of the scene before", () => {
  const code = makeScanCode();
  const shown = () => [code.largeCode, code.cornerCode].map(({ innerHTML, hidden }) => [innerHTML.includes("M0 0h1v1"), hidden]);
  const titles = () => [code.title.textContent, code.cornerTitle.textContent];
  code.set({ link: "https://there.example/?a", rows: ["10", "01"] });
  assert.deepEqual([shown(), titles()], [[[true, false], [true, false]], ["Scan to open", "Scan to open"]]);
  code.set({ link: "", rows: [] }); // the start is dragged
  assert.deepEqual([shown(), code.link.textContent], [[[true, false], [true, false]], "https://there.example/?a"]);
  code.set({ link: "https://there.example/?long", rows: [] });
  assert.deepEqual([shown(), titles(), code.link.textContent], [[[false, true], [false, true]], ["Too long", "Too long"], "https://there.example/?long"]);
  assert.ok(code.corner.classes.has("descent-no-code"));
  code.set({ link: "https://there.example/?b", rows: ["11", "01"] });
  assert.deepEqual([shown().map(([, hidden]) => hidden), titles()], [[false, false], ["Scan to open", "Scan to open"]]);
});
