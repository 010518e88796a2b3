// Reload the page when the server has lost its session, and go on where it was. Streamlit itself would silently connect
// the page to a new session, which knows none of its fragments.

import { hideContainer } from "../base/streamlit_mounting.js";
import { OfflineBanner } from "./server_away_notice.js";
import { isScriptIdle, watchConnection } from "./connection_and_script_status.js";
import { readPlaylist, writePlaylist } from "./playlist_storage.js";
import { clearSavedState, saveState, takeSavedState } from "./state_across_reload.js";
import { watchUploads } from "./upload_errors.js";

const POLL_MS = 700; // milliseconds between two polls, plus or minus 30% so that pages do not poll together
const MAX_POLL_MS = 30_000; // the longest, while Streamlit is connected and only the poll fails
const ANSWER_TIMEOUT_MS = 4000; // milliseconds
const BANNER_DELAY_MS = 600; // milliseconds: shorter interruptions are not mentioned
const RELOAD_COUNT_RESET_MS = 60_000; // milliseconds after which a reload counts as successful
const RESUME_MS = 1000; // milliseconds after which what to go on with is told again
const IDLE_POLL_MS = 100; // milliseconds between two looks whether it can be told now
const PRESS_MS = 1000; // milliseconds that another page takes at most to begin after a press
const LINK_MS = 20_000; // the same where a link was pressed whose address is not here yet: the server is slow
const MAX_RELOAD_DELAY_MS = 60_000; // the longest wait before a reload after failed ones
const UNSAVED_RELOAD_DELAY_MS = 10_000; // the same where no state can be saved, so failures are not counted

export class SessionWatcher {
  constructor(window) {
    Object.assign(this, { window, token: null, unheard: null, isResuming: false, pressedAt: -Infinity, awaitedPath: null, isDisconnected: false, disconnectedAt: null, pollDelay: POLL_MS, playbackHooks: null });
    this.loadedAt = performance.now();
    this.savedState = takeSavedState(window); // before anything else writes there
    this.reloadCount = Number.isInteger(this.savedState?.tries) ? this.savedState.tries : 0;
  }

  // From Python: the session's token, the address to poll, what to keep for a reload, and whether `go(it)` was heard.
  take({ token, path, kept, isResumed }, base, go) {
    const first = this.token === null;
    if (!first && token !== this.token) return this.reloadPage(); // Streamlit began a new session
    Object.assign(this, { token, path, kept, base, go });
    if (first) this.begin();
    if (isResumed) this.unheard = null;
    if (!this.unheard) writePlaylist(this.window, kept?.playlist);
    else if (!this.isResuming) this.resume();
  }

  // Tell the server until it says that it heard. Not while its script runs: the fields that are not yet on the page would
  // be reset. Nor right after a press, which may open another page: Streamlit would go back to the one that is left.
  resume(quietPolls = 0) {
    this.isResuming = this.unheard !== null;
    if (!this.isResuming) return;
    const isQuiet = !this.isLeaving && !this.isDisconnected && isScriptIdle(this.window.document);
    const isDue = isQuiet && quietPolls > 0;
    if (isDue) this.go(this.unheard);
    setTimeout(() => this.resume(isQuiet && !isDue ? quietPolls + 1 : 0), isDue ? RESUME_MS : IDLE_POLL_MS);
  }

  notePress({ type, target }) {
    this.pressedAt = performance.now();
    if (type === "click") this.awaitedPath = target.closest?.("a[href]")?.pathname ?? null;
  }

  // Whether another page may be on its way.
  get isLeaving() {
    const isAwaited = this.awaitedPath !== null && this.awaitedPath !== this.window.location.pathname;
    return performance.now() - this.pressedAt < (isAwaited ? LINK_MS : PRESS_MS);
  }

  // Once: find what to go on with, `unheard` until the server has it.
  begin() {
    const { window, savedState, kept } = this;
    this.banner = new OfflineBanner();
    watchUploads(window.document, () => this.texts);
    const playlist = kept?.playlist ? "" : readPlaylist(window); // the visitor has loaded the page again
    this.unheard = savedState?.kept ?? (playlist ? { playlist } : null);
    if (savedState) this.restoreScroll(savedState.scroll);
    this.addListeners();
  }

  get texts() {
    return this.window.__descentLoad.words; // in the language of now
  }

  addListeners() {
    const { window } = this;
    const { document } = window;
    watchConnection((lost) => this.onConnectionChange(lost));
    const dialogs = new MutationObserver((changes) => this.isDisconnected && changes.forEach(({ addedNodes }) => addedNodes.forEach(closeDialog)));
    dialogs.observe(document.body, { childList: true });
    const now = () => this.pollSession();
    window.addEventListener("online", now);
    window.addEventListener("pageshow", ({ persisted }) => persisted && now());
    for (const kind of ["pointerdown", "click", "keydown"]) document.addEventListener(kind, (event) => this.notePress(event), { capture: true, passive: true });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") return saveState(window, this.collectState(), "hidden");
      clearSavedState(window);
      now();
    });
  }

  // ---- the player

  // `measure()` returns the playback to keep, `flush()` writes an address that still waits.
  setPlaybackHooks(watched) {
    this.playbackHooks = watched;
  }

  clearPlaybackHooks(watched) {
    if (this.playbackHooks === watched) this.playbackHooks = null;
  }

  // The playback from before the reload, once, if `isWanted(it)`.
  takePlayback(isWanted) {
    const { player } = this.savedState ?? {};
    if (!player || !isWanted(player)) return null;
    this.savedState.player = null;
    return player;
  }

  // ---- the server

  onConnectionChange(lost) {
    this.isDisconnected = lost;
    if (lost) this.disconnectedAt ??= performance.now();
    else { // before another session sends anything
      this.playbackHooks?.flush();
      this.playback = this.playbackHooks?.measure();
    }
    this.pollDelay = POLL_MS;
    this.pollSession();
  }

  // Until there is an answer.
  async pollSession() {
    if (this.isAsking || this.isReloading) return;
    this.isAsking = true;
    clearTimeout(this.pollTimer);
    this.showBanner();
    const known = await this.isSessionKnown();
    this.isAsking = false;
    if (known === false) return this.reloadPage();
    if (known && !this.isDisconnected) return this.hideBanner();
    this.showBanner();
    this.pollDelay = this.isDisconnected ? POLL_MS : Math.min(2 * this.pollDelay, MAX_POLL_MS);
    this.pollTimer = setTimeout(() => this.pollSession(), this.pollDelay * (0.7 + 0.6 * Math.random()));
  }

  // Whether the server knows this session; null where there is no answer.
  async isSessionKnown() {
    try {
      const answer = await fetch(this.base + this.path, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      const { session } = await answer.json();
      return typeof session === "boolean" ? session : null;
    } catch {
      return null; // no server, or something else in its place
    }
  }

  showBanner() {
    if (this.isDisconnected && performance.now() - this.disconnectedAt >= BANNER_DELAY_MS) this.banner.show(this.texts.away);
  }

  hideBanner() {
    this.disconnectedAt = this.playback = null;
    this.banner.hide();
  }

  // ---- reload

  // Reload at once, or later and later after failed reloads.
  reloadPage() {
    if (this.isReloading) return;
    this.isReloading = true;
    clearTimeout(this.pollTimer);
    const age = performance.now() - this.loadedAt;
    if (age > RELOAD_COUNT_RESET_MS) this.reloadCount = 0;
    const kept = this.collectState();
    const wait = this.reloadCount ? Math.min(1000 * 2 ** this.reloadCount, MAX_RELOAD_DELAY_MS) - age : 0;
    const reload = () => {
      const safe = saveState(this.window, { ...kept, tries: this.reloadCount + 1 }, "lost");
      if (!safe && age < UNSAVED_RELOAD_DELAY_MS && wait <= 0) return setTimeout(reload, UNSAVED_RELOAD_DELAY_MS - age);
      this.window.location.reload();
    };
    if (wait <= 0) return reload();
    this.banner.show(this.texts.gone, this.texts.again, reload);
    setTimeout(reload, wait);
  }

  // Collect the state that is restored after the reload.
  collectState() {
    const { playbackHooks: watched, reloadCount: tries } = this;
    const kept = this.unheard ? { ...this.kept, ...this.unheard } : this.kept;
    watched?.flush();
    const player = this.playback ?? watched?.measure() ?? null;
    return { kept, player, tries, scroll: this.scrollContainer?.scrollTop ?? 0 };
  }

  get scrollContainer() {
    return this.window.document.querySelector("[data-testid=stMain]");
  }

  // Scroll to where the page was, as soon as it is long enough, unless the visitor scrolls.
  restoreScroll(top) {
    const { scrollContainer: main } = this;
    if (!(top > 0) || !main) return;
    const stop = new AbortController();
    const { signal } = stop;
    const follow = new ResizeObserver(() => {
      main.scrollTop = top;
      if (Math.abs(main.scrollTop - top) < 2) stop.abort();
    });
    signal.addEventListener("abort", () => follow.disconnect());
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) main.addEventListener(kind, () => stop.abort(), { signal, passive: true });
    if (main.firstElementChild) follow.observe(main.firstElementChild);
  }
}

// Close Streamlit's dialog about the lost connection: it is in English, repeats the banner, and covers the picture.
function closeDialog(node) {
  if (node.dataset?.testid !== "stDialog") return;
  node.style.display = "none";
  node.querySelector("button")?.click();
}

// One for the page, however often this module was loaded.
export const getSessionWatcher = () => (window.__descentVisit ??= new SessionWatcher(window));

export function mountSessionWatcher({ parentElement, data, setTriggerValue }, { base }) {
  hideContainer(parentElement);
  getSessionWatcher().take(data, base, (kept) => setTriggerValue("resumed", kept));
}
