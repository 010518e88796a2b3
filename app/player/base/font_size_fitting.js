// Type as large as its room allows, down to a size that can still be read.

const CHECK_INTERVAL_MS = 250; // milliseconds between two checks of words that change: each lays the page out
const SIZES = [1, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6]; // times the size of the type around it

// The first size at which `fits(size)`; the smallest if it fits at none.
export const findFittingSize = (fits) => SIZES.find(fits) ?? SIZES.at(-1);

// Keep the type of `content` so large that nothing of it is hidden in `host` or to its right; both scroll if even the
// smallest is too large. The style sheet takes the size from --descent-rows. Where its words or numbers alone have changed,
// the type may get smaller, and not larger: it would go to and fro with the digits. Returns a function that stops it.
export function keepTypeFitting(host, content) {
  let [request, check, checkedAt, chosen] = [null, null, -Infinity, SIZES[0]];
  const isInSight = () => host.scrollHeight <= host.clientHeight + 1 && content.scrollWidth <= content.clientWidth + 1;
  const fit = () => {
    request = null;
    chosen = findFittingSize((size) => {
      content.style.setProperty("--descent-rows", size);
      return isInSight();
    });
  };
  const shrink = () => {
    check = null;
    checkedAt = performance.now();
    if (chosen !== SIZES.at(-1) && !isInSight()) fit();
  };
  const observer = new ResizeObserver(() => (request ??= requestAnimationFrame(fit)));
  for (const part of [host, content]) observer.observe(part);
  const checkSoon = () => requestAnimationFrame(shrink);
  const words = new MutationObserver(() => (check ??= setTimeout(checkSoon, checkedAt + CHECK_INTERVAL_MS - performance.now())));
  words.observe(content, { characterData: true, childList: true, subtree: true });
  return () => {
    observer.disconnect();
    words.disconnect();
    cancelAnimationFrame(request);
    clearTimeout(check);
  };
}
