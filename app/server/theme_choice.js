// The visitor's choice between light, dark and what the system says, kept in this browser. Streamlit asks the browser by
// `matchMedia` which one the system has, and follows it while the page is open, and the player follows Streamlit. This answers
// the question by the choice; it runs before Streamlit's scripts.
(() => {
  const QUERY = "(prefers-color-scheme: dark)";
  const KEY = "descent-theme";
  const CHOICES = ["system", "light", "dark"];
  const PAGE_ELEMENT = ".stApp:not([data-test-script-state=initial]) .stElementContainer"; // before, they are grey bars
  const LISTENING_MS = 50; // in which Streamlit, once the page has an element, listens with our colours
  const root = document.documentElement;
  const askBrowser = window.matchMedia.bind(window);
  const system = askBrowser(QUERY);
  const listened = askBrowser(QUERY); // a list that is read before its change is told does not tell it in Chromium

  function read() {
    try {
      const kept = localStorage.getItem(KEY);
      return CHOICES.includes(kept) ? kept : "system";
    } catch {
      return "system"; // a frame without storage
    }
  }

  let choice = read();
  const isDark = () => (choice === "system" ? system.matches : choice === "dark");
  const answer = new EventTarget();
  Object.defineProperties(answer, { matches: { get: isDark }, media: { value: QUERY } });
  answer.addListener = (listener) => answer.addEventListener("change", listener);
  answer.removeListener = (listener) => answer.removeEventListener("change", listener);
  window.matchMedia = (query) => (query === QUERY ? answer : askBrowser(query));

  let told = isDark(); // what Streamlit was told last; null if it may have asked before or after a change
  let isPageShown = false;
  let waiting = 0;
  function update() {
    root.style.colorScheme = isDark() ? "dark" : "light";
    if (told !== isDark()) tell();
  }

  // Streamlit gets our colours with its first message, and listens with them a moment later. If it is told of a change
  // before, it may take its own colours instead and keep them. So the change waits for the page's first element.
  function tell() {
    clearTimeout(waiting);
    if (isPageShown) {
      told = isDark();
      answer.dispatchEvent(Object.assign(new Event("change"), { media: QUERY }));
    } else {
      told = null;
      isPageShown = document.querySelector(PAGE_ELEMENT) !== null;
      waiting = setTimeout(update, LISTENING_MS);
    }
  }

  // Take a choice, and tell the switch, in this tab and in others.
  function take(name) {
    choice = name;
    update();
    window.dispatchEvent(new Event("descent-theme"));
  }

  window.__descentTheme = {
    get choice() {
      return choice;
    },
    get isSystemDark() {
      return system.matches;
    },
    choose(name) {
      if (!CHOICES.includes(name)) return;
      try {
        if (name === "system") localStorage.removeItem(KEY);
        else localStorage.setItem(KEY, name);
      } catch {
        // it holds until the page is left
      }
      take(name);
    },
  };
  listened.addEventListener("change", () => take(choice));
  window.addEventListener("storage", ({ key }) => (key === KEY || key === null) && take(read()));
  update();
})();
