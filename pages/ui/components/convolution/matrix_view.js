// Two more ways to see the layer: as one large sparse matrix with its transpose, and backwards, as gradients.

function buildViews(conv, root, tools) {
  conv.tabs = element("div", "conv-tabs", undefined, root);
  conv.tabs.setAttribute("role", "group");
  conv.tabs.setAttribute("aria-label", "What is shown below");
  for (const [view, text] of [["sum", "The sum"], ["matrix", "As a matrix"], ["backward", "Backward"]]) {
    const button = element("button", "conv-tab", text, conv.tabs);
    button.type = "button";
    button.dataset.view = view;
    button.onclick = () => {
      const [row, column] = currentCell(conv);
      tools.send({ view, row, column }, { final: true });
    };
  }
  buildSum(conv, root);
  conv.matrixBox = element("div", "conv-matrix", undefined, root);
  conv.matrixText = element("p", "conv-told", "", conv.matrixBox);
  conv.matrices = ["C", "Cᵀ"].map((name) => matrixPlace(conv, name));
  conv.backBox = element("div", "conv-back", undefined, root);
  conv.starts = element("div", "conv-tabs", undefined, conv.backBox);
  conv.starts.setAttribute("role", "group");
  conv.starts.setAttribute("aria-label", "Where the way back begins");
  for (const [upstream, text] of [["cell", "From one output cell"], ["map", "From the whole output"]]) {
    const button = element("button", "conv-tab", text, conv.starts);
    button.type = "button";
    button.dataset.upstream = upstream;
    button.onclick = () => tools.send({ upstream }, { final: true });
  }
  conv.backText = element("p", "conv-told", "", conv.backBox);
  conv.backFlow = element("div", "conv-back-flow", undefined, conv.backBox);
  conv.slopes = ["conv-outputs", "conv-inputs", "conv-kernels", "conv-outputs"].map((name) => ({
    box: element("div", `conv-column ${name}`, undefined, conv.backFlow), hosts: [], grids: [],
  }));
}

function matrixPlace(conv, name) {
  const box = element("figure", "conv-matrix-figure", undefined, conv.matrixBox);
  const caption = element("figcaption", "", "", box);
  const frame = element("div", "conv-matrix-frame", undefined, box);
  const canvas = element("canvas", "", undefined, frame);
  canvas.setAttribute("role", "img");
  const place = { name, box, caption, frame, canvas, row: element("span", "conv-row-mark", "", frame), column: element("span", "conv-column-mark", "", frame) };
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    const { matrix, columns } = conv.picture;
    if (!matrix) return;
    const at = Math.floor((name === "C" ? event.offsetY : event.offsetX) / place.px);
    if (at >= 0 && at < matrix.height) goToCell(conv, Math.floor(at / columns.reads.length), at % columns.reads.length);
  };
  return place;
}

function drawViews(conv, picture) {
  for (const tab of conv.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.view === picture.view));
  conv.sum.hidden = picture.view !== "sum";
  conv.matrixBox.hidden = !picture.matrix;
  conv.backBox.hidden = !picture.backward;
  if (picture.matrix) drawMatrices(conv, picture);
  if (picture.backward) drawSlopes(conv, picture);
}

function drawMatrices(conv, picture) {
  const { matrix } = picture;
  const limit = largest(picture.kernel);
  const way = picture.transposed ? "the transposed layer" : "the layer";
  const back = picture.transposed ? "the convolution it belongs to" : "the transposed layer, and the way back of the gradients";
  conv.matrixText.textContent = matrix.sentence;
  conv.matrices.forEach((place, i) => {
    const [height, width] = i === 0 ? [matrix.height, matrix.width] : [matrix.width, matrix.height];
    place.caption.textContent = `${place.name}, ${height}×${width}: ${i === 0 ? way : back}`;
    place.canvas.setAttribute("aria-label", `${place.caption.textContent}. ${matrix.sentence}`);
    paintMatrix(conv, place, matrix, i === 1, height, width, limit);
  });
}

const figurePx = (columns, px) => Math.max(columns * px + 4, 190); // room for its caption

// The matrix and its transpose stand beside each other where both can be made out, else above each other.
function matrixCellPx(room, width, height) {
  const [long, most] = [Math.max(width, height), 460];
  const beside = Math.floor(Math.min((room - 90) / (width + height), most / long));
  const fits = beside >= 4 && figurePx(width, beside) + figurePx(height, beside) + 24 <= room;
  return clip(fits ? beside : Math.floor(Math.min(room - 6, most) / long), 2, 30);
}

function paintMatrix(conv, place, matrix, isTurned, height, width, limit) {
  place.px = matrixCellPx(conv.width, width, height);
  const ratio = Math.max(1, Math.round(devicePixelRatio));
  const { canvas, px } = place;
  canvas.width = width * px * ratio;
  canvas.height = height * px * ratio;
  Object.assign(canvas.style, { width: `${width * px}px`, height: `${height * px}px` });
  place.box.style.width = `${figurePx(width, px)}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = rgbText(stepColour(0, conv.isDark));
  context.fillRect(0, 0, width * px, height * px);
  context.font = `${clip(px * 0.42, 8, 12)}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  matrix.at.forEach(([row, column], n) => {
    const [y, x] = isTurned ? [column, row] : [row, column];
    const colour = stepColour(matrix.values[n] / limit, conv.isDark);
    context.fillStyle = rgbText(colour);
    context.fillRect(x * px, y * px, px, px);
    if (px >= 7) outlineCell(context, x, y, px, conv.isDark);
    if (px >= 16) {
      context.fillStyle = inkOn(colour);
      context.fillText(numberText(matrix.values[n], 2), (x + 0.5) * px, (y + 0.5) * px);
    }
  });
}

function outlineCell(context, x, y, px, isDark) {
  context.strokeStyle = isDark ? "rgb(255 255 255 / 22%)" : "rgb(16 24 38 / 22%)";
  context.strokeRect(x * px + 0.5, y * px + 0.5, px - 1, px - 1);
}

function lightMatrix(conv, row, column) {
  const { matrix } = conv.picture;
  if (!matrix) return;
  conv.matrices.forEach((place, i) => {
    const [marked, other] = i === 0 ? [row, column] : [column, row];
    place.row.hidden = marked === null;
    place.column.hidden = other === null;
    if (marked !== null) place.row.style.cssText = `top:${marked * place.px}px;height:${place.px}px`;
    if (other !== null) place.column.style.cssText = `left:${other * place.px}px;width:${place.px}px`;
  });
}

const FROM_CELL = "changes when one number before it grows by 1 (autograd). For the input it is the kernel, in the places of the window; for the kernel it is the window's pixels; for the bias it is 1.";
const FROM_MAP = "The gradient of the loss arrives at the output; change any of its numbers. Each goes back to the pixels of its window, times their weights, and to the weights, times their pixels. What meets is added (autograd). The bias gets the sum.";

function drawSlopes(conv, picture) {
  const { backward, cell } = picture;
  const isMap = backward.upstream !== null;
  conv.starts.hidden = !picture.upstream; // a layer of one's own network shows one cell
  for (const button of conv.starts.children) button.setAttribute("aria-pressed", String(button.dataset.upstream === picture.upstream));
  conv.backText.textContent = isMap ? FROM_MAP : `How output ${outputName(picture, ...cell)} ${FROM_CELL}`;
  const digits = conv.cellPx >= 34 ? 3 : 2;
  const slope = (values, all, label) => ({ scale: "diverging", digits, values, limit: largest(all), label: `∂ / ∂ ${label}` });
  const numbered = (name, parts, n) => (parts.length > 1 ? `${name} ${n}` : name);
  const [arriving, inputs, kernels, bias] = conv.slopes;
  fillColumn(arriving, isMap ? 1 : 0, () => ({
    ...slope(backward.upstream, backward.upstream, numbered("output", picture.output, picture.shown + 1)),
    editable: true, step: 1, least: -9999, most: 9999,
    onEdit: (y, x, value, { final }) => editUpstream(conv, y, x, value, final),
  }));
  fillColumn(inputs, backward.input.length, (i) => slope(backward.input[i], backward.input, numbered("input", backward.input, mapNumber(picture, i))));
  fillColumn(kernels, backward.kernel.length, (i) => slope(backward.kernel[i], backward.kernel, numbered("kernel", backward.kernel, mapNumber(picture, picture.channels[i]))));
  fillColumn(bias, backward.bias === null ? 0 : 1, () => slope([[backward.bias]], [backward.bias], "bias"));
}

// Python keeps what was typed; here it is only put into the list.
function editUpstream(conv, y, x, value, final) {
  const { tools, picture } = conv;
  const others = tools.values.upstream_edits.filter(([map, row, column]) => map !== picture.shown || row !== y || column !== x);
  tools.send({ upstream_edits: [...others, [picture.shown, y, x, value]].slice(-500) }, { final });
}
