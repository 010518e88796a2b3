// The page of a bug hunt: the code and its blocks, the next check, the block to be named, the checks so far, the ending.
// Python keeps the score; what is pressed here is sent there.

import { createElement, createTextButton } from "../player/base/dom.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { BlockSelection } from "./blocks_to_check.js";
import { CheckLog } from "./check_log.js";
import { fillEnding } from "./ending.js";
import { keepBugs, keepHunt, recallBugs, recallHunt } from "./hunt_storage.js";
import { SIGNS } from "./verdict_marks.js";

const RECALL_MS = 1500; // after which an unanswered copy is sent again
const getStorage = () => window.localStorage; // reading it may throw

export class HuntPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "hunt", ["bug_hunt/hunt.css"]);
  }

  // Send the browser's copy of the hunt first: the page is shown once Python has received it.
  prepare() {
    clearTimeout(this.recallTimer);
    const { recalled, number, copy, found_bugs: bugs } = this.message;
    if (!recalled) return this.recall();
    keepHunt(getStorage, number, copy);
    keepBugs(getStorage, bugs);
    return true;
  }

  recall() {
    const { number } = this.message;
    this.polling.say("recalled", { number, copy: recallHunt(getStorage, number), bugs: recallBugs(getStorage) });
    this.recallTimer = setTimeout(() => this.recall(), RECALL_MS);
    return false;
  }

  say(name, detail = {}) {
    if (this.message.recalled) super.say(name, detail);
  }

  build(labels) {
    const section = (name, title) => this.addSection(name, title);
    const bar = section("bar");
    this.title = bar.appendChild(createElement("h2", ""));
    this.title.tabIndex = -1;
    this.status = bar.appendChild(createElement("p", "descent-hunt-status"));
    bar.append(createElement("p", "descent-quiet", labels.par_help));
    const choices = bar.appendChild(createElement("div", "descent-hunt-choices"));
    this.surrender = choices.appendChild(createElement("details", "descent-hunt-surrender"));
    this.surrender.append(createElement("summary", "descent-word", labels.give_up));
    this.surrender.append(createTextButton("descent-word", labels.show, () => this.say("surrendered")));
    choices.append(createTextButton("descent-word descent-hunt-next", labels.next, () => this.leave()));
    this.ending = section("ending");
    const code = section("code", labels.code);
    this.words = code.appendChild(createElement("p", ""));
    this.picture = new BlockSelection(code, labels, (name, detail) => this.say(name, detail));
    const check = section("check");
    this.setting = check.appendChild(createElement("p", "descent-hunt-setting"));
    const line = check.appendChild(createElement("div", "descent-hunt-line"));
    line.append(createTextButton("descent-word descent-hunt-go", labels.check, () => this.say("checked")));
    this.cost = line.appendChild(createElement("span", ""));
    this.verdict = check.appendChild(createElement("p", "descent-hunt-verdict"));
    this.verdict.setAttribute("role", "status");
    this.accusation = section("accuse", labels.accuse);
    this.accusation.append(createElement("p", "descent-quiet", labels.accuse_help));
    this.names = this.accusation.appendChild(createElement("div", "descent-hunt-names"));
    this.names.setAttribute("role", "group");
    this.names.setAttribute("aria-label", labels.accuse);
    this.why = this.accusation.appendChild(createElement("p", "descent-quiet"));
    this.note = this.accusation.appendChild(createElement("p", "descent-hunt-note"));
    this.note.setAttribute("role", "status");
    this.log = new CheckLog(section("log", labels.log), labels);
    const bugs = section("bugs").appendChild(createElement("details", ""));
    bugs.append(createElement("summary", "descent-word", labels.bugs));
    this.bugs = bugs.appendChild(createElement("ul", ""));
  }

  // To another hunt: the focus goes to its heading, since all below it changes.
  leave() {
    this.isLeaving = true;
    this.say("next");
  }

  show() {
    const { message } = this;
    const { labels, over } = message;
    const isNew = message.number !== this.number;
    const hadFocus = this.accusation.contains(document.activeElement) || this.surrender.contains(document.activeElement);
    this.title.textContent = message.title;
    this.status.textContent = message.status;
    if (isNew) this.surrender.open = false;
    this.surrender.hidden = Boolean(over);
    this.words.textContent = message.words.join(message.gap);
    this.picture.show(message);
    this.setting.textContent = message.setting;
    this.cost.textContent = message.cost;
    this.showVerdict(message.log[0]);
    this.showNames();
    const isEnding = Boolean(over) && !isNew && this.ending.hidden;
    fillEnding(this.ending, over, labels);
    this.log.show(message.log, labels);
    this.bugs.replaceChildren(...message.bugs.map(([title, isFound]) => createElement("li", isFound ? "descent-hunt-found" : "", isFound ? `✓ ${title} (${labels.found})` : title)));
    if (isEnding && hadFocus) this.ending.querySelector("h2").focus();
    if (isNew && this.isLeaving) this.title.focus();
    if (isNew) this.isLeaving = false;
    this.number = message.number;
    Object.assign(this.root.dataset, { number: message.number, checks: message.checks, over: Boolean(over) });
  }

  showVerdict(last) {
    this.verdict.dataset.tone = last?.tone ?? "none";
    const text = last ? `${SIGNS[last.tone]} ${last.sentence}` : "";
    if (this.verdict.textContent !== text) this.verdict.textContent = text;
  }

  showNames() {
    const { message } = this;
    const blocks = message.layers.flatMap((layer) => layer.blocks.map(({ name }) => name));
    const key = `${message.number} ${blocks}`;
    if (key !== this.namesKey) this.names.replaceChildren(...blocks.map((name) => createTextButton("descent-chip", name, () => this.say("named", { block: name }))));
    this.namesKey = key;
    this.accusation.hidden = Boolean(message.over);
    [...this.names.children].forEach((button, i) => {
      const isWrong = message.named.includes(blocks[i]);
      button.disabled = !message.can_accuse || isWrong;
      button.textContent = isWrong ? `✗ ${blocks[i]}` : blocks[i];
    });
    this.why.textContent = message.accuse;
    if (this.note.textContent !== message.note) this.note.textContent = message.note;
  }

  remove() {
    clearTimeout(this.recallTimer);
    super.remove();
  }
}
