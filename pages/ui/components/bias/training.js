// Two trainings side by side: left without a bias, right with one. All steps are here; the player walks through them.

const ARM_NAMES = ["Without bias", "With bias"];

const STAGE = {
  mount(root, tools) {
    const row = element("div", "bias-row", undefined, root);
    root.parts = {
      arms: ARM_NAMES.map((name) => makeArm(row, name)),
      walk: element("div", "bias-walk", undefined, root),
      plot: element("div", "", undefined, root),
      words: element("p", "bias-words", "", root),
      table: element("div", "bias-table", undefined, root),
    };
    root.settle = (step) => {
      clearTimeout(root.idle);
      root.isMoving = true;
      root.idle = setTimeout(() => {
        root.isMoving = false;
        tools.send({ step }, { final: true });
      }, 400);
    };
  },

  draw(root, sent) {
    const picture = (root.picture = { ...sent, arms: sent.arms.map((arm) => unpackedArm(arm, sent.task === "classes")) });
    root.parts.arms.forEach((arm, k) => drawArm(arm, picture, picture.arms[k]));
    const n = picture.arms[0].loss.length;
    root.parts.player = player(root.parts.walk, {
      n,
      at: root.isMoving ? undefined : picture.at, // an answer on its way must not take a step back
      label: "Steps of the training",
      first: 0,
      every: 60,
      onStep: (step) => { showTrainingStep(root, step); root.settle(step); },
    });
    showTrainingStep(root, root.parts.player.at);
    root.parts.words.textContent = overshoots(picture) ? "The steps overshoot: the learning rate is too large for these points." : picture.words;
    drawTable(root.parts.table, {
      caption: "Both trainings, step by step",
      head: ["step", ...ARM_NAMES.flatMap((name) => [`${name}: loss`, "bias"])],
      rows: picture.arms[0].loss.map((_, i) => [i, ...picture.arms.flatMap((arm) => [arm.loss[i], arm.bias[i]])]),
    });
  },
};

// A loss that ends above where it began, or is no number any more.
const overshoots = (picture) => picture.arms.some((arm) => arm.loss.at(-1) === null || arm.loss.at(-1) > 2 * arm.loss[0]);

// The columns of a training's table: weights, bias, loss, accuracy (of classes), x and y of the line's ends.
function unpackedArm(arm, isClasses) {
  const numbers = numbersOf(arm.steps);
  const width = numbers.length / arm.n_steps;
  const rows = Array.from({ length: arm.n_steps }, (_, i) => numbers.slice(i * width, (i + 1) * width));
  const nWeights = isClasses ? 2 : 1;
  return {
    has_bias: arm.has_bias,
    best: { ...arm.best, line: endsOf(arm.best.line) },
    weights: rows.map((row) => row.slice(0, nWeights)),
    bias: rows.map((row) => row[nWeights]),
    loss: rows.map((row) => row[nWeights + 1]),
    accuracy: isClasses ? rows.map((row) => row[nWeights + 2]) : null,
    lines: rows.map((row) => endsOf(row.slice(-4))),
  };
}

const endsOf = ([x1, y1, x2, y2]) => (x1 === null || y1 === null ? null : [[x1, y1], [x2, y2]]);

function makeArm(parent, name) {
  const box = element("section", "bias-arm", undefined, parent);
  box.setAttribute("aria-label", name);
  element("h3", "bias-title", name, box);
  return { name, plane: makePlane(box, name), facts: element("dl", "bias-facts", undefined, box) };
}

function drawArm(arm, picture, training) {
  drawPlaneAxes(arm.plane, picture.range, picture.task === "classes" ? ["x1", "x2"] : ["x", "y"]);
  drawPlanePoints(arm.plane, picture.x, picture.y, picture.labels, null);
  moveLine(arm.plane, "best", training.best.line);
}

function showTrainingStep(root, step) {
  const { picture, parts } = root;
  parts.arms.forEach((arm, k) => showArm(arm, picture, picture.arms[k], step));
  const steps = picture.arms[0].loss.map((_, i) => i);
  drawPlot(parts.plot, {
    label: "Loss of both trainings, step by step",
    height: 200,
    x: { label: "step" },
    y: { label: picture.task === "classes" ? "cross-entropy" : "mean squared error", range: [0, Math.max(0.1, picture.arms[0].loss[0], picture.arms[1].loss[0])] },
    lines: picture.arms.map((arm, k) => ({ name: ARM_NAMES[k].toLowerCase(), x: steps, y: arm.loss, colour: k ? 0 : 1, dash: k ? "" : "7 4" })),
    marks: picture.arms.map((arm, k) => ({ x: step, y: arm.loss[step], colour: k ? 0 : 1 })),
  });
}

function showArm(arm, picture, training, step) {
  moveLine(arm.plane, "decision", training.lines[step]);
  const weights = training.weights[step].map((value) => numberText(value, 3)).join(", ");
  const best = training.best;
  const rows = [["Step", String(step)], ["Loss", `${numberText(training.loss[step], 3)} (best ${numberText(best.loss, 3)})`, "loud"]];
  if (picture.task === "classes") rows.push(["Right", `${percentText(training.accuracy[step])} (best ${percentText(best.accuracy)})`]);
  rows.push([training.weights[step].length > 1 ? "w1, w2" : "Slope w", weights]);
  rows.push(["Bias b", training.has_bias ? `${numberText(training.bias[step], 3)} (best ${numberText(best.bias, 3)})` : "none"]);
  showFacts(arm.facts, rows);
  arm.plane.svg.setAttribute("aria-label", `${arm.name}, step ${step}: ${rows.map(([name, value]) => `${name} ${value}`).join(", ")}`);
}
