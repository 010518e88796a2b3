// Start the player as Streamlit would.

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
receiveStage({ parentElement: document.createElement("div"), data: decodeBase64(stage) });
receiveView({ parentElement: document.createElement("div"), data: view });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
document.getElementById("waits").remove();
