// A line through points of which one is wild, and one predicted number, under four losses.

const LOOKS = [{ colour: 3, dash: 0 }, { colour: 0, dash: 1 }, { colour: 2, dash: 3 }, { colour: 1, dash: 2 }];
const STAGE = {
  mount(root) {
    root.classList.add("loss-prediction");
    const part = (name, title) => {
      const host = element("div", `loss-${name}`, undefined, root);
      if (title) element("div", "loss-title", title, host);
      return element("div", "", undefined, host);
    };
    root.fit = part("fit", "The best line through the points: drag the wild one");
    root.fitRows = keptTable(part("fit-rows"), "What the wild point does to each line");
    root.one = keptTable(part("one"), "One predicted number");
    root.note = element("div", "loss-note", undefined, root);
    const curves = element("div", "loss-curves", undefined, root);
    root.plots = placeBoth(curves, { loss: "The loss over the residual", slope: "Its slope: the pull at the prediction" });
    root.numbers = element("div", "", undefined, root);
  },
  draw(root, picture, tools) {
    drawLines(root, picture.fit, tools);
    drawOne(root, picture);
    drawResidualCurves(root, picture);
  },
};

function drawLines(root, fit, tools) {
  drawFit(root, fit, tools);
  drawFitRows(root, fit);
  drawTable(root.numbers, {
    caption: "The points of the line",
    head: ["point", "x", "y", ...fit.lines.map((line) => `${line.title}: residual`)],
    // Asked for only while the table is open.
    get rows() {
      return fit.points.map(([x, y], i) => [i === fit.points.length - 1 ? "wild" : `${i + 1}`, x, y, ...fit.residuals.map((row) => row[i])]);
    },
  });
}

const ENDS = [0, 10];

function drawFit(root, fit, tools) {
  const marks = fit.points.slice(0, -1).map(([x, y]) => ({ x, y, colour: "var(--st-text-color)", label: "Point" }));
  const [x, y] = fit.points.at(-1);
  const tenth = (value) => Math.round(10 * value) / 10;
  drawPlot(root.fit, {
    label: "Points and four fitted lines",
    height: 340,
    x: { label: "x", range: [0, 10] },
    y: { label: "y", range: [-10, 10] },
    lines: fit.lines.map((line, i) => ({ name: line.title, x: ENDS, y: line.ends, colour: LOOKS[i].colour, dash: DASHES[LOOKS[i].dash], width: i === 3 ? 1.5 : 2.5 })),
    marks: [{ x, y, colour: "var(--status-error)", label: "Wild point", text: "wild", drag: (atX, atY, options) => tools.send({ wild_x: tenth(atX), wild_y: tenth(atY) }, options) }, ...marks],
  });
}

function drawFitRows(root, fit) {
  const kept = root.fitRows;
  shapeTable(kept, "fit", ["loss", "slope without it", "with it", "its share of all pulls", "mean loss"], fit.lines.map(() => ({ cells: [{ tag: "th" }, {}, {}, {}, {}] })));
  fit.lines.forEach((line, i) => {
    const texts = [line.title, numberText(line.calm, 3), numberText(line.slope, 3), percentText(line.share), numberText(line.value, 3)];
    texts.forEach((text, k) => setText(kept.rows[i][k], text));
  });
}

function drawOne(root, { rows, residual, lr }) {
  const kept = root.one;
  shapeTable(kept, "one", ["loss", "value", "gradient", "after one step", "written out"], rows.map(() => ({ cells: [{ tag: "th" }, { className: "loss-value" }, { className: "loss-gradient" }, {}, { className: "loss-written" }] })));
  const limit = Math.max(1e-12, ...rows.map((row) => Math.abs(row.gradient)));
  rows.forEach((row, i) => {
    const cells = kept.rows[i];
    setText(cells[0], row.title);
    setText(cells[1], numberText(row.value));
    setGradient(cells[2], row.gradient, limit);
    setText(cells[3], `loss ${numberText(row.value_after, 3)} at ${numberText(row.after, 3)}`);
    setText(cells[4], row.line);
  });
  setText(root.note, `The residual d = prediction − right number is ${numberText(residual)}. One step takes ${numberText(lr)} × the gradient off the prediction.`);
}

function drawResidualCurves(root, { curves, residual, rows }) {
  const lines = rows.map((row, i) => ({ ...LOOKS[i], title: row.title, losses: curves.losses[i], slopes: curves.slopes[i], loss: row.value, slope: row.gradient }));
  const over = { name: "residual", label: "residual d" };
  drawBoth(root.plots, { over, x: curves.x, here: residual, lines, height: 240, ranges: { loss: [0, 20], slope: [-6, 6] } });
}
