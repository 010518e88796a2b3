// Where Streamlit mounts the picture of a gradient check, and where its messages come in.

import { createMount } from "../player/base/streamlit_mounting.js";
import { CheckPanel } from "./check_panel.js";

export const mountCheck = createMount((urls) => new CheckPanel(urls));
