// Whether a picture is in sight: what plays by itself waits for that.

const SIGHT_FRACTION = 0.3; // of the picture: with so much in the window it is in sight

export class VisibilityObserver {
  // `onChange()` is called when the element comes into sight or goes out of it.
  constructor(element, onChange) {
    this.isInSight = false;
    this.observer = new IntersectionObserver((entries) => {
      this.isInSight = entries.at(-1).intersectionRatio >= SIGHT_FRACTION;
      onChange();
    }, { threshold: SIGHT_FRACTION });
    this.observer.observe(element);
  }

  remove() {
    this.observer.disconnect();
  }
}
