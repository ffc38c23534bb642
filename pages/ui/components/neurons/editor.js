// One weight or bias under the hand: a slider and a number box, in the card's rows and in a small box over the network.

const SLIDER_REACH = 5;

// A row of label, slider and number that sends `act(value, final)`; what is held or being typed is not overwritten.
function newEditor(parent, label, act) {
  const range = element("input", "live-range n-range", undefined, parent);
  Object.assign(range, { type: "range", step: "any" });
  const box = element("input", "live-number n-number", undefined, parent);
  Object.assign(box, { type: "text", inputMode: "decimal" });
  const editor = { range, box, isHeld: false, isDirty: false, value: 0, name: "", owed: null };
  const stop = () => clearTimeout(editor.idle);
  // What moved and was not settled yet: settled when the keys or the hand rest, or the row turns to another number.
  editor.settle = () => {
    stop();
    const settle = editor.owed;
    editor.owed = null;
    settle?.();
  };
  const settleLater = (settle, ms) => {
    editor.owed = settle;
    editor.idle = setTimeout(editor.settle, ms);
  };
  range.onpointerdown = () => { editor.isHeld = true; };
  range.onpointerup = range.onpointercancel = () => { editor.isHeld = false; };
  range.oninput = () => {
    stop();
    editor.isDirty = false;
    box.value = shortText(range.valueAsNumber);
    const value = range.valueAsNumber;
    act(value, false);
    settleLater(() => act(value, true), 250);
  };
  range.onchange = range.onblur = editor.settle; // or it would come after what is clicked next, and take it back
  range.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey) editor.settle();
    const step = { ArrowRight: 0.05, ArrowUp: 0.05, ArrowLeft: -0.05, ArrowDown: -0.05, PageUp: 0.5, PageDown: -0.5 }[event.key];
    if (!step) return;
    event.preventDefault();
    range.value = Math.round((range.valueAsNumber + step) * 100) / 100;
    range.oninput();
  };
  const typed = (isLast) => {
    stop();
    editor.owed = null;
    const { value, problem } = readNumber(box.value, { label: editor.name, least: -1000, most: 1000, whole: false, optional: false });
    editor.isDirty = !isLast || Boolean(problem);
    setAttributes(box, { "aria-invalid": problem ? "true" : null });
    editor.onProblem?.(isLast || !problem ? (problem ?? "") : null);
    if (problem) return;
    act(value, isLast);
    if (!isLast) settleLater(() => typed(true), 900);
  };
  box.oninput = () => typed(false);
  box.onchange = () => typed(true);
  box.onkeydown = (event) => { if (event.key === "Enter") typed(true); };
  box.onblur = () => {
    if (!editor.isDirty) return;
    editor.isDirty = false;
    setAttributes(box, { "aria-invalid": null });
    setEditor(editor, editor.value, editor.name);
  };
  setEditor(editor, 0, label);
  return editor;
}

const shortText = (value) => (value === null ? "" : String(Number(value.toPrecision(4))).replace("-", "−"));

function setEditor(editor, value, name) {
  editor.value = value;
  if (editor.name !== name) {
    editor.name = name;
    setAttributes(editor.range, { "aria-label": `${name}, slider` });
    setAttributes(editor.box, { "aria-label": name });
  }
  if (editor.isHeld || editor.isDirty) return;
  const reach = Math.max(SLIDER_REACH, Math.ceil(Math.abs(value ?? 0)));
  setAttributes(editor.range, { min: -reach, max: reach });
  if (editor.range.valueAsNumber !== value) editor.range.value = value ?? 0;
  const root = editor.box.getRootNode();
  if (root.activeElement !== editor.box) editor.box.value = shortText(value);
}

// --- the small box over the network ---------------------------------------------------------------------------------------

function mountPopup(view) {
  const box = element("div", "n-popup", undefined, view.net.frame);
  box.hidden = true;
  box.setAttribute("role", "dialog");
  const name = element("p", "n-popup-name", "", box);
  const row = element("div", "n-popup-row", undefined, box);
  view.popup = { box, name, place: null };
  view.popup.editor = newEditor(row, "Weight", (value, final) => sendNumber(view, view.popup.place, value, final));
  view.popup.problem = element("p", "live-problem", "", box);
  view.popup.editor.onProblem = (sentence) => { if (sentence !== null) view.popup.problem.textContent = sentence; };
  iconButton(box, "n-mini n-close", "Close", "M6 7.2 7.2 6 12 10.8 16.8 6 18 7.2 13.2 12 18 16.8 16.8 18 12 13.2 7.2 18 6 16.8 10.8 12z", () => closePopup(view));
  box.onkeydown = (event) => { if (event.key === "Escape") closePopup(view); };
  view.hint = element("p", "n-hint", "", view.net.frame);
  view.hint.hidden = true;
}

function openEditor(view, { layer, neuron, source }, x, y) {
  const { popup, net } = view;
  popup.editor.settle();
  popup.place = { layer, neuron, source };
  popup.box.hidden = false;
  popup.problem.textContent = "";
  popup.editor.isDirty = false;
  const width = 236;
  popup.box.style.left = `${clip(x - width / 2, net.frame.scrollLeft + 4, Math.max(4, net.frame.scrollLeft + net.frame.clientWidth - width - 4))}px`;
  popup.box.style.top = `${y + 12}px`;
  drawPopup(view, view.picture);
  popup.editor.range.focus();
  view.tools.send({ neuron: [layer, neuron] }, { final: true });
}

function closePopup(view) {
  view.popup.editor.settle();
  view.popup.box.hidden = true;
  view.popup.place = null;
  rove(view.net, true);
}

function drawPopup(view, picture) {
  const { popup } = view;
  if (!popup.place) return;
  const value = numberAt(picture, popup.place);
  if (value === null) { popup.box.hidden = true; popup.place = null; return; }
  const name = nameOfNumber(picture, popup.place);
  popup.name.textContent = name;
  popup.box.setAttribute("aria-label", name);
  setEditor(popup.editor, value, name);
}

const numberAt = (picture, { layer, neuron, source }) =>
  (source === null ? picture.biases[layer]?.[neuron] : picture.weights[layer]?.[neuron]?.[source]) ?? null;

function nameOfNumber(picture, { layer, neuron, source }) {
  const to = nodeName(picture, layer + 1, neuron);
  if (source === "gamma" || source === "beta") return `Batch norm's ${source === "gamma" ? "γ" : "β"} of ${lower(to)}`;
  if (source === null) return `Bias of ${lower(to)}`;
  return `Weight from ${sourceName(picture, layer, source)} to ${lower(to)}`;
}

// What a weight of a layer comes from: an input that is switched on, or a neuron of the layer before.
const sourceName = (picture, layer, source) => (layer === 0 ? picture.inputs[source] : lower(nodeName(picture, layer, source)));

const lower = (text) => text[0].toLowerCase() + text.slice(1);

function sendNumber(view, place, value, final) {
  if (!place) return;
  const { layer, neuron, source } = place;
  if (source === "gamma" || source === "beta") view.tools.act(source, { layer, neuron, value, final }, { latest: !final });
  else if (source === null) view.tools.act("bias", { layer, neuron, value, final }, { latest: !final });
  else view.tools.act("weight", { layer, neuron, source, value, final }, { latest: !final });
}

function showHint(view, wire) {
  const { net, hint } = view;
  hint.textContent = `${nameOfNumber(view.picture, wire)}: ${numberText(wire.weight, 3)} · click to change`;
  hint.hidden = false;
  Object.assign(hint.style, { left: `${clip(wire.middle[0], 110, Math.max(110, net.sheetWidth - 110))}px`, top: `${wire.middle[1] - 12}px` });
}

const hideHint = (view) => { view.hint.hidden = true; };
