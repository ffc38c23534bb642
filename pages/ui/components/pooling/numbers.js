// The pooling stage of numbers: a map, a window that walks over it, the output, and where the gradient goes. Every number
// comes from Python; this puts them into place and lights up which belong together.

const HINTS = {
  edit: HOW_TO_EDIT,
  always: "Frame: the window.",
  winner: "Thick frame: the pixel that won.",
  lost: "Struck through: never passed on.",
  outside: "Dashed: outside the map.",
  unread: "Hatched: no window reads it.",
  dropped: "Red, dotted: a window that is dropped.",
};

const STAGE = {
  mount(root, tools) {
    root.classList.add("pool");
    const part = (name, parent = root, tag = "div") => element(tag, `pool-${name}`, "", parent);
    const maps = part("maps");
    const view = (root.view = { tools, at: 0 });
    for (const name of ["input", "output"]) view[name] = part(name, maps);
    view.line = part("line");
    view.line.setAttribute("role", "group");
    view.line.setAttribute("aria-label", "The arithmetic of this output");
    view.note = part("note", root, "p");
    view.walk = part("walk");
    view.hint = part("hint", root, "p");
    const below = part("below");
    view.slope = part("side", below);
    const side = part("side", below);
    element("h2", "", "The same window, other ways", side);
    view.bars = part("bars", side);
    view.weights = part("weights", side);
    element("h2", "", "What this setting does", side);
    view.facts = part("facts", side, "ul");
    view.sizes = part("sizes");
    view.code = part("code");
    view.table = part("table");
    buildScope(view);
  },
  draw(root, picture, tools) {
    const view = root.view;
    view.picture = picture;
    const n = picture.output.length * picture.output[0].length;
    view.at = Math.min(view.at, n - 1);
    drawMaps(view, tools);
    view.walking = player(view.walk, {
      n, at: view.at, label: "Walk the window over the map", playing: true, loop: true, every: 1100,
      onStep: (i) => { view.at = i; showCell(view); },
    });
    drawWeights(view);
    drawFacts(view);
    drawCode(view);
    drawNumbers(view);
    showCell(view);
  },
};

const wide = ({ picture }) => picture.output[0].length;
const cellOf = (view) => [Math.floor(view.at / wide(view)), view.at % wide(view)];

// The map with its padding around it; those cells show a text and cannot be typed into. Where only a dropped window would
// reach, there is not even padding.
function framedMap({ map, frame, outside }) {
  const [ys, xs] = frame;
  const line = (axis, size) => Array.from({ length: axis.before + size + axis.after + axis.beyond }, (_, i) => i - axis.before);
  const textAt = (y, x) => (y < map.length + ys.after && x < map[0].length + xs.after ? outside : "");
  return line(ys, map.length).map((y) => line(xs, map[0].length).map((x) => map[y]?.[x] ?? textAt(y, x)));
}

const origin = ({ picture }) => [picture.frame[0].before, picture.frame[1].before];

function drawMaps(view, tools) {
  const { picture } = view;
  const [top, left] = origin(view);
  const size = (values) => `${values.length}×${values[0].length}`;
  const framed = framedMap(picture);
  view.grid = drawMatrix(view.input, {
    values: framed, label: "Map", corner: size(picture.map), editable: Boolean(picture.map_name), step: 1, digits: 3,
    limit: picture.limit, scale: picture.is_grey ? "grey" : "diverging", least: -picture.edit_limit, most: picture.edit_limit,
    onEdit: (y, x, value, { final }) => tools.send({ edits: editsWith(view, tools, y - top, x - left, value) }, { final }),
    onPoint: (y, x) => pointAtMap(view, y === null ? null : [y - top, x - left]),
  });
  const isOutside = ([y, x]) => typeof framed[y][x] === "string";
  const places = framed.flatMap((row, y) => row.map((_, x) => [y, x]));
  view.grid.light(places.filter(isOutside), "pool-outside");
  const inFrame = (cells) => cells.map(([y, x]) => [y + top, x + left]);
  view.grid.light(inFrame(picture.unread), "pool-unread");
  view.grid.light(inFrame(picture.dropped), "pool-dropped");
  view.grid.light(inFrame(picture.lost), "pool-lost");
  view.result = drawMatrix(view.output, {
    values: picture.output, label: "Output", corner: size(picture.output), digits: 3,
    limit: picture.output_limit, scale: picture.is_grey ? "grey" : "diverging",
    onPoint: (y, x) => { if (y !== null) view.walking?.go(y * wide(view) + x); },
  });
  drawGradient(view);
  const shown = { edit: Boolean(picture.map_name), always: true, winner: picture.cells[0][0].winner, lost: picture.lost.length, outside: framed.length > picture.map.length || framed[0].length > picture.map[0].length, unread: picture.unread.length, dropped: picture.dropped.length };
  view.hint.textContent = Object.keys(HINTS).filter((name) => shown[name]).map((name) => HINTS[name]).join(" ");
}

// Python keeps what was typed; here it is only put into the list.
function editsWith(view, tools, y, x, value) {
  const name = view.picture.map_name;
  const others = tools.values.edits.filter(([map, row, column]) => map !== name || row !== y || column !== x);
  return [...others, [name, y, x, value]].slice(-100);
}

function buildScope(view) {
  view.upstream = element("div", "", undefined, view.slope);
  view.gradient = element("div", "", undefined, view.slope);
  const scope = element("div", "pool-scope", undefined, view.slope);
  view.scope = "all";
  scope.setAttribute("role", "group");
  scope.setAttribute("aria-label", "The gradient of");
  view.scopes = [["all", "of all outputs"], ["one", "of this output"]].map(([name, words]) => {
    const button = element("button", "pool-scope-button", words, scope);
    button.type = "button";
    button.onclick = () => { view.scope = name; drawGradient(view); showCell(view); };
    return [name, button];
  });
}

function drawGradient(view) {
  const { picture, scope } = view;
  const [y, x] = cellOf(view);
  let values = picture.gradient;
  if (scope === "one") {
    values = picture.gradient.map((row) => row.map(() => 0));
    for (const [i, j, share] of picture.cells[y][x].gradient) values[i][j] = share;
  }
  drawUpstream(view);
  view.slopes = drawMatrix(view.gradient, { values, label: "Where the gradient goes", digits: 2, limit: picture.gradient_limit });
  for (const [name, button] of view.scopes) button.setAttribute("aria-pressed", String(name === scope));
}

// What arrives at the output: 1 everywhere until somebody types. A layer of one's own network has no such cells.
function drawUpstream(view) {
  const { picture, tools } = view;
  view.upstream.hidden = !picture.upstream;
  if (!picture.upstream) return;
  view.arriving = drawMatrix(view.upstream, {
    values: picture.upstream, label: "Gradient that arrives at the output", editable: true, step: 1, digits: 2,
    limit: Math.max(1, ...picture.upstream.flat().map(Math.abs)), least: -picture.edit_limit, most: picture.edit_limit,
    onEdit: (y, x, value, { final }) => {
      const others = tools.values.upstream_edits.filter(([row, column]) => row !== y || column !== x);
      tools.send({ upstream_edits: [...others, [y, x, value]].slice(-100) }, { final });
    },
    onPoint: (y, x) => { if (y !== null) view.walking?.go(y * wide(view) + x); },
  });
}

// --- one output cell --------------------------------------------------------------------------------------------------

function showCell(view) {
  const { picture } = view;
  const [y, x] = cellOf(view);
  const cell = picture.cells[y][x];
  const [top, left] = origin(view);
  const window = picture.rows[y].flatMap((i) => picture.cols[x].map((j) => [i + top, j + left]));
  view.grid.light(window, "lit");
  view.grid.light(cell.winner ? [[cell.winner[0] + top, cell.winner[1] + left]] : [], "lit-strong");
  view.grid.light([], "pool-pointed");
  view.result.light([], "lit");
  view.result.light([[y, x]], "lit-strong");
  if (view.scope === "one") drawGradient(view);
  view.slopes.light(cell.gradient, "lit");
  if (picture.upstream) view.arriving.light([[y, x]], "lit");
  showLine(view, cell);
  view.note.textContent = cell.note ?? "";
  showOthers(view, y, x);
}

// The pieces of a line: a pixel is written as the number that stands in the map.
function showLine(view, cell) {
  const { map, kind } = view.picture;
  view.line.replaceChildren();
  element("span", "pool-kind", kind, view.line);
  const won = String(cell.winner);
  const text = element("span", "pool-sum", undefined, view.line);
  cell.line.forEach((piece, i) => {
    const isResult = i === cell.line.length - 1;
    if (Array.isArray(piece)) element("b", String(piece) === won ? "pool-won" : "", numberText(map[piece[0]][piece[1]], 4), text);
    else if (typeof piece === "number") element(isResult ? "strong" : "span", "", numberText(piece, 4), text);
    else element(isResult ? "strong" : "span", "", piece, text);
  });
}

function showOthers(view, y, x) {
  drawBars(view.bars, {
    label: "The same window, other ways",
    rows: view.picture.others.map((other) => {
      const value = other.values[y][x];
      return { label: other.name, value: typeof value === "number" ? value : NaN, text: typeof value === "string" ? value : undefined, mark: other.mark };
    }),
  });
}

// From the map backwards: which windows read this number, and which of them took it.
function pointAtMap(view, place) {
  if (!place) { showCell(view); return; }
  view.walking?.pause();
  const { picture } = view;
  const [top, left] = origin(view);
  const [y, x] = place;
  const readers = [];
  picture.rows.forEach((rows, i) => picture.cols.forEach((cols, j) => {
    if (rows.includes(y) && cols.includes(x)) readers.push([i, j]);
  }));
  const takers = readers.filter(([i, j]) => String(picture.cells[i][j].winner) === String(place));
  view.grid.light([], "lit");
  view.grid.light([], "lit-strong");
  view.grid.light([[y + top, x + left]], "pool-pointed");
  view.result.light(readers, "lit");
  view.result.light(takers, "lit-strong");
  view.slopes.light([[y, x]], "lit");
  tellPixel(view, place, readers.length, takers.length);
}

const times = (n) => (n === 1 ? "1 window" : `${n} windows`);

function tellPixel(view, [y, x], nReaders, nTakers) {
  const { picture } = view;
  const value = picture.map[y]?.[x];
  const isPadding = value === undefined;
  const isBeyond = isPadding && (y >= picture.map.length + picture.frame[0].after || x >= picture.map[0].length + picture.frame[1].after);
  const name = isBeyond ? "Behind the padding:" : isPadding ? `Outside, counts as ${picture.outside}:` : `Row ${y + 1}, column ${x + 1} is ${numberText(value)}:`;
  const won = picture.cells[0][0].winner && !isPadding ? ` It wins in ${nTakers || "none"}.` : "";
  view.line.replaceChildren();
  element("span", "pool-kind", name, view.line);
  element("span", "pool-sum", nReaders ? `read by ${times(nReaders)}.${won}` : "no window reads it.", view.line);
  view.note.textContent = "";
}

// --- below ------------------------------------------------------------------------------------------------------------

function drawWeights(view) {
  const { weight } = view.picture;
  view.weights.hidden = !weight;
  if (weight) drawMatrix(view.weights, { values: weight, label: "Weights of the convolution", digits: 2 });
}

// What did not change is left alone: most drags change few words.
function isNews(view, name, content) {
  const text = JSON.stringify(content);
  const before = view[`${name}Text`];
  view[`${name}Text`] = text;
  return text !== before;
}

function drawFacts(view) {
  const { facts, sizes } = view.picture;
  if (!isNews(view, "facts", [facts, sizes])) return;
  view.facts.replaceChildren(...facts.map((text) => element("li", "", text)));
  view.sizes.replaceChildren();
  for (const size of sizes) {
    const row = element("div", "pool-row", undefined, view.sizes);
    element("span", "pool-kind", size.name, row);
    element("span", "pool-sum", size.text, row);
  }
}

function drawCode(view) {
  if (!isNews(view, "code", view.picture.code)) return;
  view.code.replaceChildren();
  for (const [name, text] of Object.entries(view.picture.code)) {
    const row = element("div", "pool-row", undefined, view.code);
    element("span", "pool-kind", name, row);
    element("code", "", text, row);
  }
}

function drawNumbers(view) {
  const { picture } = view;
  const words = (piece) => (Array.isArray(piece) ? numberText(picture.map[piece[0]][piece[1]]) : typeof piece === "number" ? numberText(piece) : piece);
  drawTable(view.table, {
    caption: `${picture.kind} pooling: every output`,
    head: ["Row", "Column", "Arithmetic", "Note"],
    rows: picture.cells.flatMap((row, y) => row.map((cell, x) => [y + 1, x + 1, cell.line.map(words).join(""), cell.note ?? ""])),
  });
}
