// What is pushed to the browser's history after one act of the visitor is one entry. Streamlit, as it switches pages, pushes
// the parameters of the new page under the name of the old one and then under its own, or first its name alone: Back
// would lead to an address that nobody has seen.
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
