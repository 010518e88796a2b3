// Formulas as MathML, in which Python sends them.

const MATHML_NAMESPACE = "http://www.w3.org/1998/Math/MathML";
const MATHML_ELEMENTS = new Set("math mrow mi mn mo mtext mspace mfrac msqrt msub msup msubsup mover munder mtable mtr mtd mstyle mpadded".split(" "));
const MATHML_ATTRIBUTES = new Set(
  "display displaystyle scriptlevel stretchy fence form accent width columnalign mathvariant linethickness separator data-slot data-place".split(" "),
);

// MathML from a message, rebuilt from the elements and attributes that are known; anything else throws.
export function parseMathML(text) {
  const parsed = new DOMParser().parseFromString(text, "application/xml").documentElement;
  if (parsed.localName !== "math") throw new Error("no MathML");
  return rebuildNode(parsed);
}

function rebuildNode(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || !MATHML_ELEMENTS.has(node.localName)) throw new Error(`${node.nodeName} in MathML`);
  const copy = document.createElementNS(MATHML_NAMESPACE, node.localName);
  for (const { name, value } of node.attributes) {
    if (name === "xmlns") continue;
    if (!MATHML_ATTRIBUTES.has(name)) throw new Error(`${name} in MathML`);
    copy.setAttribute(name, value);
  }
  copy.append(...[...node.childNodes].map(rebuildNode));
  return copy;
}
