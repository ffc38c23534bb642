// A skewed sample and what a classifier makes of it: the sample itself, the share wrong by group, and pictures whose
// colour alone decides.

const STAGE = {
  mount(root) {
    const train = mapFigure(root, "wide train");
    const row = element("div", "bias-row", undefined, root);
    const left = element("section", "bias-half", undefined, row);
    element("h3", "bias-title", "Wrong, by group", left);
    const right = element("section", "bias-half", undefined, row);
    element("h3", "bias-title", "Wrong, all in all", right);
    root.parts = {
      train,
      groups: element("div", "bias-groups", undefined, left),
      totals: element("div", "bias-totals", undefined, right),
      verdict: element("p", "bias-verdict", "", root),
      swayed: mapFigure(root, "wide swayed"),
      table: element("div", "bias-table", undefined, root),
    };
  },

  draw(root, picture) {
    const { train, groups, totals, verdict, swayed, table } = root.parts;
    const usual = picture.names.map((name, k) => `${name} ${picture.colours[k]}`).join(", ");
    train.show("What it was trained on", picture.train, `${picture.n_usual} of ${picture.n_train} in the usual colour: ${usual}.`, "Some of the training pictures in their colours");
    drawBars(groups, {
      label: "Share of test pictures that are wrong, by class and colour",
      range: [0, 1],
      rows: picture.groups.map((group) => ({
        label: `${picture.names[group.label]}, ${picture.colours[group.colour]}`,
        value: group.share,
        text: percentText(group.share),
        colour: group.usual ? 2 : 1,
      })),
    });
    drawBars(totals, {
      label: "Share of test pictures that are wrong",
      range: [0, 1],
      rows: [
        ["test as skewed as the training", picture.skewed, 2],
        ["fair test, both colours", picture.fair, 1],
        ["trained without colour", picture.grey, 7],
      ].map(([label, value, colour]) => ({ label, value, text: percentText(value), colour })),
    });
    verdict.textContent = `${picture.n_swayed} of ${picture.n_test} test pictures get another answer when only their colour changes.`;
    swayed.figure.hidden = !picture.swayed;
    if (picture.swayed) swayed.show("Some of them, in both colours", picture.swayed, "Each column is one picture: one answer above, the other below.", "Test pictures whose answer depends on the colour");
    drawTable(table, {
      caption: "Wrong answers by class and colour",
      head: ["class", "colour", "pictures", "wrong", "share wrong"],
      rows: picture.groups.map((group) => [picture.names[group.label], picture.colours[group.colour], group.n, group.n_wrong, group.share]),
    });
  },
};
