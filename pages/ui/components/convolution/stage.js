// The numbers stage of the Convolution page. Python computed every number; here they are drawn and light up.

const STAGE = {
  mount(root, tools) {
    const conv = { root, tools, at: 0, cell: [0, 0], pointed: null };
    root.conv = conv;
    buildPatch(conv, root, tools);
    buildGrids(conv, root);
    conv.note = element("p", "conv-told conv-note", "", root);
    conv.hint = element("p", "conv-told", "", root);
    conv.playerHost = element("div", "conv-player", undefined, root);
    // The player says where it is, not that it was paused.
    conv.outputs.box.addEventListener("click", (event) => { if (event.target.closest(".live-cell")) sendCell(conv, true); });
    conv.playerHost.addEventListener("click", () => showPointed(conv));
    buildViews(conv, root, tools);
    buildFacts(conv, root);
    conv.table = element("div", "", undefined, root);
    // Asked once and then told: reading the width at every draw would make the browser lay out the page twice.
    conv.width = root.clientWidth;
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width === conv.width) return;
      conv.width = width;
      if (conv.picture) redraw(conv, tools);
    }).observe(root);
  },
  draw(root, picture, tools) {
    const { conv } = root;
    const isNew = (String(picture.cell) !== conv.sent && !tools.busy) || conv.walksInput !== walksInput(picture);
    conv.picture = picture;
    conv.walksInput = walksInput(picture);
    conv.uses = { rows: usesOf(picture.rows), columns: usesOf(picture.columns) };
    // A link, an experiment or undo chose a cell; what this browser is still sending is newer.
    if (isNew) {
      conv.sent = String(picture.cell);
      conv.cell = picture.cell;
      conv.at = conv.walksInput ? 0 : picture.cell[0] * walkedWidth(picture) + picture.cell[1];
    }
    const [height, width] = [picture.rows.reads.length, picture.columns.reads.length];
    conv.cell = [clip(conv.cell[0], 0, height - 1), clip(conv.cell[1], 0, width - 1)];
    conv.at = clip(conv.at, 0, walkedHeight(picture) * walkedWidth(picture) - 1);
    redraw(conv, tools);
  },
};

function redraw(conv, tools) {
  const { picture, root } = conv;
  conv.isDark = getComputedStyle(root).colorScheme.includes("dark");
  fitCells(conv, picture);
  drawPatch(conv, picture.patch);
  drawGrids(conv, picture, tools);
  conv.note.textContent = picture.note ?? "";
  conv.note.hidden = !picture.note;
  const hint = hintOf(picture);
  if (conv.hint.textContent !== hint) conv.hint.textContent = hint;
  conv.player = player(conv.playerHost, {
    n: walkedHeight(picture) * walkedWidth(picture), at: conv.at, label: "Positions of the kernel", every: 900, loop: true,
    playing: picture.is_editable,
    onStep: (at) => walkTo(conv, at),
  });
  drawViews(conv, picture);
  drawFacts(conv, picture.facts);
  const [top, left] = picture.place ?? [0, 0];
  drawTable(conv.table, {
    caption: `Output map ${picture.map ?? picture.shown + 1}`, head: ["Row", ...picture.columns.reads.map((_, x) => `Column ${left + x + 1}`)],
    rows: picture.output[picture.shown].map((row, y) => [String(top + y + 1), ...row]),
  });
  showPointed(conv);
}

function hintOf({ rows, columns, is_editable: isEditable }) {
  const hints = ["Point at any cell."];
  if (isEditable) hints.push(HOW_TO_EDIT);
  if (rows.frame.length > rows.size || columns.frame.length > columns.size) hints.push("Hatched: padding.");
  if (rows.unread.length || columns.unread.length) hints.push("Striped in red: never read.");
  return hints.join(" ");
}

function walkTo(conv, at) {
  conv.at = at;
  conv.pointed = null;
  showPointed(conv);
  if (!conv.walksInput) sendCell(conv, false);
}
