// What stands over each column: the activation of a layer, one neuron fewer or more, and the layer's end.

function newHead(view, column, nColumns) {
  const { net, tools } = view;
  const head = element("div", "n-head", undefined, net.sheet);
  const isHidden = column > 0 && column < nColumns - 1;
  head.style.left = `${net.place(column, 0).x + net.cell / 2}px`;
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
    head.menu.title = picture.layers[column - 1]?.activation ?? "";
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
