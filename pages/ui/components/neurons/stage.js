// The stage of Neurons: builds its parts once, and hands every answer of the server to each of them.

const CURVES_MS = 300;
const SCHEME_MS = 500;
const MOST_LEFT = 3; // pictures of the answer before that may still be shown when the next one comes

const STAGE = {
  mount(root, tools) {
    root.classList.add("neurons");
    const view = (root.neurons = { root, tools, hovered: null, picture: null, film: [], nCounted: 0 });
    mountData(view);
    mountToolbar(view);
    buildLayerBar(view);
    view.main = element("div", "n-main", undefined, root);
    view.left = element("div", "n-left", undefined, view.main);
    // Its room is always there: what came and went above the net would move the button under the hand.
    view.anew = element("p", "n-anew", "", view.left);
    view.anew.setAttribute("role", "status");
    mountNet(view);
    element("p", "n-quiet", "Each picture is what that neuron answers over the whole plane. Lines are weights: thicker is larger, dashed is negative. Dots are biases. Click one to change it.", view.left);
    mountOutput(view);
    mountPopup(view);
    // The network needs the whole width: the controls stand under it, for the tab key, too.
    root.append(root.closest(".live").querySelector(".live-side"));
    view.lower = element("div", "n-lower", undefined, root);
    mountCard(view);
    const curves = element("section", "n-curves", undefined, view.lower);
    element("h2", "", "Loss and accuracy", curves);
    view.lossPlot = element("div", "", undefined, curves);
    view.rightPlot = element("div", "", undefined, curves);
    view.table = element("div", "", undefined, root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { view.schemeAt = undefined; if (view.picture) drawAll(view, view.picture); });
  },
  draw(root, picture) {
    const view = root.neurons;
    view.received = picture;
    // While playing an answer brings several pictures; whatever else is answered is shown at once.
    const film = picture.frames.map((frame) => ({ ...picture, ...frame }));
    const left = film.length && sizesOf(view.picture) === sizesOf(picture) ? view.film.slice(-MOST_LEFT) : [];
    view.film = [...left, ...film, picture];
    hearAnswer(view, picture);
    if (left.length) view.nCounted += 1;
    else showNext(view);
  },
};

const sizesOf = (picture) => picture?.weights.map((rows) => `${rows.length}×${rows[0].length}`).join();

function showNext(view) {
  clearTimeout(view.timer);
  const picture = view.film.shift();
  if (!picture) return;
  view.picture = picture;
  drawAll(view, picture);
  if (view.film.length) view.timer = setTimeout(() => requestAnimationFrame(() => showLater(view)), paceOf(view));
}

// One of the pictures that came together: the answer itself was counted as drawn when it came.
function showLater(view) {
  showNext(view);
  if (view.nCounted) view.nCounted -= 1;
  else view.tools.drawn();
}

// The last picture now, and none of those before it.
function endFilm(view) {
  view.film = view.film.slice(-1);
  showNext(view);
}

function buildLayerBar(view) {
  const bar = element("div", "n-layers", undefined, view.root);
  view.layerCount = element("b", "", "", bar);
  view.addLayer = textButton(bar, "Add a layer", () => {
    if (view.addLayer.getAttribute("aria-disabled") === "true") return;
    sendLayers(view, (layers) => layers.push({ n_neurons: 4, activation: layers.at(-1)?.activation ?? "Tanh" }));
  });
  textButton(bar, "New weights", () => view.tools.act("new_seed", { of: "weights", final: true }));
  textButton(bar, "New points", () => view.tools.act("new_seed", { of: "data", final: true }));
}

function drawAll(view, picture) {
  const now = performance.now();
  if (!(now - view.schemeAt < SCHEME_MS)) { view.scheme = schemeOf(view.root); view.schemeAt = now; }
  drawData(view, picture);
  drawNet(view, picture);
  drawOutput(view, picture);
  drawPopup(view, picture);
  drawCard(view, picture);
  // Curves move slowly: while playing, a few times a second are enough.
  const rests = !view.clock.isPlaying || !(now - view.curvesAt < CURVES_MS);
  if (rests) { drawCurves(view, picture); drawSpark(view, picture); view.curvesAt = now; }
  drawNumbers(view, picture);
  if (view.anew.textContent !== picture.anew) view.anew.textContent = picture.anew;
  drawCounts(view, picture);
}

function drawCurves(view, picture) {
  const moments = [...picture.history.filter((moment) => moment.epoch < picture.now.epoch), picture.now];
  const x = moments.map((moment) => moment.epoch);
  const lines = (which) => ["train", "test"].map((part, i) => ({ name: part, x, y: moments.map((moment) => moment[part][which]), colour: i, width: 2 }));
  const span = [x[0], Math.max(x[0] + 1, x.at(-1))];
  drawPlot(view.lossPlot, { label: "Loss", height: 150, x: { range: span }, y: { label: picture.task.loss, range: [0, highest(lines(0))] }, lines: lines(0) });
  view.rightPlot.hidden = picture.task.classes === 0;
  if (view.rightPlot.hidden) return;
  drawPlot(view.rightPlot, { label: "Accuracy", height: 140, x: { label: "epoch", range: span }, y: { label: "accuracy", range: [0, 1] }, lines: lines(1) });
}

// Room above the highest value of the curves.
const highest = (lines) => 1.08 * Math.max(0.1, ...lines.flatMap((line) => line.y.filter((value) => Number.isFinite(value))));

function drawNumbers(view, picture) {
  const rows = [];
  picture.weights.forEach((layer, k) => layer.forEach((weights, neuron) => {
    const to = nodeName(picture, k + 1, neuron);
    weights.forEach((weight, source) => rows.push([to, sourceName(picture, k, source), weight]));
    if (picture.biases[k]) rows.push([to, "bias", picture.biases[k][neuron]]);
  }));
  drawTable(view.table, { title: "All weights and biases as a table", caption: "Weights and biases", head: ["neuron", "from", "number"], rows });
}
