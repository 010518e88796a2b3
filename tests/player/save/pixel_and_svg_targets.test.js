import assert from "node:assert/strict";
import { test } from "node:test";
import { PixelTarget, TEXT_SETTINGS } from "../../../app/player/save/pixel_and_svg_targets.js";

test("every canvas of a picture sets its letters where the font puts them, and not at the pixels of a screen", (t) => {
  globalThis.document = { createElement: () => ({ getContext: () => ({ scale: () => {} }) }) };
  t.after(() => delete globalThis.document);
  const target = new PixelTarget(100, 50, 2);
  const layers = target.createLayers(["grid", "heads"], { width: 40, height: 20 });
  for (const context of [target.context, layers.grid, layers.heads]) assert.equal(context.textRendering, TEXT_SETTINGS.textRendering);
});
