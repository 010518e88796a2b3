// The picture of the trainings: the clock in epochs, charts, table, and the inside of the selected one.

import { Clock } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { keepPictureInSight } from "../player/base/panel_sheet.js";
import { subscribe } from "../player/base/streamlit_mounting.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { LectureAndKeys } from "../player/panels/lecture_and_keys.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { ChangeForm } from "./change_form.js";
import { DecisionRegionsView } from "./decision_regions_view.js";
import { LandscapeView } from "./landscape_view.js";
import { LayerPictures } from "./layer_pictures.js";
import { joinNews } from "./picture_news.js";
import { ReadingsView } from "./readings_view.js";
import { SpreadDrawing } from "./spread_drawing.js";
import { TrainingCharts } from "./training_charts.js";
import { makeTrainingKeys } from "./training_keys.js";
import { addPictureButtons } from "./training_picture.js";
import { TrainingSequence } from "./training_sequence.js";
import { TrainingTable } from "./training_table.js";

export const NEWS = "training news"; // the kind of the messages that have the news of a picture

export class TrainingPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "training", ["player/lecture.css", "training/training.css", "training/lecture.css"]);
    this.clock = new Clock(0);
    this.isFollowing = true; // the clock stands where the training is
    this.sequence = new TrainingSequence(); // of a lecture
  }

  // The curves, or all that there is of a picture that is not computed any more.
  async receive(curves, tell) {
    this.unsubscribe ??= subscribe(NEWS, curves.id, (news) => this.joinParts(this.curves, (this.news = news)));
    this.tell = tell;
    return this.joinParts((this.curves = curves), this.news);
  }

  async joinParts(curves, news) {
    const message = curves && joinNews(curves, news);
    if (message) await super.receive(message, this.tell);
  }

  build(labels) {
    this.shown = []; // what the curves are drawn of
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
    addPictureButtons(section("files"), labels, () => this.charts.describe(this.clock.position, this.message.title));
    this.waiting = section("waiting").appendChild(createElement("p", "descent-quiet", labels.waiting));
    const table = section("table", labels.table);
    this.table = new TrainingTable(table, labels, (index) => this.say("selected", { index }));
    this.regions = new DecisionRegionsView(section("regions"), labels);
    this.pictures = new LayerPictures(section("inside"), labels);
    const showNumbers = (epoch) => (this.table.show(epoch), void this.change.show(epoch));
    this.spread = new SpreadDrawing([showNumbers, ...this.pictures.draws, (epoch) => this.regions.showNext(epoch)]);
    this.landscape = new LandscapeView(section("landscape"), labels, { onPlane: (kind, seed) => this.say("planned", { kind, seed }), onRace: () => this.say("raced", {}) });
    this.readings = new ReadingsView(charts, this.root, labels, {
      onMend: (index) => this.say("mended", { index }),
      onCheck: () => this.say("checked", {}),
      onPoint: (evidence) => this.charts.mark(evidence),
    });
    this.twin = this.root.appendChild(createElement("details", "descent-twin"));
    const tools = transport.appendChild(createElement("div", "descent-training-tools"));
    this.lecture = this.message.lecture ? new LectureAndKeys(this, tools, labels, makeTrainingKeys(this, labels)) : null;
    this.stopKeeping = keepPictureInSight(this.root, charts);
  }

  show() {
    const { theme, sequence } = this;
    this.root.style.setProperty("--descent-count", this.message.trainings.length); // room for the table
    this.lecture?.set(this.message); // before anything is drawn in the room that it leaves
    if (!this.isLecture) sequence.showAll();
    const message = (this.shownMessage = sequence.limit(this.message));
    const styles = message.styles[this.themeName];
    const shown = [this.curves, theme, this.isLecture, sequence.shown];
    if (shown.some((part, i) => part !== this.shown[i])) this.showCurves(message, theme, styles);
    this.shown = shown;
    this.progress.set(message);
    if (message.landscape) this.landscape.set(message, theme, styles);
    this.readings.set(message);
    this.requestFrame();
  }

  // All that the curves' message has; of the news nothing.
  showCurves(message, theme, styles) {
    this.title.textContent = message.waits || (this.isLecture ? `${message.title} · ${message.model}` : message.title);
    this.showParts();
    const done = Math.max(...message.trainings.map((training) => training.done ?? 0));
    this.clock.setSteps(message.epochs);
    if (this.isFollowing && !this.clock.playing) this.clock.moveTo(done);
    this.waiting.hidden = Boolean(message.fixed) || message.trainings.some((_, k) => message.arrays[`epoch${k}`]);
    this.charts.set(message, theme, styles);
    this.table.set(message, theme, styles);
    this.regions.set(message, theme, styles);
    this.pictures.set(message, theme);
    this.change.set(message);
    this.writeTwin();
    this.spread.invalidate();
    this.root.dataset.done = done;
  }

  get isLecture() {
    return Boolean(this.lecture?.lecture.isOn);
  }

  // In a lecture, one training more or less is seen; with one more, all that are seen are played from the start.
  stepSequence(by) {
    const { message, clock, sequence } = this;
    if (!sequence.step(by, message.trainings.length)) return;
    this.isFollowing = false;
    clock.pauseAt(by > 0 ? 0 : clock.steps);
    if (by > 0) clock.play();
    this.show();
    this.select(sequence.countShown(message.trainings.length) - 1);
  }

  // Of the trainings that are seen.
  select(index) {
    if (index < this.shownMessage.trainings.length && index !== this.message.selected) this.say("selected", { index });
  }

  // Nothing can be changed in a lesson.
  say(name, detail) {
    if (!this.message.fixed) super.say(name, detail);
  }

  // In a lesson only some parts are shown; of a record, all but those that need the server.
  showParts() {
    const { fixed, parts, record, trainings } = this.message;
    const isKnown = trainings.some((_, k) => this.message.arrays[`epoch${k}`]);
    this.root.classList.toggle("descent-training-fixed", Boolean(fixed));
    this.sections.middle.hidden = Boolean(fixed || record);
    this.sections.files.hidden = Boolean(fixed);
    this.sections.landscape.hidden = !this.message.landscape;
    this.sections.table.hidden = Boolean(fixed) && !(isKnown && parts.includes("table"));
    this.twin.hidden = Boolean(fixed) && !isKnown;
    this.readings.showAll(!fixed);
  }

  writeTwin() {
    const { message } = this;
    const texts = message.trainings.map(({ name, diverged }, k) => {
      if (!message.arrays[`epoch${k}`]) return `${name}: –`;
      const last = (part) => message.arrays[`${part}${k}`]?.at(-1); // a log may lack some
      const loss = (part) => (last(part) === undefined ? "–" : formatNumber(last(part)));
      const sentence = fillTemplate(message.labels.twin_row, {
        name, loss: loss("training_loss"), validation_loss: loss("validation_loss"),
        accuracy: last("training_accuracy")?.toFixed(1) ?? "–", validation_accuracy: last("validation_accuracy")?.toFixed(1) ?? "–",
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
    const { clock, shownMessage: message } = this;
    if (clock.playing) clock.tick((time - (this.lastTime ?? time)) / 1000);
    this.lastTime = clock.playing ? time : undefined;
    const epoch = clock.position;
    this.charts.draw(epoch);
    this.bar.draw(message.labels.counter);
    this.landscape.show(epoch);
    this.spread.draw(clock.step, clock.playing);
    if (this.shownStep !== clock.step) this.root.dataset.epoch = this.shownStep = clock.step;
    this.root.classList.toggle("descent-training-untold", this.isLecture && !clock.atEnd);
    if (clock.playing) this.requestFrame();
  }

  remove() {
    this.unsubscribe?.();
    super.remove();
  }

  removeParts() {
    this.lecture?.remove();
    this.charts?.remove();
    this.bar?.remove();
    this.regions?.remove();
    this.pictures?.remove();
    this.landscape?.remove();
    this.stopKeeping?.();
  }
}
