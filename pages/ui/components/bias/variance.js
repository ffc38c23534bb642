// Many fits to many draws of noisy points, their mean, the truth; and what the error is made of, degree by degree.

const PARTS = [
  ["bias_squared", "bias²", { colour: 1, dash: "" }],
  ["variance", "variance", { colour: 0, dash: "7 4" }],
  ["noise", "noise", { colour: 7, dash: "2 4" }],
  ["test_error", "test error, all three", { colour: "var(--st-text-color)", dash: "", width: 3 }],
  ["train_error", "error on the fitted points", { colour: 2, dash: "9 3 2 3" }],
];

const STAGE = {
  mount(root) {
    const row = element("div", "bias-row", undefined, root);
    const halves = ["Fits to new points, again and again", "What the error is made of"].map((title) => {
      const half = element("section", "bias-half", undefined, row);
      element("h3", "bias-title", title, half);
      return half;
    });
    root.parts = {
      fits: element("div", "", undefined, halves[0]),
      parts: element("div", "", undefined, halves[1]),
      verdict: element("p", "bias-verdict", "", root),
      table: element("div", "bias-table", undefined, root),
    };
  },

  draw(root, picture, tools) {
    const { fits, parts, verdict, table } = root.parts;
    const x = picture.places;
    drawPlot(fits, {
      label: `Fits of degree ${picture.degree}, their mean and the truth`,
      height: 300,
      x: { label: "x", range: [-1, 1] },
      y: { range: [-2.5, 2.5] },
      lines: [
        ...picture.fits.map((y) => ({ x, y, colour: "color-mix(in srgb, var(--series-0) 30%, transparent)", dash: "", width: 1 })),
        { name: "truth", x, y: picture.truth, colour: 1, dash: "7 4", width: 2.5 },
        { name: "mean of all fits", x, y: picture.mean, colour: 0, dash: "", width: 3 },
      ],
      marks: picture.x.map((place, i) => ({ x: place, y: picture.y[i], colour: 7 })),
    });
    drawPlot(parts, {
      label: "Bias squared, variance, noise and error against the degree",
      height: 300,
      x: { label: "degree", range: [0, 12] },
      y: { range: [0, errorTop(picture)] },
      lines: PARTS.map(([key, name, look]) => ({ name, x: picture.degrees, y: picture.parts[key], ...look })),
      marks: [{
        x: picture.degree,
        y: Math.min(picture.parts.test_error[picture.degree], errorTop(picture)),
        colour: "var(--st-text-color)",
        label: "Degree",
        drag: (at, y, options) => tools.send({ degree: Math.round(at) }, options),
      }],
    });
    const at = Object.fromEntries(PARTS.map(([key]) => [key, numberText(picture.parts[key][picture.degree], 3)]));
    verdict.textContent = `Degree ${picture.degree}: bias² ${at.bias_squared} + variance ${at.variance} + noise ${at.noise} = ${numberText(picture.sum, 3)}; `
      + `measured on new points ${at.test_error}. Smallest at degree ${picture.best_degree}.`;
    drawTable(table, {
      caption: `Mean squares over ${picture.n_draws} draws`,
      head: ["degree", ...PARTS.map(([, name]) => name)],
      rows: picture.degrees.map((degree) => [degree, ...PARTS.map(([key]) => picture.parts[key][degree])]),
    });
  },
};

// High enough for every error but the wildest, which would press all others flat.
function errorTop(picture) {
  const errors = picture.parts.test_error;
  return Math.max(0.1, Math.min(Math.max(...errors), 2.5 * errors[0]));
}
