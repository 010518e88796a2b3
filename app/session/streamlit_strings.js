// Says Streamlit's own words in the visitor's language wherever they appear, and again in English when that is chosen.
(() => {
  const words = WORDS; // from English; what changes is in braces
  const TRANSLATED_ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];
  const EXCLUDED_SELECTOR = ".descent, pre, code, script, style, textarea, [translate=no]";

  const patterns = Object.keys(words).filter((english) => english.includes("{")).map((english) => {
    const [before, after] = english.split(/\{\w+\}/);
    const value = (text) => text.slice(before.length, text.length - after.length);
    const isValue = english.includes("{n}") ? (text) => /^\d+$/.test(text) : Boolean;
    return { english, fits: (text) => text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after) && isValue(value(text)), value };
  });

  function translateText(text) {
    const bare = text.trim();
    if (Object.hasOwn(words, bare)) return text.replace(bare, () => words[bare]);
    const found = bare && patterns.find(({ fits }) => fits(bare));
    return found ? text.replace(bare, () => words[found.english].replace(/\{\w+\}/g, () => found.value(bare))) : text;
  }

  // Translate one text of a node. The English that Streamlit wrote is remembered beside its translation.
  const previous = window.__streamlitTranslation;
  const translations = previous?.translations ?? new WeakMap();
  function translateSlot(node, place, now, write) {
    const known = translations.get(node)?.[place];
    const english = known?.shown === now ? known.english : now;
    const shown = translateText(english);
    if (shown !== now) write(shown);
    if (shown !== english || known) translations.set(node, { ...translations.get(node), [place]: { english, shown } });
  }

  function translateNode(node) {
    if (node.nodeType === Node.TEXT_NODE) return translateSlot(node, "data", node.data, (text) => (node.data = text));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of TRANSLATED_ATTRIBUTES) if (node.hasAttribute(name)) translateSlot(node, name, node.getAttribute(name), (text) => node.setAttribute(name, text));
  }

  function translateTree(root) {
    if ((root.nodeType === Node.ELEMENT_NODE ? root : root.parentElement)?.closest(EXCLUDED_SELECTOR)) return;
    translateNode(root);
    const inside = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === Node.ELEMENT_NODE && node.matches(EXCLUDED_SELECTOR) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    while (inside.nextNode()) translateNode(inside.currentNode);
  }

  previous?.observer.disconnect();
  const observer = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(translateTree);
      else if (!(target.closest ? target : target.parentElement)?.closest(EXCLUDED_SELECTOR)) translateNode(target);
    }
  });
  window.__streamlitTranslation = { observer, translations };
  translateTree(document.body);
  if (Object.keys(words).length) observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributeFilter: TRANSLATED_ATTRIBUTES });
})();
