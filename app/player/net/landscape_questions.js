// Questions to the server about the landscape: the part in a window, f and its gradient at a place. Of each kind one is
// on its way, and the newest waits for its answer.

const ANSWER_TIMEOUT_MS = 3000; // after which an answer is not waited for any longer

export class LandscapeQuestions {
  // `send(text)` returns whether it went; `isExpectedToAnswer()` tells whether there is a server.
  constructor(send, isExpectedToAnswer = () => true) {
    Object.assign(this, { send, isExpectedToAnswer, serial: 0, asked: {}, waiting: {}, surface: null, evaluate: null });
  }

  // `evaluate(place)` gives {loss, gradient} where the page can compute them itself, else null.
  answerPlacesBy(evaluate) {
    this.evaluate = evaluate;
  }

  // The surface that is shown; answers about another are dropped.
  setSurface(surface) {
    if (surface === this.surface) return;
    this.surface = surface;
    this.forget();
  }

  // `take(answer)` is called with the answer, or null if none comes; not if a newer question of this kind was asked before.
  ask(kind, value, take) {
    if (kind === "place" && this.evaluate) return void take({ at: value, ...this.evaluate(value) });
    this.waiting[kind] = { value, take };
    this.next(kind);
  }

  // Cancel the question of this kind: if it was sent already, ignore its answer.
  cancel(kind) {
    delete this.waiting[kind];
    if (this.asked[kind]) this.asked[kind].take = null;
  }

  next(kind) {
    if (this.asked[kind] || !this.waiting[kind]) return;
    const { value, take } = this.waiting[kind];
    const n = ++this.serial;
    if (!this.send(JSON.stringify({ n, [kind]: value }))) return; // it waits until there is a connection
    delete this.waiting[kind];
    const timer = setTimeout(() => {
      this.asked[kind].take?.(null);
      this.finish(kind);
    }, ANSWER_TIMEOUT_MS);
    this.asked[kind] = { n, value, take, timer };
  }

  finish(kind) {
    clearTimeout(this.asked[kind]?.timer);
    delete this.asked[kind];
    this.next(kind);
  }

  receive(text) {
    const { n, surface, ...answer } = JSON.parse(text);
    const [[kind, content]] = Object.entries(answer);
    const question = this.asked[kind];
    if (question?.n !== n) return;
    if (surface === this.surface && !this.waiting[kind]) question.take?.(content);
    this.finish(kind);
  }

  // A new connection: what waited is asked. What was asked by the last one has no answer and is asked again, unless it is
  // not wanted any longer or a newer question waits.
  reconnect() {
    for (const [kind, { value, take }] of Object.entries(this.asked)) if (take) this.waiting[kind] ??= { value, take };
    for (const kind of new Set([...Object.keys(this.asked), ...Object.keys(this.waiting)])) this.finish(kind);
  }

  forget() {
    for (const kind of Object.keys(this.asked)) clearTimeout(this.asked[kind].timer);
    Object.assign(this, { asked: {}, waiting: {} });
  }
}
