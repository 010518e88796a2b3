// Start the picture of the trainings as Streamlit would.

const [modules, trainings] = await Promise.all(["modules", "trainings"].map(decompress));
const { mountTrainings } = await import(linkModules(JSON.parse(modules))["training/mount.js"]);
const { messages, selected } = JSON.parse(trainings);
const parentElement = document.getElementById("player");
const urls = { base: "", folder: "", plotly: "", styles: [] };
let shown = selected;

// Of what the visitor does, the page can show another training: the inside of each is in it.
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
