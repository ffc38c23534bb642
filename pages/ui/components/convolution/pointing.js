// What belongs together lights up, both ways. The tables `reads` and `frame` come from Python; this only follows them.

// For each padded pixel the [output position, kernel cell] pairs that read it, repeated pixels counted with their origin.
function usesOf(axis) {
  const uses = axis.frame.map(() => []);
  axis.reads.forEach((row, position) => row.forEach((place, tap) => { if (place >= 0) uses[place].push([position, tap]); }));
  const twins = axis.frame.map((pixel, place) => (pixel < 0 ? [place] : axis.frame.flatMap((other, i) => (other === pixel ? [i] : []))));
  return { twins, uses: twins.map((places) => places.flatMap((place) => uses[place])) };
}

const pairsOf = (ys, xs) => ys.flatMap((y) => xs.map((x) => [y, x]));
const unique = (values) => [...new Set(values)];

function pointAt(conv, target) {
  conv.pointed = target;
  if (target && conv.player.playing) {
    conv.player.pause();
    lightLater(conv, 0, 0);
  }
  showPointed(conv);
}

// A convolution walks over its output, one sum at a time; a transposed one over its input, one stamp at a time. The way
// back is that of an output cell for both.
const walksInput = ({ transposed, view }) => transposed && view !== "backward";
const walkedWidth = (picture) => (walksInput(picture) ? picture.columns.size : picture.columns.reads.length);
const walkedHeight = (picture) => (walksInput(picture) ? picture.rows.size : picture.rows.reads.length);
const walkedCell = (conv) => [Math.floor(conv.at / walkedWidth(conv.picture)), conv.at % walkedWidth(conv.picture)];

function goToCell(conv, y, x) {
  conv.cell = [y, x];
  if (!walksInput(conv.picture)) {
    conv.pointed = null;
    conv.player.go(y * walkedWidth(conv.picture) + x);
    return;
  }
  pointAt(conv, { kind: "output", y, x });
  sendCell(conv, false);
}

const currentCell = (conv) => (walksInput(conv.picture) ? conv.cell : walkedCell(conv));

// The way back belongs to one output cell, and Python computes it for each.
function sendCell(conv, isChosen) {
  if (!isChosen && conv.picture.view !== "backward") return;
  const [row, column] = currentCell(conv);
  conv.tools.send({ row, column }, { final: isChosen });
}

function showPointed(conv) {
  const target = conv.pointed ?? walkedTarget(conv);
  const { picture } = conv;
  if (target.kind === "input" && picture.input[target.channel]?.[target.y]?.[target.x] !== undefined) showInputCell(conv, target);
  else if (target.kind === "kernel" && picture.kernel[target.channel]?.[target.y]?.[target.x] !== undefined) showKernelCell(conv, target);
  else showOutputCell(conv);
}

function walkedTarget(conv) {
  if (!walksInput(conv.picture)) return { kind: "output" };
  const [y, x] = walkedCell(conv);
  return { kind: "input", channel: conv.picture.channels[0], y, x };
}

function lightAll(conv, { input = [], strongInput = [], kernel = [], strongKernel = [], output = [], strongOutput = [] }, channel = null) {
  conv.inputs.grids.forEach((grid, i) => {
    const isRead = conv.picture.channels.includes(i) && (channel === null || channel === i);
    grid.light(isRead ? input : [], "lit");
    grid.light(isRead ? strongInput : [], "lit-strong");
  });
  conv.kernels.grids.forEach((grid, i) => {
    if (!grid) return;
    const isMeant = channel === null || channel === i;
    grid.light(isMeant ? kernel : [], "lit");
    grid.light(isMeant ? strongKernel : [], "lit-strong");
  });
  conv.outputs.grids[0].light(output, "lit");
  conv.outputs.grids[0].light(strongOutput, "lit-strong");
}

function showOutputCell(conv) {
  const { rows, columns } = conv.picture;
  const [y, x] = currentCell(conv);
  const taps = pairsOf(rows.reads[y].map((place, i) => [place, i]), columns.reads[x].map((place, j) => [place, j]))
    .filter(([[top], [left]]) => top >= 0 && left >= 0);
  lightAll(conv, {
    input: taps.map(([[top], [left]]) => [top, left]),
    kernel: taps.map(([[, i], [, j]]) => [i, j]),
    strongOutput: [[y, x]],
  });
  lightLater(conv, y, x);
  lightMatrix(conv, y * columns.reads.length + x, null);
  writeSum(conv, y, x);
}

// While it plays, the output comes into being: what the kernel has not reached yet is pale.
function lightLater(conv, y, x) {
  const { rows, columns } = conv.picture;
  const later = conv.player.playing && !conv.picture.transposed ? pairsOf(rows.reads.map((_, i) => i), columns.reads.map((_, j) => j)).filter(([i, j]) => i > y || (i === y && j > x)) : [];
  conv.outputs.grids[0].light(later, "conv-later");
}

function showInputCell(conv, { channel, y, x }) {
  const [down, across] = [conv.uses.rows, conv.uses.columns];
  const pairs = conv.picture.channels.includes(channel) ? pairsOf(down.uses[y], across.uses[x]) : [];
  lightAll(conv, {
    strongInput: pairsOf(down.twins[y], across.twins[x]),
    kernel: pairs.map(([[, i], [, j]]) => [i, j]),
    output: pairs.map(([[row], [column]]) => [row, column]),
  }, channel);
  lightMatrix(conv, null, inputColumn(conv, channel, y, x));
  writeUses(conv, channel, y, x, pairs);
}

function showKernelCell(conv, { channel, y, x }) {
  const { rows, columns, channels } = conv.picture;
  const downs = rows.reads.map((row, position) => [row[y], position]).filter(([place]) => place >= 0);
  const acrosses = columns.reads.map((row, position) => [row[x], position]).filter(([place]) => place >= 0);
  const pairs = pairsOf(downs, acrosses);
  lightAll(conv, {
    input: pairs.map(([[top], [left]]) => [top, left]),
    strongKernel: [[y, x]],
    output: pairs.map(([[, row], [, column]]) => [row, column]),
  }, channels[channel]);
  lightMatrix(conv, null, null);
  writeSharing(conv, channel, y, x, pairs.length);
}

// The column of the matrix that an input cell has; nothing for a zero of the padding.
function inputColumn(conv, channel, y, x) {
  const { rows, columns } = conv.picture;
  const [row, column] = [rows.frame[y], columns.frame[x]];
  return row < 0 || column < 0 ? null : (channel * rows.size + row) * columns.size + column;
}
