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

// plotly.js and the style sheets that a picture needs.
function loadAssets({ plotly, folder, PAUSES }, styles) {
  const sheets = styles.map((name) => fetchWithRetry((ending) => loadStyle(folder + name + ending), PAUSES));
  return Promise.all([fetchWithRetry((ending) => loadPlotly(plotly + ending), PAUSES), ...sheets]);
}

export class AssetLoader {
  // A notice in `host` says that something is missing and offers a retry; after that `onLoaded()` is called.
  constructor(urls, styles, host, onLoaded) {
    Object.assign(this, { urls, styles, host, onLoaded });
    this.load();
  }

  load() {
    this.loading = loadAssets(this.urls, this.styles);
    this.loading.catch(() => {}); // `waitUntilLoaded` reports it
  }

  // Resolves to whether everything has been loaded.
  async waitUntilLoaded() {
    try {
      await this.loading;
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
