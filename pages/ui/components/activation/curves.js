// Curves above, slopes below, one x for both; under them the formulas with their values at x.

function mountCurves(root) {
  const parts = { chosen: element("div", "", undefined, root) };
  const plots = element("div", "act-plots", undefined, root);
  parts.curve = plotPlace(plots, "The curve");
  parts.slope = plotPlace(plots, "Its slope: how much of a gradient passes back");
  parts.reading = element("div", "act-reading", undefined, root);
  parts.table = element("div", "", undefined, root);
  return parts;
}

function drawCurves(parts, picture, tools) {
  const { rows } = picture;
  drawChosen(parts.chosen, { rows, menu: picture.menu, onChange: (kinds) => tools.send({ kinds }, { final: true }) });
  drawOne(parts.curve, picture, tools, { label: "Activations", part: "y", at: (row) => row.at.y, range: picture.y_range, name: "f(x)", hasTangents: true });
  drawOne(parts.slope, picture, tools, { label: "Slopes", part: "slope", at: (row) => row.at.slope, range: picture.slope_range, name: "f′(x)" });
  drawReading(parts.reading, picture);
  drawNumbers(parts.table, picture);
}

function plotPlace(host, words) {
  const part = element("section", "act-plot", undefined, host);
  element("h2", "act-title", words, part);
  return element("div", "", undefined, part);
}

function drawOne(host, picture, tools, { label, part, at, range, name, hasTangents }) {
  const { rows, xs, x, span } = picture;
  const [low, high] = range;
  const drag = (to, _y, options) => {
    const value = Math.round(clip(to, -span, span) * 100) / 100;
    hideCursor(host.livePlot);
    host.labHeld = value;
    lockHeights(host.livePlot, value, rows, at);
    tools.send({ x: value }, options);
  };
  const isInside = Math.abs(x) <= span;
  const marks = isInside ? rows.map((row, i) => ({ x, y: clip(at(row), low, high), colour: i, label: `${row.title}, ${name} at x`, drag })) : [];
  const plot = drawPlot(host, {
    label,
    height: 250,
    x: { label: "x", range: [-span, span] },
    y: { label: name, range },
    lines: rows.map((row, i) => ({ name: row.title, ...leapingLine(xs, row[part], row.leaps[part]), colour: i })),
    marks,
  });
  plot.legend.hidden = true; // the chips above name the lines
  holdMark(plot, host.labHeld, rows, at);
  host.labLines = { picture, hasTangents };
  drawLines(host);
  host.labWatcher ??= watch(host);
}

// At a corner the slope leaps, and at a jump the curve: the line ends there and begins anew, with no ramp between. What
// PyTorch takes at the place itself stands in front by itself, unseen, and is what the mouse reads there.
function leapingLine(xs, ys, leaps) {
  if (!leaps.length) return { x: xs, y: ys };
  const places = new Set(leaps.map(([place]) => place));
  const points = xs.map((x, k) => [x, ys[k]]).filter(([x]) => !places.has(x));
  const sides = leaps.flatMap(([place, left, , right]) => [[place, left], [place, null], [place, right]]);
  const alone = leaps.flatMap(([place, , here]) => [[place, here], [place, null]]);
  const all = [...alone, ...[...points, ...sides].sort(([a], [b]) => a - b)];
  return { x: all.map(([x]) => x), y: all.map(([, y]) => y) };
}

// The point under the hand keeps its x and takes its new height; of many points one is enough for the Tab key.
function holdMark(plot, x, rows, at) {
  if (plot.held !== null && plot.held !== undefined && rows[plot.held]) {
    placeMark(plot, plot.marks[plot.held], x, clip(at(rows[plot.held]), ...plot.y.range));
  }
  plot.marks.slice(1).forEach((mark) => mark.setAttribute("tabindex", "-1"));
}

// While a point is dragged it stays on its curve's height: only x moves under the hand.
function lockHeights(plot, x, rows, at) {
  plot.marks.forEach((mark, i) => { if (rows[i]) placeMark(plot, mark, x, clip(at(rows[i]), ...plot.y.range)); });
}

// The plot draws itself anew when its width changes; what stands on it must follow.
function watch(host) {
  const watcher = new ResizeObserver(() => { if (host.labLines) drawLines(host); });
  watcher.observe(host);
  return watcher;
}

// The upright line at x, and the tangents, behind the points.
function drawLines(host) {
  const plot = host.livePlot;
  const { picture, hasTangents } = host.labLines;
  host.labGroup?.remove();
  host.labGroup = make("g", { class: "act-lines", "clip-path": `url(#${plot.clip.id})` });
  plot.svg.insertBefore(host.labGroup, plot.front);
  const at = plot.x.place(picture.x);
  make("line", { x1: at, x2: at, y1: 0, y2: plot.bottom, class: "act-at" }, host.labGroup);
  if (!hasTangents) return;
  picture.rows.forEach((row, i) => {
    const [from, to] = row.tangent.x.map((x, k) => [plot.x.place(x), clip(plot.y.place(row.tangent.y[k]), -4000, 6000)]);
    make("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: "act-tangent", style: `stroke:${seriesColour(undefined, i)}` }, host.labGroup);
  });
}

function drawReading(host, picture) {
  const list = (host.labList ??= element("ul", "act-readings", undefined, host));
  while (list.childElementCount > picture.rows.length) list.lastElementChild.remove();
  while (list.childElementCount < picture.rows.length) list.append(newReading());
  picture.rows.forEach((row, i) => fillReading(list.children[i], row, i, picture));
}

function newReading() {
  const item = element("li", "act-row");
  for (const part of ["act-name", "act-formula", "act-at-x", "act-facts"]) element("p", part, "", item);
  return item;
}

function fillReading(item, row, i, { x, other }) {
  const [name, formula, at, facts] = item.children;
  if (item.dataset.title !== `${i} ${row.title}`) {
    item.dataset.title = `${i} ${row.title}`;
    name.replaceChildren(sampleOf(i), element("b", "", row.title));
  }
  putText(formula, `f(x) = ${row.formula}`);
  putText(at, `f(${numberText(x)}) = ${numberText(row.at.y)}, slope ${numberText(row.at.slope)}, tangent ${lineText(row.at)}`);
  const held = other !== null && /other/.test(row.formula) ? [`other = ${numberText(other)}.`] : [];
  putText(facts, [...row.facts, ...held].join(" "));
}

const putText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

const lineText = ({ slope, intercept }) => `y = ${numberText(slope)} · x ${intercept < 0 ? "−" : "+"} ${numberText(Math.abs(intercept))}`;

const EVERY = 10; // of the 141 samples, a table shows 15

function drawNumbers(host, picture) {
  const places = picture.xs.map((_, k) => k).filter((k) => k % EVERY === 0);
  drawTable(host, {
    caption: "Values and slopes (′) of the activations shown",
    head: ["x", ...picture.rows.flatMap((row) => [row.title, `${row.title} ′`])],
    rows: places.map((k) => [picture.xs[k], ...picture.rows.flatMap((row) => [row.y[k], row.slope[k]])]),
  });
}
