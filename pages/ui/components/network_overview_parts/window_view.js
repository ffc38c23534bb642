// Maps made of one map: pooling with its window, activation with its curve, batch norm with its numbers, copies.

function windowView(stage, mail) {
  const table = stage.table;
  const output = planeOf(mail.output);
  const term = mail.terms[0] ? { ...mail.terms[0], ofChannels: channelsOf(stage, mail.terms[0].source), values: planeOf(mail.terms[0].values) } : null;
  const grey = term ? sourceGrey(stage, term.source) : stage.data.columns[0].stats;
  const limit = Math.max(1e-9, rangeOf(output), term ? rangeOf(term.values) : 0);
  const view = { stage, mail, table, output, term, limit, grey };
  const body = element("div", "detail window");
  const row = element("div", "pairrow");
  const largest = Math.max(output.h, output.w, term ? Math.max(term.values.h, term.values.w) : 0);
  // Both maps, the equation between them and the facts beside them: in one row where the page is wide enough.
  const room = Math.max(190, Math.min(250, (stage.host.clientWidth - 400) / 2));
  const sized = (plane) => Math.max(72, (room * Math.max(plane.h, plane.w)) / largest);
  view.equation = element("div", "equation");
  view.equation.classList.toggle("narrow", mail.operation === "affine");
  view.equation.setAttribute("aria-live", "polite");
  if (term) {
    view.inputView = mapView(term.values, table, { size: sized(term.values), limit, grey, label: termName(term), className: "large" });
    makePointable(stage, view.inputView, (cell) => ({ y: nearestWindow(mail.rows, cell.y), x: nearestWindow(mail.cols, cell.x) }), output);
    row.append(captioned(view.inputView.node, `${termName(term)} · ${term.values.h}×${term.values.w}`), view.equation);
  }
  view.outputView = mapView(output, table, { size: sized(output), limit, grey: term ? null : grey, label: `${mail.id} map ${mail.channel}`, className: "large" });
  makePointable(stage, view.outputView, (cell) => cell, output);
  row.append(captioned(view.outputView.node, `${mail.id} ${mail.channel} · ${output.h}×${output.w}`));
  if (!term) row.append(view.equation);
  const main = element("div", "main");
  main.append(element("p", "sentence", mail.sentence), row);
  if (mail.curve) main.append(curveOf(view));
  main.append(element("p", "formula", mail.formula));
  // The picture's own channels are grey and have no part in the colours.
  if (term) main.append(legendOf(grey ? `${mail.id} · map ${mail.channel}` : "both maps", limit, table));
  const facts = aside(stage, mail);
  body.append(main, facts.box);
  stage.moveTo = (y, x) => {
    stage.position = { y, x };
    frameCells(view.outputView, [y], [x]);
    if (view.inputView && mail.rows) frameCells(view.inputView, mail.rows[y], mail.cols[x]);
    facts.move(y, x);
    view.equation.replaceChildren(...equationOf(view, y, x));
    view.dot?.(y, x);
  };
  return body;
}

function captioned(node, text) {
  const box = element("figure", "captioned");
  box.append(node, element("figcaption", "", text));
  return box;
}

const EQUATION_HEADS = { maximum: "max", mean: "mean", norm: "norm", blend: "blend" };

function equationOf(view, y, x) {
  const { mail, output, term, limit, table } = view;
  const result = valueCell(valueAt(output, y, x), limit, table, "chip total");
  if (!term) return [element("span", "sign", `row ${y}, column ${x}:`), result];
  const head = EQUATION_HEADS[mail.operation];
  if (head) return [element("span", "sign", `${head}(`), windowGrid(view, y, x), element("span", "sign", ") ="), result];
  const value = valueAt(term.values, mail.rows[y][0], mail.cols[x][0]);
  const cell = valueCell(value, limit, table, "chip");
  if (mail.operation === "curve") return [element("span", "sign", `${mail.kind}(`), cell, element("span", "sign", ") ="), result];
  if (mail.operation === "affine") return affineEquation(view, cell, result);
  if (mail.operation === "softmax") return [element("span", "sign", "exp("), cell, element("span", "sign", ") / Σ ="), result];
  return [cell, element("span", "sign", "→"), result];
}

const signed = (value) => (value < 0 ? `(${written(value)})` : written(value));

function affineEquation(view, cell, result) {
  const c = view.mail.constants;
  const lines = [element("div", "line"), element("div", "line")];
  lines[0].append(element("span", "sign", `${written(c.gamma)} · (`), cell, element("span", "sign", `− ${signed(c.mean)})`), element("span", "sign", `/ √(${written(c.variance)} + ε)`), element("span", "sign", `+ ${signed(c.beta)} =`), result);
  lines[1].append(element("span", "note", `which for this map is ${written(c.slope)} · x + ${signed(c.offset)}`));
  return lines;
}

function windowGrid(view, y, x) {
  const { mail, term, limit, table } = view;
  const rows = mail.rows[y];
  const cols = mail.cols[x];
  const grid = element("div", "grid");
  if (rows.length * cols.length > 49) {
    grid.append(element("span", "caption", `${rows.length}×${cols.length} values`));
    return grid;
  }
  grid.style.gridTemplateColumns = `repeat(${cols.length}, auto)`;
  const winner = mail.winners ? mail.winners[y * view.output.w + x] : -1;
  for (const row of rows) {
    for (const col of cols) {
      const cell = valueCell(valueAt(term.values, row, col), limit, table);
      cell.classList.toggle("winner", row >= 0 && col >= 0 && row * term.values.w + col === winner);
      grid.append(cell);
    }
  }
  return grid;
}

// The activation's graph over the values that reach it, with the chosen pixel on it.
function curveOf(view) {
  const { curve } = view.mail;
  const size = { w: 250, h: 150, pad: 22 };
  const xs = curve.map(([x]) => x);
  const ys = curve.map(([, y]) => y).filter((value) => value !== null);
  const bounds = { x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(0, ...ys), y1: Math.max(0.001, ...ys) };
  const px = (x) => size.pad + ((x - bounds.x0) / (bounds.x1 - bounds.x0)) * (size.w - 2 * size.pad);
  const py = (y) => size.h - size.pad - ((y - bounds.y0) / (bounds.y1 - bounds.y0)) * (size.h - 2 * size.pad);
  const svg = make("svg", { class: "curve", width: size.w, height: size.h, role: "img", "aria-label": `The curve of ${view.mail.kind}` });
  svg.append(
    make("path", { class: "axis", d: `M${size.pad} ${py(0)}H${size.w - size.pad}M${px(0)} ${size.pad / 2}V${size.h - size.pad / 2}` }),
    make("path", { class: "graph", d: curve.filter(([, y]) => y !== null).map(([x, y], i) => `${i ? "L" : "M"}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join("") }),
  );
  for (const [text, x, y, anchor] of [[written(bounds.x0), size.pad, py(0) + 13, "start"], [written(bounds.x1), size.w - size.pad, py(0) + 13, "end"], [written(bounds.y1), px(0) + 4, size.pad / 2 + 8, "start"]]) {
    const label = make("text", { x, y, "text-anchor": anchor });
    label.textContent = text;
    svg.append(label);
  }
  const drop = make("path", { class: "drop" });
  const dot = make("circle", { class: "dot", r: 5 });
  svg.append(drop, dot);
  view.dot = (y, x) => {
    const from = valueAt(view.term.values, view.mail.rows[y][0], view.mail.cols[x][0]);
    const to = valueAt(view.output, y, x);
    if (![from, to].every(Number.isFinite)) return;
    dot.setAttribute("cx", px(from));
    dot.setAttribute("cy", py(to));
    drop.setAttribute("d", `M${px(from)} ${py(0)}V${py(to)}H${px(0)}`);
  };
  return svg;
}
