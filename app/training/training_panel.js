// The picture of the trainings: the clock in epochs, charts, table, and the inside of the selected one.

import { Clock } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { keepPictureInSight } from "../player/base/panel_sheet.js";
import { applyTheme } from "../player/base/theme_and_run_styles.js";
import { JobPolling } from "../player/net/job_polling.js";
import { AssetLoader } from "../player/net/plotly_and_css_loading.js";
import { addHints } from "../player/panels/hints.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { findRecord } from "./curve_data.js";
import { DecisionRegionsView } from "./decision_regions_view.js";
import { LayerPictures } from "./layer_pictures.js";
import { ReadingsView } from "./readings_view.js";
import { TrainingCharts } from "./training_charts.js";
import { TrainingTable } from "./training_table.js";

const STYLES = ["player/player.css", "training/training.css"];

export class TrainingPanel {
  constructor(urls) {
    this.urls = { ...urls, plotly: "" }; // nothing here is drawn by it
    this.root = createElement("section", "descent descent-training");
    this.polling = new JobPolling();
    this.clock = new Clock(0);
    this.isFollowing = true; // the clock stands where the training is
  }

  async receive(message, tell) {
    this.message = message;
    this.polling.receive(tell, message);
    this.assets ??= new AssetLoader(this.urls, STYLES, this.root, () => this.receive(this.message, tell));
    if (!(await this.assets.waitUntilLoaded()) || this.isRemoved || this.message !== message) return;
    const spoken = JSON.stringify(message.labels);
    if (spoken !== this.spoken) this.build(message.labels);
    this.spoken = spoken;
    this.show();
  }

  build(labels) {
    this.removeParts();
    this.root.replaceChildren();
    this.removeHints = addHints(this.root);
    const section = (name) => this.root.appendChild(createElement("section", `descent-training-${name}`));
    const top = section("top");
    this.title = top.appendChild(createElement("p", "descent-quiet"));
    this.progress = new JobProgress(top.appendChild(createElement("div", "descent-training-progress")), labels, (value) => this.polling.say("stopped", { value }));
    const transport = this.root.appendChild(createElement("div", "descent-transport"));
    this.bar = new PlaybackBar(transport, labels, this.clock, { onChange: () => this.touch(), actions: { play: () => this.togglePlay() } });
    const charts = section("charts");
    this.charts = new TrainingCharts(charts, labels, { onSeek: (epoch) => this.seek(epoch), redraw: () => this.requestFrame() });
    this.waiting = section("waiting").appendChild(createElement("p", "descent-quiet", labels.waiting));
    const table = section("table");
    table.append(createElement("h2", "", labels.table));
    this.table = new TrainingTable(table, labels, (index) => this.polling.say("selected", { index }));
    this.regions = new DecisionRegionsView(section("regions"), labels);
    this.pictures = new LayerPictures(section("inside"), labels);
    this.readings = new ReadingsView(charts, this.root, labels, {
      onMend: (index) => this.polling.say("mended", { index }),
      onCheck: () => this.polling.say("checked", {}),
      onPoint: (evidence) => this.charts.mark(evidence),
    });
    this.twin = this.root.appendChild(createElement("details", "descent-twin"));
    this.stopKeeping = keepPictureInSight(this.root, charts);
  }

  show() {
    const { message } = this;
    const name = applyTheme(this.root, message.themes);
    const [theme, styles] = [message.themes[name], message.styles[name]];
    this.title.textContent = message.title;
    this.progress.set(message);
    const done = Math.max(...message.trainings.map((training) => training.done ?? 0));
    this.clock.setSteps(message.epochs);
    if (this.isFollowing && !this.clock.playing) this.clock.moveTo(done);
    this.waiting.hidden = message.trainings.some((_, k) => message.arrays[`epoch${k}`]);
    this.charts.set(message, theme, styles);
    this.table.set(message, styles);
    this.regions.set(message, theme, styles);
    this.pictures.set(message, theme);
    this.readings.set(message);
    this.writeTwin();
    this.root.dataset.mark = message.mark;
    this.root.dataset.state = message.state;
    this.root.dataset.done = done;
    this.requestFrame();
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
    this.clock.pauseAt(epoch);
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
    this.table.show(clock.step);
    this.regions.show(clock.step);
    const epochs = message.arrays[`epoch${message.selected}`];
    if (epochs) this.pictures.show(findRecord(epochs, clock.step));
    this.root.dataset.epoch = clock.step;
    if (clock.playing) this.requestFrame();
  }

  removeParts() {
    this.charts?.remove();
    this.bar?.remove();
    this.regions?.remove();
    this.removeHints?.();
    this.stopKeeping?.();
  }

  remove() {
    this.isRemoved = true;
    this.polling.remove();
    this.removeParts();
    this.root.remove();
  }
}
