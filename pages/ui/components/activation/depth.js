// How large signal, differences and gradient are at every layer, on a scale of powers of ten, and what that means.

const SERIES_WORDS = [["signal", "size of the signal"], ["spread", "difference between inputs"], ["gradient", "size of the gradient"]];

const STAGE = {
  mount(root) {
    root.classList.add("act-stage");
    const parts = (root.labParts = {});
    parts.plot = element("div", "", undefined, root);
    parts.rule = element("p", "act-words", "", root);
    parts.sentences = element("ul", "act-sentences", undefined, root);
    parts.table = element("div", "", undefined, root);
  },
  draw(root, picture) {
    const parts = root.labParts;
    drawPlot(parts.plot, {
      label: "Sizes layer by layer, logarithmic",
      height: 300,
      x: { label: "layer (0 is the input)", range: [0, Math.max(1, picture.layers.at(-1))] },
      y: { label: "size", range: picture.range, log: true },
      lines: SERIES_WORDS.map(([name, words], i) => ({ name: words, x: picture.layers, y: picture[name], colour: i, width: name === "spread" ? 2 : 2.6 })),
      bands: picture.bands,
    });
    parts.rule.textContent = picture.rule;
    const lines = picture.sentences.map((text) => element("li", "", text));
    if (parts.sentences.textContent !== picture.sentences.join("")) parts.sentences.replaceChildren(...lines);
    drawTable(parts.table, {
      caption: "Sizes layer by layer (root mean squares)",
      head: ["layer", ...SERIES_WORDS.map(([, words]) => words)],
      rows: picture.layers.map((layer, i) => [layer, ...SERIES_WORDS.map(([name]) => picture[name][i])]),
    });
  },
};
