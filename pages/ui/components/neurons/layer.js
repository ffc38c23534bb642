// One neuron of a dense layer with many inputs: its largest products as bars, the rest, the bias, and the sum.

const STAGE = {
  mount(root) {
    for (const part of ["title", "bars", "end", "numbers"]) element(part === "title" || part === "end" ? "p" : "div", `nl-${part}`, "", root);
  },
  draw(root, picture) {
    const [title, bars, end, numbers] = root.children;
    title.textContent = `${picture.title}. ${picture.sentence}`;
    const rows = picture.largest.map(([source, , , product]) => ({ label: `input ${source}`, value: product, text: numberText(product, 3) }));
    if (picture.n_rest > 0) rows.push({ label: `${numberText(picture.n_rest)} others`, value: picture.rest, text: numberText(picture.rest, 3) });
    if (picture.bias !== null) rows.push({ label: "bias", value: picture.bias, text: numberText(picture.bias, 3) });
    const reach = Math.max(1e-9, ...rows.map((row) => Math.abs(row.value)));
    drawBars(bars, { label: "The largest products, the rest, and the bias", rows, range: [-reach, reach] });
    end.textContent = `Added up: ${numberText(picture.total, 4)}. This is what the neuron hands on.`;
    drawTable(numbers, { caption: "The largest products", head: ["input", "value", "weight", "product"], rows: picture.largest });
  },
};
