// One map as a picture with a frame that can be moved over it: exact values, hover, keyboard.

// options: limit, grey (statistics of the picture), size (longest side in px), label, className
function mapView(plane, table, options) {
  const scale = options.size / Math.max(plane.h, plane.w);
  const width = Math.max(8, plane.w * scale);
  const height = Math.max(8, plane.h * scale);
  const node = element("div", `map ${options.className ?? ""}`);
  Object.assign(node.style, { width: `${width}px`, height: `${height}px` });
  const canvas = element("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", options.label ?? "");
  const frame = element("div", "frame");
  frame.hidden = true;
  node.append(canvas, frame);
  const view = { node, frame, plane, width, height };
  view.paint = (newTable, limit = options.limit) => {
    const sprite = spriteOfValues(plane, newTable, limit, options.grey);
    drawTile(fitCanvas(canvas, width, height), sprite, { x: 0, y: 0, w: plane.w, h: plane.h }, { x: 0, y: 0, w: width, h: height });
  };
  view.paint(table);
  return view;
}

// Frames the rows and columns named; -1 is padding and has no place on the map.
function frameCells(view, rows, cols) {
  const inside = [rows, cols].map((list) => list.filter((index) => index >= 0));
  view.frame.hidden = inside.some((list) => list.length === 0);
  if (view.frame.hidden) return;
  const [top, left] = inside.map((list) => Math.min(...list));
  const [bottom, right] = inside.map((list) => Math.max(...list) + 1);
  const { plane } = view;
  // On a small picture of a large map a frame of one pixel could not be seen: it is drawn at least 5 px wide.
  const cell = { w: view.width / plane.w, h: view.height / plane.h };
  const w = Math.max(5, (right - left) * cell.w);
  const h = Math.max(5, (bottom - top) * cell.h);
  const x = (left + right) * 0.5 * cell.w - w / 2;
  const y = (top + bottom) * 0.5 * cell.h - h / 2;
  Object.assign(view.frame.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
}

// The pointer's place on a map, in its rows and columns.
function cellUnder(view, event) {
  const box = view.node.getBoundingClientRect();
  const y = Math.floor(((event.clientY - box.top) / box.height) * view.plane.h);
  const x = Math.floor(((event.clientX - box.left) / box.width) * view.plane.w);
  return { y: Math.max(0, Math.min(view.plane.h - 1, y)), x: Math.max(0, Math.min(view.plane.w - 1, x)) };
}

// The output pixel whose window has this input pixel nearest to its middle.
function nearestWindow(table, index) {
  let best = 0;
  let distance = Infinity;
  table.forEach((taps, out) => {
    const real = taps.filter((tap) => tap >= 0);
    if (!real.length) return;
    const off = Math.abs((real[0] + real[real.length - 1]) / 2 - index);
    if (off < distance) [best, distance] = [out, off];
  });
  return best;
}

// A number on the colour it has on the map, dark or light text as needed.
function valueCell(value, limit, table, className) {
  const cell = element("span", `cell ${className ?? ""}`, value === null ? "pad" : onScale(value, limit));
  if (value === null) {
    cell.classList.add("padded");
    return cell;
  }
  const index = 3 * colourIndex(value, limit);
  const bright = 0.3 * table[index] + 0.59 * table[index + 1] + 0.11 * table[index + 2];
  cell.style.background = cssColour(table, index / 3);
  cell.style.color = bright > 140 ? "#14181f" : "#ffffff";
  return cell;
}

function legendOf(text, limit, table) {
  const legend = element("div", "legend");
  const bar = element("div", "gradient");
  bar.style.background = gradientOf(table);
  const numbers = element("div", "ends");
  numbers.append(element("span", "", written(-limit)), element("span", "", "0"), element("span", "", written(limit)));
  legend.append(element("span", "caption", text), bar, numbers);
  return legend;
}
