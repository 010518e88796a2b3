// Start the picture of the trainings as Streamlit would.

const [modules, trainings] = await Promise.all(["modules", "trainings"].map(decompress));
const { mountTrainings } = await import(linkModules(JSON.parse(modules))["training/mount.js"]);
const { messages, selected } = JSON.parse(trainings);
const parentElement = document.getElementById("player");
const urls = { base: "", folder: "", plotly: "", styles: [] };
let shown = selected;

// The page answers one event, the selection of another training: it contains a message for each of them.
const setStateValue = (name, value) => {
  if (name === "selected" && messages[value.index]) show(value.index);
};

function show(index) {
  shown = index;
  mountTrainings({ parentElement, data: decodeBase64(messages[index]), setStateValue }, urls);
}

show(selected);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(shown));
document.getElementById("waits").remove();
