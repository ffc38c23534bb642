// The latest runs as a table of four columns. Built on element.js.

const HEADS = [["Run", ""], ["Status", ""], ["Epoch", "number"], ["Best test accuracy", "number"]];

function runLine(row) {
  const line = element("tr");
  const name = element("th", "", undefined, line);
  name.scope = "row";
  element("b", "", row.title, name);
  name.append(" ");
  element("span", "data", row.data, name);
  const status = element("td", `status ${row.tone}`, undefined, line);
  element("span", "sign", row.sign, status).setAttribute("aria-hidden", "true");
  status.append(row.status);
  element("td", "number", row.epochs, line);
  element("td", "number", row.accuracy || "–", line);
  return line;
}

export default function (component) {
  const { data, parentElement } = component;
  const place = parentElement.querySelector(".latest");
  const table = element("table");
  table.setAttribute("aria-label", "Latest runs");
  const head = element("tr", "", undefined, element("thead", "", undefined, table));
  for (const [words, kind] of HEADS) element("th", kind, words, head).scope = "col";
  element("tbody", "", undefined, table).append(...data.rows.map(runLine));
  place.replaceChildren(table);
}
