// Pointer and keyboard on the overview: lines and numbers of the map under the pointer, arrow keys from map to map.

function pointAt(stage, node, row) {
  clearTimeout(stage.leaving);
  const place = node.column.form === "strip" ? stripPlace(node) : node.column.anchors[row][2];
  const made = drawHover(stage.els.hover, stage.layout, node, place);
  stage.els.sheet.classList.add("pointing");
  const lines = node.column.form === "strip" ? unitLines(node, node.unit ?? 0) : tileLines(node, row);
  if (made > 1 && node.links.some((link) => link.lines.some((line) => line[2] !== null))) lines.push("Line: the kernel's weights added up. Blue adds, dashed orange subtracts.");
  showTip(stage, lines, node, row);
}

function stripPlace(node) {
  const unit = node.unit ?? 0;
  const anchor = node.column.anchors.find(([from, to]) => unit >= from && unit < to);
  return anchor ? anchor[2] : -1;
}

function tileLines(node, row) {
  const { column } = node;
  const numbers = column.mapStats[row];
  const name = `${column.id} · ${column.id === "input" ? channelName(column.shape[0], column.anchors[row][0]) : `${column.form === "units" ? "unit" : "map"} ${column.anchors[row][0]} of ${column.shape[0]}`}`;
  const lines = [name];
  if (numbers) lines.push(`${written(numbers[0])} to ${written(numbers[1])}, mean ${written(numbers[2])}`);
  else lines.push(written(valueOf(node, column.anchors[row][0])));
  if (column.reduced) lines.push(`drawn at ${times(column.tile)}: each pixel is a mean`);
  return lines;
}

function unitLines(node, unit) {
  return [`${node.id} · unit ${unit} of ${node.column.shape[0]}`, written(valueOf(node, unit))];
}

function pointAway(stage) {
  clearTimeout(stage.leaving);
  stage.leaving = setTimeout(() => {
    stage.els.hover.replaceChildren();
    stage.els.sheet.classList.remove("pointing");
    stage.els.tip.hidden = true;
  }, 60);
}

function showTip(stage, lines, node, row) {
  const { tip, scroller, host } = stage.els;
  tip.replaceChildren(...lines.map((line, i) => element(i ? "span" : "strong", "", line)));
  tip.hidden = false;
  const y = node.column.form === "strip" ? placeY(node, ((node.unit ?? 0) + 0.5) / node.column.shape[0]) : placeY(node, row);
  const left = scroller.offsetLeft + node.x + node.width - scroller.scrollLeft + 12;
  const room = host.clientWidth - tip.offsetWidth - 4;
  tip.style.left = `${Math.max(2, left <= room ? left : left - node.width - 24 - tip.offsetWidth)}px`;
  tip.style.top = `${Math.max(0, scroller.offsetTop + y - scroller.scrollTop - tip.offsetHeight / 2)}px`;
}

function onStageKey(stage, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-999, 0], End: [999, 0] };
  const move = moves[event.key];
  if (!move || !event.target.classList.contains("tile")) return;
  event.preventDefault();
  const { nodes } = stage.layout;
  const at = Math.max(0, nodes.findIndex((node) => node.id === stage.focus.id));
  const node = nodes[at];
  if (move[1] && node.column.form === "strip") {
    node.unit = Math.max(0, Math.min(node.column.shape[0] - 1, (node.unit ?? 0) + move[1]));
    pointAt(stage, node, 0);
    return;
  }
  const next = nodes[Math.max(0, Math.min(nodes.length - 1, at + move[0]))];
  const row = Math.max(0, Math.min(next.buttons.length - 1, stage.focus.row + move[1]));
  focusTile(stage, next, row);
}

function focusTile(stage, node, row) {
  stage.focus = { id: node.id, row };
  for (const other of stage.layout.nodes) for (const tile of other.buttons) tile.tabIndex = -1;
  const tile = node.buttons[Math.min(row, node.buttons.length - 1)];
  tile.tabIndex = 0;
  tile.focus({ preventScroll: false });
}

// Exactly one tile takes part in the Tab order: where the reader was, or the first map of the first layer.
function restoreFocus(stage) {
  const { nodes } = stage.layout;
  const node = nodes.find((other) => other.id === stage.focus.id) ?? nodes[Math.min(1, nodes.length - 1)];
  const row = Math.min(stage.focus.row, node.buttons.length - 1);
  stage.focus = { id: node.id, row };
  node.buttons[row].tabIndex = 0;
}

// --- the small map of a network that is wider than the page -----------------------------------------------------------

function drawMinimap(stage) {
  const { minimap, scroller } = stage.els;
  const { layout } = stage;
  const wide = layout.width > scroller.clientWidth + 4;
  minimap.hidden = !wide;
  stage.els.host.classList.toggle("wide", wide);
  if (!wide) return;
  const width = scroller.clientWidth;
  const context = fitCanvas(minimap, width, 34);
  const colours = {};
  const ratio = width / layout.width;
  for (const node of layout.nodes) {
    context.fillStyle = (colours[node.column.group] ??= colourOf(stage, `var(--group-${node.column.group}, #888)`));
    const share = 26 / node.lanes;
    context.globalAlpha = 0.75;
    context.fillRect(node.x * ratio, 4 + node.lane * share, Math.max(1.5, node.width * ratio), share - 1);
  }
  context.globalAlpha = 1;
  context.strokeStyle = colourOf(stage, "var(--st-primary-color)");
  context.lineWidth = 2;
  context.strokeRect(scroller.scrollLeft * ratio + 1, 1, scroller.clientWidth * ratio - 2, 32);
}

// A colour as a canvas takes it, whatever variables and themes it is made of.
function colourOf(stage, css) {
  stage.probe.style.color = css;
  return getComputedStyle(stage.probe).color;
}

function bindMinimap(stage) {
  const { minimap, scroller } = stage.els;
  const go = (event) => {
    scroller.scrollLeft = (event.offsetX / minimap.clientWidth) * stage.layout.width - scroller.clientWidth / 2;
  };
  minimap.onpointerdown = (event) => { minimap.setPointerCapture(event.pointerId); go(event); };
  minimap.onpointermove = (event) => event.buttons && go(event);
  scroller.onscroll = () => drawMinimap(stage);
}
