// Write encoded frames as a WebM file (RFC 9559 on RFC 8794): one track, a cluster per key frame, cues for seeking.

const CODECS = { vp8: "V_VP8", vp09: "V_VP9" };

// `frames`: {time in milliseconds, key, data: Uint8Array}, the first a key frame; `seconds` in all. Returns the parts
// of the file, for a Blob.
export function muxWebM(frames, { width, height, codec, seconds, title }) {
  const clusters = [];
  for (const frame of frames) {
    if (frame.key) clusters.push([]);
    clusters.at(-1).push(frame);
  }
  const written = clusters.map((cluster) => [encodeElement(0x1f43b675, [encodeInteger(0xe7, cluster[0].time), ...cluster.map((frame) => encodeBlock(frame, cluster[0].time))]), cluster[0].time]);
  const info = encodeElement(0x1549a966, [
    encodeInteger(0x2ad7b1, 1e6), // times in milliseconds
    encodeElement(0x4489, [encodeFloat(1000 * seconds)]),
    encodeText(0x7ba9, title),
    encodeText(0x4d80, "Descent"),
    encodeText(0x5741, "Descent"),
  ]);
  const video = encodeElement(0xe0, [encodeInteger(0xb0, width), encodeInteger(0xba, height)]);
  const track = encodeElement(0xae, [encodeInteger(0xd7, 1), encodeInteger(0x73c5, 1), encodeInteger(0x9c, 0), encodeInteger(0x83, 1), encodeText(0x86, CODECS[codec.split(".")[0]]), video]);
  const tracks = encodeElement(0x1654ae6b, [track]);
  const cues = (from) => {
    let at = from;
    const points = written.map(([cluster, time]) => {
      const place = encodeElement(0xb7, [encodeInteger(0xf7, 1), encodeInteger(0xf1, at, 6)]);
      at += countBytes(cluster);
      return encodeElement(0xbb, [encodeInteger(0xb3, time, 6), place]);
    });
    return encodeElement(0x1c53bb6b, points);
  };
  const before = countBytes(info) + countBytes(tracks);
  const index = cues(before + countBytes(cues(0))); // numbers of one length each: where it ends is known
  const header = encodeElement(0x1a45dfa3, [encodeInteger(0x4286, 1), encodeInteger(0x42f7, 1), encodeInteger(0x42f2, 4), encodeInteger(0x42f3, 8), encodeText(0x4282, "webm"), encodeInteger(0x4287, 4), encodeInteger(0x4285, 2)]);
  const body = [...info, ...tracks, ...index, ...written.flatMap(([cluster]) => cluster)];
  return [...header, ...encodeElement(0x18538067, [body])];
}

// A frame: its track, its time in the cluster, whether it is a key frame, itself.
function encodeBlock({ time, key, data }, from) {
  const since = time - from;
  return encodeElement(0xa3, [[Uint8Array.of(0x81, since >> 8, since & 0xff, key ? 0x80 : 0), data]]);
}

// Everything is a list of byte arrays, so that frames are not copied: the name, the size in eight bytes, what is
// inside.
function encodeElement(name, parts) {
  const inside = parts.flat();
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(countBytes(inside)) | (1n << 56n));
  return [toBytes(name), size, ...inside];
}

const encodeInteger = (name, value, size = 0) => encodeElement(name, [[toBytes(value, size)]]);
const encodeText = (name, said) => encodeElement(name, [[new TextEncoder().encode(said)]]);

function encodeFloat(value) {
  const made = new Uint8Array(8);
  new DataView(made.buffer).setFloat64(0, value);
  return [made];
}

// The bytes of a whole number, the highest first, at least `size`.
function toBytes(value, size = 0) {
  const found = [];
  for (let rest = value; rest >= 1 || found.length < Math.max(1, size); rest = Math.floor(rest / 256)) found.unshift(rest % 256);
  return Uint8Array.from(found);
}

const countBytes = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
