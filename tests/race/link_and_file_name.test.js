import assert from "node:assert/strict";
import { test } from "node:test";
import { buildFileName, buildAnimationName, buildLink, addViewPart } from "../../app/race/link_and_file_name.js";

const scene = [["surface", "rosenbrock(b=100)"], ["start", "-1.2,1"], ["run", "adam(lr=0.1)"], ["run", "sgd()"]];
const usual = { mode: "contour", loss: "auto", fit: "all", strip: "gradient_norm", over: "steps", pace: "steps", arrows: [], step: null };

// The texts that app/scene_text/writer.py writes for the same views; tests/browser/test_saved_pictures.py reads them back.
const VIEWS = [
  [{}, null],
  [{ step: 137 }, "contour(step=137)"],
  [{ step: 0 }, "contour(step=0)"],
  [{ step: 12.25 }, "contour(step=12.25)"],
  [{ mode: "space" }, "space()"],
  [{ mode: "space", arrows: ["update"] }, "space(arrows=update)"],
  [{ arrows: ["slope", "model"], loss: "log", over: "epochs" }, "contour(loss=log,over=epochs,arrows=(slope,model))"],
];

for (const [view, said] of VIEWS)
  test(`a view is said as Python says it: ${said}`, () => {
    const parts = addViewPart(scene, { ...usual, ...view }, usual);
    assert.deepEqual(parts, said ? [...scene, ["view", said]] : scene);
  });

test("a link has every part in letters that every program takes", () => {
  const link = buildLink("http://a/b/", [["surface", `formula("x*y + 'é'")`], ["run", "look(sgd(),on=False)"]]);
  assert.equal(link, "http://a/b/?surface=formula(%22x%2Ay%20%2B%20%27%C3%A9%27%22)&run=look(sgd(),on=False)");
  assert.deepEqual([...new URL(link).searchParams.values()], [`formula("x*y + 'é'")`, "look(sgd(),on=False)"]);
});

test("a file's name says surface and step, and is nothing but a name", () => {
  assert.equal(buildFileName(scene, { pace: "steps", step: 137 }, "png"), "rosenbrock-step-137.png");
  assert.equal(buildFileName(scene, { pace: "evaluations", step: 20 }, "svg"), "rosenbrock-evaluation-20.svg");
  assert.equal(buildAnimationName(scene, { pace: "steps", steps: 400 }, "webm"), "rosenbrock-400-steps.webm");
  assert.equal(buildAnimationName(scene, { pace: "evaluations", steps: 900 }, "gif"), "rosenbrock-900-evaluations.gif");
  assert.equal(buildFileName([["surface", "../../etc(1)"]], { pace: "steps", step: 1 }, "png"), "race-step-1.png");
});
