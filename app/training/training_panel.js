// The picture of the trainings: the clock in epochs, charts, table, and the inside of the selected one.

import { Clock } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { keepPictureInSight } from "../player/base/panel_sheet.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { LectureAndKeys } from "../player/panels/lecture_and_keys.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { ChangeForm } from "./change_form.js";
import { findRecord } from "./curve_data.js";
import { DecisionRegionsView } from "./decision_regions_view.js";
import { LandscapeView } from "./landscape_view.js";
import { LayerPictures } from "./layer_pictures.js";
import { ReadingsView } from "./readings_view.js";
import { TrainingCharts } from "./training_charts.js";
import { makeTrainingKeys } from "./training_keys.js";
import { addPictureButtons } from "./training_picture.js";
import { TrainingSequence } from "./training_sequence.js";
import { TrainingTable } from "./training_table.js";

export class TrainingPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "training", ["player/lecture.css", "player/scenes.css", "training/training.css", "training/lecture.css"]);
    this.clock = new Clock(0);
    this.isFollowing = true; // the clock stands where the training is
    this.place = null; // in a playlist, of the scene that is shown
    this.waited = false; // for the audience's prediction
    this.sequence = new TrainingSequence(); // of a lecture
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
    addPictureButtons(section("files"), labels, () => this.charts.describe(this.clock.position, this.message.title));
    this.waiting = section("waiting").appendChild(createElement("p", "descent-quiet", labels.waiting));
    const table = section("table", labels.table);
    this.table = new TrainingTable(table, labels, (index) => this.say("selected", { index }));
    this.regions = new DecisionRegionsView(section("regions"), labels);
    this.pictures = new LayerPictures(section("inside"), labels);
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
    const { theme } = this;
    this.root.style.setProperty("--descent-count", this.message.trainings.length); // room for the table
    this.clock.setSteps(this.message.epochs);
    this.followLecture();
    this.lecture?.set(this.message); // before anything is drawn in the room that it leaves; keys pressed meanwhile count here
    if (!this.isLecture) this.sequence.showAll();
    const message = (this.shownMessage = this.sequence.limit(this.message));
    const styles = message.styles[this.themeName];
    const isTitled = this.isLecture || (message.waits && !message.fixed);
    this.title.textContent = message.fixed && message.waits ? message.waits : isTitled ? `${message.title} · ${message.model}` : message.title;
    this.showParts();
    this.progress.set(message);
    const done = Math.max(...message.trainings.map((training) => training.done ?? 0));
    if (this.isFollowing && !this.clock.playing) this.clock.moveTo(done);
    this.waiting.textContent = message.waits || message.labels.waiting;
    this.waiting.hidden = Boolean(message.fixed) || (!message.waits && message.trainings.some((_, k) => message.arrays[`epoch${k}`]));
    this.charts.set(message, theme, styles, this.furthest);
    this.table.set(message, styles);
    this.regions.set(message, theme, styles);
    this.pictures.set(message, theme);
    if (message.landscape) this.landscape.set(message, theme, styles);
    this.readings.set(message);
    this.change.set(message);
    this.writeTwin();
    this.shownStep = null;
    this.root.dataset.done = done;
    this.requestFrame();
  }

  get isLecture() {
    return Boolean(this.lecture?.lecture.isOn);
  }

  // Up to which epoch the trainings may be told; null: to their end. In a lecture nothing is told before the clock gets there.
  get furthest() {
    const { lecture, waits } = this.message;
    const isSuspenseful = (this.isLecture || lecture?.places > 0) && !waits;
    return isSuspenseful && this.clock.furthest < this.clock.steps ? this.clock.furthest : null;
  }

  // A scene of a playlist that nobody has seen stands at its start until it is let run, or until its question is answered.
  followLecture() {
    const { lecture, waits } = this.message;
    const [place, waited] = [lecture?.places > 0 ? lecture.place : null, this.waited];
    this.waited = Boolean(waits && !this.message.fixed);
    if (place !== this.place) {
      this.place = place;
      this.sequence.showAll();
      this.isFollowing = place === null || lecture.shown || this.waited;
      if (this.isFollowing) this.clock.pauseAt(0);
      else this.clock.awaitStart();
    } else if (waited && !this.waited) this.playFromStart();
  }

  playFromStart() {
    this.isFollowing = false;
    this.clock.pauseAt(0);
    this.clock.play();
    this.requestFrame();
  }

  // In a lecture, one training more or less is seen; with one more, all that are seen are played from the start.
  stepSequence(by) {
    const { message, clock, sequence } = this;
    if (!sequence.step(by, message.trainings.length)) return;
    this.isFollowing = false;
    if (by > 0) this.playFromStart();
    else clock.pauseAt(clock.steps);
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
    const { fixed, parts, record, trainings, waits } = this.message;
    const isKnown = trainings.some((_, k) => this.message.arrays[`epoch${k}`]);
    this.root.classList.toggle("descent-training-fixed", Boolean(fixed));
    this.root.classList.toggle("descent-training-waits", Boolean(waits && !fixed));
    this.sections.middle.hidden = Boolean(fixed || record || waits);
    this.sections.files.hidden = Boolean(fixed || waits);
    this.sections.landscape.hidden = !this.message.landscape;
    this.sections.table.hidden = Boolean(fixed) && !(isKnown && parts.includes("table"));
    this.twin.hidden = Boolean(fixed || waits) && !isKnown;
    this.readings.showAll(!fixed && !waits);
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

  // If the audience is to predict first, what happens is shown instead.
  togglePlay() {
    if (this.waited) return this.lecture.lecture.navigator.reveal();
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
    const { furthest } = this;
    const isTold = furthest === null;
    this.charts.draw(epoch, furthest);
    this.bar.draw(message.labels.counter);
    if (this.shownStep !== clock.step) {
      this.table.show(clock.step);
      this.regions.show(clock.step);
      this.change.show(clock.step);
    }
    this.shownStep = clock.step;
    this.landscape.show(epoch);
    const epochs = message.arrays[`epoch${message.selected}`];
    if (epochs) this.pictures.show(findRecord(epochs, clock.step));
    this.root.dataset.epoch = clock.step;
    this.root.classList.toggle("descent-training-untold", !isTold);
    if (clock.furthest > 0 && !this.waited) this.lecture?.lecture.navigator.markShown();
    this.lecture?.lecture.choices.markRight(isTold && !this.waited);
    if (clock.playing) this.requestFrame();
  }

  removeParts() {
    this.lecture?.remove();
    this.charts?.remove();
    this.bar?.remove();
    this.regions?.remove();
    this.landscape?.remove();
    this.stopKeeping?.();
  }
}
