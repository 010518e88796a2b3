// Trainings as a small picture: their losses over the epochs, on a logarithmic axis.

const UNITS = 1000; // in which points are given, from edge to edge
const MARGIN_PIXELS = 9;

// Where a point of a curve is drawn: inside of the axes, from the lower left corner.
export const placePoint = ([x, y], width, height) => [
  MARGIN_PIXELS + (x / UNITS) * (width - 2 * MARGIN_PIXELS),
  height - MARGIN_PIXELS - (y / UNITS) * (height - 2 * MARGIN_PIXELS),
];

// `picture`: what app/compute/training_thumbnail.py makes; `context` draws in CSS pixels.
export function drawLossCurves(context, { losses }, theme, styles, width, height) {
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  const corners = [[0, UNITS], [0, 0], [UNITS, 0]].map((point) => placePoint(point, width, height));
  stroke(context, corners, theme.muted, 1);
  losses.forEach((curve, k) => stroke(context, curve.map((point) => placePoint(point, width, height)), styles[k % styles.length].colour, 2.2));
}

function stroke(context, points, colour, lineWidth) {
  Object.assign(context, { strokeStyle: colour, lineWidth });
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.stroke();
}
