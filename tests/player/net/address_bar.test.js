import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressBar } from "../../../app/player/net/address_bar.js";

// A window that remembers what was pushed.
function fake(search) {
  const pushed = [];
  const replaced = [];
  const heard = {};
  const location = { search, pathname: "/descent/" };
  return {
    pushed,
    heard,
    location,
    replaced,
    history: {
      pushState: (_, __, url) => (pushed.push(url), (location.search = url.slice(url.indexOf("?")))),
      replaceState: (_, __, url) => (replaced.push(url), (location.search = url.slice(url.indexOf("?")))),
    },
    addEventListener: (name, does) => (heard[name] = does),
    removeEventListener: (name) => delete heard[name],
  };
}

// Timers and the clock go on together.
function mockTime(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  return { tick: (ms) => { for (let k = 0; k < ms; k += 10) { now += 10; t.mock.timers.tick(10); } } };
}

test("what a slider passes through is one entry of the history, Streamlit's parameters stay", (t) => {
  const { tick } = mockTime(t);
  const window = fake("?embed=true&surface=bowl()");
  const address = new AddressBar(window);
  address.scheduleWrite("surface=bowl()&run=sgd(lr=0.1)");
  tick(50);
  assert.equal(window.pushed.length, 1, "a change that stands alone is there at once");
  for (let k = 2; k < 30; k++) {
    address.scheduleWrite(`surface=bowl()&run=sgd(lr=0.${k})`);
    tick(50);
    const shown = Number(window.location.search.match(/lr=0\.(\d+)/)[1]);
    assert.ok(k - shown <= 6, "the link is at most 300 ms behind, also while the slider moves");
  }
  tick(300);
  assert.equal(window.location.search, "?surface=bowl()&run=sgd(lr=0.29)&embed=true");
  assert.equal(window.pushed.length, 1);
  assert.ok(window.replaced.length <= 6, "Safari refuses more than a hundred in thirty seconds");
  tick(1000);
  address.scheduleWrite("surface=bowl()&run=sgd(lr=0.3)");
  tick(50);
  assert.equal(window.pushed.length, 2, "after a pause it is another change");
  address.scheduleWrite("surface=bowl()&run=sgd(lr=0.3)");
  tick(1000);
  assert.equal(window.pushed.length, 2, "the same address is no new entry");
});

test("another step, and another part of the landscape, is no entry of the history", (t) => {
  const { tick } = mockTime(t);
  const window = fake("?surface=bowl()");
  const address = new AddressBar(window);
  const write = (query) => (address.scheduleWrite(query), tick(1000));
  for (const view of ["contour(step=3)", "contour(x=(-1,2),y=(0,3))", "contour(x=(-1,2.5),y=(-3e-2,3),step=7)"]) write(`surface=bowl()&view=${view}`);
  assert.deepEqual([window.pushed.length, window.replaced.length], [0, 3]);
  write("surface=bowl()&view=contour(arrows=(slope,update),x=(-1,2),y=(0,3),step=7)");
  assert.equal(window.pushed.length, 1, "arrows are");
  write("surface=bowl()&view=contour(arrows=(slope,update),x=(-4,2),y=(0,3))");
  assert.equal(window.pushed.length, 1);
  write('surface=formula("x",x=(-1,1),y=(0,1))');
  write('surface=formula("x",x=(-1,2),y=(0,1))');
  assert.equal(window.pushed.length, 3, "the ends of a function are a change of the scene");
});

test("another step of an address as it was opened is no entry of the history either", (t) => {
  const { tick } = mockTime(t);
  for (const search of ["", "?surface=bowl", "?embed=true"]) {
    const window = fake(search);
    const address = new AddressBar(window);
    const update = (query, shown = "") => (address.update({ query, shown }), tick(50));
    update("", "surface=bowl()");
    update("surface=bowl()&view=contour(step=12)");
    assert.deepEqual([window.pushed.length, window.replaced.length], [0, 1]);
    update("surface=booth()");
    tick(300);
    assert.deepEqual([window.pushed.length, window.replaced.length], [1, 1], "the next scene, however soon, is");
  }
  const window = fake("");
  const address = new AddressBar(window);
  address.update({ query: "", shown: "surface=bowl()" });
  address.update({ query: "surface=booth()", shown: "" });
  tick(50);
  assert.equal(window.pushed.length, 1, "another scene at once is one");
  window.heard.popstate();
  address.update({ query: "surface=bowl()&view=contour(step=12)", shown: "" });
  tick(2000);
  assert.equal(window.pushed.length, 2, "what was said before the back button is not true any more");
});

test("a scene that is opened as a whole shares no entry with the one before, however soon it follows", (t) => {
  const { tick } = mockTime(t);
  const window = fake("?surface=bowl()");
  const address = new AddressBar(window);
  address.update({ query: "", shown: "surface=bowl()" }, 1);
  address.update({ query: "surface=booth()", shown: "" }, 2);
  tick(35);
  address.update({ query: "surface=beale()", shown: "" }, 3);
  tick(300);
  address.update({ query: "surface=beale()&start=1,2", shown: "" }, 3);
  tick(300);
  assert.deepEqual(window.pushed.map((url) => url.slice(9, 23)), ["?surface=booth", "?surface=beale"]);
  assert.equal(window.location.search, "?surface=beale()&start=1,2", "a change right after it shares its entry");
  window.location.search = "?surface=booth()"; // back
  window.heard.popstate();
  address.update({ query: "surface=beale()&start=3,4", shown: "" }, 3); // changed just before, and still on its way
  address.update({ query: "", shown: "surface=booth()" }, 4); // the answer to the back button opens a scene, too
  tick(3000);
  assert.equal(window.location.search, "?surface=booth()");
});

test("what was sent before the back button does not take the place of what it leads to", (t) => {
  const { tick } = mockTime(t);
  const window = fake("?surface=bowl()");
  const address = new AddressBar(window);
  address.scheduleWrite("surface=booth()");
  tick(50);
  window.location.search = "?surface=bowl()"; // back
  window.heard.popstate();
  address.scheduleWrite("surface=beale()"); // changed just before, and still on its way
  tick(100);
  address.scheduleWrite(""); // the answer to the back button
  tick(3000);
  assert.equal(window.location.search, "?surface=bowl()");
  address.scheduleWrite("surface=matyas()");
  tick(50);
  assert.deepEqual(window.pushed, ["/descent/?surface=booth()", "/descent/?surface=matyas()"]);
  window.heard.popstate();
  address.scheduleWrite("surface=cliff()"); // nothing else comes
  tick(1100);
  assert.equal(window.location.search, "?surface=cliff()");
});

test("the back button is waited for until it is answered, or for a second", (t) => {
  const { tick } = mockTime(t);
  const window = fake("?surface=bowl()");
  const address = new AddressBar(window);
  assert.equal(address.isNavigating, false);
  window.heard.popstate();
  address.update({ query: "surface=booth()", shown: "" });
  tick(500);
  assert.equal(address.isNavigating, true, "what was sent before it is no answer");
  address.update({ query: "", shown: "surface=bowl()" });
  assert.equal(address.isNavigating, false);
  window.heard.popstate();
  tick(1010);
  assert.equal(address.isNavigating, false);
});

test("an address that is right is left alone, and so is that to which the visitor went back", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fake("");
  const address = new AddressBar(window);
  address.scheduleWrite("");
  t.mock.timers.tick(1000);
  address.scheduleWrite("surface=bowl()");
  window.heard.popstate();
  t.mock.timers.tick(1000);
  address.scheduleWrite("surface=bowl()");
  address.remove();
  t.mock.timers.tick(1000);
  assert.deepEqual(window.pushed, []);
  assert.deepEqual(window.heard, {});
});

test("another moment is the same entry of the history", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fake("?surface=bowl()");
  const address = new AddressBar(window);
  const moments = ["contour(step=3)", "contour(step=4.25)", "contour(strip=lr,step=4.25)", "contour(strip=lr)"];
  for (const view of moments) {
    address.scheduleWrite(`surface=bowl()&view=${view}`);
    t.mock.timers.tick(1000);
  }
  assert.deepEqual(window.pushed, ["/descent/?surface=bowl()&view=contour(strip=lr,step=4.25)"]);
  assert.equal(window.replaced.length, 3);
});

test("a change is not written into the address of another page, but in place of the name of its own when that is shown again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fake("");
  const address = new AddressBar(window);
  address.scheduleWrite("surface=bowl()");
  Object.assign(window.location, { pathname: "/descent/lessons", search: "?lesson=ball" });
  t.mock.timers.tick(1000);
  assert.deepEqual(window.pushed, []);
  Object.assign(window.location, { pathname: "/descent/", search: "" });
  address.onPageShown();
  t.mock.timers.tick(1000);
  assert.deepEqual(window.replaced, ["/descent/?surface=bowl()"]); // back from here leads to the other page
  address.onPageShown();
  t.mock.timers.tick(1000);
  assert.equal(window.replaced.length, 1);
  address.scheduleWrite("surface=booth()");
  t.mock.timers.tick(1000);
  assert.deepEqual(window.pushed, ["/descent/?surface=booth()"]);
});

test("an address with a stray % is replaced like any other", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const search of ["?surface=bowl()&run=sgd(lr%3D0.0%", '?surface=formula("x%y")', "?view=%E4%BD"]) {
    const window = fake(search);
    const address = new AddressBar(window);
    address.scheduleWrite("surface=bowl()");
    address.flush(); // as before the page is loaded again
    assert.deepEqual(window.pushed, ["/descent/?surface=bowl()"]);
    address.scheduleWrite("surface=booth()");
    t.mock.timers.tick(1000);
    assert.equal(window.location.search, "?surface=booth()");
  }
});
