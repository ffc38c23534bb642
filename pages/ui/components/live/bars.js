// Bars with their numbers: one row each, from zero, to the right or to the left.

function drawBars(host, options) {
  const { label, rows, onPick } = options;
  host.classList.add("live-bars");
  const list = (host.liveBars ??= element("ul", "live-bar-list", undefined, host));
  list.setAttribute("aria-label", label ?? "");
  while (list.childElementCount > rows.length) list.lastElementChild.remove();
  while (list.childElementCount < rows.length) list.append(newBar());
  const numbers = rows.map((row) => row.value).filter(Number.isFinite);
  const [low, high] = options.range ?? [Math.min(0, ...numbers), Math.max(1e-12, ...numbers)];
  const place = (value) => clip((value - low) / (high - low || 1), 0, 1) * 100;
  rows.forEach((row, i) => fillBar(list.children[i], row, place, onPick && (() => onPick(i))));
}

function newBar() {
  const item = element("li", "live-bar-row");
  element("span", "live-bar-label", "", item);
  const track = element("span", "live-bar-track", undefined, item);
  element("span", "live-bar-fill", "", track);
  element("span", "live-bar-value", "", item);
  return item;
}

function fillBar(item, row, place, pick) {
  const [label, track, value] = item.children;
  if (pick && !label.querySelector("button")) {
    label.replaceChildren();
    element("button", "live-bar-pick", "", label).type = "button";
  } else if (!pick && label.querySelector("button")) {
    label.replaceChildren();
  }
  const name = label.querySelector("button") ?? label;
  if (name.textContent !== row.label) name.textContent = row.label;
  if (pick) {
    name.onclick = pick;
    name.setAttribute("aria-pressed", String(Boolean(row.mark)));
  }
  item.classList.toggle("marked", Boolean(row.mark));
  value.textContent = row.text ?? numberText(row.value);
  const fill = track.firstElementChild;
  const [from, to] = [place(0), place(Number.isFinite(row.value) ? row.value : 0)].sort((a, b) => a - b);
  fill.style.left = `${from}%`;
  fill.style.width = `${to - from}%`;
  fill.style.background = row.colour === undefined ? "" : seriesColour(row.colour, 0);
}
