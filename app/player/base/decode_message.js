// Reads what Python sends: a header and float columns for the runs, JSON for the stage. Nonsense throws.

const TYPED_ARRAYS = { f4: Float32Array, f8: Float64Array };
const REQUIRED_COLUMNS = ["x", "y", "loss"];

export function decodeRuns(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length < 8) throw new Error("runs: no message");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (4 + length > bytes.length) throw new Error("runs: the header is longer than the message");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  if (!Number.isInteger(header.steps) || header.steps < 0) throw new Error("runs: no number of steps");
  if (!Array.isArray(header.runs) || !isPoint(header.start)) throw new Error("runs: no runs or no start");
  let offset = 4 + length;
  for (const run of header.runs) {
    const columns = {};
    for (const [name, kind] of run.columns) {
      const ramp = kind === "ramp"; // the first value and the step of one that rises evenly
      const array = ramp ? Float64Array : TYPED_ARRAYS[kind];
      if (!array) throw new Error(`runs: a column of kind ${kind}`);
      const end = offset + (ramp ? 2 : run.length) * array.BYTES_PER_ELEMENT;
      if (end > bytes.length) throw new Error("runs: a column is cut short");
      const values = new array(bytes.slice(offset, end).buffer);
      columns[name] = ramp ? Float64Array.from({ length: run.length }, (_, k) => values[0] + k * values[1]) : values;
      offset = end;
    }
    if (REQUIRED_COLUMNS.some((name) => !columns[name])) throw new Error("runs: a run without a path");
    run.columns = columns;
  }
  if (offset !== bytes.length) throw new Error("runs: bytes left over");
  return header;
}

// How to look at the scene, and what the address bar is to say.
export function decodeView(message) {
  const { id, view, n, query } = message ?? {};
  if (typeof id !== "string" || typeof query !== "string" || !Number.isInteger(n)) throw new Error("view: no message");
  if (typeof view?.mode !== "string" || !Array.isArray(view.arrows)) throw new Error("view: none");
  return message;
}

// What names the runs that went by the feed.
export function decodeDigest(data) {
  if (typeof data?.id !== "string" || typeof data.mark !== "string" || !data.mark) throw new Error("runs: no mark");
  return data;
}

export function decodeStage(bytes) {
  const message = JSON.parse(new TextDecoder().decode(bytes));
  const { box } = message.stage;
  if (!box.flat().every(Number.isFinite) || box.some(([low, high]) => !(low < high))) throw new Error("stage: no box");
  return message;
}

const isPoint = (p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite);

// A message that cannot be read changes nothing. Whether it could be.
export function runSafely(read) {
  try {
    read();
    return true;
  } catch (error) {
    console.warn(`descent: ignored a message: ${error.message}`);
    return false;
  }
}
