// Lines and marks are as much larger as the type around them: on a projector the back row must see them too.

const USUAL_TYPE_PIXELS = 14; // the player's type on a desk
const SMALL_TYPE = 0.86; // of labels, in the player's type

const typeSize = (host) => parseFloat(getComputedStyle(host).fontSize);

// How many times its usual size a mark in this element has.
export const getDrawingScale = (host) => typeSize(host) / USUAL_TYPE_PIXELS;

// The font of labels on a canvas in this element.
export function getSmallFont(host) {
  return `${SMALL_TYPE * typeSize(host)}px ${getComputedStyle(host).fontFamily}`;
}

// The scale of the marks beside labels in this font.
export const scaleOfFont = (font) => parseFloat(font) / (SMALL_TYPE * USUAL_TYPE_PIXELS);
