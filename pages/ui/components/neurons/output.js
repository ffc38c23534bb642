// The plane: what the network answers everywhere, the points, and the place that is worked out. The mouse moves that place
// and clicks add points; so do the arrow keys and Enter.

const NUDGE = 0.25;

function mountOutput(view) {
  const out = (view.out = { label: 1 });
  const part = element("div", "n-out", undefined, view.main);
  out.title = element("p", "n-out-title", "", part);
  out.frame = element("div", "n-plane", undefined, part);
  out.frame.tabIndex = 0;
  out.frame.setAttribute("role", "application");
  out.answer = element("canvas", "n-answer", undefined, out.frame);
  out.points = element("canvas", "n-points", undefined, out.frame);
  buildScale(out, part);
  buildPicker(view, part);
  out.switches = element("div", "n-switches", undefined, part);
  out.test = buildSwitch(view, "show_test", "Test points, hollow");
  out.hard = buildSwitch(view, "hard", "Only the decision");
  bindPlane(view);
  // Kept, because asking for a size in the middle of a drawing makes the browser lay the page out once more.
  new ResizeObserver(() => {
    out.side = out.frame.clientWidth;
    if (view.picture) drawOutput(view, view.picture);
  }).observe(out.frame);
}

function buildScale(out, part) {
  out.scale = element("div", "n-scale", undefined, part);
  out.low = element("span", "", "", out.scale);
  out.bar = element("canvas", "", undefined, out.scale);
  out.bar.setAttribute("aria-hidden", "true");
  out.high = element("span", "", "", out.scale);
}

function buildSwitch(view, field, text) {
  const label = element("label", "", undefined, view.out.switches);
  const input = element("input", "", undefined, label);
  input.type = "checkbox";
  input.onchange = () => view.tools.send({ [field]: input.checked }, { final: true });
  element("span", "", text, label);
  return input;
}

function buildPicker(view, part) {
  const { out } = view;
  out.picker = element("fieldset", "n-picker", undefined, part);
  element("legend", "n-quiet", "A click adds a point of class", out.picker);
  out.choices = CLASS_NAMES.map((name, label) => {
    const option = element("label", "live-option", undefined, out.picker);
    const input = element("input", "", undefined, option);
    input.type = "radio";
    input.name = "n-class";
    input.checked = label === out.label;
    input.onchange = () => { out.label = label; };
    const face = element("span", "", undefined, option);
    const mark = make("svg", { viewBox: "-8 -8 16 16", width: 14, height: 14, "aria-hidden": "true" }, face);
    const shapes = ["M0-5.5a5.5 5.5 0 1 1-.01 0z", "M-5-5H5V5H-5z", "M0-6.5 6 4.5H-6z"];
    make("path", { d: shapes[label], class: `n-class-${label}` }, mark);
    element("span", "", name, face);
    return input;
  });
  out.clear = textButton(out.picker, "Clear mine", () => view.tools.send({ points: [] }, { final: true }));
}

function drawOutput(view, picture) {
  const { out, scheme } = view;
  const { side } = out;
  if (!view.tools.busy) out.moved = null;
  if (!side) return;
  const hovered = view.hovered;
  const shown = hovered ? pictureOf(picture, ...hovered) : picture.answer;
  const isNumber = picture.task.classes === 0;
  out.title.textContent = hovered ? nodeName(picture, ...hovered) : "What the network answers";
  if (!hovered && picture.task.classes > 2) paintWinners(out.answer, picture.answer, picture.sureness, scheme);
  else paintBytes(out.answer, shown, scheme);
  drawPoints(view, picture, side);
  drawScale(view, picture, hovered, shown, isNumber);
  out.picker.hidden = isNumber;
  out.test.checked = view.tools.values.show_test;
  out.hard.checked = view.tools.values.hard;
  out.clear.hidden = !view.tools.values.points.length;
  const place = picture.sum.point.map((value) => numberText(value, 3)).join(", ");
  out.frame.setAttribute("aria-label", `The plane. Arrow keys move the point, now at ${place}.${isNumber ? "" : " Enter adds a point."}`);
}

// Hundreds of dots cost milliseconds and seldom change while the colours under them do.
function drawPoints(view, picture, side) {
  const { out, scheme } = view;
  const parts = [side, scheme, picture.train, picture.test, ...picture.sum.point];
  if (out.parts?.every((part, i) => part === parts[i])) return;
  out.parts = parts;
  const context = sharpContext(out.points, side);
  const size = side < 260 ? 3 : 3.7;
  if (picture.test) paintPoints(context, picture.test, picture.task, { side, size, scheme, hollow: true });
  paintPoints(context, picture.train, picture.task, { side, size, scheme, hollow: false });
  paintProbe(context, picture, side, scheme);
}

function drawScale(view, picture, hovered, shown, isNumber) {
  const { out, scheme } = view;
  const isClasses = !hovered && picture.task.classes > 2;
  out.scale.hidden = isClasses;
  if (isClasses) return;
  const isChance = !isNumber && (!hovered || hovered[0] > picture.layers.length);
  out.low.textContent = isChance ? (picture.task.classes > 2 ? "not this class" : `class ${CLASS_NAMES[0]}`) : numberText(-shown.limit, 2);
  out.high.textContent = isChance ? (picture.task.classes > 2 ? "this class" : `class ${CLASS_NAMES[1]}`) : numberText(shown.limit, 2);
  if (out.bar.scheme === scheme) return;
  out.bar.scheme = scheme;
  Object.assign(out.bar, { width: 255, height: 1 });
  const context = out.bar.getContext("2d");
  for (let i = 0; i < 255; i += 1) {
    context.fillStyle = cssColour(COLOURS[scheme][softened(i + 1)]);
    context.fillRect(i, 0, 1, 1);
  }
}

// A cross with a light and a dark line, to be seen on every colour.
function paintProbe(context, picture, side, scheme) {
  const half = picture.task.half_width;
  const [x, y] = [side / 2 + (picture.sum.point[0] * side) / (2 * half), side / 2 - (picture.sum.point[1] * side) / (2 * half)];
  for (const [colour, width] of [[scheme === "dark" ? "#000" : "#fff", 5], [scheme === "dark" ? "#fff" : "#101826", 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 10 * dx, y + 10 * dy);
    }
    context.stroke();
  }
}

function bindPlane(view) {
  const { out } = view;
  const place = (event) => {
    const box = out.frame.getBoundingClientRect();
    const half = view.picture.task.half_width;
    const inside = (share) => Math.round(clip((2 * share - 1) * half, -half, half) * 100) / 100;
    return [inside((event.clientX - box.left) / box.width), -inside((event.clientY - box.top) / box.height)];
  };
  out.frame.onpointermove = (event) => { if (event.pointerType === "mouse") movePoint(view, place(event)); };
  out.frame.onclick = (event) => addPoint(view, place(event));
  out.frame.onkeydown = (event) => {
    const move = MOVES[event.key];
    const half = view.picture.task.half_width;
    const at = out.moved ?? view.picture.sum.point;
    if (move) {
      event.preventDefault();
      const far = event.shiftKey ? 4 * NUDGE : NUDGE;
      movePoint(view, [clip(at[0] + far * move[0], -half, half), clip(at[1] - far * move[1], -half, half)]);
    } else if (event.key === "Enter") addPoint(view, at);
  };
}

// Looking around is no step of the undo history; the place is settled with the next point or neuron.
function movePoint(view, [x1, x2]) {
  view.out.moved = [x1, x2]; // the next key counts from here, also before the answer
  view.tools.act("probe", { x1, x2 }, { latest: true });
}

function addPoint(view, [x1, x2]) {
  const { tools, out, picture } = view;
  if (picture.task.classes === 0) { tools.send({ probe: [x1, x2] }, { final: true }); return; }
  tools.send({ probe: [x1, x2], points: [...tools.values.points, [x1, x2, out.label]] }, { final: true });
  tools.say(`Point of class ${CLASS_NAMES[out.label]} added at ${numberText(x1, 3)}, ${numberText(x2, 3)}.`);
}
