// The address bar follows the scene, from here: asked to do it, Streamlit renders its whole page again.

const HISTORY_BURST_MS = 400; // milliseconds: changes that follow each other faster are one entry of the history
const WRITE_DELAY_MS = 30; // milliseconds: to change the address takes as long as to draw
const STREAMLIT_PARAMETERS = ["embed", "embed_options"]; // parameters that are Streamlit's

export class AddressBar {
  constructor(window) {
    this.window = window;
    this.writtenAt = -HISTORY_BURST_MS;
    this.query = ""; // what stands there, or is to be written
    this.pagePath = window.location.pathname;
    this.cancelWrite = () => { // the visitor went elsewhere
      clearTimeout(this.writeTimer);
      this.query = "";
    };
    window.addEventListener("popstate", this.cancelWrite);
  }

  // The page whose address this is, is shown, perhaps again after another one, and by its name alone.
  onPageShown() {
    this.pagePath = this.window.location.pathname;
    this.isPageNew = true;
    if (this.query) this.scheduleWrite(this.query);
  }

  // After the picture; in a burst, once it is over. `query` is "" while the address is right as it is.
  scheduleWrite(query) {
    clearTimeout(this.writeTimer);
    this.query = query;
    if (this.isPageNew) this.hadNoQuery = query !== "" && this.window.location.search === ""; // by its name alone
    this.isPageNew = false;
    const wait = performance.now() - this.writtenAt < HISTORY_BURST_MS ? HISTORY_BURST_MS : WRITE_DELAY_MS;
    if (query) this.writeTimer = setTimeout(() => this.write(), wait);
  }

  // Now, if it is yet to be written.
  flush() {
    clearTimeout(this.writeTimer);
    if (this.query) this.write();
  }

  write() {
    if (this.window.location.pathname !== this.pagePath) return;
    this.writtenAt = performance.now();
    const { location, history } = this.window;
    const now = new URLSearchParams(location.search);
    const kept = STREAMLIT_PARAMETERS.flatMap((name) => now.getAll(name).map((value) => `&${name}=${encodeURIComponent(value)}`)).join("");
    const search = `?${this.query}${kept}`;
    if (search === location.search) return;
    const same = this.hadNoQuery || removeStep(search) === removeStep(location.search); // to watch is no change
    const turn = same ? "replaceState" : "pushState";
    this.hadNoQuery = false;
    history[turn]({}, "", `${location.pathname}${search}`);
  }

  remove() {
    this.cancelWrite();
    this.window.removeEventListener("popstate", this.cancelWrite);
  }
}

// An address without the moment at which the clock stands.
const removeStep = (search) => decodeURIComponent(search).replace(/,?step=[\d.e+-]+(?=\))/, "").replace(/&view=contour\(\)/, "");
