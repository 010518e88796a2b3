import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchWithRetry } from "../../../app/player/net/plotly_and_css_loading.js";

test("what does not come is asked for again by another address, a few times", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(console, "warn", () => {});
  const asked = [];
  let works = 2;
  const get = async (ending) => {
    asked.push(ending);
    if (asked.length <= works) throw new Error("blocked");
    return "there";
  };
  const settle = async () => {
    for (let i = 0; i < 10; i += 1) await null;
    t.mock.timers.tick(5000);
    for (let i = 0; i < 10; i += 1) await null;
  };
  const first = fetchWithRetry(get, [500, 2000]);
  await settle();
  await settle();
  assert.equal(await first, "there");
  assert.equal(new Set(asked).size, 3);
  works = Infinity;
  const second = fetchWithRetry(get, [500]);
  second.catch(() => {});
  await settle();
  await assert.rejects(second, /blocked/);
  assert.equal(asked.length, 5);
  assert.equal(new Set(asked.slice(3)).size, 2, "a browser remembers what failed by its address");
});
