// The scenes of a playlist with their pictures: pressed to go to one, and moved into another order by mouse, finger or
// buttons.

import { createButton, createElement } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";
import { drawThumbnail } from "../draw/scene_thumbnail.js";

const [THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT] = [168, 112]; // CSS pixels
const DRAG_PIXELS = 6; // a pointer that moves less is pressed
const EDGE_PIXELS = 60; // of the window, near which a drag scrolls the page
const SCROLL_PIXELS = 14;
const ICONS = {
  move_up: "M12 5l7 8h-4.500v6h-5v-6H5z",
  move_down: "M12 19l7-8h-4.500V5h-5v6H5z",
  leave_out: "M6.700 5.300 12 10.600l5.300-5.300 1.400 1.400L13.400 12l5.300 5.300-1.400 1.400L12 13.400l-5.300 5.300-1.400-1.400 5.300-5.300-5.300-5.300z",
};

// `order` with the item at `from` put at `to`; the same where there is no such place.
export function moveItem(order, from, to) {
  if (to < 0 || to >= order.length) return order;
  const moved = order.filter((_, i) => i !== from);
  moved.splice(to, 0, order[from]);
  return moved;
}

export class SceneList {
  // `onOpen(i)` is called with the index of a scene that is pressed. With `onReorder(order)`, the indices in their new
  // order, and `onLeaveOut(i)` the list can be changed.
  constructor(host, labels, { onOpen, onReorder = null, onLeaveOut = null }) {
    Object.assign(this, { labels, onOpen, onReorder, onLeaveOut });
    this.list = host.appendChild(createElement("ol", "descent-scenes"));
    this.list.classList.toggle("descent-arranged", Boolean(onReorder));
    this.status = host.appendChild(createElement("p", "descent-unseen"));
    this.status.setAttribute("role", "status");
    if (onReorder) this.list.addEventListener("pointerdown", (event) => this.startDrag(event));
  }

  // `scenes`: {title, runs, question, picture} each; `current` is the index of the one that is shown, if there is one.
  set(scenes, theme, styles, current = -1) {
    if (this.hasDragged) return void (this.postponed = [scenes, theme, styles, current]);
    this.postponed = null;
    const shown = JSON.stringify([scenes.map(({ picture: _, ...words }) => words), current]);
    const isUnmoved = this.order?.every((scene, i) => scene === i);
    if (shown === this.shown && isUnmoved) return this.drawPictures(scenes, theme, styles);
    this.shown = shown;
    const focused = this.findFocus();
    this.order = scenes.map((_, i) => i);
    this.list.replaceChildren(...scenes.map((scene, i) => this.createRow(scene, i)));
    this.drawPictures(scenes, theme, styles);
    this.list.children[current]?.querySelector(".descent-scene").setAttribute("aria-current", "true");
    this.updateRows();
    if (focused) this.restoreFocus(focused);
  }

  // The rest stays as it is: a picture may come later than its row.
  drawPictures(scenes, theme, styles) {
    this.list.querySelectorAll(".descent-thumbnail").forEach((canvas, i) => drawThumbnail(canvas, scenes[i].picture, theme, styles, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT));
  }

  createRow({ title, runs, question }, i) {
    const row = createElement("li", "");
    row.dataset.scene = i;
    const open = row.appendChild(createElement("button", "descent-scene"));
    open.type = "button";
    open.dataset.act = "open";
    open.addEventListener("click", () => !this.hasDragged && this.onOpen(i));
    const canvas = open.appendChild(createElement("canvas", "descent-thumbnail"));
    canvas.setAttribute("aria-hidden", "true");
    const words = open.appendChild(createElement("span", "descent-scene-words"));
    const head = words.appendChild(createElement("span", ""));
    head.append(createElement("span", "descent-scene-number", String(i + 1)), createElement("b", "", title));
    words.append(createElement("span", "descent-quiet", runs));
    if (question) words.append(createElement("i", "", question));
    if (!this.onReorder) return row;
    const acts = { move_up: () => this.moveScene(row, -1), move_down: () => this.moveScene(row, 1), leave_out: () => this.leaveOut(i) };
    const tools = row.appendChild(createElement("span", "descent-scene-tools"));
    for (const [name, act] of Object.entries(acts)) {
      const button = tools.appendChild(createButton(fillTemplate(this.labels[name], { scene: title }), ICONS[name], act));
      button.dataset.act = name;
    }
    const grip = Object.assign(createElement("span", "descent-grip", "⠿"), { title: this.labels.drag_scene });
    grip.setAttribute("aria-hidden", "true"); // the buttons do the same
    row.prepend(grip);
    return row;
  }

  // The numbers of the rows, and which of their buttons have somewhere to go.
  updateRows() {
    [...this.list.children].forEach((row, i, { length }) => {
      row.querySelector(".descent-scene-number").textContent = i + 1;
      row.querySelector('[data-act="move_up"]')?.setAttribute("aria-disabled", i === 0);
      row.querySelector('[data-act="move_down"]')?.setAttribute("aria-disabled", i === length - 1);
    });
  }

  moveScene(row, by) {
    const from = [...this.list.children].indexOf(row);
    const focused = document.activeElement;
    const order = moveItem(this.order, from, from + by);
    if (order === this.order) return;
    this.show(order);
    if (row.contains(focused)) focusAct(row, focused.dataset.act); // moving a node takes its focus
    this.report(row);
  }

  leaveOut(i) {
    this.status.textContent = fillTemplate(this.labels.scene_left_out, { places: this.order.length - 1 });
    this.onLeaveOut(i);
  }

  // The rows in this order. The row that is dragged stays where it is in the document, for it has the pointer.
  show(order, dragged = null) {
    this.order = order;
    const rows = new Map([...this.list.children].map((row) => [Number(row.dataset.scene), row]));
    const sorted = order.map((i) => rows.get(i));
    const middle = dragged ? sorted.indexOf(dragged) : 0;
    if (!dragged) this.list.append(...sorted);
    else {
      dragged.before(...sorted.slice(0, middle));
      dragged.after(...sorted.slice(middle + 1));
    }
    this.updateRows();
  }

  // Tell what the new order is, and say where the scene stands.
  report(row) {
    const { order, labels } = this;
    const place = [...this.list.children].indexOf(row) + 1;
    this.status.textContent = fillTemplate(labels.scene_moved, { place, places: order.length });
    this.onReorder(order);
  }

  // ---- by mouse or finger

  // A mouse may take a row anywhere, a finger only at its grip: elsewhere it scrolls the page.
  startDrag(event) {
    const row = event.target.closest("li");
    this.hasDragged = false;
    const isGrip = Boolean(event.target.closest(".descent-grip"));
    if (!row || event.button || event.target.closest(".descent-scene-tools") || (event.pointerType !== "mouse" && !isGrip)) return;
    const stop = new AbortController();
    const drag = { row, before: this.order, y: event.clientY, stop };
    const on = (name, act) => window.addEventListener(name, act, { signal: stop.signal });
    on("pointermove", (moved) => this.drag(drag, moved.clientY));
    on("pointerup", () => this.endDrag(drag, false));
    on("pointercancel", () => this.endDrag(drag, true));
    on("keydown", ({ key }) => key === "Escape" && this.endDrag(drag, true));
  }

  drag({ row, y: startY }, y) {
    if (!this.hasDragged && Math.abs(y - startY) < DRAG_PIXELS) return;
    this.hasDragged = true;
    row.classList.add("descent-dragged");
    const scroller = row.closest("[data-testid=stMain]") ?? document.scrollingElement;
    if (y < EDGE_PIXELS) scroller.scrollTop -= SCROLL_PIXELS;
    if (y > window.innerHeight - EDGE_PIXELS) scroller.scrollTop += SCROLL_PIXELS;
    const rows = [...this.list.children];
    const from = rows.indexOf(row);
    const to = findDropIndex(rows.map((other) => other.getBoundingClientRect()), from, y);
    if (to !== from) this.show(moveItem(this.order, from, to), row);
  }

  endDrag({ row, before, stop }, isCancelled) {
    stop.abort();
    row.classList.remove("descent-dragged");
    if (!this.hasDragged) return;
    setTimeout(() => (this.hasDragged = false)); // the click that follows is none
    if (isCancelled) this.show(before);
    else if (this.order.join() !== before.join()) return this.report(row); // the answer has all that was postponed
    setTimeout(() => this.postponed && this.set(...this.postponed));
  }

  // ---- the focus, which stays when the list is made anew

  findFocus() {
    const row = document.activeElement?.closest?.("li");
    return row && this.list.contains(row) && { at: [...this.list.children].indexOf(row), act: document.activeElement.dataset.act };
  }

  restoreFocus({ at, act }) {
    const row = this.list.children[Math.min(at, this.list.children.length - 1)];
    if (row) focusAct(row, act);
  }
}

// A button that has nowhere to go is not there: the one for the other way is the next best.
function focusAct(row, act) {
  const names = [act, ...(act === "move_up" ? ["move_down"] : act === "move_down" ? ["move_up"] : [])];
  const buttons = names.map((name) => row.querySelector(`[data-act="${name}"]`));
  buttons.find((button) => button && button.getAttribute("aria-disabled") !== "true")?.focus();
}

// Where among rows of these boxes the one at `from` belongs if the pointer is at height y: past each row into which it has
// come for 40 % of its height.
export function findDropIndex(boxes, from, y) {
  let to = from;
  while (to > 0 && y < boxes[to - 1].top + 0.6 * boxes[to - 1].height) to -= 1;
  while (to < boxes.length - 1 && y > boxes[to + 1].top + 0.4 * boxes[to + 1].height) to += 1;
  return to;
}
