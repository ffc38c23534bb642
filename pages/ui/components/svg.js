// One element of an SVG drawing, as `element.js` has it for HTML; Python puts it before the code that draws.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes, parent) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (parent) parent.appendChild(node);
  return node;
}
