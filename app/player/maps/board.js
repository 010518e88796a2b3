// A map of where each start leads: its picture, what the pointer is over, how far the work is, and its legend.

import { element, loadStyle } from "../parts.js";
import { themeOf } from "../theme.js";
import { coordinate, figure, fill } from "../ticks.js";
import { LOST, SADDLE, STALLED, blend, hueOf, paceOf, paint, rgb, stillnesses } from "./colours.js";
import { Chart } from "./chart.js";
import { GOING, Tools } from "./tools.js";

const INKS = ["ground", "panel", "card", "ink", "muted", "hairline", "accent"];
const FAREWELL = 2000; // milliseconds after a click in which nothing is said: the race is on its way
const NAMED = 8; // minima in the legend
const KINDS = { [SADDLE]: "saddle", [STALLED]: "stalled", [LOST]: "lost" };

export class Board {
  constructor(urls) {
    this.root = element("section", "descent descent-map");
    this.ready = Promise.all([
      ...["player.css", "maps/map.css"].map((name) => loadStyle(urls.folder + name)),
      window.Plotly ? null : import(urls.plotly),
    ]);
    this.serial = Date.now(); // of what is told: no other board of this session had the same
  }

  settle(parent) {
    if (this.root.parentElement === parent) return;
    parent.append(this.root);
    this.home = parent;
  }

  // Something new was found, or the theme or the language is another. Work that goes on is asked after again.
  async receive(message) {
    this.message = message;
    await this.ready;
    if (this.removed || this.message !== message) return;
    const spoken = JSON.stringify(message.labels);
    if (spoken !== this.spoken) this.build(message.labels);
    this.spoken = spoken;
    await this.show();
    if (GOING.has(message.state)) this.say("asked", { mark: message.mark, seen: message.number });
  }

  say(name, said) {
    if (performance.now() < this.leaving) return;
    this.tell(name, { ...said, n: ++this.serial });
  }

  build(labels) {
    this.chart?.remove();
    this.root.replaceChildren();
    const part = (name) => this.root.appendChild(element("div", `descent-map-${name}`));
    this.host = part("plot");
    this.chart = new Chart(this.host, {
      point: (place) => this.point(place),
      pick: (place) => this.pick(place),
      look: (window) => this.look(window),
    });
    this.tools = new Tools(part("tools"), labels, {
      zoom: (factor) => this.chart.zoom(factor),
      reset: () => this.look(this.message.box),
      stop: (value) => this.say("stopped", { value }),
    });
    this.readout = part("readout");
    this.readout.setAttribute("role", "status");
    this.legend = part("legend");
  }

  async show() {
    const { message } = this;
    const name = themeOf(this.root);
    const theme = message.themes[name];
    for (const ink of INKS) this.root.style.setProperty(`--descent-${ink}`, theme[ink]);
    Object.assign(this, { theme, dark: name === "dark" });
    this.root.dataset.theme = name;
    document.documentElement.style.colorScheme = name; // also for what Streamlit lays over the page
    this.host.setAttribute("aria-label", `${message.title}: ${message.labels.map}`);
    const { arrays } = message;
    this.tools.set(message);
    this.pace = arrays.code && paceOf(arrays);
    const picture = arrays.code && paint(arrays, message.side, this.pace, theme, this.dark);
    const drawn = this.chart.set(message, picture, theme);
    this.describe();
    this.spell();
    await drawn;
    this.root.dataset.apart = message.apart;
    this.root.dataset.state = message.state;
  }

  // What the legend says: each minimum with its share of the starts, and what leads to none.
  describe() {
    const { message, theme, dark, pace } = this;
    const { labels, arrays } = message;
    if (!arrays.code) return this.legend.replaceChildren();
    const counts = new Map();
    for (const kind of arrays.code) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const minima = [...counts.keys()].filter((kind) => kind < SADDLE).sort((a, b) => counts.get(b) - counts.get(a));
    const rows = minima.slice(0, NAMED).map((kind) => {
      const colour = hueOf(kind, theme, dark);
      const shades = [1, 0.5, 0].map((share) => css(blend(colour, rgb(theme.ground), share)));
      return this.row(`linear-gradient(90deg, ${shades})`, fill(labels.minimum, { place: this.minimum(kind) }), counts.get(kind));
    });
    const rest = minima.slice(NAMED).reduce((sum, kind) => sum + counts.get(kind), 0);
    if (rest) rows.push(this.row(`repeating-linear-gradient(90deg, ${minima.slice(NAMED, NAMED + 3).map((kind, i) => `${css(hueOf(kind, theme, dark))} ${8 * i}px ${8 * i + 8}px`)})`, labels.others, rest));
    const grounds = {
      [SADDLE]: css(stillnesses(theme).saddle),
      [STALLED]: css(stillnesses(theme).stalled),
      [LOST]: `repeating-linear-gradient(135deg, ${theme.muted} 0 1.5px, ${theme.ground} 1.5px 5px)`,
    };
    for (const [kind, name] of Object.entries(KINDS)) if (counts.get(Number(kind))) rows.push(this.row(grounds[kind], labels[name], counts.get(Number(kind))));
    const list = element("ul", "");
    list.append(...rows);
    const scale = Object.assign(element("p", "descent-quiet"), {
      textContent: pace ? fill(labels.pace, pace) : "",
    });
    this.legend.replaceChildren(list, scale);
  }

  row(background, words, count) {
    const { labels, side } = this.message;
    const row = element("li", "");
    const swatch = row.appendChild(element("i", "descent-map-swatch"));
    swatch.style.background = background;
    row.append(words, Object.assign(element("b", ""), { textContent: fill(labels.share, { share: figure((100 * count) / side ** 2, 2) }) }));
    return row;
  }

  minimum(kind) {
    const { minima } = this.message.arrays;
    const many = minima.length / 2;
    return this.placed(minima[Math.min(kind, many - 1)], minima[many + Math.min(kind, many - 1)]);
  }

  placed(x, y) {
    const [across, up] = this.message.window.map(([low, high]) => high - low);
    return `(${coordinate(x, across)}, ${coordinate(y, up)})`;
  }

  // ---- what the visitor does

  point(place) {
    this.place = place;
    this.spell();
    if (!place) return this.chart.path(null);
    this.wanted = place;
    if (!this.asking) this.ask();
  }

  // One path at a time is on its way: the next is that of where the pointer is then.
  ask() {
    const [x, y] = this.wanted;
    this.wanted = null;
    this.say("pointed", { x, y });
    this.asking = this.serial;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => (this.asking = null), 2000);
  }

  follow(path) {
    if (path.n !== this.asking) return;
    this.asking = null;
    clearTimeout(this.waiting);
    if (this.place) this.chart?.path(path);
    if (this.wanted) this.ask();
  }

  pick([x, y]) {
    this.say("picked", { x, y });
    this.leaving = performance.now() + FAREWELL;
  }

  look(window) {
    this.say("window", { x: window[0], y: window[1] });
  }

  // What becomes of the start that is pointed at.
  spell() {
    const { labels, arrays, side, window } = this.message;
    const index = (v, [low, high]) => (v === high ? side - 1 : Math.floor(((v - low) / (high - low)) * side));
    const inside = this.place?.map((v, i) => index(v, window[i]));
    if (!inside || !arrays.code || inside.some((i) => !(i >= 0 && i < side))) {
      this.readout.textContent = labels.point;
      return;
    }
    const from = inside[1] * side + inside[0];
    const kind = arrays.code[from];
    const fate = kind < SADDLE ? fill(labels.to_minimum, { place: this.minimum(kind), n: arrays.step[from] }) : labels[`to_${KINDS[kind]}`];
    this.readout.textContent = `${fill(labels.at, { place: this.placed(...this.place) })} ${fate}`;
  }

  remove() {
    this.removed = true;
    clearTimeout(this.waiting);
    this.stopTraces?.();
    this.chart?.remove();
    this.root.remove();
  }
}

const css = (colour) => `rgb(${colour.join()})`;
