// The chosen activations as chips in their curve's colour and dash, each with a button to take it off, and a menu to add.

function drawChosen(host, { rows, menu, onChange }) {
  const chosen = (host.labChosen ??= newChosen(host));
  const kinds = rows.map((row) => row.kind);
  if (chosen.key === kinds.join()) return;
  const held = chosen.list.contains(host.getRootNode().activeElement);
  chosen.key = kinds.join();
  chosen.list.replaceChildren(...rows.map((row, i) => chipOf(row, i, () => onChange(kinds.filter((kind) => kind !== row.kind)), rows.length > 1)));
  fillMenu(chosen, menu.filter((entry) => !kinds.includes(entry.kind)), kinds, onChange);
  if (held) (chosen.list.querySelector("button") ?? chosen.menu).focus();
}

function newChosen(host) {
  host.classList.add("act-chosen");
  const chosen = { list: element("ul", "act-chips", undefined, host) };
  chosen.list.setAttribute("aria-label", "Activations shown");
  chosen.menu = element("select", "live-menu act-add", undefined, host);
  chosen.menu.setAttribute("aria-label", "Show one more activation");
  return chosen;
}

function chipOf(row, i, remove, isRemovable) {
  const chip = element("li", "act-chip");
  chip.title = row.sentence;
  chip.append(sampleOf(i));
  element("span", "", row.title, chip);
  if (isRemovable) {
    const button = element("button", "act-remove", "×", chip);
    button.type = "button";
    button.setAttribute("aria-label", `Take ${row.title} off`);
    button.onclick = remove;
  }
  return chip;
}

// A short piece of the curve's own line.
function sampleOf(i) {
  const svg = make("svg", { width: 24, height: 10, "aria-hidden": "true" });
  make("line", { x1: 1, x2: 23, y1: 5, y2: 5, style: `stroke:${seriesColour(undefined, i)};stroke-width:2.5;stroke-dasharray:${DASHES[i % DASHES.length]}` }, svg);
  return svg;
}

function fillMenu(chosen, entries, kinds, onChange) {
  const isFull = kinds.length >= MOST_CHOSEN;
  const first = element("option", "", isFull ? `${MOST_CHOSEN} at most` : "Add an activation…");
  chosen.menu.replaceChildren(first, ...entries.map((entry) => {
    const option = element("option", "", entry.title);
    option.value = entry.kind;
    option.title = entry.sentence;
    return option;
  }));
  chosen.menu.disabled = isFull;
  chosen.menu.onchange = () => {
    const kind = chosen.menu.value;
    if (chosen.menu.selectedIndex > 0) onChange([...kinds, kind]);
  };
}
