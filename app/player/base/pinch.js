// Two fingers on a picture zoom and move it, about the point between them; one finger scrolls the page as elsewhere. On a
// trackpad two fingers turn the wheel, as browsers say, with the key Ctrl.

const NOTCH_PIXELS = 100; // that a notch of a mouse's wheel turns at least
const NOTCH_LINES = 3; // the same where a browser counts lines
const MIN_DISTANCE_PIXELS = 10; // between two fingers: closer, their distance is not exact enough to divide by

// `onStart()` is called when the second finger comes down, `onMove(pinch)` at most once a frame with what both did since
// then: {from, to}, the points [x, y] of the window between the fingers, and `factor`, how much wider the view becomes.
// A touch that already scrolls the page stays a scroll.
export function listenForPinches(host, onStart, onMove) {
  let began = null; // the fingers, when the second came
  let frame = null;
  const move = (touches) => {
    const now = measure(touches);
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => began && onMove({ factor: began.distance / now.distance, from: began.middle, to: now.middle }));
  };
  const listen = (type, react) => host.addEventListener(type, react, { passive: false, capture: true });
  listen("touchstart", (event) => {
    const touches = findTouches(host, event);
    began = null;
    if (touches.length !== 2 || !event.cancelable) return;
    event.preventDefault();
    began = measure(touches);
    onStart();
  });
  listen("touchmove", (event) => {
    if (!began) return;
    if (event.cancelable) event.preventDefault();
    move(findTouches(host, event));
  });
  for (const end of ["touchend", "touchcancel"]) listen(end, () => (began = null));
}

// How much wider the view becomes by a turn of the wheel; `notch` for a notch of a mouse's, and nothing turns it more. Fingers
// on a trackpad turn it by a few pixels in each of many events, `NOTCH_PIXELS` times the logarithm of how much closer they came.
export function findWheelFactor({ deltaY, deltaMode = 0 }, notch = 1.15) {
  const notches = deltaMode ? deltaY / NOTCH_LINES : deltaY / NOTCH_PIXELS;
  return Math.min(notch, Math.max(1 / notch, Math.exp(notches)));
}

// The interval [low, high] of an axis after a pinch: the value that was at the fraction `from` of its length is at `to`.
// On a log axis the interval is one of logarithms.
export function pinchInterval([low, high], factor, from, to) {
  const width = factor * (high - low);
  const start = low + from * (high - low) - to * width;
  return [start, start + width];
}

// A pinch on `host` zooms and moves the Plotly plot in `plot`, but for axes of fixed range. Plotly reports it by its event
// "plotly_relayout", as after a button. `limitFactor(factor, view)`: how much wider the view, [x, y], may become.
export function addPinchZoom(host, plot, limitFactor = (factor) => factor) {
  host.style.touchAction = "pan-x pan-y"; // the page itself does not zoom
  let ranges = null; // of the axes, when the pinch began
  const listAxes = () => Object.entries({ xaxis: plot._fullLayout?.xaxis, yaxis: plot._fullLayout?.yaxis }).filter(([, axis]) => axis && !axis.fixedrange);
  const onStart = () => (ranges = Object.fromEntries(listAxes().map(([name, { range }]) => [name, [...range]])));
  listenForPinches(host, onStart, ({ factor: asked, from, to }) => {
    if (!Object.keys(ranges).length) return; // nothing is drawn yet
    const factor = limitFactor(asked, Object.values(ranges));
    const { left, top } = plot.getBoundingClientRect();
    const fractions = {
      xaxis: ([x], { _offset, _length }) => (x - left - _offset) / _length,
      yaxis: ([, y], { _offset, _length }) => 1 - (y - top - _offset) / _length,
    };
    const changes = listAxes().map(([name, axis]) => [`${name}.range`, pinchInterval(ranges[name], factor, ...[from, to].map((place) => fractions[name](place, axis)))]);
    window.Plotly.relayout(plot, Object.fromEntries(changes));
  });
}

const findTouches = (host, { touches }) => [...touches].filter(({ target }) => host.contains(target));

function measure([one, other]) {
  return {
    middle: [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2],
    distance: Math.max(MIN_DISTANCE_PIXELS, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
  };
}
