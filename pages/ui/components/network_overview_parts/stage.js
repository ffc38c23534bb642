// The overview itself: heads, columns of maps, class bars and scales, rebuilt when the layout changes, repainted when values do.

function buildStage(stage) {
  const { data, els } = stage;
  const family = getComputedStyle(els.sheet).fontFamily;
  stage.layout = layoutOf(data, stage.folded, els.scroller.clientWidth || 900, roomFor(els.scroller), family);
  const { layout } = stage;
  els.sheet.style.width = `${layout.width}px`;
  els.sheet.style.height = `${layout.tall}px`;
  drawThreads(els.threads, layout, data);
  els.hover.replaceChildren();
  els.columns.replaceChildren(pictureOf(stage), ...layout.nodes.map((node) => columnOf(stage, node)), ...bracketsOf(stage));
  if (layout.hasClasses) els.columns.append(classesOf(stage));
  buildScales(stage);
  paintStage(stage);
  drawMinimap(stage);
  restoreFocus(stage);
}

function pictureOf(stage) {
  const box = pictureBox(stage.layout);
  const figure = element("figure", "picture");
  const image = element("img");
  image.src = stage.data.picture;
  image.alt = "The picture as the network sees it";
  Object.assign(image.style, { width: `${box.w}px`, height: `${box.h}px` });
  figure.append(image, element("figcaption", "", "as the network sees it"));
  Object.assign(figure.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.w}px` });
  return figure;
}

function columnOf(stage, node) {
  const { column } = node;
  const group = element("div", `column ${column.form}`);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", `${column.id}, ${column.kind}, ${times(column.shape)}`);
  group.append(headOf(stage, node));
  const canvas = element("canvas", "maps");
  canvas.setAttribute("aria-hidden", "true");
  Object.assign(canvas.style, { left: `${node.x - 4}px`, top: `${node.y}px` });
  group.append(canvas);
  node.canvas = canvas;
  node.buttons = [];
  if (column.form === "strip") node.buttons.push(stripButton(stage, node));
  else for (let row = 0; row < node.n; row += 1) node.buttons.push(tileButton(stage, node, row));
  group.append(...node.buttons);
  if (column.form === "maps" && column.shape[0] > node.n && node.lanes === 1) group.append(moreButton(stage, node));
  return group;
}

function headOf(stage, node) {
  const { column } = node;
  const many = column.form === "maps" && column.shape[0] > node.n;
  const name = `${column.id} ${times(column.shape)}: all ${column.shape[0]} maps`;
  const head = many ? button("head", "", name, () => askForAll(stage, column.id)) : element("div", "head");
  head.style.left = `${node.x + node.width / 2}px`;
  head.style.bottom = `${stage.layout.tall - (node.lane > 0 ? node.y - 3 : HEAD_PX - 4)}px`;
  head.style.setProperty("--group", `var(--group-${column.group})`);
  head.classList.toggle("lane", node.lanes > 1 && node.lane > 0);
  head.title = `${column.id} · ${column.kind} · ${times(column.shape)}${many ? " · click for all maps" : ""}`;
  head.style.maxWidth = `${node.pitchX}px`;
  head.classList.toggle("tight", node.pitchX < 48);
  head.append(breakable(column.id), " ", sizes(column.shape));
  return head;
}

// Sizes may break after the number of maps, where a column is too narrow for them.
function sizes(shape) {
  const [first, ...rest] = shape;
  const span = element("span", "", rest.length ? `${first}×` : String(first));
  if (rest.length) span.append(document.createElement("wbr"), element("span", "nobreak", times(rest)));
  return span;
}

// A name may break after an underscore.
function breakable(name) {
  const strong = element("strong");
  name.split("_").forEach((part, i, parts) => strong.append(part + (i < parts.length - 1 ? "_" : ""), document.createElement("wbr")));
  return strong;
}

// What is left of the window under the toolbar; on a low window the page scrolls rather than the maps vanish.
function roomFor(scroller) {
  return Math.max(430, globalThis.innerHeight - Math.min(Math.max(scroller.getBoundingClientRect().top, 60), 330) - 8);
}

function moreButton(stage, node) {
  const rest = node.column.shape[0] - node.n;
  const more = button("more", `+${rest}`, `+${rest}: show all ${node.column.shape[0]} maps of ${node.id}`, () => askForAll(stage, node.id));
  Object.assign(more.style, { left: `${node.x + node.width / 2}px`, top: `${node.first + node.n * node.pitch - 1}px` });
  more.title = `All ${node.column.shape[0]} maps of ${node.id}`;
  return more;
}

function tileName(node, row) {
  const { column } = node;
  const what = column.id === "input" ? channelName(column.shape[0], column.anchors[row][0]) : `map ${column.anchors[row][0]}`;
  return column.form === "units" ? `${column.id} unit ${row}` : `${column.id} ${what}`;
}

const channelsOf = (stage, id) => stage.data.columns.find((column) => column.id === id)?.shape[0];

const channelName = (n, channel) => (n === 3 ? ["red", "green", "blue"][channel] : n === 1 ? "grey" : `channel ${channel}`);

function tileButton(stage, node, row) {
  const box = tileBox(node, row);
  const [from] = node.column.anchors[row];
  const numbers = node.column.mapStats[row];
  const said = numbers ? `, from ${written(numbers[0])} to ${written(numbers[1])}` : `, ${written(valueOf(node, from))}`;
  const tile = button("tile", "", `${tileName(node, row)}${said}`, () => openMap(stage, node.id, from));
  Object.assign(tile.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.w}px`, height: `${box.h}px` });
  tile.tabIndex = -1;
  tile.dataset.layer = node.id;
  tile.dataset.channel = from;
  tile.onpointerenter = () => pointAt(stage, node, row);
  tile.onpointerleave = () => pointAway(stage);
  tile.onfocus = () => { stage.focus = { id: node.id, row }; pointAt(stage, node, row); };
  tile.onblur = () => pointAway(stage);
  return tile;
}

function stripButton(stage, node) {
  const strip = button("tile strip", "", `${node.column.id}: ${node.column.shape[0]} values, arrow keys move, Enter opens one`, () => openMap(stage, node.id, node.unit ?? 0));
  Object.assign(strip.style, { left: `${leftEdge(node)}px`, top: `${node.y}px`, width: `${node.size}px`, height: `${node.height}px` });
  strip.tabIndex = -1;
  strip.dataset.layer = node.id;
  const pointInside = (event) => {
    node.unit = Math.min(node.column.shape[0] - 1, Math.max(0, Math.floor((event.offsetY / node.height) * node.column.shape[0])));
    pointAt(stage, node, 0);
  };
  strip.onpointermove = pointInside;
  strip.onpointerdown = pointInside; // a finger comes down where it has not moved before
  strip.onpointerleave = () => pointAway(stage);
  strip.onfocus = () => { stage.focus = { id: node.id, row: 0 }; node.unit ??= 0; pointAt(stage, node, 0); };
  strip.onblur = () => pointAway(stage);
  return strip;
}

function valueOf(node, unit) {
  node.column.floats ??= node.column.values ? floatsOf(node.column.values) : null;
  return node.column.floats ? node.column.floats[unit] : null;
}

// A bracket over each block that has several layers: it folds them into the last one, and back.
function bracketsOf(stage) {
  const { data, layout } = stage;
  return data.blocks.flatMap((ids, index) => {
    const nodes = layout.nodes.filter((node) => node.column.block === index);
    if (ids.length < 2 || !nodes.length || nodes.some((node) => node.lanes > 1)) return [];
    const folded = stage.folded.has(index);
    const name = folded ? `Unfold ${ids.length} layers: ${ids.join(", ")}` : `Fold ${ids.join(", ")} into one column`;
    const bracket = button("bracket", folded ? `+${ids.length - 1}` : "", name, () => toggleBlock(stage, index));
    bracket.title = name;
    bracket.setAttribute("aria-expanded", String(!folded));
    const x1 = Math.min(...nodes.map((node) => node.x));
    const x2 = Math.max(...nodes.map((node) => node.x + node.width));
    Object.assign(bracket.style, { left: `${x1}px`, width: `${x2 - x1}px` });
    return [bracket];
  });
}

function toggleBlock(stage, index) {
  if (!stage.folded.delete(index)) stage.folded.add(index);
  const left = stage.els.scroller.scrollLeft;
  buildStage(stage);
  stage.els.scroller.scrollLeft = left;
}

function classesOf(stage) {
  const { data, layout } = stage;
  const list = element("div", "classes");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", "Classes");
  const most = Math.max(...data.classes.map((row) => row.share ?? 0));
  list.append(classHead(stage, layout));
  data.classes.forEach((row, i) => {
    const bar = button("class", "", `${row.label} ${percent(row.share)}: how softmax gets there`, () => openMap(stage, "__softmax__", row.unit));
    Object.assign(bar.style, { left: `${layout.classX}px`, top: `${classY(layout, data, i) - 15}px`, width: `${layout.classes - 4}px` });
    bar.classList.toggle("likeliest", row.share === most);
    if (stage.data.truth === row.label) {
      bar.classList.add("truth");
      bar.title = "What the picture really shows, by its data set";
      bar.setAttribute("aria-label", `${bar.getAttribute("aria-label")}; this is what the picture really shows`);
    }
    bar.append(element("span", "label", row.label), " ", element("span", "share", percent(row.share)), barOf(row.share));
    list.append(bar);
  });
  return list;
}

function classHead(stage, layout) {
  const head = element("div", "head classhead");
  head.style.left = `${layout.classX + layout.classes / 2 - 4}px`;
  head.style.bottom = `${layout.tall - HEAD_PX + 4}px`;
  head.style.setProperty("--group", "var(--group-dense)");
  head.append(element("strong", "", "softmax"), element("span", "", "share of each class"));
  return head;
}

function barOf(share) {
  const track = element("span", "track");
  const fill = element("i");
  fill.style.width = `${100 * (share ?? 0)}%`;
  track.append(fill);
  return track;
}

// --- painting ---------------------------------------------------------------------------------------------------------

function limitOf(stage, column) {
  return column.id === "input" ? column.limits.layer : column.limits[stage.scale];
}

function paintStage(stage) {
  stage.table = colourTable(stage.data.palette, stage.host);
  for (const node of stage.layout.nodes) paintColumn(stage, node);
}

function paintColumn(stage, node) {
  const { column } = node;
  const plane = stage.planes.get(column.id);
  if (!plane) return;
  const sprite = column.id === "input" && column.form === "maps"
    ? greySpriteOf(plane, column.stats, column.limits.layer)
    : spriteOf(plane, stage.table, column.limits.layer, limitOf(stage, column));
  const context = fitCanvas(node.canvas, node.width + 8, node.height);
  if (column.form === "strip") {
    drawTile(context, sprite, { x: 0, y: 0, w: 1, h: plane.h }, { x: 4 + (node.width - node.size) / 2, y: 0, w: node.size, h: node.height });
    return;
  }
  const [tileH, tileW] = column.form === "units" ? [1, 1] : column.tile;
  for (let row = 0; row < node.n; row += 1) {
    const box = tileBox(node, row);
    const scale = Math.min(box.w / tileW, box.h / tileH);
    const w = tileW * scale;
    const h = tileH * scale;
    drawTile(context, sprite, { x: 0, y: row * tileH, w: tileW, h: tileH }, { x: box.x - node.x + 4 + (box.w - w) / 2, y: box.y - node.y + (box.h - h) / 2, w, h });
  }
}

// --- scales -----------------------------------------------------------------------------------------------------------

function buildScales(stage) {
  const { layout, els } = stage;
  stage.table = colourTable(stage.data.palette, stage.host);
  const spans = new Map();
  for (const node of layout.nodes) {
    const key = node.id === "input" ? "input" : node.lanes > 1 ? node.id : { layer: node.id, block: `b${node.column.block}`, global: "all" }[stage.scale];
    const span = spans.get(key) ?? { x1: Infinity, x2: -Infinity, node };
    spans.set(key, { x1: Math.min(span.x1, node.x), x2: Math.max(span.x2, node.x + node.width), node: span.node });
  }
  els.scales.replaceChildren(...[...spans.entries()].map(([key, span]) => scaleOf(stage, key, span)));
}

// Between branches there is only room for one end of the scale.
function laneScale(stage, node) {
  const scale = element("div", "scale lane");
  Object.assign(scale.style, { left: `${node.x - 4}px`, width: `${node.width + 8}px`, top: `${node.first + node.n * node.pitch - 2}px` });
  const bar = element("div", "gradient");
  bar.style.background = gradientOf(stage.table);
  scale.append(bar, element("span", "", `±${written(limitOf(stage, node.column))}`));
  return scale;
}

function scaleOf(stage, key, { x1, x2, node }) {
  if (node.lanes > 1) return laneScale(stage, node);
  const isInput = key === "input" && node.column.form === "maps";
  const limit = limitOf(stage, node.column);
  const ends = isInput ? [node.column.stats.min, node.column.stats.max] : [-limit, limit];
  const scale = element("div", "scale");
  const width = key === "all" ? Math.min(x2 - x1, 320) : x2 - x1;
  Object.assign(scale.style, { left: `${x1}px`, width: `${width}px`, top: `${stage.layout.top + stage.layout.height + 19}px` });
  const bar = element("div", "gradient");
  bar.style.background = isInput ? "linear-gradient(90deg,#000,#fff)" : gradientOf(stage.table);
  const texts = width < 84 && !isInput ? ["±" + written(limit)] : isInput ? ends.map((value) => onScale(value, 10)) : [written(ends[0]), "0", written(ends[1])];
  const numbers = element("div", "ends");
  numbers.append(...texts.map((text) => element("span", "", text)));
  scale.append(bar, numbers);
  scale.setAttribute("role", "img");
  scale.setAttribute("aria-label", `Colours from ${written(ends[0])} to ${written(ends[1])}`);
  return scale;
}
