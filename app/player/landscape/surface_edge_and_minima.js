// The edge of the surface, and its minima with their labels.

import { Trail } from "../draw/path_trail.js";
import { projectVisiblePath } from "./surface_points_to_pixels.js";
import { crossRing, drawLabelledStars, listMinimumLabels } from "../draw/label_placement.js";

export const HIDDEN_OPACITY = 0.3; // opacity of a mark that a hill hides

// The surface's edge, which a pale plain would not show.
export function drawSurfaceEdge(context, { lens, terrain }, theme, frame) {
  const [[left, right], [bottom, top]] = terrain.box;
  const rim = terrain.drape([left, right, right, left, left], [bottom, bottom, top, top, bottom]);
  const edge = new Trail(projectVisiblePath(rim, lens, terrain).pixels, { colour: theme.ridges, dash: [], width: 1.2 });
  edge.stroke(context, 0, edge.last, frame, false);
}

// Returns the boxes of the stars and their labels.
export function drawMinima(context, sight, minima, { labels, theme, frame, smallFont, paths, handle }) {
  const widths = sight.terrain.box.map(([low, high]) => high - low);
  const stars = minima.map(([x, y]) => ({ ...sight.projectPoint(x, y), texts: listMinimumLabels(minima, x, y, widths, labels.minimum) })).filter(({ outside }) => !outside);
  const marked = stars.map(({ x, y, texts, visible }) => ({ x, y, texts: visible ? texts : [], opacity: visible ? 1 : HIDDEN_OPACITY }));
  const avoided = paths.map(({ trail }) => trail.pixels);
  if (handle.start) avoided.push(crossRing(sight.projectPoint(...handle.start)));
  const isOnSurface = ({ line, from, until }) => [from, until].every((x) => sight.dataAt(x, line)); // beside it are the names of the axes
  return drawLabelledStars(context, marked, { theme, frame, font: smallFont, paths: avoided, halo: theme.ground, isWelcome: isOnSurface });
}
