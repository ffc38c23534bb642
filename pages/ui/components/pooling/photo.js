// Every kind of pooling on one photo, side by side; pictures and numbers come from Python.

const STAGE = {
  mount(root) {
    root.classList.add("pool-photo");
    root.cards = new Map();
    root.grid = element("div", "pool-cards", undefined, root);
    root.table = element("div", "", undefined, root);
  },
  draw(root, picture) {
    const original = { kind: "original", name: picture.title, src: picture.photo, size: picture.size, alt: `The photo: ${picture.title}` };
    const rows = [original, ...picture.cards];
    root.grid.style.setProperty("--ratio", picture.ratio);
    rows.forEach((row) => fillCard(cardOf(root, row.kind), row));
    drawTable(root.table, {
      caption: "What each kind leaves of the photo",
      head: ["Kind", "Output", "Pixels never passed on", "Mean difference after enlarging, of 255"],
      rows: picture.cards.map((card) => [card.name, card.size, card.lost, card.difference]),
    });
  },
};

function cardOf(root, kind) {
  if (!root.cards.has(kind)) {
    const figure = element("figure", "pool-card", undefined, root.grid);
    const img = element("img", "", undefined, figure);
    const caption = element("figcaption", "", undefined, figure);
    const card = { img, name: element("b", "", "", caption), size: element("span", "", "", caption) };
    card.lost = element("div", "", "", caption);
    card.difference = element("div", "", "", caption);
    card.scaled = element("div", "", "", caption);
    root.cards.set(kind, card);
  }
  return root.cards.get(kind);
}

function fillCard(card, row) {
  if (card.img.getAttribute("src") !== row.src) card.img.src = row.src;
  card.img.alt = row.alt;
  card.name.textContent = row.name;
  card.size.textContent = row.size;
  card.lost.textContent = row.lost ? `${row.lost} never passed on` : "what goes in";
  card.difference.textContent = row.difference ? `off by ${row.difference} of 255` : "";
  card.scaled.textContent = row.scaled ?? "";
}
