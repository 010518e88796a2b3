// A picture or a video of what is shown, as a file that the visitor gets.

import { VIDEO_LIMITS, canEncodeVideo, encodeAnimation } from "./webm_and_gif_recorder.js";
import { addTextChunk } from "./png_metadata.js";
import { PixelTarget, SvgTarget, choosePixelRatio } from "./pixel_and_svg_targets.js";
import { SaveMenu } from "./save_menu.js";
import { fillTemplate } from "../base/number_format.js";

const MIME_TYPES = { png: "image/png", svg: "image/svg+xml", webm: "video/webm", gif: "image/gif" };
const ANIMATION_KINDS = ["webm", "gif"];
const REVOKE_DELAY_MS = 60000; // milliseconds after which a file that was handed over is forgotten

export class FileSaver {
  // `planPicture(kind, isAnimation)` measures what is shown: {width, height, name, link, position, speed,
  // createPicture}. `createPicture(target)` resolves to a picture as `encodeAnimation` takes it.
  constructor(host, labels, planPicture) {
    Object.assign(this, { labels, planPicture, abortController: null, menu: new SaveMenu(host, labels, (kind) => this.save(kind)) });
  }

  // One at a time. What goes wrong is said, and nothing on the page is lost.
  async save(kind) {
    if (this.abortController) return;
    const { labels, menu } = this;
    const { signal } = (this.abortController = new AbortController());
    menu.showProgress(() => this.abortController.abort());
    try {
      const { name, parts } = await this.createFile(kind, { signal, progress: (fraction) => menu.setProgress(fraction) });
      signal.throwIfAborted();
      downloadBlob(new Blob(parts, { type: MIME_TYPES[kind] }), name);
      menu.finish(fillTemplate(labels.save_done, { name }));
    } catch (error) {
      if (!signal.aborted) console.warn(`descent: no ${kind} was made: ${error.message}`);
      menu.finish(signal.aborted ? labels.save_cancelled : (error.sentence ?? labels.save_failed));
    } finally {
      this.abortController = null;
    }
  }

  async createFile(kind, task) {
    const isAnimation = ANIMATION_KINDS.includes(kind);
    const { width, height, name, link, position, speed, createPicture } = this.planPicture(kind, isAnimation);
    const target = kind === "svg" ? new SvgTarget(width, height) : new PixelTarget(width, height, choosePixelRatio(width, height, isAnimation ? VIDEO_LIMITS : {}), isAnimation);
    const creating = createPicture(target);
    if (kind === "webm" && !(await canEncodeVideo())) throw Object.assign(new Error("no encoder"), { sentence: this.labels.save_no_webm });
    const picture = await creating;
    task.signal.throwIfAborted();
    if (isAnimation) return { name, parts: await encodeAnimation(kind, picture, speed, task) };
    picture.drawStatic();
    picture.drawFrame(position);
    if (kind === "svg") return { name, parts: [target.context.toFile(width, height, { title: picture.formatTitle(position), description: link })] };
    const blob = await new Promise((resolve) => target.canvas.toBlob(resolve, MIME_TYPES.png));
    return { name, parts: [addTextChunk(new Uint8Array(await blob.arrayBuffer()), "URL", link)] };
  }

  // The visitor goes elsewhere, or chose another language.
  remove() {
    this.abortController?.abort();
    this.menu.remove();
  }
}

// A picture of charts, as a file `name`.`kind`, PNG or SVG; `draw(target)` draws it.
export function savePicture(kind, name, { width, height, title, draw }) {
  const target = kind === "svg" ? new SvgTarget(width, height) : new PixelTarget(width, height, choosePixelRatio(width, height));
  draw(target);
  const finish = (blob) => downloadBlob(blob, `${name}.${kind}`);
  if (kind === "png") return target.canvas.toBlob(finish, MIME_TYPES.png);
  const text = target.context.toFile(width, height, { title, description: location.href });
  finish(new Blob([text], { type: MIME_TYPES.svg }));
}

export function downloadBlob(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_DELAY_MS);
}
