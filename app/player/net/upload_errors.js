// Why a file was not taken, in the page's language and where it is seen: Streamlit has what the library says by which it
// sends files, for screen readers and in a tip over the file's name.

import { element } from "../base/dom.js";

const UPLOADER = "[data-testid=stFileUploader]";
const TIP = "[data-testid=stTooltipErrorContent]";
const TECHNICAL = /(Axios)?Error\b.*status code \d+|AxiosError|Network Error/;
const FORBIDDEN = /status code 403/; // without the cookie that Streamlit wants to see again, as in frames of other pages

// `words()` gives the sentences in the language of now.
export function watchUploads(document, words) {
  const watched = new WeakSet();
  const begin = ({ target }) => {
    const uploader = target.closest?.(UPLOADER);
    if (!uploader || watched.has(uploader)) return;
    watched.add(uploader);
    const seen = { childList: true, subtree: true, characterData: true };
    const tips = new MutationObserver(() => document.querySelectorAll(TIP).forEach((tip) => reword(document, tip, words())));
    new MutationObserver(() => {
      const failed = say(document, uploader, words());
      tips.disconnect();
      if (failed) tips.observe(document.body, seen);
    }).observe(uploader, seen);
  };
  document.addEventListener("change", begin, true); // nothing is looked at before a file is chosen
  document.addEventListener("drop", begin, true);
}

// Under the field what its alerts say, as long as they do. Whether one does.
function say(document, uploader, words) {
  reword(document, uploader, words);
  const said = [...uploader.querySelectorAll("[role=alert]")].map(({ textContent }) => [words.refused, words.failed].find((ours) => textContent.includes(ours)));
  const text = said.find(Boolean) ?? "";
  let note = uploader.querySelector(".descent-unsent");
  if (text === (note?.textContent ?? "")) return text !== "";
  note ??= uploader.appendChild(Object.assign(element("p", "descent-unsent"), { ariaHidden: "true" })); // the alert was heard
  if (text) note.textContent = text;
  else note.remove();
  return text !== "";
}

function reword(document, root, { refused, failed }) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data } = texts.currentNode;
    if (TECHNICAL.test(data)) texts.currentNode.data = FORBIDDEN.test(data) ? refused : failed;
  }
}
