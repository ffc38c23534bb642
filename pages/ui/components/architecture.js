// The architecture drawing: paints the boxes that Python placed, and says which one was chosen.
// Built on paint.js and chosen_layer.js; one function per part of the picture; handlers are assigned, so a redraw never stacks them.

function paintWires(svg, wires) {
  for (const wire of wires) make("path", { d: wire.path, class: `wire${wire.is_arc ? " arc" : ""}` }, svg);
}

function paintBlock(svg, block, number) {
  const group = make("g", {
    class: `block${block.error ? " broken" : ""}`,
    style: `--c: var(--group-${block.group})`,
    role: "option",
    id: `block-${number}`,
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

function paintLabel(svg, block, labelY) {
  const label = make("g", { class: `label${block.has_label ? "" : " extra"}`, "aria-hidden": "true" }, svg);
  make("text", { x: block.label_x, y: labelY, class: "name" }, label).textContent = block.id;
  make("text", { x: block.label_x, y: labelY + 14, class: "shape" }, label).textContent = block.shape;
}

// A choice changes classes and paints nothing anew. Blocks and labels stand in the order of the data.
function markChosen(svg, data, chosen) {
  const place = data.blocks.findIndex((block) => block.id === chosen);
  const number = (nodes, each) => nodes.forEach((node, at) => each(node, at === place));
  number(svg.querySelectorAll(".block"), (block, isChosen) => {
    block.classList.toggle("chosen", isChosen);
    block.setAttribute("aria-selected", isChosen);
  });
  number(svg.querySelectorAll(".label"), (label, isChosen) => label.classList.toggle("chosen", isChosen));
  svg.querySelectorAll(".wire").forEach((path, at) => {
    const { source, target } = data.wires[at];
    path.classList.toggle("touched", source === chosen || target === chosen);
  });
  hideCoveredLabels(svg, svg.querySelector(".label.chosen"));
  svg.setAttribute("aria-activedescendant", place < 0 ? "" : `block-${place}`);
}

// Labels of neighbours step aside for the chosen one's, which is drawn even where it found no room.
function hideCoveredLabels(svg, chosen) {
  const labels = [...svg.querySelectorAll(".label:not(.extra)")];
  const box = chosen?.getBBox();
  // All are measured before any is changed, or the browser would lay out the drawing once a label.
  const covered = labels.map((label) => {
    if (!box || label === chosen) return false;
    const other = label.getBBox();
    return other.x < box.x + box.width + 4 && box.x < other.x + other.width + 4;
  });
  labels.forEach((label, at) => { label.style.visibility = covered[at] ? "hidden" : ""; });
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
  const { data, parentElement } = component;
  const stage = parentElement.querySelector(".stage");
  const scroller = parentElement.querySelector(".scroller");
  const tip = parentElement.querySelector(".tip");
  const svg = parentElement.querySelector("svg");
  const has = (id) => data.blocks.some((block) => block.id === id);
  let chosen = has(chosenLayer.id) ? chosenLayer.id : data.selected;

  const paint = () => {
    svg.replaceChildren();
    paintWires(svg, data.wires);
    data.blocks.forEach((block, number) => {
      const group = paintBlock(svg, block, number);
      group.onpointerenter = () => showTip(stage, tip, block, group);
      group.onpointerleave = () => { tip.hidden = true; };
      group.onclick = () => chooseLayer(block.id);
    });
    for (const block of data.blocks) paintLabel(svg, block, data.label_y);
    markChosen(svg, data, chosen);
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
    chooseLayer(data.blocks[Math.min(last, Math.max(0, next))].id);
    showTip(stage, tip, data.blocks[Math.min(last, Math.max(0, next))], svg.querySelector(".block.chosen"));
  };
  svg.onblur = () => { tip.hidden = true; };
  fillLegend(parentElement.querySelector(".legend"), data.blocks);
  paint();
  if (stage.dataset.shown !== chosen) bringIntoView();
  stage.dataset.shown = chosen;
  chosenLayer.shown.drawing = (id) => {
    if (!has(id)) return;
    chosen = stage.dataset.shown = id;
    markChosen(svg, data, id);
    bringIntoView();
  };
}
