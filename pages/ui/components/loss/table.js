// A table whose cells are kept from one answer to the next: only their text and colour change, so focus and scrolling stay.

function keptTable(host, caption) {
  const scroller = element("div", "loss-scroller", undefined, host);
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", caption);
  const table = element("table", "loss-table", undefined, scroller);
  element("caption", "", caption, table);
  return { table, head: element("thead", "", undefined, table), body: element("tbody", "", undefined, table), key: null };
}

// Build head and rows when `key` has changed; `rows` are lists of {tag, className, span} and become lists of cells.
function shapeTable(kept, key, head, rows) {
  if (kept.key === key) return;
  kept.key = key;
  const top = element("tr");
  for (const text of head) {
    const cell = element(text === "" ? "td" : "th", "", text, top);
    if (text !== "") cell.scope = "col";
  }
  kept.head.replaceChildren(top);
  kept.body.replaceChildren();
  kept.rows = rows.map((row) => {
    const line = element("tr", row.className ?? "", undefined, kept.body);
    return row.cells.map(({ tag = "td", className = "", span }) => {
      const cell = element(tag, className, "", line);
      if (tag === "th") cell.scope = "row";
      if (span) cell.colSpan = span;
      return cell;
    });
  });
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
