// What Python sends, written once more: length of the header, the header padded to 4 bytes, the columns.

export function message(header, ...columns) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = text.length + (-text.length & 3);
  const blocks = columns.map((column) => new Uint8Array(column.buffer));
  const bytes = new Uint8Array(4 + padded + blocks.reduce((sum, block) => sum + block.length, 0)).fill(32);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.set(text, 4);
  let offset = 4 + padded;
  for (const block of blocks) {
    bytes.set(block, offset);
    offset += block.length;
  }
  return bytes;
}

export const floats = (...values) => Float32Array.from(values);
