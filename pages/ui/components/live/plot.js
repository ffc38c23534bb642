// Curves, points to drag and bands in one SVG, with a legend, and the values under the mouse or the arrow keys.

const DASHES = ["", "7 4", "2 4", "9 3 2 3", "5 5", "1 3", "12 4", "4 2"];
const EDGE = { left: 46, right: 12, top: 10, bottom: 34 };
const seriesColour = (colour, i) => (typeof colour === "string" ? colour : `var(--series-${(colour ?? i) % 8})`);

function drawPlot(host, options) {
  const plot = (host.livePlot ??= newPlot(host));
  const before = plot.options;
  plot.options = { height: 240, lines: [], marks: [], bands: [], x: {}, y: {}, ...options };
  if (standsStill(plot, before)) {
    drawMarks(plot);
    return plot;
  }
  plot.frame.setAttribute("aria-label", `${plot.options.label ?? "Plot"}. Arrow keys read the values.`);
  drawLegend(plot);
  layPlot(plot);
  return plot;
}

// Whether only marks have moved: the same lines over the same axes, which do not follow the marks.
function standsStill({ options, width, room }, before) {
  if (!before || width !== room || !options.x.range || !options.y.range) return false;
  const frameOf = ({ label, height, x, y, bands }) => JSON.stringify([label, height, x, y, bands]);
  return frameOf(options) === frameOf(before) && options.lines.length === before.lines.length
    && options.lines.every((line, i) => LINE_PARTS.every((part) => line[part] === before.lines[i][part]));
}

const LINE_PARTS = ["x", "y", "name", "colour", "dash", "width"];

function newPlot(host) {
  const plot = { host, at: null, marks: [] };
  host.classList.add("live-plot");
  plot.frame = element("div", "live-plot-frame", undefined, host);
  plot.frame.tabIndex = 0;
  plot.frame.setAttribute("role", "group");
  plot.svg = make("svg", { "aria-hidden": "true", class: "live-svg" }, plot.frame);
  plot.axes = make("g", {}, plot.svg);
  plot.lines = make("g", {}, plot.svg);
  plot.front = make("g", { class: "live-marks" }, plot.svg);
  plot.cursor = make("line", { class: "live-cursor", visibility: "hidden" }, plot.svg);
  plot.tip = element("div", "live-tip", "", plot.frame);
  plot.tip.hidden = true;
  plot.legend = element("ul", "live-legend", undefined, host);
  plot.voice = element("p", "live-voice", "", host);
  plot.voice.setAttribute("aria-live", "polite");
  bindPlot(plot);
  plot.room = widthOf(plot);
  new ResizeObserver(() => {
    plot.room = widthOf(plot);
    if (plot.options && plot.width !== plot.room) layPlot(plot);
  }).observe(host);
  return plot;
}

const widthOf = (plot) => Math.max(160, Math.round(plot.host.clientWidth));

function rangeOfAxis(axis, numbers) {
  if (axis.range) return axis.range;
  const good = numbers.filter((value) => Number.isFinite(value) && (!axis.log || value > 0));
  if (!good.length) return axis.log ? [0.1, 1] : [0, 1];
  let low = good.reduce((a, b) => Math.min(a, b));
  let high = good.reduce((a, b) => Math.max(a, b));
  if (low === high) [low, high] = axis.log ? [low / 2, high * 2] : [low - 1, high + 1];
  return [low, high];
}

// Where a value stands and back again, linear or logarithmic.
function scaleOf(axis, range, from, to) {
  const turn = axis.log ? Math.log10 : (value) => value;
  const [low, high] = range.map(turn);
  const span = high - low || 1;
  return {
    place: (value) => from + ((turn(value) - low) / span) * (to - from),
    value: (place) => {
      const at = low + ((place - from) / (to - from)) * span;
      return axis.log ? 10 ** at : at;
    },
    range,
  };
}

function ticksOf(axis, [low, high], n) {
  if (axis.log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.max(1, Math.ceil((last - first + 1) / n));
    return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) => 10 ** (first + i * every));
  }
  const step = stepOf(low, high, n);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) ticks.push(Number(at.toPrecision(10)));
  return ticks;
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// Along a scale of powers of ten a number is written with one: 10⁻¹³, 2.03 × 10⁻¹³.
function axisText(axis, value) {
  const isPlain = !axis.log || value === null || value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4);
  if (isPlain || !Number.isFinite(value)) return numberText(value);
  const [factor, power] = value.toExponential(3).split("e");
  const ten = `10${[...String(Number(power))].map((sign) => RAISED[sign]).join("")}`;
  return Number(factor) === 1 ? ten : `${numberText(Number(factor))} × ${ten}`;
}

const STEPS_OF_TEN = [10, 5, 4, 2.5, 2, 1];
const ENOUGH_TICKS = 3; // fewer do not say how far apart they are

// The finest round step that gives at most about n ticks; finer where a narrow plot would be left with one or two.
function stepOf(low, high, n) {
  const rough = (high - low) / n;
  const base = 10 ** Math.floor(Math.log10(rough));
  const nTicks = (step) => Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  const usual = [1, 2, 2.5, 5, 10].find((factor) => factor * base >= rough) ?? 10;
  const finer = STEPS_OF_TEN.find((factor) => factor <= usual && nTicks(factor * base) >= ENOUGH_TICKS);
  return (finer ?? 1) * base;
}

function layPlot(plot) {
  const { options } = plot;
  // Measured when it changes: to ask here would force a layout at every step of a drag.
  const [width, height] = [plot.room, options.height];
  plot.width = width;
  setAttributes(plot.svg, { viewBox: `0 0 ${width} ${height}`, width, height });
  const xs = options.lines.flatMap((line) => line.x).concat(options.marks.map((mark) => mark.x));
  const ys = options.lines.flatMap((line) => line.y).concat(options.marks.map((mark) => mark.y));
  const left = options.y.label ? EDGE.left + 14 : EDGE.left;
  const bottom = height - EDGE.bottom - (options.x.label ? 12 : 0);
  plot.x = scaleOf(options.x, rangeOfAxis(options.x, xs), left, width - EDGE.right);
  plot.y = scaleOf(options.y, rangeOfAxis(options.y, ys), bottom, EDGE.top);
  Object.assign(plot, { left, bottom, right: width - EDGE.right });
  const key = JSON.stringify([width, height, plot.x.range, plot.y.range, options.x, options.y, options.bands]);
  if (plot.axesKey !== key) {
    plot.axesKey = key;
    plot.axes.replaceChildren();
    drawBands(plot);
    drawAxes(plot, height);
  }
  while (plot.lines.childElementCount > options.lines.length) plot.lines.lastElementChild.remove();
  options.lines.forEach((line, i) => drawLine(plot, line, i));
  drawMarks(plot);
  if (plot.at !== null) showCursor(plot, plot.at, false);
}

function drawAxes(plot, height) {
  const { axes, options, left, right, bottom } = plot;
  for (const value of ticksOf(options.y, plot.y.range, Math.max(2, Math.floor((bottom - EDGE.top) / 44)))) {
    const y = plot.y.place(value);
    make("line", { x1: left, x2: right, y1: y, y2: y, class: value === 0 ? "live-zero" : "live-rule" }, axes);
    make("text", { x: left - 6, y: y + 4, class: "live-tick", "text-anchor": "end" }, axes).textContent = axisText(options.y, value);
  }
  for (const value of ticksOf(options.x, plot.x.range, Math.max(3, Math.floor((right - left) / 70)))) {
    const x = plot.x.place(value);
    make("line", { x1: x, x2: x, y1: EDGE.top, y2: bottom, class: value === 0 ? "live-zero" : "live-rule" }, axes);
    make("text", { x, y: bottom + 16, class: "live-tick", "text-anchor": "middle" }, axes).textContent = axisText(options.x, value);
  }
  if (options.x.label) make("text", { x: (left + right) / 2, y: height - 6, class: "live-axis", "text-anchor": "middle" }, axes).textContent = options.x.label;
  if (options.y.label) {
    const middle = (bottom + EDGE.top) / 2;
    make("text", { x: 12, y: middle, transform: `rotate(-90 12 ${middle})`, class: "live-axis", "text-anchor": "middle" }, axes).textContent = options.y.label;
  }
}

function drawBands(plot) {
  for (const band of plot.options.bands) {
    const isY = band.axis === "y";
    const scale = isY ? plot.y : plot.x;
    const [a, b] = [band.from ?? scale.range[0], band.to ?? scale.range[1]].map((value) => scale.place(clip(value, ...scale.range))).sort((p, q) => p - q);
    const box = isY ? { x: plot.left, y: a, width: plot.right - plot.left, height: b - a } : { x: a, y: EDGE.top, width: b - a, height: plot.bottom - EDGE.top };
    make("rect", { ...box, class: "live-band", style: `fill:${seriesColour(band.colour ?? "var(--status-muted)", 0)}` }, plot.axes);
    if (band.label) make("text", { x: box.x + 4, y: box.y + 14, class: "live-tick" }, plot.axes).textContent = band.label;
  }
}

const inside = (value, axis) => Number.isFinite(value) && (!axis.log || value > 0);

function drawLine(plot, line, i) {
  let path = "";
  let isDown = false;
  line.x.forEach((x, k) => {
    const y = line.y[k];
    if (y === null || !inside(y, plot.options.y) || !inside(x, plot.options.x)) { isDown = false; return; }
    // Far outside is as good as just outside; browsers draw huge coordinates wrongly.
    path += `${isDown ? "L" : "M"}${plot.x.place(x).toFixed(1)} ${clip(plot.y.place(y), -2000, 4000).toFixed(1)}`;
    isDown = true;
  });
  plot.clip ??= clipOf(plot);
  setAttributes(plot.clip.rect, { x: plot.left, y: EDGE.top - 2, width: plot.right - plot.left, height: plot.bottom - EDGE.top + 4 });
  const node = plot.lines.children[i] ?? make("path", { class: "live-line", "clip-path": `url(#${plot.clip.id})` }, plot.lines);
  setAttributes(node, {
    d: path,
    style: `stroke:${seriesColour(line.colour, i)};stroke-width:${line.width ?? 2};stroke-dasharray:${line.dash ?? DASHES[i % DASHES.length]}`,
  });
}

let nClips = 0;

function clipOf(plot) {
  const id = `live-clip-${(nClips += 1)}`;
  return { id, rect: make("rect", {}, make("clipPath", { id }, make("defs", {}, plot.svg))) };
}

function drawMarks(plot) {
  const { marks } = plot.options;
  while (plot.marks.length > marks.length) plot.marks.pop().remove();
  while (plot.marks.length < marks.length) plot.marks.push(newMark(plot, plot.marks.length));
  setAttributes(plot.svg, { "aria-hidden": marks.some((mark) => mark.drag) ? null : "true" });
  marks.forEach((mark, i) => {
    const node = plot.marks[i];
    if (plot.held !== i) placeMark(plot, node, mark.x, mark.y);
    // Of many marks one moves at a time; the others are left alone.
    const told = JSON.stringify([mark.x, mark.y, mark.text, mark.colour, mark.label, Boolean(mark.drag)]);
    if (node.told === told) return;
    node.told = told;
    node.querySelector("text").textContent = mark.text ?? "";
    node.style.setProperty("--c", seriesColour(mark.colour, i));
    node.classList.toggle("live-handle", Boolean(mark.drag));
    const words = `${mark.label ?? "Point"} ${numberText(mark.x)}, ${numberText(mark.y)}`;
    setAttributes(node, mark.drag
      ? { tabindex: 0, role: "slider", "aria-label": mark.label ?? "Point", "aria-valuenow": mark.x, "aria-valuetext": words }
      : { tabindex: null, role: null, "aria-label": null, "aria-valuenow": null, "aria-valuetext": null });
  });
}

function newMark(plot, i) {
  const node = make("g", { class: "live-mark" }, plot.front);
  make("circle", { r: 14, class: "live-reach" }, node);
  make("circle", { r: 6, class: "live-dot" }, node);
  make("text", { x: 10, y: -8, class: "live-tick" }, node);
  const move = (x, y, final) => {
    const at = [clip(x, ...plot.x.range), clip(y, ...plot.y.range)];
    placeMark(plot, node, ...at);
    plot.options.marks[i]?.drag?.(...at, { final });
  };
  node.onpointerdown = (event) => {
    if (!plot.options.marks[i]?.drag) return;
    node.setPointerCapture(event.pointerId);
    node.focus();
    plot.held = i;
    event.preventDefault();
  };
  const at = (event) => {
    const box = plot.svg.getBoundingClientRect();
    return [plot.x.value(event.clientX - box.left), plot.y.value(event.clientY - box.top)];
  };
  node.onpointermove = (event) => { if (plot.held === i) move(...at(event), false); };
  node.onpointerup = node.onpointercancel = (event) => {
    if (plot.held !== i) return;
    plot.held = null;
    move(...at(event), true);
  };
  node.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    const mark = plot.options.marks[i];
    if (!arrow || !mark?.drag) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 10 : 2;
    const [x, y] = plot.pushed?.i === i && isBusy(plot.host) ? plot.pushed.at : [mark.x, mark.y];
    const at = [plot.x.value(plot.x.place(x) + far * arrow[1]), plot.y.value(plot.y.place(y) + far * arrow[0])];
    move(...at, true);
    plot.pushed = { i, at: [clip(at[0], ...plot.x.range), clip(at[1], ...plot.y.range)] };
  };
  return node;
}

function placeMark(plot, node, x, y) {
  setAttributes(node, { transform: `translate(${plot.x.place(x).toFixed(1)} ${plot.y.place(y).toFixed(1)})` });
}

function drawLegend(plot) {
  const named = plot.options.lines.filter((line) => line.name);
  const key = JSON.stringify(named.map((line) => [line.name, line.colour, line.dash]));
  if (plot.legendKey === key) return;
  plot.legendKey = key;
  plot.legend.replaceChildren();
  plot.legend.hidden = !named.length;
  plot.options.lines.forEach((line, i) => {
    if (!line.name) return;
    const item = element("li", "", undefined, plot.legend);
    const sample = make("svg", { width: 26, height: 10, "aria-hidden": "true" }, item);
    make("line", { x1: 1, x2: 25, y1: 5, y2: 5, style: `stroke:${seriesColour(line.colour, i)};stroke-width:${line.width ?? 2.5};stroke-dasharray:${line.dash ?? DASHES[i % DASHES.length]}` }, sample);
    element("span", "", line.name, item);
  });
}

function bindPlot(plot) {
  const { frame } = plot;
  frame.onpointermove = (event) => {
    if (plot.held !== null && plot.held !== undefined) return;
    const box = plot.svg.getBoundingClientRect();
    const at = event.clientX - box.left;
    if (at < plot.left - 4 || at > plot.right + 4) { hideCursor(plot); return; }
    showCursor(plot, plot.x.value(clip(at, plot.left, plot.right)), false);
  };
  frame.onpointerleave = frame.onblur = () => hideCursor(plot);
  frame.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || !arrow[1] || event.target !== frame) return;
    event.preventDefault();
    const now = plot.x.place(plot.at ?? plot.x.value((plot.left + plot.right) / 2));
    const far = event.shiftKey ? 0.1 : 0.02;
    showCursor(plot, plot.x.value(clip(now + arrow[1] * far * (plot.right - plot.left), plot.left, plot.right)), true);
  };
}

// The value of a line at the sample nearest to x.
function nearest(line, x) {
  let best = -1;
  for (let k = 0; k < line.x.length; k += 1) {
    if (line.y[k] === null) continue;
    if (best < 0 || Math.abs(line.x[k] - x) < Math.abs(line.x[best] - x)) best = k;
  }
  return best < 0 ? null : { x: line.x[best], y: line.y[best] };
}

function showCursor(plot, x, aloud) {
  plot.at = x;
  const { options } = plot;
  const found = options.lines.map((line) => nearest(line, x));
  const shown = found.find(Boolean)?.x ?? x;
  const place = plot.x.place(shown);
  setAttributes(plot.cursor, { x1: place, x2: place, y1: EDGE.top, y2: plot.bottom, visibility: "visible" });
  plot.tip.replaceChildren();
  const title = `${options.x.label ?? "x"} ${axisText(options.x, shown)}`;
  element("b", "", title, plot.tip);
  const words = [title];
  options.lines.forEach((line, i) => {
    if (!found[i]) return;
    const row = element("span", "", undefined, plot.tip);
    element("i", "live-swatch", undefined, row).style.background = seriesColour(line.colour, i);
    const text = `${line.name ?? options.y.label ?? "y"} ${axisText(options.y, found[i].y)}`;
    row.append(text);
    words.push(text);
  });
  plot.tip.hidden = false;
  const isRight = place > (plot.left + plot.right) / 2;
  plot.tip.style.left = isRight ? "auto" : `${place + 10}px`;
  plot.tip.style.right = isRight ? `${plot.width - place + 10}px` : "auto";
  if (aloud) plot.voice.textContent = words.join(", ");
  options.onPoint?.(shown);
}

function hideCursor(plot) {
  if (plot.at === null) return;
  plot.at = null;
  plot.cursor.setAttribute("visibility", "hidden");
  plot.tip.hidden = true;
  plot.options.onPoint?.(null);
}
