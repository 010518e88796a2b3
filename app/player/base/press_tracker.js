// Tells a tap from a swipe. When the browser takes a touch over to scroll, Plotly still makes a click of it.

export const TAP_TOLERANCE_PIXELS = 10; // that a pointer may move between down and up

export class PressTracker {
  // Follows the pointers that are pressed on `element`. What it says is about the last press, also after its end.
  constructor(element) {
    this.isTap = true;
    this.isSideways = false; // it is a swipe, more across the page than along it
    this.pressed = new Map(); // where each pointer went down
    element.addEventListener("pointerdown", (event) => this.press(event), true);
    element.addEventListener("keydown", () => (this.isTap = true), true); // a click by a key is no swipe
  }

  press({ pointerId, clientX, clientY, button, ctrlKey }) {
    const isMenu = Boolean(button || ctrlKey);
    this.isTap = !isMenu && this.pressed.size === 0; // two fingers do not tap
    this.isSideways = false;
    if (isMenu) return; // which may keep the end of the press
    this.pressed.set(pointerId, [clientX, clientY]);
    const listening = new AbortController();
    const listen = (type, react) =>
      window.addEventListener(type, (event) => event.pointerId === pointerId && react(event), { capture: true, signal: listening.signal });
    const end = () => {
      this.pressed.delete(pointerId);
      listening.abort();
    };
    const follow = (event) => {
      const [across, along] = [Math.abs(event.clientX - clientX), Math.abs(event.clientY - clientY)];
      this.isTap &&= Math.hypot(across, along) <= TAP_TOLERANCE_PIXELS;
      this.isSideways ||= !this.isTap && across > along;
    };
    listen("pointermove", follow);
    listen("pointerup", (event) => {
      follow(event);
      end();
    });
    listen("pointercancel", () => {
      this.isTap = false;
      end();
    });
  }
}

// `react(data)` is called with Plotly's data of a click or a tap on a plot, not of a swipe.
export function listenForPlotlyClicks(plot, react) {
  const press = new PressTracker(plot);
  plot.on("plotly_click", (data) => press.isTap && !data.event?.button && react(data));
}
