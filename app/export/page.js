// A race in one file: unpacks what the page carries, and starts the player with it as Streamlit would.

const decompress = (name) => {
  const bytes = Uint8Array.from(atob(document.getElementById(name).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
const decodeBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const createModuleUrl = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

const resolved = (other, name) => new URL(other, `folder:/${name}`).pathname.slice(1);

// Every module under an address of its own, those that it imports first.
function linkModules(modules) {
  const moduleUrls = {};
  const place = (name) => (moduleUrls[name] ??= createModuleUrl(modules[name].replace(/ from "(\.[\w./-]+)"/g, (_, other) => ` from "${place(resolved(other, name))}"`)));
  Object.keys(modules).forEach(place);
  return moduleUrls;
}

const [plotly, modules, race] = await Promise.all(["plotly", "modules", "race"].map(decompress));
const moduleUrls = linkModules(JSON.parse(modules));
const { mountPlayer, receiveEquations, receiveStage, receiveView } = await import(moduleUrls["race/mount.js"]);
const { runs, rules, ...said } = JSON.parse(race);
const parentElement = document.getElementById("player");
const urls = { base: "", folder: "", plotly: createModuleUrl(plotly), styles: [] };

// What the visitor wants of Python: the rule of a run is here, nothing else can be had.
const setStateValue = (name, value) => {
  if (name === "focus" && rules[value]) receiveEquations({ parentElement: document.createElement("div"), data: decodeBase64(rules[value]) });
};
const show = () => mountPlayer({ parentElement, data: decodeBase64(runs), setStateValue }, urls);

show();
receiveStage({ parentElement: document.createElement("div"), data: new TextEncoder().encode(said.stage) });
receiveView({ parentElement: document.createElement("div"), data: said.view });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
document.getElementById("waits").remove();
