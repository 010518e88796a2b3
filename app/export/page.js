// A race in one file: unpacks what the page carries, and starts the player with it as Streamlit would.

const unpacked = (name) => {
  const bytes = Uint8Array.from(atob(document.getElementById(name).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const address = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

const resolved = (other, name) => new URL(other, `folder:/${name}`).pathname.slice(1);

// Every module under an address of its own, those that it imports first.
function linked(modules) {
  const places = {};
  const place = (name) => (places[name] ??= address(modules[name].replace(/ from "(\.[\w./-]+)"/g, (_, other) => ` from "${place(resolved(other, name))}"`)));
  Object.keys(modules).forEach(place);
  return places;
}

const [plotly, modules, race] = await Promise.all(["plotly", "modules", "race"].map(unpacked));
const places = linked(JSON.parse(modules));
const { player, rule, stage, view } = await import(places["player/mount.js"]);
const { runs, rules, ...said } = JSON.parse(race);
const parentElement = document.getElementById("player");
const urls = { base: "", folder: "", plotly: address(plotly), styles: [] };

// What the visitor wants of Python: the rule of a run is here, nothing else can be had.
const setStateValue = (name, value) => {
  if (name === "focus" && rules[value]) rule({ parentElement: document.createElement("div"), data: bytesOf(rules[value]) });
};
const show = () => player({ parentElement, data: bytesOf(runs), setStateValue }, urls);

show();
stage({ parentElement: document.createElement("div"), data: new TextEncoder().encode(said.stage) });
view({ parentElement: document.createElement("div"), data: said.view });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
document.getElementById("waits").remove();
