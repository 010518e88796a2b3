// Unpack the modules and the race in this page, and start the player as Streamlit would.

const decompress = (name) => {
  const bytes = Uint8Array.from(atob(document.getElementById(name).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
const decodeBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const createModuleUrl = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

const resolvePath = (other, name) => new URL(other, `folder:/${name}`).pathname.slice(1);

// Give every module a URL, after those that it imports.
function linkModules(modules) {
  const moduleUrls = {};
  const getUrl = (name) => (moduleUrls[name] ??= createModuleUrl(modules[name].replace(/ from "(\.[\w./-]+)"/g, (_, other) => ` from "${getUrl(resolvePath(other, name))}"`)));
  Object.keys(modules).forEach(getUrl);
  return moduleUrls;
}

const [plotly, modules, race] = await Promise.all(["plotly", "modules", "race"].map(decompress));
const moduleUrls = linkModules(JSON.parse(modules));
const { mountPlayer, receiveEquations, receiveStage, receiveView } = await import(moduleUrls["race/mount.js"]);
const { runs, rules, stage, view } = JSON.parse(race);
const parentElement = document.getElementById("player");
const urls = { base: "", folder: "", plotly: createModuleUrl(plotly), styles: [] };

// Requests to Python: the page contains the equations of the runs, and answers no other request.
const setStateValue = (name, value) => {
  if (name === "focus" && rules[value]) receiveEquations({ parentElement: document.createElement("div"), data: decodeBase64(rules[value]) });
};
const show = () => mountPlayer({ parentElement, data: decodeBase64(runs), setStateValue }, urls);

show();
receiveStage({ parentElement: document.createElement("div"), data: new TextEncoder().encode(stage) });
receiveView({ parentElement: document.createElement("div"), data: view });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
document.getElementById("waits").remove();
