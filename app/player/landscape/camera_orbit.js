// The eye's way around the landscape: an angle about it, a height above it and a distance, by mouse, touch and keys.

const LOWEST = 0.05; // radians above the ground: the landscape is never seen from below
const HIGHEST = Math.PI / 2 - 0.01;
const NEAREST = 0.6; // in widths of the landscape
const FARTHEST = 5;
const DISTANCE = 2.05;
const WIDE = 1.3; // a picture less wide than this, in heights, is seen from farther away
const SMALLER = 1.4; // the power of that: letters stay as large as they are
const TURNS = [-2.1, -1.05, -2.6, -0.5, 1.05, 2.1, 0.5, 2.6]; // where the view may begin, the first where all see as much
const RISES = [0.7, 0.95];
const CENTRE = { x: 0, y: 0, z: -0.17 };
const STEADY = 5; // pixels that a click may stray

export class Orbit {
  // `moved()` is called after every change, `clicked(event)` where the pointer went down and up in one place.
  constructor(host, labels, moved, clicked) {
    Object.assign(this, { moved, clicked });
    this.home = { turn: TURNS[0], rise: RISES[0], distance: DISTANCE };
    Object.assign(this, this.home);
    this.element = host.appendChild(document.createElement("div"));
    this.element.className = "descent-orbit";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", labels.orbit);
    this.fingers = new Map();
    this.listen();
  }

  listen() {
    const { element, fingers } = this;
    let strayed = 0;
    element.addEventListener("mousedown", (event) => event.preventDefault()); // the player keeps the focus
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      strayed = fingers.size ? STEADY : 0;
      fingers.set(event.pointerId, event);
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const others = [...fingers.values()].filter((finger) => finger !== before);
      fingers.set(event.pointerId, event);
      const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
      strayed += Math.hypot(dx, dy);
      if (others.length) this.zoom(apart(before, others[0]) / apart(event, others[0]));
      else if (strayed >= STEADY) this.turnBy((-Math.PI * dx) / element.clientWidth, (Math.PI * dy) / element.clientHeight);
    });
    element.addEventListener("pointerup", (event) => {
      if (!fingers.delete(event.pointerId)) return;
      if (strayed < STEADY && !fingers.size) this.clicked(event);
    });
    element.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
    element.addEventListener("keydown", (event) => {
      const turn = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      const zoom = { "+": 1 / 1.15, "=": 1 / 1.15, "-": 1.15 }[event.key];
      if ((!turn && !zoom) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (turn) this.turnBy(...turn);
      else this.zoom(zoom);
    });
  }

  // Where the view begins: at whichever side `worth(eye)` is highest. What the visitor has turned stays turned.
  settle(worth) {
    const places = RISES.flatMap((rise) => TURNS.map((turn) => ({ turn, rise, distance: DISTANCE })));
    const worths = new Map(places.map((place) => [place, worth(eyeAt(place))]));
    this.home = places.reduce((best, place) => (worths.get(place) > 1.05 * worths.get(best) ? place : best));
    if (!this.turned) Object.assign(this, this.home);
  }

  turnBy(turn, rise) {
    this.turned = true;
    this.turn += turn;
    this.rise = Math.min(HIGHEST, Math.max(LOWEST, this.rise + rise));
    this.moved();
  }

  zoom(factor) {
    this.turned = true;
    this.distance = Math.min(FARTHEST, Math.max(NEAREST, this.distance * factor));
    this.moved();
  }

  reset() {
    this.turned = false;
    Object.assign(this, this.home);
    this.moved();
  }

  // As Plotly's layout has it.
  get camera() {
    const far = Math.max(1, ((WIDE * this.element.clientHeight) / this.element.clientWidth) ** SMALLER);
    return { eye: eyeAt({ ...this, distance: far * this.distance }), center: { ...CENTRE }, up: { x: 0, y: 0, z: 1 }, projection: { type: "perspective" } };
  }
}

function eyeAt({ turn, rise, distance }) {
  const flat = distance * Math.cos(rise);
  return { x: CENTRE.x + flat * Math.cos(turn), y: CENTRE.y + flat * Math.sin(turn), z: CENTRE.z + distance * Math.sin(rise) };
}

const apart = (one, other) => Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
