// The layers of the code from the inputs to the loss: each block is a button that says whether it will be checked.

import { createElement, createTextButton } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { SIGNS, createErrorBar } from "./verdict_marks.js";

const [SMALLEST_SIDE, PIXELS_A_ROOT] = [7, 5]; // pixels: the area of a block's picture grows with its shape's roots

export class BlockSelection {
  constructor(host, labels, say) {
    Object.assign(this, { labels, say });
    this.help = host.appendChild(createElement("p", "descent-quiet"));
    this.flow = host.appendChild(createElement("div", "descent-hunt-flow"));
    this.all = host.appendChild(createTextButton("descent-word", labels.all_blocks, () => say("focused", { layer: 0 })));
  }

  show(message) {
    const { labels } = this;
    const key = JSON.stringify([message.number, message.inputs, message.loss, message.layers.map(({ title, after, blocks }) => [title, after, blocks.map(({ name, shape }) => [name, shape])])]);
    if (key !== this.key) this.build(message);
    this.key = key;
    this.help.textContent = message.flat ? labels.flat_help : labels.blocks_help;
    this.all.disabled = message.flat || !message.focus_ends;
    this.heads.forEach((head) => (head.disabled = message.flat));
    message.layers.flatMap(({ blocks }) => blocks).forEach((block, i) => this.showBlock(this.buttons[i], block, message.flat));
  }

  build({ inputs, loss, layers }) {
    const end = (text) => {
      const part = createElement("span", "descent-hunt-end");
      part.append(createElement("span", "", text));
      return part;
    };
    this.buttons = [];
    this.heads = [];
    const parts = [end(inputs)];
    for (const { number, title, after, blocks } of layers) {
      const layer = createElement("div", "descent-hunt-layer");
      const head = layer.appendChild(createTextButton("descent-hunt-head", title, () => this.say("focused", { layer: number })));
      this.heads.push(head);
      for (const { name } of blocks) {
        const button = layer.appendChild(createTextButton("descent-hunt-block", "", () => this.say("toggled", { block: name })));
        this.buttons.push(button);
      }
      parts.push(layer, ...(after ? [end(after)] : []));
    }
    this.flow.replaceChildren(...parts, end(loss));
  }

  showBlock(button, block, isFlat) {
    const { labels } = this;
    const { name, shape, on, tone, error } = block;
    const key = JSON.stringify([block, isFlat]);
    if (button.dataset.shown === key) return;
    button.dataset.shown = key;
    button.disabled = isFlat;
    button.setAttribute("aria-pressed", on && !isFlat);
    const size = shape.join(" × ");
    const words = [`${name}, ${size}`, !isFlat && labels[on ? "is_checked" : "not_checked"], error && `${SIGNS[tone]} ${fillTemplate(labels.last_error, { error })}`];
    button.setAttribute("aria-label", words.filter(Boolean).join(", "));
    const picture = createElement("span", "descent-hunt-shape");
    const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
    picture.style.height = `${Math.max(SMALLEST_SIDE, PIXELS_A_ROOT * Math.sqrt(rows))}px`;
    picture.style.width = `${Math.max(SMALLEST_SIDE, 1.6 * PIXELS_A_ROOT * Math.sqrt(columns))}px`;
    picture.setAttribute("aria-hidden", "true");
    const text = createElement("span", "descent-hunt-name");
    const result = createElement("span", "descent-hunt-result", error ? `${SIGNS[tone]} ${error}` : "");
    result.dataset.tone = tone;
    text.append(createElement("b", "", name), createElement("small", "", size), result);
    button.replaceChildren(createElement("span", "descent-hunt-tick", on && !isFlat ? "☑" : "☐"), picture, text, createErrorBar(block));
  }
}
