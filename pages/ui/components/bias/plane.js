// A square of the plane with axes, points and lines; x to the right, y up. Whoever uses it says what the range is.

const PLANE_PX = 400;

function makePlane(parent, label) {
  const host = element("div", "plane", undefined, parent);
  const canvas = element("canvas", "plane-map", undefined, host);
  canvas.setAttribute("aria-hidden", "true");
  const svg = make("svg", { viewBox: `0 0 ${PLANE_PX} ${PLANE_PX}`, role: "img", "aria-label": label }, host);
  svg.setAttribute("class", "plane-svg");
  const layers = {};
  for (const name of ["grid", "under", "points", "over"]) layers[name] = make("g", { class: `plane-${name}` }, svg);
  return { host, canvas, svg, ...layers, range: null, marks: [] };
}

function planeX(plane, x) {
  const [low, high] = plane.range.x;
  return ((x - low) / (high - low)) * PLANE_PX;
}

function planeY(plane, y) {
  const [low, high] = plane.range.y;
  return PLANE_PX - ((y - low) / (high - low)) * PLANE_PX;
}

// The place in the plane under a pointer.
function planePoint(plane, event) {
  const box = plane.svg.getBoundingClientRect();
  const [left, right] = plane.range.x;
  const [low, high] = plane.range.y;
  return {
    x: left + ((event.clientX - box.left) / box.width) * (right - left),
    y: high - ((event.clientY - box.top) / box.height) * (high - low),
  };
}

function drawPlaneAxes(plane, range, names) {
  const key = JSON.stringify([range, names]);
  if (plane.axes === key) return;
  plane.axes = key;
  plane.range = range;
  plane.grid.replaceChildren();
  for (let tick = Math.ceil(range.x[0]); tick <= range.x[1]; tick += 1) drawPlaneTick(plane, tick, true);
  for (let tick = Math.ceil(range.y[0]); tick <= range.y[1]; tick += 1) drawPlaneTick(plane, tick, false);
  const right = make("text", { x: PLANE_PX - 6, y: planeY(plane, 0) - 7, "text-anchor": "end", class: "plane-name" }, plane.grid);
  right.textContent = names[0];
  const top = make("text", { x: planeX(plane, 0) + 8, y: 15, class: "plane-name" }, plane.grid);
  top.textContent = names[1];
}

function drawPlaneTick(plane, tick, isX) {
  const at = isX ? planeX(plane, tick) : planeY(plane, tick);
  const ends = isX ? { x1: at, x2: at, y1: 0, y2: PLANE_PX } : { y1: at, y2: at, x1: 0, x2: PLANE_PX };
  make("line", { ...ends, class: tick === 0 ? "plane-axis" : "plane-tick" }, plane.grid);
  if (tick === 0 || at < 12 || at > PLANE_PX - 12) return;
  const place = isX ? { x: at, y: planeY(plane, 0) + 14, "text-anchor": "middle" } : { x: planeX(plane, 0) - 6, y: at + 4, "text-anchor": "end" };
  make("text", { ...place, class: "plane-number" }, plane.grid).textContent = numberText(tick);
}

// Class 0 is a circle, class 1 a square: the shape tells them apart without colour. A wrong one has a cross through it.
// Points that only moved are moved; sixty new ones at every step of a drag are what a browser would be busy with.
function drawPlanePoints(plane, xs, ys, labels, right) {
  const kinds = labels.join("");
  if (plane.kinds !== kinds) {
    plane.kinds = kinds;
    plane.points.replaceChildren();
    plane.marks = labels.map((label) => makePlanePoint(plane, label));
  }
  plane.marks.forEach((group, i) => {
    setAttributes(group, { transform: `translate(${planeX(plane, xs[i])} ${planeY(plane, ys[i])})`, class: right && !right[i] ? "wrong" : "" });
  });
}

function makePlanePoint(plane, label) {
  const group = make("g", {}, plane.points);
  if (label) make("rect", { x: -4.6, y: -4.6, width: 9.2, height: 9.2, rx: 1, class: "point one" }, group);
  else make("circle", { r: 5, class: "point zero" }, group);
  for (const part of ["point-halo", "point-cross"]) make("path", { d: "M-7 -7 7 7M-7 7 7 -7", class: part }, group);
  return group;
}

// A line that is kept and moved; without ends it is hidden.
function moveLine(plane, name, ends, layer = "under") {
  plane.lines ??= {};
  const line = (plane.lines[name] ??= make("line", { class: `plane-line ${name}` }, plane[layer]));
  line.style.display = ends ? "" : "none";
  if (!ends) return;
  const [[x1, y1], [x2, y2]] = ends;
  line.setAttribute("x1", planeX(plane, x1));
  line.setAttribute("y1", planeY(plane, y1));
  line.setAttribute("x2", planeX(plane, x2));
  line.setAttribute("y2", planeY(plane, y2));
}
