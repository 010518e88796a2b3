// Where Streamlit mounts a bug hunt, and where its messages come in.

import { createMount } from "../player/base/streamlit_mounting.js";
import { HuntPanel } from "./hunt_panel.js";

export const mountHunt = createMount((urls) => new HuntPanel(urls));
