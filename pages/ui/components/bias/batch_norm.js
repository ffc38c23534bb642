// A convolution with a bias and BatchNorm after it: two maps on one colour scale, and the numbers with and without.

const NORM_ROWS = [
  ["before_mean", "Mean after the convolution"],
  ["running_mean", "BatchNorm's running mean"],
  ["after_mean", "Mean after BatchNorm"],
  ["weight_gradient", "Largest gradient of the kernel"],
  ["bias_gradient", "Gradient of the bias"],
  ["beta_gradient", "Gradient of beta"],
];

const STAGE = {
  mount(root) {
    const row = element("div", "bias-row", undefined, root);
    root.parts = {
      before: mapFigure(row, "before"),
      after: mapFigure(row, "after"),
      verdict: element("p", "bias-verdict", "", root),
      grid: element("div", "bias-scroller", undefined, root),
      words: element("p", "bias-words", "", root),
    };
    root.parts.grid.tabIndex = 0;
    root.parts.grid.setAttribute("role", "region");
    root.parts.grid.setAttribute("aria-label", "The numbers with the bias and without");
    root.cells = makeNormTable(root.parts.grid);
  },

  draw(root, picture) {
    const { before, after, verdict, words } = root.parts;
    const [having, without] = picture.arms;
    before.show("Convolution + b", picture.before, `Mean of the batch ${numberText(having.before_mean, 3)}.`, "What the convolution gives, with its bias");
    after.show("After BatchNorm", picture.after, "Blue 3, no colour 0, red −3, in both pictures.", "What BatchNorm makes of it");
    verdict.textContent = `Largest difference between the output with b = ${numberText(picture.bias)} and with b = 0: ${numberText(picture.gap, 3)}`;
    root.cells.head.textContent = `b = ${numberText(picture.bias)}`;
    for (const [key] of NORM_ROWS) {
      root.cells[key][0].textContent = numberText(having[key], 3);
      root.cells[key][1].textContent = numberText(without[key], 3);
    }
    words.textContent = normWords(picture);
  },
};

function normWords(picture) {
  if (picture.mode === "training") {
    return "BatchNorm subtracts the mean of the batch, and the bias is part of that mean: whatever b is, the same comes out. "
      + "What is left is rounding. The bias gets no gradient, so it never learns; beta, BatchNorm's own shift, does its work.";
  }
  return `BatchNorm subtracts its running mean, which started at 0 and has taken in ${percentText(picture.absorbed)} of the bias. `
    + "After many batches all of it is absorbed.";
}

function makeNormTable(parent) {
  const table = element("table", "bias-numbers", undefined, parent);
  element("caption", "live-voice", "Convolution and BatchNorm, with the bias and without", table);
  const head = element("tr", "", undefined, element("thead", "", undefined, table));
  element("td", "", "", head);
  const cells = { head: element("th", "", "", head) };
  element("th", "", "b = 0", head);
  for (const cell of head.querySelectorAll("th")) cell.scope = "col";
  const body = element("tbody", "", undefined, table);
  for (const [key, name] of NORM_ROWS) {
    const row = element("tr", key, undefined, body);
    element("th", "", name, row).scope = "row";
    cells[key] = [element("td", "", "", row), element("td", "", "", row)];
  }
  return cells;
}
