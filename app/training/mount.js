// Where Streamlit mounts the picture of the trainings, and where its messages come in.

import { createMount } from "../player/base/streamlit_mounting.js";
import { TrainingPanel } from "./training_panel.js";

export const mountTrainings = createMount((urls) => new TrainingPanel(urls));
