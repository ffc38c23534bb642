// A neuron over the plane: its answers as colours, the line where its sum is zero, and the same line without the bias.

const STAGE = {
  mount(root, tools) {
    const scene = element("div", "bias-scene", undefined, root);
    const plane = makePlane(scene, "");
    const side = element("div", "bias-side", undefined, scene);
    root.parts = {
      plane,
      formula: element("p", "bias-formula", "", side),
      facts: element("dl", "bias-facts", undefined, side),
      legend: element("p", "bias-legend", "", side),
      colours: element("p", "bias-legend", "", side),
      point: element("p", "bias-point", "", side),
      table: element("div", "bias-table", undefined, root),
    };
    root.at = null;
    bindLine(root, tools);
    bindPoints(root, tools);
  },

  draw(root, picture, tools) {
    const { plane, formula, facts, colours, legend, table } = root.parts;
    root.picture = picture;
    if (root.at >= picture.n) root.at = null; // a point that is gone is no longer held
    drawPlaneAxes(plane, { x: [-picture.half, picture.half], y: [-picture.half, picture.half] }, ["x1", "x2"]);
    paintMap(plane.canvas, picture.map);
    moveLine(plane, "plain", picture.plain);
    moveLine(plane, "arm", picture.foot && picture.line ? [[0, 0], picture.foot] : null);
    moveLine(plane, "decision", picture.line);
    drawPlanePoints(plane, picture.x1, picture.x2, picture.labels, picture.right);
    const { w1, w2, bias } = tools.values;
    formula.textContent = `sum = ${numberText(w1)} · x1 ${signedText(w2)} · x2 ${signedText(bias)}`;
    showFacts(facts, [
      ["Points on the right side", `${picture.n_right} of ${picture.n}`, "loud"],
      ["The same without bias", `${picture.n_right_without} of ${picture.n}`],
      ["Line's distance from (0, 0), |b| / ‖w‖", picture.distance === null ? "no line" : numberText(picture.distance)],
    ]);
    colours.textContent = colourWords(picture.scale);
    legend.textContent = lineWords(picture);
    plane.svg.setAttribute("aria-label", `The plane from ${numberText(-picture.half)} to ${numberText(picture.half)}. ${legend.textContent} ${picture.n_right} of ${picture.n} points are on the right side.`);
    showPoint(root);
    drawTable(table, {
      caption: "The points, their sums and the neuron's answers",
      head: ["x1", "x2", "class", "sum", "answer"],
      rows: picture.x1.map((x1, i) => [x1, picture.x2[i], picture.labels[i], picture.sums[i], picture.outputs[i]].map((value) => numberText(value))),
    });
  },
};

const signedText = (value) => (value < 0 ? `− ${numberText(-value)}` : `+ ${numberText(value)}`);

function colourWords([low, middle, high]) {
  const red = low < middle ? `red ${numberText(low)}${Math.abs(low) > 1 ? " and less" : ""}, ` : "";
  return `Colour, the neuron's answer: ${red}none ${numberText(middle)}, blue ${numberText(high)}${high > 1 ? " and more" : ""}.`;
}

function lineWords(picture) {
  if (picture.distance === null) return "Both weights are 0: there is no line, and the answer is the same everywhere.";
  if (!picture.line) return "The line lies outside of this square: the sum has the same sign everywhere in it.";
  return "Solid: the line where the sum is 0. Dashed: the same line without bias, always through (0, 0). Circles are class 0, squares class 1; crossed out: on the wrong side.";
}

// Dragging on the plane moves the line under the pointer; which bias that takes, Python says.
function bindLine(root, tools) {
  const { svg } = root.parts.plane;
  const follow = (event) => tools.act("through", planePoint(root.parts.plane, event), { latest: true });
  svg.onpointerdown = (event) => {
    if (event.button) return;
    svg.setPointerCapture(event.pointerId);
    root.isDragged = true;
    follow(event);
  };
  svg.onpointermove = (event) => {
    if (root.isDragged) follow(event);
    else hover(root, event);
  };
  svg.onpointerup = svg.onpointercancel = () => {
    if (!root.isDragged) return;
    root.isDragged = false;
    tools.send({}, { final: true });
  };
  svg.onpointerleave = () => { if (!root.isDragged) pick(root, null); };
}

function hover(root, event) {
  const { x, y } = planePoint(root.parts.plane, event);
  const { x1, x2 } = root.picture;
  let best = null;
  let nearest = 0.25;
  x1.forEach((place, i) => {
    const distance = Math.hypot(place - x, x2[i] - y);
    if (distance < nearest) [nearest, best] = [distance, i];
  });
  pick(root, best);
}

// By keyboard: left and right walk through the points.
function bindPoints(root, tools) {
  const { host } = root.parts.plane;
  host.tabIndex = 0;
  host.setAttribute("role", "application");
  host.setAttribute("aria-label", "The plane; left and right arrow keys walk through the points");
  host.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const { n } = root.picture;
    pick(root, root.at === null ? (step > 0 ? 0 : n - 1) : (root.at + step + n) % n);
    tools.say(root.parts.point.textContent);
  };
  host.onblur = () => pick(root, null);
}

function pick(root, number) {
  if (root.at === number) return;
  root.at = number;
  showPoint(root);
}

function showPoint(root) {
  const { plane, point } = root.parts;
  const { picture } = root;
  plane.marks.forEach((group, i) => group.classList.toggle("picked", i === root.at));
  if (root.at === null) {
    point.textContent = "Point at a dot, or press the arrow keys, and its sum is written out here.";
    return;
  }
  const i = root.at;
  const verdict = picture.right[i] ? "right" : "wrong";
  point.textContent = `Point (${numberText(picture.x1[i], 3)}, ${numberText(picture.x2[i], 3)}), class ${picture.labels[i]}: `
    + `${numberText(picture.products[0][i])} ${signedText(picture.products[1][i])} ${signedText(picture.bias)} = ${numberText(picture.sums[i])}, `
    + `answer ${numberText(picture.outputs[i])}: ${verdict}.`;
}
