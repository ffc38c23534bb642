// The list of layers: choose, move, duplicate, delete, add; errors with their fixes at the layer they are about.
// The list decides nothing: it sends what was asked ({do, id, ...}) and shows the network that comes back.
// CATALOGUE, written above this text by Python, is [{group, kinds: [{kind, title, sentence}]}].

const COLUMNS = [
  { name: "output", title: "Output", cell: (row) => row.output },
  { name: "params", title: "Parameters", cell: (row) => row.n_params },
  { name: "macs", title: "MACs", cell: (row) => row.n_macs },
  { name: "memory", title: "Memory", cell: (row) => row.memory },
  { name: "field", title: "Sees", cell: (row) => row.receptive_field },
];

const COLUMN_HELP = {
  Output: "Shape of what the layer gives: channels × height × width, or features",
  Parameters: "Numbers that training changes",
  MACs: "Multiply-accumulates for one image; biases are not counted",
  Memory: "Bytes of this layer's output for one image, in 32-bit floats",
  Sees: "Receptive field: how many input pixels, height × width, one output value can depend on",
};

function element(tag, className, text, parent) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

function fillHead(head) {
  head.replaceChildren();
  element("span", "unseen", "Order", element("th", "grip-cell", undefined, head));
  element("th", "layer", "Layer", head);
  for (const column of COLUMNS) {
    const cell = element("th", `number ${column.name}`, column.title, head);
    cell.title = COLUMN_HELP[column.title];
  }
}

function layerRow(row, chosen) {
  const line = element("tr", `row${row.id === chosen ? " chosen" : ""}${row.error ? " broken" : ""}`);
  line.dataset.id = row.id;
  line.tabIndex = row.id === chosen ? 0 : -1;
  line.setAttribute("aria-selected", row.id === chosen);
  line.style.setProperty("--c", `var(--group-${row.group})`);
  const grip = element("td", "grip-cell", undefined, line);
  if (row.id !== "input") {
    const handle = element("span", "grip icon", "drag_indicator", grip);
    handle.title = "Drag to move";
    handle.setAttribute("aria-hidden", "true");
  }
  const layer = element("td", "layer", undefined, line);
  const name = element("div", "name", undefined, layer);
  element("span", "dot", undefined, name);
  element("b", "", row.id, name);
  element("span", "kind", row.kind, name);
  const about = [row.inputs, row.settings].filter(Boolean).join(" · ");
  if (about) element("div", "settings", about, layer);
  for (const column of COLUMNS) element("td", `number ${column.name}`, column.cell(row), line);
  return line;
}

function errorRow(row, send) {
  const line = element("tr", "trouble");
  element("td", "grip-cell", undefined, line);
  const cell = element("td", "", undefined, line);
  cell.colSpan = COLUMNS.length + 1;
  const box = element("div", "trouble-box", undefined, cell);
  box.setAttribute("role", "alert");
  element("p", "", row.error, box);
  const fixes = element("div", "fixes", undefined, box);
  row.fixes.forEach((label, number) => {
    const button = element("button", "fix", undefined, fixes);
    element("span", "icon", "build", button);
    element("span", "", label, button);
    button.onclick = () => send({ do: "fix", id: row.id, number });
  });
  return line;
}

function fillFoot(foot, totals) {
  foot.replaceChildren();
  element("td", "grip-cell", undefined, foot);
  element("th", "layer", totals.title, foot);
  for (const column of COLUMNS) element("td", `number ${column.name}`, column.cell(totals), foot);
}

// --- the menu of kinds ---------------------------------------------------------------------------------------------

function fillMenu(dialog, words, pick) {
  const place = dialog.querySelector(".kinds");
  place.replaceChildren();
  const wanted = words.trim().toLowerCase();
  for (const { group, kinds } of CATALOGUE) {
    const found = kinds.filter((kind) => `${kind.kind} ${kind.title} ${group} ${kind.sentence}`.toLowerCase().includes(wanted));
    if (!found.length) continue;
    element("h4", "", group, place);
    for (const kind of found) {
      const button = element("button", "kind-choice", undefined, place);
      button.style.setProperty("--c", `var(--group-${group.toLowerCase()})`);
      const title = element("span", "kind-title", undefined, button);
      element("span", "dot", undefined, title);
      element("b", "", kind.title, title);
      if (kind.title !== kind.kind) element("code", "", kind.kind, title);
      element("span", "kind-sentence", kind.sentence, button);
      button.onclick = () => pick(kind.kind);
    }
  }
  if (!place.childElementCount) element("p", "nothing", `No kind of layer matches “${words}”.`, place);
}

function openMenu(dialog, after, send) {
  const search = dialog.querySelector("input");
  const pick = (kind) => {
    dialog.close();
    send({ do: "add", kind, id: after });
  };
  dialog.querySelector("h3").textContent = after === "input" ? "Add a first layer" : `Add a layer after ${after}`;
  search.value = "";
  search.oninput = () => fillMenu(dialog, search.value, pick);
  dialog.onkeydown = (event) => {
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault();
      dialog.querySelector(".kind-choice")?.click();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const choices = [search, ...dialog.querySelectorAll(".kind-choice")];
    const now = choices.indexOf(dialog.getRootNode().activeElement);
    event.preventDefault();
    choices[Math.min(choices.length - 1, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  };
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  dialog.querySelector(".close").onclick = () => dialog.close();
  fillMenu(dialog, "", pick);
  dialog.showModal();
  search.focus();
}

// --- moving by drag ------------------------------------------------------------------------------------------------

function startDrag(event, line, body, scroller, send) {
  const rows = [...body.querySelectorAll("tr.row")].filter((row) => row.dataset.id !== "input");
  const from = rows.indexOf(line);
  const handle = event.currentTarget;
  let to = from;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  line.classList.add("dragged");
  const clear = () => rows.forEach((row) => row.classList.remove("drop-before", "drop-after"));
  handle.onpointermove = (move) => {
    const frame = scroller.getBoundingClientRect();
    if (move.clientY > frame.bottom - 30) scroller.scrollTop += 12;
    if (move.clientY < frame.top + 50) scroller.scrollTop -= 12;
    const above = rows.filter((row, place) => place !== from && middle(row) < move.clientY).length;
    to = above;
    clear();
    const others = rows.filter((row) => row !== line);
    if (to === from) return;
    if (to < others.length) others[to].classList.add("drop-before");
    else others.at(-1)?.classList.add("drop-after");
  };
  const end = (keep) => {
    handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    line.classList.remove("dragged");
    clear();
    if (keep && to !== from) send({ do: "move", id: line.dataset.id, to });
  };
  handle.onpointerup = () => end(true);
  handle.onpointercancel = () => end(false);
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

// --- the whole ------------------------------------------------------------------------------------------------------

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const frame = parentElement.querySelector(".frame");
  const scroller = frame.querySelector(".scroller");
  const body = frame.querySelector("tbody");
  const dialog = frame.querySelector("dialog");
  const hadFocus = body.contains(parentElement.activeElement);
  const ids = data.rows.map((row) => row.id);
  // The rows come before the answer to the choice: who presses A at once must add behind the layer that was just added.
  delete chosenLayer.shown.list; // this list is about to be drawn; the drawing of the network is told
  if (data.n >= chosenLayer.n && data.selected !== chosenLayer.id) showChosen(data.selected);
  let chosen = [chosenLayer.id, data.selected, "input"].find((id) => ids.includes(id));

  const send = (action) => setTriggerValue("action", withChoice(action));

  const choose = (id) => {
    body.querySelector("tr.chosen")?.focus({ preventScroll: true }); // so that the focus goes along
    chooseLayer(id);
  };

  const show = (id) => {
    if (!ids.includes(id)) return;
    chosen = frame.dataset.chosen = id;
    const withFocus = body.contains(body.getRootNode().activeElement) && !dialog.open;
    for (const line of body.querySelectorAll("tr.row")) {
      const isChosen = line.dataset.id === id;
      line.classList.toggle("chosen", isChosen);
      line.tabIndex = isChosen ? 0 : -1;
      line.setAttribute("aria-selected", isChosen);
      if (isChosen && withFocus) line.focus({ preventScroll: true });
      if (isChosen) keepInView(line);
    }
    setTools();
  };

  const keepInView = (line) => {
    const below = line.nextElementSibling?.classList.contains("trouble") ? line.nextElementSibling.offsetHeight : 0;
    const top = line.offsetTop - 40;
    const bottom = line.offsetTop + line.offsetHeight + below + 40;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
  };

  const act = {
    add: () => openMenu(dialog, chosen, send),
    duplicate: () => send({ do: "duplicate", id: chosen }),
    up: () => send({ do: "move", id: chosen, to: ids.indexOf(chosen) - 2 }),
    down: () => send({ do: "move", id: chosen, to: ids.indexOf(chosen) }),
    delete: () => send({ do: "delete", id: chosen }),
  };

  const setTools = () => {
    const place = ids.indexOf(chosen);
    const off = {
      add: false,
      duplicate: place === 0,
      up: place <= 1,
      down: place === 0 || place === ids.length - 1,
      delete: place === 0,
    };
    for (const button of frame.querySelectorAll("[data-tool]")) button.disabled = off[button.dataset.tool];
    return off;
  };

  const onKey = (event) => {
    if (dialog.open) return;
    const place = ids.indexOf(chosen);
    const off = setTools();
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let does = null;
    if (command && key === "z") does = () => send({ do: event.shiftKey ? "redo" : "undo" });
    else if (command && key === "y") does = () => send({ do: "redo" });
    else if (command && key === "d") does = off.duplicate ? () => {} : act.duplicate;
    else if (event.target.closest("button")) return;
    else if (event.altKey && key === "ArrowUp") does = off.up ? () => {} : act.up;
    else if (event.altKey && key === "ArrowDown") does = off.down ? () => {} : act.down;
    else if (key === "ArrowUp" && place > 0) does = () => choose(ids[place - 1]);
    else if (key === "ArrowDown" && place < ids.length - 1) does = () => choose(ids[place + 1]);
    else if (key === "Home") does = () => choose(ids[0]);
    else if (key === "End") does = () => choose(ids.at(-1));
    else if (key === "Delete" || key === "Backspace") does = off.delete ? () => {} : act.delete;
    else if (key === "Insert" || key === "a") does = act.add;
    if (!does) return;
    event.preventDefault();
    does();
  };

  fillHead(frame.querySelector("thead tr"));
  body.replaceChildren();
  for (const row of data.rows) {
    const line = layerRow(row, chosen);
    line.onclick = () => choose(row.id);
    const grip = line.querySelector(".grip");
    // The drag itself chooses nothing: the answer to a choice would redraw the rows under the mouse.
    if (grip) grip.onpointerdown = (event) => startDrag(event, line, body, scroller, send);
    body.appendChild(line);
    if (row.error) body.appendChild(errorRow(row, send));
  }
  fillFoot(frame.querySelector("tfoot tr"), data.totals);
  for (const button of frame.querySelectorAll("[data-tool]")) button.onclick = () => act[button.dataset.tool]();
  frame.onkeydown = onKey;
  setTools();
  const line = body.querySelector("tr.chosen");
  if (line && frame.dataset.chosen !== chosen) keepInView(line);
  if (line && hadFocus && !dialog.open) line.focus({ preventScroll: true });
  frame.dataset.chosen = chosen;
  chosenLayer.shown.list = show;
}
