// One act of the visitor adds at most one entry to the browser's history. When Streamlit switches pages, it pushes two: the
// new page's parameters under the old page's name and then under its own, or the new page's name first without its
// parameters. Back would lead to an address that the visitor has never seen.
(() => {
  const ACTS = ["pointerdown", "pointerup", "click", "keydown", "wheel", "popstate"];
  let hasPushed = false; // since the last act
  const push = history.pushState.bind(history);
  history.pushState = (...entry) => {
    if (hasPushed) history.replaceState(...entry);
    else push(...entry);
    hasPushed = true;
  };
  for (const act of ACTS) addEventListener(act, () => (hasPushed = false), { capture: true, passive: true });
})();
