// Messages to the server from a picture whose job it computes: questions for news, and what the visitor does.

import { UndoRedoMessages } from "./undo_redo_messages.js";

const NAVIGATION_QUIET_MS = 2000; // on the way to another page, in which nothing is sent
const POLL_MS = 600; // between two questions for news of a job
const NEWS_PAUSE_MS = 150; // after news that are shown, before more are asked for: to draw them all takes a core

export const ACTIVE_STATES = new Set(["idle", "working", "forgotten"]); // a forgotten job goes on when it is polled

export class JobPolling {
  constructor() {
    this.serial = Date.now(); // of messages to the server; no panel of this session used the same before
    this.history = new UndoRedoMessages(() => ++this.serial, (name, value) => performance.now() < this.quietUntil || this.tell(name, value));
    this.path = getPath(location);
    this.onClick = (event) => leadsElsewhere(event, this.path) && this.leave();
    this.onPopState = () => getPath(location) !== this.path && this.leave();
    document.addEventListener("click", this.onClick, true);
    window.addEventListener("popstate", this.onPopState);
  }

  // `tell(name, message)` sends; a job that goes on is asked for news, at once until there is something to show.
  receive(tell, message) {
    Object.assign(this, { tell, message });
    clearTimeout(this.timer);
    if (!ACTIVE_STATES.has(message.state)) return;
    if (message.fraction > 0) this.timer = setTimeout(() => this.ask(), NEWS_PAUSE_MS);
    else this.ask();
  }

  // A question while another page is on its way would leave that page half-written: it waits until that is over.
  ask() {
    const { job_id: id, number: seen } = this.message;
    clearTimeout(this.timer);
    const left = (this.quietUntil ?? 0) - performance.now();
    if (left <= 0) this.say("asked", { job_id: id, seen });
    this.timer = setTimeout(() => this.ask(), left > 0 ? left + 1 : POLL_MS); // without news the server sends nothing
  }

  say(name, message) {
    if (performance.now() < this.quietUntil) return;
    this.tell(name, { ...message, n: ++this.serial });
  }

  // Undo a change of the scene (-1), or redo it (1).
  stepHistory(by) {
    this.history.step(by);
  }

  // The actions of `addKeyListeners` that do so.
  get historyKeys() {
    return { undo: () => this.stepHistory(-1), redo: () => this.stepHistory(1) };
  }

  // The visitor is on the way to another page.
  leave() {
    this.quietUntil = performance.now() + NAVIGATION_QUIET_MS;
  }

  // The page is shown, perhaps again after another one.
  arrive() {
    this.quietUntil = 0;
    this.path = getPath(location);
  }

  remove() {
    clearTimeout(this.timer);
    document.removeEventListener("click", this.onClick, true);
    window.removeEventListener("popstate", this.onPopState);
  }
}

const getPath = ({ pathname }) => pathname.replace(/\/$/, "");

// Whether a click opens another page of this app in the place of the one at `path`, as
// `app/session/component_loading_script.js` has it: not in another tab, and not the same page.
function leadsElsewhere({ target, button, ctrlKey, metaKey, shiftKey }, path) {
  const link = target.closest?.("a[href]");
  if (!link || link.target === "_blank" || button || ctrlKey || metaKey || shiftKey) return false;
  return link.origin === location.origin && getPath(link) !== path;
}
