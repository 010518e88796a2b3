// A gradient check as a small picture: the error over h, both logarithmic, in its zones, and a line at the check's h.

const UNITS = 1000; // in which points are given, from edge to edge
const HUES = { forward: 0, centred: 1, complex: 2 }; // of the theme's colours, as the page of the check has them
const ERROR_DECADES = [-16, 1]; // at the lower and the upper edge
const ZONES = [[-2, 1, 0, 0.16], [-4, -2, 0, 0.08], [-7, -4, 4, 0.07], [-16, -7, 2, 0.08]]; // decades, hue, alpha

// The parts of a curve between its gaps: a point is null where the error is not a number.
export function splitAtGaps(points) {
  const parts = [[]];
  for (const point of points) {
    if (point) parts.at(-1).push(point);
    else parts.push([]);
  }
  return parts.filter((part) => part.length);
}

// `picture`: what app/check_scenes/check_thumbnail.py makes; `context` draws in CSS pixels.
export function drawErrorCurve(context, { errors, h, method, single }, theme, width, height) {
  const place = ([x, y]) => [(x / UNITS) * width, (1 - y / UNITS) * height];
  const [low, high] = ERROR_DECADES;
  const toHeight = (decade) => ((high - decade) / (high - low)) * height;
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  for (const [from, to, hue, alpha] of ZONES) {
    context.globalAlpha = alpha;
    context.fillStyle = theme.runs[hue];
    context.fillRect(0, toHeight(to), width, toHeight(from) - toHeight(to));
  }
  context.globalAlpha = 1;
  const [x] = place([h, 0]);
  stroke(context, [[x, 0], [x, height]], theme.muted, 1, [3, 3]);
  const colour = theme.runs[HUES[method]];
  for (const part of splitAtGaps(errors)) {
    stroke(context, part.map(place), colour, 2.2, single ? [5, 4] : []);
    context.fillStyle = colour;
    for (const point of part) {
      context.beginPath();
      context.arc(...place(point), 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

function stroke(context, points, colour, lineWidth, dash) {
  Object.assign(context, { strokeStyle: colour, lineWidth });
  context.setLineDash(dash);
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
}
