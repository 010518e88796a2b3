// Add text to a PNG: a tEXt chunk (PNG 3rd edition, 11.3.3.3), part of the file but not of the picture.

const HEADER_BYTES = 8 + 25; // the signature, and IHDR, which must come first

// The file with `keyword: text` in it, both Latin letters.
export function addTextChunk(png, keyword, text) {
  const words = Uint8Array.from(`${keyword}\0${text}`, (letter) => letter.charCodeAt(0));
  const chunk = new Uint8Array(12 + words.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, words.length);
  chunk.set([0x74, 0x45, 0x58, 0x74], 4); // tEXt
  chunk.set(words, 8);
  view.setUint32(8 + words.length, computeCrc(chunk.subarray(4, 8 + words.length)));
  const made = new Uint8Array(png.length + chunk.length);
  made.set(png.subarray(0, HEADER_BYTES));
  made.set(chunk, HEADER_BYTES);
  made.set(png.subarray(HEADER_BYTES), HEADER_BYTES + chunk.length);
  return made;
}

// As PNG's annex D has it, bit by bit: the text is short.
export function computeCrc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
