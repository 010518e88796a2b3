// Encoded frames as a WebM file (RFC 9559 on RFC 8794): one track, a cluster from each key frame on, cues to find them by.

const CODECS = { vp8: "V_VP8", vp09: "V_VP9" };

// `frames`: {time in milliseconds, key, data: Uint8Array}, the first a key frame; `seconds` in all. Returns the parts of
// the file, for a Blob.
export function webm(frames, { width, height, codec, seconds, title }) {
  const clusters = [];
  for (const frame of frames) {
    if (frame.key) clusters.push([]);
    clusters.at(-1).push(frame);
  }
  const written = clusters.map((cluster) => [element(0x1f43b675, [integer(0xe7, cluster[0].time), ...cluster.map((frame) => block(frame, cluster[0].time))]), cluster[0].time]);
  const info = element(0x1549a966, [
    integer(0x2ad7b1, 1e6), // times in milliseconds
    element(0x4489, [float(1000 * seconds)]),
    text(0x7ba9, title),
    text(0x4d80, "Descent"),
    text(0x5741, "Descent"),
  ]);
  const video = element(0xe0, [integer(0xb0, width), integer(0xba, height)]);
  const track = element(0xae, [integer(0xd7, 1), integer(0x73c5, 1), integer(0x9c, 0), integer(0x83, 1), text(0x86, CODECS[codec.split(".")[0]]), video]);
  const tracks = element(0x1654ae6b, [track]);
  const cues = (from) => {
    let at = from;
    const points = written.map(([cluster, time]) => {
      const place = element(0xb7, [integer(0xf7, 1), integer(0xf1, at, 6)]);
      at += length(cluster);
      return element(0xbb, [integer(0xb3, time, 6), place]);
    });
    return element(0x1c53bb6b, points);
  };
  const before = length(info) + length(tracks);
  const index = cues(before + length(cues(0))); // numbers of one length each: where it ends is known
  const header = element(0x1a45dfa3, [integer(0x4286, 1), integer(0x42f7, 1), integer(0x42f2, 4), integer(0x42f3, 8), text(0x4282, "webm"), integer(0x4287, 4), integer(0x4285, 2)]);
  const body = [...info, ...tracks, ...index, ...written.flatMap(([cluster]) => cluster)];
  return [...header, ...element(0x18538067, [body])];
}

// A frame: its track, its time in the cluster, whether it is a key frame, itself.
function block({ time, key, data }, from) {
  const since = time - from;
  return element(0xa3, [[Uint8Array.of(0x81, since >> 8, since & 0xff, key ? 0x80 : 0), data]]);
}

// Everything is a list of byte arrays, so that frames are not copied: the name, the size in eight bytes, what is inside.
function element(name, parts) {
  const inside = parts.flat();
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(length(inside)) | (1n << 56n));
  return [bytes(name), size, ...inside];
}

const integer = (name, value, size = 0) => element(name, [[bytes(value, size)]]);
const text = (name, said) => element(name, [[new TextEncoder().encode(said)]]);

function float(value) {
  const made = new Uint8Array(8);
  new DataView(made.buffer).setFloat64(0, value);
  return [made];
}

// The bytes of a whole number, the highest first, at least `size`.
function bytes(value, size = 0) {
  const found = [];
  for (let rest = value; rest >= 1 || found.length < Math.max(1, size); rest = Math.floor(rest / 256)) found.unshift(rest % 256);
  return Uint8Array.from(found);
}

const length = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
