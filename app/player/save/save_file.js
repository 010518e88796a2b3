// What each choice of the menu makes of the race, and how it comes to the visitor: as a file.

import { SIZE, canFilm, filmed } from "./video_recorder.js";
import { measured } from "../test_hooks.js";
import { Picture, measure } from "./snapshot.js";
import { withText } from "./png_metadata.js";
import { PixelPress, VectorPress, finest } from "./render_targets.js";
import { fill } from "../base/number_format.js";
import { fileName, filmName, linkOf, partsOf } from "../net/permalink.js";

const TYPES = { png: "image/png", svg: "image/svg+xml", webm: "video/webm", gif: "image/gif" };
const FILMS = ["webm", "gif"];
const SOON = 60000; // milliseconds after which a file that was handed over is forgotten

export class Saving {
  // `menu` shows what is going on.
  constructor(player, menu) {
    Object.assign(this, { player, menu });
    this.stop = null;
  }

  // One at a time; what goes wrong is said, and nothing on the page is lost.
  async save(kind) {
    if (this.stop) return;
    const { labels } = this.player;
    const stop = (this.stop = new AbortController());
    this.menu.begin(() => stop.abort());
    try {
      const { name, parts } = await this.make(kind, { signal: stop.signal, progress: (part) => this.menu.progress(part) });
      stop.signal.throwIfAborted();
      handOver(new Blob(parts, { type: TYPES[kind] }), name);
      this.menu.end(fill(labels.save_done, { name }));
    } catch (error) {
      if (!stop.signal.aborted) console.warn(`descent: no ${kind} was made: ${error.message}`);
      this.menu.end(stop.signal.aborted ? labels.save_cancelled : (error.sentence ?? labels.save_failed));
    } finally {
      this.stop = null;
    }
  }

  async make(kind, watch) {
    const { player } = this;
    const { clock, pace, scene, labels } = player;
    const film = FILMS.includes(kind);
    const [position, step, steps, speed] = [clock.position, clock.step, clock.steps, clock.speed];
    const parts = partsOf(scene.scene, { ...player.seen(), step: film ? null : Math.round(100 * position) / 100 });
    const link = linkOf(player.urls.base, parts);
    const plan = measure(player, parts);
    const press = kind === "svg" ? new VectorPress(plan.width, plan.height) : new PixelPress(plan.width, plan.height, finest(plan.width, plan.height, film ? SIZE : {}), film);
    const printing = Picture.of(player, press, plan);
    if (kind === "webm" && !(await canFilm())) throw Object.assign(new Error("no encoder"), { sentence: labels.save_no_webm });
    const picture = await printing;
    watch.signal.throwIfAborted();
    measured.saved = { ratio: press.ratio, sides: plan.sides, link };
    if (film) return { name: filmName(parts, { pace, steps }, kind), parts: await filmed(kind, picture, speed, watch) };
    picture.still();
    picture.moment(position);
    const name = fileName(parts, { pace, step }, kind);
    if (kind === "svg") return { name, parts: [press.context.file(plan.width, plan.height, { title: picture.title(position), description: link })] };
    const blob = await new Promise((resolve) => press.canvas.toBlob(resolve, TYPES.png));
    return { name, parts: [withText(new Uint8Array(await blob.arrayBuffer()), "URL", link)] };
  }

  // The visitor goes elsewhere, or the player speaks another language.
  remove() {
    this.stop?.abort();
    this.menu.remove();
  }
}

function handOver(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), SOON);
}
