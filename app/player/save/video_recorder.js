// The race as a film, frame by frame: the same drawing as on the page, at the pace and speed on the screen.

import { parseHexColour } from "../base/theme_and_run_styles.js";
import { GifWriter, buildPalette } from "./gif_encoder.js";
import { planFrames, frameTime } from "./video_timing.js";
import { muxWebM } from "./webm_muxer.js";

export const VIDEO_LIMITS = { widest: 1280, most: 2.2e6 }; // pixels of a film: VP9's level 4
const MAX_QUEUED_FRAMES = 4; // frames that the encoder may have before it
const DEQUEUE_TIMEOUT_MS = 250; // milliseconds
const KEYFRAME_INTERVAL = 60; // frames from one key frame to the next
const BITS_PER_SECOND_PER_MEGAPIXEL = 4.5e6; // a second, of a film of a million pixels
const CODECS = ["vp09.00.40.08", "vp8"];

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

// Draws every moment, calls `keep(frame number)` with each, and lets the page breathe between.
async function renderFrames(picture, positions, { signal, progress }, keep) {
  const { canvas, context, kept } = picture.press;
  picture.still();
  const ground = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  ground.getContext("2d", kept).drawImage(canvas, 0, 0);
  for (const [i, position] of positions.entries()) {
    await yieldToPage();
    signal.throwIfAborted();
    context.drawImage(ground, 0, 0, picture.plan.width, picture.plan.height);
    picture.moment(position);
    await keep(i);
    progress((i + 1) / positions.length);
  }
}

// Resolves to the parts of the file.
export async function encodeAnimation(kind, picture, speed, task) {
  return kind === "gif" ? encodeGif(picture, speed, task) : encodeWebM(picture, speed, task);
}

async function encodeWebM(picture, speed, watch) {
  const fps = 30;
  const { positions, seconds } = planFrames(picture.total, speed, fps);
  const { width, height } = picture.press.canvas;
  const settings = await findEncoderSettings({ width, height }, fps);
  if (!settings) throw new Error("there is no encoder for this film");
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
    await renderFrames(picture, positions, watch, async (i) => {
      while (encoder.encodeQueueSize > MAX_QUEUED_FRAMES && !failed) await waitForDequeue(encoder);
      if (failed) throw failed;
      const frame = new VideoFrame(readPixels(picture), { format: "RGBX", codedWidth: width, codedHeight: height, timestamp: frameTime(i, fps, 1e6), duration: frameTime(1, fps, 1e6) });
      encoder.encode(frame, { keyFrame: i % KEYFRAME_INTERVAL === 0 });
      frame.close();
    });
    await encoder.flush();
    watch.signal.throwIfAborted();
    return muxWebM(frames, { width, height, codec: settings.codec, seconds, title: picture.title(picture.total) });
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
}

async function encodeGif(picture, speed, watch) {
  const fps = 12;
  const { positions } = planFrames(picture.total, speed, fps);
  const { canvas } = picture.press;
  picture.still();
  picture.moment(picture.total);
  const { ground, ink, muted, hairline } = picture.colours;
  const kept = [...picture.runs.map(({ style }) => style.colour), ground, ink, muted, hairline];
  const made = new GifWriter(canvas.width, canvas.height, buildPalette(readPixels(picture), kept.map(parseHexColour)));
  await renderFrames(picture, positions, watch, (i) => made.add(readPixels(picture), frameTime(i + 1, fps, 100) - frameTime(i, fps, 100)));
  return made.finish();
}

const readPixels = ({ press: { canvas, context } }) => context.getImageData(0, 0, canvas.width, canvas.height).data;

// Until the encoder has taken a frame, or has failed, of which it does not tell.
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
