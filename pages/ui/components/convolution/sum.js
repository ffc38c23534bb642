// The arithmetic of what is pointed at, with the numbers that Python sent.

function buildSum(conv, root) {
  conv.sum = element("div", "conv-sum", undefined, root);
  conv.sumHead = element("p", "conv-sum-head", "", conv.sum);
  conv.sumParts = element("div", "conv-parts", undefined, conv.sum);
  conv.sumLine = element("p", "conv-sum-line", "", conv.sum);
}

// Numbers of the hand in full; learned ones have many digits that say nothing.
const digitsOf = (conv) => (conv.picture.is_editable ? 6 : 3);
const placeName = (y, x) => `row ${y + 1}, column ${x + 1}`;
// A part of a layer's map names its cells as the whole map does.
const outputName = ({ place = [0, 0] }, y, x) => placeName(place[0] + y, place[1] + x);
// A negative factor or summand stands in brackets, as on paper.
const bracketed = (value, digits = 6) => (value < 0 ? `(${numberText(value, digits)})` : numberText(value, digits));

function writeSum(conv, y, x) {
  const { picture } = conv;
  const total = picture.output[picture.shown][y][x];
  const sums = picture.sums[y][x];
  const told = picture.transposed ? "every pixel whose stamp reaches it × the weight that falls there" : "every pixel under the kernel × its weight";
  conv.sumHead.textContent = `Output ${outputName(picture, y, x)}: ${told}`;
  syncChildren(conv.sumParts, picture.channels.length, () => element("div", "conv-part"));
  picture.channels.forEach((channel, part) => writePart(conv, conv.sumParts.children[part], channel, part, y, x));
  const digits = digitsOf(conv);
  const named = sums.length > 1 ? sums.map((value, i) => `${bracketed(value, digits)} from input ${mapNumber(picture, picture.channels[i])}`) : [bracketed(sums[0], digits)];
  if (picture.n_others) named.push(`${bracketed(picture.others[y][x], digits)} from ${picture.n_others} other ${picture.n_others === 1 ? "map" : "maps"}`);
  const bias = picture.bias === null ? [] : [`bias ${bracketed(picture.bias, digits)}`];
  writeLine(conv, [...named, ...bias].join(" + "), total);
}

function writeLine(conv, text, total) {
  conv.sumLine.replaceChildren();
  element("span", "", `${text} = `, conv.sumLine);
  const chip = element("strong", "conv-total", numberText(total, digitsOf(conv)), conv.sumLine);
  const look = lookOf(total, largest(conv.picture.output));
  Object.assign(chip.style, look);
}

// One card for each weight, in the kernel's own order: what it meets, and the product.
function writePart(conv, box, channel, part, y, x) {
  const { picture } = conv;
  const [height, width] = [picture.kernel[part].length, picture.kernel[part][0].length];
  syncChildren(box, height * width + 1, () => element("span", "conv-card"));
  box.style.setProperty("--columns", width);
  const products = picture.products[y][x][part];
  const limit = largest(picture.products[y][x]);
  for (let i = 0; i < height; i += 1) {
    for (let j = 0; j < width; j += 1) {
      const place = i * width + j;
      const [top, left] = [picture.rows.reads[y][i], picture.columns.reads[x][j]];
      const meets = top >= 0 && left >= 0;
      const value = meets ? picture.input[channel][top][left] : null;
      writeCard(conv, box.children[place], value, picture.kernel[part][i][j], products[place], limit);
    }
  }
  const foot = box.lastChild;
  foot.className = "conv-part-sum";
  foot.textContent = picture.channels.length > 1 ? `Input ${mapNumber(picture, channel)}: Σ = ${numberText(picture.sums[y][x][part], digitsOf(conv))}` : `Σ = ${numberText(picture.sums[y][x][part], digitsOf(conv))}`;
}

function writeCard(conv, card, value, weight, product, limit) {
  if (card.childElementCount !== 2) {
    card.replaceChildren();
    element("span", "conv-factors", "", card);
    element("b", "", "", card);
  }
  const digits = digitsOf(conv);
  card.className = value === null ? "conv-card conv-blank" : "conv-card";
  card.firstChild.textContent = value === null ? "" : `${numberText(value, Math.min(4, digits))} × ${bracketed(weight, digits)}`;
  card.lastChild.textContent = value === null ? "no pixel" : numberText(product, digits);
  const look = value === null ? PLAIN_LOOK : lookOf(product, limit);
  card.style.background = look.background;
  card.style.color = look.color;
}

function writeUses(conv, channel, y, x, pairs) {
  const { picture } = conv;
  const part = picture.channels.indexOf(channel);
  const isPadding = picture.rows.frame[y] < 0 || picture.columns.frame[x] < 0;
  const n = unique(pairs.map(([[row], [column]]) => `${row} ${column}`)).length;
  conv.sumHead.textContent = usesSentence(picture, channel, y, x, n, isPadding, part, pairs.length);
  const width = picture.kernel[0][0].length;
  const value = picture.input[channel][y][x];
  syncChildren(conv.sumParts, 1, () => element("div", "conv-part"));
  const box = conv.sumParts.firstChild;
  box.style.setProperty("--columns", picture.transposed ? width : Math.min(4, Math.max(1, pairs.length)));
  syncChildren(box, pairs.length, () => element("span", "conv-card"));
  const products = pairs.map(([[row, i], [column, j]]) => picture.products[row][column][part][i * width + j]);
  const limit = largest([products, 0]);
  pairs.forEach(([[row, i], [column, j]], n) => {
    const card = box.children[n];
    writeCard(conv, card, value, picture.kernel[part][i][j], products[n], limit);
    card.lastChild.textContent = `${numberText(products[n], digitsOf(conv))} → ${row + 1 + (picture.place?.[0] ?? 0)}, ${column + 1 + (picture.place?.[1] ?? 0)}`;
  });
  conv.sumLine.textContent = pairs.length ? "Each arrow names the output cell (row, column) that the product goes to." : "";
}

function usesSentence(picture, channel, y, x, n, isPadding, part, nProducts) {
  if (part < 0) return `Input ${mapNumber(picture, channel)} belongs to another group: output ${picture.map ?? picture.shown + 1} never reads it.`;
  const name = isPadding ? "This 0 of the padding" : picture.place ? "This pixel" : `This pixel (${placeName(picture.rows.frame[y], picture.columns.frame[x])})`;
  if (n === 0) return `${name} is never read: no position of the kernel reaches it.`;
  if (picture.transposed) return `${name} stamps the kernel on the output: ${n} ${n === 1 ? "cell gets" : "cells get"} pixel × weight, added to what other pixels bring.`;
  const often = nProducts > n ? `, in ${nProducts} products, as the padding repeats it` : n > 1 ? ", each time under another weight" : "";
  return `${name} goes into ${n} output ${n === 1 ? "cell" : "cells"}${often}.`;
}

function writeSharing(conv, channel, y, x, n) {
  const weight = conv.picture.kernel[channel][y][x];
  conv.sumHead.textContent = `This weight, ${numberText(weight, digitsOf(conv))}, is used ${n} times: the same number at every position of the map.`;
  syncChildren(conv.sumParts, 0);
  conv.sumLine.textContent = "That is weight sharing: a layer learns one small kernel, however large the picture is.";
}

function syncChildren(box, n, make_) {
  while (box.childElementCount < n) box.append(make_());
  while (box.childElementCount > n) box.lastChild.remove();
}
