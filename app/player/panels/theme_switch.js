// The button in the header that goes from the system's colours to the others, to those that the system has, and back.

import { runSafely } from "../base/decode_message.js";
import { createButton, setButton } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";

const ICONS = { // Material's contrast, light_mode and dark_mode
  system: "M12 22q-2.075 0-3.9-.788t-3.175-2.137q-1.35-1.35-2.137-3.175T2 12q0-2.075.788-3.9t2.137-3.175q1.35-1.35 3.175-2.137T12 2q2.075 0 3.9.788t3.175 2.137q1.35 1.35 2.138 3.175T22 12q0 2.075-.788 3.9t-2.137 3.175q-1.35 1.35-3.175 2.138T12 22Zm1-2.05q2.975-.375 4.988-2.613T20 12q0-3.1-2.013-5.337T13 4.05z",
  light: "M12 17q-2.075 0-3.538-1.463T7 12q0-2.075 1.463-3.538T12 7q2.075 0 3.538 1.463T17 12q0 2.075-1.463 3.538T12 17ZM1 13v-2h4v2zm18 0v-2h4v2zM11 5V1h2v4zm0 18v-4h2v4zM5.700 7.100 3.170 4.660l1.410-1.440L7.100 5.700zm13.730 13.680-2.470-2.480 1.330-1.400 2.550 2.440zM16.900 5.700l2.440-2.530 1.440 1.410-2.480 2.520zM3.220 19.430l2.480-2.470 1.400 1.330-2.440 2.550z",
  dark: "M12 21q-3.750 0-6.375-2.625T3 12q0-3.750 2.625-6.375T12 3q.35 0 .688.025t.662.075q-1.025.725-1.638 1.888T11.100 7.500q0 2.250 1.575 3.825T16.500 12.900q1.375 0 2.525-.613T20.900 10.650q.05.325.075.662T21 12q0 3.750-2.625 6.375T12 21Z",
};
const switches = new WeakMap(); // by the place that Streamlit gives it

// The choice after this one: each press but the last shows other colours.
export function findNext(choice, isSystemDark) {
  const [same, other] = isSystemDark ? ["dark", "light"] : ["light", "dark"];
  return { system: other, [other]: same, [same]: "system" }[choice];
}

class ThemeSwitch {
  // `theme`: {choice, isSystemDark, choose(name)}, made by `app/server/theme_choice.js`.
  constructor(host, theme = window.__descentTheme) {
    this.theme = theme;
    this.button = host.appendChild(createButton("", ICONS.system, () => theme.choose(findNext(theme.choice, theme.isSystemDark))));
  }

  set(labels) {
    this.labels = labels;
    this.update();
  }

  update() {
    const { theme, labels } = this;
    const { label } = labels;
    const next = findNext(theme.choice, theme.isSystemDark);
    setButton(this.button, fillTemplate(label, { now: labels[theme.choice], next: labels[next] }), ICONS[theme.choice]);
  }
}

// Returns what ends listening to choices, here or in another tab.
export function mountThemeSwitch({ parentElement, data }) {
  const update = () => switches.get(parentElement)?.update();
  runSafely(() => {
    if (!switches.has(parentElement)) switches.set(parentElement, new ThemeSwitch(parentElement));
    switches.get(parentElement).set(data.labels);
  });
  window.addEventListener("descent-theme", update);
  return () => window.removeEventListener("descent-theme", update);
}
