// The checks so far, the newest first: what was set, what each block showed, the verdict, and what it cost.

import { createElement } from "../player/base/dom.js";
import { SIGNS, createErrorBar } from "./verdict_marks.js";

export class CheckLog {
  constructor(host, labels) {
    this.none = host.appendChild(createElement("p", "descent-quiet", labels.log_none));
    this.list = host.appendChild(createElement("ol", ""));
    this.list.reversed = true;
  }

  show(log, labels) {
    const key = JSON.stringify(log);
    if (key === this.key) return;
    this.key = key;
    this.none.hidden = log.length > 0;
    this.list.replaceChildren(...log.map((record) => this.write(record, labels)));
  }

  write({ number, setting, tone, sentence, remarks, cost, blocks }, labels) {
    const item = createElement("li", "");
    item.value = number;
    item.dataset.tone = tone;
    const line = item.appendChild(createElement("p", "descent-hunt-said"));
    line.append(createElement("b", "", `${SIGNS[tone]} ${sentence}`), createElement("span", "descent-hunt-cost", cost));
    item.append(createElement("p", "descent-quiet", setting));
    const bars = item.appendChild(createElement("ul", "descent-hunt-bars"));
    for (const block of blocks) {
      const cell = bars.appendChild(createElement("li", ""));
      cell.dataset.tone = block.tone;
      cell.append(createErrorBar(block), createElement("span", "", block.name), createElement("span", "", SIGNS[block.tone]));
      cell.append(createElement("span", "descent-unseen", block.error || labels.unchecked));
      cell.title = `${block.name}: ${block.error || labels.unchecked}`;
    }
    for (const remark of remarks) item.append(createElement("p", "descent-quiet", remark));
    return item;
  }
}
