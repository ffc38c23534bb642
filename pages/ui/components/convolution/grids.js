// The three groups of cells of a convolution: input maps in their padding, the kernels of one output map, the output maps.

// A layer's own weights have digits that need room, however small the other cells are.
const weightCellPx = (columns) => (columns > 3 ? 38 : 46);
const CHANNEL_NAMES = ["red", "green", "blue", "grey"];

function buildGrids(conv, root) {
  conv.flow = element("div", "conv-flow", undefined, root);
  conv.inputs = gridColumn(conv, "conv-inputs");
  conv.times = element("span", "conv-sign", "∗", conv.flow);
  conv.kernels = gridColumn(conv, "conv-kernels");
  conv.plus = element("div", "conv-plus", undefined, conv.flow);
  element("span", "conv-sign", "+", conv.plus);
  conv.biasHost = element("div", "conv-grid conv-bias", undefined, conv.plus);
  element("span", "conv-sign conv-equals", "=", conv.plus);
  conv.outputs = gridColumn(conv, "conv-outputs");
  conv.thumbs = element("div", "conv-thumbs", undefined, conv.outputs.box);
  conv.thumbs.setAttribute("role", "group");
  conv.thumbs.setAttribute("aria-label", "Output maps");
}

function gridColumn(conv, className) {
  const box = element("div", `conv-column ${className}`, undefined, conv.flow);
  return { box, hosts: [], grids: [] };
}

// As many cells as fit beside each other; above each other on a phone.
function fitCells(conv, picture) {
  const width = conv.width || 640;
  const [inner, kernel, outer] = [picture.columns.frame.length, picture.kernel[0][0].length, picture.columns.reads.length];
  const tall = Math.max(picture.rows.frame.length * picture.input.length, picture.rows.reads.length);
  const signs = picture.bias === null ? 90 : 156;
  const weightCell = weightCellPx(kernel);
  const free = picture.is_editable ? (width - signs) / (inner + kernel + outer) : (width - signs - weightCell * kernel) / (inner + outer);
  const beside = Math.min(free, 540 / tall);
  const isStacked = beside < 20;
  const withKernel = (width - 50) / Math.max(inner + kernel, outer);
  const above = Math.min(withKernel < 20 ? (width - 6) / Math.max(inner, outer) : withKernel, 620 / tall);
  const cell = clip(Math.floor(isStacked ? above : beside), 15, 44);
  const fit = `${cell} ${isStacked} ${weightCell}`;
  if (conv.fit === fit) return;
  conv.fit = fit;
  conv.cellPx = cell;
  conv.root.style.setProperty("--conv-cell", `${cell}px`);
  conv.root.style.setProperty("--conv-weight", `${weightCell}px`);
  conv.root.style.setProperty("--conv-font", `${clip(cell * 0.34, 7.5, 13.5)}px`);
  conv.root.classList.toggle("conv-stacked", isStacked);
  conv.root.classList.toggle("conv-tiny", cell < 21);
  conv.root.classList.toggle("conv-real", !picture.is_editable);
}

function drawGrids(conv, picture, tools) {
  const digits = conv.cellPx >= 34 ? 3 : 2;
  const editable = picture.is_editable;
  const inputLimit = picture.is_grey ? 255 : largest(picture.input);
  fillColumn(conv.inputs, picture.input.length, (i) => ({
    values: picture.input[i],
    label: inputName(picture, i),
    limit: inputLimit,
    scale: picture.is_grey ? "grey" : "diverging",
    editable, digits, step: picture.is_grey ? 5 : 1, least: -9999, most: 9999,
    onEdit: (y, x, value, { final }) => editInput(conv, tools, i, y, x, value, final),
    onPoint: (y, x) => pointAt(conv, y === null ? null : { kind: "input", channel: i, y, x }),
  }));
  fillColumn(conv.kernels, picture.input.length, (i) => {
    const part = picture.channels.indexOf(i);
    if (part < 0) return null;
    return {
      values: picture.kernel[part],
      label: picture.input.length > 1 ? `Kernel ${mapNumber(picture, i)}` : "Kernel",
      limit: largest(picture.kernel),
      editable, digits: editable ? digits : 2, step: 1, least: -9999, most: 9999,
      onEdit: (y, x, value, { final }) => tools.act("edit_kernel", { channel: part, y, x, value, final }, { latest: !final }),
      onPoint: (y, x) => pointAt(conv, y === null ? null : { kind: "kernel", channel: part, y, x }),
    };
  });
  conv.inputs.hosts.forEach((host, i) => host.classList.toggle("conv-aside", !picture.channels.includes(i)));
  drawBias(conv, picture, tools);
  drawOutput(conv, picture, tools, digits);
  markCells(conv, picture);
}

// A layer of a network shows some of its maps; they keep their numbers.
const mapNumber = (picture, i) => picture.names?.[i] ?? i + 1;

function inputName(picture, i) {
  if (picture.names) return `Input map ${picture.names[i]}`;
  if (picture.input.length === 1) return picture.is_grey ? "Input (grey)" : "Input";
  return picture.is_grey ? `Input ${i + 1} (${CHANNEL_NAMES[i]})` : `Input ${i + 1}`;
}

const largest = (values) => Math.max(1e-9, ...values.flat(Infinity).map(Math.abs));

// One host for each channel, kept as long as there is a channel for it.
function fillColumn(column, n, optionsOf) {
  while (column.hosts.length < n) column.hosts.push(element("div", "conv-grid", undefined, column.box));
  while (column.hosts.length > n) column.hosts.pop().remove();
  column.grids = column.hosts.map((host, i) => {
    const options = optionsOf(i);
    host.classList.toggle("conv-none", options === null);
    return options === null ? null : drawMatrix(host, options);
  });
}

function drawBias(conv, picture, tools) {
  const hasBias = picture.bias !== null;
  conv.plus.classList.toggle("conv-nobias", !hasBias);
  if (!hasBias) return;
  drawMatrix(conv.biasHost, {
    values: [[picture.bias]], label: "Bias", limit: Math.max(Math.abs(picture.bias), largest(picture.kernel)), digits: 3,
    editable: picture.is_editable, step: 1, least: -9999, most: 9999,
    onEdit: (y, x, value, { final }) => tools.act("edit_bias", { value, final }, { latest: !final }),
  });
}

function drawOutput(conv, picture, tools, digits) {
  const { output, shown } = picture;
  const limit = largest(output);
  fillColumn(conv.outputs, 1, () => ({
    values: output[shown], label: picture.map ? `Output map ${picture.map}` : output.length > 1 ? `Output ${shown + 1}` : "Output", limit, digits,
    onPoint: (y, x) => { if (y !== null) goToCell(conv, y, x); },
  }));
  if (conv.outputs.box.lastChild !== conv.thumbs) conv.outputs.box.append(conv.thumbs);
  conv.thumbs.hidden = output.length < 2;
  if (conv.thumbs.hidden) return;
  while (conv.thumbs.childElementCount < output.length) makeThumb(conv, tools);
  while (conv.thumbs.childElementCount > output.length) conv.thumbs.lastChild.remove();
  [...conv.thumbs.children].forEach((button, i) => {
    button.setAttribute("aria-pressed", String(i === shown));
    paintValues(button.firstChild, output[i], limit, conv.isDark);
  });
}

function makeThumb(conv, tools) {
  const i = conv.thumbs.childElementCount;
  const button = element("button", "conv-thumb", undefined, conv.thumbs);
  button.type = "button";
  element("canvas", "", undefined, button);
  element("span", "", `Map ${i + 1}`, button);
  button.onclick = () => tools.send({ out_channel: i }, { final: true });
}

function paintValues(canvas, values, limit, isDark) {
  const [height, width] = [values.length, values[0].length];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  values.forEach((row, y) => row.forEach((value, x) => {
    image.data.set([...stepColour(value / limit, isDark), 255], 4 * (y * width + x));
  }));
  context.putImageData(image, 0, 0);
}

const stepColour = (share, isDark) => STEPS[isDark ? 1 : 0][Math.round(128 + 127 * clip(share, -1, 1))];

// Padding that repeats a pixel is that pixel: a number typed there goes where it comes from.
function editInput(conv, tools, channel, y, x, value, final) {
  const { rows, columns } = conv.picture;
  const [row, column] = [rows.frame[y], columns.frame[x]];
  if (row < 0 || column < 0) {
    tools.say("This cell is padding and always 0.");
    tools.act("padding", {});
    return;
  }
  tools.act("edit_input", { channel, y: row, x: column, value, final }, { latest: !final });
}

// What does not change while one points: the padding, pixels nobody reads, output cells that no pixel reaches.
function markCells(conv, picture) {
  const { rows, columns } = picture;
  const ring = [];
  const unread = [];
  rows.frame.forEach((row, y) => columns.frame.forEach((column, x) => {
    const isInside = y >= rows.before && y < rows.before + rows.size && x >= columns.before && x < columns.before + columns.size;
    if (!isInside) ring.push([y, x]);
    else if (rows.unread.includes(row) || columns.unread.includes(column)) unread.push([y, x]);
  }));
  const holes = [];
  rows.reads.forEach((_, y) => columns.reads.forEach((__, x) => {
    if (rows.untouched.includes(y) || columns.untouched.includes(x)) holes.push([y, x]);
  }));
  const inner = `${rows.frame.length}×${columns.frame.length}`;
  for (const grid of conv.inputs.grids) {
    markOnce(grid, inner, ring, "conv-ring");
    markOnce(grid, inner, unread, "conv-unread");
  }
  markOnce(conv.outputs.grids[0], `${rows.reads.length}×${columns.reads.length}`, holes, "conv-hole");
}

// Classes that stay as they are are left alone: each change costs the browser a new style for the cell.
function markOnce(grid, shape, cells, className) {
  const key = `${shape} ${cells.join(" ")}`;
  grid.keys ??= {};
  if (grid.keys[className] === key) return;
  grid.keys[className] = key;
  grid.light(cells, className);
}
