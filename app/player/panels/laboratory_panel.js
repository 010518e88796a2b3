// The picture of a laboratory: it is built once for each language, shows one message of the server after another, and
// sends back what the visitor does.

import { createElement } from "../base/dom.js";
import { addKeyListeners } from "../base/keyboard.js";
import { applyTheme } from "../base/theme_and_run_styles.js";
import { JobPolling } from "../net/job_polling.js";
import { AssetLoader } from "../net/plotly_and_css_loading.js";
import { addTitleTooltips } from "./title_tooltips.js";

// A laboratory has `build(labels)`, which fills the emptied `root`, `show()`, which shows `message` in `theme`, and
// `removeParts()` if what it builds has to be taken away.
export class LaboratoryPanel {
  constructor(urls, name, styles) {
    this.urls = { ...urls, plotly: "" }; // nothing here is drawn by it
    this.name = name;
    this.styles = ["player/player.css", ...styles];
    this.root = createElement("section", `descent descent-${name}`);
    this.polling = new JobPolling();
    this.removeKeys = addKeyListeners(this.polling.historyKeys, () => !this.root.isConnected || Boolean(this.message?.fixed));
  }

  async receive(message, tell) {
    this.message = message;
    this.polling.receive(tell, message);
    this.assets ??= new AssetLoader(this.urls, this.urls.styles ?? this.styles, this.root, () => this.receive(this.message, tell));
    if (!(await this.assets.waitUntilLoaded()) || this.isRemoved || this.message !== message) return;
    if (!this.prepare()) return;
    const spoken = JSON.stringify(message.labels);
    if (spoken !== this.spoken) this.rebuild(message.labels);
    this.spoken = spoken;
    this.themeName = applyTheme(this.root, message.themes);
    this.theme = message.themes[this.themeName];
    this.show();
    if (message.job_id) Object.assign(this.root.dataset, { jobId: message.job_id, state: message.state });
  }

  // Whether the message may be shown; a laboratory that first needs something else asks for it here.
  prepare() {
    return true;
  }

  rebuild(labels) {
    this.clear();
    this.root.replaceChildren();
    this.removeHints = addTitleTooltips(this.root);
    this.build(labels);
  }

  // A part of the page, with a heading if it has a title.
  addSection(name, title = "") {
    const section = this.root.appendChild(createElement("section", `descent-${this.name}-${name}`));
    if (title) section.append(createElement("h2", "", title));
    return section;
  }

  say(name, detail = {}) {
    this.polling.say(name, detail);
  }

  clear() {
    this.removeParts?.();
    this.removeHints?.();
  }

  remove() {
    this.isRemoved = true;
    this.polling.remove();
    this.removeKeys();
    this.clear();
    this.root.remove();
  }
}
