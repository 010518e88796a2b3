// Pictures of the selected training's network at an epoch: first-layer weights as images, histograms of each layer over the
// epochs, mistakes and the confusion matrix.

import { createElement, createSegments, pressSegment } from "../player/base/dom.js";
import { findRecord } from "./curve_data.js";
import { LayerHeatMaps } from "./layer_heat_maps.js";
import { ConfusionMatrix, MistakeList } from "./mistakes_and_confusion_matrix.js";
import { WeightTiles } from "./weight_tiles.js";

const SCALED = ["weights", "histograms"]; // on one scale, or each on its own
const PICTURES = { weights: WeightTiles, histograms: LayerHeatMaps, mistakes: MistakeList, confusion: ConfusionMatrix };

export class LayerPictures {
  constructor(host, labels) {
    Object.assign(this, { host, labels, epoch: 0, known: null }); // `known`: the epoch up to which all may be seen; null: to the end
    this.isCommon = { weights: true, histograms: true };
    this.scales = {};
    this.note = host.appendChild(createElement("p", "descent-quiet descent-training-wait", labels.inside_wait));
    const add = (name) => {
      const section = host.appendChild(createElement("section", `descent-training-${name}`));
      const head = section.appendChild(createElement("div", "descent-training-head"));
      head.append(createElement("h2", "", labels[name]));
      if (SCALED.includes(name)) {
        section.append(createElement("p", "descent-quiet", labels[`${name}_help`]));
        this.scales[name] = createSegments(head, labels.scale, [["common", labels.scale_common], ["own", labels.scale_own]], (choice) => this.changeScale(name, choice === "common"));
        pressSegment(this.scales[name], "common");
      }
      return { section, picture: new PICTURES[name](section, labels), shown: "" };
    };
    this.parts = Object.fromEntries(Object.keys(PICTURES).map((name) => [name, add(name)]));
    // functions of an epoch, called in turns while the clock plays
    this.draws = Object.values(this.parts).map((part) => (epoch) => this.showPart(part, epoch));
  }

  changeScale(name, isCommon) {
    this.isCommon[name] = isCommon;
    pressSegment(this.scales[name], isCommon ? "common" : "own");
    const part = this.parts[name];
    this.setPart(name, part);
    this.showPart(part, this.epoch);
  }

  set(message, theme) {
    Object.assign(this, { message, theme });
    const { arrays } = message;
    this.has = { weights: arrays.weights, histograms: message.matrices, mistakes: arrays.predictions, confusion: arrays.predictions };
    for (const [name, part] of Object.entries(this.parts)) this.setPart(name, part);
    this.note.hidden = !message.matrices || Boolean(arrays.predictions);
  }

  setPart(name, part) {
    const { message, theme } = this;
    part.shown = "";
    part.isKnown = Boolean(this.has[name]);
    part.section.hidden = !part.isKnown || (Boolean(message.parts) && !message.parts.includes(name));
    if (part.isKnown) part.picture.set(message, theme, this.isCommon[name]);
  }

  showPart(part, epoch) {
    this.epoch = epoch;
    const { message } = this;
    const epochs = message.arrays[`epoch${message.selected}`];
    if (!part.isKnown || !epochs) return;
    const [k, last] = [findRecord(epochs, epoch), this.known === null ? epochs.length - 1 : findRecord(epochs, this.known)];
    const shown = `${k} ${last}`;
    if (part.shown !== shown) part.picture.show(k, last);
    part.shown = shown;
  }

  remove() {
    this.parts.weights.picture.remove();
  }
}
