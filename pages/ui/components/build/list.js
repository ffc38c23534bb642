// The list of layers: choose, move, duplicate, delete, add; errors with their fixes at the layer they are about.
// The list decides nothing: it says what was asked, and shows the network that comes back. Lines stay the same elements
// while their words change, so that neither the focus nor a drag is lost.

const COLUMNS = [
  ["output", "Output", "Shape of what the layer gives: channels × height × width, or features"],
  ["n_params", "Parameters", "Numbers that training changes"],
  ["n_macs", "MACs", "Multiply-accumulates for one image; biases are not counted"],
  ["memory", "Memory", "Bytes of this layer's output for one image, in 32-bit floats"],
  ["receptive_field", "Sees", "Receptive field: on how many pixels of the input, height × width, one output value can depend. At the edge padding is among them, so it may be larger than the picture"],
];
const COLUMN_CLASS = { output: "output", n_params: "params", n_macs: "macs", memory: "memory", receptive_field: "field" };
const LIST_TOOLS = [
  ["add", "add", "Add a layer", ""],
  ["duplicate", "content_copy", "Duplicate", "Ctrl+D"],
  ["up", "arrow_upward", "Move up", "Alt+↑"],
  ["down", "arrow_downward", "Move down", "Alt+↓"],
  ["delete", "delete", "Delete", "Del"],
];
const FIRST_STEP = "To begin, add a Conv2d; to end, add Flatten and a Linear with one output for each class.";
const KEYS = [["↑ ↓", "choose"], ["Enter", "its fields"], ["Alt+↑ ↓", "move"], ["A", "add"], ["Del", "delete"], ["Ctrl+D", "duplicate"], ["Ctrl+Z", "undo"]];

// `on` has choose(id), act(name, details), enter(), expect(ids) and busy: something has no answer yet.
function mountList(parent, on) {
  const place = element("div", "layers", undefined, parent);
  const list = { place, on, lines: new Map(), ids: [], chosen: "", asked: [] };
  buildTools(list);
  list.scroller = element("div", "scroller", undefined, place);
  const table = element("table", "", undefined, list.scroller);
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", "Layers of the network");
  fillHead(element("tr", "", undefined, element("thead", "", undefined, table)));
  list.body = element("tbody", "", undefined, table);
  list.foot = newCells(element("tr", "", undefined, element("tfoot", "", undefined, table)), "th");
  list.empty = element("p", "empty", FIRST_STEP, place);
  const hint = element("p", "hint", undefined, place);
  KEYS.forEach(([keys, does], at) => {
    for (const key of keys.split(" ")) element("kbd", "", key, hint).after(" ");
    hint.append(`${does}${at < KEYS.length - 1 ? " · " : ""}`);
  });
  list.menu = mountMenu(place, (kind, id) => makeNew(list, "add", { kind, id }));
  place.onkeydown = (event) => onListKey(list, event);
  return list;
}

function buildTools(list) {
  const tools = element("div", "tools", undefined, list.place);
  tools.setAttribute("role", "toolbar");
  tools.setAttribute("aria-label", "Layers");
  list.tools = {};
  for (const [name, symbol, label, key] of LIST_TOOLS) {
    const button = (list.tools[name] = element("button", name === "add" ? "main" : "", undefined, tools));
    button.type = "button";
    if (key) button.title = `${label} (${key})`;
    button.setAttribute("aria-label", label);
    icon(symbol, button);
    if (name !== "up" && name !== "down") element("span", "word", label, button);
    button.onclick = () => doTool(list, name);
  }
}

function fillHead(head) {
  element("span", "unseen", "Order", element("th", "grip-cell", undefined, head));
  element("th", "layer", "Layer", head);
  for (const [name, title, help] of COLUMNS) element("th", `number ${COLUMN_CLASS[name]}`, title, head).title = help;
}

function newCells(line, tag) {
  const cells = { grip: element("td", "grip-cell", undefined, line), layer: element(tag, "layer", undefined, line) };
  for (const [name] of COLUMNS) cells[name] = element("td", `number ${COLUMN_CLASS[name]}`, "", line);
  const field = cells.receptive_field;
  cells.receptive_field = element("span", "", "", field);
  cells.beyond = element("span", "beyond", "", field);
  return cells;
}

const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

function fillCells(cells, row) {
  for (const [name] of COLUMNS) setText(cells[name], row[name] ?? "");
  setText(cells.beyond, row.beyond ? ` ${row.beyond}` : "");
}

// --- what comes from the server -------------------------------------------------------------------------------------

function drawList(list, { rows, foot }, chosen) {
  const hadFocus = list.body.contains(list.body.getRootNode().activeElement);
  if (list.rows !== rows) placeLines(list, rows);
  list.rows = rows;
  list.empty.hidden = rows.length > 1;
  setText(list.foot.layer, foot.title);
  fillCells(list.foot, foot);
  markLine(list, chosen);
  if (hadFocus && !list.body.contains(list.body.getRootNode().activeElement)) focusLine(list);
}

function placeLines(list, rows) {
  list.ids = rows.map((row) => row.id);
  for (const [id, line] of list.lines) {
    if (list.ids.includes(id) && rows.find((row) => row.id === id).kind === line.kind) continue;
    line.row.remove();
    line.trouble?.remove();
    list.lines.delete(id);
  }
  let cursor = list.body.firstElementChild;
  const put = (node) => {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else list.body.insertBefore(node, cursor);
  };
  for (const row of rows) {
    const line = list.lines.get(row.id) ?? newLine(list, row);
    list.lines.set(row.id, line);
    fillLine(list, line, row);
    put(line.row);
    if (line.trouble) put(line.trouble);
  }
}

function newLine(list, { id, kind }) {
  const row = element("tr", "row");
  row.dataset.id = id;
  row.style.setProperty("--c", `var(--group-${kindGroup({ kind })})`);
  const line = { row, kind, trouble: null, told: "", ...newCells(row, "td") };
  row.onclick = () => list.on.choose(id);
  row.onpointerenter = () => list.on.expect([id]);
  if (id !== "input") {
    const handle = element("span", "grip icon", "drag_indicator", line.grip);
    handle.title = "Drag to move";
    handle.setAttribute("aria-hidden", "true");
    // The drag itself chooses nothing.
    handle.onpointerdown = (event) => startDrag(event, list, row);
  }
  const name = element("div", "name", undefined, line.layer);
  element("span", "dot", undefined, name);
  element("b", "", id, name);
  element("span", "kind", kind, name);
  line.about = element("div", "settings", "", line.layer);
  return line;
}

function fillLine(list, line, row) {
  fillCells(line, row);
  setText(line.about, [row.inputs, row.settings].filter(Boolean).join(" · "));
  line.row.classList.toggle("broken", Boolean(row.error));
  const told = row.error ? JSON.stringify([row.error, row.fixes]) : "";
  if (line.told === told) return;
  line.told = told;
  line.trouble?.remove();
  line.trouble = row.error ? troubleLine(list, row) : null;
}

function troubleLine(list, row) {
  const line = element("tr", "trouble");
  element("td", "grip-cell", undefined, line);
  const cell = element("td", "", undefined, line);
  cell.colSpan = COLUMNS.length + 1;
  const box = element("div", "trouble-box", undefined, cell);
  box.setAttribute("role", "alert");
  tellError(element("p", "", undefined, box), row);
  fillFixes(element("div", "fixes", undefined, box), row, list.on.act);
  return line;
}

// The code of a message is there to be quoted, and stands small behind it.
function tellError(place, { error, code }) {
  place.textContent = error ? `${error} ` : "";
  if (code) element("small", "told-code", `code ${code}`, place).title = "To quote when you ask for help";
}

function fillFixes(place, row, act) {
  place.replaceChildren();
  (row.fixes ?? []).forEach((label, number) => {
    const button = element("button", "fix", undefined, place);
    button.type = "button";
    icon("build", button);
    element("span", "", label, button);
    button.onclick = () => act("fix", { id: row.id, number });
  });
}

// --- the choice -----------------------------------------------------------------------------------------------------

function markLine(list, chosen) {
  const isTold = Boolean(list.lines.get(chosen)?.trouble);
  const isNew = list.chosen !== chosen;
  const isNews = isTold && !list.isTold; // what is wrong is seen where the list is short, too
  const hadFocus = list.body.contains(list.body.getRootNode().activeElement);
  Object.assign(list, { chosen, isTold });
  for (const [id, { row }] of list.lines) {
    row.classList.toggle("chosen", id === chosen);
    setAttributes(row, { tabindex: id === chosen ? 0 : -1, "aria-selected": id === chosen });
  }
  setTools(list);
  if (isNew || isNews) keepInView(list);
  if (isNew && hadFocus) focusLine(list);
}

function focusLine(list) {
  if (!list.menu.dialog.open) list.lines.get(list.chosen)?.row.focus({ preventScroll: true });
}

function keepInView({ lines, chosen, scroller }) {
  const line = lines.get(chosen);
  if (!line) return;
  const top = line.row.offsetTop - 40;
  const bottom = line.row.offsetTop + line.row.offsetHeight + (line.trouble?.offsetHeight ?? 0) + 40;
  if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
}
