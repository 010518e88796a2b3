import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { computeCrc, addTextChunk } from "../../../app/player/save/png_metadata.js";
import { joinBytes } from "./join_bytes.js";

test("a PNG's word is a chunk of its own after the header, with its sum", () => {
  const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assert.equal(computeCrc(letters("IEND")), 0xae426082); // as every PNG ends
  const [head, rest] = [new Uint8Array(33).fill(7), deflateSync("rest")];
  const made = addTextChunk(joinBytes([head, rest]), "URL", "http://a/?b=c");
  const view = new DataView(made.buffer);
  const long = view.getUint32(33);
  assert.equal(long, "URL\0http://a/?b=c".length);
  assert.equal(String.fromCharCode(...made.subarray(37, 41 + long)), "tEXtURL\0http://a/?b=c");
  assert.deepEqual([made.subarray(0, 33), made.subarray(45 + long)], [head, new Uint8Array(rest)]);
  if (crc32) assert.equal(view.getUint32(41 + long), crc32(made.subarray(37, 41 + long)));
});
