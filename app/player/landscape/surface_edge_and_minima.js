// The edge of the surface, and its minima with their labels.

import { Trail } from "../draw/canvas_layers.js";
import { projectVisiblePath } from "./surface_points_to_pixels.js";
import { drawLabelledStar, formatMinimumLabel } from "../draw/label_placement.js";

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
    const text = formatMinimumLabel(minima, x, y, widths, labels.minimum);
    const length = drawLabelledStar(context, at.x, at.y, text, { theme, frame, font: smallFont }, at.visible);
    for (let along = 0; along < Math.abs(length); along += 8) taken.push(at.x + Math.sign(length) * along, at.y);
  }
  context.globalAlpha = 1;
  return taken;
}
