// A confusion matrix as a grid of numbers: arrow keys move, Enter or a click opens the images of one cell.
// All numbers come from Python; this file draws them and reports which cell was chosen.

const share = (count, total) => (total > 0 ? count / total : 0);
const percent = (value) => `${(100 * value).toFixed(1)} %`;

function sentence(data, row, column) {
  const count = data.counts[row][column];
  const total = data.totals[row];
  const verb = row === column ? "recognised" : `taken for ${data.labels[column]}`;
  return `${data.labels[row]} ${verb}: ${count} of ${total} (${percent(share(count, total))})`;
}

function headCell(text, scope, className) {
  const cell = document.createElement("th");
  cell.scope = scope;
  cell.className = className;
  const label = document.createElement("span");
  label.textContent = text;
  label.title = text;
  cell.append(label);
  return cell;
}

function numberCell(data, row, column) {
  const count = data.counts[row][column];
  const cell = document.createElement("td");
  cell.setAttribute("role", "gridcell");
  cell.dataset.row = row;
  cell.dataset.column = column;
  cell.tabIndex = -1;
  cell.textContent = count;
  cell.classList.toggle("right", row === column);
  cell.classList.toggle("zero", count === 0);
  // A power below 1 lets rare mistakes show beside frequent ones; the most keeps the number readable on its colour.
  const [most, power] = row === column ? [70, 0.5] : [85, 0.4];
  cell.style.setProperty("--strength", `${(most * share(count, data.totals[row]) ** power).toFixed(1)}%`);
  cell.setAttribute("aria-label", sentence(data, row, column));
  return cell;
}

const MOST_ON_A_PHONE = 10; // classes whose columns a narrow screen can hold side by side

function buildTable(data) {
  const table = document.createElement("table");
  table.classList.toggle("fits", data.labels.length <= MOST_ON_A_PHONE);
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", data.title);
  const head = table.createTHead().insertRow();
  head.append(headCell("is ↓   taken for →", "col", "corner"));
  data.labels.forEach((label) => head.append(headCell(label, "col", "column")));
  const body = table.createTBody();
  data.counts.forEach((counts, row) => {
    const line = body.insertRow();
    line.append(headCell(data.labels[row], "row", "row"));
    counts.forEach((_, column) => line.append(numberCell(data, row, column)));
  });
  return table;
}

const cellAt = (root, row, column) => root.querySelector(`td[data-row="${row}"][data-column="${column}"]`);

function point(root, row, column, { focus = false } = {}) {
  const last = root.labState.data.labels.length - 1;
  const at = [Math.min(Math.max(row, 0), last), Math.min(Math.max(column, 0), last)];
  root.querySelectorAll('td[tabindex="0"]').forEach((cell) => (cell.tabIndex = -1));
  const cell = cellAt(root, ...at);
  cell.tabIndex = 0;
  root.labState.at = at;
  if (focus) cell.focus();
}

function tell(root, row, column) {
  root.querySelector(".told").textContent = sentence(root.labState.data, row, column);
}

function markChosen(root, chosen) {
  root.querySelectorAll("td").forEach((cell) => {
    const is = Boolean(chosen) && +cell.dataset.row === chosen[0] && +cell.dataset.column === chosen[1];
    cell.classList.toggle("chosen", is);
    cell.setAttribute("aria-selected", String(is));
  });
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export default function (component) {
  const { data, setStateValue, parentElement } = component;
  const root = parentElement.querySelector(".confusion");
  const drawn = JSON.stringify([data.labels, data.counts, data.title]);
  const had = root.labState;
  root.labState = { data, drawn, at: had ? had.at : data.chosen || [0, 0] };
  root.style.setProperty("--right", data.colours.right);
  root.style.setProperty("--wrong", data.colours.wrong);
  const redraw = () => {
    const focused = Boolean(root.querySelector("td:focus"));
    root.querySelector(".frame").replaceChildren(buildTable(data));
    point(root, ...root.labState.at, { focus: focused });
    root.querySelector(".told").textContent = data.hint;
    markChosen(root, data.chosen);
  };
  if (!had || had.drawn !== drawn) onceReleased(root, redraw);
  else markChosen(root, data.chosen);

  const choose = (row, column) => {
    point(root, row, column, { focus: true });
    markChosen(root, [row, column]);
    setStateValue("cell", [row, column]);
  };
  const frame = root.querySelector(".frame");
  const where = (event) => {
    const cell = event.target.closest("td");
    return cell ? [+cell.dataset.row, +cell.dataset.column] : null;
  };
  frame.onclick = (event) => { const at = where(event); if (at) choose(...at); };
  frame.onmouseover = (event) => { const at = where(event); if (at) tell(root, ...at); };
  frame.onkeydown = (event) => {
    const at = where(event);
    if (!at) return;
    const move = MOVES[event.key];
    const last = data.labels.length - 1;
    if (move) point(root, at[0] + move[0], at[1] + move[1], { focus: true });
    else if (event.key === "Home") point(root, at[0], 0, { focus: true });
    else if (event.key === "End") point(root, at[0], last, { focus: true });
    else if (event.key === "Enter" || event.key === " ") choose(...at);
    else return;
    event.preventDefault();
    tell(root, ...root.labState.at);
  };
}
