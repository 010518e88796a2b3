// What each choice of the menu makes of the race, and how it comes to the visitor: as a file.

import { VIDEO_LIMITS, canEncodeVideo, encodeAnimation } from "./video_recorder.js";
import { metrics } from "../test_hooks.js";
import { Snapshot, planSnapshot } from "./picture_composition.js";
import { addTextChunk } from "./png_metadata.js";
import { PixelTarget, SvgTarget, choosePixelRatio } from "./pixel_and_svg_targets.js";
import { fillTemplate } from "../base/number_format.js";
import { buildFileName, buildAnimationName, buildLink, addViewPart } from "./link_and_file_name.js";

const MIME_TYPES = { png: "image/png", svg: "image/svg+xml", webm: "video/webm", gif: "image/gif" };
const ANIMATION_KINDS = ["webm", "gif"];
const REVOKE_DELAY_MS = 60000; // milliseconds after which a file that was handed over is forgotten

export class FileSaver {
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
      const { name, parts } = await this.createFile(kind, { signal: stop.signal, progress: (part) => this.menu.progress(part) });
      stop.signal.throwIfAborted();
      downloadBlob(new Blob(parts, { type: MIME_TYPES[kind] }), name);
      this.menu.end(fillTemplate(labels.save_done, { name }));
    } catch (error) {
      if (!stop.signal.aborted) console.warn(`descent: no ${kind} was made: ${error.message}`);
      this.menu.end(stop.signal.aborted ? labels.save_cancelled : (error.sentence ?? labels.save_failed));
    } finally {
      this.stop = null;
    }
  }

  async createFile(kind, watch) {
    const { player } = this;
    const { clock, pace, scene, labels } = player;
    const film = ANIMATION_KINDS.includes(kind);
    const [position, step, steps, speed] = [clock.position, clock.step, clock.steps, clock.speed];
    const parts = addViewPart(scene.scene, { ...player.seen(), step: film ? null : Math.round(100 * position) / 100 }, player.stageMessage.view.defaults);
    const link = buildLink(player.urls.base, parts);
    const plan = planSnapshot(player, parts);
    const press = kind === "svg" ? new SvgTarget(plan.width, plan.height) : new PixelTarget(plan.width, plan.height, choosePixelRatio(plan.width, plan.height, film ? VIDEO_LIMITS : {}), film);
    const printing = Snapshot.create(player, press, plan);
    if (kind === "webm" && !(await canEncodeVideo())) throw Object.assign(new Error("no encoder"), { sentence: labels.save_no_webm });
    const picture = await printing;
    watch.signal.throwIfAborted();
    metrics.saved = { ratio: press.ratio, sides: plan.sides, link };
    if (film) return { name: buildAnimationName(parts, { pace, steps }, kind), parts: await encodeAnimation(kind, picture, speed, watch) };
    picture.still();
    picture.moment(position);
    const name = buildFileName(parts, { pace, step }, kind);
    if (kind === "svg") return { name, parts: [press.context.file(plan.width, plan.height, { title: picture.title(position), description: link })] };
    const blob = await new Promise((resolve) => press.canvas.toBlob(resolve, MIME_TYPES.png));
    return { name, parts: [addTextChunk(new Uint8Array(await blob.arrayBuffer()), "URL", link)] };
  }

  // The visitor goes elsewhere, or the player speaks another language.
  remove() {
    this.stop?.abort();
    this.menu.remove();
  }
}

function downloadBlob(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_DELAY_MS);
}
