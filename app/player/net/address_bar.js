// Write the scene into the address bar. Streamlit can do that too, but renders its whole page again.

const HISTORY_BURST_MS = 400; // milliseconds: faster changes share one entry of the history
const WRITE_DELAY_MS = 30; // milliseconds: writing takes as long as drawing a frame
const STREAMLIT_PARAMETERS = ["embed", "embed_options"]; // parameters of Streamlit's own, which stay

export class AddressBar {
  constructor(window) {
    this.window = window;
    this.writtenAt = -HISTORY_BURST_MS;
    this.query = ""; // the last query, written or still to be written
    this.pagePath = window.location.pathname;
    this.cancelWrite = () => { // the visitor went elsewhere
      clearTimeout(this.writeTimer);
      this.query = "";
    };
    window.addEventListener("popstate", this.cancelWrite);
  }

  // The page is shown, perhaps again after another one, whose address has no query then.
  onPageShown() {
    this.pagePath = this.window.location.pathname;
    this.isPageNew = true;
    if (this.query) this.scheduleWrite(this.query);
  }

  // Write `query` after the next frame, or once a burst of changes is over; "" leaves the address as it is.
  scheduleWrite(query) {
    clearTimeout(this.writeTimer);
    this.query = query;
    if (this.isPageNew) this.hadNoQuery = query !== "" && this.window.location.search === ""; // by its name alone
    this.isPageNew = false;
    const wait = performance.now() - this.writtenAt < HISTORY_BURST_MS ? HISTORY_BURST_MS : WRITE_DELAY_MS;
    if (query) this.writeTimer = setTimeout(() => this.write(), wait);
  }

  // Write now, if something waits.
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
    const same = this.hadNoQuery || removeStep(search) === removeStep(location.search); // only the moment differs
    const turn = same ? "replaceState" : "pushState";
    this.hadNoQuery = false;
    history[turn]({}, "", `${location.pathname}${search}`);
  }

  remove() {
    this.cancelWrite();
    this.window.removeEventListener("popstate", this.cancelWrite);
  }
}

// The address without the step of its view.
const removeStep = (search) => decodeURIComponent(search).replace(/,?step=[\d.e+-]+(?=\))/, "").replace(/&view=contour\(\)/, "");
