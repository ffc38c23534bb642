// A matrix of numbers: colours by value, readable ink on each, one cell at a time in the tab order, arrow keys move.
// Editable cells take typed numbers, + and −, and a drag to the side; a finger types after a second tap.

const HOW_TO_EDIT = matchMedia("(pointer: coarse)").matches
  ? "Drag a number to the side to change it, or tap it twice and type."
  : "Drag a number to the side to change it, or choose it and type.";

const STEPS = ["light", "dark"].map((scheme) => {
  const bytes = bytesOf(DIVERGING[scheme]);
  return Array.from({ length: 256 }, (_, i) => [...bytes.subarray(3 * i, 3 * i + 3)]);
});

const rgbText = (colour) => `rgb(${colour.join(" ")})`;
const CELL_LOOKS = STEPS[0].map((light, i) => ({
  background: `light-dark(${rgbText(light)}, ${rgbText(STEPS[1][i])})`,
  color: `light-dark(${inkOn(light)}, ${inkOn(STEPS[1][i])})`,
}));
const GREY_LOOKS = Array.from({ length: 256 }, (_, i) => ({ background: rgbText([i, i, i]), color: inkOn([i, i, i]) }));
const PLAIN_LOOK = { background: "", color: "" };

const clip = (value, low, high) => Math.max(low, Math.min(high, value));

// Colour and ink of a value: on the diverging scale blue is positive, orange-red negative, zero the page itself.
function lookOf(value, limit, scale = "diverging") {
  if (scale === "plain" || !Number.isFinite(value)) return PLAIN_LOOK;
  const share = limit > 0 ? value / limit : 0;
  if (scale === "grey") return GREY_LOOKS[Math.round(255 * clip(share, 0, 1))];
  return CELL_LOOKS[Math.round(128 + 127 * clip(share, -1, 1))];
}

function drawMatrix(host, options) {
  const matrix = (host.liveMatrix ??= newMatrix(host));
  matrix.options = { scale: "diverging", editable: false, digits: 3, step: 0.1, least: null, most: null, whole: false, ...options };
  const { values, label, corner } = matrix.options;
  const [height, width] = [values.length, values[0]?.length ?? 0];
  if (matrix.height !== height || matrix.width !== width) buildCells(matrix, height, width);
  matrix.limit = matrix.options.limit ?? Math.max(1e-12, ...values.flat().map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
  matrix.grid.setAttribute("aria-label", label ?? "");
  matrix.head.textContent = label ?? "";
  matrix.corner.textContent = corner ?? "";
  matrix.head.hidden = !label;
  matrix.corner.hidden = !corner;
  matrix.grid.setAttribute("aria-readonly", String(!matrix.options.editable));
  matrix.grid.toggleAttribute("data-editable", matrix.options.editable);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) fillCell(matrix, y, x, values[y][x]);
  return matrix.handle;
}

function newMatrix(host) {
  const matrix = { host, cells: [], shown: [], at: [0, 0], height: -1, width: -1, lit: new Map() };
  host.classList.add("live-matrix");
  const top = element("div", "live-matrix-top", undefined, host);
  matrix.head = element("span", "live-matrix-head", "", top);
  matrix.corner = element("span", "live-matrix-corner", "", top);
  matrix.head.setAttribute("aria-hidden", "true");
  matrix.grid = element("div", "live-grid", undefined, host);
  matrix.grid.setAttribute("role", "grid");
  matrix.problem = element("p", "live-problem", "", host);
  matrix.problem.setAttribute("role", "alert");
  matrix.handle = {
    light: (cells, className = "lit") => lightCells(matrix, cells, className),
    clear: () => [...matrix.lit.keys()].forEach((name) => lightCells(matrix, [], name)),
    focus: (y, x) => moveTo(matrix, y, x, true),
    cell: (y, x) => matrix.cells[y]?.[x],
  };
  bindMatrix(matrix);
  return matrix;
}

function buildCells(matrix, height, width) {
  const hadFocus = matrix.grid.contains(matrix.grid.getRootNode().activeElement);
  Object.assign(matrix, { height, width, cells: [], shown: [], lit: new Map(), editing: null });
  matrix.grid.replaceChildren();
  matrix.grid.style.setProperty("--columns", width);
  matrix.grid.dataset.size = width > 16 ? "small" : width > 9 ? "middle" : "large";
  for (let y = 0; y < height; y += 1) {
    const row = element("div", "live-row", undefined, matrix.grid);
    row.setAttribute("role", "row");
    matrix.cells.push(Array.from({ length: width }, (_, x) => {
      const cell = element("div", "live-cell", "", row);
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = -1;
      cell.dataset.y = y;
      cell.dataset.x = x;
      return cell;
    }));
    matrix.shown.push([]);
  }
  moveTo(matrix, clip(matrix.at[0], 0, height - 1), clip(matrix.at[1], 0, width - 1), hadFocus);
}

function fillCell(matrix, y, x, value) {
  const cell = matrix.cells[y][x];
  const isHeld = matrix.editing?.cell === cell || matrix.scrub?.cell === cell;
  if (isHeld && !matrix.isOwn) return;
  const key = `${value}/${matrix.limit}/${matrix.options.scale}/${matrix.options.digits}`;
  if (matrix.shown[y][x] === key) return;
  matrix.shown[y][x] = key;
  cell.textContent = typeof value === "string" ? value : numberText(value, matrix.options.digits);
  const look = lookOf(value, matrix.limit, matrix.options.scale);
  cell.style.background = look.background;
  cell.style.color = look.color;
}

function lightCells(matrix, cells, className) {
  for (const cell of matrix.lit.get(className) ?? []) cell.classList.remove(className);
  const found = cells.map(([y, x]) => matrix.cells[y]?.[x]).filter(Boolean);
  for (const cell of found) cell.classList.add(className);
  matrix.lit.set(className, found);
}

function moveTo(matrix, y, x, withFocus) {
  const before = matrix.cells[matrix.at[0]]?.[matrix.at[1]];
  if (before) before.tabIndex = -1;
  matrix.at = [y, x];
  const cell = matrix.cells[y]?.[x];
  if (!cell) return;
  cell.tabIndex = 0;
  if (withFocus) cell.focus({ preventScroll: false });
}

const placeOf = (node) => {
  const cell = node.closest?.(".live-cell");
  return cell ? [Number(cell.dataset.y), Number(cell.dataset.x)] : null;
};

function bindMatrix(matrix) {
  const { grid } = matrix;
  const point = (place) => {
    const text = String(place);
    if (text === matrix.pointed) return;
    matrix.pointed = text;
    if (place) matrix.options.onPoint?.(...place);
    else matrix.options.onPoint?.(null);
  };
  grid.onpointerover = (event) => { if (!matrix.scrub) point(placeOf(event.target)); };
  grid.onpointerleave = () => { if (!matrix.scrub) point(placeOf(grid.getRootNode().activeElement ?? grid)); };
  grid.onfocus = null;
  grid.addEventListener("focusin", (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    moveTo(matrix, ...place, false);
    point(place);
  });
  grid.addEventListener("focusout", (event) => { if (!grid.contains(event.relatedTarget) && !grid.matches(":hover")) point(null); });
  grid.onkeydown = (event) => onCellKey(matrix, event);
  grid.ondblclick = (event) => { const place = placeOf(event.target); if (place) startEdit(matrix, ...place); };
  grid.onclick = (event) => { if (matrix.tapped && matrix.tapped === event.target.closest(".live-cell")) startEdit(matrix, ...placeOf(matrix.tapped)); };
  grid.onpointerdown = (event) => startScrub(matrix, event);
  grid.onpointermove = (event) => moveScrub(matrix, event);
  grid.onpointerup = grid.onpointercancel = (event) => endScrub(matrix, event);
}

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function onCellKey(matrix, event) {
  if (matrix.editing) return;
  const [y, x] = matrix.at;
  const arrow = ARROWS[event.key];
  const goal = arrow ? [y + arrow[0], x + arrow[1]] : event.key === "Home" ? [y, 0] : event.key === "End" ? [y, matrix.width - 1] : null;
  if (goal && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    moveTo(matrix, clip(goal[0], 0, matrix.height - 1), clip(goal[1], 0, matrix.width - 1), true);
    return;
  }
  if (!matrix.options.editable || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); startEdit(matrix, y, x); }
  else if (event.key === "+" || event.key === "=") nudge(matrix, y, x, 1);
  else if (event.key === "_") nudge(matrix, y, x, -1);
  else if (/^[0-9.,−-]$/.test(event.key)) { event.preventDefault(); startEdit(matrix, y, x, event.key); }
}

function nudge(matrix, y, x, by) {
  if (!isEditable(matrix, y, x)) return;
  const isOwn = matrix.pushed?.cell === matrix.cells[y][x] && isBusy(matrix.host);
  const now = isOwn ? matrix.pushed.value : matrix.options.values[y][x];
  setCell(matrix, y, x, now + by * matrix.options.step, true);
}

const factOf = ({ options }) => ({ label: "A cell", least: options.least, most: options.most, whole: options.whole, optional: false });

// Shown at once; the server's answer follows. Rounded to the step, so that a drag leaves no noise in the last digits.
function setCell(matrix, y, x, wanted, final) {
  const { step, least, most } = matrix.options;
  const value = clip(Number((Math.round(wanted / step) * step).toPrecision(12)), least ?? -Infinity, most ?? Infinity);
  if (value === matrix.options.values[y][x] && !final) return;
  takeCell(matrix, y, x, value, final);
}

function takeCell(matrix, y, x, value, final) {
  matrix.options.values = matrix.options.values.map((row, j) => (j === y ? row.map((old, i) => (i === x ? value : old)) : row));
  matrix.isOwn = true;
  fillCell(matrix, y, x, value);
  matrix.isOwn = false;
  matrix.pushed = { cell: matrix.cells[y][x], value };
  matrix.problem.textContent = "";
  matrix.options.onEdit?.(y, x, value, { final });
}

// A cell that shows a text (padding) is not for typing.
const isEditable = (matrix, y, x) => matrix.options.editable && typeof matrix.options.values[y][x] !== "string";

function startEdit(matrix, y, x, first) {
  if (!isEditable(matrix, y, x) || matrix.editing) return;
  moveTo(matrix, y, x, true);
  const cell = matrix.cells[y][x];
  const before = cell.textContent;
  const field = element("input", "live-cell-input");
  field.type = "text";
  field.inputMode = (matrix.options.least ?? -1) < 0 ? "text" : "decimal"; // some phones' pads of digits have no minus
  field.value = first ?? boxText(matrix.options.values[y][x]);
  field.setAttribute("aria-label", `Row ${y + 1}, column ${x + 1}`);
  matrix.editing = { cell, field };
  cell.replaceChildren(field);
  field.focus();
  if (first === undefined) field.select();
  const finish = (take, stay) => {
    if (matrix.editing?.field !== field) return;
    const { value, problem } = take ? readNumber(field.value, factOf(matrix)) : {};
    matrix.editing = null;
    matrix.shown[y][x] = null;
    cell.textContent = before;
    if (value !== undefined) takeCell(matrix, y, x, value, true);
    else fillCell(matrix, y, x, matrix.options.values[y][x]);
    matrix.problem.textContent = problem ?? "";
    if (stay) cell.focus();
  };
  field.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); finish(true, true); }
    if (event.key === "Escape") { event.preventDefault(); finish(false, true); }
    if (event.key === "Tab") finish(true, false);
  };
  field.onblur = () => finish(true, false);
}

// A drag to the side over an editable cell turns its number, live: one step every four pixels. A finger must have gone a
// little further, as it may be on its way up or down the page.
function startScrub(matrix, event) {
  const place = placeOf(event.target);
  matrix.tapped = null;
  if (!place || event.button !== 0 || matrix.editing) return;
  const [y, x] = place;
  if (!isEditable(matrix, y, x)) return;
  const cell = matrix.cells[y][x];
  const isTouch = event.pointerType === "touch";
  if (isTouch && matrix.grid.getRootNode().activeElement === cell) matrix.tapped = cell;
  matrix.scrub = { cell, y, x, from: event.clientX, reach: isTouch ? 8 : 4, start: matrix.options.values[y][x], moved: false };
}

function moveScrub(matrix, event) {
  const { scrub } = matrix;
  if (!scrub) return;
  const shift = event.clientX - scrub.from;
  if (!scrub.moved && Math.abs(shift) < scrub.reach) return;
  if (!scrub.moved) {
    scrub.moved = true;
    matrix.tapped = null;
    matrix.grid.setPointerCapture(event.pointerId);
    matrix.grid.classList.add("scrubbing");
  }
  setCell(matrix, scrub.y, scrub.x, scrub.start + Math.round(shift / 4) * matrix.options.step, false);
}

function endScrub(matrix, event) {
  const { scrub } = matrix;
  if (!scrub) return;
  matrix.scrub = null;
  matrix.grid.classList.remove("scrubbing");
  if (matrix.grid.hasPointerCapture(event.pointerId)) matrix.grid.releasePointerCapture(event.pointerId);
  if (scrub.moved) setCell(matrix, scrub.y, scrub.x, matrix.options.values[scrub.y][scrub.x], true);
}
