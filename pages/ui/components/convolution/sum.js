// The arithmetic of what is pointed at, with the numbers that Python sent.

function buildSum(conv, root) {
  conv.sum = element("div", "conv-sum", undefined, root);
  conv.sumHead = element("p", "conv-sum-head", "", conv.sum);
  conv.sumParts = element("div", "conv-parts", undefined, conv.sum);
  conv.sumLine = element("p", "conv-sum-line", "", conv.sum);
}

const placeName = (y, x) => `row ${y + 1}, column ${x + 1}`;
// A negative factor or summand stands in brackets, as on paper.
const bracketed = (value) => (value < 0 ? `(${numberText(value, 5)})` : numberText(value, 5));

function writeSum(conv, y, x) {
  const { picture } = conv;
  const total = picture.output[picture.shown][y][x];
  const sums = picture.sums[y][x];
  conv.sumHead.textContent = `Output ${placeName(y, x)}: every pixel under the kernel × its weight`;
  syncChildren(conv.sumParts, picture.channels.length, () => element("div", "conv-part"));
  picture.channels.forEach((channel, part) => writePart(conv, conv.sumParts.children[part], channel, part, y, x));
  const named = sums.length > 1 ? sums.map((value, i) => `${bracketed(value)} from input ${picture.channels[i] + 1}`) : [bracketed(sums[0])];
  const bias = picture.bias === null ? [] : [`bias ${bracketed(picture.bias)}`];
  writeLine(conv, [...named, ...bias].join(" + "), total);
}

function writeLine(conv, text, total) {
  conv.sumLine.replaceChildren();
  element("span", "", `${text} = `, conv.sumLine);
  const chip = element("strong", "conv-total", numberText(total, 6), conv.sumLine);
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
      writeCard(box.children[place], value, picture.kernel[part][i][j], products[place], limit);
    }
  }
  const foot = box.lastChild;
  foot.className = "conv-part-sum";
  foot.textContent = picture.channels.length > 1 ? `Input ${channel + 1}: Σ = ${numberText(picture.sums[y][x][part], 6)}` : `Σ = ${numberText(picture.sums[y][x][part], 6)}`;
}

function writeCard(card, value, weight, product, limit) {
  if (card.childElementCount !== 2) {
    card.replaceChildren();
    element("span", "conv-factors", "", card);
    element("b", "", "", card);
  }
  card.className = value === null ? "conv-card conv-blank" : "conv-card";
  card.firstChild.textContent = value === null ? "" : `${numberText(value, 4)} × ${bracketed(weight)}`;
  card.lastChild.textContent = value === null ? "no pixel" : numberText(product, 5);
  const look = value === null ? PLAIN_LOOK : lookOf(product, limit);
  card.style.background = look.background;
  card.style.color = look.color;
}

function writeUses(conv, channel, y, x, pairs) {
  const { picture } = conv;
  const part = picture.channels.indexOf(channel);
  const isPadding = picture.rows.frame[y] < 0 || picture.columns.frame[x] < 0;
  conv.sumHead.textContent = usesSentence(picture, channel, y, x, pairs.length, isPadding, part);
  const width = picture.kernel[0][0].length;
  const value = picture.input[channel][y][x];
  syncChildren(conv.sumParts, 1, () => element("div", "conv-part"));
  const box = conv.sumParts.firstChild;
  box.style.setProperty("--columns", Math.min(4, Math.max(1, pairs.length)));
  syncChildren(box, pairs.length, () => element("span", "conv-card"));
  const products = pairs.map(([[row, i], [column, j]]) => picture.products[row][column][part][i * width + j]);
  const limit = largest([products, 0]);
  pairs.forEach(([[row, i], [column, j]], n) => {
    const card = box.children[n];
    writeCard(card, value, picture.kernel[part][i][j], products[n], limit);
    card.lastChild.textContent = `${numberText(products[n], 5)} → ${row + 1}, ${column + 1}`;
  });
  conv.sumLine.textContent = pairs.length ? "Each arrow names the output cell (row, column) that the product goes to." : "";
}

function usesSentence(picture, channel, y, x, n, isPadding, part) {
  if (part < 0) return `Input ${channel + 1} belongs to another group: output ${picture.shown + 1} never reads it.`;
  const name = isPadding ? "This 0 of the padding" : `This pixel (${placeName(picture.rows.frame[y], picture.columns.frame[x])})`;
  if (n === 0) return `${name} is never read: no position of the kernel reaches it.`;
  return `${name} goes into ${n} output ${n === 1 ? "cell" : "cells"}${n > 1 ? ", each time under another weight" : ""}.`;
}

function writeSharing(conv, channel, y, x, n) {
  const weight = conv.picture.kernel[channel][y][x];
  conv.sumHead.textContent = `This weight, ${numberText(weight, 5)}, is used ${n} times: the same number at every position of the map.`;
  syncChildren(conv.sumParts, 0);
  conv.sumLine.textContent = "That is weight sharing: a layer learns one small kernel, however large the picture is.";
}

function syncChildren(box, n, make_) {
  while (box.childElementCount < n) box.append(make_());
  while (box.childElementCount > n) box.lastChild.remove();
}
