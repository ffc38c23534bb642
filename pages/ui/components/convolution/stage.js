// The numbers stage of the Convolution page. Python computed every number; here they are drawn and light up.

const STAGE = {
  mount(root, tools) {
    const conv = { root, tools, at: 0, pointed: null };
    root.conv = conv;
    buildPatch(conv, root, tools);
    buildGrids(conv, root);
    conv.note = element("p", "conv-told conv-note", "", root);
    conv.playerHost = element("div", "conv-player", undefined, root);
    // The player says where it is, not that it was paused.
    conv.playerHost.addEventListener("click", () => showPointed(conv));
    buildViews(conv, root, tools);
    buildFacts(conv, root);
    conv.table = element("div", "", undefined, root);
    new ResizeObserver(() => { if (conv.picture && conv.width !== root.clientWidth) redraw(conv, tools); }).observe(root);
  },
  draw(root, picture, tools) {
    const { conv } = root;
    const isFirst = !conv.picture;
    conv.picture = picture;
    conv.uses = { rows: usesOf(picture.rows), columns: usesOf(picture.columns) };
    const [height, width] = [picture.rows.reads.length, picture.columns.reads.length];
    if (isFirst) conv.at = picture.cell[0] * width + picture.cell[1];
    else if (conv.shape !== `${height}×${width}` || conv.sent !== String(picture.cell)) keepPlace(conv, picture, width);
    conv.shape = `${height}×${width}`;
    conv.sent = String(picture.cell);
    conv.at = clip(conv.at, 0, height * width - 1);
    redraw(conv, tools);
  },
};

// Undo, a link or an experiment chose a cell; a new size keeps the row and column that were shown.
function keepPlace(conv, picture, width) {
  if (conv.sent !== String(picture.cell)) conv.at = picture.cell[0] * width + picture.cell[1];
}

function redraw(conv, tools) {
  const { picture, root } = conv;
  conv.width = root.clientWidth;
  conv.isDark = getComputedStyle(root).colorScheme.includes("dark");
  fitCells(conv, picture);
  drawPatch(conv, picture.patch);
  drawGrids(conv, picture, tools);
  conv.note.textContent = picture.note ?? "";
  conv.note.hidden = !picture.note;
  conv.player = player(conv.playerHost, {
    n: picture.rows.reads.length * picture.columns.reads.length, at: conv.at, label: "Positions of the kernel", every: 900, loop: true,
    playing: picture.is_editable,
    onStep: (at) => walkTo(conv, tools, at),
  });
  drawViews(conv, picture);
  drawFacts(conv, picture.facts);
  drawTable(conv.table, {
    caption: `Output map ${picture.shown + 1}`, head: ["Row", ...picture.columns.reads.map((_, x) => `Column ${x + 1}`)],
    rows: picture.output[picture.shown].map((row, y) => [String(y + 1), ...row]),
  });
  showPointed(conv);
}

function walkTo(conv, tools, at) {
  conv.at = at;
  conv.pointed = null;
  showPointed(conv);
  if (conv.picture.view !== "backward") return;
  const [row, column] = currentCell(conv);
  tools.send({ row, column }, { final: false });
}
