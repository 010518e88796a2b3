// The address bar follows the scene, from here: asked to do it, Streamlit renders its whole page again.

const BURST = 400; // milliseconds: changes that follow each other faster are one entry of the history
const AFTER = 30; // milliseconds: to change the address takes as long as to draw
const KEPT = ["embed", "embed_options"]; // parameters that are Streamlit's

export class Address {
  constructor(window) {
    this.window = window;
    this.wrote = -BURST;
    this.stop = () => clearTimeout(this.later); // the visitor went elsewhere
    window.addEventListener("popstate", this.stop);
  }

  // After the picture; in a burst, once it is over. `query` is "" while the address is right as it is.
  follow(query) {
    clearTimeout(this.later);
    const wait = performance.now() - this.wrote < BURST ? BURST : AFTER;
    const { pathname } = this.window.location;
    if (query) this.later = setTimeout(() => this.window.location.pathname === pathname && this.write(query), wait); // another page has another address
  }

  write(query) {
    this.wrote = performance.now();
    const { location, history } = this.window;
    const now = new URLSearchParams(location.search);
    const kept = KEPT.flatMap((name) => now.getAll(name).map((value) => `&${name}=${encodeURIComponent(value)}`)).join("");
    const search = `?${query}${kept}`;
    if (search === location.search) return;
    const turn = standing(search) === standing(location.search) ? "replaceState" : "pushState"; // to watch is no change
    history[turn]({}, "", `${location.pathname}${search}`);
  }

  remove() {
    this.stop();
    this.window.removeEventListener("popstate", this.stop);
  }
}

// An address without the moment at which the clock stands.
const standing = (search) => decodeURIComponent(search).replace(/,?step=[\d.e+-]+(?=\))/, "").replace(/&view=contour\(\)/, "");
