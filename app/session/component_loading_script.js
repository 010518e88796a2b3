// Loads the modules of this page's components from the app's own server, and shows a message if they do not arrive. It is
// part of the page, so that it works even if nothing else loads. No tag may stand here, not even in a comment: a script
// with one is removed from the page.
(() => {
  const words = WORDS; // in the page's language
  const BUNDLES = BUNDLES_OF_MODULES; // the files with the modules that have none of their own
  const { style } = document.documentElement;
  style.setProperty("--descent-loading", JSON.stringify(words.loading));
  if (window.__descentLoad) return void (window.__descentLoad.words = words);
  // Its own script is at BASE/static/js/; whatever prefix a proxy adds, the player's files are beside it.
  const page = [...document.scripts].find((script) => script.src.includes("/static/js/"));
  const base = page ? page.src.slice(0, page.src.indexOf("/static/js/") + 1) : document.baseURI;
  const RETRY_EVENT = "descent-again"; // the visitor pressed “try again”
  const RETRY_DELAYS_MS = [500, 2000]; // before each automatic retry
  const NOTICE_DELAY_MS = 150; // after which a page that was asked for is said to be loading
  const LOOK_INTERVAL_MS = 50; // between two checks whether it is there
  const SLOW_NOTICE_MS = 20000; // after which something is said to be missing
  const modules = new Map(); // module -> its state of loading, shared by all elements that need it

  function showMissing(host) {
    const note = document.createElement("p");
    note.className = "descent-missing";
    note.setAttribute("role", "alert");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: load.words.retry });
    button.onclick = () => window.dispatchEvent(new Event(RETRY_EVENT));
    note.append(load.words.missing, " ", button);
    host.append(note);
    return note;
  }

  function setMissing(known, missing) {
    known.missing = missing;
    for (const [host, { visible }] of known.waiting) {
      host.querySelector(".descent-missing")?.remove();
      if (missing && visible) showMissing(host);
    }
  }

  // A browser remembers by its address what could not be imported: each try has a folder of its own.
  async function importModule(known, module) {
    for (let tried = 0; ; tried++) {
      const folder = base + "FOLDER/" + (tried ? `again-${tried}/` : "");
      const late = setTimeout(() => setMissing(known, true), SLOW_NOTICE_MS);
      try {
        known.urls = { base, folder, plotly: base + "PLOTLY", sayMissing: showMissing, AGAIN: RETRY_EVENT, PAUSES: RETRY_DELAYS_MS };
        const file = await import(folder + (BUNDLES[module] ?? module));
        return file.modules?.[module] ?? file;
      } catch (error) {
        console.warn(`descent: ${module} has not come: ${error.message}`);
      } finally {
        clearTimeout(late);
      }
      const pause = RETRY_DELAYS_MS[tried % (RETRY_DELAYS_MS.length + 1)];
      if (!pause) setMissing(known, true);
      await new Promise((go) => (pause ? setTimeout(go, pause) : window.addEventListener(RETRY_EVENT, go, { once: true })));
    }
  }

  const nextTask = () => new Promise((go) => {
    const { port1, port2 } = new MessageChannel(); // a timer of a page in the background would wait for a second
    port1.onmessage = () => (port1.close(), go());
    port2.postMessage(null);
  });

  // Streamlit calls this for each message to an element, after an `import` whose results Chromium gives in any order: an
  // outdated message may come last. Streamlit ends an outdated call as soon as it has its result, so the result is returned
  // at once, and a call that has not been ended by the next task is shown. (Ending one that was shown removed the picture.)
  function load(component, module, entry, visible) {
    const call = { component, visible };
    show(call, module, entry);
    return () => {
      call.isEnded = true;
      call.cleanUp?.();
    };
  }

  // Import the module and mount the component. If an element is mounted again meanwhile, only the last call counts.
  async function show(call, module, entry) {
    await nextTask();
    if (call.isEnded) return;
    const { component, visible } = call;
    const { parentElement } = component;
    if (!modules.has(module)) modules.set(module, { waiting: new Map(), missing: false });
    const known = modules.get(module);
    known.waiting.set(parentElement, call);
    if (visible && !parentElement.firstElementChild) parentElement.append(Object.assign(document.createElement("div"), { className: "descent-loading" }));
    setMissing(known, known.missing);
    const { [entry]: mount } = await (known.imported ??= importModule(known, module));
    if (known.waiting.get(parentElement) !== call) return;
    setMissing(known, false);
    known.waiting.delete(parentElement);
    parentElement.querySelector(".descent-loading")?.remove();
    if (!call.isEnded) call.cleanUp = mount(component, known.urls);
  }

  // Another page whose name was clicked: after a moment it is said that it is on its way, until it is there.
  const lastPart = (address) => new URL(address, location.href).pathname.replace(/\/$/, "").split("/").at(-1).replace(/^race$/, "");
  const findPicture = () => document.querySelector(".descent, .descent-loading");
  let stopWaiting = () => {};

  function waitForPage(name) {
    stopWaiting();
    const [before, startedAt] = [findPicture(), performance.now()];
    let note = null;
    const look = () => {
      const picture = findPicture();
      const isWritten = document.querySelector("[data-test-script-state=notRunning]") || (picture && picture !== before);
      if (lastPart(location.href) === name && isWritten) return stopWaiting();
      if (note || NOTICE_DELAY_MS > performance.now() - startedAt) return;
      note = document.body.appendChild(Object.assign(document.createElement("p"), { id: "descent-coming", textContent: load.words.pages[name] }));
      note.setAttribute("role", "status");
    };
    const timer = setInterval(look, LOOK_INTERVAL_MS);
    stopWaiting = () => {
      clearInterval(timer);
      note?.remove();
    };
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.target === "_blank" || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const name = link.origin === location.origin && !link.hash ? lastPart(link.href) : null;
    if (name in load.words.pages && name !== lastPart(location.href)) waitForPage(name);
  }, true);
  window.__descentLoad = Object.assign(load, { words });
})();
