// A websocket for runs, which arrive before Streamlit has rendered its page again, and for questions and their answers.

const DIGEST_LENGTH = 16; // characters of the digest before the runs
const DELIVERY_TIMEOUT_MS = 700; // milliseconds that announced runs may take
const RECONNECT_DELAYS_MS = [1000, 30_000]; // milliseconds before a lost connection is tried again: first, and at most

export class RunSocket {
  // `onRuns(bytes)` returns whether it could read them; `onMissing()` is called when announced runs have not come;
  // `onText(text)` takes an answer, `onOpen()` follows a new connection.
  constructor(base, onRuns, onMissing, { onText = () => {}, onOpen = () => {} } = {}) {
    Object.assign(this, { base, onRuns, onMissing, onText, onOpen, receivedDigest: null, path: null, reconnectDelay: RECONNECT_DELAYS_MS[0] });
  }

  open(path) {
    if (path === this.path || typeof path !== "string") return;
    this.close();
    this.path = path;
    this.connect();
  }

  connect() {
    const address = new URL(this.base + this.path);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.reconnectDelay = RECONNECT_DELAYS_MS[0];
      if (this.socket === socket) this.onOpen();
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      if (typeof data === "string") this.onText(data);
      else this.receive(data);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.reconnectTimer = setTimeout(() => this.connect(), this.reconnectDelay);
      this.reconnectDelay = Math.min(2 * this.reconnectDelay, RECONNECT_DELAYS_MS[1]);
    };
  }

  // Returns whether there is a connection.
  sendText(text) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(text);
    return true;
  }

  // Whether there is a server that will answer, now or soon.
  get isExpectedToAnswer() {
    return [WebSocket.CONNECTING, WebSocket.OPEN].includes(this.socket?.readyState);
  }

  receive(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength < DIGEST_LENGTH) return;
    if (!this.onRuns(new Uint8Array(data, DIGEST_LENGTH))) return;
    this.receivedDigest = new TextDecoder().decode(new Uint8Array(data, 0, DIGEST_LENGTH));
    if (this.receivedDigest === this.expectedDigest) clearTimeout(this.missingTimer);
  }

  // Streamlit announces runs that were sent this way; they may have arrived already.
  expect(digest) {
    clearTimeout(this.missingTimer);
    this.expectedDigest = digest;
    if (digest !== this.receivedDigest) this.missingTimer = setTimeout(this.onMissing, this.path === null ? 0 : DELIVERY_TIMEOUT_MS);
  }

  // Runs came through Streamlit instead.
  cancelExpected() {
    clearTimeout(this.missingTimer);
    this.receivedDigest = null;
  }

  close() {
    this.cancelExpected();
    clearTimeout(this.reconnectTimer);
    const { socket } = this;
    this.socket = this.path = null;
    socket?.close();
  }
}
