// Where everything goes: columns from left to right by how far a layer is from the picture, branches below each other.

const IS_TOUCHED = matchMedia("(pointer: coarse)").matches; // a finger needs 32 px, as in overview.css
const HEAD_PX = IS_TOUCHED ? 84 : 60; // brackets and the heads below them
const HEAD_GAP_PX = 5; // at least, between two heads
const MOST_HEAD_PX = 110;
const NAME_FONT = "620 11px"; // as in overview.css
const SIZE_FONT = "10px";
const ROOMY_GAP_PX = 52; // between blocks: from here on no head has to break
const ARC_PX = 30;
const FOOT_PX = 48;

// Folded blocks show their last layer alone; what it reads is what the block reads from outside.
function visibleNodes(columns, blocks, folded) {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const shownAs = new Map();
  blocks.forEach((ids, index) => {
    const last = ids[ids.length - 1];
    ids.forEach((id) => shownAs.set(id, folded.has(index) ? last : id));
  });
  const nodes = [];
  for (const column of columns) {
    if (shownAs.get(column.id) !== column.id) continue;
    const members = folded.has(column.block) ? blocks[column.block] : [column.id];
    const links = [];
    for (const id of members) {
      for (const link of byId.get(id).links) {
        const source = shownAs.get(link.source);
        if (source !== column.id) links.push({ source, lines: betweenShown(link.lines, byId, { from: link.source, source, to: id, target: column.id }) });
      }
    }
    nodes.push({ id: column.id, column, links, hidden: members.length - 1 });
  }
  return nodes;
}

// A folded block is drawn by its last layer: lines end where that layer has the same map, by its place in the order.
function betweenShown(lines, byId, { from, source, to, target }) {
  const move = (place, own, shown) => {
    if (own === shown) return place;
    const index = byId.get(own).anchors.findIndex((anchor) => anchor[2] === place);
    return byId.get(shown).anchors[index]?.[2];
  };
  return lines
    .map(([start, end, weight]) => [move(start, from, source), move(end, to, target), weight])
    .filter(([start, end]) => start !== undefined && end !== undefined);
}

function depthsOf(nodes) {
  const depth = new Map();
  for (const node of nodes) {
    node.depth = node.links.length ? 1 + Math.max(...node.links.map((link) => depth.get(link.source) ?? 0)) : 0;
    depth.set(node.id, node.depth);
  }
}

// Layers at the same distance share a column; a branch keeps its lane from column to column where it can.
function lanesOf(nodes) {
  const byDepth = [];
  for (const node of nodes) (byDepth[node.depth] ??= []).push(node);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let start = 0;
  while (start < byDepth.length) {
    let end = start;
    while (end < byDepth.length && byDepth[end].length > 1) end += 1;
    const lanes = Math.max(1, ...byDepth.slice(start, end).map((column) => column.length));
    for (const column of byDepth.slice(start, Math.max(end, start + 1))) placeInLanes(column, lanes, byId);
    start = Math.max(end, start + 1);
  }
  return byDepth;
}

function placeInLanes(column, lanes, byId) {
  const free = new Set(Array.from({ length: lanes }, (_, lane) => lane));
  const wished = (node) => Math.min(...node.links.map((link) => (byId.get(link.source).lanes === lanes ? byId.get(link.source).lane : 99)), 99);
  for (const node of [...column].sort((a, b) => wished(a) - wished(b))) {
    const lane = free.has(wished(node)) ? wished(node) : Math.min(...free);
    free.delete(lane);
    node.lane = lane;
    node.lanes = lanes;
  }
}

// Squares of single values and strips of many need less room than maps.
const widthOf = (node, tile) => ({ maps: tile, units: Math.max(IS_TOUCHED ? 32 : 24, Math.round(0.66 * tile)), strip: IS_TOUCHED ? 32 : 22 })[node.column.form];

// Between the layers of a block: close together, but never so close that their heads would touch.
function narrowGaps(byDepth, opens, tile, narrow, head) {
  const widths = byDepth.map((column) => Math.max(...column.map((node) => widthOf(node, tile))));
  return byDepth.map((column, i) => {
    if (i === 0 || opens[i]) return 0;
    const heads = (widestHead(byDepth[i - 1], head) + widestHead(column, head)) / 2 + HEAD_GAP_PX;
    return Math.max(narrow, Math.ceil(heads - (widths[i - 1] + widths[i]) / 2));
  });
}

const widestHead = (column, head) => Math.max(...column.map((node) => node[head]));

const PEN = document.createElement("canvas").getContext("2d");

// What a head takes on one line each for name and size, and what it takes at least, on two.
function measureHeads(nodes, family) {
  const wide = (font, ...parts) => {
    PEN.font = `${font} ${family}`;
    return Math.ceil(Math.max(...parts.map((part) => PEN.measureText(part).width)));
  };
  for (const node of nodes) {
    const { id, shape } = node.column;
    const names = id.split("_").map((_, i, parts) => [parts.slice(0, i).join("_"), parts.slice(i).join("_")]);
    const name = Math.min(...names.map(([first, second]) => wide(NAME_FONT, first && `${first}_`, second))) + 2;
    node.wholeX = Math.min(MOST_HEAD_PX, Math.max(wide(NAME_FONT, id) + 2, wide(SIZE_FONT, times(shape))));
    node.leastX = Math.min(MOST_HEAD_PX, Math.max(name, wide(SIZE_FONT, times(shape.slice(1)) || String(shape[0]))));
  }
}

const LEAST_PX = IS_TOUCHED ? 34 : 30;

// The largest maps with which the network fits the page; if none fits, a size to scroll through.
function chooseSizes(byDepth, width, room, nRows, hasClasses) {
  const opens = byDepth.map((column, i) => i > 0 && column.some((node) => !byDepth[i - 1].some((left) => left.column.block === node.column.block)));
  const nWide = opens.filter(Boolean).length + (hasClasses ? 1 : 0) + 1;
  const tallest = Math.round(Math.max(LEAST_PX, Math.min(58, (room - HEAD_PX - FOOT_PX) / nRows - 7)));
  const sizesWith = (tile, head) => {
    const classes = hasClasses ? (tile >= 38 ? 150 : 116) : 10;
    const narrow = narrowGaps(byDepth, opens, tile, tile >= 38 ? 12 : 8, head);
    const between = narrow.reduce((sum, one) => sum + one, 0);
    const columns = byDepth.reduce((sum, column) => sum + Math.max(...column.map((node) => widthOf(node, tile))), 0);
    const gap = (width - columns - between - 1.5 * tile - classes - 16) / nWide;
    return { tile, narrow, classes, opens, head, gap: Math.min(gap, 110) };
  };
  const sizes = (tile) => {
    const whole = sizesWith(tile, "wholeX");
    return whole.gap >= ROOMY_GAP_PX ? whole : sizesWith(tile, "leastX");
  };
  for (let tile = tallest; tile > LEAST_PX; tile -= 1) {
    const tried = sizes(tile);
    if (tried.gap >= (tile > 42 ? 44 : 25)) return tried;
  }
  return { ...sizes(Math.min(tallest, 44)), gap: 46 };
}

function layoutOf(data, folded, width, room, family) {
  const nodes = visibleNodes(data.columns, data.blocks, folded);
  measureHeads(nodes, family);
  depthsOf(nodes);
  const byDepth = lanesOf(nodes);
  const hasClasses = data.classes.length > 0;
  const rowsOf = (node) => (node.column.form === "maps" ? node.column.anchors.length : 0);
  const nRows = Math.max(6, ...nodes.map(rowsOf), hasClasses ? Math.min(12, data.classes.length) : 0);
  const { tile, narrow, classes, gap, opens, head } = chooseSizes(byDepth, width, room, nRows, hasClasses);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const skips = nodes.some((node) => node.links.some((link) => node.depth - byId.get(link.source).depth > 1));
  const top = HEAD_PX + (skips ? ARC_PX : 0);
  const height = nRows * (tile + 7);
  const pictureX = 6;
  let x = pictureX + 1.5 * tile + gap;
  byDepth.forEach((column, i) => {
    if (i > 0) x += opens[i] ? gap : narrow[i];
    for (const node of column) placeNode(node, x, top, height, tile);
    x += Math.max(...column.map((node) => node.width));
  });
  giveHeadsRoom(byDepth, head);
  const classX = x + gap;
  const wide = hasClasses ? classX + classes : x + 20;
  return { nodes, byId, tile, gap, top, height, skips, pictureX, classX, classes, hasClasses, width: wide, tall: top + height + FOOT_PX };
}

// A head may be as wide as the way to the middle of the nearest neighbour, less what that one needs for itself.
function giveHeadsRoom(byDepth, head) {
  const middles = byDepth.map(([node]) => node.x + node.width / 2);
  const half = (i, j) => {
    if (!byDepth[j]) return MOST_HEAD_PX / 2;
    const way = Math.abs(middles[i] - middles[j]) - HEAD_GAP_PX;
    return way - Math.max(widestHead(byDepth[j], head) / 2, way / 2);
  };
  byDepth.forEach((column, i) => {
    const room = 2 * Math.min(MOST_HEAD_PX / 2, half(i, i - 1), half(i, i + 1));
    for (const node of column) node.pitchX = Math.max(node[head], room);
  });
}

function placeNode(node, x, top, height, tile) {
  const { column } = node;
  const share = height / node.lanes;
  node.x = x;
  const head = node.lane > 0 ? 32 : 0;
  node.y = top + node.lane * share + head;
  node.height = share - head - (node.lanes > 1 ? 16 : 0);
  node.width = widthOf(node, tile);
  if (column.form === "strip") {
    node.size = 16;
    node.n = column.anchors.length;
    return;
  }
  const fits = Math.max(1, Math.floor((node.height + 6) / (Math.min(tile, 34) + 4)));
  node.n = column.form === "units" ? column.anchors.length : Math.min(column.anchors.length, fits);
  const pitch = Math.min(node.height / node.n, 2 * tile);
  node.size = column.form === "units" ? Math.min(node.width, pitch - 3) : Math.min(tile, pitch - 4);
  node.pitch = pitch;
  node.first = node.y + (node.height - pitch * node.n) / 2;
}

// The height at which lines of a place end; undefined where the place is not drawn.
function placeY(node, place) {
  if (node.column.form === "strip") return node.y + place * node.height;
  return place < node.n ? node.first + (place + 0.5) * node.pitch : undefined;
}

const tileBox = (node, row) => ({
  x: node.x + (node.width - node.size) / 2,
  y: node.first + row * node.pitch + (node.pitch - node.size) / 2,
  w: node.size,
  h: node.size,
});

const rightEdge = (node) => node.x + (node.width + node.size) / 2;
const leftEdge = (node) => node.x + (node.width - node.size) / 2;
