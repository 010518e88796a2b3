// Says Streamlit's own words in the visitor's language wherever they appear, and again in English when that is chosen.
(() => {
  const words = WORDS; // from English; what changes is in braces
  const NAMES = ["aria-label", "title", "placeholder", "alt"];
  const OURS = ".descent, pre, code, script, style, textarea, [translate=no]";

  const patterns = Object.keys(words).filter((english) => english.includes("{")).map((english) => {
    const [before, after] = english.split(/\{\w+\}/);
    return { english, fits: (text) => text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after), value: (text) => text.slice(before.length, text.length - after.length) };
  });

  function said(text) {
    const bare = text.trim();
    if (Object.hasOwn(words, bare)) return text.replace(bare, () => words[bare]);
    const found = bare && patterns.find(({ fits }) => fits(bare));
    return found ? text.replace(bare, () => words[found.english].replace(/\{\w+\}/g, () => found.value(bare))) : text;
  }

  // What stands in a place of a node: English as Streamlit wrote it, or what was said instead, which is remembered.
  const earlier = window.__borrowed;
  const told = earlier?.told ?? new WeakMap();
  function put(node, place, now, write) {
    const known = told.get(node)?.[place];
    const english = known?.shown === now ? known.english : now;
    const shown = said(english);
    if (shown !== now) write(shown);
    if (shown !== english || known) told.set(node, { ...told.get(node), [place]: { english, shown } });
  }

  function tell(node) {
    if (node.nodeType === Node.TEXT_NODE) return put(node, "data", node.data, (text) => (node.data = text));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of NAMES) if (node.hasAttribute(name)) put(node, name, node.getAttribute(name), (text) => node.setAttribute(name, text));
  }

  function tellAll(root) {
    if ((root.nodeType === Node.ELEMENT_NODE ? root : root.parentElement)?.closest(OURS)) return;
    tell(root);
    const inside = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === Node.ELEMENT_NODE && node.matches(OURS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    while (inside.nextNode()) tell(inside.currentNode);
  }

  earlier?.observer.disconnect();
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(tellAll);
      else if (!(target.closest ? target : target.parentElement)?.closest(OURS)) tell(target);
    }
  });
  window.__borrowed = { observer, told };
  tellAll(document.body);
  if (Object.keys(words).length) observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: NAMES });
})();
