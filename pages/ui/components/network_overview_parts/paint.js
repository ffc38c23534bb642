// From quantised planes and exact values to coloured pixels, in the colour map that lab sent.

function isDark(host) {
  const probe = getComputedStyle(host).getPropertyValue("--st-background-color").trim();
  const hex = probe.match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
  const rgb = hex ? hex.slice(1).map((part) => parseInt(part, 16)) : (probe.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  return 0.3 * rgb[0] + 0.59 * rgb[1] + 0.11 * rgb[2] < 128;
}

function colourTable(palette, host) {
  return bytesOf(isDark(host) ? palette.dark : palette.light);
}

const cssColour = (table, index) => `rgb(${table[3 * index]} ${table[3 * index + 1]} ${table[3 * index + 2]})`;

function gradientOf(table) {
  const stops = [];
  for (let i = 0; i <= 16; i += 1) stops.push(cssColour(table, 1 + Math.round((254 * i) / 16)));
  return `linear-gradient(90deg, ${stops.join(",")})`;
}

// A grey PNG whose bytes are palette indices, as bytes again.
async function readPlane(uri) {
  const image = new Image();
  image.src = uri;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const indices = new Uint8Array(canvas.width * canvas.height);
  for (let i = 0; i < indices.length; i += 1) indices[i] = pixels[4 * i];
  return { w: canvas.width, h: canvas.height, indices };
}

function canvasOf(width, height, fill) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  fill(image.data);
  context.putImageData(image, 0, 0);
  return canvas;
}

// Quantised on the layer's own scale, shown on another one: the index moves by the ratio of the two limits.
function spriteOf(plane, table, ownLimit, limit) {
  const shown = new Uint8Array(256);
  for (let i = 0; i < 256; i += 1) {
    shown[i] = i === 0 ? 0 : Math.max(1, Math.min(255, 128 + Math.round(((i - 128) * ownLimit) / limit)));
  }
  return canvasOf(plane.w, plane.h, (pixels) => {
    plane.indices.forEach((index, i) => {
      const entry = 3 * shown[index];
      pixels.set([table[entry], table[entry + 1], table[entry + 2], 255], 4 * i);
    });
  });
}

// The picture's own channels are shown as brightness between their smallest and largest value.
function greySpriteOf(plane, stats, ownLimit) {
  const span = stats.max - stats.min || 1;
  return canvasOf(plane.w, plane.h, (pixels) => {
    plane.indices.forEach((index, i) => {
      const value = ((index - 128) / 127) * ownLimit;
      const grey = Math.max(0, Math.min(255, (255 * (value - stats.min)) / span));
      pixels.set([grey, grey, grey, 255], 4 * i);
    });
  });
}

// Exact values to pixels; grey for the picture's channels, else the diverging map up to the limit.
function spriteOfValues(plane, table, limit, grey) {
  const span = grey ? grey.max - grey.min || 1 : 1;
  return canvasOf(plane.w, plane.h, (pixels) => {
    plane.values.forEach((value, i) => {
      if (grey) {
        const level = (255 * (value - grey.min)) / span;
        pixels.set([level, level, level, 255], 4 * i);
        return;
      }
      const entry = 3 * colourIndex(value, limit);
      pixels.set([table[entry], table[entry + 1], table[entry + 2], 255], 4 * i);
    });
  });
}

function colourIndex(value, limit) {
  if (!Number.isFinite(value) || !limit) return 128;
  return 128 + Math.round(127 * Math.max(-1, Math.min(1, value / limit)));
}

// A canvas that is sharp on this screen; enlarged pixels keep their edges, reduced ones are averaged.
function fitCanvas(canvas, width, height) {
  const ratio = Math.min(3, devicePixelRatio || 1);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

function drawTile(context, sprite, source, target) {
  const ratio = Math.min(3, devicePixelRatio || 1);
  context.imageSmoothingEnabled = source.w > target.w * ratio;
  context.imageSmoothingQuality = "high";
  context.save();
  context.beginPath();
  context.roundRect(target.x, target.y, target.w, target.h, Math.min(3, target.w / 8));
  context.clip();
  context.drawImage(sprite, source.x, source.y, source.w, source.h, target.x, target.y, target.w, target.h);
  context.restore();
}
