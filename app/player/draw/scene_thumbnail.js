// A scene as a small picture: the landscape in shades, the paths on it, the start and the heads; or the error of a check, or
// the losses of trainings.

import { parseHexColour } from "../base/theme_and_run_styles.js";
import { Trail } from "./path_trail.js";
import { drawErrorCurve } from "./error_curve_thumbnail.js";
import { drawLossCurves } from "./loss_curve_thumbnail.js";
import { drawMarker, drawRing } from "./markers.js";

const UNITS = 1000; // in which points are given, from edge to edge
const PIXEL_RATIO = 2; // of the canvas
const HEAD_PIXELS = 4;
const NO_VALUE = 255; // the shade where the surface has no value

// The colour of a shade from 0 to 254, [r, g, b], in a scale of colours from low to high.
export function mixShade(shade, colours) {
  const at = (shade / (NO_VALUE - 1)) * (colours.length - 1);
  const below = Math.min(colours.length - 2, Math.floor(at));
  return colours[below].map((channel, i) => Math.round(channel + (at - below) * (colours[below + 1][i] - channel)));
}

// `picture`: what app/compute/scene_thumbnails.py makes, app/check_scenes/check_thumbnail.py or
// app/compute/training_thumbnail.py; `styles`: colour, dash and marker of the run in each slot.
export function drawThumbnail(canvas, picture, theme, styles, width, height) {
  Object.assign(canvas, { width: width * PIXEL_RATIO, height: height * PIXEL_RATIO });
  const context = canvas.getContext("2d");
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.lineJoin = "round";
  if (picture.errors) drawErrorCurve(context, picture, theme, width, height);
  else if (picture.losses) drawLossCurves(context, picture, theme, styles, width, height);
  else drawRace(context, picture, theme, styles, width, height);
}

function drawRace(context, { size, shades, start, paths }, theme, styles, width, height) {
  context.imageSmoothingQuality = "high";
  context.drawImage(paintShades(size, shades, theme), 0, 0, width, height);
  const place = ([x, y]) => [(x / UNITS) * width, (1 - y / UNITS) * height];
  const frame = { left: 0, top: 0, right: width, bottom: height };
  const trails = paths.map(({ slot, points }) => new Trail(Float64Array.from(points.flatMap(place)), { ...styles[slot], halo: theme.ground, width: 1.6 }));
  for (const trail of trails) for (const isHalo of [true, false]) trail.stroke(context, 0, trail.last, frame, isHalo);
  context.setLineDash([]);
  for (const { pixels, last, style } of trails) drawMarker(context, pixels[2 * last], pixels[2 * last + 1], style.marker, style.colour, theme.ground, HEAD_PIXELS);
  drawRing(context, ...place(start), theme.ink, theme.ground, HEAD_PIXELS);
}

// The shades, a pixel each, on a canvas of their own.
function paintShades(size, shades, theme) {
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d");
  const image = context.createImageData(size, size);
  const [colours, ground] = [theme.landscape.map(parseHexColour), parseHexColour(theme.ground)];
  const values = Uint8Array.from(atob(shades), (letter) => letter.charCodeAt(0));
  values.forEach((shade, i) => {
    const row = size - 1 - Math.floor(i / size); // the first row is the lowest
    image.data.set([...(shade === NO_VALUE ? ground : mixShade(shade, colours)), 255], 4 * (row * size + (i % size)));
  });
  context.putImageData(image, 0, 0);
  return canvas;
}
