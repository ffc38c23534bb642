// A network as blocks with three faces, for cards. Python puts it before their own code.

function paintFaces(group, block) {
  for (const face of ["top", "side", "front"]) {
    make("polygon", { class: face, points: block[face].map((corner) => corner.join(",")).join(" ") }, group);
  }
}

// A whole network without words, for cards: scales to its place.
function paintStill(svg, drawing) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.label_y - 8}`);
  svg.setAttribute("preserveAspectRatio", "xMidYMid meet");
  svg.setAttribute("aria-hidden", "true");
  for (const wire of drawing.wires) make("path", { d: wire.path, class: `wire${wire.is_arc ? " arc" : ""}` }, svg);
  for (const block of drawing.blocks) {
    paintFaces(make("g", { class: "block", style: `--c: var(--group-${block.group.toLowerCase()})` }, svg), block);
  }
}
