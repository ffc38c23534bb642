// One prediction: softmax worked out, the chosen losses side by side, and their curves over the margin.

const PART_NAMES = ["verdict", "origin", "softmax", "trick", "picks", "losses", "note", "curves", "numbers"];

const STAGE = {
  mount(root) {
    root.classList.add("loss-prediction");
    const parts = Object.fromEntries(PART_NAMES.map((name) => [name, element("div", `loss-${name}`, undefined, root)]));
    root.parts = parts;
    root.softmax = keptTable(parts.softmax, "From logits to probabilities");
    root.losses = keptTable(parts.losses, "What each loss says of this prediction");
    parts.picks.setAttribute("role", "group");
    parts.picks.setAttribute("aria-label", "Losses shown");
    root.plots = placeBoth(parts.curves, { loss: "The loss over the margin", slope: "Its slope: how hard the right logit is pulled" });
  },
  draw(root, picture, tools) {
    setText(root.parts.verdict, picture.verdict);
    setText(root.parts.origin, picture.origin);
    drawSoftmax(root, picture);
    drawPicks(root, picture, tools);
    drawLosses(root, picture, tools);
    drawCurves(root, picture);
    drawNumbers(root, picture);
  },
};

function drawSoftmax(root, { names, target, softmax }) {
  const kept = root.softmax;
  shapeTable(kept, JSON.stringify(names), ["class", "logit z", "z − max", "e to that power", "÷ sum = p", ""], [
    ...names.map(() => ({ cells: [{ tag: "th" }, {}, {}, {}, {}, { className: "loss-bar-cell" }] })),
    { className: "loss-sum", cells: [{ tag: "th" }, {}, {}, {}, {}, {}] },
  ]);
  names.forEach((name, k) => {
    const cells = kept.rows[k];
    setText(cells[0], k === target ? `✓ ${name}` : name);
    cells[0].parentElement.classList.toggle("right", k === target);
    [softmax.logits, softmax.shifted, softmax.exponentials, softmax.probabilities].forEach((column, i) => setText(cells[i + 1], numberText(column[k])));
    const bar = cells[5].firstChild ?? element("span", "loss-bar", undefined, cells[5]);
    bar.style.width = `${100 * softmax.probabilities[k]}%`;
  });
  const sum = kept.rows[names.length];
  ["sum", "", "", numberText(softmax.total), "1", ""].forEach((text, i) => setText(sum[i], text));
  setText(root.parts.trick, softmax.trick);
}

function drawPicks(root, picture, tools) {
  const place = root.parts.picks;
  const shown = new Set(picture.losses.map((row) => row.name));
  if (!place.childElementCount) {
    for (const { name, title } of picture.catalogue) {
      const button = element("button", "loss-pick", title, place);
      button.type = "button";
      button.dataset.loss = name;
      button.onclick = () => {
        const now = tools.values.shown;
        tools.send({ shown: now.includes(name) ? now.filter((other) => other !== name) : [...now, name] });
      };
    }
  }
  for (const button of place.children) button.setAttribute("aria-pressed", String(shown.has(button.dataset.loss)));
}

function drawLosses(root, picture, tools) {
  const { names, target, losses, lr } = picture;
  const kept = root.losses;
  const key = JSON.stringify([names, losses.map((row) => row.name)]);
  const width = names.length + 3;
  kept.table.classList.add("loss-of-losses");
  // With many classes the last column would be out of sight.
  kept.table.classList.toggle("many", names.length > 4);
  shapeTable(kept, key, ["loss", "value", ...names.map((name) => `∂ ${name}`), "after one step"], losses.flatMap(({ name }) => [
    { className: "loss-row", id: name, cells: [{ tag: "th" }, { className: "loss-value" }, ...names.map(() => ({ className: "loss-gradient" })), { className: "loss-after" }] },
    { className: "loss-line-row", id: name, cells: [{ span: width }] },
  ]));
  const limit = Math.max(1e-12, ...losses.flatMap((row) => row.gradient.map(Math.abs)));
  losses.forEach((row, i) => {
    const [cells, [line]] = [kept.rows[2 * i], kept.rows[2 * i + 1]];
    if (!cells[0].firstChild) nameLoss(cells, line, row, tools);
    setText(cells[1], numberText(row.value));
    row.gradient.forEach((value, k) => setGradient(cells[2 + k], value, limit));
    const [share, after] = cells.at(-1).children;
    const texts = [`p ${percentText(picture.softmax.probabilities[target])} → ${percentText(row.probabilities[target])}`, `loss ${numberText(row.value, 3)} → ${numberText(row.value_after, 3)}`];
    setText(share, texts[0]);
    setText(after, texts[1]);
    setText(line.querySelector(".loss-after-narrow"), `After one step: ${texts.join(", ")}`);
    setFormula(line.querySelector(".loss-line"), `${row.formula} = ${row.line}`);
  });
  setText(root.parts.note, losses.length
    ? `∂ is the gradient of each logit (autograd). One step takes ${numberText(lr)} × the gradient off each logit; “Take the step” makes the result the prediction. BCE, hinge, MSE, MAE, Huber and smooth L1 are means over the ${names.length} classes, as in PyTorch.`
    : "Choose a loss above.");
}

function nameLoss(cells, line, row, tools) {
  const sample = make("svg", { width: 26, height: 10, "aria-hidden": "true", class: "loss-sample" }, cells[0]);
  make("line", { x1: 1, x2: 25, y1: 5, y2: 5, style: `stroke:${seriesColour(row.colour, 0)};stroke-width:3;stroke-dasharray:${DASHES[row.dash]}` }, sample);
  const name = element("span", "loss-name", row.title, cells[0]);
  name.title = `${row.sentence} ${row.torch}`;
  element("span", "", "", cells.at(-1));
  element("span", "", "", cells.at(-1));
  const below = element("div", "loss-below", undefined, line);
  element("span", "loss-line", "", below);
  element("span", "loss-after-narrow", "", below);
  const button = element("button", "loss-step", "Take the step", below);
  button.type = "button";
  button.setAttribute("aria-label", `Take the step under ${row.title}`);
  button.onclick = () => tools.act("step", { loss: row.name });
}

function drawCurves(root, { curves }) {
  const over = { name: "margin", label: "margin: right logit − best other" };
  drawBoth(root.plots, { over, x: curves.x, here: curves.here, lines: curves.lines, height: 260 });
}

function drawNumbers(root, { names, softmax, losses }) {
  drawTable(root.parts.numbers, {
    caption: "Logits and probabilities now and after one step under each loss",
    head: ["class", "logit", "p", ...losses.flatMap((row) => [`${row.title}: gradient`, "new logit", "new p"])],
    // Asked for only while the table is open.
    get rows() {
      return names.map((name, k) => [name, softmax.logits[k], softmax.probabilities[k], ...losses.flatMap((row) => [row.gradient[k], row.logits[k], row.probabilities[k]])]);
    },
  });
}
