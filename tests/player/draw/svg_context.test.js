import assert from "node:assert/strict";
import { test } from "node:test";
import { Trail } from "../../../app/player/draw/path_trail.js";
import { drawMarker, drawLabel } from "../../../app/player/draw/markers.js";
import { SvgContext, escapeXml } from "../../../app/player/draw/svg_context.js";

const made = () => new SvgContext((font, text) => 10 * text.length);

test("a path of the player is one path in its colour and dash, its halo beneath it", () => {
  const context = made();
  const trail = new Trail(Float64Array.from([10, 10, 20.004, 20, 30, 20]), { colour: "#b84300", halo: "#ffffff", dash: [9, 3], width: 2.3 });
  trail.drawUntil(context, 2, { left: 0, top: 0, right: 100, bottom: 100 });
  assert.deepEqual(context.elements, [
    '<path d="M10 10L20 20L30 20" fill="none" stroke="#ffffff" stroke-width="4.2"/>',
    '<path d="M10 10L20 20L30 20" fill="none" stroke="#b84300" stroke-width="2.3" stroke-dasharray="9 3"/>',
  ]);
});

test("the opacity, what is moved and what is turned end with what they were for", () => {
  const context = made();
  context.save();
  context.globalAlpha = 0.25;
  context.translate(10, 20);
  context.rotate(Math.PI / 2);
  context.moveTo(1, 0);
  context.lineTo(3, 0);
  context.stroke();
  context.restore();
  context.fillRect(0, 0, 2, 1);
  assert.match(context.elements[0], /^<path d="M10 21L10 23" .*opacity="0.25"\/>$/);
  assert.equal(context.elements[1], '<path d="M0 0L2 0L2 1L0 1Z" fill="#000"/>');
});

test("what is clipped is clipped to the path, and no more after that", () => {
  const context = made();
  context.save();
  context.rect(0, 0, 4, 4);
  context.rect(1, 1, 2, 2);
  context.clip("evenodd");
  context.fillRect(0, 0, 9, 9);
  context.restore();
  context.fillRect(0, 0, 9, 9);
  assert.match(context.elements[0], /^<clipPath id="clip1"><path d="M0 0.*Z" clip-rule="evenodd"\/><\/clipPath>$/);
  assert.match(context.elements[1], /clip-path="url\(#clip1\)"/);
  assert.doesNotMatch(context.elements[2], /clip/);
});

test("names of clips are each their own through all layers of a picture", () => {
  const ids = { clips: 0 };
  const names = [new SvgContext(null, ids), new SvgContext(null, ids)].map((context) => {
    context.rect(0, 0, 1, 1);
    context.clip();
    return /id="(\w+)"/.exec(context.markup)[1];
  });
  assert.notEqual(...names);
});

test("marks in all forms are drawn, and a mark at no place is not", () => {
  const context = made();
  for (const shape of ["circle", "square", "diamond", "up", "down"]) drawMarker(context, 5, 5, shape, "#0b5cad", "#fff");
  assert.equal(context.elements.length, 10);
  context.clear();
  drawMarker(context, NaN, 5, "circle", "#0b5cad", "#fff");
  drawMarker(context, NaN, 5, "square", "#0b5cad", "#fff");
  assert.equal(context.markup, "");
});

test("words say their font and are nothing but words", () => {
  const context = made();
  drawLabel(context, 5, 6, '<script>"&\'\u0001', "#111111", "#ffffff", '600 12px "Source Sans", sans-serif', "right");
  const [below, above] = context.elements;
  assert.match(above, /font-family="&#34;Source Sans&#34;, sans-serif" font-size="12" font-weight="600" text-anchor="end" fill="#111111">&#60;script&#62;&#34;&#38;&#39;<\/text>$/);
  assert.match(below, /stroke="#ffffff"/);
  assert.doesNotMatch(context.markup, /<script/);
  assert.equal(context.measureText("four").width, 40);
});

test("the file has a title, what it is of, and no control characters", () => {
  const context = made();
  context.addMarkup("<g/>", 1.005, 2, 'a"b');
  const file = context.toFile(100, 50, { title: "<Ravine>", description: "a&b\u0000" });
  assert.match(file, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="100" height="50" viewBox="0 0 100 50" role="img">/);
  assert.match(file, /<title>&#60;Ravine&#62;<\/title>\n<desc>a&#38;b<\/desc>/);
  assert.match(file, /<g id="a&#34;b" transform="translate\(1(.01)? 2\)">/);
  assert.equal(escapeXml("\ud800x中🙂"), "x中🙂");
});
