// Reads a map's message: a header and arrays behind it. Nonsense throws.

const TYPED_ARRAYS = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array, f8: Float64Array };

export function decodeMap(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length < 8) throw new Error("map: no message");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (4 + length > bytes.length) throw new Error("map: the header is longer than the message");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let offset = 4 + length;
  const arrays = {};
  for (const [name, kind, size] of header.arrays) {
    const array = TYPED_ARRAYS[kind];
    if (!array) throw new Error(`map: an array of kind ${kind}`);
    const end = offset + size * array.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new Error("map: an array is cut short");
    arrays[name] = new array(bytes.slice(offset, end).buffer);
    offset = end + ((8 - (end - offset) % 8) % 8);
  }
  return { ...header, arrays };
}
