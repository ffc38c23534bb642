// Pictures that came as bytes, painted with the palette's diverging colours; points with a shape and a colour a class.

const COLOURS = { light: STEPS[0], dark: STEPS[1] };
// The middle half of the scale: on its ends the points would hardly stand out.
const SOFT = 0.54;
const CLASS_COLOURS = {
  light: [[178, 24, 43], [33, 102, 172], [31, 143, 115]],
  dark: [[249, 160, 122], [134, 195, 232], [82, 195, 161]],
};

// Streamlit sets color-scheme on its app; the page's own colour tells it everywhere.
function schemeOf(node) {
  const probe = getComputedStyle(node).getPropertyValue("color-scheme");
  if (probe.includes("dark") && !probe.includes("light")) return "dark";
  if (probe.includes("light") && !probe.includes("dark")) return "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

const softened = (byte) => Math.round(128 + (byte - 128) * SOFT);
// A pixel of each byte as a canvas keeps it: alpha, blue, green, red.
const pixelOf = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
const PIXELS = Object.fromEntries(Object.entries(COLOURS).map(([scheme, colours]) =>
  [scheme, Uint32Array.from({ length: 256 }, (_, byte) => pixelOf(colours[softened(byte)]))]));

function paintBytes(canvas, picture, scheme) {
  if (canvas.shown === picture.bytes && canvas.scheme === scheme) return;
  canvas.shown = picture.bytes;
  canvas.scheme = scheme;
  const bytes = bytesOf(picture.bytes);
  const pixels = PIXELS[scheme];
  paintPixels(canvas, bytes.length, (i) => pixels[bytes[i]]);
}

// Three classes: the winner's colour, the fainter the less sure.
function paintWinners(canvas, picture, sureness, scheme) {
  const [winners, sure] = [bytesOf(picture.bytes), bytesOf(sureness)];
  const back = COLOURS[scheme][128];
  canvas.shown = null;
  paintPixels(canvas, winners.length, (i) => {
    const share = 0.62 * (sure[i] / 255);
    return pixelOf(CLASS_COLOURS[scheme][winners[i]].map((part, k) => Math.round(back[k] + (part - back[k]) * share)));
  });
}

function paintPixels(canvas, n, pixelAt) {
  const side = Math.round(Math.sqrt(n));
  if (canvas.width !== side || !canvas.image) {
    canvas.width = canvas.height = side;
    canvas.image = canvas.getContext("2d").createImageData(side, side);
    canvas.pixels = new Uint32Array(canvas.image.data.buffer);
  }
  for (let i = 0; i < n; i += 1) canvas.pixels[i] = pixelAt(i);
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}

const cssColour = (colour) => `rgb(${colour.map(Math.round).join(" ")})`;

// Circle, square, triangle: the shape tells the class without its colour.
function tracePoint(context, shape, x, y, size) {
  context.beginPath();
  if (shape === 1) context.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  else if (shape === 2) {
    context.moveTo(x, y - size * 1.25);
    context.lineTo(x + size * 1.15, y + size * 0.85);
    context.lineTo(x - size * 1.15, y + size * 0.85);
    context.closePath();
  } else context.arc(x, y, size, 0, 2 * Math.PI);
}

// All points of a set; `hollow` for those kept for testing.
function paintPoints(context, points, task, { side, size, scheme, hollow }) {
  const scale = side / (200 * task.half_width);
  for (let i = 0; i < points.targets.length; i += 1) {
    const target = points.targets[i];
    const isNumber = task.classes === 0;
    const colour = isNumber ? COLOURS[scheme][Math.round(128 + 127 * clip(target, -1, 1))] : CLASS_COLOURS[scheme][target];
    const x = side / 2 + points.places[2 * i] * scale;
    const y = side / 2 - points.places[2 * i + 1] * scale;
    tracePoint(context, isNumber ? 0 : target, x, y, size);
    context.lineWidth = hollow ? 1.6 : 1.2;
    context.fillStyle = hollow ? (scheme === "dark" ? "#0d1118" : "#ffffff") : cssColour(colour);
    context.strokeStyle = hollow ? cssColour(colour) : scheme === "dark" ? "#0d1118" : "#ffffff";
    context.fill();
    context.stroke();
  }
}

// A canvas for lines and points, sharp on every screen; drawn in CSS pixels.
function sharpContext(canvas, width, height = width) {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// An icon button in the lab's line style.
function iconButton(parent, className, label, path, act) {
  const button = element("button", className, undefined, parent);
  button.type = "button";
  nameIcon(button, label, path);
  button.onclick = act;
  return button;
}

function nameIcon(button, label, path) {
  button.setAttribute("aria-label", label);
  button.title = label;
  const icon = make("svg", { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" });
  make("path", { d: path, fill: "currentColor", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round" }, icon);
  button.replaceChildren(icon);
}
