// The picture of the trainings: the clock in epochs, charts, table, and the inside of the selected one.

import { Clock } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { keepPictureInSight } from "../player/base/panel_sheet.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { ChangeForm } from "./change_form.js";
import { findRecord } from "./curve_data.js";
import { LayerPictures } from "./layer_pictures.js";
import { ReadingsView } from "./readings_view.js";
import { TrainingCharts } from "./training_charts.js";
import { TrainingTable } from "./training_table.js";

export class TrainingPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "training", ["training/training.css"]);
    this.clock = new Clock(0);
    this.isFollowing = true; // the clock stands where the training is
  }

  build(labels) {
    this.sections = {};
    const section = (name, title) => (this.sections[name] = this.addSection(name, title));
    const top = section("top");
    this.title = top.appendChild(createElement("p", "descent-quiet"));
    this.progress = new JobProgress(top.appendChild(createElement("div", "descent-training-progress")), labels, (value) => this.say("stopped", { value }));
    const transport = this.root.appendChild(createElement("div", "descent-transport"));
    this.bar = new PlaybackBar(transport, labels, this.clock, { onChange: () => this.touch(), actions: { play: () => this.togglePlay() } });
    this.change = new ChangeForm(section("middle"), labels, (change) => this.say("changed", change));
    const charts = section("charts");
    this.charts = new TrainingCharts(charts, labels, { onSeek: (epoch) => this.seek(epoch), redraw: () => this.requestFrame() });
    this.waiting = section("waiting").appendChild(createElement("p", "descent-quiet", labels.waiting));
    const table = section("table", labels.table);
    this.table = new TrainingTable(table, labels, (index) => this.say("selected", { index }));
    this.pictures = new LayerPictures(section("inside"), labels);
    this.readings = new ReadingsView(charts, this.root, labels, {
      onMend: (index) => this.say("mended", { index }),
      onCheck: () => this.say("checked", {}),
      onPoint: (evidence) => this.charts.mark(evidence),
    });
    this.twin = this.root.appendChild(createElement("details", "descent-twin"));
    this.stopKeeping = keepPictureInSight(this.root, charts);
  }

  show() {
    const { message, theme } = this;
    const styles = message.styles[this.themeName];
    this.title.textContent = message.waits || message.title;
    this.showParts();
    this.progress.set(message);
    const done = Math.max(...message.trainings.map((training) => training.done ?? 0));
    this.clock.setSteps(message.epochs);
    if (this.isFollowing && !this.clock.playing) this.clock.moveTo(done);
    this.waiting.hidden = Boolean(message.fixed) || message.trainings.some((_, k) => message.arrays[`epoch${k}`]);
    this.charts.set(message, theme, styles);
    this.table.set(message, styles);
    this.pictures.set(message, theme);
    this.readings.set(message);
    this.change.set(message);
    this.writeTwin();
    this.shownStep = null;
    this.root.dataset.done = done;
    this.requestFrame();
  }

  // Nothing can be changed in a lesson.
  say(name, detail) {
    if (!this.message.fixed) super.say(name, detail);
  }

  // In a lesson only some parts are shown.
  showParts() {
    const { fixed, parts, trainings } = this.message;
    const isKnown = trainings.some((_, k) => this.message.arrays[`epoch${k}`]);
    this.root.classList.toggle("descent-training-fixed", Boolean(fixed));
    this.sections.middle.hidden = Boolean(fixed);
    this.sections.table.hidden = Boolean(fixed) && !(isKnown && parts.includes("table"));
    this.twin.hidden = Boolean(fixed) && !isKnown;
    this.readings.showAll(!fixed);
  }

  writeTwin() {
    const { message } = this;
    const texts = message.trainings.map(({ name, diverged }, k) => {
      if (!message.arrays[`epoch${k}`]) return `${name}: –`;
      const last = (part) => message.arrays[`${part}${k}`].at(-1);
      const sentence = fillTemplate(message.labels.twin_row, {
        name, loss: formatNumber(last("training_loss")), validation_loss: formatNumber(last("validation_loss")),
        accuracy: last("training_accuracy").toFixed(1), validation_accuracy: last("validation_accuracy").toFixed(1),
      });
      return diverged ? `${sentence} ${diverged.words}` : sentence;
    });
    this.twin.replaceChildren(createElement("summary", "", message.labels.twin), ...texts.map((text) => createElement("p", "", text)));
  }

  togglePlay() {
    this.isFollowing = false;
    if (this.clock.playing) this.clock.pause();
    else this.clock.play();
  }

  seek(epoch) {
    this.clock.pauseAt(Math.round(epoch)); // at the nearest record
    this.touch();
  }

  // The visitor moved the clock.
  touch() {
    this.isFollowing = this.clock.atEnd;
    this.requestFrame();
  }

  requestFrame() {
    this.frame ??= requestAnimationFrame((time) => {
      this.frame = null;
      if (!this.isRemoved && this.message && this.charts) this.draw(time);
    });
  }

  draw(time) {
    const { clock, message } = this;
    if (clock.playing) clock.tick((time - (this.lastTime ?? time)) / 1000);
    this.lastTime = clock.playing ? time : undefined;
    const epoch = clock.position;
    this.charts.draw(epoch);
    this.bar.draw(message.labels.counter);
    if (this.shownStep !== clock.step) {
      this.table.show(clock.step);
      this.change.show(clock.step);
    }
    this.shownStep = clock.step;
    const epochs = message.arrays[`epoch${message.selected}`];
    if (epochs) this.pictures.show(findRecord(epochs, clock.step));
    this.root.dataset.epoch = clock.step;
    if (clock.playing) this.requestFrame();
  }

  removeParts() {
    this.charts?.remove();
    this.bar?.remove();
    this.stopKeeping?.();
  }
}
