// A map of any kind: its picture, progress, readout and legend, and the messages to and from the server.

import { AssetLoader } from "../player/net/plotly_and_css_loading.js";
import { JobPolling } from "../player/net/job_polling.js";
import { createElement, createTextButton, createZoomButtons } from "../player/base/dom.js";
import { keepPictureInSight } from "../player/base/keep_picture_in_sight.js";
import { addTitleTooltips } from "../player/panels/title_tooltips.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { applyTheme } from "../player/base/theme_and_run_styles.js";
import { TapTracker } from "./second_tap_pick.js";
import { MapKeys } from "./zoom_and_help_keys.js";

const PATH_TIMEOUT_MS = 2000; // after which the path of a point is not waited for any longer

// The view of a kind is the default export of the `view.js` in its folder: `new View(host, legend, panel)` once for each
// language; `async show()` draws `panel.message` in `panel.theme`; `remove()`. With `zoom(factor)` and `reset()` it has
// buttons for them; `follow(path)` takes the path of the point that was given to `panel.point`; `words` are its readout.
export class MapPanel {
  constructor(urls) {
    this.urls = urls;
    this.root = createElement("section", "descent descent-map");
    this.taps = new TapTracker(this.root);
    for (const type of ["keydown", "focusin"]) this.root.addEventListener(type, () => this.mapView && this.updateReadout());
    const keep = (event) => event.pointerType === "mouse" && !event.buttons && this.taps.waiting && event.stopPropagation();
    for (const name of ["pointermove", "pointerleave"]) this.root.addEventListener(name, keep, true); // what was clicked stays
    this.polling = new JobPolling();
  }

  // There is a new result, theme or language. A job that goes on is polled again.
  async receive(message) {
    if (message.job_id !== this.message?.job_id) this.taps.reset();
    this.message = message;
    this.assets ??= new AssetLoader(this.urls, ["player/player.css", "maps/map.css", ...message.files], this.root, () => this.receive(this.message));
    if (!(await this.assets.waitUntilLoaded()) || this.isRemoved || this.message !== message) return;
    const spoken = JSON.stringify([message.kind, message.labels]);
    if (spoken !== this.labelsKey) this.build(message);
    this.labelsKey = spoken;
    await this.show();
    this.polling.receive(this.tell, message);
  }

  say(name, message) {
    this.polling.say(name, message);
  }

  build({ kind, labels }) {
    this.mapView?.remove();
    this.keys?.remove();
    this.stopKeeping?.();
    this.removeHints?.();
    this.root.replaceChildren();
    this.removeHints = addTitleTooltips(this.root);
    this.root.dataset.kind = kind;
    const createPart = (name) => this.root.appendChild(createElement("div", `descent-map-${name}`));
    const [host, tools, reading, legend] = ["plot", "tools", "reading", "legend"].map(createPart);
    const readout = reading.appendChild(createElement("div", "descent-map-readout"));
    this.stopKeeping = keepPictureInSight(this.root, host);
    this.readout = readout;
    this.raceButton = reading.appendChild(createTextButton("descent-word", labels.race, () => this.race(this.taps.firstTap.what)));
    readout.setAttribute("role", "status");
    this.mapView = new this.assets.view(host, legend, this);
    this.tools = new JobProgress(tools, labels, (value) => this.say("stopped", { value }));
    if (this.mapView.zoom) tools.appendChild(createElement("span", "descent-tools")).append(...createZoomButtons(labels, 2, () => this.mapView));
    this.keys = new MapKeys(this.root, tools, labels, this.mapView);
  }

  async show() {
    const { message } = this;
    const name = applyTheme(this.root, message.themes);
    this.theme = message.themes[name];
    this.dark = name === "dark";
    this.tools.set(message);
    const drawn = this.mapView.show();
    this.updateReadout();
    await drawn;
    this.root.dataset.stride = message.stride ?? 0;
    this.root.dataset.jobId = message.job_id;
    this.root.dataset.state = message.state;
  }

  updateReadout() {
    const { labels } = this.message;
    const again = this.taps.waiting ? (this.taps.isTouch ? labels.again : labels.click_again) : "";
    this.readout.textContent = [this.mapView.words, again].filter(Boolean).join(" · ");
    this.raceButton.hidden = !again;
  }

  // After the first click or tap the readout and the button are in sight, also on a phone.
  hint() {
    this.updateReadout();
    this.readout.parentElement.scrollIntoView({ block: "nearest" });
  }

  // ---- what the visitor does

  // The pointer is at a point of the map, null outside. The path of the run there is requested, one at a time: the next
  // request is for where the pointer is when the answer came.
  point(at) {
    this.place = at;
    this.updateReadout();
    if (!at) return this.mapView.follow?.(null);
    this.wanted = at;
    if (!this.expectedSerial) this.requestPath();
  }

  requestPath() {
    const [x, y] = this.wanted;
    this.wanted = null;
    this.say("pointed", { x, y });
    this.expectedSerial = this.polling.serial;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => (this.expectedSerial = null), PATH_TIMEOUT_MS);
  }

  follow(path) {
    if (path.n !== this.expectedSerial) return;
    this.expectedSerial = null;
    clearTimeout(this.waiting);
    if (this.place) this.mapView?.follow?.(path);
    if (this.wanted) this.requestPath();
  }

  // The first click or tap on `what` shows it by `show()`; a second one, the button or a key races it.
  pick(what, show = () => {}) {
    const picked = this.taps.resolveClick(what);
    if (picked) return this.race(picked);
    show();
    this.hint();
  }

  pickPlace([x, y]) {
    this.pick({ x, y }, () => this.point([x, y]));
  }

  race(what) {
    this.say("picked", what);
    this.polling.leave();
  }

  remove() {
    this.isRemoved = true;
    clearTimeout(this.waiting);
    this.polling.remove();
    this.stopTraces?.();
    this.stopKeeping?.();
    this.keys?.remove();
    this.mapView?.remove();
    this.root.remove();
  }
}
