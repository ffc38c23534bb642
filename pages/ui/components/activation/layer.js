// What reaches a real layer, and what each of the chosen activations makes of it.

function mountLayer(root, tools) {
  element("h2", "act-heading", "What it does to a real layer", root);
  const place = element("div", "act-layer", undefined, root);
  tools.house("The layer", element("div", "act-house", undefined, place));
  return { cards: element("div", "act-effects", undefined, place), table: element("div", "", undefined, root) };
}

function drawLayer({ cards, table }, picture) {
  drawCards(cards, picture);
  table.hidden = !picture.before;
  if (picture.before) drawShares(table, picture);
}

function drawShares(host, { before, rows }) {
  const numbers = (title, effect) => [title, effect.mean, effect.std, effect.zero, ...SHARES.map(([name]) => effect.health?.[name].value ?? null)];
  drawTable(host, {
    caption: "What reaches the layer and what leaves it; shares between 0 and 1",
    head: ["", "mean", "spread", "exactly 0", ...SHARES.map(([, words]) => words)],
    rows: [numbers("Before", before), ...rows.filter((row) => !row.after.refusal).map((row) => numbers(row.title, row.after))],
  });
}
