// All topics of the questions: a bar and the facts of each, and a button. Rows are Python's.

function cell(line, className, text) {
  const made = element("td", className, text);
  line.append(made);
  return made;
}

function drawRow(body, row, practise) {
  const line = body.insertRow();
  line.dataset.topic = row.topic;
  const name = element("th", "name", row.title, line);
  name.scope = "row";
  if (row.mistake) element("span", "mistake", `Most often: ${row.mistake}`, name);
  const share = cell(line, "share");
  if (row.answers) {
    const bar = element("span", "bar", undefined, share);
    bar.setAttribute("aria-hidden", "true");
    element("span", "fill", undefined, bar).style.width = `${row.percent}%`;
    element("span", "percent", `${row.percent} %`, share);
  } else element("span", "quiet", "not tried yet", share);
  cell(line, "answers", row.answers);
  cell(line, "level", row.level);
  cell(line, row.is_due ? "due now" : "due", row.due);
  const button = element("button", "", "Practise", cell(line, "go"));
  button.type = "button";
  button.setAttribute("aria-label", `Practise ${row.title}`);
  button.onclick = () => practise(row.topic);
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".board");
  const drawn = JSON.stringify(data.groups);
  if (root.drawn === drawn) return;
  root.drawn = drawn;
  const active = parentElement.activeElement?.closest("tr")?.dataset.topic;
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const title of ["Topic", "Known", "Answers", "Next", "Repeat", "Practise"]) {
    const column = element("th", title.toLowerCase(), undefined, head);
    column.scope = "col";
    element("span", title === "Practise" ? "hidden" : "", title, column);
  }
  for (const group of data.groups) {
    const body = table.createTBody();
    const title = element("th", "group", group.title, body.insertRow());
    title.colSpan = 6;
    title.scope = "rowgroup";
    for (const row of group.rows) drawRow(body, row, (topic) => setTriggerValue("practise", topic));
  }
  root.replaceChildren(table);
  if (active) root.querySelector(`tr[data-topic="${CSS.escape(active)}"] button`)?.focus();
}
