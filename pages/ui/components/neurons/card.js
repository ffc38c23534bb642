// One neuron, worked out with real numbers at the point under the mouse: input × weight for each input, their sum with the
// bias, and what the activation makes of it. The weights and the bias are edited here, too.

function mountCard(view) {
  const part = element("section", "n-card", undefined, view.lower);
  const card = (view.card = { part, rows: [] });
  card.title = element("h2", "", "", part);
  card.where = element("p", "n-quiet", "", part);
  card.list = element("div", "n-sum", undefined, part);
  card.list.setAttribute("role", "group");
  card.bias = newSumRow(view, "bias");
  card.norms = ["gamma", "beta"].map((part) => newSumRow(view, part));
  card.problem = element("p", "live-problem", "", part);
  card.problem.setAttribute("role", "alert");
  card.end = element("p", "n-end", "", part);
}

function newSumRow(view, kind) {
  const { card } = view;
  const row = { node: element("div", `n-sum-row n-sum-${kind}`, undefined, card.list), kind, place: null };
  row.name = element("span", "n-sum-name", "", row.node);
  row.input = element("span", "n-sum-input", "", row.node);
  row.editor = newEditor(row.node, "Weight", (value, final) => sendNumber(view, row.place, value, final));
  row.editor.onProblem = (sentence) => { if (sentence !== null) card.problem.textContent = sentence; };
  row.product = element("span", "n-sum-product", "", row.node);
  return row;
}

function drawCard(view, picture) {
  const { card } = view;
  const { sum } = picture;
  card.title.textContent = `${sum.name}, worked out`;
  card.where.textContent = `at x₁ = ${numberText(sum.point[0], 3)}, x₂ = ${numberText(sum.point[1], 3)}; move over the plane, or choose another neuron`;
  while (card.rows.length > sum.inputs.length) card.rows.pop().node.remove();
  while (card.rows.length < sum.inputs.length) {
    const row = newSumRow(view, "weight");
    card.list.insertBefore(row.node, card.bias.node);
    card.rows.push(row);
  }
  card.rows.forEach((row, source) => {
    turnTo(row, { layer: sum.layer, neuron: sum.neuron, source });
    row.name.textContent = sum.sources[source];
    row.input.textContent = `${numberText(sum.inputs[source], 3)} ×`;
    row.product.textContent = `= ${numberText(sum.products[source], 3)}`;
    setEditor(row.editor, sum.weights[source], nameOfNumber(picture, row.place));
  });
  card.bias.node.hidden = sum.bias === null;
  turnTo(card.bias, { layer: sum.layer, neuron: sum.neuron, source: null });
  card.bias.name.textContent = "bias";
  card.bias.product.textContent = sum.bias === null ? "" : `= ${numberText(sum.bias, 3)}`;
  if (sum.bias !== null) setEditor(card.bias.editor, sum.bias, nameOfNumber(picture, card.bias.place));
  drawNorm(view, picture);
  card.end.replaceChildren(...endOf(sum));
}

// A row that turns to another neuron settles first what was moved of the one before.
function turnTo(row, place) {
  if (row.place && (row.place.layer !== place.layer || row.place.neuron !== place.neuron)) row.editor.settle();
  row.place = place;
}

// Batch norm's two numbers of the neuron: what its sum, brought to mean 0 and deviation 1, is multiplied by and raised by.
function drawNorm({ card }, picture) {
  const { norm, layer, neuron, total } = picture.sum;
  const words = norm === null ? [] : [
    ["γ", `${numberText(norm.standard, 3)} ×`, numberText(norm.scaled, 3)],
    ["β", "", numberText(norm.beta, 3)],
  ];
  card.norms.forEach((row, i) => {
    row.node.hidden = norm === null;
    if (norm === null) return;
    turnTo(row, { layer, neuron, source: row.kind });
    row.name.textContent = `norm ${words[i][0]}`;
    row.input.textContent = words[i][1];
    row.product.textContent = `= ${words[i][2]}`;
    setEditor(row.editor, norm[row.kind], nameOfNumber(picture, row.place));
  });
  card.norms[0].input.title = norm === null ? "" : `(${numberText(total, 3)} − mean ${numberText(norm.mean, 3)}) ÷ deviation ${numberText(norm.deviation, 3)}`;
}

function endOf(sum) {
  const parts = ["Sum ", strong(numberText(sum.total, 4))];
  if (sum.norm !== null) {
    const { mean, deviation, value } = sum.norm;
    parts.push(`, less its mean ${numberText(mean, 3)}, ÷ ${numberText(deviation, 3)}, × γ + β → batch norm `, strong(numberText(value, 4)));
  }
  parts.push(` → ${sum.function} `, strong(numberText(sum.value, 4)));
  if (sum.meaning) parts.push(`, ${sum.meaning}`);
  return parts;
}

function strong(text) {
  return element("b", "", text);
}
