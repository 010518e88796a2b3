// Write the scene into the address bar. Streamlit can do that too, but renders its whole page again.

const HISTORY_BURST_MS = 400; // milliseconds: faster changes share one entry of the history
const WRITE_DELAY_MS = 30; // milliseconds: writing takes as long as drawing a frame
const WRITE_INTERVAL_MS = 300; // milliseconds between two: Safari refuses more than a hundred in thirty seconds
const NAVIGATION_TIMEOUT_MS = 1000; // milliseconds after which Python's answer to the back button is not waited for
const STREAMLIT_PARAMETERS = ["embed", "embed_options"]; // parameters of Streamlit's own, which stay

export class AddressBar {
  constructor(window) {
    this.window = window;
    this.writtenAt = this.changedAt = this.navigatedAt = -Infinity;
    this.query = ""; // the last query, written or still to be written
    this.opening = null; // of the scene that was told last
    this.shownScene = null; // of an address that was not written here: its scene as it would have been
    this.pagePath = window.location.pathname;
    this.onHistoryNavigation = () => {
      this.cancelWrite();
      this.navigatedAt = performance.now();
      this.changedAt = -Infinity; // the next change is an entry of its own
    };
    window.addEventListener("popstate", this.onHistoryNavigation);
  }

  cancelWrite() {
    clearTimeout(this.writeTimer);
    this.query = "";
    this.shownScene = null;
  }

  // The page is shown, perhaps again after another one, whose address has no query then.
  onPageShown() {
    this.pagePath = this.window.location.pathname;
    this.isPageNew = true;
    if (this.query) this.scheduleWrite(this.query);
  }

  // The back button was pressed, and Python has not answered yet.
  get isNavigating() {
    return performance.now() < this.navigatedAt + NAVIGATION_TIMEOUT_MS;
  }

  // Python's news: the `query` to be written, or "" and the one that it would have written for the address as it is;
  // `opening` is the number of scenes that were opened as a whole. Such a scene shares no entry with the one before,
  // however soon it follows: a busy browser may have written that one late.
  update({ query, shown }, opening = 0) {
    if (opening !== this.opening) this.changedAt = -Infinity;
    this.opening = opening;
    this.scheduleWrite(query);
    if (shown) this.shownScene = removeStep(`?${shown}`);
  }

  // Write `query` after the next frame, or soon if one was just written; "" leaves the address as it is.
  //
  // After the back button a query may still come that was sent before. It is held back: Python answers the button with
  // "", since the address has the scene already, and with that the held one is forgotten.
  scheduleWrite(query) {
    clearTimeout(this.writeTimer);
    this.query = query;
    if (this.isPageNew) this.hadNoQuery = query !== "" && this.window.location.search === ""; // by its name alone
    this.isPageNew = false;
    if (!query) return (this.navigatedAt = -Infinity);
    const now = performance.now();
    const wait = Math.max(WRITE_DELAY_MS, this.writtenAt + WRITE_INTERVAL_MS - now, this.navigatedAt + NAVIGATION_TIMEOUT_MS - now);
    this.writeTimer = setTimeout(() => this.write(), wait);
  }

  // Write now, if something waits.
  flush() {
    clearTimeout(this.writeTimer);
    if (this.query) this.write();
  }

  write() {
    if (this.window.location.pathname !== this.pagePath) return;
    this.writtenAt = performance.now();
    const isBurst = this.writtenAt - this.changedAt < HISTORY_BURST_MS;
    const { location, history } = this.window;
    const now = new URLSearchParams(location.search);
    const kept = STREAMLIT_PARAMETERS.flatMap((name) => now.getAll(name).map((value) => `&${name}=${encodeURIComponent(value)}`)).join("");
    const search = `?${this.query}${kept}`;
    if (search === location.search) return;
    const scene = removeStep(`?${this.query}`);
    const same = this.hadNoQuery || scene === this.shownScene || removeStep(search) === removeStep(location.search); // only the moment differs
    const turn = same || isBurst ? "replaceState" : "pushState";
    if (!same) this.changedAt = this.writtenAt;
    this.hadNoQuery = false;
    this.shownScene = null;
    history[turn]({}, "", `${location.pathname}${search}`);
  }

  remove() {
    this.cancelWrite();
    this.window.removeEventListener("popstate", this.onHistoryNavigation);
  }
}

// The address without the step of its view, and without the part of the landscape that is looked at.
const removeStep = (search) => decodeSafely(search).replace(/&view=[^&]*/, removeFromView).replace(/&view=contour\(\)/, "");
const removeFromView = (view) => view.replace(/,?step=[\d.e+-]+(?=\))/, "").replace(/[xy]=\([^)]*\),?/g, "").replace(",)", ")");

// Percent escapes as characters; the text as it is where one of them is cut off or a % stands for itself.
function decodeSafely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
