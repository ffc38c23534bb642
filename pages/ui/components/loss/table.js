// A table whose cells are kept from one answer to the next: only their text and colour change, so focus and scrolling stay.
// Where its shape changes, what is the same at both ends stays, too.

function keptTable(host, caption) {
  const scroller = element("div", "loss-scroller", undefined, host);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", caption);
  const table = element("table", "loss-table", undefined, scroller);
  element("caption", "", caption, table);
  const head = element("tr", "", undefined, element("thead", "", undefined, table));
  return { table, head, body: element("tbody", "", undefined, table), key: null, headCells: [], lines: [] };
}

// Shape head and rows when `key` has changed; `rows` are lists of {tag, className, span} and become lists of cells. Rows
// that are not alike have another `id`.
function shapeTable(kept, key, head, rows) {
  if (kept.key === key) return;
  kept.key = key;
  kept.headCells = keepEnds(kept.head, kept.headCells, head.map((text) => ({ tag: text === "" ? "td" : "th", text })), headCell);
  kept.lines = keepEnds(kept.body, kept.lines, rows.map(({ className = "", id = "" }) => ({ tag: "tr", className, id })), ({ className }) => element("tr", className));
  kept.rows = kept.lines.map((line, i) => {
    const specs = rows[i].cells.map(({ tag = "td", className = "" }) => ({ tag, className }));
    line.cells = keepEnds(line.node, line.cells ?? [], specs, bodyCell);
    return line.cells.map(({ node }, k) => {
      node.colSpan = rows[i].cells[k].span ?? 1;
      return node;
    });
  });
}

function headCell({ tag, text }) {
  const cell = element(tag, "", text);
  if (tag === "th") cell.scope = "col";
  return cell;
}

function bodyCell({ tag, className }) {
  const cell = element(tag, className, "");
  if (tag === "th") cell.scope = "row";
  return cell;
}

// Make the children of `parent` what `specs` say: [{spec, node}] of before, and of now.
function keepEnds(parent, before, specs, build) {
  const isSame = (entry, spec) => ["tag", "className", "id", "text"].every((part) => entry.spec[part] === spec[part]);
  const most = Math.min(before.length, specs.length);
  let first = 0;
  while (first < most && isSame(before[first], specs[first])) first += 1;
  let last = 0;
  while (last < most - first && isSame(before.at(-1 - last), specs.at(-1 - last))) last += 1;
  const tail = before.slice(before.length - last);
  for (const { node } of before.slice(first, before.length - last)) node.remove();
  const made = specs.slice(first, specs.length - last).map((spec) => {
    const node = build(spec);
    parent.insertBefore(node, tail[0]?.node ?? null);
    return { spec, node };
  });
  return [...before.slice(0, first), ...made, ...tail];
}

const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// A number on the colour scale that all stages share: blue pushes up, orange-red down.
function setGradient(cell, value, limit) {
  setText(cell, numberText(value, 3));
  const look = lookOf(value, limit);
  cell.style.background = look.background;
  cell.style.color = look.color;
}

// A formula in plain symbols with its indices below and its powers above the line: "p_t", "(1 − p)^γ".
function setFormula(node, text) {
  if (node.dataset.formula === text) return;
  node.dataset.formula = text;
  node.replaceChildren();
  let from = 0;
  for (const found of text.matchAll(/_([a-z])|\^([\dγ.]+)/g)) {
    node.append(text.slice(from, found.index));
    element(found[1] ? "sub" : "sup", "", found[1] ?? found[2], node);
    from = found.index + found[0].length;
  }
  node.append(text.slice(from));
}
