// Where Streamlit mounts the scenes of the playlist, and where its messages come in.

import { runSafely } from "../player/base/decode_message.js";
import { createElement } from "../player/base/dom.js";
import { MountedPanels } from "../player/base/streamlit_mounting.js";
import { applyTheme } from "../player/base/theme_and_run_styles.js";
import { JobPolling } from "../player/net/job_polling.js";
import { loadStyles } from "../player/net/plotly_and_css_loading.js";
import { SceneList } from "../player/panels/scene_list.js";

const STYLE_SHEETS = ["player/scenes.css"];

class PlaylistPanel {
  constructor(urls) {
    this.root = createElement("section", "descent-playlist");
    this.root.hidden = true;
    loadStyles(urls, STYLE_SHEETS).finally(() => (this.root.hidden = false));
    this.polling = new JobPolling();
  }

  receive(message, send) {
    const { version, scenes, labels, palette } = message;
    this.polling.receive(send, message); // while the curves of its pictures are computed
    this.version = version;
    const theme = applyTheme(this.root, palette.themes);
    const key = JSON.stringify(labels);
    if (key !== this.labelsKey) {
      this.root.replaceChildren();
      this.list = new SceneList(this.root, labels, {
        onOpen: (i) => this.tell("opened", { opened: i }),
        onReorder: (order) => this.tell("order", { order }),
        onLeaveOut: (i) => this.tell("left_out", { left_out: i }),
      });
    }
    this.labelsKey = key;
    this.list.set(scenes, palette.themes[theme], palette.styles[theme]);
  }

  // Send an event with the version of the text that its indices refer to.
  tell(name, value) {
    this.polling.say(name, { ...value, version: this.version });
  }

  remove() {
    this.polling.remove();
    this.root.remove();
  }
}

const panels = new MountedPanels((urls) => new PlaylistPanel(urls));

export function mountPlaylist({ parentElement, data, setStateValue }, urls) {
  runSafely(() => panels.mount(data.id, parentElement, urls).panel.receive(data, setStateValue));
  return () => panels.unmount(parentElement);
}
