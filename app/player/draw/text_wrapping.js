// Break a row of pieces, or a text, into lines.

// `pieces`: {width, gap: room after it, needs: how wide it is with those that belong to it, which may be more than
// there is}. Returns the place of each, from the top left corner, and the height of all.
export function wrapPieces(pieces, width, line) {
  let [x, y] = [0, 0];
  const places = pieces.map((piece) => {
    if (x > 0 && x + (piece.needs ?? piece.width) > width) [x, y] = [0, y + line];
    const place = { x, y };
    x += piece.width + piece.gap;
    return place;
  });
  return { places, height: pieces.length ? y + line : 0 };
}

// A text in parts that are no wider than `width`, cut after a comma or a space where there is one.
export function wrapText(text, width, measure) {
  const parts = [];
  let rest = text;
  while (rest && measure(rest) > width) {
    let end = rest.length;
    while (end > 1 && measure(rest.slice(0, end)) > width) end -= 1;
    const soft = Math.max(rest.lastIndexOf(",", end - 1), rest.lastIndexOf(" ", end - 1)) + 1;
    if (soft > end / 2) end = soft;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest ? [...parts, rest] : parts;
}

// A text that is no wider than `width`, shortened at its end if need be.
export function shortenText(text, width, measure) {
  if (measure(text) <= width) return text;
  let end = text.length;
  while (end > 1 && measure(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
