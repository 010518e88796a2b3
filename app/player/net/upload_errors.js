// Say in the page's language, below the field, why an upload failed. Streamlit shows its library's English message to
// screen readers and in a tooltip alone.

import { createElement } from "../base/dom.js";

const UPLOADER_SELECTOR = "[data-testid=stFileUploader]";
const REFUSED_FILE_SELECTOR = "[data-testid=stFileChip][aria-invalid=true]"; // by the browser, as too large
const TOOLTIP_SELECTOR = "[data-testid=stTooltipErrorContent]";
const TECHNICAL_ERROR = /(Axios)?Error\b.*status code \d+|AxiosError|Network Error/;
const FORBIDDEN_ERROR = /status code 403/; // Streamlit's cookie is missing, as in frames of other pages

// `getLabels()` returns the sentences in the current language.
export function watchUploads(document, getLabels) {
  const watched = new WeakSet();
  const begin = (target) => {
    const uploader = target.closest?.(UPLOADER_SELECTOR);
    if (!uploader || watched.has(uploader)) return;
    watched.add(uploader);
    const seen = { childList: true, subtree: true, characterData: true };
    const tips = new MutationObserver(() => document.querySelectorAll(TOOLTIP_SELECTOR).forEach((tip) => replaceErrorText(document, tip, getLabels())));
    const update = () => {
      const failed = showUploadErrors(document, uploader, getLabels());
      document.documentElement.classList.toggle("descent-file-refused", uploader.querySelector(REFUSED_FILE_SELECTOR) !== null);
      tips.disconnect();
      if (failed) tips.observe(document.body, seen);
    };
    new MutationObserver(update).observe(uploader, seen);
    update();
  };
  for (const event of ["change", "drop"]) document.addEventListener(event, ({ target }) => begin(target), true);
  document.querySelectorAll(UPLOADER_SELECTOR).forEach(begin); // a file may have been chosen before this module was loaded
}

// Repeat the field's alerts below it. Returns whether there is one.
function showUploadErrors(document, uploader, words) {
  replaceErrorText(document, uploader, words);
  const messages = [...uploader.querySelectorAll("[role=alert]")].map(({ textContent }) => [words.refused, words.failed].find((ours) => textContent.includes(ours)));
  const text = messages.find(Boolean) ?? "";
  let note = uploader.querySelector(".descent-unsent");
  if (text === (note?.textContent ?? "")) return text !== "";
  note ??= uploader.appendChild(Object.assign(createElement("p", "descent-unsent"), { ariaHidden: "true" })); // screen readers have announced the alert
  if (text) note.textContent = text;
  else note.remove();
  return text !== "";
}

function replaceErrorText(document, root, { refused, failed }) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    if (TECHNICAL_ERROR.test(data)) texts.currentNode.data = FORBIDDEN_ERROR.test(data) ? refused : failed;
  }
}
