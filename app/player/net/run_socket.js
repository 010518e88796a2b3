// The runs' own way from Python: there before Streamlit's page has been rendered again.

const DIGEST_LENGTH = 16; // letters before the runs that name them
const DELIVERY_TIMEOUT_MS = 700; // milliseconds that runs which are on their way may take
const RECONNECT_DELAYS_MS = [1000, 30_000]; // before a lost connection is tried again: at first, at most

export class RunSocket {
  // `onRuns` is given the bytes of runs and says whether it could read them; `onMissing` is called when some have not come.
  constructor(base, onRuns, onMissing) {
    Object.assign(this, { base, onRuns, onMissing, receivedDigest: null, path: null, reconnectDelay: RECONNECT_DELAYS_MS[0] });
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
    socket.onopen = () => (this.reconnectDelay = RECONNECT_DELAYS_MS[0]);
    socket.onmessage = ({ data }) => this.socket === socket && this.receive(data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.reconnectTimer = setTimeout(() => this.connect(), this.reconnectDelay);
      this.reconnectDelay = Math.min(2 * this.reconnectDelay, RECONNECT_DELAYS_MS[1]);
    };
  }

  receive(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength < DIGEST_LENGTH) return;
    if (!this.onRuns(new Uint8Array(data, DIGEST_LENGTH))) return;
    this.receivedDigest = new TextDecoder().decode(new Uint8Array(data, 0, DIGEST_LENGTH));
    if (this.receivedDigest === this.expectedDigest) clearTimeout(this.missingTimer);
  }

  // Streamlit says which runs went this way. Those that came earlier need no second look.
  expect(digest) {
    clearTimeout(this.missingTimer);
    this.expectedDigest = digest;
    if (digest !== this.receivedDigest) this.missingTimer = setTimeout(this.onMissing, this.path === null ? 0 : DELIVERY_TIMEOUT_MS);
  }

  // Runs came through Streamlit: nothing else is awaited.
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
