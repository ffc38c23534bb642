// The network from left to right: inputs, layers, output. Every neuron is a picture and a button, every weight a line, every
// bias a dot. Built anew when the layers change, else only repainted.

const CELL_PX = 40;
const ROW_PX = 48;
const HEAD_PX = 66;
const MIN_PITCH_PX = 74;
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
  net.place = (column, row) => ({
    x: 46 + column * pitch,
    y: HEAD_PX + (Math.max(...sizes) - sizes[column]) * ROW_PX * (column ? 0.5 : 0) + row * ROW_PX,
  });
  const width = 46 + pitch * (sizes.length - 1) + CELL_PX + 10;
  const height = HEAD_PX + Math.max(...sizes) * ROW_PX + 4;
  Object.assign(net.sheet.style, { width: `${width}px`, height: `${height}px` });
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
    Object.assign(node.dot.style, { left: `${x - 5}px`, top: `${y + CELL_PX - 6}px` });
    node.dot.setAttribute("aria-hidden", "true");
    node.dot.onclick = () => openEditor(view, { layer: column - 1, neuron: row, source: null }, x, y + CELL_PX);
  }
  return node;
}

function chooseNode(view, column, row) {
  if (column > 0) { view.tools.send({ neuron: [column - 1, row] }, { final: true }); return; }
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

function nodeName(picture, column, row) {
  if (column === 0) return `Input ${picture.features[row].text}`;
  if (column <= picture.layers.length) return `Neuron ${row + 1} of layer ${column}`;
  return picture.outputs.length === 1 ? "The output" : `Output ${CLASS_NAMES[row]}`;
}

// Lines are kept by their ends; a line that is no longer wanted goes.
function paintWires(view, picture) {
  const { net } = view;
  const on = picture.features.map((feature, i) => [feature.on, i]).filter(([isOn]) => isOn).map(([, i]) => i);
  let k = 0;
  picture.weights.forEach((rows, layer) => rows.forEach((weights, neuron) => weights.forEach((weight, source) => {
    const from = layer === 0 ? on[source] : source;
    const wire = (net.wires[k] ??= newWire(view));
    k += 1;
    placeWire(net, wire, layer, from, neuron);
    Object.assign(wire, { layer, neuron, source, weight });
    const size = Math.abs(weight ?? 0);
    const isNegative = weight < 0;
    setAttributes(wire.line, {
      class: `n-wire ${isNegative ? "negative" : "positive"}`,
      "stroke-width": (0.7 + Math.min(7, 2.4 * size)).toFixed(2),
      "stroke-opacity": (0.25 + Math.min(0.75, size)).toFixed(2),
      "stroke-dasharray": isNegative ? "7 4" : null,
    });
  })));
  while (net.wires.length > k) { const wire = net.wires.pop(); wire.line.remove(); wire.reach.remove(); }
}

function newWire(view) {
  const { net } = view;
  const wire = { line: make("path", { fill: "none" }, net.svg), reach: make("path", { class: "n-reach" }, net.svg) };
  wire.reach.onpointerenter = () => { wire.line.classList.add("hot"); showHint(view, wire); };
  wire.reach.onpointerleave = () => { wire.line.classList.remove("hot"); hideHint(view); };
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
  const [x1, y1, x2, y2] = [a.x + CELL_PX, a.y + CELL_PX / 2, b.x, b.y + CELL_PX / 2];
  const bend = (x2 - x1) * 0.45;
  const d = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  wire.line.setAttribute("d", d);
  wire.reach.setAttribute("d", d);
}

// --- what stands over each column -----------------------------------------------------------------------------------------

function newHead(view, column, nColumns) {
  const { net, tools } = view;
  const head = element("div", "n-head", undefined, net.sheet);
  const isHidden = column > 0 && column < nColumns - 1;
  head.style.left = `${net.place(column, 0).x + CELL_PX / 2}px`;
  if (!isHidden) { element("b", "", column ? "Output" : "Inputs", head); return { head }; }
  const menu = element("select", "n-activation", undefined, head);
  menu.setAttribute("aria-label", `Activation of layer ${column}`);
  menu.onchange = () => sendLayers(view, (layers) => { layers[column - 1].activation = view.picture.activations[menu.selectedIndex].name; });
  const buttons = element("div", "n-head-buttons", undefined, head);
  const change = (by) => sendLayers(view, (layers) => { layers[column - 1].n_neurons += by; });
  const fewer = smallButton(buttons, "−", `One neuron fewer in layer ${column}`, () => change(-1));
  const more = smallButton(buttons, "+", `One neuron more in layer ${column}`, () => change(1));
  const gone = smallButton(buttons, "×", `Remove layer ${column}`, () => sendLayers(view, (layers) => { layers.splice(column - 1, 1); }));
  return { head, menu, fewer, more, gone };
}

function smallButton(parent, text, label, act) {
  const button = element("button", "n-mini", text, parent);
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.onclick = () => { if (button.getAttribute("aria-disabled") !== "true") act(); };
  return button;
}

function sendLayers(view, change) {
  const layers = view.tools.values.layers.map((layer) => ({ ...layer }));
  change(layers);
  view.tools.send({ layers }, { final: true });
}

function drawHeads(view, picture) {
  const { net } = view;
  net.heads.forEach((head, column) => {
    if (!head.menu) return;
    if (head.menu.options.length !== picture.activations.length) {
      head.menu.replaceChildren(...picture.activations.map((one) => element("option", "", one.text)));
    }
    const layer = view.tools.values.layers[column - 1];
    head.menu.selectedIndex = picture.activations.findIndex((one) => one.name === layer?.activation);
    head.fewer.setAttribute("aria-disabled", String(layer?.n_neurons <= 1));
    head.more.setAttribute("aria-disabled", String(layer?.n_neurons >= picture.most.neurons));
  });
  view.addLayer.setAttribute("aria-disabled", String(picture.layers.length >= picture.most.layers));
  view.layerCount.textContent = `${picture.layers.length} hidden ${picture.layers.length === 1 ? "layer" : "layers"}`;
}
