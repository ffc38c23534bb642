// The network from left to right: inputs, layers, output. Every neuron is a picture and a button, every weight a line, every
// bias a dot. Built anew when the layers change, else only repainted.

const CELL_PX = 40;
const TIGHT_CELL_PX = 34;
const ROW_PX = 48;
const MIN_PITCH_PX = 57;
// Below this the three buttons over a column need two rows.
const WIDE_PITCH_PX = 84;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function mountNet(view) {
  const net = (view.net = { key: "", nodes: [], wires: [], at: [1, 0] });
  net.frame = element("div", "n-net", undefined, view.left);
  net.frame.tabIndex = -1;
  net.sheet = element("div", "n-sheet", undefined, net.frame);
  net.sheet.setAttribute("role", "group");
  net.sheet.setAttribute("aria-label", "The network; arrow keys go from neuron to neuron");
  net.sheet.onkeydown = (event) => moveInNet(view, event);
  new ResizeObserver(() => {
    net.width = net.frame.clientWidth;
    if (view.picture) drawNet(view, view.picture);
  }).observe(net.frame);
}

function drawNet(view, picture) {
  const { net } = view;
  const sizes = [picture.features.length, ...picture.layers.map((layer) => layer.neurons.length), picture.outputs.length];
  if (!net.width) return;
  const key = JSON.stringify([sizes, net.width]);
  if (net.key !== key) buildNet(view, picture, sizes, key);
  paintNodes(view, picture);
  paintWires(view, picture);
  drawHeads(view, picture);
}

function buildNet(view, picture, sizes, key) {
  const { net } = view;
  const hadFocus = net.sheet.contains(net.sheet.getRootNode().activeElement);
  Object.assign(net, { key, sizes, nodes: [], wires: [], heads: [] });
  net.sheet.replaceChildren();
  const pitch = Math.max(MIN_PITCH_PX, (net.width - CELL_PX - 62) / (sizes.length - 1));
  net.isTight = pitch < WIDE_PITCH_PX;
  net.cell = net.isTight ? TIGHT_CELL_PX : CELL_PX;
  net.sheet.style.setProperty("--cell", `${net.cell}px`);
  const head = net.isTight ? 92 : 66;
  net.sheet.classList.toggle("tight", net.isTight);
  net.sheet.style.setProperty("--pitch", `${pitch}px`);
  net.place = (column, row) => ({
    x: 46 + column * pitch,
    y: head + (Math.max(...sizes) - sizes[column]) * ROW_PX * (column ? 0.5 : 0) + row * ROW_PX,
  });
  const width = 46 + pitch * (sizes.length - 1) + net.cell + 10;
  const height = head + Math.max(...sizes) * ROW_PX + 4;
  Object.assign(net.sheet.style, { width: `${width}px`, height: `${height}px` });
  net.lines = element("canvas", "n-wires", undefined, net.sheet);
  net.lines.setAttribute("aria-hidden", "true");
  Object.assign(net.lines.style, { width: `${width}px`, height: `${height}px` });
  Object.assign(net, { sheetWidth: width, sheetHeight: height });
  net.svg = make("svg", { width, height, class: "n-wires", "aria-hidden": "true" }, net.sheet);
  sizes.forEach((size, column) => {
    net.heads.push(newHead(view, column, sizes.length));
    net.nodes.push(Array.from({ length: size }, (_, row) => newNode(view, column, row, sizes.length)));
  });
  net.pitch = pitch;
  const [column, row] = net.at;
  net.at = [Math.min(column, sizes.length - 1), 0];
  net.at[1] = Math.min(row, sizes[net.at[0]] - 1);
  rove(net, hadFocus);
}

function newNode(view, column, row, nColumns) {
  const { net } = view;
  const { x, y } = net.place(column, row);
  const button = element("button", `n-node${column === 0 ? " n-feature" : ""}`, undefined, net.sheet);
  button.type = "button";
  button.tabIndex = -1;
  Object.assign(button.style, { left: `${x}px`, top: `${y}px` });
  const node = { button, canvas: element("canvas", "", undefined, button), column, row };
  if (column === 0) node.word = element("span", "n-feature-name", "", button);
  const show = () => { net.at = [column, row]; rove(net, false); view.hovered = [column, row]; drawOutput(view, view.picture); };
  button.onpointerenter = button.onfocus = show;
  button.onpointerleave = button.onblur = () => { view.hovered = null; drawOutput(view, view.picture); };
  button.onclick = () => chooseNode(view, column, row);
  if (column > 0) {
    node.dot = element("span", "n-bias", "", net.sheet);
    Object.assign(node.dot.style, { left: `${x - 5}px`, top: `${y + net.cell - 6}px` });
    node.dot.setAttribute("aria-hidden", "true");
    node.dot.onclick = () => openEditor(view, { layer: column - 1, neuron: row, source: null }, x, y + net.cell);
  }
  return node;
}

function chooseNode(view, column, row) {
  if (column > 0) { view.tools.send({ neuron: [column - 1, row], probe: view.out.moved ?? view.picture.sum.point }, { final: true }); return; }
  const name = view.picture.features[row].name;
  const chosen = view.tools.values.features;
  const features = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
  if (features.length) view.tools.send({ features }, { final: true });
  else view.tools.say("One input has to stay.");
}

function rove(net, takesFocus) {
  net.nodes.flat().forEach((node) => { node.button.tabIndex = -1; });
  const node = net.nodes[net.at[0]]?.[net.at[1]];
  if (!node) return;
  node.button.tabIndex = 0;
  if (takesFocus) node.button.focus();
}

function moveInNet(view, event) {
  const { net } = view;
  const move = MOVES[event.key];
  if (!move || !event.composedPath()[0].matches(".n-node")) return;
  event.preventDefault();
  const column = clip(net.at[0] + move[0], 0, net.nodes.length - 1);
  net.at = [column, clip(net.at[1] + move[1], 0, net.nodes[column].length - 1)];
  rove(net, true);
}

function paintNodes(view, picture) {
  const { net, scheme } = view;
  net.nodes.forEach((nodes, column) => nodes.forEach((node, row) => {
    const shown = pictureOf(picture, column, row);
    paintBytes(node.canvas, shown, scheme);
    const isChosen = column > 0 && picture.sum.layer === column - 1 && picture.sum.neuron === row;
    node.button.classList.toggle("chosen", isChosen);
    if (column === 0) {
      const feature = picture.features[row];
      node.word.textContent = feature.text;
      setAttributes(node.button, { "aria-pressed": feature.on, "aria-label": `Input ${feature.text}` });
      return;
    }
    const bias = picture.biases[column - 1]?.[row] ?? null;
    node.dot.hidden = bias === null;
    if (bias !== null) {
      node.dot.style.background = cssColour(COLOURS[scheme][Math.round(128 + 127 * clip(bias, -1, 1))]);
      node.dot.title = `bias ${numberText(bias, 3)}; click to change`;
    }
    const name = nodeName(picture, column, row);
    setAttributes(node.button, { "aria-pressed": isChosen, "aria-label": bias === null ? name : `${name}, bias ${numberText(bias, 2)}` });
  }));
}

function pictureOf(picture, column, row) {
  if (column === 0) return picture.features[row].picture;
  return column <= picture.layers.length ? picture.layers[column - 1].neurons[row] : picture.outputs[row];
}

const nodeName = (picture, column, row) => (column === 0 ? `Input ${picture.features[row].text}` : picture.names[column - 1][row]);

// The lines are painted on one canvas; over it lie unseen paths that the mouse can find, one a weight.
function paintWires(view, picture) {
  const { net } = view;
  const on = picture.features.flatMap((feature, i) => (feature.on ? [i] : []));
  const context = sharpContext(net.lines, net.sheetWidth, net.sheetHeight);
  let k = 0;
  picture.weights.forEach((rows, layer) => rows.forEach((weights, neuron) => weights.forEach((weight, source) => {
    const wire = (net.wires[k] ??= newWire(view));
    k += 1;
    placeWire(net, wire, layer, layer === 0 ? on[source] : source, neuron);
    Object.assign(wire, { layer, neuron, source, weight });
    strokeWire(context, wire, view.scheme);
  })));
  while (net.wires.length > k) net.wires.pop().reach.remove();
}

const WIRE_COLOURS = { light: ["#c8452f", "#2166ac"], dark: ["#f0835f", "#6cb3e4"] };

// Thickness tells the size, colour and dashes the sign.
function strokeWire(context, wire, scheme) {
  const size = Math.abs(wire.weight ?? 0);
  const isNegative = wire.weight < 0;
  context.globalAlpha = 0.22 + Math.min(0.7, size);
  context.lineWidth = 0.6 + Math.min(5.4, 1.4 * size);
  context.strokeStyle = WIRE_COLOURS[scheme][isNegative ? 0 : 1];
  context.setLineDash(isNegative ? [7, 4] : []);
  context.stroke(wire.path);
}

function newWire(view) {
  const { net } = view;
  const wire = { reach: make("path", { class: "n-reach" }, net.svg) };
  wire.reach.onpointerenter = () => showHint(view, wire);
  wire.reach.onpointerleave = () => hideHint(view);
  wire.reach.onclick = (event) => {
    const box = net.sheet.getBoundingClientRect();
    hideHint(view);
    openEditor(view, wire, event.clientX - box.left, event.clientY - box.top);
  };
  return wire;
}

function placeWire(net, wire, layer, from, to) {
  const key = `${layer}.${from}.${to}`;
  if (wire.key === key) return;
  wire.key = key;
  const a = net.place(layer, from);
  const b = net.place(layer + 1, to);
  const [x1, y1, x2, y2] = [a.x + net.cell, a.y + net.cell / 2, b.x, b.y + net.cell / 2];
  const bend = (x2 - x1) * 0.45;
  const d = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  wire.path = new Path2D(d);
  wire.middle = [(x1 + x2) / 2, (y1 + y2) / 2];
  wire.reach.setAttribute("d", d);
}
