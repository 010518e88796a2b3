// The transport bar: buttons, scrubber, counter, speed and loop, all acting on the one clock.

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const ICONS = {
  first: "M5 4h2.4v16H5zM20 4v16L9 12z",
  back: "M8 4h2.2v16H8zM19 5.5v13L11.6 12z",
  play: "M7 4l13.5 8L7 20z",
  pause: "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z",
  forward: "M13.8 4H16v16h-2.2zM5 5.5v13l7.4-6.5z",
  last: "M16.6 4H19v16h-2.4zM4 4v16l11-8z",
  loop: "M7 7h9V4l4.5 4.2L16 12.4V9.4H9v3.4H6.6V7.4zM17 17H8v3l-4.5-4.2L8 11.6v3h7v-3.4h2.4v5.4z",
};

export class Transport {
  constructor(host, labels, clock, changed) {
    Object.assign(this, { labels, clock });
    const act = (name, does) => host.appendChild(button(labels[name], ICONS[name], () => (does(), changed())));
    act("first", () => clock.seek(0));
    act("back", () => clock.nudge(-1)).classList.add("descent-small");
    this.main = act("play", () => (clock.playing ? clock.pause() : clock.play()));
    this.main.classList.add("descent-main");
    act("forward", () => clock.nudge(1)).classList.add("descent-small");
    act("last", () => (clock.pause(), clock.seek(clock.steps)));
    this.counter = host.appendChild(element("output", "descent-counter"));
    this.scrub = host.appendChild(element("input", "descent-scrub"));
    Object.assign(this.scrub, { type: "range", min: 0, step: 1, value: 0 });
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.scrub.addEventListener("input", () => (clock.seek(this.scrub.valueAsNumber), changed()));
    const speed = host.appendChild(element("label", "descent-speed"));
    speed.append(Object.assign(element("span", ""), { textContent: labels.speed }));
    const choice = speed.appendChild(element("select", ""));
    for (const value of SPEEDS) choice.append(new Option(`${value}×`, value, value === 1, value === 1));
    choice.addEventListener("change", () => (clock.speed = Number(choice.value)));
    this.loop = act("loop", () => (clock.loop = !clock.loop));
  }

  draw(epoch) {
    const { clock, labels } = this;
    const { step, steps, playing } = clock;
    const ended = clock.atEnd && !clock.loop;
    const name = playing && !ended ? "pause" : "play";
    if (this.shown !== name) {
      this.shown = name;
      this.main.setAttribute("aria-label", labels[name]);
      this.main.title = labels[name];
      this.main.querySelector("path").setAttribute("d", ICONS[name]);
    }
    this.loop.setAttribute("aria-pressed", clock.loop);
    if (this.step === step && this.steps === steps) return;
    Object.assign(this, { step, steps });
    this.scrub.max = steps;
    this.scrub.value = step;
    this.scrub.style.setProperty("--descent-done", steps ? step / steps : 1);
    this.scrub.setAttribute("aria-valuetext", `${labels.step} ${step} / ${steps}`);
    const words = epoch ? ` · ${labels.epoch} ${(step / epoch).toFixed(1)}` : "";
    this.counter.replaceChildren(`${labels.step} `, Object.assign(element("b", ""), { textContent: step }), ` / ${steps}${words}`);
    this.counter.style.minWidth = `${labels.step.length + 2 * String(steps).length + 4 + words.length}ch`;
  }
}

export function button(words, icon, does) {
  const made = element("button", "descent-button");
  made.type = "button";
  made.title = words;
  made.setAttribute("aria-label", words);
  made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icon}"/></svg>`;
  made.addEventListener("click", does);
  return made;
}

export function element(tag, name) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}
