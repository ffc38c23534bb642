// Numbers and small pieces of the document that all parts of the drawing use. Nothing is computed here about networks.

function button(className, text, label, onClick) {
  const node = element("button", className, text);
  node.type = "button";
  if (label) node.setAttribute("aria-label", label);
  node.onclick = onClick;
  return node;
}

// Three significant digits, a real minus sign, and a dash for what is not a number.
function written(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  let text;
  if (size === 0) text = "0";
  else if (size >= 1000 || size < 0.001) text = value.toExponential(1);
  else if (size >= 100) text = value.toFixed(0);
  else if (size >= 10) text = value.toFixed(1);
  else text = value.toFixed(size < 0.01 ? 3 : 2);
  return text.replace("-", "−");
}

// A number beside others of the same scale: as many decimals as the scale has use for; what rounds to 0 has no sign.
function onScale(value, limit) {
  if (!Number.isFinite(value) || limit >= 1000 || limit < 0.001) return written(value);
  if (value === 0) return "0";
  const decimals = limit >= 100 ? 0 : limit >= 10 ? 1 : limit >= 1 ? 2 : limit >= 0.1 ? 3 : 4;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

// As pages/ui/units.py writes shares: one decimal.
const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`);

const times = (shape) => shape.join("×");

// Exact float32 values as lab sent them.
const floatsOf = (base64) => new Float32Array(bytesOf(base64).buffer);

function planeOf(json) {
  return json ? { h: json.h, w: json.w, values: floatsOf(json.f32) } : null;
}

const valueAt = (plane, y, x) => (y < 0 || x < 0 ? null : plane.values[y * plane.w + x]);

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function rangeOf(plane) {
  let largest = 0;
  for (const value of plane.values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}
