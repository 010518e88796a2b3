// A map of any kind: its picture, how far the work is, and what is said and heard of it. Each kind draws itself.

import { AssetLoader } from "../player/net/resource_loading.js";
import { createElement } from "../player/base/dom.js";
import { applyTheme } from "../player/base/theme_and_run_styles.js";
import { BasinMap } from "./basins/view.js";
import { RateSweep } from "./learning_rates/view.js";
import { HyperparameterGrid } from "./hyperparameter_pair/view.js";
import { FairRace } from "./fair_race/view.js";
import { FlowComparison } from "./gradient_flow/view.js";
import { ACTIVE_STATES, MapToolbar } from "./progress_and_zoom.js";
import { TapTracker } from "./touch_taps.js";

const NAVIGATION_QUIET_MS = 2000; // milliseconds after a click that leads elsewhere in which nothing is said: a page is on its way
const POLL_MS = 600; // milliseconds after which work that has told nothing new is asked after again
const PATH_TIMEOUT_MS = 2000; // milliseconds after which the path of a place that was pointed at is waited for no longer

// What draws a kind: `new Kind(host, legend, board)` once for each language; `async show()` what `board.message` says,
// in `board.theme`; `remove()`. If it has `zoom(factor)` and `reset()` there are buttons for them; `follow(path)` takes
// the path of the place that was given to `board.point`; `words` are in the line under it.
const MAP_KINDS = { basins: BasinMap, rates: RateSweep, pairs: HyperparameterGrid, fair: FairRace, flow: FlowComparison };

export class MapPanel {
  constructor(urls) {
    this.root = createElement("section", "descent descent-map");
    this.taps = new TapTracker(this.root);
    this.assets = new AssetLoader(urls, ["player/player.css", "maps/map.css"], this.root, () => this.receive(this.message));
    this.serial = Date.now(); // of what is told: no other board of this session had the same
    this.onNavigation = (event) => (event.type === "popstate" || event.target.closest?.("a[href]")) && this.leave();
    document.addEventListener("click", this.onNavigation, true);
    window.addEventListener("popstate", this.onNavigation);
  }

  // Something new was found, or the theme or the language is another. Work that goes on is asked after again.
  async receive(message) {
    if (message.mark !== this.message?.mark) this.taps.reset();
    this.message = message;
    if (!(await this.assets.waitUntilLoaded()) || this.isRemoved || this.message !== message) return;
    const spoken = JSON.stringify([message.kind, message.labels]);
    if (spoken !== this.labelsKey) this.build(message);
    this.labelsKey = spoken;
    await this.show();
    if (ACTIVE_STATES.has(message.state)) this.ask();
    else clearTimeout(this.pollTimer);
  }

  // Asked while a page is on its way, the server would leave that page half-written: it is asked once that is over.
  ask() {
    const { mark, number: seen } = this.message;
    clearTimeout(this.pollTimer);
    const left = (this.quietUntil ?? 0) - performance.now();
    if (left <= 0) this.say("asked", { mark, seen });
    this.pollTimer = setTimeout(() => this.ask(), left > 0 ? left + 1 : POLL_MS); // where there is no news, nothing comes
  }

  say(name, message) {
    if (performance.now() < this.quietUntil) return;
    this.tell(name, { ...message, n: ++this.serial });
  }

  // The visitor is on the way to another page.
  leave() {
    this.quietUntil = performance.now() + NAVIGATION_QUIET_MS;
  }

  build({ kind, labels }) {
    this.mapView?.remove();
    this.root.replaceChildren();
    this.root.dataset.kind = kind;
    const part = (name) => this.root.appendChild(createElement("div", `descent-map-${name}`));
    const [host, tools, readout, legend] = ["plot", "tools", "readout", "legend"].map(part);
    this.readout = readout;
    readout.setAttribute("role", "status");
    this.mapView = new MAP_KINDS[kind](host, legend, this);
    this.tools = new MapToolbar(tools, labels, this.mapView, (value) => this.say("stopped", { value }));
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
    this.root.dataset.apart = message.apart ?? 0;
    this.root.dataset.mark = message.mark;
    this.root.dataset.state = message.state;
  }

  updateReadout() {
    const again = this.taps.waiting ? this.message.labels.again : "";
    this.readout.textContent = [this.mapView.words, again].filter(Boolean).join(" · ");
  }

  // Tapped once: what is said is seen, also on a phone.
  hint() {
    this.updateReadout();
    this.readout.scrollIntoView({ block: "nearest" });
  }

  // ---- what the visitor does

  // Pointed at, null if at nothing: the path of the run there is asked for, one at a time; the next is that of where
  // the pointer is then.
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
    this.expectedSerial = this.serial;
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

  // Clicked, or tapped for the second time: the race begins there.
  pick(place) {
    const picked = this.taps.resolveClick(place);
    if (!picked) {
      this.point(place);
      return this.hint();
    }
    const [x, y] = picked;
    this.say("picked", { x, y });
    this.leave();
  }

  remove() {
    this.isRemoved = true;
    clearTimeout(this.waiting);
    clearTimeout(this.pollTimer);
    document.removeEventListener("click", this.onNavigation, true);
    window.removeEventListener("popstate", this.onNavigation);
    this.stopTraces?.();
    this.mapView?.remove();
    this.root.remove();
  }
}
