// The choices of a question, and how many of the audience took each. The counts stay in the browser.

import { createElement } from "../base/dom.js";

const countsOf = new Map(); // of all pages: a lecture may come back from the scene of another one

export class AudienceVoteCounts {
  constructor(host, labels) {
    Object.assign(this, { labels, counts: [], buttons: [], isOpen: false });
    this.list = host.appendChild(createElement("ol", "descent-choices"));
  }

  // `asked`: {question, choices, playlist, right}, or undefined; `playlist` tells playlists apart, and `right`, an index,
  // comes with the race. A hand counts one in a lecture (`isCounted`); elsewhere somebody alone takes one choice.
  set(asked, { place, isCounted, isOpen }) {
    const { question = "", choices = [], playlist = "", right = null } = asked ?? {};
    Object.assign(this, { right, isCounted, isOpen });
    this.list.hidden = !choices.length;
    const key = JSON.stringify([playlist, place, question, choices]);
    if (key !== this.key) {
      this.key = key;
      if (!countsOf.has(key)) countsOf.set(key, choices.map(() => 0));
      this.counts = countsOf.get(key);
      this.buttons = choices.map((choice, i) => this.createButton(choice, i));
      this.list.replaceChildren(...this.buttons.map(({ item }) => item));
    }
    this.draw();
  }

  createButton(choice, i) {
    const item = createElement("li", "");
    const button = item.appendChild(createElement("button", "descent-taken"));
    button.type = "button";
    button.title = this.labels.count;
    const number = button.appendChild(createElement("b", "", String(i + 1)));
    const words = button.appendChild(createElement("span", "", choice));
    const count = button.appendChild(createElement("output", ""));
    count.setAttribute("aria-live", "off");
    button.addEventListener("click", () => this.count(i));
    return { item, button, number, words, count };
  }

  // One more for choice i, while the question is open. Returns whether there is such a choice.
  count(i) {
    if (!this.isOpen || !(i in this.counts)) return false;
    if (!this.isCounted) this.counts.fill(0);
    this.counts[i] += 1;
    this.draw();
    return true;
  }

  clear() {
    if (this.isOpen) this.counts.fill(0);
    this.draw();
  }

  // The right choice is marked once the race is over.
  markRight(isOver) {
    if (this.isOver === isOver) return;
    this.isOver = isOver;
    this.draw();
  }

  draw() {
    const most = Math.max(1, ...this.counts);
    this.buttons.forEach(({ button, number, count }, i) => {
      const isRight = Boolean(this.isOver) && i === this.right;
      button.setAttribute("aria-pressed", this.counts[i] === most);
      button.setAttribute("aria-disabled", !this.isOpen);
      button.classList.toggle("descent-right-choice", isRight);
      number.textContent = isRight ? "✓" : String(i + 1);
      number.setAttribute("aria-label", isRight ? this.labels.right_choice : String(i + 1));
      count.textContent = this.counts[i] && this.isCounted ? String(this.counts[i]) : "";
    });
  }
}
