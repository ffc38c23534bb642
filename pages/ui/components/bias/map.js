// Maps and pictures that came as bytes, painted at once: no picture file to decode, and the colours follow the theme.

// A table of numbers, row by row, as `packed` in numbers.py wrote it; null where there is no finite number.
function numbersOf(text) {
  return Array.from(new Float32Array(bytesOf(text).buffer), (value) => (Number.isFinite(value) ? value : null));
}

const isDarkHere = (node) => getComputedStyle(node).colorScheme.includes("dark");

// `picture`: {width, height, bytes, channels}; without channels the bytes are steps of the diverging scale.
function paintMap(canvas, picture) {
  const table = picture.channels ? null : bytesOf(DIVERGING[isDarkHere(canvas) ? "dark" : "light"]);
  const bytes = bytesOf(picture.bytes);
  const n = picture.width * picture.height;
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(picture.width, picture.height);
  for (let place = 0; place < n; place += 1) {
    for (let part = 0; part < 3; part += 1) {
      if (table) image.data[4 * place + part] = table[3 * bytes[place] + part];
      else image.data[4 * place + part] = bytes[picture.channels * place + (picture.channels === 3 ? part : 0)];
    }
    image.data[4 * place + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// A canvas with a caption under it; made once, painted often.
function mapFigure(parent, className) {
  const figure = element("figure", `bias-figure ${className}`, undefined, parent);
  const title = element("figcaption", "bias-title", "", figure);
  const canvas = element("canvas", "bias-map", undefined, figure);
  canvas.setAttribute("role", "img");
  const note = element("p", "bias-note", "", figure);
  return {
    figure,
    canvas,
    show(words, picture, text, alt) {
      title.textContent = words;
      note.textContent = text;
      canvas.setAttribute("aria-label", alt);
      paintMap(canvas, picture);
    },
  };
}

// Numbers with their names, as a list of terms: [name, value, className].
function showFacts(list, rows) {
  list.replaceChildren();
  for (const [name, value, className] of rows) {
    const row = element("div", className ?? "", undefined, list);
    element("dt", "", name, row);
    element("dd", "", value, row);
  }
}
