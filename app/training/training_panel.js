// The picture of the trainings: the clock in epochs, charts, table, and the inside of the selected one.

import { Clock } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { keepPictureInSight } from "../player/base/keep_picture_in_sight.js";
import { VisibilityObserver } from "../player/base/visibility_observer.js";
import { subscribe } from "../player/base/streamlit_mounting.js";
import { chooseFuture, isFutureHidden } from "../player/base/spoiler_protection.js";
import { leaveLesson, markLesson } from "../player/base/explanation_after_playback.js";
import { JobProgress } from "../player/panels/job_progress.js";
import { LaboratoryPanel } from "../player/panels/laboratory_panel.js";
import { LectureAndKeys } from "../player/panels/lecture_and_keys.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { ChangeForm } from "./change_form.js";
import { DecisionRegionsView } from "./decision_regions_view.js";
import { DrawingScheduler } from "./drawing_scheduler.js";
import { joinNews } from "./join_picture_messages.js";
import { LandscapeView } from "./landscape_view.js";
import { LayerPictures } from "./layer_pictures.js";
import { ReadingsView } from "./readings_view.js";
import { RevealedTrainings } from "./trainings_revealed_one_by_one.js";
import { addPictureButtons } from "./save_buttons.js";
import { TrainingCharts } from "./training_charts.js";
import { makeTrainingKeys } from "./training_keys.js";
import { TrainingTable } from "./training_table.js";
import { TrainingsInWords } from "./trainings_in_words.js";

export const NEWS = "training news"; // the kind of the messages that have the news of a picture

export class TrainingPanel extends LaboratoryPanel {
  constructor(urls) {
    super(urls, "training", ["player/lecture.css", "player/scenes.css", "training/training.css", "training/lecture.css"]);
    this.clock = new Clock(0);
    this.isFollowing = true; // the clock stands where the training is
    this.isAwaitingSight = false; // a lesson's training plays on once its curves are in sight
    this.place = null; // in a playlist, of the scene that is shown
    this.waited = false; // for the audience's prediction
    this.sequence = new RevealedTrainings(); // of a lecture
    this.future = "auto"; // see `spoiler_protection.js`
  }

  // Receive the curves; of a picture that is not computed any more, the whole message.
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
    this.shownKnown = null;
    this.sections = {};
    const section = (name, title) => (this.sections[name] = this.addSection(name, title));
    const top = section("top");
    this.title = top.appendChild(createElement("p", "descent-quiet"));
    this.progress = new JobProgress(top.appendChild(createElement("div", "descent-training-progress")), labels, (value) => this.say("stopped", { value }));
    const transport = this.root.appendChild(createElement("div", "descent-transport"));
    this.bar = new PlaybackBar(transport, labels, this.clock, { onChange: () => this.touch(), actions: { play: () => this.togglePlay(), ahead: () => this.toggleFuture() } });
    this.change = new ChangeForm(section("middle"), labels, (change) => this.say("changed", change));
    const charts = section("charts");
    this.charts = new TrainingCharts(charts, labels, { onSeek: (epoch) => this.seek(epoch), redraw: () => this.requestFrame() });
    this.sight = new VisibilityObserver(charts, () => this.requestFrame());
    addPictureButtons(section("files"), labels, () => this.charts.describe(this.clock.position, this.message.title));
    this.waiting = section("waiting").appendChild(createElement("p", "descent-quiet", labels.waiting));
    const table = section("table", labels.table);
    this.table = new TrainingTable(table, labels, (index) => this.say("selected", { index }));
    this.regions = new DecisionRegionsView(section("regions"), labels);
    this.pictures = new LayerPictures(section("inside"), labels);
    const showNumbers = (epoch) => {
      this.table.show(epoch);
      this.change.show(epoch);
      this.twin.show(this.known);
    };
    this.spread = new DrawingScheduler([showNumbers, ...this.pictures.draws, (epoch) => this.regions.showNext(epoch)]);
    this.landscape = new LandscapeView(section("landscape"), labels, { onPlane: (kind, seed) => this.say("planned", { kind, seed }), onRace: () => this.say("raced", {}) });
    this.readings = new ReadingsView(charts, this.root, labels, {
      onMend: (index) => this.say("mended", { index }),
      onCheck: () => this.say("checked", {}),
      onPoint: (evidence) => this.charts.mark(evidence),
    });
    this.twin = new TrainingsInWords(this.root, labels);
    const tools = transport.appendChild(createElement("div", "descent-training-tools"));
    this.lecture = this.message.lecture ? new LectureAndKeys(this, tools, labels, makeTrainingKeys(this, labels)) : null;
    this.stopKeeping = keepPictureInSight(this.root, charts);
  }

  show() {
    const { theme, sequence } = this;
    this.takeFuture(this.message);
    this.root.style.setProperty("--descent-count", this.message.trainings.length); // room for the table
    this.clock.setSteps(this.message.epochs);
    this.followLecture();
    this.lecture?.set(this.message); // before anything is drawn in the room that it leaves; keys pressed meanwhile count here
    if (!this.isLecture) sequence.showAll();
    const message = (this.shownMessage = sequence.limit(this.message));
    const styles = message.styles[this.themeName];
    const shown = [this.curves, theme, this.isLecture, this.place, sequence.shown];
    if (shown.some((part, i) => part !== this.shown[i])) this.showCurves(message, theme, styles);
    this.shown = shown;
    this.progress.set(message);
    if (message.landscape) this.landscape.set(message, theme, styles);
    this.readings.set(message);
    this.requestFrame();
  }

  // Show the message of the curves, without the news.
  showCurves(message, theme, styles) {
    const { fixed, waits, trainings } = message;
    const isTitled = this.isLecture || (waits && !fixed);
    this.title.textContent = fixed && waits ? waits : isTitled ? `${message.title} · ${message.model}` : message.title;
    this.showParts();
    const done = Math.max(...trainings.map((training) => training.done ?? 0));
    this.moveClock(message, done);
    this.waiting.textContent = waits || message.labels.waiting;
    this.waiting.hidden = Boolean(fixed) || (!waits && trainings.some((_, k) => message.arrays[`epoch${k}`]));
    this.charts.set(message, theme, styles, this.known);
    this.table.set(message, theme, styles);
    this.regions.set(message, theme, styles);
    this.pictures.set(message, theme);
    this.change.set(message);
    this.twin.set(message);
    this.spread.invalidate();
    this.root.dataset.done = this.done = done;
  }

  // Move the clock along with the training. If the future is hidden, the clock stands at the start when the picture is
  // opened, and plays the rest of a lesson after the prediction.
  moveClock({ fixed, waits, job_id: jobId, lecture }, done) {
    const { clock, moved } = this;
    this.moved = { waits, jobId };
    if (fixed && moved && moved.jobId !== jobId) { // another scene, or the rest of this one
      this.isFollowing = true;
      clock.pauseAt(moved.waits ? clock.position : 0);
    }
    if (!this.isFollowing || clock.playing) return;
    const isPlaced = lecture?.places > 0; // `followLecture` has moved it
    if (!this.hidesFuture || waits || (!fixed && (moved || isPlaced))) return clock.moveTo(done);
    if (fixed && matchMedia("(prefers-reduced-motion: reduce)").matches) return clock.moveTo(done);
    this.isFollowing = false;
    if (!fixed) return clock.awaitStart();
    clock.play();
    this.isAwaitingSight = true;
  }

  // ---- what is ahead of the clock

  // Take the choice of the link if it has changed: a message that was already on its way must not undo a press.
  takeFuture({ future = "auto" }) {
    if (future !== this.sentFuture) this.future = this.sentFuture = future;
  }

  get hidesFuture() {
    return isFutureHidden(this.future, this.message.suspense);
  }

  // The epoch up to which all may be told; null: to the end.
  get known() {
    const { furthest, steps } = this.clock;
    return this.hidesFuture && furthest < steps ? furthest : null;
  }

  // Whether the end may be told.
  get isTold() {
    return !this.hidesFuture || this.clock.furthest >= Math.min(this.clock.steps, this.done);
  }

  toggleFuture() {
    this.future = chooseFuture(!this.hidesFuture, this.message.suspense);
    if (this.message.future) this.say("ahead", { value: this.future }); // for the link
    this.spread.invalidate();
    this.requestFrame();
  }

  // Show or hide the parts that reveal the end: a lesson's explanation, the readings, the button for the future.
  showKnown() {
    const { shownMessage: { lesson, waits }, bar, isTold } = this;
    if (lesson) markLesson(lesson, Boolean(waits), isTold);
    const shown = `${this.hidesFuture} ${isTold}`;
    if (shown === this.shownKnown) return;
    this.shownKnown = shown;
    bar.buttons.ahead.setAttribute("aria-pressed", !this.hidesFuture);
    this.readings.setTold(isTold);
    this.root.classList.toggle("descent-training-untold", !isTold);
  }

  get isLecture() {
    return Boolean(this.lecture?.lecture.isOn);
  }

  // The last epoch that the trainings may show in a lecture, where the clock has been; null: to their end.
  get furthest() {
    const { lecture, waits } = this.message;
    const isSuspenseful = (this.isLecture || lecture?.places > 0) && !waits;
    return isSuspenseful && this.clock.furthest < this.clock.steps ? this.clock.furthest : null;
  }

  // Follow the lecture to another scene. One that was not shown yet stands at its start until the lecturer plays it or
  // reveals the answer to its question.
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

  // In a lecture, show one training more, and play all from the start; or show one fewer.
  stepSequence(by) {
    const { message, clock, sequence } = this;
    if (!sequence.step(by, message.trainings.length)) return;
    this.isFollowing = false;
    if (by > 0) this.playFromStart();
    else clock.pauseAt(clock.steps);
    this.show();
    this.select(sequence.countShown(message.trainings.length) - 1);
  }

  // Select one of the trainings that are shown.
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
    this.twin.element.hidden = Boolean(fixed || waits) && !isKnown;
    this.readings.showAll(!fixed && !waits);
  }

  // Toggle playback; if a prediction is pending, reveal the answer instead.
  togglePlay() {
    if (this.waited) return this.lecture.lecture.navigator.reveal();
    this.isFollowing = this.isAwaitingSight = false;
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
    if (this.sight.isInSight) this.isAwaitingSight = false;
    const isMoving = clock.playing && !this.isAwaitingSight;
    if (isMoving) clock.tick((time - (this.lastTime ?? time)) / 1000);
    this.lastTime = isMoving ? time : undefined;
    const [epoch, known] = [clock.position, this.known];
    this.charts.draw(epoch, known);
    this.showKnown();
    this.pictures.known = known;
    this.bar.draw(message.labels.counter);
    this.landscape.show(epoch);
    this.spread.draw(clock.step, clock.playing);
    if (this.shownStep !== clock.step) this.root.dataset.epoch = this.shownStep = clock.step;
    if (clock.furthest > 0 && !this.waited) this.lecture?.lecture.navigator.markShown();
    this.lecture?.lecture.choices.markRight(this.isTold && !this.waited);
    if (isMoving) this.requestFrame();
  }

  remove() {
    this.unsubscribe?.();
    leaveLesson(this.message?.lesson);
    super.remove();
  }

  removeParts() {
    this.lecture?.remove();
    this.sight?.remove();
    this.charts?.remove();
    this.bar?.remove();
    this.regions?.remove();
    this.pictures?.remove();
    this.landscape?.remove();
    this.stopKeeping?.();
  }
}
