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

test("what a slider passes through is one entry of the history, Streamlit's parameters stay", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const window = fake("?embed=true&surface=bowl()");
  const address = new AddressBar(window);
  address.scheduleWrite("surface=bowl()&run=sgd(lr=0.1)");
  t.mock.timers.tick(50);
  assert.equal(window.pushed.length, 1, "a change that stands alone is there at once");
  for (const lr of [0.1, 0.2, 0.3]) address.scheduleWrite(`surface=bowl()&run=sgd(lr=${lr})`);
  t.mock.timers.tick(1000);
  assert.deepEqual(window.pushed.slice(1), ["/descent/?surface=bowl()&run=sgd(lr=0.3)&embed=true"]);
  address.scheduleWrite("surface=bowl()&run=sgd(lr=0.3)");
  t.mock.timers.tick(1000);
  assert.equal(window.pushed.length, 2, "the same address is no new entry");
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
