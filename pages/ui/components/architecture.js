// The architecture drawing: paints the boxes that Python placed, and says which one was chosen.
// Built on paint.js; one function per part of the picture; handlers are assigned, so a redraw never stacks them.

function paintWires(svg, wires, chosen) {
  for (const wire of wires) {
    const touches = chosen && (wire.source === chosen || wire.target === chosen);
    make("path", { d: wire.path, class: `wire${wire.is_arc ? " arc" : ""}${touches ? " touched" : ""}` }, svg);
  }
}

function paintBlock(svg, block, number, chosen) {
  const group = make("g", {
    class: `block${block.id === chosen ? " chosen" : ""}${block.error ? " broken" : ""}`,
    style: `--c: var(--group-${block.group})`,
    role: "option",
    id: `block-${number}`,
    "aria-selected": block.id === chosen,
    "aria-label": block.tip.map((line) => line.join(" ")).join(", "),
  }, svg);
  paintFaces(group, block);
  if (block.error) {
    const [x, y] = block.front[0];
    const sign = make("g", { class: "sign", transform: `translate(${x + 4},${y - 9})` }, group);
    make("circle", { r: 7.5 }, sign);
    make("text", { "text-anchor": "middle", y: 4 }, sign).textContent = "!";
  }
  return group;
}

function paintLabel(svg, block, labelY, chosen) {
  if (!block.has_label && block.id !== chosen) return;
  const label = make("g", { class: `label${block.id === chosen ? " chosen" : ""}`, "aria-hidden": "true" }, svg);
  make("text", { x: block.label_x, y: labelY, class: "name" }, label).textContent = block.id;
  make("text", { x: block.label_x, y: labelY + 14, class: "shape" }, label).textContent = block.shape;
}

// Labels of neighbours step aside for the chosen one's, which is drawn even where it found no room.
function hideCoveredLabels(svg) {
  const chosen = svg.querySelector(".label.chosen");
  if (!chosen) return;
  const box = chosen.getBBox();
  for (const label of svg.querySelectorAll(".label:not(.chosen)")) {
    const other = label.getBBox();
    if (other.x < box.x + box.width + 4 && box.x < other.x + other.width + 4) label.style.visibility = "hidden";
  }
}

// What the colours and the sizes mean, with the groups that this network has.
function fillLegend(place, blocks) {
  place.replaceChildren();
  for (const group of new Set(blocks.map((block) => block.group))) {
    const entry = place.appendChild(document.createElement("span"));
    entry.style.setProperty("--c", `var(--group-${group})`);
    entry.className = "entry";
    entry.textContent = group;
  }
  const scale = place.appendChild(document.createElement("span"));
  scale.textContent = "height and depth: picture size; width: channels (on a compressed scale)";
}

function showTip(stage, tip, block, target) {
  tip.replaceChildren();
  const title = document.createElement("strong");
  title.textContent = block.tip[0].join(" ");
  tip.appendChild(title);
  const list = document.createElement("dl");
  for (const [name, value] of block.tip.slice(1)) {
    list.appendChild(document.createElement("dt")).textContent = name;
    list.appendChild(document.createElement("dd")).textContent = value;
  }
  tip.appendChild(list);
  if (block.error) {
    const error = tip.appendChild(document.createElement("p"));
    error.className = "error";
    error.textContent = block.error;
  }
  tip.hidden = false;
  const frame = stage.getBoundingClientRect();
  const box = target.getBoundingClientRect();
  const left = Math.min(Math.max(4, box.left - frame.left - 20), Math.max(4, frame.width - tip.offsetWidth - 4));
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(0, box.bottom - frame.top + 8)}px`;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const stage = parentElement.querySelector(".stage");
  const scroller = parentElement.querySelector(".scroller");
  const tip = parentElement.querySelector(".tip");
  const svg = parentElement.querySelector("svg");
  let chosen = data.selected;
  let sending = 0;

  const paint = () => {
    svg.replaceChildren();
    paintWires(svg, data.wires, chosen);
    data.blocks.forEach((block, number) => {
      const group = paintBlock(svg, block, number, chosen);
      group.onpointerenter = () => showTip(stage, tip, block, group);
      group.onpointerleave = () => { tip.hidden = true; };
      group.onclick = () => choose(block.id);
    });
    for (const block of data.blocks) paintLabel(svg, block, data.label_y, chosen);
    hideCoveredLabels(svg);
    const number = data.blocks.findIndex((block) => block.id === chosen);
    svg.setAttribute("aria-activedescendant", number < 0 ? "" : `block-${number}`);
  };

  const choose = (id) => {
    chosen = id;
    paint();
    bringIntoView();
    // Arrow keys held down would send dozens of choices: the last one counts.
    clearTimeout(sending);
    sending = setTimeout(() => setTriggerValue("chosen", id), 60);
  };

  const bringIntoView = () => {
    const block = data.blocks.find((candidate) => candidate.id === chosen);
    if (!block || scroller.scrollWidth <= scroller.clientWidth) return;
    const left = block.label_x - scroller.clientWidth / 2;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ left, behavior: calm ? "auto" : "smooth" });
  };

  svg.setAttribute("viewBox", `0 0 ${data.width} ${data.height}`);
  svg.setAttribute("width", data.width);
  svg.setAttribute("height", data.height);
  svg.setAttribute("aria-label", data.label);
  svg.onkeydown = (event) => {
    const number = data.blocks.findIndex((block) => block.id === chosen);
    const last = data.blocks.length - 1;
    const next = { ArrowLeft: number - 1, ArrowRight: number + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose(data.blocks[Math.min(last, Math.max(0, next))].id);
    showTip(stage, tip, data.blocks[Math.min(last, Math.max(0, next))], svg.querySelector(".block.chosen"));
  };
  svg.onblur = () => { tip.hidden = true; };
  fillLegend(parentElement.querySelector(".legend"), data.blocks);
  paint();
  if (stage.dataset.shown !== data.selected) bringIntoView();
  stage.dataset.shown = data.selected;
  return () => clearTimeout(sending);
}
