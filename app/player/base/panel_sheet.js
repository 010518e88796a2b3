// On a phone the page's panel is a sheet from below: when it opens, the picture that it changes comes into sight.

// As the page's style sheet has it.
export const isSheet = () => matchMedia("(max-width: 767.9px)").matches;

// `picture` is an element, `root` the player or map that has it. Returns what stops it.
export function keepPictureInSight(root, picture) {
  const observer = new MutationObserver(([{ target }]) => {
    if (target.dataset.collapsed !== "true" && isSheet() && root.isConnected) picture.scrollIntoView({ block: "start" });
  });
  observer.observe(document.body, { subtree: true, attributeFilter: ["data-collapsed"] });
  return () => observer.disconnect();
}
