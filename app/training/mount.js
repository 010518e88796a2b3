// Where Streamlit mounts the picture of the trainings, and where its messages come in.

import { decodeMessage } from "../player/base/decode_message.js";
import { createMount, mountMessage } from "../player/base/streamlit_mounting.js";
import { NEWS, TrainingPanel } from "./training_panel.js";

export const mountTrainings = createMount((urls) => new TrainingPanel(urls));
export const receiveTrainingNews = (component) => mountMessage(NEWS, component, decodeMessage);
