// The link to what a picture shows, and the name of its file.

// The scene's parts [name, text] and its view, as app/scene_text/writer.py writes them.
export function addViewPart(scene, view, defaults) {
  const { mode, ...changed } = Object.fromEntries(Object.entries(view).filter(([name, value]) => String(value) !== String(defaults[name])));
  const said = Object.entries(changed).map(([name, value]) => `${name}=${formatOption(value)}`);
  if (!said.length && !mode) return scene;
  return [...scene, ["view", `${view.mode}(${said.join(",")})`]];
}

const formatOption = (value) => (Array.isArray(value) && value.length !== 1 ? `(${value.join(",")})` : String(value));

// The link, in letters that every program takes.
export function buildLink(base, parts) {
  return `${base}?${parts.map(([name, value]) => `${name}=${encodeValue(value)}`).join("&")}`;
}

const encodeValue = (value) =>
  encodeURIComponent(value)
    .replace(/%2C/g, ",")
    .replace(/%3D/g, "=")
    .replace(/['!*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

// Surface and step in letters that every file system takes: rosenbrock-step-137.png.
export function buildFileName(parts, { pace, step }, ending) {
  const surface = /^\w*/.exec(toObject(parts).surface ?? "")[0].slice(0, 40) || "race";
  return `${surface}-${pace === "steps" ? "step" : "evaluation"}-${step}.${ending}`;
}

// rosenbrock-400-steps.webm
export function buildAnimationName(parts, { pace, steps }, ending) {
  return buildFileName(parts, { pace, step: 0 }, ending).replace(/-(step|evaluation)-0\./, `-${steps}-$1s.`);
}

const toObject = (parts) => Object.fromEntries([...parts].reverse());
