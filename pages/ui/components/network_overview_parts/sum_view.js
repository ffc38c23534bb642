// Maps that are sums: each input with its kernel, its intermediate result, the sum, the bias, and the pixel's arithmetic.

function sumView(stage, mail) {
  const table = stage.table;
  const terms = mail.terms.map((term) => ({ ...term, ofChannels: channelsOf(stage, term.source), values: planeOf(term.values), kernel: planeOf(term.kernel), result: planeOf(term.result) }));
  const output = planeOf(mail.output);
  const limits = {
    values: Math.max(1e-9, ...terms.map((term) => (term.values ? rangeOf(term.values) : 0))),
    kernel: Math.max(1e-9, ...terms.map((term) => (term.kernel ? rangeOf(term.kernel) : 0))),
    result: Math.max(1e-9, ...terms.map((term) => rangeOf(term.result))),
    output: Math.max(1e-9, rangeOf(output)),
  };
  const view = { stage, mail, table, terms, output, limits, chosen: 0 };
  const reach = terms.map((term) => (term.kernel ? rangeOf(term.result) : 0));
  view.chosen = reach.indexOf(Math.max(...reach));
  const body = element("div", "detail sum");
  const diagram = termsDiagram(view);
  const middle = element("div", "middle");
  const facts = aside(stage, mail);
  view.arithmetic = element("div", "arithmetic");
  view.arithmetic.setAttribute("aria-live", "polite");
  middle.append(resultOf(view), view.arithmetic);
  body.append(diagram, middle, facts.box);
  stage.moveTo = (y, x) => {
    stage.position = { y, x };
    moveFrames(view, y, x);
    facts.move(y, x);
    writeArithmetic(view, y, x);
  };
  return body;
}

const ROW = { label: 0, values: 62, kernel: 0, result: 0, plus: 0, width: 0 };

function rowPlaces(view) {
  const n = view.terms.length;
  const pitch = Math.max(34, Math.min(74, 500 / n));
  const tile = Math.min(58, pitch - 8);
  const hasKernel = view.terms.some((term) => term.kernel);
  const kernel = hasKernel ? Math.min(tile, view.terms[0].kernel && view.terms[0].kernel.h > 7 ? tile : 40, pitch - 8) : 0;
  const values = view.sources > 1 ? 112 : 54;
  const kernelX = values + tile + 18;
  const result = hasKernel ? kernelX + kernel + 26 : kernelX + 8;
  return { ...ROW, pitch, tile, kernel, values, kernelX, result, plus: result + tile + 58, width: result + tile + 80, height: Math.max(pitch * n, 120) };
}

function termsDiagram(view) {
  view.sources = new Set(view.terms.map((term) => term.source)).size;
  const place = rowPlaces(view);
  const box = element("div", "terms");
  Object.assign(box.style, { width: `${place.width}px` });
  const heads = element("div", "termheads");
  const hasKernel = place.kernel > 0;
  heads.append(...[[commonSource(view), place.values + place.tile / 2], hasKernel ? [view.mail.kind === "Linear" ? "weights" : "kernel", place.kernelX + place.kernel / 2] : null, hasKernel ? [view.mail.kind === "Linear" ? "products" : "intermediate", place.result + place.tile / 2] : null, ["sum", place.plus]].filter(Boolean).map(([text, x]) => {
    const head = element("span", "", text);
    head.style.left = `${x}px`;
    return head;
  }));
  const rows = element("div", "rows");
  rows.style.height = `${place.height}px`;
  const svg = make("svg", { width: place.width + 60, height: place.height, "aria-hidden": "true" });
  rows.append(svg);
  const plusY = view.output.h * view.output.w === 1 ? 84 : Math.min(place.height / 2, 132);
  view.terms.forEach((term, i) => rows.append(...termRow(view, place, term, i, svg, plusY)));
  rows.append(plusNode(view, place, plusY, svg));
  const legends = element("div", "legends");
  legends.append(legendOf("inputs", view.limits.values, view.table));
  if (hasKernel) legends.append(legendOf(view.mail.kind === "Linear" ? "weights" : "kernels", view.limits.kernel, view.table), legendOf(view.mail.kind === "Linear" ? "products" : "intermediate", view.limits.result, view.table));
  box.append(heads, rows, legends);
  return box;
}

function termRow(view, place, term, i, svg, plusY) {
  const { stage, table, limits } = view;
  const y = (i + 0.5) * place.pitch + (place.height - place.pitch * view.terms.length) / 2;
  const nodes = [];
  const put = (plane, x, size, options) => {
    const map = mapView(plane, table, { size, ...options });
    Object.assign(map.node.style, { left: `${x + (size - map.width) / 2}px`, top: `${y - map.height / 2}px` });
    nodes.push(map.node);
    return map;
  };
  const label = element("span", view.sources > 1 ? "termlabel wide" : "termlabel", view.sources > 1 ? termName(term) : shortName(term));
  Object.assign(label.style, { top: `${y}px` });
  nodes.push(label);
  if (term.values) {
    term.valuesView = put(term.values, place.values, place.tile, { limit: limits.values, grey: sourceGrey(stage, term.source), label: termName(term) });
    term.valuesView.node.onclick = () => openMap(stage, term.source, term.channels[0]);
    term.valuesView.node.title = `Open ${term.source} ${term.channels[0]}`;
  }
  if (term.kernel) term.kernelView = put(term.kernel, place.kernelX, place.kernel, { limit: limits.kernel, label: `kernel on ${termName(term)}`, className: "kernel" });
  if (place.kernel) term.resultView = put(term.result, place.result, place.tile, { limit: limits.result, label: `intermediate result of ${termName(term)}` });
  const from = place.kernel ? place.result + place.tile : place.values + place.tile;
  svg.append(make("path", { class: "flow", d: thread(from + 3, y, place.plus - 15, plusY) }));
  if (term.kernel) {
    svg.append(make("path", { class: "flow straight", d: `M${place.values + place.tile + 2} ${y}H${place.kernelX - 3}M${place.kernelX + place.kernel + 3} ${y}H${place.result - 3}` }));
  } else if (place.kernel) {
    svg.append(make("path", { class: "flow straight", d: `M${place.values + 12} ${y}H${place.result - 3}` }));
  }
  for (const node of nodes) {
    node.onpointerenter = () => chooseTerm(view, i);
  }
  if (term.resultView) makePointable(stage, term.resultView, (cell) => cell, view.output);
  return nodes;
}

function shortName(term) {
  if (term.channels.length > 1) return `${term.channels.length} others`;
  if (term.source === "input" && term.values?.h > 1) return channelName(term.ofChannels, term.channels[0]);
  return `${term.kernel && term.kernel.h * term.kernel.w === 1 && term.values.h === 1 ? "unit" : "map"} ${term.channels[0]}`;
}

const termName = (term) => `${term.source} ${shortName(term)}`;

// The head of the input column: the layer they all come from, if it is one.
function commonSource(view) {
  return view.sources === 1 ? view.terms[0].source : "inputs";
}

function plusNode(view, place, plusY, svg) {
  svg.append(make("path", { class: "flow out", d: `M${place.plus + 14} ${plusY}H${place.width + 60}` }));
  const plus = element("div", "plus", "+");
  Object.assign(plus.style, { left: `${place.plus - 14}px`, top: `${plusY - 14}px` });
  const bias = element("div", "bias");
  Object.assign(bias.style, { left: `${place.plus}px`, top: `${plusY - 62}px` });
  if (view.mail.bias !== null) {
    svg.append(make("path", { class: "flow", d: `M${place.plus} ${plusY - 26}V${plusY - 15}` }));
    bias.append(element("span", "caption", "bias"), valueCell(view.mail.bias, view.limits.output, view.table));
  } else if (view.mail.kind !== "Add") bias.append(element("span", "caption", "no bias"));
  const both = document.createDocumentFragment();
  both.append(plus, bias);
  return both;
}

function resultOf(view) {
  const { mail, table, output, limits, stage } = view;
  const box = element("div", output.h * output.w === 1 ? "result unit" : "result");
  if (output.h * output.w === 1) {
    const value = valueCell(output.values[0], limits.output, table, "big");
    box.append(element("span", "caption", "the unit's value"), value);
    return box;
  }
  view.outputView = mapView(output, table, { size: 264, limit: limits.output, label: `${mail.id} map ${mail.channel}`, className: "large" });
  makePointable(stage, view.outputView, (cell) => cell, output);
  const legend = legendOf(`${mail.id} · map ${mail.channel}`, limits.output, table);
  box.append(view.outputView.node, legend);
  return box;
}

function moveFrames(view, y, x) {
  const { mail, terms } = view;
  if (view.outputView) frameCells(view.outputView, [y], [x]);
  for (const term of terms) {
    if (term.resultView && view.output.h * view.output.w > 1) frameCells(term.resultView, [y], [x]);
    if (term.valuesView && mail.rows) frameCells(term.valuesView, mail.rows[y], mail.cols[x]);
  }
}

function chooseTerm(view, i) {
  view.chosen = i;
  const { y, x } = view.stage.position ?? { y: 0, x: 0 };
  writeArithmetic(view, y, x);
}

function writeArithmetic(view, y, x) {
  const { mail, terms, output, limits, table } = view;
  const parts = [];
  const term = terms[view.chosen];
  const place = output.h * output.w > 1 ? `row ${y}, column ${x}` : "this unit";
  if (term.kernel && mail.rows) parts.push(element("p", "step", `${termName(term)} under its kernel, at ${place}:`), productGrid(view, term, y, x));
  else if (term.kernel) parts.push(element("p", "step", denseSentence(term)), ...denseProduct(view, term));
  parts.push(element("p", "step", sumWords(mail, terms.length)));
  const sum = element("div", "sumline");
  terms.forEach((each, i) => {
    const chip = valueCell(valueAt(each.result, Math.min(y, each.result.h - 1), Math.min(x, each.result.w - 1)), limits.result, table, "chip");
    chip.title = termName(each);
    chip.classList.toggle("chosen", i === view.chosen && terms.length > 1);
    chip.onpointerenter = () => chooseTerm(view, i);
    const isMany = each.channels.length > 1; // the others, of which no picture is shown
    if (i || isMany) sum.append(element("i", "sign", [i ? "+" : "", isMany ? shortName(each) : ""].filter(Boolean).join(" ")));
    sum.append(chip);
  });
  if (mail.bias !== null) {
    const bias = valueCell(mail.bias, limits.output, table, "chip");
    bias.title = "bias";
    sum.append(element("i", "sign", "+ bias"), bias);
  }
  sum.append(element("i", "sign", "="), valueCell(valueAt(output, y, x), limits.output, table, "chip total"));
  parts.push(sum, element("p", "formula", mail.formula));
  view.arithmetic.replaceChildren(...parts);
}

function sumWords({ kind, bias }, nTerms) {
  if (kind === "Add") return "The maps added up, pixel by pixel:";
  if (nTerms > 1) return "All intermediate results added up:";
  return bias === null ? "There is no bias to add:" : "With the bias:";
}

function productGrid(view, term, y, x) {
  const { mail, limits, table } = view;
  const box = element("div", "products");
  const small = term.kernel.h * term.kernel.w <= 25;
  if (!small) {
    box.append(element("span", "caption", `${term.kernel.h}×${term.kernel.w} products add up to`), valueCell(valueAt(term.result, y, x), limits.result, table, "chip"));
    return box;
  }
  const grid = element("div", "grid");
  grid.style.gridTemplateColumns = `repeat(${term.kernel.w}, auto)`;
  mail.rows[y].forEach((row, i) => {
    mail.cols[x].forEach((col, j) => {
      const pair = element("div", "pair");
      pair.append(valueCell(valueAt(term.values, row, col), limits.values, table), element("i", "", "×"), valueCell(valueAt(term.kernel, i, j), limits.kernel, table));
      grid.append(pair);
    });
  });
  box.append(grid, element("i", "sign", "="), valueCell(valueAt(term.result, y, x), limits.result, table, "chip total"));
  return box;
}

const denseSentence = (term) => (term.kernel.h * term.kernel.w > 1 ? `Every pixel of ${termName(term)} has its own weight: ${term.kernel.h}×${term.kernel.w} products add up to` : `${termName(term)}: value times weight`);

function denseProduct(view, term) {
  const { limits, table } = view;
  const box = element("div", "products");
  if (term.kernel.h * term.kernel.w === 1) {
    box.append(valueCell(term.values.values[0], limits.values, table, "chip"), element("i", "sign", "×"), valueCell(term.kernel.values[0], limits.kernel, table, "chip"), element("i", "sign", "="));
  }
  box.append(valueCell(term.result.values[0], limits.result, table, "chip total"));
  return [box];
}
