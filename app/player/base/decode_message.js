// Reads what Python sends: a header and arrays for landscapes, runs, equations and maps, JSON for the rest. Nonsense throws.

const TYPED_ARRAYS = { u1: Uint8Array, u2: Uint16Array, f4: Float32Array, f8: Float64Array };
const ARGUMENTS_AT_ONCE = 2 ** 14; // of a function: browsers refuse too many
const REQUIRED_COLUMNS = ["x", "y", "loss"];

// The header, with its arrays by name; app/browser/binary_message.py has the layout.
export function decodeMessage(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length < 4) throw new Error("no message");
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  let offset = 4 + length;
  if (offset > bytes.length) throw new Error("the header is longer than the message");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, offset)));
  const arrays = {};
  for (const [name, kind, size] of header.arrays) {
    const array = TYPED_ARRAYS[kind];
    if (!array) throw new Error(`an array of kind ${kind}`);
    const end = offset + size * array.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new Error("an array is cut short");
    arrays[name] = new array(bytes.slice(offset, end).buffer);
    offset = end;
  }
  if (offset !== bytes.length) throw new Error("bytes left over");
  return { ...header, arrays };
}

export function decodeRuns(bytes) {
  const { arrays, ...scene } = decodeMessage(bytes);
  if (!Number.isInteger(scene.steps) || scene.steps < 0) throw new Error("runs: no number of steps");
  if (!Array.isArray(scene.runs) || !isPoint(scene.start)) throw new Error("runs: no runs or no start");
  for (const [i, run] of scene.runs.entries()) {
    const column = (name) => {
      const values = arrays[`${i}/${name}`];
      const whole = run.ramps.includes(name) ? Float64Array.from({ length: run.length }, (_, k) => values[0] + k * values[1]) : values;
      if (whole.length !== run.length) throw new Error("runs: a column of another length");
      return whole;
    };
    run.columns = Object.fromEntries(run.columns.map((name) => [name, column(name)]));
    if (REQUIRED_COLUMNS.some((name) => !run.columns[name])) throw new Error("runs: a run without a path");
  }
  return scene;
}

export function decodeEquations(bytes) {
  const { arrays, ...rule } = decodeMessage(bytes);
  if (!Array.isArray(rule.lines) || !Number.isInteger(rule.length)) throw new Error("rule: no lines");
  const columns = Array.from(rule.styles, (_, slot) => arrays[slot]); // a slot each
  if (columns.some((column) => column.length !== 1 && column.length !== rule.length)) throw new Error("rule: a column of another length");
  return { ...rule, columns };
}

// The view of the scene, and what is to be done with the address bar.
export function decodeView(message) {
  const { id, view, n, address } = message ?? {};
  if (typeof id !== "string" || typeof address?.query !== "string" || !Number.isInteger(n)) throw new Error("view: no message");
  if (typeof view?.mode !== "string" || !Array.isArray(view.arrows)) throw new Error("view: none");
  return message;
}

// The digest of runs that went by the socket.
export function decodeDigest(data) {
  if (typeof data?.id !== "string" || typeof data.digest !== "string" || !data.digest) throw new Error("runs: no digest");
  return data;
}

// Its heights are put into the figure as Plotly reads them, and as the parts of the landscape have them that come later.
export function decodeStage(bytes) {
  const { arrays: { heights }, ...message } = decodeMessage(bytes);
  const { box, figure } = message.stage;
  figure.data[0].z.bdata = encodeBase64(heights);
  if (!box.flat().every(Number.isFinite) || box.some(([low, high]) => !(low < high))) throw new Error("stage: no box");
  return message;
}

function encodeBase64(array) {
  const bytes = new Uint8Array(array.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += ARGUMENTS_AT_ONCE) text += String.fromCharCode(...bytes.subarray(i, i + ARGUMENTS_AT_ONCE));
  return btoa(text);
}

const isPoint = (p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite);

// Call `read`; an unreadable message is ignored. Returns whether it could be read.
export function runSafely(read) {
  try {
    read();
    return true;
  } catch (error) {
    console.warn(`descent: ignored a message: ${error.message}`);
    return false;
  }
}
