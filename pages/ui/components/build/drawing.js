// The architecture drawing: paints the boxes that Python placed, and says which one was chosen. What moves is moved in
// place: a drag paints the network anew many times a second.

const FACES = ["top", "side", "front"];
const TIP_LINES = [
  ["Settings", "settings"], ["Reads", "inputs"], ["Output", "output"], ["Parameters", "n_params"],
  ["MACs", "n_macs"], ["Memory", "memory"], ["Receptive field", "receptive_field"],
];
const GROUP_OF = Object.fromEntries(CATALOGUE.flatMap(({ group, kinds }) => kinds.map(({ kind }) => [kind, group.toLowerCase()])));
const kindGroup = (row) => GROUP_OF[row.kind] ?? "input";

// `on` has choose(id) and expect(ids).
function mountDrawing(parent, on) {
  const place = element("div", "drawing", undefined, parent);
  const view = { place, on, chosen: "", blocks: [], wires: [] };
  view.scroller = element("div", "scroller", undefined, place);
  view.svg = make("svg", { role: "listbox", tabindex: 0, "aria-orientation": "horizontal" }, view.scroller);
  view.legend = element("div", "legend", undefined, place);
  view.tip = element("div", "tip", undefined, place);
  view.tip.setAttribute("role", "status");
  view.tip.hidden = true;
  watchFrame(view);
  view.svg.onkeydown = (event) => walkDrawing(view, event);
  view.svg.onblur = () => hideTip(view);
  return view;
}

function walkDrawing(view, event) {
  const at = view.rows.findIndex((row) => row.id === view.chosen);
  const last = view.rows.length - 1;
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const place = Math.min(last, Math.max(0, next));
  view.on.choose(view.rows[place].id);
  showTip(view, place);
}

function drawDrawing(view, { label, network }, chosen) {
  view.rows = network.rows;
  setAttributes(view.svg, { "aria-label": label });
  const isNew = view.network !== network;
  view.network = network;
  if (isNew) paintNetwork(view);
  markBlock(view, chosen);
}

function paintNetwork(view) {
  const { rows, blocks, wires, size } = view.network;
  const key = JSON.stringify([rows.map((row) => [row.id, row.kind]), wires.map(([source, target]) => [source, target])]);
  if (view.key !== key) buildNetwork(view, rows, wires);
  view.key = key;
  const shifts = fitIntoFrame(view);
  const shiftOf = new Map(rows.map(({ id }, at) => [id, shifts[at]]));
  wires.forEach(([source, target, path, isArc], at) => {
    setAttributes(view.wires[at], { d: shiftedPath(path, shiftOf.get(source), shiftOf.get(target)), class: `wire${isArc ? " arc" : ""}` });
  });
  rows.forEach((row, at) => paintLayer(view.blocks[at], row, shiftedBlock(blocks[at], shifts[at]), size[2]));
  if (!view.tip.hidden) fillTip(view.tip, rows[view.tipAt]);
}

// The elements of another network, still without their places.
function buildNetwork(view, rows, wires) {
  view.svg.replaceChildren();
  hideTip(view);
  view.wires = wires.map(([source, target]) => Object.assign(make("path", {}, view.svg), { ends: [source, target] }));
  view.blocks = rows.map((row, at) => {
    const group = make("g", { class: "block", style: `--c: var(--group-${kindGroup(row)})`, role: "option", id: `block-${at}` }, view.svg);
    const faces = Object.fromEntries(FACES.map((face) => [face, make("polygon", { class: face }, group)]));
    group.onpointerenter = () => {
      showTip(view, at);
      view.on.expect([row.id]);
    };
    group.onpointerleave = () => hideTip(view);
    group.onclick = () => view.on.choose(row.id);
    return { group, faces };
  });
  for (const [at, row] of rows.entries()) {
    const label = make("g", { class: "label", "aria-hidden": "true" }, view.svg);
    const name = make("text", { class: "name" }, label);
    name.textContent = row.id;
    Object.assign(view.blocks[at], { label, name, shape: make("text", { class: "shape" }, label) });
  }
  fillLegend(view.legend, rows);
  view.chosen = "";
}

function paintLayer(block, row, [left, top, right, bottom, back, up, labelX], labelY) {
  const corners = {
    front: [[left, top], [right, top], [right, bottom], [left, bottom]],
    top: [[left, top], [left + back, top - up], [right + back, top - up], [right, top]],
    side: [[right, top], [right + back, top - up], [right + back, bottom - up], [right, bottom]],
  };
  for (const face of FACES) setAttributes(block.faces[face], { points: corners[face].map((corner) => corner.join(",")).join(" ") });
  setAttributes(block.group, { "aria-label": tipLines(row).map((line) => line.join(" ")).join(", ") });
  block.group.classList.toggle("broken", Boolean(row.error));
  showSign(block, Boolean(row.error), left + 4, top - 9);
  const x = Math.abs(labelX);
  block.label.classList.toggle("extra", labelX < 0);
  block.labelX = x;
  setAttributes(block.name, { x, y: labelY });
  setAttributes(block.shape, { x, y: labelY + 14 });
  if (block.shape.textContent !== row.output) block.shape.textContent = row.output;
}

function showSign(block, isBroken, x, y) {
  if (!isBroken) {
    block.sign?.remove();
    block.sign = null;
    return;
  }
  if (!block.sign) {
    block.sign = make("g", { class: "sign" }, block.group);
    make("circle", { r: 7.5 }, block.sign);
    make("text", { "text-anchor": "middle", y: 4 }, block.sign).textContent = "!";
  }
  setAttributes(block.sign, { transform: `translate(${x},${y})` });
}

// --- the choice -----------------------------------------------------------------------------------------------------

function markBlock(view, chosen) {
  const isNew = view.chosen !== chosen;
  const place = view.rows.findIndex((row) => row.id === chosen);
  view.chosen = chosen;
  view.blocks.forEach(({ group, label }, at) => {
    group.classList.toggle("chosen", at === place);
    setAttributes(group, { "aria-selected": at === place });
    label.classList.toggle("chosen", at === place);
  });
  for (const wire of view.wires) wire.classList.toggle("touched", wire.ends.includes(chosen));
  hideCoveredLabels(view.blocks, view.blocks[place]);
  setAttributes(view.svg, { "aria-activedescendant": place < 0 ? "" : `block-${place}` });
  if (isNew) bringIntoView(view, view.blocks[place]);
}

// Neighbours' labels step aside for the chosen one's where it found no room of its own.
function hideCoveredLabels(blocks, chosen) {
  const box = chosen?.label.classList.contains("extra") ? chosen.label.getBBox() : null;
  // All are measured before any is changed, or the browser would lay out the drawing once a label.
  const covered = blocks.map(({ label }) => {
    if (!box || label === chosen.label || label.classList.contains("extra")) return false;
    const other = label.getBBox();
    return other.x < box.x + box.width + 4 && box.x < other.x + other.width + 4;
  });
  blocks.forEach(({ label }, at) => {
    const visibility = covered[at] ? "hidden" : "";
    if (label.style.visibility !== visibility) label.style.visibility = visibility;
  });
}

function bringIntoView({ scroller }, block) {
  if (!block || scroller.scrollWidth <= scroller.clientWidth) return;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroller.scrollTo({ left: block.labelX - scroller.clientWidth / 2, behavior: isCalm ? "auto" : "smooth" });
}

// --- words ----------------------------------------------------------------------------------------------------------

// What the colours and the sizes mean, with the groups that this network has.
function fillLegend(place, rows) {
  place.replaceChildren();
  for (const group of new Set(rows.map(kindGroup))) {
    element("span", "entry", group, place).style.setProperty("--c", `var(--group-${group})`);
  }
  element("span", "", "height and depth: picture size; width: channels (on a compressed scale)", place);
}

function tipLines(row) {
  const title = row.id === "input" ? ["input", "the picture"] : [row.id, row.kind];
  const lines = TIP_LINES.filter(([, name]) => row[name] && (row.id !== "input" || name === "output"));
  return [title, ...lines.map(([label, name]) => [label, tipWords(row, name)])];
}

function tipWords(row, name) {
  if (name === "inputs") return row.inputs.replace("reads ", "");
  return name === "receptive_field" && row.beyond ? `${row[name]} ${row.beyond}` : row[name];
}

function fillTip(tip, row) {
  const [title, ...lines] = tipLines(row);
  tip.replaceChildren();
  element("strong", "", title.join(" "), tip);
  const list = element("dl", "", undefined, tip);
  for (const [name, value] of lines) {
    element("dt", "", name, list);
    element("dd", "", value, list);
  }
  if (row.error) element("p", "error", row.error, tip);
}

function showTip(view, at) {
  const { tip, place } = view;
  view.tipAt = at;
  fillTip(tip, view.rows[at]);
  tip.hidden = false;
  const frame = place.getBoundingClientRect();
  const box = view.blocks[at].group.getBoundingClientRect();
  const left = Math.min(Math.max(4, box.left - frame.left - 20), Math.max(4, frame.width - tip.offsetWidth - 4));
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(0, box.bottom - frame.top + 8)}px`;
}

function hideTip({ tip }) {
  tip.hidden = true;
}
