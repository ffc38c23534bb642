// Softmax worked out line by line, and all maps of one layer in one picture.

function softmaxView(mail) {
  const body = element("div", "detail softmax");
  const table = element("table", "softmaxtable");
  const head = table.createTHead().insertRow();
  for (const text of ["class", "value z", `exp(z − ${written(mail.largest)})`, "share", ""]) {
    const cell = element("th", "", text);
    cell.scope = "col";
    head.append(cell);
  }
  const rows = table.createTBody();
  const most = Math.max(...mail.rows.map(([, , , share]) => share ?? 0));
  for (const [label, logit, exponential, share] of mail.rows) softmaxRow(rows, label, written(logit), exponential, share).classList.toggle("likeliest", share === most);
  if (mail.others > 0) softmaxRow(rows, `${mail.others} other classes`, "", mail.othersExponential, mail.othersShare);
  const foot = table.createTFoot().insertRow();
  for (const text of ["sum", "", written(mail.total), "100 %", ""]) foot.append(element("td", "", text));
  const note = element("p", "sentence", "Each value becomes a positive number by the exponential, then its share of the sum. The largest value is taken off first: no share changes by that, and no exponential grows beyond bounds.");
  body.append(note, table, element("p", "formula", "share of a class = exp(z of the class) / Σ exp(z of all classes)"));
  return body;
}

function softmaxRow(rows, label, logit, exponential, share) {
  const row = rows.insertRow();
  const head = element("th", "", label);
  head.scope = "row";
  const bar = element("td", "barcell");
  bar.append(barOf(share));
  row.append(head, element("td", "", logit), element("td", "", written(exponential)), element("td", "", percent(share)), bar);
  return row;
}

function allMapsView(stage, mail) {
  const body = element("div", "detail all");
  const canvas = element("canvas");
  const told = element("p", "told");
  told.setAttribute("role", "status");
  const [tileH, tileW] = mail.tile;
  const width = Math.min(stage.els.host.clientWidth - 40, Math.max(320, mail.columns * 56));
  const pitch = width / mail.columns;
  const size = pitch - 4;
  const nRows = Math.ceil(mail.shape[0] / mail.columns);
  const tall = size * (tileH / tileW);
  const state = { at: mail.strongest[0], ready: null };
  const draw = () => {
    if (!state.ready) return;
    const context = fitCanvas(canvas, width, nRows * (tall + 4));
    for (let i = 0; i < mail.shape[0]; i += 1) {
      const [row, col] = [Math.floor(i / mail.columns), i % mail.columns];
      drawTile(context, state.ready, { x: col * tileW, y: row * tileH, w: tileW, h: tileH }, { x: col * pitch + 2, y: row * (tall + 4) + 2, w: size, h: tall });
      if (i !== state.at) continue;
      context.strokeStyle = colourOf(stage, "var(--st-primary-color)");
      context.lineWidth = 2;
      context.strokeRect(col * pitch + 1, row * (tall + 4) + 1, size + 2, tall + 2);
    }
    told.textContent = `map ${state.at}: number ${mail.strongest.indexOf(state.at) + 1} by strength of ${mail.shape[0]}${mail.reduced ? `; drawn at ${tileH}×${tileW}, each pixel is a mean` : ""}`;
  };
  const moveTo = (at) => { state.at = Math.max(0, Math.min(mail.shape[0] - 1, at)); draw(); };
  canvas.tabIndex = 0;
  canvas.className = "pointable allmaps";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `All maps of ${mail.id}: arrow keys move, Enter opens one`);
  const under = (event) => Math.floor(event.offsetY / (tall + 4)) * mail.columns + Math.min(mail.columns - 1, Math.floor(event.offsetX / pitch));
  canvas.onpointermove = (event) => under(event) !== state.at && moveTo(under(event));
  canvas.onclick = (event) => { moveTo(under(event)); openMap(stage, mail.id, state.at); };
  canvas.onkeydown = (event) => {
    if (event.key === "Enter") openMap(stage, mail.id, state.at);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -mail.columns, ArrowDown: mail.columns }[event.key];
    if (step) { event.preventDefault(); event.stopPropagation(); moveTo(state.at + step); }
  };
  body.append(told, canvas);
  readPlane(mail.png).then((plane) => {
    state.ready = spriteOf(plane, stage.table, mail.limits.layer, mail.limits[stage.scale]);
    draw();
    stage.els.body.style.minHeight = `${stage.els.overlay.scrollHeight + 8}px`;
  });
  return body;
}
