// The lines between maps: always there as fine threads, and under the pointer weighed and coloured.

function thread(x1, y1, x2, y2) {
  const bend = Math.max(8, (x2 - x1) * 0.5);
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}C${(x1 + bend).toFixed(1)} ${y1.toFixed(1)} ${(x2 - bend).toFixed(1)} ${y2.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
}

// A skip leaves at the top of its column, runs above the others and comes down where it is added.
function arc(source, target, layout) {
  const below = source.lane > 0;
  const span = Math.min(1, (target.depth - source.depth) / 8);
  const y = below ? layout.top + layout.height + 10 : layout.top - 8 - span * (ARC_PX - 14);
  const x1 = rightEdge(source) - 4;
  const x2 = leftEdge(target) + 4;
  const from = below ? source.y + source.height : source.y + 2;
  const to = below ? target.y + target.height : target.y + 2;
  const bend = Math.min(26, (x2 - x1) / 3);
  return `M${x1} ${from}C${x1} ${y} ${x1} ${y} ${x1 + bend} ${y}L${x2 - bend} ${y}C${x2} ${y} ${x2} ${y} ${x2} ${to}`;
}

function linkPath(layout, node, link) {
  const source = layout.byId.get(link.source);
  const parts = [];
  for (const [start, end] of link.lines) {
    const y1 = placeY(source, start);
    const y2 = placeY(node, end);
    if (y1 !== undefined && y2 !== undefined) parts.push(thread(rightEdge(source) + 1, y1, leftEdge(node) - 1, y2));
  }
  return parts.join("");
}

function drawThreads(svg, layout, data) {
  svg.replaceChildren();
  svg.setAttribute("width", layout.width);
  svg.setAttribute("height", layout.tall);
  for (const node of layout.nodes) {
    for (const link of node.links) {
      const source = layout.byId.get(link.source);
      const isSkip = node.depth - source.depth > 1;
      svg.append(make("path", isSkip ? { class: "skip", d: arc(source, node, layout) } : { class: threadClass(link), d: linkPath(layout, node, link) }));
    }
  }
  drawPictureThreads(svg, layout);
  if (layout.hasClasses) drawClassThreads(svg, layout, data);
}

const threadClass = (link) => (link.lines.length > 12 ? "thread many" : "thread");

function drawPictureThreads(svg, layout) {
  const input = layout.nodes[0];
  const box = pictureBox(layout);
  const parts = [];
  for (let row = 0; row < input.n; row += 1) parts.push(thread(box.x + box.w, box.y + box.h / 2, leftEdge(input), placeY(input, row)));
  svg.append(make("path", { class: "thread", d: parts.join("") }));
}

function drawClassThreads(svg, layout, data) {
  const last = layout.nodes[layout.nodes.length - 1];
  const parts = data.classes.map((row, i) => {
    const from = last.column.form === "strip" ? placeY(last, (row.unit + 0.5) / last.column.shape[0]) : placeY(last, row.unit);
    return from === undefined ? "" : thread(rightEdge(last) + 1, from, layout.classX - 4, classY(layout, data, i));
  });
  svg.append(make("path", { class: "thread", d: parts.join("") }));
}

function pictureBox(layout) {
  const side = 1.5 * layout.tile;
  return { x: layout.pictureX, y: layout.top + layout.height / 2 - side / 2, w: side, h: side };
}

function classY(layout, data, row) {
  const last = layout.nodes[layout.nodes.length - 1];
  if (last.column.form === "units" && data.classes.length === last.n) return placeY(last, data.classes[row].unit);
  const pitch = Math.min(layout.height / data.classes.length, 52);
  return layout.top + (layout.height - pitch * data.classes.length) / 2 + (row + 0.5) * pitch;
}

// What one map is made of, and what it goes into: thickness is the size of the kernel's sum, colour its sign.
function drawHover(svg, layout, node, place) {
  svg.replaceChildren();
  svg.setAttribute("width", layout.width);
  svg.setAttribute("height", layout.tall);
  const touched = [];
  for (const link of node.links) {
    const source = layout.byId.get(link.source);
    const own = link.lines.filter((line) => line[1] === place);
    const largest = Math.max(1e-12, ...link.lines.map((line) => Math.abs(line[2] ?? 0)));
    for (const [start, , weight] of own) {
      const y1 = placeY(source, start);
      if (y1 === undefined) continue;
      const sign = weight === null ? "plain" : weight >= 0 ? "adds" : "subtracts";
      const size = weight === null ? 1.6 : 0.7 + (2.6 * Math.abs(weight)) / largest;
      svg.append(make("path", { class: `made ${sign}`, "stroke-width": size.toFixed(2), d: thread(rightEdge(source) + 1, y1, leftEdge(node) - 1, placeY(node, place)) }));
      touched.push([source, start]);
    }
  }
  for (const next of layout.nodes) {
    for (const link of next.links) {
      if (link.source !== node.id) continue;
      const parts = link.lines
        .filter((line) => line[0] === place && placeY(next, line[1]) !== undefined)
        .map((line) => thread(rightEdge(node) + 1, placeY(node, place), leftEdge(next) - 1, placeY(next, line[1])));
      if (parts.length) svg.append(make("path", { class: "feeds", d: parts.join("") }));
    }
  }
  for (const [source, start] of touched) {
    if (source.column.form === "strip") continue;
    const box = tileBox(source, start);
    svg.append(make("rect", { class: "touched", x: box.x - 1.5, y: box.y - 1.5, width: box.w + 3, height: box.h + 3, rx: 4 }));
  }
  return touched.length;
}
