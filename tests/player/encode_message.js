// Encode a message as Python does: length of the header, the header, the arrays.

const KINDS = { Uint8Array: "u1", Uint16Array: "u2", Float32Array: "f4", Float64Array: "f8" };

export function message(header, arrays = {}) {
  const listed = Object.entries(arrays).map(([name, values]) => [name, KINDS[values.constructor.name] ?? "i9", values.length]);
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: listed }));
  const blocks = Object.values(arrays).map((values) => new Uint8Array(values.buffer));
  return Uint8Array.from([text.length & 255, text.length >> 8, 0, 0, ...text, ...blocks.flatMap((block) => [...block])]);
}

export const floats = (...values) => Float32Array.from(values);
