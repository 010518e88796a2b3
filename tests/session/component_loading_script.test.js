// The script in the page that loads the modules of its components, run with what it needs of a browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SCRIPT = readFileSync(new URL("../../app/session/component_loading_script.js", import.meta.url), "utf8")
  .replace("WORDS", '{ missing: "missing", retry: "again", loading: "loading" }')
  .replaceAll('"FOLDER/"', '"player/"')
  .replace("BUNDLES_OF_MODULES", '{ "race/mount.js": "race/bundle.js" }')
  .replace("import(folder", "importModuleAt(folder");

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
  class MessageChannel {
    port1 = { close() {} };
    port2 = { postMessage: () => setImmediate(() => this.port1.onmessage()) };
  }
  new Function("window", "document", "importModuleAt", "setTimeout", "clearTimeout", "MessageChannel", "console", SCRIPT)(
    window, document, importModuleAt, setTimeout, () => {}, MessageChannel, { warn() {} },
  );
  return window;
}

const nextTask = () => new Promise((go) => setImmediate(go));

async function settled() {
  for (let task = 0; task < 3; task++) await nextTask();
}

/** A page with a component that writes down what it shows and what is cleaned up; its module comes when it is let. */
function openLogged() {
  const log = [];
  let letModuleCome;
  const imported = new Promise((resolve) => (letModuleCome = resolve));
  const mount = ({ data }) => (log.push(`show ${data}`), () => log.push(`clean up ${data}`));
  const window = openPage(async () => (await imported, { mount }));
  const place = makeElement();
  const call = (data) => window.__descentLoad({ parentElement: place, data }, "mount.js", "mount", true);
  return { log, call, letModuleCome };
}

test("two parts of one module that come one after the other wait for the same tries", async () => {
  const [asked, shown] = [[], []];
  let there = false;
  const window = openPage(async (url) => {
    asked.push(url);
    if (!there) throw new Error("it does not come");
    return { showPicture: () => shown.push("picture"), showPanel: () => shown.push("panel") };
  });
  const [picture, panel] = [makeElement(), makeElement()];
  window.__descentLoad({ parentElement: picture }, "mount.js", "showPicture", true);
  await settled();
  assert.equal(picture.children.at(-1).className, "descent-missing");
  window.__descentLoad({ parentElement: panel }, "mount.js", "showPanel", true);
  await settled();
  assert.equal(panel.children.at(-1).className, "descent-missing", "the later one is told at once");
  const folders = ["", "again-1/", "again-2/"].map((folder) => `https://here/player/${folder}mount.js`);
  assert.deepEqual(asked, folders, "the later one asks for nothing again");
  there = true;
  window.dispatchEvent(new Event("descent-again"));
  await settled();
  assert.deepEqual(shown, ["picture", "panel"]);
  assert.deepEqual([...picture.children, ...panel.children], []);
});

test("a module of a bundle is taken out of its bundle", async () => {
  const [asked, shown] = [[], []];
  const bundle = { modules: { "race/mount.js": { mount: ({ data }) => shown.push(data) } } };
  const window = openPage(async (url) => (asked.push(url), bundle));
  window.__descentLoad({ parentElement: makeElement(), data: "race" }, "race/mount.js", "mount", true);
  await settled();
  assert.deepEqual(asked, ["https://here/player/race/bundle.js"]);
  assert.deepEqual(shown, ["race"]);
});

test("a part without a place of its own on the page says nothing", async () => {
  const window = openPage(async () => { throw new Error("it does not come"); });
  const hidden = makeElement();
  window.__descentLoad({ parentElement: hidden }, "mount.js", "connect", false);
  await settled();
  assert.deepEqual(hidden.children, []);
});

test("an older message that comes after a newer one is not shown, and takes nothing with it when Streamlit ends it", async () => {
  for (const isThere of [true, false]) { // the module, when they come
    const { log, call, letModuleCome } = openLogged();
    if (isThere) letModuleCome();
    const endNew = call("new");
    if (isThere) await settled();
    const endOld = call("old");
    queueMicrotask(endOld); // as soon as Streamlit has it
    await settled();
    letModuleCome();
    await settled();
    assert.deepEqual(log, ["show new"]);
    endNew();
    assert.deepEqual(log, ["show new", "clean up new"]);
  }
});

test("of two messages that come in order while the module is awaited, the second is shown; later ones at once", async () => {
  const { log, call, letModuleCome } = openLogged();
  call("first");
  await settled();
  call("second");
  await settled();
  assert.deepEqual(log, []);
  letModuleCome();
  await settled();
  call("third");
  await settled();
  assert.deepEqual(log, ["show second", "show third"]);
});

test("a place that is gone before its module has come stays empty", async () => {
  const { log, call, letModuleCome } = openLogged();
  const end = call("picture");
  await settled();
  end();
  letModuleCome();
  await settled();
  assert.deepEqual(log, []);
});
