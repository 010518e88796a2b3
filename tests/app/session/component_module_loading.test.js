// The script in the page that loads the modules of its components, run with what it needs of a browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SCRIPT = readFileSync(new URL("../../../app/session/component_module_loading.js", import.meta.url), "utf8")
  .replace("WORDS", '{ missing: "missing", retry: "again", loading: "loading" }')
  .replaceAll('"FOLDER/"', '"player/"')
  .replace("import(folder + module)", "importModuleAt(folder + module)");

function makeElement() {
  const children = [];
  return {
    children, setAttribute() {}, append(...more) { children.push(...more.filter((child) => child.className)); },
    get firstElementChild() { return children[0] ?? null; },
    querySelector(selector) {
      const found = children.find((child) => `.${child.className}` === selector);
      return found ? Object.assign(found, { remove() { children.splice(children.indexOf(found), 1); } }) : null;
    },
  };
}

/** The script in a page whose timers end at once; `importModuleAt` stands for the browser's `import`. */
function openPage(importModuleAt) {
  const window = Object.assign(new EventTarget(), {});
  const document = {
    baseURI: "https://here/", scripts: [], addEventListener() {}, documentElement: { style: { setProperty() {} } }, createElement: makeElement,
  };
  const setTimeout = (call, delay) => { if (delay < 10000) queueMicrotask(call); };
  new Function("window", "document", "importModuleAt", "setTimeout", "clearTimeout", "console", SCRIPT)(
    window, document, importModuleAt, setTimeout, () => {}, { warn() {} },
  );
  return window;
}

const settled = () => new Promise((go) => setImmediate(go));

test("two parts of one module that come one after the other wait for the same tries", async () => {
  const asked = [];
  let there = false;
  const window = openPage(async (url) => {
    asked.push(url);
    if (!there) throw new Error("it does not come");
    return { showPicture: () => "picture", showPanel: () => "panel" };
  });
  const [picture, panel] = [makeElement(), makeElement()];
  const first = window.__descentLoad({ parentElement: picture }, "mount.js", "showPicture", true);
  await settled();
  assert.equal(picture.children.at(-1).className, "descent-missing");
  const second = window.__descentLoad({ parentElement: panel }, "mount.js", "showPanel", true);
  await settled();
  assert.equal(panel.children.at(-1).className, "descent-missing", "the later one is told at once");
  const folders = ["", "again-1/", "again-2/"].map((folder) => `https://here/player/${folder}mount.js`);
  assert.deepEqual(asked, folders, "the later one asks for nothing again");
  there = true;
  window.dispatchEvent(new Event("descent-again"));
  assert.deepEqual(await Promise.all([first, second]), ["picture", "panel"]);
  assert.deepEqual([...picture.children, ...panel.children], []);
});

test("a part without a place of its own on the page says nothing", async () => {
  const window = openPage(async () => { throw new Error("it does not come"); });
  const hidden = makeElement();
  window.__descentLoad({ parentElement: hidden }, "mount.js", "connect", false);
  await settled();
  assert.deepEqual(hidden.children, []);
});
