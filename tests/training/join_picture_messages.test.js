import assert from "node:assert/strict";
import test from "node:test";
import { joinNews } from "../../app/training/join_picture_messages.js";

const CURVES = { id: "trainings", job_id: "a", edition: "1", epochs: 2, arrays: { epoch0: [0, 1] } };
const NEWS = { id: "trainings", job_id: "a", edition: "1", state: "working", sanity: [], arrays: { landscape: [1, 2] } };

test("curves and news that belong together are one message", () => {
  const message = joinNews(CURVES, NEWS);
  assert.deepEqual(message, { ...CURVES, ...NEWS, arrays: { epoch0: [0, 1], landscape: [1, 2] } });
  assert.equal(message.arrays.epoch0, CURVES.arrays.epoch0, "nothing is copied");
});

test("while one of the two is on its way, nothing is shown", () => {
  assert.equal(joinNews(CURVES, undefined), null);
  assert.equal(joinNews(CURVES, { ...NEWS, edition: "2" }), null, "the curves are older than the news");
  assert.equal(joinNews({ ...CURVES, job_id: "b" }, NEWS), null, "the curves are of other trainings");
});

test("a log, a lesson or a file is one message", () => {
  const { edition, ...file } = CURVES;
  assert.equal(joinNews(file, undefined), file);
  assert.equal(edition, "1");
});
