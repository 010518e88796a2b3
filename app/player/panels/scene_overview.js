// All scenes of a lecture with their pictures, over the one that is shown: a press goes to one.

import { createElement, createTextButton } from "../base/dom.js";
import { mountMessage } from "../base/streamlit_mounting.js";
import { SceneList } from "./scene_list.js";

// Streamlit calls this with the scenes, for the component that they name.
export const receiveScenes = (component) => mountMessage("scenes", component, (data) => data);

export class SceneOverview {
  // `onOpen(i)` is called with the scene that is pressed, `onCover()` when this came or went. `getLook()` returns the
  // theme's colours and the styles of runs.
  constructor(root, labels, { onOpen, onCover, getLook }) {
    Object.assign(this, { onCover, getLook, scenes: [] });
    this.dialog = root.appendChild(createElement("dialog", "descent-overview"));
    this.dialog.setAttribute("aria-label", labels.overview);
    this.dialog.addEventListener("close", onCover);
    const head = this.dialog.appendChild(createElement("div", "descent-bar"));
    head.append(createElement("h2", "", labels.overview), createTextButton("descent-word", labels.close, () => this.dialog.close()));
    this.list = new SceneList(this.dialog, labels, {
      onOpen: (i) => {
        this.dialog.close();
        onOpen(i);
      },
    });
  }

  get isOpen() {
    return this.dialog.open;
  }

  // Set the scenes that Python sent.
  setScenes(scenes) {
    this.scenes = scenes;
    if (this.isOpen) this.draw();
  }

  draw() {
    const { theme, styles } = this.getLook();
    this.list.set(this.scenes, theme, styles, this.place);
  }

  toggle(place) {
    if (this.isOpen) return this.dialog.close();
    if (!this.scenes.length) return;
    this.place = place;
    this.draw();
    this.dialog.showModal();
    this.dialog.querySelector("[aria-current]")?.focus();
    this.onCover();
  }
}
