// The numbers of a drawing as a table, folded away; filled when it is opened, so that a drag does not pay for it.

function drawTable(host, options) {
  const table = (host.liveTable ??= newTable(host));
  table.options = options;
  table.summary.textContent = options.title ?? "The numbers as a table";
  if (table.details.open) fillTable(table);
}

function newTable(host) {
  const details = element("details", "live-details", undefined, host);
  const table = { details, summary: element("summary", "", "", details) };
  table.scroller = element("div", "live-table-scroller", undefined, details);
  table.scroller.tabIndex = 0;
  table.scroller.setAttribute("role", "region");
  details.ontoggle = () => { if (details.open) fillTable(table); };
  return table;
}

function fillTable({ scroller, options }) {
  scroller.setAttribute("aria-label", options.caption);
  scroller.replaceChildren();
  const table = element("table", "live-table", undefined, scroller);
  element("caption", "", options.caption, table);
  const head = element("tr", "", undefined, element("thead", "", undefined, table));
  for (const name of options.head) {
    const cell = element(name === "" ? "td" : "th", "", name, head);
    if (name !== "") cell.scope = "col";
  }
  const body = element("tbody", "", undefined, table);
  for (const row of options.rows) {
    const line = element("tr", "", undefined, body);
    row.forEach((value, i) => {
      const cell = element(i === 0 ? "th" : "td", "", typeof value === "number" ? numberText(value, 6) : String(value ?? "–"), line);
      if (i === 0) cell.scope = "row";
    });
  }
}
