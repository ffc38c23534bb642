// What is asked of the list: by its buttons, by keys, by dragging a line. Keys may be faster than the answers, so each acts
// on the list as it will be when all that was asked before is done.

// The layers and the chosen one, with what has no answer yet already done; doing it again does no harm.
function expected(list) {
  if (!list.on.busy) list.asked = [];
  const { ids, chosen } = list.asked.reduce((state, ask) => ask(state), { ids: list.ids, chosen: list.chosen });
  return { ids, chosen, at: ids.indexOf(chosen) };
}

const without = ({ ids, chosen }, id) => {
  const at = ids.indexOf(id);
  const left = ids.filter((one) => one !== id);
  return { ids: left, chosen: chosen === id ? (left[at] ?? left.at(-1)) : chosen };
};

// `to` counts the layers behind the input, as the server does.
const moved = (state, id, to) => (state.ids.includes(id) ? { ids: state.ids.filter((one) => one !== id).toSpliced(to + 1, 0, id), chosen: id } : state);

function ask(list, name, details, change) {
  expected(list); // forgets what is done
  list.asked.push(change);
  list.on.act(name, details);
  markLine(list, expected(list).chosen);
}

function askMove(list, id, to) {
  ask(list, "move", { id, to }, (state) => moved(state, id, to));
}

function doTool(list, name) {
  const { ids, chosen, at } = expected(list);
  if (name === "add") openMenu(list.menu, chosen);
  else if (offTools(ids, at)[name]) return;
  else if (name === "up") askMove(list, chosen, at - 2);
  else if (name === "down") askMove(list, chosen, at);
  else if (name === "delete") ask(list, name, { id: chosen }, (state) => without(state, chosen));
  else makeNew(list, name, { id: chosen });
}

// A new layer may take the name of one that has just gone.
function makeNew(list, name, details) {
  list.asked = [];
  list.on.act(name, details);
}

const offTools = (ids, at) => ({ add: false, duplicate: at <= 0, up: at <= 1, down: at <= 0 || at === ids.length - 1, delete: at <= 0 });

function setTools(list) {
  const { ids, at } = expected(list);
  for (const [name, isOff] of Object.entries(offTools(ids, at))) list.tools[name].disabled = isOff;
}

function onListKey(list, event) {
  const { ids, chosen, at } = expected(list);
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const choose = (place) => {
    list.lines.get(list.chosen)?.row.focus({ preventScroll: true }); // so that the focus goes along
    if (ids[place] !== undefined) list.on.choose(ids[place]);
  };
  let does = null;
  if (isCommand && key === "d") does = () => { if (!event.repeat) doTool(list, "duplicate"); };
  else if (isCommand || event.target.closest("button")) return;
  else if (event.altKey && key === "ArrowUp") does = () => doTool(list, "up");
  else if (event.altKey && key === "ArrowDown") does = () => doTool(list, "down");
  else if (key === "ArrowUp") does = () => choose(at - 1);
  else if (key === "ArrowDown") does = () => choose(at + 1);
  else if (key === "Home") does = () => choose(0);
  else if (key === "End") does = () => choose(ids.length - 1);
  else if (key === "Enter") does = () => list.on.enter();
  else if (key === "Delete" || key === "Backspace") does = () => doTool(list, "delete");
  else if (key === "Insert" || key === "a") does = () => doTool(list, "add");
  if (!does) return;
  event.preventDefault();
  does();
}

// --- moving by drag -------------------------------------------------------------------------------------------------

function startDrag(event, list, line) {
  const rows = [...list.body.querySelectorAll("tr.row")].filter((row) => row.dataset.id !== "input");
  const from = rows.indexOf(line);
  const handle = event.currentTarget;
  let to = from;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  line.classList.add("dragged");
  const clear = () => rows.forEach((row) => row.classList.remove("drop-before", "drop-after"));
  handle.onpointermove = (move) => {
    const frame = list.scroller.getBoundingClientRect();
    if (move.clientY > frame.bottom - 30) list.scroller.scrollTop += 12;
    if (move.clientY < frame.top + 50) list.scroller.scrollTop -= 12;
    to = rows.filter((row, place) => place !== from && middleOf(row) < move.clientY).length;
    clear();
    const others = rows.filter((row) => row !== line);
    if (to === from) return;
    if (to < others.length) others[to].classList.add("drop-before");
    else others.at(-1)?.classList.add("drop-after");
  };
  const end = (isKept) => {
    handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    line.classList.remove("dragged");
    clear();
    if (isKept && to !== from) askMove(list, line.dataset.id, to);
  };
  handle.onpointerup = () => end(true);
  handle.onpointercancel = () => end(false);
}

function middleOf(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}
