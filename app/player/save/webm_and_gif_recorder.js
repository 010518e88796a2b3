// A picture that moves as a video, frame by frame, at the speed on the screen, with a while at its end.

import { RUN_SECONDS } from "../base/clock.js";
import { parseHexColour } from "../base/theme_and_run_styles.js";
import { GifWriter, buildPalette } from "./gif_encoder.js";
import { muxWebM } from "./webm_muxer.js";

export const VIDEO_LIMITS = { widest: 1280, most: 2.2e6 }; // pixels of a video: VP9's level 4
export const MAX_VIDEO_SECONDS = 30; // seconds of a video
const END_PAUSE_SECONDS = 1; // second at the end
const MAX_QUEUED_FRAMES = 4; // frames that the encoder may have before it
const DEQUEUE_TIMEOUT_MS = 250; // milliseconds
const KEYFRAME_INTERVAL = 60; // frames from one key frame to the next
const BITS_PER_SECOND_PER_MEGAPIXEL = 4.5e6; // a second, of a video of a million pixels
const CODECS = ["vp09.00.40.08", "vp8"];

// The clock's position in each frame, and how long it is in all; a race that would be too long runs faster.
export function planFrames(steps, speed, fps) {
  const race = Math.min(MAX_VIDEO_SECONDS - END_PAUSE_SECONDS, RUN_SECONDS / speed);
  const count = Math.round((race + END_PAUSE_SECONDS) * fps);
  const positions = Array.from({ length: count }, (_, i) => Math.min(steps, (steps * i) / (fps * race)));
  return { positions, seconds: count / fps };
}

// The time of frame i in units of which there are so many a second.
export const frameTime = (i, fps, units) => Math.round((i * units) / fps);

// An encoder's settings that this browser has; null where there is none, as on a page that came by http.
async function findEncoderSettings({ width, height }, fps) {
  if (typeof VideoEncoder === "undefined") return null;
  for (const codec of CODECS) {
    const settings = { codec, width, height, framerate: fps, bitrate: Math.round((BITS_PER_SECOND_PER_MEGAPIXEL * width * height) / 1e6), latencyMode: "realtime" };
    const found = await VideoEncoder.isConfigSupported(settings).catch(() => null);
    if (found?.supported) return settings;
  }
  return null;
}

export const canEncodeVideo = async () => Boolean(await findEncoderSettings({ width: VIDEO_LIMITS.widest, height: 720 }, 30));

// Draw every frame, call `keep(frame number)` after each, and let the page work in between.
async function renderFrames(picture, positions, { signal, progress }, keep) {
  const { canvas, context, contextSettings, width, height } = picture.target;
  picture.drawStatic();
  const background = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  background.getContext("2d", contextSettings).drawImage(canvas, 0, 0);
  for (const [i, position] of positions.entries()) {
    await yieldToPage();
    signal.throwIfAborted();
    context.drawImage(background, 0, 0, width, height);
    picture.drawFrame(position);
    await keep(i);
    progress((i + 1) / positions.length);
  }
}

// Resolves to the parts of a file of `kind`, for `(picture, speed, task)`. A picture has a `target`, `steps`, the
// `colours` that must not change, `drawStatic()`, `drawFrame(position)` and `formatTitle(position)`.
export const encodeAnimation = (kind, ...job) => (kind === "gif" ? encodeGif(...job) : encodeWebM(...job));

async function encodeWebM(picture, speed, task) {
  const fps = 30;
  const { positions, seconds } = planFrames(picture.steps, speed, fps);
  const { width, height } = picture.target.canvas;
  const settings = await findEncoderSettings({ width, height }, fps);
  if (!settings) throw new Error("there is no encoder for this video");
  const frames = [];
  let failed = null;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push({ time: Math.round(chunk.timestamp / 1000), key: chunk.type === "key", data });
    },
    error: (error) => (failed = error),
  });
  try {
    encoder.configure(settings);
    await renderFrames(picture, positions, task, async (i) => {
      while (encoder.encodeQueueSize > MAX_QUEUED_FRAMES && !failed) await waitForDequeue(encoder);
      if (failed) throw failed;
      const frame = new VideoFrame(readPixels(picture), { format: "RGBX", codedWidth: width, codedHeight: height, timestamp: frameTime(i, fps, 1e6), duration: frameTime(1, fps, 1e6) });
      encoder.encode(frame, { keyFrame: i % KEYFRAME_INTERVAL === 0 });
      frame.close();
    });
    await encoder.flush();
    task.signal.throwIfAborted();
    return muxWebM(frames, { width, height, codec: settings.codec, seconds, title: picture.formatTitle(picture.steps) });
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
}

async function encodeGif(picture, speed, task) {
  const fps = 12;
  const { positions } = planFrames(picture.steps, speed, fps);
  const { canvas } = picture.target;
  picture.drawStatic();
  picture.drawFrame(picture.steps);
  const writer = new GifWriter(canvas.width, canvas.height, buildPalette(readPixels(picture), picture.colours.map(parseHexColour)));
  await renderFrames(picture, positions, task, (i) => writer.addFrame(readPixels(picture), frameTime(i + 1, fps, 100) - frameTime(i, fps, 100)));
  return writer.finish();
}

const readPixels = ({ target: { canvas, context } }) => context.getImageData(0, 0, canvas.width, canvas.height).data;

// Resolves once the encoder has taken a frame; after a while anyway, for it does not report failure.
const waitForDequeue = (encoder) => new Promise((resolve) => {
  encoder.addEventListener("dequeue", resolve, { once: true });
  setTimeout(resolve, DEQUEUE_TIMEOUT_MS);
});

// A pause in which the page can answer; a timer would wait a second in a tab that nobody looks at.
function yieldToPage() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
