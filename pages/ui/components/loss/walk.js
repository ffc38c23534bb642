// A map of a loss of two numbers, the ways of the optimizers on it, and the loss step by step.

const BOX = { left: 44, top: 6, width: 480, height: 360, right: 532, bottom: 408 };
const FAR = 4000;
const COLOUR_MS = 300;

const STAGE = {
  mount(root, tools) {
    root.classList.add("loss-prediction");
    root.words = element("p", "loss-note", "", root);
    const frame = element("div", "loss-map", undefined, root);
    // Under the ways and in a layer of its own: drawn once, not at every step of a drag.
    root.ink = element("canvas", "loss-ink", undefined, frame);
    root.ink.setAttribute("aria-hidden", "true");
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(root.ink.style, {
      left: share(BOX.left, BOX.right), top: share(BOX.top, BOX.bottom),
      width: share(BOX.width, BOX.right), height: share(BOX.height, BOX.bottom),
    });
    root.svg = make("svg", { viewBox: `0 0 ${BOX.right} ${BOX.bottom}`, role: "group", "aria-label": "Map of the loss with the ways down" }, frame);
    mountMap(root, tools);
    root.player = element("div", "", undefined, root);
    root.walkers = element("ul", "loss-walkers", undefined, root);
    root.stability = element("p", "loss-note", "", root);
    const plot = element("div", "", undefined, root);
    element("div", "loss-title", "Loss above the lowest, step by step", plot);
    root.plot = element("div", "", undefined, plot);
    root.numbers = element("div", "", undefined, root);
    root.at = null;
  },
  draw(root, picture, tools) {
    const before = root.picture;
    root.picture = picture;
    setText(root.words, `${picture.formula}. ${picture.sentence}`);
    setText(root.stability, picture.stability);
    // Whoever looks at the last step stays at the last step.
    if (root.at === null || !before || root.at >= before.n_steps) root.at = picture.n_steps;
    root.at = Math.min(root.at, picture.n_steps);
    drawMap(root, picture, tools);
    drawWalkers(root, picture, tools);
    root.walk = player(root.player, {
      n: picture.n_steps + 1, at: root.walk?.playing ? undefined : root.at, first: 0, every: 90, label: "Steps of the optimizers",
      onStep: (i) => { root.at = i; drawWays(root); drawSteps(root); },
    });
    drawWays(root);
    drawSteps(root);
    drawWalkTable(root, picture);
  },
};

function mountMap(root, tools) {
  const { svg } = root;
  const definitions = make("defs", {}, svg);
  make("rect", { x: BOX.left, y: BOX.top, width: BOX.width, height: BOX.height }, make("clipPath", { id: "loss-clip" }, definitions));
  root.area = make("rect", { x: BOX.left, y: BOX.top, width: BOX.width, height: BOX.height, class: "loss-ground" }, svg);
  root.ticks = make("g", { "aria-hidden": "true" }, svg);
  root.ways = make("g", { "clip-path": "url(#loss-clip)", "aria-hidden": "true" }, svg);
  root.handle = make("g", { class: "loss-start", tabindex: 0, role: "slider" }, svg);
  make("circle", { r: 16, class: "loss-reach" }, root.handle);
  make("path", { d: "M-8 0H8M0 -8V8", class: "loss-cross" }, root.handle);
  bindStart(root, tools);
}

const placeX = (x, [low, high]) => BOX.left + clip(((x - low) / (high - low)) * BOX.width, -FAR, FAR);
const placeY = (y, [low, high]) => BOX.top + clip(((high - y) / (high - low)) * BOX.height, -FAR, FAR);

function bindStart(root, tools) {
  const { svg } = root;
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const [[left, right], [low, high]] = [root.picture.x_range, root.picture.y_range];
    return [left + ((point.x - BOX.left) / BOX.width) * (right - left), high - ((point.y - BOX.top) / BOX.height) * (high - low)];
  };
  const send = ([x, y], final) => {
    const round = (value, range) => Math.round(100 * clip(value, ...range)) / 100;
    const start = [round(x, root.picture.x_range), round(y, root.picture.y_range)];
    placeStart(root, start);
    root.pushed = start;
    tools.send({ start_x: start[0], start_y: start[1] }, { final });
  };
  const grasp = (event) => {
    if (event.button !== 0) return;
    root.isHeld = true;
    svg.setPointerCapture(event.pointerId);
    root.handle.focus({ preventScroll: true });
    send(at(event), false);
    event.preventDefault();
  };
  root.area.onpointerdown = root.handle.onpointerdown = grasp;
  svg.onpointermove = (event) => { if (root.isHeld) send(at(event), false); };
  svg.onpointerup = svg.onpointercancel = (event) => {
    if (!root.isHeld) return;
    root.isHeld = false;
    send(at(event), true);
  };
  root.handle.onkeydown = (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const [[left, right], [low, high]] = [root.picture.x_range, root.picture.y_range];
    const far = event.shiftKey ? 0.1 : 0.02;
    const [x, y] = root.start;
    send([x + arrow[1] * far * (right - left), y - arrow[0] * far * (high - low)], true);
  };
}

function placeStart(root, start) {
  root.start = start;
  const { x_range, y_range, axes } = root.picture;
  root.handle.setAttribute("transform", `translate(${placeX(start[0], x_range)} ${placeY(start[1], y_range)})`);
  setAttributes(root.handle, { "aria-label": "Start; arrow keys move it", "aria-valuenow": start[0], "aria-valuemin": x_range[0], "aria-valuemax": x_range[1], "aria-valuetext": `${axes[0]} ${numberText(start[0])}, ${axes[1]} ${numberText(start[1])}` });
}

function drawMap(root, picture, tools) {
  paintInk(root.ink, picture.map);
  const { start_x, start_y } = tools.values;
  const isOwn = tools.busy && String(root.pushed) === String([start_x, start_y]);
  if (!root.isHeld) placeStart(root, isOwn ? root.pushed : picture.start);
  const key = JSON.stringify([picture.axes, picture.x_range, picture.y_range]);
  if (root.ticksKey === key) return;
  root.ticksKey = key;
  root.ticks.replaceChildren();
  const write = (text, attributes) => { make("text", { class: "live-tick", ...attributes }, root.ticks).textContent = text; };
  for (const value of ticksOf({}, picture.x_range, 6)) write(numberText(value), { x: placeX(value, picture.x_range), y: BOX.top + BOX.height + 17, "text-anchor": "middle" });
  for (const value of ticksOf({}, picture.y_range, 6)) write(numberText(value), { x: BOX.left - 6, y: placeY(value, picture.y_range) + 4, "text-anchor": "end" });
  write(picture.axes[0], { x: BOX.left + BOX.width / 2, y: BOX.bottom - 6, "text-anchor": "middle" });
  write(picture.axes[1], { x: 12, y: BOX.top + BOX.height / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${BOX.top + BOX.height / 2})` });
}

// The map is ink of one colour, more of it where the loss is lower; the colour is the scheme's. To ask for that has the
// browser work out all styles, so while something is dragged it waits for a rest.
function paintInk(canvas, map) {
  clearTimeout(canvas.timer);
  if (canvas.map === map) canvas.timer = setTimeout(() => paintColour(canvas, map), COLOUR_MS);
  else paintColour(canvas, map);
}

function paintColour(canvas, map) {
  const colour = getComputedStyle(canvas).color;
  if (canvas.map === map && canvas.colour === colour) return;
  Object.assign(canvas, { map, colour });
  const image = new Image();
  image.onload = () => {
    if (canvas.map !== map || canvas.colour !== colour) return;
    Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  image.src = map;
}

function drawWays(root) {
  const { picture, ways, at } = root;
  const shown = picture.walkers.filter((row) => row.is_shown);
  while (ways.childElementCount > shown.length) ways.lastElementChild.remove();
  while (ways.childElementCount < shown.length) newWay(ways);
  shown.forEach((walker, i) => {
    const [halo, way, dots, head] = ways.children[i].children;
    const points = pointsOf(walker, picture);
    const last = Math.min(at, points.length - 1);
    // Most drags move the ways of one pair of optimizers, and the other pair's are drawn already.
    if (halo.drawn?.points === points && halo.drawn.last === last) return;
    halo.drawn = { points, last };
    const shownPoints = points.slice(0, last + 1);
    const d = `M${shownPoints.join("L")}`;
    const colour = seriesColour(walker.colour, 0);
    halo.setAttribute("d", d);
    setAttributes(way, { d, style: `stroke:${colour};stroke-dasharray:${DASHES[walker.colour]}` });
    setAttributes(dots, { d: shownPoints.slice(1).map((point) => `M${point}h0`).join(""), style: `stroke:${colour}` });
    const [cx, cy] = points[last].split(" ");
    setAttributes(head, { cx, cy, style: `fill:${colour}` });
  });
}

// Where the points of a way lie on the map, as "x y"; placed once for each way.
const placed = new WeakMap();

function pointsOf(walker, { x_range, y_range }) {
  const key = JSON.stringify([x_range, y_range]);
  if (placed.get(walker.x)?.y !== walker.y || placed.get(walker.x).key !== key) {
    const points = walker.x.map((x, i) => `${placeX(x, x_range).toFixed(1)} ${placeY(walker.y[i], y_range).toFixed(1)}`);
    placed.set(walker.x, { y: walker.y, key, points });
  }
  return placed.get(walker.x).points;
}

function newWay(ways) {
  const group = make("g", {}, ways);
  for (const name of ["loss-halo", "loss-way", "loss-dots"]) make("path", { class: name }, group);
  make("circle", { r: 6, class: "loss-head" }, group);
}

function drawWalkers(root, picture, tools) {
  if (!root.walkers.childElementCount) {
    for (const walker of picture.walkers) {
      const item = element("li", "", undefined, root.walkers);
      const button = element("button", "loss-pick", undefined, item);
      button.type = "button";
      const sample = make("svg", { width: 26, height: 10, "aria-hidden": "true" }, button);
      make("line", { x1: 1, x2: 25, y1: 5, y2: 5, style: `stroke:${seriesColour(walker.colour, 0)};stroke-width:3;stroke-dasharray:${DASHES[walker.colour]}` }, sample);
      element("span", "", ` ${walker.title}`, button);
      button.onclick = () => {
        const now = tools.values.walkers;
        tools.send({ walkers: now.includes(walker.name) ? now.filter((name) => name !== walker.name) : [...now, walker.name] });
      };
      element("span", "loss-sentence", "", item);
    }
  }
  picture.walkers.forEach((walker, i) => {
    const [button, sentence] = root.walkers.children[i].children;
    button.setAttribute("aria-pressed", String(walker.is_shown));
    setText(sentence, walker.sentence ?? "");
    sentence.classList.toggle("lost", Boolean(walker.is_lost));
  });
}

function drawSteps(root) {
  const { picture, at } = root;
  const shown = picture.walkers.filter((row) => row.is_shown);
  drawPlot(root.plot, {
    label: "Loss above the lowest over the steps",
    height: 230,
    x: { label: "step", range: [0, picture.n_steps] },
    y: { label: "loss above the lowest", log: true, range: rangeOfLosses(shown, picture.loss_range) },
    lines: shown.map((row) => ({ name: row.title, x: countTo(row.above.length), y: row.above, colour: row.colour, dash: DASHES[row.colour] })),
    marks: shown.map((row) => ({ x: Math.min(at, row.above.length - 1), y: row.above[Math.min(at, row.above.length - 1)], colour: row.colour, label: row.title })),
  });
}

// 0, 1, … n − 1; the same array each time, so that the plot knows it.
const counted = new Map();
const countTo = (n) => counted.get(n) ?? counted.set(n, Array.from({ length: n }, (_, i) => i)).get(n);

// Whole powers of ten around what is drawn.
function rangeOfLosses(shown, [deepest, highest]) {
  const all = shown.flatMap((row) => row.above);
  const low = Math.max(deepest, all.reduce((a, b) => Math.min(a, b), 1));
  const high = Math.min(highest, all.reduce((a, b) => Math.max(a, b), low));
  return [10 ** Math.floor(Math.log10(low)), 10 ** Math.max(Math.ceil(Math.log10(high)), Math.floor(Math.log10(low)) + 1)];
}

function drawWalkTable(root, picture) {
  const shown = picture.walkers.filter((row) => row.is_shown);
  drawTable(root.numbers, {
    caption: "Where each optimizer stood, and the loss there",
    head: ["step", ...shown.flatMap((row) => picture.axes.map((axis) => `${row.title}: ${axis}`).concat("loss"))],
    // Asked for only while the table is open.
    get rows() {
      return Array.from({ length: picture.n_steps + 1 }, (_, i) => [i, ...shown.flatMap((row) => [row.x, row.y, row.losses].map((column) => column[i] ?? null))]);
    },
  });
}
