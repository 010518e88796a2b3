// The edge of the surface, and its minima with their labels.

import { Trail } from "../draw/canvas_layers.js";
import { drawLabel, drawStar } from "../draw/markers.js";
import { projectVisiblePath } from "./surface_projection.js";
import { formatMinimumLabel } from "../draw/label_placement.js";

export const HIDDEN_OPACITY = 0.3; // opacity of a mark that a hill hides

// The surface's edge, which a pale plain would not show.
export function drawSurfaceEdge(context, { lens, terrain }, theme, frame) {
  const [[left, right], [bottom, top]] = terrain.box;
  const rim = terrain.drape([left, right, right, left, left], [bottom, bottom, top, top, bottom]);
  const edge = new Trail(projectVisiblePath(rim, lens, terrain).pixels, { colour: theme.ridges, dash: [], width: 1.2 });
  edge.stroke(context, 0, edge.last, frame, false);
}

// Returns pixels x0, y0, ... all over the stars and their names.
export function drawMinima(context, sight, minima, { labels, theme, frame, smallFont }) {
  const widths = sight.terrain.box.map(([low, high]) => high - low);
  const taken = [];
  for (const [x, y] of minima) {
    const at = sight.projectPoint(x, y);
    if (at.outside) continue;
    context.globalAlpha = at.visible ? 1 : HIDDEN_OPACITY;
    drawStar(context, at.x, at.y, theme.ink, theme.ground);
    const words = formatMinimumLabel(minima, x, y, widths, labels.minimum);
    context.font = smallFont;
    const width = context.measureText(words).width;
    const side = at.x + 16 + width > frame.right ? -1 : 1;
    for (let along = 0; along < 16 + width; along += 8) taken.push(at.x + side * along, at.y);
    if (at.visible) drawLabel(context, at.x + 14 * side, at.y, words, theme.ink, theme.landscape[1], smallFont, side < 0 ? "right" : "left");
  }
  context.globalAlpha = 1;
  return taken;
}
