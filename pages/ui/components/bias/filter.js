// One filter with its bias: what it reads, its sums, what passes ReLU, and the share that passes for every bias.

const STAGE = {
  mount(root) {
    const row = element("div", "bias-row", undefined, root);
    root.parts = {
      photo: mapFigure(row, "read"),
      sums: mapFigure(row, "sums"),
      map: mapFigure(row, "passed"),
      facts: element("dl", "bias-facts", undefined, root),
      plot: element("div", "", undefined, root),
      table: element("div", "bias-table", undefined, root),
    };
  },

  draw(root, picture, tools) {
    const { photo, sums, map, facts, plot, table } = root.parts;
    const share = percentText(picture.share);
    photo.show(picture.words.photo, picture.photo, "What the filter reads.", "The picture that the filter reads");
    sums.show(picture.words.filter, picture.sums, "Blue above 0, red below.", "The filter's sums with the bias");
    map.show("After ReLU", picture.map, `${share} of the pixels pass.`, `What passes ReLU: ${share} of the pixels`);
    showFacts(facts, [
      ["Pixels that pass", `${picture.n_passed.toLocaleString("en")} of ${picture.n.toLocaleString("en")}`],
      ["Share", share, "loud"],
      ["Mean of the map", numberText(picture.mean)],
    ]);
    const { curve } = picture;
    drawPlot(plot, {
      label: "Share of pixels that pass against the bias",
      height: 190,
      x: { label: picture.words.axis },
      y: { label: "share that passes", range: [0, 1] },
      lines: [{ name: "share that passes", x: curve.bias, y: curve.share }],
      marks: [{
        x: picture.bias,
        y: picture.share,
        label: "Bias",
        drag: (x, y, options) => tools.send({ bias: Math.round(x * 50) / 50 }, options),
      }],
    });
    drawTable(table, {
      caption: "The share of pixels that pass, for every bias",
      head: ["bias", "share"],
      rows: curve.bias.map((bias, i) => [bias, curve.share[i]]),
    });
  },
};
