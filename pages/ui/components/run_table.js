// All runs as a table: choose with a check box, sort by a column's head, open one by its name.
// Rows are Python's; every text goes in through element.js, because networks and data sets have names that users gave.

function sparkline(values, label) {
  const width = 72, height = 20, pad = 2;
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  const x = (i) => pad + (values.length > 1 ? (i * (width - 2 * pad)) / (values.length - 1) : 0);
  const y = (value) => height - pad - value * (height - 2 * pad);
  if (values.length > 1) make("polyline", { points: values.map((value, i) => `${x(i)},${y(value)}`).join(" ") }, svg);
  else make("circle", { cx: x(0), cy: y(values[0]), r: 2 }, svg);
  return svg;
}

function nameCell(row, open) {
  const cell = element("td", "name");
  cell.dataset.label = "Run";
  if (row.damaged) cell.append(element("span", "damaged", row.title));
  else {
    const button = element("button", "open", row.title);
    button.type = "button";
    button.title = "Open this run on the Train page";
    button.onclick = () => open(row.id);
    cell.append(button);
  }
  cell.append(element("span", "id", row.id));
  return cell;
}

function statusCell(row) {
  const cell = element("td", "status");
  cell.dataset.label = "Status";
  const badge = element("span", `badge ${row.tone}`);
  badge.append(element("span", "sign", row.sign), element("span", "", row.status));
  cell.append(badge);
  return cell;
}

function accuracyCell(row) {
  const cell = element("td", "accuracy number");
  cell.dataset.label = "Best test accuracy";
  cell.append(element("span", "", row.accuracy_text));
  if (row.spark.length) cell.append(sparkline(row.spark, `test accuracy by epoch, last ${row.last_text}`));
  if (row.last_text !== row.accuracy_text) cell.append(element("small", "last", `last ${row.last_text}`));
  return cell;
}

function plainCell(label, text, className = "") {
  const cell = element("td", className, text);
  cell.dataset.label = label;
  return cell;
}

function checkCell(row, chosen, toggle) {
  const cell = element("td", "choose");
  const box = element("input");
  box.type = "checkbox";
  box.checked = chosen.has(row.id);
  box.setAttribute("aria-label", `Choose ${row.title}, started ${row.created_text}, ${row.id}`);
  box.onchange = () => toggle(row.id, box.checked);
  cell.append(box);
  return cell;
}

const COLUMNS = [
  ["title", "Run"], ["created", "Started"], ["status", "Status"], ["network", "Parameters"], ["data", "Data"], ["epoch", "Epochs"],
  ["accuracy", "Best test accuracy"], ["time_s", "Time"],
];

function sorted(rows, [key, direction]) {
  const rank = (row) => (row[key] === null || row[key] === undefined ? -Infinity : row[key]);
  return [...rows].sort((a, b) => direction * (rank(a) > rank(b) ? 1 : rank(a) < rank(b) ? -1 : 0));
}

function drawHead(table, root, redraw) {
  const line = table.createTHead().insertRow();
  const first = element("th", "choose");
  first.append(element("span", "hidden", "Choose"));
  line.append(first);
  COLUMNS.forEach(([key, label]) => {
    const cell = element("th", key);
    cell.scope = "col";
    const [by, direction] = root.labState.order;
    cell.setAttribute("aria-sort", by === key ? (direction > 0 ? "ascending" : "descending") : "none");
    const button = element("button", "sort", label + (by === key ? (direction > 0 ? " ▲" : " ▼") : ""));
    button.type = "button";
    button.onclick = () => {
      root.labState.order = [key, by === key ? -direction : 1];
      redraw();
      root.querySelector(`th.${key} button`).focus();
    };
    cell.append(button);
    line.append(cell);
  });
}

function drawSentence(body, row, chosen) {
  const line = body.insertRow();
  line.className = "note";
  line.dataset.noteOf = row.id;
  line.classList.toggle("chosen", chosen.has(row.id));
  const cell = element("td", "sentence", row.sentence);
  cell.colSpan = COLUMNS.length;
  line.append(element("td", "choose"), cell);
}

function drawRow(body, row, chosen, toggle, open) {
  const line = body.insertRow();
  line.classList.toggle("chosen", chosen.has(row.id));
  line.dataset.run = row.id;
  line.append(
    checkCell(row, chosen, toggle), nameCell(row, open), plainCell("Started", row.created_text, "created"), statusCell(row),
    plainCell("Parameters", row.network_text, "number"), plainCell("Data", row.data, "data"), plainCell("Epochs", row.epochs_text, "number"),
    accuracyCell(row), plainCell("Time", row.time_text, "number"),
  );
  if (row.sentence) drawSentence(body, row, chosen);
}

function markChosen(root) {
  const { chosen } = root.labState;
  for (const line of root.querySelectorAll("tr[data-run]")) {
    const isChosen = chosen.has(line.dataset.run);
    line.classList.toggle("chosen", isChosen);
    line.querySelector("input").checked = isChosen;
  }
  for (const line of root.querySelectorAll("tr[data-note-of]")) line.classList.toggle("chosen", chosen.has(line.dataset.noteOf));
}

export default function (component) {
  const { data, setStateValue, setTriggerValue, parentElement } = component;
  const root = parentElement.querySelector(".runs");
  const state = (root.labState ??= { order: ["created", -1] });
  // An answer to an earlier tick takes none of those back that were made since.
  if (state.sent && JSON.stringify(state.sent) === JSON.stringify(data.heard)) state.sent = null;
  state.chosen = new Set(state.sent ?? data.chosen);
  const drawn = JSON.stringify(data.rows);
  const toggle = (id, on) => {
    if (on) state.chosen.add(id); else state.chosen.delete(id);
    state.sent = [...state.chosen];
    markChosen(root);
    setStateValue("chosen", state.sent);
  };
  const open = (id) => setTriggerValue("open", id);
  const redraw = () => {
    const active = parentElement.activeElement;
    const kept = active && active.closest("tr") ? [active.closest("tr").dataset.run, active.className, active.tagName] : null;
    const table = element("table");
    drawHead(table, root, redraw);
    const body = table.createTBody();
    sorted(data.rows, state.order).forEach((row) => drawRow(body, row, state.chosen, toggle, open));
    root.replaceChildren(table);
    if (kept && kept[0]) {
      const again = root.querySelector(`tr[data-run="${kept[0]}"] ${kept[2].toLowerCase()}`);
      if (again) again.focus();
    }
  };
  if (state.drawn === drawn) { markChosen(root); return; }
  state.drawn = drawn;
  onceReleased(root, redraw);
}
