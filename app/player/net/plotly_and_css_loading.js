// Load plotly.js and style sheets, try again a few times where that fails, and say where they are missing.

let failureCount = 0; // browsers remember a failed import by its address

// The result of `get(ending)`, with another ending of the address after each failure.
export async function fetchWithRetry(get, pauses = []) {
  for (const pause of [...pauses, null]) {
    try {
      return await get(failureCount ? `?again=${failureCount}` : "");
    } catch (error) {
      failureCount += 1;
      console.warn(`descent: not come: ${error.message}`);
      if (pause === null) throw error;
      await new Promise((go) => setTimeout(go, pause));
    }
  }
}

async function loadPlotly(address) {
  if (window.Plotly) return;
  await import(address);
  if (!window.Plotly) throw new Error("plotly.js is something else");
}

// A style sheet of the page, loaded once.
function loadStyle(address) {
  const present = document.querySelector(`link[href="${address}"]`);
  if (present) return present.ready;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  link.ready = new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error(address));
    };
  });
  document.head.append(link);
  return link.ready;
}

// A module with what it imports. A browser remembers each address that failed: after a failure they are loaded below
// another folder, where the server has the same files.
function loadModule(folder, name, ending) {
  const retry = ending && `again-${1000 + Number(ending.split("=")[1])}/`; // the page's own retries count from 1
  return import(folder.replace(/again-\d+\/$/, "") + retry + name);
}

// plotly.js, unless its address is empty, and the files that a picture needs: style sheets, and modules that are imported.
function loadAssets({ plotly, folder, PAUSES }, files) {
  const load = (name, ending) => (name.endsWith(".js") ? loadModule(folder, name, ending) : loadStyle(folder + name + ending));
  const loaded = files.map((name) => fetchWithRetry((ending) => load(name, ending), PAUSES));
  return Promise.all([plotly && fetchWithRetry((ending) => loadPlotly(plotly + ending), PAUSES), ...loaded]);
}

// Style sheets alone.
export const loadStyles = ({ folder, PAUSES }, files) => Promise.all(files.map((name) => fetchWithRetry((ending) => loadStyle(folder + name + ending), PAUSES)));

export class AssetLoader {
  // A notice in `host` says that something is missing and offers a retry; after that `onLoaded()` is called.
  constructor(urls, files, host, onLoaded) {
    Object.assign(this, { urls, files, host, onLoaded });
    this.load();
  }

  load() {
    this.loading = loadAssets(this.urls, this.files);
    this.loading.catch(() => {}); // `waitUntilLoaded` reports it
  }

  // Resolves to whether everything has been loaded; then `view` is the default export of the module among the files.
  async waitUntilLoaded() {
    try {
      this.view = (await this.loading).find((loaded) => loaded?.default)?.default;
      return true;
    } catch {
      if (!this.note) this.showMissing();
      return false;
    }
  }

  showMissing() {
    const { sayMissing, AGAIN } = this.urls;
    this.note = sayMissing?.(this.host);
    if (this.note) window.addEventListener(AGAIN, () => this.retry(), { once: true });
  }

  async retry() {
    this.note.remove();
    this.note = null;
    this.load();
    if (await this.waitUntilLoaded()) this.onLoaded();
  }
}
